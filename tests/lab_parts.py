"""Parts for tests of the lab: a made-up task, its records, an ask that needs no model."""

from __future__ import annotations

from lottery_chat.lab.arms import arm
from lottery_chat.lab.running import Job
from lottery_chat.lab.values import Item, Record, Task

TASK = Task(
    "sums",
    "arithmetic",
    "sums/public.jsonl",
    lambda row: Item(row["id"], row["question"], row["answer"]),
    "number",
    "made up",
)


def jobs(count: int, arms: tuple[str, ...] = ("planner",), models: tuple[str, ...] = ("tiny:0.5b",)) -> list[Job]:
    items = [Item(f"sum-{number}", f"What is {number} + 1?", number + 1) for number in range(count)]
    return [Job(TASK, item, arm(name), model, 7) for item in items for model in models for name in arms]


def record(job: Job, **changes: object) -> Record:
    values: dict[str, object] = {
        "task": job.task.name, "item": job.item.id, "arm": job.arm.name, "model": job.model, "seed": job.seed, "outcome": "right",
        "score": 1.0, "extracted": str(job.item.gold), "gold": job.item.gold, "reply": f"It is {job.item.gold}.", "answer": None,
        "status": "answered", "known": "computed", "checked": True, "calls": 1, "tokens_in": 10, "tokens_out": 5, "seconds": 0.5,
        "run": "f" * 32, "at": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip
    return Record(**{**values, **changes})  # type: ignore[arg-type]
