"""The paper's M: Store every node and request of a run, reuse solved questions.

Within a run a solved part is reused by its exactly normalised question. Across runs only checked answers to
self-contained, timeless questions over the same documents come back, never anything from the web; two checked
answers that differ cancel each other out. What this does not do: it never compares meanings.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from lottery_chat.errors import NotFound
from lottery_chat.events import Citation, Known
from lottery_chat.memory import questions
from lottery_chat.memory.database import Database, Row
from lottery_chat.memory.journal import now

#: A question longer than this (characters) is a pasted text: never the same twice, and slow to compare.
LONGEST = 8000
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class StoredNode:
    """One try at one node, as stored. `ver` is the verdict in words."""

    node: str
    parent: str | None
    question: str
    answer: str
    ver: str
    passed: bool
    known: str
    checked: bool
    method: str
    logprob: float | None = None


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """What a node asked of D or C (`kind` says of which), and what came back, both as text."""

    node: str
    kind: str
    request: str
    data: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """A checked answer from an earlier run; `run` and `kept_at` (ISO 8601, UTC) say where it comes from."""

    id: str
    run: str
    question: str
    answer: str
    text: str
    known: Known
    check: str
    citations: tuple[Citation, ...]
    documents_version: str
    kept_at: str
    disputed: bool
    times: int

    @property
    def when(self) -> str:
        """The day it was kept, for a sentence: 22 November 2026 (UTC)."""
        day = datetime.fromisoformat(self.kept_at)
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


class Notes:
    """M of one owner. Everything is committed when a method returns; safe from any thread."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database = database
        self._owner = owner

    # --- inside a run: the paper's Store ------------------------------------------------------------------------

    def store_node(
        self,
        *,
        run: str,
        node: str,
        parent: str | None,
        question: str,
        answer: str,
        ver: str,
        passed: bool,
        known: str,
        checked: bool,
        method: str,
        logprob: float | None = None,
    ) -> bool:
        """Store(q, ans, ver, pass, M): keep one try at a node; several tries at one node are all kept, in order.

        Returns:
            False when there is no such run (its conversation was deleted meanwhile): then nothing is kept.
        """
        key = questions.key(question)
        values = (node, parent or None, question, key, answer, ver, passed, known, checked, method, logprob, now())
        return self._database.write_of_run(
            *(run, self._owner),
            "INSERT INTO nodes (run, owner, node, parent, question, key, answer, ver, passed, known, checked, method, "
            "logprob, stored_at) SELECT id, owner, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM runs",
            [values],
        )

    def answers(self, run: str, *, node: str | None = None, parent: str | None = None) -> tuple[StoredNode, ...]:
        """The stored tries of a run in order: all, those at one node, or those below one parent."""
        rows = self._database.rows(
            "SELECT * FROM nodes WHERE run = ? AND owner = ? AND (? IS NULL OR node = ?) AND (? IS NULL OR parent = ?) "
            "ORDER BY number",
            (run, self._owner, node, node, parent, parent),
        )
        return tuple(_node(row) for row in rows)

    def solved(self, run: str, question: str) -> StoredNode | None:
        """The last try of this run at exactly this question (normalised) that passed."""
        rows = self._database.rows(
            "SELECT * FROM nodes WHERE run = ? AND owner = ? AND key = ? AND passed ORDER BY number DESC",
            (run, self._owner, questions.key(question)),
        )
        wanted = questions.marks(question)
        return next((_node(row) for row in rows if questions.marks(row["question"]) == wanted), None)

    def store_request(self, *, run: str, node: str, kind: str, request: str, data: str) -> bool:
        """Store(q, r, d, M): keep a request to D or C (`kind` says to which) with what came back.

        Returns:
            False when there is no such run: then nothing is kept.
        """
        return self._database.write_of_run(
            *(run, self._owner),
            "INSERT INTO requests (run, owner, node, kind, request, data, stored_at) "
            "SELECT id, owner, ?, ?, ?, ?, ? FROM runs",
            [(node, kind, request, data, now())],
        )

    def requests(self, run: str, node: str | None = None) -> tuple[StoredRequest, ...]:
        """The requests of a run, or of one of its nodes, in order."""
        rows = self._database.rows(
            "SELECT * FROM requests WHERE run = ? AND owner = ? AND (? IS NULL OR node = ?) ORDER BY number",
            (run, self._owner, node, node),
        )
        return tuple(StoredRequest(row["node"], row["kind"], row["request"], row["data"]) for row in rows)

    # --- across runs: checked results ---------------------------------------------------------------------------

    def remember(
        self,
        *,
        question: str,
        answer: str,
        text: str,
        known: Known,
        check: str,
        citations: Sequence[Citation],
        documents_version: str,
        run: str,
        checked: bool = True,
        self_contained: bool = True,
    ) -> Remembered | None:
        """Keep an answer for later runs, if it may be used again.

        Args:
            answer: the short form, compared with earlier ones (`text` where there is none); `text`: as shown.
            documents_version: names the evidence the answer may rest on: the version of D, and attached files.
            self_contained: False when anything said earlier in the conversation was part of the prompt.

        Returns:
            What is kept now (`disputed` when another checked answer stands there), or None: it was not checked,
            rests on the model or the web, needs a date, points at the conversation, or its run is gone.
        """
        web = any(citation.kind == "web" for citation in citations)
        if not checked or known not in ("computed", "proved", "quoted") or web or not (answer.strip() or text.strip()):
            return None
        if not self_contained or not _lasting(question):
            return None
        place = (self._owner, questions.key(question), questions.marks(question), documents_version)
        with self._database.writing():
            there = self._find(place)
            if there is None:
                values = (
                    *(secrets.token_hex(16), *place[1:], question, answer, text, known, check),
                    *(json.dumps([asdict(citation) for citation in citations]), now()),
                )
                self._database.write_of_run(
                    *(run, self._owner),
                    "INSERT INTO results (run, owner, id, key, marks, documents_version, question, answer, text, "
                    "known, check_made, citations, kept_at) SELECT id, owner, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM runs",
                    [values],
                )
            elif questions.key(there["answer"] or there["text"]) != questions.key(answer or text):
                self._database.write("UPDATE results SET disputed = 1 WHERE id = ?", (there["id"],))
            found = self._find(place)
        return _remembered(found) if found else None

    def recall(self, question: str, documents_version: str) -> Remembered | None:
        """A checked answer to exactly this question over exactly these documents, or None."""
        if not _lasting(question):
            return None
        place = (self._owner, questions.key(question), questions.marks(question), documents_version)
        found = self._find(place)
        if found is None or found["disputed"]:
            return None
        self._database.write("UPDATE results SET times = times + 1 WHERE id = ?", (found["id"],))
        return _remembered(found)

    def results(self, limit: int = 50) -> tuple[Remembered, ...]:
        """What is remembered across runs, newest first, disputed ones included."""
        rows = self._database.rows(
            "SELECT * FROM results WHERE owner = ? ORDER BY number DESC LIMIT ?", (self._owner, max(0, limit))
        )
        return tuple(_remembered(row) for row in rows)

    def forget(self, result: str) -> None:
        """Remove a remembered answer for good.

        Raises:
            NotFound: there is no such result.
        """
        if not self._database.write("DELETE FROM results WHERE id = ? AND owner = ?", (result, self._owner)):
            raise NotFound(f"Nothing is remembered as {result!r}. It may have been forgotten already.")
        self._database.forget_freed_pages()

    def forget_document(self, document: str) -> None:
        """Remove every remembered answer that rests on a document; what a conversation says stays in it."""
        if self._database.write(
            "DELETE FROM results WHERE owner = ? AND (instr(citations, ?) OR instr(documents_version, ?))",
            (self._owner, document, document),
        ):
            self._database.forget_freed_pages()

    def _find(self, place: tuple[str, str, str, str]) -> Row | None:
        return self._database.row(
            "SELECT * FROM results WHERE owner = ? AND key = ? AND marks = ? AND documents_version = ?", place
        )


def _lasting(question: str) -> bool:
    return (
        len(question) <= LONGEST
        and not questions.needs_a_date(question)
        and not questions.needs_a_conversation(question)
    )


def _node(row: Row) -> StoredNode:
    values = {one.name: row[one.name] for one in fields(StoredNode)}
    return StoredNode(**{**values, "passed": bool(row["passed"]), "checked": bool(row["checked"])})


def _remembered(row: Row) -> Remembered:
    citations = tuple(Citation(**values) for values in json.loads(row["citations"]))
    return Remembered(
        id=row["id"],
        run=row["run"],
        question=row["question"],
        answer=row["answer"],
        text=row["text"],
        known=row["known"],
        check=row["check_made"],
        citations=citations,
        documents_version=row["documents_version"],
        kept_at=row["kept_at"],
        disputed=bool(row["disputed"]),
        times=row["times"],
    )
