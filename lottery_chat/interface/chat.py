"""The one door to an answer: ask, follow, stop, permit; what a question may look into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from lottery_chat.events import Event

WebSearch = Literal["off", "ask", "on"]
Retrieval = Literal["closed-book", "auto", "always"]


class Chat(Protocol):
    """Ask, stop, permit."""

    def ask(
        self,
        question: str,
        *,
        conversation: str | None = None,
        documents: Sequence[Path] = (),
        attachments: Sequence[str] = (),
        model: str | None = None,
        mode: str | None = None,
        retrieval: Retrieval | None = None,
        web_search: WebSearch | None = None,
        seed: int = 0,
        retry_of: str | None = None,
        continue_of: str | None = None,
        without: Sequence[str] = (),
        prove: Sequence[str] = (),
        seconds: float | None = None,
        base: Path | None = None,
        tools: Sequence[Mapping[str, Any]] = (),
        recall: bool = True,
        collections: Sequence[str] | None = None,
    ) -> Iterator[Event]:
        """Answer a question; the last event is always Answered.

        The run goes on in its own thread and is kept even when the iterator is dropped; `stop` ends it.

        Args:
            question: the person's words.
            conversation: its id; None makes a new one. Its last turns are part of the prompt.
            documents: files for this question only, not kept (command line `--document`).
            attachments: ids of documents of D that the question is about (files dropped into the box).
            retry_of: a run id; asks the same again and bypasses M.
            continue_of: a run id that ended `partial`; goes on from what it had.
            without: parts of A that are off: python, retrieval, solver, verify, divide, memory, preprocess.
            prove: settings of the prover that are on: ordered, goals, roles.
            seconds: the time for this answer, instead of the preference.
            base: folder of another knowledge base than the home's; `attachments` are then ids of its documents.
            tools: functions the caller offers (JSON Schema); the answer is which calls to make, none is made.
            collections: ids of those to look into for this question; None means those the conversation uses.
            recall: whether a checked answer of an earlier run may answer, and this one be kept for later.
        """
        ...

    def follow(self, run: str) -> Iterator[Event]:
        """All events of a run from its start, live while it goes on, from the journal afterwards."""
        ...

    def stop(self, run: str) -> bool:
        """Stop a run within a second; False when it had already ended."""
        ...

    def permit(self, request: str, query: str | None) -> None:
        """Answer PermissionAsked: the query that may leave (perhaps edited), or None to refuse."""
        ...
