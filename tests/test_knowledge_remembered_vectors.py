"""knowledge.remembered_vectors: the same vectors as the embedder's, each text embedded once while it is remembered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from knowledge.embedding import HashingEmbedder, Vectors, beginning
from knowledge.passing import PassingLibrary
from knowledge.remembered_vectors import RememberedVectors


class Counting(HashingEmbedder):
    """A hashing embedder that counts what it embeds."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.name += name
        self.done = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.done += len(texts)
        return super().encode(texts)


def test_the_vectors_are_the_embedders_own_and_are_made_once() -> None:
    embedder, remembered = Counting(), RememberedVectors()
    texts = ["a red house", "a blue boat", "a red house"]
    first = remembered.encode(embedder, texts)
    assert np.array_equal(first, HashingEmbedder().encode(texts)) and embedder.done == 2
    assert np.array_equal(remembered.encode(embedder, texts), first) and embedder.done == 2
    assert remembered.encode(embedder, []).shape == (0, embedder.dimensions)


def test_another_embedder_has_other_vectors() -> None:
    one, other, remembered = Counting(), Counting("-b"), RememberedVectors()
    remembered.encode(one, ["a"])
    remembered.encode(other, ["a"])
    assert (one.done, other.done) == (1, 1)


def test_the_oldest_are_forgotten() -> None:
    embedder, remembered = Counting(), RememberedVectors(most=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        remembered.encode(embedder, [text])
    assert embedder.done == 4  # "b" was forgotten for "c", "a" was used in between


def test_a_text_too_long_is_compared_by_its_beginning() -> None:
    embedder = Counting()
    long = "boat " * 2 * embedder.limit
    assert embedder.count_tokens([beginning(long, embedder)])[0] <= embedder.limit
    assert beginning("a short text", embedder) == "a short text"
    (cosines,) = RememberedVectors().cosines(embedder, ["boat"], [long, "house"])
    assert cosines[0] > 0.9 > cosines[1]


def test_a_second_question_about_a_text_embeds_only_itself() -> None:
    embedder, remembered = Counting(), RememberedVectors()
    text = " ".join(f"Sentence {n} tells of the boats and houses of bay {n}." for n in range(200))
    for _ in range(2):
        before = embedder.done
        base = PassingLibrary(lambda: embedder, remembered=remembered)
        base.add_text("t", text)
        assert base.search("which boats", limit=3, document_ids=None)
    assert embedder.done - before == 1
