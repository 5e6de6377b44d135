"""A process that builds an index anew, slowly, until it is killed."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from knowledge.embedding import HashingEmbedder, Vectors
from knowledge.library import Library
from lottery_chat.children import run_limited


class Slow(HashingEmbedder):
    """Two hundredths of a second a passage."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.02 * len(texts))
        return super().encode(texts)


def main() -> None:
    """Begin, say so, and work for a minute."""
    library = Library(
        Path(sys.argv[1]), lambda: Slow(32), run_limited, former=lambda origin: HashingEmbedder(int(origin[8:]))
    )
    library.search("kettle")
    library.resume()
    until = time.monotonic() + 15.0
    while not library.renewal() and time.monotonic() < until:  # it may be over before it is seen
        time.sleep(0.002)
    print("begun", flush=True)
    time.sleep(60)


if __name__ == "__main__":
    main()
