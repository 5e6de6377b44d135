"""Judge one cell: a healthy question first, then the fault, then whole again; every goal that was missed is a sentence."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import Literal

from lottery_chat.lab.fault_rooms import Ended
from lottery_chat.lab.fault_scenes import INVENTED, Scene

#: right: the fact all the same (the part was mended or not needed); error: a sentence and no value;
#: without: an answer that does not use the part and says so.
How = Literal["right", "error", "without", "missed"]
SLACK = 1.0
_CONTROLS = 3
_TRACE = re.compile(
    r"Traceback \(most recent|Something went wrong inside|File \"[^\"]+\", line \d|<class '|object at 0x"
)
#: Something a person can do, or what the program does by itself.
_NEXT = re.compile(
    r"\b(?:again|start|check|use|choose|close|free|ask|try|tried|look|set|change|add|export|put|split|give|restart|"
    r"reinstall|install|another|instead|unset|save|restore|model alone)\b",
    re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """One experiment: how the question under fault ended, its seconds and their limit, how often the part was tried."""

    part: str
    fault: str
    how: How
    seconds: float
    limit: float
    tries: int
    missed: tuple[str, ...]
    said: str


def judged(scene: Scene, fault: str) -> Cell:
    """Run the cell. The scene is prepared and healthy."""
    missed: list[str] = []
    limit = scene.limit_of(fault)
    healthy = _ask(scene, 0, limit)
    for _ in range(_CONTROLS - 1):  # on a machine that is busy with other work a healthy part may run into its limit
        if scene.fact in healthy.said:
            break
        healthy = _ask(scene, 0, limit)
    if scene.fact not in healthy.said:
        missed.append(f"the control: the healthy part did not give the fact ({healthy.text[:200]!r})")
    with Uncaught() as uncaught:
        scene.break_(fault)
        before = scene.attempts()
        ended = _ask(scene, 1, limit)
        tries = scene.attempts() - before
        how = _how(scene, ended, limit, missed)
        if tries > scene.most_tries:
            missed.append(f"the part was tried {tries} times for one question; at most {scene.most_tries}")
        if scene.others:
            _other(scene, missed)
        if scene.rests_after(fault):
            _rests(scene, limit, missed)
        scene.mend()
        _whole(scene, missed)
    missed += [f"a traceback: {one}" for one in uncaught.found]
    return Cell(scene.part, fault, "missed" if missed else how, round(ended.seconds, 2), limit, tries, tuple(missed), " ".join(ended.text.split())[:400])  # fmt: skip


def _ask(scene: Scene, number: int, limit: float) -> Ended:
    return scene.room.ask(scene.question(number), most=limit, seconds=scene.seconds, **scene.options())


def _how(scene: Scene, ended: Ended, limit: float, missed: list[str]) -> How:
    """How a question under fault ended; what is wrong with that is added to `missed`."""
    if ended.answered is None and not ended.error:
        missed.append(f"it did not end within {limit:g} s")
        return "missed"
    if ended.seconds > limit + SLACK:
        missed.append(f"it took {ended.seconds:.1f} s; the limit is {limit:g} s")
    if shows_inner(ended.text):
        missed.append(f"inner workings are shown: {ended.text[:200]!r}")
    if len(ended.text) > 20_000:
        missed.append(f"the answer has {len(ended.text):,} characters")
    named = any(name.lower() in ended.text.lower() for name in scene.names)
    one = ended.answered
    stated = {one for one in (scene.fact, INVENTED) if re.search(rf"\b{one}\b", ended.said)}
    if scene.fact in stated and one is not None and one.status == "answered":
        return "right"
    if INVENTED in stated and not _as_belief(ended):
        missed.append(f"an invented value as known by {one.known if one else '?'}: {ended.text[:200]!r}")
    if not named:
        missed.append(f"the failed part is not named: {ended.text[:300]!r}")
    if one is not None and one.status == "answered" and stated:
        return "without"
    if not _NEXT.search(ended.text):
        missed.append(f"no next step: {ended.text[:300]!r}")
    return "error"


def shows_inner(text: str) -> bool:
    """Whether a text has a traceback, or what only a traceback has."""
    return _TRACE.search(text) is not None


def _as_belief(ended: Ended) -> bool:
    """Whether what the model made up is told as its own belief."""
    one = ended.answered
    return one is not None and not one.checked and (one.known == "model" or "the model alone believes" in one.text)


def _other(scene: Scene, missed: list[str]) -> None:
    question, wanted = scene.other()
    ended = scene.room.ask(question, most=20.0, seconds=20.0, web_search="off")
    if wanted not in ended.text:
        missed.append(f"the next question was not answered meanwhile: {ended.text[:200]!r}")


def _rests(scene: Scene, limit: float, missed: list[str]) -> None:
    """Two more failures, then the part must not be tried any more."""
    for number in (2, 3):
        _ask(scene, number, limit)
    before = scene.attempts()
    ended = _ask(scene, 4, limit)
    if scene.attempts() > before:
        missed.append("after three failures it was tried a fourth time")
    if not any(word in ended.text for word in ("rests", "left alone", "off")):
        missed.append(f"that it rests is not said: {ended.text[:200]!r}")


def _whole(scene: Scene, missed: list[str]) -> None:
    """Made whole, it answers again (after its rest, and the time it takes to be built anew)."""
    scene.room.parts.clock.forward(200.0)
    until = time.monotonic() + scene.mends
    while True:
        ended = scene.room.ask(scene.question(5), most=scene.limit, seconds=scene.seconds, **scene.options())
        if scene.fact in ended.said:
            return
        if time.monotonic() >= until:
            missed.append(f"made whole, it still fails: {ended.text[:300]!r}")
            return
        time.sleep(1.0)


class Uncaught:
    """Errors that left a thread while it is entered: a traceback in somebody's terminal."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __enter__(self) -> Uncaught:
        self._before = threading.excepthook
        threading.excepthook = self._keep
        return self

    def _keep(self, args: threading.ExceptHookArgs) -> None:
        name = args.thread.name if args.thread is not None else "?"
        self.found.append(f"{args.exc_type.__name__}: {args.exc_value} in thread {name!r}")

    def __exit__(self, *details: object) -> None:
        threading.excepthook = self._before
