"""R's recall over the shelf and a hundred other cards with the real embedder: `pytest -m real -s` prints the table."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from lottery_chat.models import catalogue, download
from lottery_chat.models.sources import Sources
from lottery_chat.settings import read_settings
from tests.shelf_parts import every_tool, questions, synthetic_cards
from tools.finding import CardIndex

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]
Embed = Callable[[Sequence[str]], list[list[float]]]


@pytest.fixture(scope="module")
def embed() -> Embed:
    """The embedder of the app, fetched where it is missing."""
    from knowledge.sentence_models import SentenceEmbedder  # torch: seconds

    sources = Sources(hub="http://127.0.0.1:9")
    folder = download.download_folder(
        catalogue.EMBEDDER, read_settings().models, tell=lambda _: None, cancel=threading.Event(), sources=sources
    )
    model = SentenceEmbedder(folder, threads=1)
    return lambda texts: [[float(one) for one in vector] for vector in model.encode(texts)]


def recall(index: CardIndex) -> tuple[float, float, float]:
    """Recall@1, recall@4 and milliseconds a question."""
    pairs = questions()
    index.find("warm")
    began = time.perf_counter()
    found = [(name, [one for one, _ in index.find(question)]) for name, question in pairs]
    took = (time.perf_counter() - began) / len(pairs) * 1000
    first = sum(names[:1] == [name] for name, names in found)
    return first / len(pairs), sum(name in names for name, names in found) / len(pairs), took


def test_nine_of_ten_paraphrases_find_their_tool_among_four(embed: Embed) -> None:
    cards = [*(tool.card for tool in every_tool()), *synthetic_cards()]
    words, both = recall(CardIndex(cards)), recall(CardIndex(cards, embed))
    for name, (first, four, took) in (("words", words), ("words + meaning", both)):
        print(f"{len(cards)} cards, {len(questions())} questions, {name}: @1 {first:.3f}, @4 {four:.3f}, {took:.1f} ms")
    assert both[1] >= 0.9
    assert both[0] > words[0] and both[1] > words[1]


def test_with_the_cards_of_other_tools_in_place_recall_would_fall(embed: Embed) -> None:
    cards = [*(tool.card for tool in every_tool()), *synthetic_cards()]

    def shuffled(texts: Sequence[str]) -> list[list[float]]:
        vectors = embed(texts)
        return vectors[::-1]

    assert recall(CardIndex(cards, shuffled))[1] < 0.7
