"""`lab durable full-disks`: an operation with ever more room on the disk until it succeeds, and what is there afterwards."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lottery_chat.errors import SetupError
from lottery_chat.lab.durable import narrow
from lottery_chat.lab.durable.worker import read

#: How many of 50 points each operation has: the more writers it comes by, the more.
SHARES = {"take in": 16, "replace": 7, "remove": 6, "rebuild": 6, "import": 5, "export": 4, "remember": 6}
#: What a sentence must name to be of help: what is full, or cannot be written, and what to do.
_FULL = re.compile(r"\bfull\b|no space|cannot be written|could not be (?:kept|written|taken in)|\d MB are free", re.I)
_STEP = re.compile(r"\bfree (?:some )?(?:disk )?space\b|make room", re.I)


@dataclass(frozen=True, slots=True)
class Point:
    """One operation with `room` bytes left. `clear` is False where nothing, or nothing of help, was said though it failed."""

    activity: str
    room: int
    said: tuple[str, ...]
    clear: bool
    lost: tuple[str, ...]
    wrong: tuple[str, ...]
    seconds: float


def is_clear(said: str) -> bool:
    """Whether a sentence says that there is no room and what to do."""
    return bool(_FULL.search(said) and _STEP.search(said)) and "Traceback" not in said


def full_disks(*, count: int, embedder: str, activity: str = "", without: str = "") -> Iterator[Point]:
    """Yield about `count` points.

    Each operation is done once with all room to see how much it needs; then with 0 bytes, and in even steps up to that.

    Raises:
        SetupError: this machine lets us make no small file system, so nothing was measured.
    """
    with tempfile.TemporaryDirectory(prefix="lottery-chat-full-") as folder:
        if not narrow.can_mount(Path(folder)):
            raise SetupError(
                "A small file system cannot be made here (`unshare -rm mount -t tmpfs …` is refused): not measured. "
                "Run it on Linux with user namespaces, or as root."
            )
        disk = Path(folder) / "disk"
        disk.mkdir()
        for doing, share in SHARES.items():
            if activity not in ("", doing):
                continue
            steps = max(2, share * count // sum(SHARES.values()))
            need = max(int(_tried(str(disk), doing, (-1,), embedder, without)[0][6]), 2**16)
            rooms = tuple(at * need // steps for at in range(steps))
            for told in _tried(str(disk), doing, rooms, embedder, without):
                yield _point(doing, told)


def _tried(disk: str, doing: str, rooms: tuple[int, ...], embedder: str, without: str) -> list[tuple[Any, ...]]:
    with narrow.start(narrow.Narrow(disk, doing, rooms, embedder, without)) as process:
        assert process.stdout is not None
        told = read(process.stdout.readlines())
    found = [one for one in told if one[0] == "tried"]
    # Lance's own log line about a compaction that it will try again is no traceback and no loss.
    said = " ".join(str(one[1]) for one in told if one[0] == "said" and "lance::dataset::optimize" not in str(one[1]))
    if len(found) < len(rooms):
        found += [("tried", -1, [], [], [f"the app ended: {said[-600:]}"], 0.0, 0)] * (len(rooms) - len(found))
    elif said:
        found[-1] = (*found[-1][:4], [*found[-1][4], f"printed: {said[-600:]}"], *found[-1][5:])
    return found


def _point(doing: str, told: tuple[Any, ...]) -> Point:
    _, room, said, lost, wrong, seconds, _ = told
    return Point(
        doing, int(room), tuple(said), not said or all(is_clear(one) for one in said), tuple(lost), tuple(wrong), float(seconds)
    )  # fmt: skip


def as_rows(found: list[Point]) -> list[tuple[str, ...]]:
    """Return a row an operation and a row for all."""
    rows: list[tuple[str, ...]] = [
        ("with a full disk", "points", "it failed and said so", "unclear", "lost", "else wrong", "slowest")
    ]
    for doing in (*SHARES, ""):
        its = [one for one in found if one.activity == (doing or one.activity)]
        if its:
            rows.append(
                (
                    doing or "all", str(len(its)), str(sum(bool(one.said) for one in its)),
                    str(sum(not one.clear for one in its)), str(sum(len(one.lost) for one in its)),
                    str(sum(len(one.wrong) for one in its)), f"{max(one.seconds for one in its):.1f} s",
                )
            )  # fmt: skip
    return rows
