"""knowledge.sentences and knowledge.quotes: where sentences begin and end, where a quote stands."""

from __future__ import annotations

import random
import time

import pytest

from knowledge.quotes import find_quote
from knowledge.sentences import split_sentences


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith paid $3.50. He left.", ["Dr. Smith paid $3.50.", "He left."]),
        ("See e.g. Figure 2 and No. 5 there. Done.", ["See e.g. Figure 2 and No. 5 there.", "Done."]),
        ("J. R. R. Tolkien wrote it. She read it.", ["J. R. R. Tolkien wrote it.", "She read it."]),
        ("He lived in the U.S. The war began.", ["He lived in the U.S.", "The war began."]),
        ('He said "Stop." Then he ran.', ['He said "Stop."', "Then he ran."]),
        ("- first point\n- second point", ["- first point", "- second point"]),
        (
            "A line that is wrapped\nin the middle of it. Next.",
            ["A line that is wrapped\nin the middle of it.", "Next."],
        ),
        ("# Heading\nText under it.", ["# Heading", "Text under it."]),
        ("华沙很大。它很老！好吗？", ["华沙很大。", "它很老！", "好吗？"]),
        ("name: Ada; age: 12\nname: Bob; age: 30", ["name: Ada; age: 12", "name: Bob; age: 30"]),
        ("Am 3. Mai kam er z. B. nicht. Schade.", ["Am 3. Mai kam er z. B. nicht.", "Schade."]),
        ("First paragraph\n\nSecond paragraph", ["First paragraph", "Second paragraph"]),
        (
            "[09:14] mira: ok\n[09:15] jonas: the key is under the mat\n[09:20] mira: thanks",
            ["[09:14] mira: ok", "[09:15] jonas: the key is under the mat", "[09:20] mira: thanks"],
        ),
        ("2026-05-04 pump started\n2026-05-04 pump stopped", ["2026-05-04 pump started", "2026-05-04 pump stopped"]),
        ("From: Mira Holt\nDate: Tue, 3 March\nHello all.", ["From: Mira Holt", "Date: Tue, 3 March", "Hello all."]),
        (
            "The slow train to the north leaves at\n09:15 from platform 2.",
            ["The slow train to the north leaves at\n09:15 from platform 2."],
        ),
        (
            "It was a long day for all of us, and then\nMaria went home.",
            ["It was a long day for all of us, and then\nMaria went home."],
        ),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_a_text_is_cut_where_a_reader_would_cut_it(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_offsets_are_exact_in_order_and_lose_no_letter() -> None:
    dice = random.Random(2502)
    alphabet = ["a", "B", "3", ".", "!", "?", " ", "\n", "。", '"', "-", "#", "Dr", ";", ":", "\t", "é"]
    for _ in range(300):
        text = "".join(dice.choice(alphabet) for _ in range(dice.randint(0, 120)))
        spans = split_sentences(text)
        assert all(start < end for start, end in spans)
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))
        kept = "".join(text[start:end] for start, end in spans)
        assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize("unit", ["a", ". ", "!", "\n", "Dr. ", "word ", "e.g. Mr. ", "x: y; ", "- a\n", '."'])
def test_the_time_grows_with_the_length_and_not_with_its_square(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    started = time.process_time()
    split_sentences(text)
    assert time.process_time() - started < 6.0


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("The lock opens\nwith 4471-B.", "lock opens with 4471-B", "lock opens\nwith 4471-B"),
        ("It’s “quoted” – here", 'It\'s "quoted" - here', "It’s “quoted” – here"),
        ("WARSAW is big", "Warsaw is", "WARSAW is"),
        ("co\u00adoperate now", "cooperate", "co\u00adoperate"),
        ("one two three", "…two three", "two three"),
        ("İstanbul is big", "is big", "is big"),
    ],
)
def test_a_quote_is_found_whatever_its_spaces_case_and_marks(text: str, quote: str, found: str) -> None:
    start, end = find_quote(text, quote)
    assert text[start:end] == found


@pytest.mark.parametrize("quote", ["", "  ", "…", "not there", "one  three"])
def test_a_quote_that_is_not_there_is_nowhere(quote: str) -> None:
    assert find_quote("one two three", quote) == (-1, -1)
