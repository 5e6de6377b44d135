"""A few documents held in memory for one question or one conversation: same answers as `Library`, nothing on disk.

For files of `ask --document` and for a pasted text that is too long for the prompt.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

import numpy as np

from knowledge.catalogue import clean_title
from knowledge.chunking import chunk_pages
from knowledge.embedding import Embedder, Vectors, encode_query, passage_measure, reads_badly
from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.evidence import nearest_sentences
from knowledge.facts import among, read
from knowledge.library import SIZE_LIMIT
from knowledge.original_text import text_of
from knowledge.paged import Paged
from knowledge.passage import Document, Page, Passage, SearchHit, Sentence, Throughout
from knowledge.ranking import DEPTH, WordIndex, embedded_text, fuse, lifted, saturated, searched, text_weight
from knowledge.reading import Limited, load_pages, read_limited
from knowledge.remembered_vectors import RememberedVectors
from knowledge.triples import Triple


class PassingLibrary(Paged):
    """Documents in memory. Not for several threads that add at once; searching is safe from any."""

    def __init__(
        self,
        embedder: Callable[[], Embedder],
        run_limited: Limited | None = None,
        *,
        size_limit: int = SIZE_LIMIT,
        remembered: RememberedVectors | None = None,
    ) -> None:
        """`run_limited` is needed for `add_file` only; texts that `remembered` knows are not embedded again."""
        self._embedder = embedder
        self._remembered = remembered or RememberedVectors()
        self._run = run_limited
        self._size_limit = size_limit
        self._documents: dict[str, Document] = {}
        self._pages: dict[str, tuple[Page, ...]] = {}
        #: Files of JSON as they were written, by id.
        self._originals: dict[str, str] = {}
        self._passages: list[Passage] = []
        self._vectors: Vectors | None = None
        self._words = WordIndex()
        #: What the documents state, by their ids; read when first asked for.
        self._facts: dict[str, tuple[Triple, ...]] = {}

    def add_text(self, title: str, text: str) -> Document:
        """Add a text. Raises DocumentRefused when there are no letters in it."""
        plain = text.replace("\r\n", "\n").replace("\r", "\n")
        if not any(char.isalnum() for char in plain):
            raise DocumentRefused(f"There is no text in {title!r}. Paste it again.")
        data = plain.encode("utf-8", "replace")
        sha256 = hashlib.sha256(data).hexdigest()
        return self._take(title, "text", len(data), sha256, (Page(None, data.decode("utf-8")),))

    def add_file(self, path: Path, title: str | None = None) -> Document:
        """Read a file in a limited child and add it. Raises DocumentRefused."""
        shown = clean_title(title or path.name)
        if self._run is None:
            raise ValueError("PassingLibrary was made without run_limited; files cannot be read.")
        if not path.is_file():
            raise DocumentRefused(f"There is no file {str(path)!r}. Check the path.")
        size = path.stat().st_size
        if size > self._size_limit:
            raise DocumentRefused(f"{shown!r} is over {self._size_limit / 2**20:,.0f} MB. Split it and add the parts.")
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        with tempfile.TemporaryDirectory(prefix="lottery-chat-") as folder:
            out = Path(folder) / "pages"
            job = {"path": str(path.absolute()), "title": shown, "out": str(out)}
            result = read_limited(self._run, [job])[0]
            if "refused" in result:
                raise DocumentRefused(result["refused"])
            if result["kind"] == "json":
                self._originals[sha256[:32]] = text_of(path, shown, 2_000_000)
            return self._take(shown, result["kind"], size, sha256, load_pages(out))

    def original_text(self, document_id: str, most: int) -> str:
        """Return a JSON file, or a text, as it was written; "" for other kinds and above `most` characters."""
        self._known(document_id)
        text = self._originals.get(document_id, "")
        if not text and self._documents[document_id].kind == "text":
            text = "\n".join(page.text for page in self._pages[document_id])
        return text if len(text) <= most else ""

    def _take(self, title: str, kind: str, size: int, sha256: str, pages: tuple[Page, ...]) -> Document:
        document_id = sha256[:32]
        if document_id in self._documents:
            return self._documents[document_id]
        embedder = self._embedder()
        found = list(chunk_pages(document_id, clean_title(title), pages, passage_measure(embedder)))
        measured = [embedded_text(one, embedder.count_tokens, embedder.limit) for one in found]
        rows = self._remembered.encode(embedder, measured)
        for one in found:
            self._words.add("\n".join((one.title, *one.heading, one.text)))
        self._vectors = rows if self._vectors is None else np.concatenate([self._vectors, rows])
        self._passages += found
        self._pages[document_id] = pages
        added = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        self._documents[document_id] = Document(
            document_id, clean_title(title), kind, size, sha256, added, "ready", len(pages), len(found), progress=1.0
        )
        return self._documents[document_id]

    def document(self, document_id: str) -> Document:
        """Return one document, which is ready. Raises DocumentMissing."""
        self._known(document_id)
        return self._documents[document_id]

    def documents(self) -> tuple[Document, ...]:
        """Return the documents in the order they came; all are ready."""
        return tuple(self._documents.values())

    ready_documents = documents

    def search(self, query: str, *, document_ids: Sequence[str] | None = None, limit: int = 8) -> tuple[SearchHit, ...]:
        """Return the best passages, best first. Raises DocumentMissing for an id that is not here."""
        for one in document_ids or ():
            self._known(one)
        if self._vectors is None or not query.strip() or document_ids == ():
            return ()
        wanted = None if document_ids is None else set(document_ids)
        numbers = [n for n, one in enumerate(self._passages) if wanted is None or one.document_id in wanted]
        allowed = set(numbers)
        vector = encode_query(query, self._embedder())
        cosines = np.asarray(self._vectors @ vector).tolist()
        bm25 = {number: score for number, score in self._words.scores(searched(query)).items() if number in allowed}
        depth = max(DEPTH, limit)
        dense = sorted(numbers, key=lambda number: -cosines[number])[:depth]
        text = sorted(bm25, key=lambda number: -bm25[number])[:depth]
        by_id = {self._passages[number].id: number for number in (*dense, *text)}
        fused = fuse(
            [self._passages[n].id for n in dense],
            [self._passages[n].id for n in text],
            weight=text_weight(query, unfamiliar=reads_badly(query, self._embedder())),
        )
        fused = lifted(query, fused, {one: (self._passages[n].heading or ("",))[-1] for one, n in by_id.items()})
        return tuple(self._hit(by_id[one], score, cosines, bm25) for one, score in fused[:limit])

    def _hit(self, number: int, score: float, cosines: Sequence[float], bm25: dict[int, float]) -> SearchHit:
        text = saturated(bm25[number]) if number in bm25 else None
        return SearchHit(self._passages[number], score, min(1.0, max(0.0, float(cosines[number]))), text)

    def facts(
        self,
        *,
        about: str = "",
        relation: str = "",
        containing: bool = False,
        document_ids: Sequence[str] | None = None,
    ) -> tuple[Triple, ...]:
        """Return what documents state in plain forms (Library.facts). Raises DocumentMissing."""
        found: list[Triple] = []
        for one in self._documents if document_ids is None else document_ids:
            if one not in self._facts:
                self._facts[one] = read(self.chunks(one))
            found += among(self._facts[one], about=about, relation=relation, containing=containing)
        return tuple(found)

    def sentences(
        self, query: str, hits: Sequence[SearchHit], count: int, throughout: Throughout | None = None
    ) -> tuple[Sentence, ...]:
        """Return the sentences of the hits that are nearest to the query (evidence.py), in reading order."""
        return nearest_sentences(query, hits, self._embedder(), count, throughout=throughout)

    def neighbours(self, passage: Passage, reach: int = 1) -> tuple[Passage, ...]:
        """Return up to `reach` passages before and after one of its document, without itself."""
        near = range(passage.ordinal - reach, passage.ordinal + reach + 1)
        return tuple(
            one for one in self.chunks(passage.document_id) if one.ordinal in near and one.ordinal != passage.ordinal
        )

    def chunks(self, document_id: str) -> tuple[Passage, ...]:
        """Return the passages of a document in reading order. Raises DocumentMissing."""
        self._known(document_id)
        return tuple(one for one in self._passages if one.document_id == document_id)

    def pages(self, document_id: str) -> tuple[Page, ...]:
        """Return the pages of a document. Raises DocumentMissing."""
        self._known(document_id)
        return self._pages[document_id]

    def version(self) -> str:
        """Return a mark that changes with the documents."""
        return hashlib.sha256("".join(sorted(self._documents)).encode()).hexdigest()[:16]

    def _known(self, document_id: str) -> None:
        if document_id not in self._documents:
            raise DocumentMissing(f"There is no document {document_id!r} in this question.")
