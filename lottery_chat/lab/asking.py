"""One job of the lab through the app: the knowledge base it needs, the question, the verdict, the record."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone
from pathlib import Path

from lottery_chat.interface.chat import Chat
from lottery_chat.lab.bases import Base, Bases
from lottery_chat.lab.judging import judge
from lottery_chat.lab.one_item import Sureness, ask_item, record_of
from lottery_chat.lab.running import Job
from lottery_chat.lab.values import Arm, Item, Record, Replied, Task

#: Modes of `ask` that never look into documents; a base would not even be opened.
WITHOUT_DOCUMENTS = ("bare", "cot", "pal", "heart")
#: Depth of a ranking that recall and nDCG are taken from.
DEPTH = 10


class Asker:
    """Asks jobs; its bases and the app live as long as the run of the lab."""

    def __init__(
        self, chat: Chat, bases: Bases, data: Path, *, seed: int, seconds: float, stop: threading.Event
    ) -> None:
        self._chat = chat
        self._bases = bases
        self._data = data
        self._seed = seed
        self._seconds = seconds
        self._stop = stop
        self._one_at_a_time = threading.Lock()
        self._warm: set[str] = set()

    def ask(self, job: Job) -> Record:
        """Ask one item in one arm. Raises LotteryChatError when it cannot be asked."""
        if job.task.kind == "retrieval":
            return self._search(job)
        self._load(job)
        base = None if job.arm.mode in WITHOUT_DOCUMENTS else self._base(job.task)
        attached = base.attachments(job.item.attached) if base is not None else ()
        sure = Sureness()
        answered, seconds = ask_item(
            self._chat, job.task, job.item, job.arm, job.model, seed=self._seed, seconds=self._seconds,
            base=base.folder if base is not None else None, attachments=attached, stop=self._stop,
            heard=sure,
        )  # fmt: skip
        verdict = judge(job.task, job.item, Replied(answered.text, answered.answer, answered.status))
        return record_of(job, answered, verdict, seconds, sure.logprob)

    def _load(self, job: Job) -> None:
        """Have the model loaded before its first item is timed."""
        if "model" in job.arm.without:
            return
        with self._one_at_a_time:
            if job.model in self._warm:
                return
            hello = Item("hello", "Say hello.", None)
            ask_item(
                self._chat, job.task, hello, Arm("bare", "bare"), job.model,
                seed=self._seed, seconds=self._seconds, base=None, attachments=(),
            )  # fmt: skip
            self._warm.add(job.model)

    def _base(self, task: Task) -> Base | None:
        if task.corpus is None:
            return None
        with self._one_at_a_time:
            return self._bases.base(task.corpus_name, task.corpus(self._data))

    def _search(self, job: Job) -> Record:
        base = self._base(job.task)
        assert base is not None, f"{job.task.name} is a retrieval task without a corpus"
        started = time.monotonic()
        found = self._bases.found(base, job.item.question, DEPTH)
        seconds = time.monotonic() - started
        verdict = judge(job.task, job.item, Replied(" ".join(found), None, "answered", found))
        return Record(
            task=job.task.name, item=job.item.id, arm=job.arm.name, model=job.model, seed=self._seed, outcome=verdict.outcome,
            score=verdict.score, extracted=verdict.extracted, gold=job.item.gold, reply=" ".join(found), answer=None, status="answered",
            known="quoted", checked=False, calls=0, tokens_in=0, tokens_out=0, seconds=round(seconds, 3), run="",
            at=datetime.now(timezone.utc).isoformat(timespec="seconds"), band=job.item.band, measures=dict(verdict.measures),
        )  # fmt: skip
