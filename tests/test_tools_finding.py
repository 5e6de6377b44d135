"""R over C: the right card among many, by words alone or by words and meaning."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.shelf_parts import every_tool, questions, synthetic_cards
from tools.finding import CardIndex

CARDS = [*(tool.card for tool in every_tool()), *synthetic_cards()]


def test_there_are_a_hundred_cards_beside_the_shelf_and_their_names_differ() -> None:
    assert len(synthetic_cards()) == 100
    assert len({card.name for card in CARDS}) == len(CARDS) == 138
    assert {name for name, _ in questions()} <= {card.name for card in CARDS}
    assert len(questions()) == 150


def test_no_question_stands_on_a_card() -> None:
    texts = {example.casefold() for card in CARDS for example in card.examples}
    assert not texts & {question.casefold() for _, question in questions()}


def test_every_example_of_a_card_finds_it_by_words_alone() -> None:
    index = CardIndex(CARDS)
    pairs = [(card.name, example) for card in CARDS for example in card.examples]
    missed = [(name, one) for name, one in pairs if name not in [found for found, _ in index.find(one)]]
    assert len(missed) <= len(pairs) * 0.01, missed


def test_by_words_alone_three_of_five_paraphrases_find_their_tool_among_four() -> None:
    index = CardIndex(CARDS)
    right = sum(name in [found for found, _ in index.find(question)] for name, question in questions())
    assert right / len(questions()) >= 0.6


def test_meaning_finds_what_shares_no_word() -> None:
    def embed(texts: Sequence[str]) -> list[list[float]]:
        wet = ("umbrella", "rain")
        return [[1.0, 0.0] if any(one in text.lower() for one in wet) else [0.0, 1.0] for text in texts]

    asked = "Will I need my umbrella?"
    assert "get_weather_forecast" not in [name for name, _ in CardIndex(CARDS).find(asked)]
    assert CardIndex(CARDS, embed).find(asked)[0][0] == "get_weather_forecast"


def test_cards_are_embedded_once_and_only_when_asked() -> None:
    calls: list[int] = []

    def embed(texts: Sequence[str]) -> list[list[float]]:
        calls.append(len(texts))
        return [[1.0, 0.0]] * len(texts)

    index = CardIndex(CARDS, embed)
    assert calls == []
    index.find("one")
    index.find("two")
    assert len(calls) == 3 and calls[1:] == [1, 1] and calls[0] > len(CARDS)


@pytest.mark.parametrize("question", ["", " ", "???", "the of and", "x" * 10**6, "\x00\ud800", "٣٤", "word " * 200_000])
def test_any_question_is_ranked_or_finds_nothing(question: str) -> None:
    found = CardIndex(CARDS).find(question)
    assert len(found) <= 4 and all(score > 0 for _, score in found)


def test_no_cards_find_nothing() -> None:
    assert CardIndex([]).find("How many days?") == []


def test_scores_fall_and_the_limit_holds() -> None:
    found = CardIndex(CARDS).find("How many days are there between two dates?", limit=9)
    scores = [score for _, score in found]
    assert len(found) == 9 and scores == sorted(scores, reverse=True)
    assert found[0][0] == "count_days"
