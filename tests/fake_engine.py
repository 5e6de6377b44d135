"""Stands for embedded_child.py in tests: the same order on standard input, a fake llama.cpp on loopback.

Modes: ok, dies (on a prompt with the word DIE), never (says nothing), no-avx2, garbage, crash (at once).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from model_servers import Fake, Handler, llama_routes, serve, sse_reply


def chat(handler: Handler, body: dict[str, Any]) -> None:
    text = body["messages"][-1]["content"]
    if "DIE" in text:
        os._exit(7)
    words = [{"content": f"{word} "} for word in (*text.split(), "by", sys.argv[2])]
    sse_reply(words, delay=0.01 if "SLOW" in text else 0.0)(handler, body)


def end_with_stdin() -> None:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    order, mode = json.loads(sys.stdin.readline()), sys.argv[1]
    if mode == "never":
        threading.Event().wait()
    if mode == "crash":
        print("llama: cannot map the file", file=sys.stderr)
        sys.exit(3)
    if mode == "garbage":
        print("Segmentation", flush=True)
        threading.Event().wait()
    if mode == "no-avx2":
        print(json.dumps({"error": "avx2", "text": "This processor has no AVX2 instructions."}), flush=True)
        threading.Event().wait()
    threading.Thread(target=end_with_stdin, daemon=True).start()
    with serve(Fake(llama_routes(chat, window=order["window"]))) as fake:
        print(json.dumps({"url": fake.url}), flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
