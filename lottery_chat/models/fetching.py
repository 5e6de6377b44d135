"""Get a model onto this machine from wherever it comes, and delete it again."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lottery_chat.errors import LotteryChatError
from lottery_chat.models import catalogue, download
from lottery_chat.models.hub_state import HubState, downloading
from lottery_chat.models.offers import Offers, Place
from lottery_chat.models.sources import Progress, Sources


class Fetching:
    """Fetches and deletes what the offers name.

    Args:
        say: receives a line for the terminal when a download was checked.
    """

    def __init__(self, offers: Offers, sources: Sources, say: Callable[[str], None]) -> None:
        self._offers, self._sources, self._say = offers, sources, say

    def fetch(self, place: Place, tell: Callable[[Progress], None], cancel: threading.Event) -> None:
        """Fetch a model, blocking; `tell` hears how far it is.

        Raises:
            DownloadFailed, ModelError.
        """
        entry = catalogue.find(place.name)
        if place.where == "embedded" and entry is not None:
            fresh = not self._offers.has(place)
            last: list[str] = []

            def told(progress: Progress) -> None:
                last[:] = [progress.text]
                tell(progress)

            download.download(entry, self._offers.folder, tell=told, cancel=cancel, sources=self._sources)
            if fresh and last:
                self._say(f"{last[0]} ({entry.sha256[:12]}…), so it does not matter who packed it.")
        elif place.where == "ollama":
            begun = time.monotonic()
            for step in self._offers.ollama.pull(place.name, cancel):
                left = (time.monotonic() - begun) / step.done * (step.total - step.done) if step.done else None
                tell(Progress(place.name, "Ollama", step.done, step.total, left, f"Ollama: {step.text} {place.name}"))

    def pull(self, place: Place) -> Iterator[HubState]:
        """Fetch a model in a thread, yielding how far it is; closing the iterator stops it.

        Raises:
            DownloadFailed, ModelError.
        """
        cancel = threading.Event()
        news: queue.Queue[Progress | LotteryChatError | None] = queue.Queue()

        def work() -> None:
            try:
                self.fetch(place, news.put, cancel)
                news.put(None)
            except LotteryChatError as error:
                news.put(error)

        threading.Thread(target=work, name="model-pull", daemon=True).start()
        try:
            while (item := news.get()) is not None:
                if isinstance(item, LotteryChatError):
                    raise item
                yield downloading(place, item)
            yield HubState("ready", f"{place.name} is on this computer", place.name, place.where)
        finally:
            cancel.set()
            self._offers.forget()

    def checked(self, place: Place) -> tuple[Path, catalogue.CatalogueModel]:
        """The file of an embedded model that is here, once it was seen to be whole, and its entry in the catalogue.

        Raises:
            DownloadFailed: it is not what was published.
        """
        entry = catalogue.find(place.name)
        assert entry is not None
        download.check_file(entry, self._offers.folder)
        return self._offers.folder / entry.file, entry

    def delete(self, place: Place) -> None:
        """Delete an embedded or an Ollama model from this machine."""
        if place.where == "ollama":
            self._offers.ollama.remove(place.name)
        else:
            entry = catalogue.find(place.name)
            assert entry is not None
            download.remove(entry, self._offers.folder)
        self._offers.forget()
