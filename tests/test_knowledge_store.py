"""knowledge.store and store_search: each language by its own stems, back-ends apart, a vector index where it pays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge import store as store_module
from knowledge import store_search
from knowledge.embedding import HashingEmbedder, Vectors, encode_query, reads_badly
from knowledge.passage import Passage
from knowledge.ranking import unfamiliar
from knowledge.store import Store
from knowledge.storing import store_passages

EMBEDDER = HashingEmbedder(64)
TEXTS = {
    1: "The keepers of the lighthouses were paid by the crown, and their houses stood on the rock.",
    2: "Die Häuser am alten Hafen wurden von den Fischern gebaut, und sie stehen noch.",
    3: "Дома рыбаков стояли у старой гавани, и лодки были на берегу.",
    4: "港口的旧房子是渔民建造的。灯塔在岛上。",
    5: "ผู้ดูแลจุดตะเกียงในประภาคารทุกคืน",
    6: "रखवाले हर रात दीपस्तंभ की बत्ती जलाते थे",
}


def passage(number: int, text: str, document: int | None = None) -> Passage:
    owner = f"{number if document is None else document:032x}"
    return Passage(f"{number:032x}", owner, f"{number}.txt", None, (), text, 0, len(text), number)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("mixed") / "index", EMBEDDER.dimensions)
    passages = [passage(number, text) for number, text in TEXTS.items()]
    store.put(passages, EMBEDDER.encode([one.text for one in passages]))
    store.optimise()
    return store


def by_text(store: Store, query: str) -> list[int]:
    return [hit.passage.ordinal for hit in store.search(query, None, by="text")]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("house of a lighthouse keeper", 1),  # stemmed as English
        ("Haus eines Fischers", 2),
        ("старые дома", 3),
        ("渔民的房子", 4),
        ("ประภาคาร", 5),
        ("दीपस्तंभ", 6),
    ],
)
def test_a_mixed_collection_is_searched_in_every_language(mixed: Store, query: str, number: int) -> None:
    assert by_text(mixed, query)[0] == number


def test_a_word_is_stemmed_as_its_documents_language_does(mixed: Store) -> None:
    assert 2 in by_text(mixed, "Fischer") and by_text(mixed, "fishers") == []


def test_the_back_ends_can_be_chosen(mixed: Store) -> None:
    query = "Fischer"
    vector = encode_query(query, EMBEDDER)
    text = mixed.search(query, vector, by="text")
    dense = mixed.search(query, vector, by="vector")
    both = mixed.search(query, vector)
    assert [hit.passage.ordinal for hit in text] == [2] and text[0].vector is not None
    assert mixed.search(query, None, by="text")[0].vector is None
    assert len(dense) == len(both) == len(TEXTS) and all(hit.text is None for hit in dense)
    assert [hit.text is not None for hit in both] == [hit.passage.ordinal == 2 for hit in both]
    assert mixed.search(query, vector, by="vector", document_ids=[f"{3:032x}"])[0].passage.ordinal == 3


def test_cosines_are_those_of_the_vectors(mixed: Store) -> None:
    vector = encode_query("Die Häuser am Hafen", EMBEDDER)
    for hit in mixed.search("Die Häuser am Hafen", vector):
        expected = float(EMBEDDER.encode([hit.passage.text])[0] @ vector)
        assert hit.vector == pytest.approx(max(0.0, expected), abs=1e-4)


def test_a_vector_index_finds_what_comparing_all_finds_and_keeps_to_the_filter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "INDEXED_FROM", 1000)
    monkeypatch.setattr(store_search, "INDEXED_FROM", 1000)
    dice = np.random.default_rng(7)
    middles = dice.normal(size=(40, 64))
    raw = middles[dice.integers(0, 40, 2000)] + 0.5 * dice.normal(size=(2000, 64))
    vectors = np.asarray(raw / np.linalg.norm(raw, axis=1, keepdims=True), dtype=np.float32)
    passages = [passage(number, f"The text of number {number}.", document=number // 100) for number in range(2000)]
    store = Store(tmp_path / "index", 64)
    store.put(passages[:1900], vectors[:1900], new=True)
    store.optimise()
    store.put(passages[1900:], vectors[1900:], new=True)  # not in the index yet, and found all the same
    found = right = 0
    for at in range(0, 2000, 50):
        near = set(np.argsort(-(vectors @ vectors[at]))[:10].tolist())
        hits = store.search("", vectors[at], by="vector", limit=10)
        found += len(near & {hit.passage.ordinal for hit in hits})
        right += hits[0].passage.ordinal == at
        only = store.search("", vectors[at], by="vector", limit=10, document_ids=[f"{5:032x}"])
        inside = [n for n in np.argsort(-(vectors @ vectors[at])).tolist() if n // 100 == 5][:10]
        assert {hit.passage.ordinal for hit in only} == set(inside)
        out = store.search("", vectors[at], by="vector", limit=10, without=[f"{at // 100:032x}"])
        assert len(out) == 10 and all(hit.passage.ordinal // 100 != at // 100 for hit in out)
    assert right == 40 and found / 400 >= 0.95


def test_passages_again_replace_and_do_not_double(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", EMBEDDER.dimensions)
    one = [passage(1, TEXTS[1])]
    store.put(one, EMBEDDER.encode([TEXTS[1]]))
    store.put(one, EMBEDDER.encode([TEXTS[1]]))
    assert store.counts() == {f"{1:032x}": 1}
    assert np.allclose(store.vectors(f"{1:032x}")[f"{1:032x}"], EMBEDDER.encode([TEXTS[1]])[0])
    assert store.vectors(f"{2:032x}") == {}


def pieces(texts: Sequence[str]) -> list[int]:
    """A tokenizer that was made for English: other words fall into pieces of two letters, others' letters into one."""
    known = set("when was the old mill of built and who keeps it lamp".split())
    return [
        sum(1 if w.lower() in known else -(-len(w) // (2 if w.isascii() else 1)) for w in text.split())
        for text in texts
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("When was the old mill of Norby built?", False),
        ("who keeps it", False),
        ("Norby Holm 1874?", False),
        ("", False),
        ("Wann wurde die alte Mühle in Norby gebaut?", True),
        ("когда построили мельницу", True),
        ("متى بنيت الطاحونة", True),
        ("风车什么时候建的", True),
    ],
)
def test_a_language_that_is_cut_into_pieces_is_unfamiliar_names_are_not(query: str, expected: bool) -> None:
    assert unfamiliar(query, pieces) is expected


def test_a_tokenizer_of_many_languages_finds_none_unfamiliar() -> None:
    def whole(texts: Sequence[str]) -> list[int]:
        return [sum(-(-len(w) // (2 if "\u3040" <= w[0] <= "\u9fff" else 20)) for w in text.split()) for text in texts]

    for query in ("Wann wurde die alte Mühle gebaut?", "متى بنيت الطاحونة", "风车什么时候建的"):
        assert not unfamiliar(query, whole)


def test_a_server_whose_tokens_nobody_sees_is_not_judged_by_them() -> None:
    class Server(HashingEmbedder):
        estimates = True

        def count_tokens(self, texts: Sequence[str]) -> list[int]:
            return [len(text) for text in texts]

    assert not reads_badly("wann wurde gebaut", Server(64))


class Foreigner(HashingEmbedder):
    """Knows no word of the query: to it everything is near to the same passage."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.tile(super().encode([TEXTS[1]]), (len(texts), 1))


@pytest.mark.parametrize(("query", "number"), [("старые дома", 3), ("दीपस्तंभ की बत्ती", 6)])
def test_what_the_embedder_does_not_know_is_found_by_its_words(mixed: Store, query: str, number: int) -> None:
    vector = encode_query(query, Foreigner(64))
    assert [hit.passage.ordinal for hit in mixed.search(query, vector, unfamiliar=True)][0] == number
    assert [hit.passage.ordinal for hit in mixed.search(query, vector)][0] != number  # the defence off


def test_passages_are_embedded_behind_what_a_person_waits_for(tmp_path: Path) -> None:
    class Behind(HashingEmbedder):
        def encode_behind(self, texts: Sequence[str]) -> Vectors:
            behind.append(len(texts))
            return self.encode(texts)

    behind: list[int] = []
    passages = [passage(number, text) for number, text in TEXTS.items()]
    stored: list[Passage] = []
    for name, embedder in (("a", Behind(64)), ("b", HashingEmbedder(64))):
        store_passages(
            passages, embedder, Store(tmp_path / name, 64), languages={}, stopped=lambda: False, known=None,
            stored=stored.extend,
        )  # fmt: skip
    assert sum(behind) == len(passages) and len(stored) == 2 * len(passages)
