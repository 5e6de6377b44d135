"""Every call of a tool goes through here: the six managers of an operating system for models (AIOS, paper.md 2.12)."""
