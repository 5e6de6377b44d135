"""What a model answers by heart, and how sure it was: closed-book answers of at most twelve tokens, each kept at once.

Asked are those questions of ../shared/data that its README leaves for fitting: triviaqa, and what popqa and nq_open
have beyond popqa_rag and nq_rag. The prompt is the gate's own (planner/closed_book.py). A file a model; what is in it
is not asked again, so that a slow machine can be asked in parts.
"""

from __future__ import annotations

import json
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lottery_chat.lab.loading import rows_of
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel, Reply, Request
from lottery_chat.planner.closed_book import ROOM
from lottery_chat.planner.copied import normalised
from lottery_chat.planner.prompts import render

_FITTING = ("triviaqa", "popqa", "nq_open")
_REPORTED = ("popqa_rag", "nq_rag")


@dataclass(frozen=True, slots=True)
class Heart:
    """One closed-book answer. `logprob` is the mean of its tokens; None where it had no end within the room."""

    task: str
    item: str
    said: str
    logprob: float | None
    right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question that may be used for fitting, with its accepted answers."""

    task: str
    item: str
    text: str
    accepted: tuple[str, ...]


def fitting_questions(data: Path, limit: int) -> Iterator[Question]:
    """Up to `limit` questions of each set, the first of the seeded shuffle, none that is reported elsewhere."""
    reported = {
        normalised(str(row["question"])) for name in _REPORTED for _, row in rows_of(data / name / "public.jsonl")
    }
    for name in _FITTING:
        rows = sorted((row for _, row in rows_of(data / name / "public.jsonl")), key=lambda row: str(row["id"]))
        random.Random("2502").shuffle(rows)
        free = [row for row in rows if normalised(str(row["question"])) not in reported]
        for row in free[:limit]:
            accepted = tuple(str(one) for one in row.get("answers") or row["possible_answers"])
            yield Question(name, str(row["id"]), str(row["question"]), accepted)


def answered(
    model: ChatModel, questions: Sequence[Question], file: Path, *, seconds: float, say: Callable[[str], None]
) -> list[Heart]:
    """The answers to these questions: those kept in `file`, and new ones until `seconds` are over.

    Raises:
        OSError: the file cannot be written.
    """
    known = {(one.task, one.item): one for one in kept(file)}
    until = time.monotonic() + seconds
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        for question in questions:
            if (question.task, question.item) in known:
                continue
            if time.monotonic() >= until:
                say(f"{len(known)} of {len(questions)} are answered; give the command again for the others.")
                break
            one = known[question.task, question.item] = _asked(model, question)
            out.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
    wanted = ((one.task, one.item) for one in questions)
    return [known[key] for key in wanted if key in known]


def kept(file: Path) -> list[Heart]:
    """The answers in a file; a line that a kill tore is passed over."""
    found = []
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for line in lines:
        try:
            found.append(Heart(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return found


def kept_file(folder: Path, model: str) -> Path:
    """The file of a model's answers below the lab's home."""
    return folder / "by_heart" / (re.sub(r"[^\w.-]+", "_", model) + ".jsonl")


def ask_by_heart(model: ChatModel, text: str, *, temperature: float = 0.0, seed: int = 0) -> Reply:
    """The reply to the gate's own prompt."""
    messages = (Message("system", render("closed_book_system")), Message("user", text))
    request = Request(messages, max_tokens=ROOM, stop=("\n",), temperature=temperature, seed=seed)
    return [item for item in model.stream(request, threading.Event()) if isinstance(item, Reply)][-1]


def is_right(said: str, accepted: Sequence[str]) -> bool:
    """Whether an accepted answer stands in what was said, as words."""
    told = f" {normalised(said)} "
    return any(f" {normalised(one)} " in told for one in accepted)


def _asked(model: ChatModel, question: Question) -> Heart:
    reply = ask_by_heart(model, question.text)
    said = reply.text.strip()
    sure = None if reply.finish == "length" or not said else reply.logprob
    return Heart(question.task, question.item, said, sure, is_right(said, question.accepted))
