"""knowledge.reranking: the second look orders the best anew, and costs nothing where there is no model."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.errors import RerankerMissing
from knowledge.library import Library
from knowledge.passage import Passage, SearchHit
from knowledge.reranking import LOOKED_AT, WordReranker, reranked
from knowledge.sentence_models import CrossEncoderReranker
from lottery_chat.search_models import load_reranker
from lottery_chat.settings import read_settings


def hit(number: int, text: str, score: float) -> SearchHit:
    passage = Passage(f"{number:032x}", "0" * 32, "A title", None, ("Head",), text, 0, len(text), number)
    return SearchHit(passage, score, 0.5, None)


HITS = [hit(0, "boats in the bay", 1.0), hit(1, "the price of a copper kettle", 0.9), hit(2, "kettle", 0.8)]


class Counting(WordReranker):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.seen += texts
        return super().scores(query, texts)


def test_hits_come_in_the_order_of_the_reranker_with_its_scores() -> None:
    found = reranked("price of the copper kettle", HITS, WordReranker())
    assert [one.passage.ordinal for one in found] == [1, 2, 0]
    assert [round(one.score, 2) for one in found] == [1.0, 0.33, 0.0]
    assert reranked("price of the copper kettle", HITS, None) == tuple(HITS)


def test_only_the_best_are_looked_at_and_the_rest_stays_behind_them() -> None:
    many = [hit(n, f"boat {n}", 1 - n / 100) for n in range(LOOKED_AT)] + [hit(99, "kettle kettle", 0.5)]
    counting = Counting()
    found = reranked("kettle", many, counting)
    assert len(counting.seen) == LOOKED_AT and found[-1].passage.ordinal == 99
    assert found[-1].score <= min(one.score for one in found[:-1])
    assert "A title > Head\nboat 0" in counting.seen


def test_without_a_setting_nothing_is_loaded(tmp_path: Path) -> None:
    assert load_reranker(read_settings(environ={"XDG_DATA_HOME": str(tmp_path)})) is None
    with pytest.raises(RerankerMissing, match="unset LOTTERY_CHAT_RERANKER"):
        load_reranker(read_settings(environ={"LOTTERY_CHAT_RERANKER": str(tmp_path)}))


MODELS = Path(os.environ.get("LOTTERY_CHAT_TEST_MODELS", Path.home() / ".local/share/lottery-chat/models"))


@pytest.mark.real
@pytest.mark.skipif(sys.platform == "win32", reason="a folder of this machine")
def test_a_cross_encoder_in_a_folder_is_loaded_and_scores_pairs(tmp_path: Path) -> None:
    source = MODELS / "all-MiniLM-L6-v2"
    if not source.is_dir():
        pytest.skip("no tokenizer to make a small cross-encoder of")
    transformers = pytest.importorskip("transformers")
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(source))
    config = transformers.BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        num_labels=1,
    )  # fmt: skip
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    assert json.loads((tmp_path / "config.json").read_text())["architectures"] == ["BertForSequenceClassification"]
    reranker = CrossEncoderReranker(tmp_path)
    scores = reranker.scores("where is the kettle", ["in the boathouse", "boats " * 600])
    assert len(scores) == 2 and all(0 < one < 1 for one in scores)
    assert scores == pytest.approx(
        CrossEncoderReranker(tmp_path).scores("where is the kettle", ["in the boathouse", "boats " * 600])
    )
    assert reranker.name.startswith(f"{tmp_path.name}@") and reranker.scores("x", []) == []


def test_the_library_orders_by_the_reranker_it_is_given(home: Path, tmp_path: Path) -> None:
    from knowledge.embedding import HashingEmbedder
    from tests.test_knowledge_library import added, run_here

    class Longest(WordReranker):
        def scores(self, query: str, texts: Sequence[str]) -> list[float]:
            return [min(1.0, len(text) / 1000) for text in texts]

    library = Library(home / "knowledge", HashingEmbedder, run_here, reranker=Longest)
    for number, text in enumerate(("A kettle.", "A kettle stands here, and a good deal more is said of it.")):
        path = tmp_path / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        added(library, path)
    assert library.search("kettle", limit=1)[0].passage.title == "1.txt"
    library.close()
