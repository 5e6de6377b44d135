"""knowledge.chunking and knowledge.embedding: passages are exact slices that the embedder can read whole."""

from __future__ import annotations

import random

import numpy as np
import pytest

from knowledge.chunking import MOST_TOKENS, chunk_pages
from knowledge.embedding import HashingEmbedder, encode_query
from knowledge.errors import EmbedderMissing, KnowledgeError, TextTooLong
from knowledge.passage import Page, Passage
from knowledge.ranking import embedded_text

EMBEDDER = HashingEmbedder()
ID = "0123456789abcdef" * 2


def cut(*texts: str) -> list[Passage]:
    pages = [Page(number, text) for number, text in enumerate(texts, start=1)]
    return list(chunk_pages(ID, "A title", pages, EMBEDDER.count_tokens))


def random_page(dice: random.Random) -> str:
    words = [
        "alpha",
        "beta.",
        "# Head\n",
        "\n\n",
        "gamma,",
        "x" * 300,
        "1.5",
        "- item\n",
        "Wort!",
        "。",
        "a: b; c: d\n",
        "\n",
    ]
    return " ".join(dice.choice(words) for _ in range(dice.randint(0, 600)))


def test_every_passage_is_an_exact_slice_of_one_page_and_fits_the_embedder() -> None:
    dice = random.Random(2502)
    for _ in range(40):
        texts = [random_page(dice) for _ in range(dice.randint(1, 4))]
        passages = cut(*texts)
        assert [passage.ordinal for passage in passages] == list(range(len(passages)))
        assert len({passage.id for passage in passages}) == len(passages)
        covered = [np.zeros(len(text), dtype=bool) for text in texts]
        for passage in passages:
            assert passage.page is not None
            assert texts[passage.page - 1][passage.start : passage.end] == passage.text
            assert EMBEDDER.count_tokens([passage.text])[0] <= MOST_TOKENS
            whole = embedded_text(passage, EMBEDDER.count_tokens, EMBEDDER.limit)
            assert EMBEDDER.count_tokens([whole])[0] <= EMBEDDER.limit
            covered[passage.page - 1][passage.start : passage.end] = True
        for text, mask in zip(texts, covered):
            assert not "".join(char for char, seen in zip(text, mask) if not seen).strip()


def test_a_word_of_a_hundred_thousand_letters_is_cut_too() -> None:
    passages = cut("x" * 100_000)
    assert "".join(passage.text for passage in passages) == "x" * 100_000
    assert max(len(passage.text) for passage in passages) <= 2400


def test_a_passage_knows_the_headings_above_it() -> None:
    found = cut("# Book\nIntro here.\n\n## Part one\nText of one.\n\n## Part two\nText of two.", "Goes on.")
    assert [passage.heading for passage in found] == [
        ("Book",), ("Book", "Part one"), ("Book", "Part two"), ("Book", "Part two"),
    ]  # fmt: skip


def test_a_comment_in_a_code_block_is_no_heading() -> None:
    assert {p.heading for p in cut("# Real\n\n```\n# not a heading\nx = 1\n```\n\nAfter.")} == {("Real",)}


def test_neighbours_share_one_sentence() -> None:
    text = " ".join(f"Sentence number {number} says nothing new." for number in range(120))
    passages = cut(text)
    assert len(passages) > 2
    for first, second in zip(passages, passages[1:]):
        assert first.start < second.start < first.end
        assert text[second.start : first.end].count("Sentence") == 1


def test_too_long_a_text_raises_and_is_never_cut() -> None:
    assert EMBEDDER.encode(["word " * EMBEDDER.limit]).shape == (1, 64)
    with pytest.raises(TextTooLong, match="255 tokens"):
        EMBEDDER.encode(["word " * (EMBEDDER.limit + 1)])
    assert issubclass(TextTooLong, KnowledgeError)


def test_a_question_of_any_length_has_one_unit_vector() -> None:
    for query in ("short", "long words " * 2000):
        assert np.linalg.norm(encode_query(query, EMBEDDER)) == pytest.approx(1.0, abs=1e-5)


def test_the_hashing_embedder_is_the_same_in_every_process_and_knows_shared_words() -> None:
    first, second, third = EMBEDDER.encode(["the copper kettle", "a copper kettle", "budget meeting on Friday"])
    assert first @ second > first @ third
    assert np.allclose(EMBEDDER.encode(["the copper kettle"])[0], first)


def test_a_folder_without_a_model_is_said_before_torch_is_loaded(tmp_path: object) -> None:
    from pathlib import Path

    from knowledge.sentence_models import SentenceEmbedder

    with pytest.raises(EmbedderMissing, match="model.safetensors is missing"):
        SentenceEmbedder(Path(str(tmp_path)))
