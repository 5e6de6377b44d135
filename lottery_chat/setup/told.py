"""What a person is told while the set-up is at work: a line at a time, and one sentence when it failed.

Standard library only, and it parses on Python 3.6 (lottery_chat/bootstrap.py).
"""

AGAIN = "Then run the same command again."


class SetupFailed(Exception):
    """One sentence for the person, with the next step."""


def say(text: str) -> None:
    """Print a line at once, also when the output is a file."""
    print(text, flush=True)
