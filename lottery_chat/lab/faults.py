"""`lottery-chat lab faults`: the 130 fault cells and the 20 planner faults, judged one after another.

Each cell has a fresh home. Every result is a line of JSON in OUT (fsync'd, resumable: what is there is not run again).
Exit code 1 where a goal was missed.
"""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from lottery_chat.errors import SettingsError
from lottery_chat.lab.fault_judging import Cell, judged
from lottery_chat.lab.fault_scenes import EmbedderScene, FetchScene, Scene, SearchScene
from lottery_chat.lab.fault_scenes_files import MemoryScene, StoreScene
from lottery_chat.lab.fault_scenes_local import CalculatorScene, ConverterScene, PythonScene, SolverScene
from lottery_chat.lab.fault_scenes_model import ModelScene
from lottery_chat.lab.fault_table import FAULTS, TABLE

#: Scenes by part; the model is reached through two doors, and a cell passes where both do.
SCENES: dict[str, tuple[Callable[..., Scene], ...]] = {
    "model": (partial(ModelScene, door="ollama"), partial(ModelScene, door="openai")),
    "embedder": (EmbedderScene,), "vector store": (StoreScene,), "memory DB": (MemoryScene,), "search": (SearchScene,),
    "fetch": (FetchScene,), "Python": (PythonScene,), "Z3": (SolverScene,), "calculator": (CalculatorScene,),
    "converter": (ConverterScene,),
}  # fmt: skip
PLANNER = "planner"


def chosen(parts: Sequence[str], faults: Sequence[str]) -> list[tuple[str, str]]:
    """The cells meant; all where nothing is named. Raises SettingsError for a name that does not exist."""
    for name, known in (*((one, TABLE) for one in parts if one != PLANNER), *((one, FAULTS) for one in faults)):
        if name not in known:
            raise SettingsError(f"There is no {name!r}; one of {', '.join(known)}.")
    return [
        (part, fault) for part in TABLE for fault in FAULTS if part in (parts or TABLE) and fault in (faults or FAULTS)
    ]


def run_cells(cells: Iterable[tuple[str, str]], *, guarded: bool = True) -> Iterator[Cell]:
    """Yield a cell for each (part, fault), run in a fresh home; the model's two doors become one cell."""
    for part, fault in cells:
        yield _together([_one(make, fault, guarded) for make in SCENES[part]])


def _one(make: Callable[..., Scene], fault: str, guarded: bool) -> Cell:
    with tempfile.TemporaryDirectory(prefix="lottery-chat-fault-", ignore_cleanup_errors=True) as folder:
        scene = make(Path(folder), guarded)
        try:
            scene.prepare()
            return judged(scene, fault)
        finally:
            scene.close()


def _together(doors: Sequence[Cell]) -> Cell:
    worst = max(doors, key=lambda one: (bool(one.missed), one.seconds))
    return dataclasses.replace(worst, missed=tuple(missed for one in doors for missed in one.missed))


def keep(out: Path, cell: Cell) -> None:
    """Add a line to the file of results."""
    with out.open("a", encoding="utf-8") as file:
        file.write(json.dumps(dataclasses.asdict(cell), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def kept(out: Path) -> list[Cell]:
    """The cells that are there already; a torn last line is left out."""
    found = []
    for text in out.read_text(encoding="utf-8").splitlines() if out.is_file() else ():
        try:
            row = json.loads(text)
        except ValueError:
            continue
        found.append(Cell(**{**row, "missed": tuple(row["missed"])}))
    return found


def as_markdown(cells: Sequence[Cell]) -> str:
    """A row a part, a column a fault; then how often each ending was, and every goal that was missed."""
    by = {(one.part, one.fault): one for one in cells}
    faults = [fault for fault in FAULTS if any(one.fault == fault for one in cells)]
    lines = ["| part | " + " | ".join(faults) + " |", "| --- |" + " --- |" * len(faults)] if faults else []
    for part in TABLE:
        if any((part, fault) in by for fault in faults):
            shown = [_shown(by.get((part, fault))) for fault in faults]
            lines.append(f"| {part} | " + " | ".join(shown) + " |")
    counts = {how: sum(one.how == how for one in cells) for how in ("right", "without", "error", "missed")}
    lines.append(
        f"\n{len(cells) - counts['missed']} of {len(cells)} end honestly: {counts['error']} with an error that names part"
        f" and next step, {counts['without']} with an answer without the part that says so, {counts['right']} with the"
        f" right answer all the same; {counts['missed']} missed a goal."
    )
    lines += [f"- {one.part}, {one.fault}: {missed}" for one in cells for missed in one.missed]
    return "\n".join(lines)


def _shown(cell: Cell | None) -> str:
    return "" if cell is None else f"{'**missed**' if cell.missed else cell.how} {cell.seconds:.1f} s"
