"""What was promised and what is there: the ledger of a home, and every way the two can differ."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError
from lottery_chat.interface.app import App
from lottery_chat.interface.documents import DocumentInfo
from lottery_chat.lab.durable.made import Made, made

#: How many documents are looked for right after the start; all that changed are looked for at the end.
_AT_ONCE = 6
_PATIENCE = 90.0
#: Words of a sentence that says that something was broken, not only unfinished.
_BROKEN = ("damaged", "cannot be read")


@dataclass(slots=True)
class Ledger:
    """What a home may hold: for each number the versions that are allowed, None for none; and what was called ready."""

    allowed: dict[int, set[int | None]] = field(default_factory=dict)
    ready: set[tuple[int, int]] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    removed: set[tuple[int, int]] = field(default_factory=set)
    replaced: set[tuple[int, int]] = field(default_factory=set)
    going: set[tuple[int, int]] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    rebuilding: bool = False

    def read(self, told: Iterable[tuple[Any, ...]]) -> None:
        """Take over what a worker told."""
        for word, *values in told:
            if word == "said":
                self.said.append(str(values[0]))
            elif word == "rebuilding":
                self.rebuilding = True
            elif word in ("adding", "replacing", "removing", "kept", "removed", "ready", "failed", "late"):
                self._one(word, int(values[0]), int(values[1]))

    def _one(self, word: str, number: int, version: int) -> None:
        self.touched.add(number)
        if word == "adding":
            self.allowed[number] = self.allowed.get(number, {None}) | {version}
        elif word == "replacing":
            self.allowed[number] = {version - 1, version}
        elif word == "removing":
            self.allowed[number] = {None, version}
            self.ready.discard((number, version))
            self.going.add((number, version))
        elif word == "kept":
            self.allowed[number] = {version}
            self.replaced |= {(number, before) for before in range(version)}
        elif word == "removed":
            self.allowed[number] = {None}
            self.removed.add((number, version))
        elif word == "ready":
            self.ready.add((number, version))
        else:
            self.said.append(f"{made(number, version).name} is {word}.")

    def living(self) -> list[Made]:
        """Every document that must be there, in its one version."""
        return [made(n, next(iter(v)) or 0) for n, v in self.allowed.items() if len(v) == 1 and None not in v]

    def settled(self, there: Iterable[Made]) -> None:
        """From now on exactly these are there, and ready."""
        self.ready = {(one.number, one.version) for one in there}
        self.allowed = {number: {version} for number, version in self.ready}
        self.touched, self.rebuilding, self.said = set(), False, []


@dataclass(frozen=True, slots=True)
class Found:
    """What an examination found: `lost` and what else must not be; what `documents check` mended."""

    lost: tuple[str, ...]
    wrong: tuple[str, ...]
    mended: tuple[str, ...]
    unfinished: int
    seconds: float


class Examination:
    """One look at a home, with the app just opened on it."""

    def __init__(self, app: App, home: Path, ledger: Ledger, collection: str = "") -> None:
        """`collection` is the name of a collection that every document of a number below 1000 is in."""
        self._app, self._home, self._ledger, self._collection = app, home, ledger, collection
        self._lost: list[str] = []
        self._wrong: list[str] = []

    def run(self) -> Found:
        """Look at what is there at once, let everything end, look again; the ledger is then what is there."""
        began = time.monotonic()
        documents = self._app.documents
        self._wrong += [f"the worker said: {one}" for one in self._ledger.said]
        self._at_once()
        mended = documents.check()
        self._wrong += [one for one in mended if any(word in one for word in _BROKEN)]
        unfinished = sum(one.state not in ("ready", "failed") for one in documents.list())
        self._ended()
        there = self._versions(documents.list())
        self._all_there(there)
        self._traces({(one.number, one.version) for one in there.values()})
        self._archives()
        self._wrong += [f"the second check says: {one}" for one in self._checked_again()]
        self._ledger.settled(there.values())
        return Found(tuple(self._lost), tuple(self._wrong), tuple(mended), unfinished, time.monotonic() - began)

    def _checked_again(self) -> tuple[str, ...]:
        """What a check says when the last piece of work is over."""
        until = time.monotonic() + _PATIENCE
        while True:
            said = self._app.documents.check()
            if not any("are being taken in" in one for one in said) or time.monotonic() > until:
                return said

    def _at_once(self) -> None:
        """What was ready is found before anything was mended; nothing is found that is gone, or twice."""
        touched = sorted(self._ledger.touched)
        for number in touched[-_AT_ONCE:]:
            allowed = self._ledger.allowed.get(number, {None})
            versions = range(max((one for one in allowed if one is not None), default=0) + 1)
            seen = [one for one in versions if self._finds(made(number, one))]
            if len(seen) > 1:
                self._wrong.append(f"versions {seen} of {made(number).name} are both found")
            if any((number, one) in self._ledger.removed for one in seen):
                self._wrong.append(f"{made(number).name} was removed and is found")
            was_ready = any((number, one) in self._ledger.ready for one in versions)
            if was_ready and None not in allowed and not seen and not self._ledger.rebuilding:
                self._lost.append(f"{made(number).name}, called ready, is not found after the start")

    def _finds(self, one: Made) -> bool:
        try:
            hits = self._app.documents.search(one.marker, by="text")
        except LotteryChatError as error:
            self._wrong.append(f"search says: {error}")
            return False
        return any(hit.document == one.id and one.marker in hit.text for hit in hits)

    def _ended(self) -> None:
        """Everything unfinished comes to an end by itself."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            left = [one for one in self._app.documents.list() if one.state not in ("ready", "failed") or one.replaces]
            if not left:
                return
            self._app.documents.wait(left[0].id, 0.2)
            time.sleep(0.05)
        self._wrong.append(f"{left[0].title} is still {left[0].state} after {_PATIENCE:.0f} s")

    def _versions(self, listed: Sequence[DocumentInfo]) -> dict[str, Made]:
        """The documents that are there, by id; one that is none of ours, or failed, is wrong."""
        last = {n: max(-1 if one is None else one for one in allowed) for n, allowed in self._ledger.allowed.items()}
        known = {one.id: one for number, most in last.items() for one in (made(number, v) for v in range(most + 1))}
        for one in listed:
            if one.state != "ready":
                self._wrong.append(f"{one.title} is {one.state}: {one.problem}")
            if one.id not in known:
                self._wrong.append(f"{one.title} ({one.id[:8]}) came back, or was never there")
        return {one.id: known[one.id] for one in listed if one.id in known}

    def _all_there(self, there: dict[str, Made]) -> None:
        versions: dict[int, list[int]] = {}
        for one in there.values():
            versions.setdefault(one.number, []).append(one.version)
        for number, allowed in self._ledger.allowed.items():
            have = versions.get(number, [])
            if len(have) > 1:
                self._wrong.append(f"{made(number).name} is there in versions {have}")
            elif not have and None not in allowed:
                self._lost.append(f"{made(number).name} is not there")
        for one in there.values():
            original = self._home / "documents" / "originals" / one.sha256[:2] / one.sha256
            if not original.is_file() or original.read_bytes() != one.data:
                self._lost.append(f"the original of {one.name} is not what was given")
            if one.number in self._ledger.touched and not self._finds(one):
                self._lost.append(f"{one.name} is not found by {one.marker!r}")
        if self._collection:
            inside = set(self._app.documents.collection(self._collection).documents)
            self._lost += [f"{one.name} is not in its collection" for one in there.values() if one.number < 1000 and one.id not in inside]  # fmt: skip

    def _archives(self) -> None:
        """An exported file is there whole or not at all."""
        for path in self._home.glob("files/*.zip"):
            try:
                with zipfile.ZipFile(path) as archive:
                    broken = archive.testzip()
            except (zipfile.BadZipFile, OSError) as error:
                broken = str(error)
            if broken is not None:
                self._lost.append(f"the exported file {path.name} is not whole ({broken})")

    def _traces(self, there: set[tuple[int, int]]) -> None:
        """What was removed stands in no file: neither its word nor an entry or text of its name."""
        ledger = self._ledger
        # A removal that was begun is ended: either the document is there, or nothing of it.
        gone = [made(*one) for one in ledger.removed | ledger.replaced | ledger.going if one not in there]
        if not gone:
            return
        for path in (self._home / "documents").rglob("*"):
            if not path.is_file():
                continue
            data = path.read_bytes()
            for one in gone:
                if one.id in path.name or one.marker.encode() in data:
                    self._wrong.append(
                        f"{one.name} v{one.version} is gone and left a trace in {path.relative_to(self._home)}"
                    )
        ledger.removed, ledger.replaced, ledger.going = set(), set(), set()
