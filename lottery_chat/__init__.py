"""How a question is answered: a planner around a small model, its memory, its page, its command line, its lab."""

__version__ = "0.1.0"
