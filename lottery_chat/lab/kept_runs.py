"""What the lab measured, for the page: the runs that are kept in one folder, and the report of each.

Read only, also while a run writes into its folder. Runs that were kept elsewhere with --out are not known here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.interface.lab import LabRun
from lottery_chat.lab import panel
from lottery_chat.lab.records import load
from lottery_chat.lab.reporting import as_markdown, report
from lottery_chat.lab.tasks import NAMES

#: The most runs listed.
MOST = 500


class KeptRuns:
    """interface.Lab over the folder that `lottery-chat lab run` and `lab panel` write into."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def runs(self) -> tuple[LabRun, ...]:
        """The runs, newest first; a folder that is none is passed over."""
        try:
            found = [one for one in self._folder.iterdir() if (one / "records.jsonl").is_file()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise LotteryChatError(f"{str(self._folder)!r} cannot be read: {error.strerror or error}.") from error
        listed = [_run(one) for one in found]
        return tuple(sorted(listed, key=lambda one: (one.started, one.name), reverse=True)[:MOST])

    def report(self, run: str) -> str:
        """The report of one run as Markdown, the same as `lottery-chat lab report` prints. Raises NotFound."""
        if run not in [one.name for one in self.runs()]:  # a name of the list, never a path
            raise NotFound(f"There is no run {run!r} in {str(self._folder)!r}. Reload the page.")
        return as_markdown(report(load(self._folder / run), family=_family))


def _run(folder: Path) -> LabRun:
    told = _manifest(folder)
    models = told.get("models")
    with (folder / "records.jsonl").open("rb") as file:
        items = sum(1 for _ in file)
    return LabRun(
        folder.name, str(told.get("started", "")), tuple(map(str, models if isinstance(models, list) else ())), items
    )


def _manifest(folder: Path) -> Mapping[str, Any]:
    try:
        read = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _family(task: str) -> str:
    return panel.family_of(task) or {name: str(family) for name, family, _ in NAMES}.get(task, task)
