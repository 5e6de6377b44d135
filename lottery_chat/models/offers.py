"""What can be had where: the models of the catalogue, of a running Ollama and of an OpenAI-compatible server.

Also the rule of `auto`. Loads and fetches nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lottery_chat.errors import ModelUnreachable, NotFound
from lottery_chat.models import catalogue, download, http, probing
from lottery_chat.models.ollama import OllamaModelInfo, OllamaServer
from lottery_chat.models.protocol import Where

#: Bytes that must be available for `auto` to take the larger embedded model.
ENOUGH_FOR_LARGE = 3_500_000_000
_FRESH = 5.0  # seconds a look at the servers holds
_ROOM = 300_000_000  # bytes beside the file that a loaded model needs


@dataclass(frozen=True, slots=True)
class Offer:
    """A model one can choose: the fields of interface.ModelInfo, and `chats` (it has a chat template)."""

    name: str
    where: Where
    size: int
    licence: str
    window: int
    installed: bool
    fits: bool
    note: str = ""
    chosen: bool = False
    chats: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A model and who serves it."""

    name: str
    where: Where

    @property
    def key(self) -> str:
        return f"{self.where}/{self.name}"


class Offers:
    """Looks at the folder and the servers, at most every five seconds."""

    def __init__(
        self, folder: Path, ollama: OllamaServer, openai: http.Server | None, window: int, free: Callable[[], int]
    ) -> None:
        self.folder, self.window = folder, window
        self.ollama, self.openai = ollama, openai
        self._free = free
        self._lock = threading.Lock()
        self._seen = 0.0
        self._in_ollama: tuple[OllamaModelInfo, ...] | None = None
        self._in_openai: tuple[str, ...] = ()

    def forget(self) -> None:
        """Look anew next time."""
        self._seen = 0.0

    def list(self) -> tuple[Offer, ...]:
        """Everything one can choose; a name that two places have is `where/name` at the less preferred one."""
        tags, names = self._look()
        free = self._free()
        found = [self._from_ollama(one, free) for one in tags or ()]
        taken = {one.name for one in found}
        for entry in catalogue.MODELS:
            if entry.embedded:
                name = f"embedded/{entry.name}" if entry.name in taken else entry.name
                found.append(self._from_catalogue(entry, name, free))
            elif tags is not None and entry.name not in taken:
                found.append(
                    Offer(
                        entry.name,
                        "ollama",
                        0,
                        entry.licence,
                        self.window,
                        False,
                        _fits(entry.memory, free),
                        "Ollama can pull it",
                    )
                )
        found += [
            Offer(
                f"openai/{name}",
                "openai",
                0,
                "",
                self.window,
                True,
                True,
                "leaves this computer" if self._leaves() else "",
            )
            for name in names
        ]
        return tuple(found)

    def place(self, name: str) -> Place:
        """Who serves the model of this name (`where/name`, or the name alone).

        Raises:
            NotFound: nobody.
        """
        where, _, rest = name.partition("/")
        if where == "embedded" and (entry := catalogue.find(rest)) and entry.embedded:
            return Place(entry.name, "embedded")
        if where == "ollama" and rest:
            return Place(rest, "ollama")
        if where == "openai" and self.openai is not None:
            return Place(rest, "openai")
        tags, names = self._look()
        for one in tags or ():
            if name in (one.name, one.name.removesuffix(":latest")):
                return Place(one.name, "ollama")
        entry = catalogue.find(name)
        if entry is not None and (entry.embedded or tags is not None):
            return Place(entry.name, "embedded" if entry.embedded else "ollama")
        if name in names or (name == "openai" and names):
            return Place(name if name in names else names[0], "openai")
        known = ", ".join(one.name for one in self.list())
        hint = " Start Ollama to have it." if entry is not None else f" There are: {known}."
        raise NotFound(f"There is no model {name!r} here.{hint}")

    def automatic(self) -> Place:
        """Ollama's best chat model that fits; else the embedded 1.5B with 3.5 GB available, else the 0.5B."""
        free = self._free()
        tags = {one.name.removesuffix(":latest"): one for one in self._look()[0] or () if one.template}
        fitting = [name for name, one in tags.items() if one.loaded or _fits(one.size, free)]
        ranked = [name for name in catalogue.PREFERRED if name in fitting]
        ranked += sorted((name for name in fitting if name not in ranked), key=lambda name: -tags[name].size)
        if ranked:
            return Place(tags[ranked[0]].name, "ollama")
        large = free >= ENOUGH_FOR_LARGE
        return Place((catalogue.CODER_LARGE if large else catalogue.CODER_SMALL).name, "embedded")

    def fallback(self, failed: Place) -> Place | None:
        """An embedded model that is already here, when `auto`'s own could not be had."""
        for entry in catalogue.MODELS:  # the better ones first
            if download.is_installed(entry, self.folder) and Place(entry.name, "embedded") != failed:
                return Place(entry.name, "embedded")
        return None

    def has(self, place: Place) -> bool:
        """Whether the model is there without a download."""
        if place.where == "embedded":
            entry = catalogue.find(place.name)
            return entry is not None and download.is_installed(entry, self.folder)
        if place.where == "ollama":
            tags = self._look()[0]
            # An Ollama that does not answer is not asked to fetch: whether the model is there, it says when it is back.
            return tags is None or any(one.name in (place.name, f"{place.name}:latest") for one in tags)
        return True

    def _look(self) -> tuple[tuple[OllamaModelInfo, ...] | None, tuple[str, ...]]:
        with self._lock:
            if time.monotonic() - self._seen > _FRESH or not self._seen:
                self._in_ollama, self._in_openai = None, ()
                try:
                    if self.ollama.version() is not None:
                        self._in_ollama = self.ollama.models()
                except ModelUnreachable:
                    self._in_ollama = None  # it went away between the two questions
                try:
                    self._in_openai = probing.model_names(self.openai) if self.openai else ()
                except ModelUnreachable:
                    self._in_openai = ()
                self._seen = time.monotonic()
            return self._in_ollama, self._in_openai

    def _from_ollama(self, one: OllamaModelInfo, free: int) -> Offer:
        entry = catalogue.find(one.name)
        note = "" if one.template else "made from a file without a chat template: it completes text, it does not answer"
        window = min(self.window, one.trained or self.window)
        licence = entry.licence if entry else one.licence
        fits = one.loaded or _fits(one.size, free)
        return Offer(one.name, "ollama", one.size, licence, window, True, fits, note, chats=one.template)

    def _from_catalogue(self, entry: catalogue.CatalogueModel, name: str, free: int) -> Offer:
        note = "better at programs than at free text" if entry.codes else "small enough for a test, not for answers"
        return Offer(
            name, "embedded", entry.bytes, entry.licence, min(self.window, entry.window),
            download.is_installed(entry, self.folder), not free or entry.memory <= free, note,
        )  # fmt: skip

    def _leaves(self) -> bool:
        return self.openai is not None and not http.is_loopback(self.openai.url)


def _fits(size: int, free: int) -> bool:
    return not free or size * 1.15 + _ROOM <= free
