"""What an action of the lab was given, as it is used: names, the folder of the items, the lab's own home, the model."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Collection, Mapping
from datetime import datetime, timezone
from pathlib import Path

from lottery_chat import assembly
from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.interface.app import App
from lottery_chat.lab.loading import OWN as ITEMS
from lottery_chat.lab.tasks import OWN
from lottery_chat.lab.values import Task
from lottery_chat.settings import Settings

#: Seconds that a model may take until it is loaded.
LOAD_SECONDS = 600.0


def names_in(text: str) -> list[str]:
    """The names between commas, each once. Raises SettingsError where there is none."""
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise SettingsError(f"{text!r} names nothing.")
    return list(dict.fromkeys(names))


def data_folder(given: Path | None, names: Collection[str] = ()) -> Path:
    """The folder of the items: as given, else beside the checkout.

    Args:
        names: tasks that are wanted; where all of them are the lab's own, whose items lie in the package, none is needed.
    """
    if given is None and names and set(names) <= set(OWN):
        return ITEMS
    folder = given or Path(__file__).resolve().parents[2].parent / "shared" / "data"
    if not folder.is_dir():
        raise NotFound(f"There is no folder {str(folder)!r} with benchmark items. Name one with --data; docs/lab_data.md says what is in it.")  # fmt: skip
    return folder


def known_task(everything: Mapping[str, Task], name: str) -> Task:
    """The task of this name. Raises SettingsError where there is none."""
    if name not in everything:
        raise SettingsError(f"Unknown task {name!r}. `lottery-chat lab list` shows the tasks.")
    return everything[name]


def own_home(settings: Settings, parallel: int) -> Settings:
    """The same app with the lab's own home: a person's conversations and documents are not touched."""
    return dataclasses.replace(settings, home=settings.home / "lab", slots=max(settings.slots, parallel))


def run_folder(given: Path | None, settings: Settings, before: str = "") -> Path:
    """Where the lines of a run are kept: as given, else in a new folder of the lab's home, named by the time."""
    stamp = datetime.now(timezone.utc).strftime("%Y%m%d-%H%M%S")
    return given or settings.home / "lab" / "runs" / f"{before}{stamp}"


def model_in_use(app: App) -> str:
    """The model that answers when none is named; where that is "auto", the one it stands for, which is loaded to know.

    Raises:
        ModelError: there is none that can be loaded.
    """
    for one in app.models.list():
        if one.chosen and one.name != "auto":
            return one.name
    hub = assembly.parts_of(app).models.started_hub()
    return str(hub.current("lab", threading.Event(), LOAD_SECONDS).card.name)
