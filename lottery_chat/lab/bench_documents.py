"""What taking in and searching cost beside the embedder: ratios of one run, and search among 100,000 passages.

The texts are made here and mean nothing; the vectors of the big index lie in clusters, as those of real texts do,
because pure noise has no near neighbours for an index to find.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from knowledge.embedding import Embedder, Vectors, encode_behind, encode_query
from knowledge.library import Library
from knowledge.passage import Passage
from knowledge.ranking import embedded_text
from lottery_chat.assembly import parts_of
from lottery_chat.interface.app import App
from lottery_chat.lab.bench import Row

if TYPE_CHECKING:
    from knowledge.store import Store

_MANY, _SOME = 100_000, 10_000
_QUESTIONS = 200
_PARAGRAPHS, _PAGES, _MEANWHILE, _TURNS = 1000, 1000, 400, 4
_WORDS = 20_000


def documents(app: App) -> Iterator[Row]:
    """Yield the rows one by one, each as soon as it is measured."""
    library, embedder = parts_of(app).documents.library(), parts_of(app).search.embedder()
    with tempfile.TemporaryDirectory(prefix="lottery-chat-bench-") as folder:
        path = Path(folder) / "first.txt"
        path.write_text(_paragraph(-1 % 2**32), encoding="utf-8")
        _taken_in(library, embedder, path)
        path = Path(folder) / "bench.txt"
        path.write_text("\n\n".join(_paragraph(n) for n in range(_PARAGRAPHS)), encoding="utf-8")
        whole, alone, count = _taken_in(library, embedder, path)
        yield Row(
            f"ingest of a text of {count} passages, share of the embedder's throughput",
            f"{count / whole:.1f} passages/s",
            f"{count / alone:.1f} passages/s",
            alone / whole,
            ">= 0.9",
        )
        path = Path(folder) / "bench.pdf"
        path.write_bytes(pdf([_paragraph(7 * n) for n in range(_PAGES)]))
        whole, alone, count = _taken_in(library, embedder, path)
        name = f"PDF of {_PAGES} pages ({count} passages) / embedding them"
        yield Row(name, f"{whole:.1f} s", f"{alone:.1f} s", whole / alone, "<= 1.2")
        yield from _meanwhile(app, library, Path(folder) / "meanwhile.txt")
        yield from _search(Path(folder), embedder)


def _meanwhile(app: App, library: Library, path: Path) -> Iterator[Row]:
    """A trivial request, and the first event of a question, at rest and while a file is taken in by this process.

    In turns, because what else the machine does changes from minute to minute.
    """
    trivial: dict[str, list[float]] = {"idle": [], "busy": []}
    first: dict[str, list[float]] = {"idle": [], "busy": []}
    for turn in range(1, _TURNS + 1):
        for _ in range(40):
            _request(app, trivial["idle"], first["idle"])
        texts = (_paragraph(10_000 * turn + n) for n in range(_MEANWHILE // _TURNS))
        path.write_text("\n\n".join(texts), encoding="utf-8")
        document = library.add(path)
        while library.wait(document.id, 0.02).state not in ("ready", "failed"):
            _request(app, trivial["busy"], first["busy"])
    count = len(trivial["busy"])
    name = f"a trivial request while {_MEANWHILE} passages are taken in, p99 of {count}"
    yield Row(
        name, f"{_p99(trivial['busy']) * 1000:.0f} ms", f"{_p99(trivial['idle']) * 1000:.0f} ms idle", None, "<= 200 ms"
    )
    busy, idle = _p95(first["busy"]), _p95(first["idle"])
    middle = {kind: statistics.median(seconds) * 1000 for kind, seconds in first.items()}
    yield Row(
        f"first event meanwhile, median and p95 of {count}",
        f"{middle['busy']:.0f} and {busy * 1000:.0f} ms",
        f"{middle['idle']:.0f} and {idle * 1000:.0f} ms idle",
        busy / idle,
        "<= 1.5",
    )


def _request(app: App, trivial: list[float], first: list[float]) -> None:
    """What the page asks for all the time, then a question that needs no model, until its first event."""
    started = time.monotonic()
    app.parts()
    app.conversations.list()
    app.documents.list()
    trivial.append(time.monotonic() - started)
    started = time.monotonic()
    for number, _ in enumerate(app.chat.ask("What is 17% of 2,340?", web_search="off")):
        if not number:
            first.append(time.monotonic() - started)


def _taken_in(library: Library, embedder: Embedder, path: Path) -> tuple[float, float, int]:
    """Seconds of the whole way in, of the embedder alone on the same texts, and how many passages these are.

    The table is there and the reader's first start is behind us: what a first file pays once is not a throughput.
    """
    started = time.monotonic()
    document = library.add(path)
    library.wait(document.id, 3600)
    whole = time.monotonic() - started
    texts = [embedded_text(one, embedder.count_tokens, embedder.limit) for one in library.chunks(document.id)]
    started = time.monotonic()
    encode_behind(texts, embedder)
    return whole, time.monotonic() - started, len(texts)


def _paragraph(number: int) -> str:
    """A paragraph of some 150 words, which is about one passage; all differ."""
    dice = np.random.default_rng(number)
    sides = ("north", "east", "south", "west")
    sentences = [
        f"Entry {number}.{n} of the log: wind from the {sides[int(dice.integers(4))]} with {dice.integers(2, 60)} knots, "
        f"{dice.integers(90)} ships on the water, {dice.integers(3, 40)} litres of oil used, lamp {n} cleaned."
        for n in range(6)
    ]
    return " ".join(sentences)


def pdf(pages: Sequence[str]) -> bytes:
    """Return a PDF with a text layer, a page for each text, lines of 90 letters. ASCII letters only."""
    parts = [b"%PDF-1.4\n"]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, text in enumerate(pages):
        lines = [text[at : at + 90] for at in range(0, len(text), 90)]
        shown = "\n".join(f"({line.translate(_ESCAPES)}) Tj T*" for line in lines)
        stream = f"BT /F1 10 Tf 14 TL 50 780 Td\n{shown}\nET"
        bodies.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * n} 0 R >>"
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    places, at = [], len(parts[0])
    for number, body in enumerate(bodies, 1):
        places.append(at)
        parts.append(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii", "replace"))
        at += len(parts[-1])
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    parts.append(
        f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{rows}trailer << /Size {len(bodies) + 1} /Root 1 0 R >>\n"
        f"startxref\n{at}\n%%EOF\n".encode()
    )
    return b"".join(parts)


_ESCAPES = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


# -- search ------------------------------------------------------------------------------------------------------


def _search(folder: Path, embedder: Embedder) -> Iterator[Row]:
    from knowledge.store import Store  # LanceDB takes two seconds

    some = Store(folder / "some", embedder.dimensions)
    _fill(some, _SOME, embedder.dimensions)
    took = []
    for number in range(40):
        query = f"How many litres of oil were used when {_zipf(np.random.default_rng(number), 4)}?"
        started = time.monotonic()
        some.search(query, encode_query(query, embedder))
        took.append(time.monotonic() - started)
    yield Row(
        f"best passage at {_SOME:,} passages, the question's embedding included, p95",
        f"{_p95(took) * 1000:.0f} ms",
        "",
        None,
        "<= 300 ms",
    )
    many = Store(folder / "many", embedder.dimensions)
    vectors = _fill(many, _MANY, embedder.dimensions)
    yield from _many(many, vectors)


def _many(store: Store, vectors: Vectors) -> Iterator[Row]:
    """Hybrid search without embedding, and the recall of its vector part against comparing all."""
    search = store.search
    asked = _clustered(np.random.default_rng(9), _QUESTIONS, vectors.shape[1])
    took, one_document, recall = [], [], 0
    for number, vector in enumerate(asked):
        query = _zipf(np.random.default_rng(number), 8)
        started = time.monotonic()
        search(query, vector)
        took.append(time.monotonic() - started)
        started = time.monotonic()
        search(query, vector, document_ids=[f"{number:032x}"])
        one_document.append(time.monotonic() - started)
        near = set(np.argpartition(-(vectors @ vector), 10)[:10].tolist())
        recall += len(near & {hit.passage.ordinal for hit in search("", vector, by="vector", limit=10)})
    started = time.monotonic()
    for vector in asked[:20]:
        np.argpartition(-(vectors @ vector), 10)
    flat = (time.monotonic() - started) / 20
    share = recall / (10 * _QUESTIONS)
    yield Row(
        f"hybrid search at {len(vectors):,} passages, p95", f"{_p95(took) * 1000:.0f} ms", f"{flat * 1000:.0f} ms flat in numpy", None, "<= 50 ms"
    )  # fmt: skip
    yield Row(f"the same in one document of {len(vectors):,} passages, p95", f"{_p95(one_document) * 1000:.0f} ms", "", None, "<= 50 ms")  # fmt: skip
    yield Row("recall@10 of its vector part / comparing all", f"{share:.3f}", "1.000", share, ">= 0.95")


def _fill(store: Store, count: int, dimensions: int) -> Vectors:
    """Put passages of 50 to a document; return their vectors, shape (count, dimensions)."""
    dice = np.random.default_rng(count)
    vectors = _clustered(dice, count, dimensions)
    languages = {f"{number:032x}": "english" for number in range(count // 50 + 1)}
    for begin in range(0, count, 10_000):
        passages = []
        for number in range(begin, min(count, begin + 10_000)):
            text = _zipf(dice, 120)
            passages.append(
                Passage(f"{number:032x}", f"{number // 50:032x}", "log.txt", None, (), text, 0, len(text), number)
            )
        store.put(passages, vectors[begin : begin + len(passages)], languages=languages, new=True)
    store.optimise()
    return vectors


def _clustered(dice: np.random.Generator, count: int, dimensions: int) -> Vectors:
    """Unit vectors around 1,000 topics that lie in 60 directions; the topics are always the same."""
    fixed = np.random.default_rng(1)
    topics, directions = fixed.normal(size=(1000, 60)), fixed.normal(size=(60, dimensions))
    inside = topics[dice.integers(0, 1000, count)] + 0.6 * dice.normal(size=(count, 60))
    raw = inside @ directions / 8 + 0.3 * dice.normal(size=(count, dimensions))
    return np.asarray(raw / np.linalg.norm(raw, axis=1, keepdims=True), dtype=np.float32)


def _zipf(dice: np.random.Generator, count: int) -> str:
    """Words as often as in real texts: the n-th most frequent one n times as seldom."""
    ranks = np.exp(dice.random(count) * np.log(_WORDS)).astype(int)
    return " ".join(f"w{rank}" for rank in ranks)


def _p99(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]
