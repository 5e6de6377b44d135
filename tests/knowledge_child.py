"""What the tests of knowledge run in processes of their own: an ingest that can be killed, a second writer."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from knowledge.embedding import HashingEmbedder, Vectors
from knowledge.library import Library
from lottery_chat.children import run_limited


class SlowEmbedder(HashingEmbedder):
    """Takes its time, so that a kill falls into the middle of a document."""

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        rows = [super(SlowEmbedder, self).encode([text]) for text in texts]
        for _ in range(len(texts)):
            np.linalg.svd(np.ones((60, 60)))
        return np.concatenate(rows) if rows else super().encode(texts)


def main() -> None:
    """Add the files named on the command line, say what is kept and what is ready, one line each."""
    folder, *files = sys.argv[1:]
    library = Library(Path(folder), SlowEmbedder, run_limited)
    ids = []
    for file in files:
        ids.append(library.add(Path(file)).id)
        print(f"kept {ids[-1]}", flush=True)
    for one in ids:
        print(f"{library.wait(one, 60).state} {one}", flush=True)
    library.close()


if __name__ == "__main__":
    main()
