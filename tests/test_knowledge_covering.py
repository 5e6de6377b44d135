"""Sentences that together hold what a question speaks of, in place of several about its first half."""

from __future__ import annotations

from knowledge.choosing import choose
from knowledge.covering import choose_covering, stems
from knowledge.passage import Sentence

QUESTION = "In which harbour was the ship built that Ida Holm steered round the Cape?"
ABOUT_IDA = [
    ("a", "Ida Holm was a captain.", 0.80),
    ("a", "Ida Holm steered the Norna round the Cape in 1911.", 0.79),
    ("a", "Ida Holm wrote two books about the Cape.", 0.78),
    ("a", "Ida Holm taught others to steer.", 0.77),
    ("a", "Ida Holm died in Tarn.", 0.76),
]
ABOUT_THE_SHIP = [
    ("b", "Norna", 0.5),
    ("b", "The Norna is a bark with three masts.", 0.40),
    ("b", "It was built in the harbour of Velm in 1899.", 0.35),
]


def _sentences(rows: list[tuple[str, str, float]]) -> list[Sentence]:
    return [Sentence(text, passage, "d", "ships.md", None, at, at + 1, score) for at, (passage, text, score) in enumerate(rows)]  # fmt: skip


def test_the_other_half_of_a_question_is_read_too() -> None:
    scored = _sentences(ABOUT_IDA + ABOUT_THE_SHIP)
    chosen = [one.text for one in choose_covering(scored, 5, QUESTION)]
    assert "It was built in the harbour of Velm in 1899." in chosen
    assert "The Norna is a bark with three masts." in chosen, "what “it” is stands before it"
    assert "Ida Holm steered the Norna round the Cape in 1911." in chosen
    # Control: the nearest alone are all about the captain.
    assert all("Ida" in one.text for one in choose(scored, 5))


def test_what_is_read_in_any_case_need_not_be_held_again() -> None:
    ship = _sentences(ABOUT_THE_SHIP + [("c", "Round the Cape the ship of Holm was steered.", 0.45)])
    beside = _sentences(ABOUT_IDA)[:2]
    (one,) = choose_covering(ship, 1, QUESTION, beside=beside, nearest=0)
    assert one.text == "It was built in the harbour of Velm in 1899."
    (other,) = choose_covering(ship, 1, QUESTION, nearest=0)
    assert other.text.startswith("Round the Cape")


def test_order_size_and_everything() -> None:
    scored = _sentences(ABOUT_IDA + ABOUT_THE_SHIP)
    for k in range(1, len(scored) + 2):
        chosen = choose_covering(scored, k, QUESTION)
        assert len(chosen) == min(k, len(scored))
        assert list(chosen) == sorted(chosen, key=lambda one: one.start)
    assert choose_covering([], 3, QUESTION) == ()


def test_words_are_compared_by_their_beginning_without_accents() -> None:
    assert stems("Who composed it?") == {"compos"}
    assert stems("Émile, the composer of the Étude") == {"emile", "compos", "etude"}
