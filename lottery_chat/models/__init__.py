"""Ways to reach g_φ: one protocol, three kinds of server (embedded llama.cpp, Ollama, OpenAI-compatible)."""
