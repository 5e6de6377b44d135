"""`lab hostile`: fixed hostile files and seeded mutations of good ones, read as the app reads them, and counted."""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.reading import load_pages, read_limited
from lottery_chat.children import run_limited
from lottery_chat.lab.documents import is_clear

Outcome = Literal["read", "refused", "limit", "died", "unforeseen", "unclear", "wrong"]
#: Outcomes that must not happen: an error nobody foresaw, a message that is no help, a bomb that was read.
BAD: tuple[Outcome, ...] = ("unforeseen", "unclear", "wrong")
_TOGETHER = 25


@dataclass(frozen=True, slots=True)
class Tried:
    """One hostile file: what came of it, and the sentence a person would see."""

    name: str
    outcome: Outcome
    said: str


def mutations(good: Mapping[str, bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield `count` (name, bytes), each a good file with bytes flipped, cut off, cut out, doubled or spliced in."""
    dice = random.Random(seed)
    names = sorted(good)
    for number in range(count):
        name = names[number % len(names)]
        data = bytearray(good[name])
        for _ in range(dice.choice((1, 1, 2, 4, 16))):
            _change(data, good[dice.choice(names)], dice)
        stem, _, ending = name.rpartition(".")
        yield f"{stem}-{number}.{ending}", bytes(data)


def _change(data: bytearray, other: bytes, dice: random.Random) -> None:
    if not data:
        data += b"\x00"
    at = dice.randrange(len(data))
    how = dice.randrange(6)
    if how <= 1:
        data[at] ^= 1 << dice.randrange(8)
    elif how == 2:
        data[at] = dice.choice((0, 0xFF, 0x7F, 0x80, 0x20, 0x3C))
    elif how == 3:
        del data[at:]
    elif how == 4:
        del data[at : at + dice.randrange(1, 200)]
    else:
        begin = dice.randrange(max(1, len(other)))
        data[at:at] = other[begin : begin + dice.randrange(1, 400)]


def try_files(files: Iterable[tuple[str, bytes]], *, refused: frozenset[str] = frozenset()) -> Iterator[Tried]:
    """Yield what came of each file, read 25 together in a limited child as an upload of many files is.

    Args:
        refused: names of those that must not be read.
    """
    with tempfile.TemporaryDirectory(prefix="lottery-chat-") as work:
        waiting: list[tuple[str, bytes]] = []
        for one in files:
            waiting.append(one)
            if len(waiting) >= _TOGETHER:
                yield from _try(waiting, Path(work), refused)
                waiting = []
        yield from _try(waiting, Path(work), refused)


def _try(files: list[tuple[str, bytes]], work: Path, refused: frozenset[str]) -> Iterator[Tried]:
    jobs = []
    for at, (name, data) in enumerate(files):
        (work / f"in{at}").write_bytes(data)
        (work / f"out{at}").unlink(missing_ok=True)
        jobs.append({"path": str(work / f"in{at}"), "title": name, "name": name, "out": str(work / f"out{at}")})
    for job, result in zip(jobs, read_limited(run_limited, jobs) if jobs else []):
        name = str(job["title"])
        if "kind" in result:
            load_pages(Path(str(job["out"])))  # what was written can be read back
            yield Tried(name, "wrong" if name in refused else "read", str(result["kind"]))
        else:
            yield Tried(name, outcome_of(str(result.get("refused", "")), name), str(result.get("refused", "")))


def outcome_of(said: str, name: str) -> Outcome:
    """Return what a refusal's sentence says happened."""
    if "could not be read (" in said:
        return "unforeseen"
    if not is_clear(said, name):
        return "unclear"
    if "it was stopped" in said:
        return "limit"
    return "died" if "ended without a result" in said else "refused"


def summary(found: Iterable[Tried], seconds: float) -> list[tuple[str, ...]]:
    """Return how often each outcome was, as rows."""
    counts = Counter(one.outcome for one in found)
    names: dict[Outcome, str] = {
        "read": "read", "refused": "refused in a clear sentence", "limit": "stopped at a limit, said so",
        "died": "the reader's child died, said so; the app goes on", "unforeseen": "ended in an unforeseen error",
        "unclear": "refused without a clear sentence", "wrong": "read although it must not be",
    }  # fmt: skip
    return [*((text, str(counts[name])) for name, text in names.items()), ("seconds", f"{seconds:.0f}")]


def clock() -> float:
    """Return a time in seconds to measure with."""
    return time.monotonic()
