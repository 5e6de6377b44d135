"""Scenes of the parts that are children or functions of ours: Python, Z3, calculator, converter (fault_scenes.py)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lottery_chat.adapters import PlannerCompute
from lottery_chat.lab.fault_children import FaultyChildren, SandboxDouble
from lottery_chat.lab.fault_rooms import START_SECONDS, RoomParts, room_settings
from lottery_chat.lab.fault_scenes import FACT, Scene, tower_text
from lottery_chat.lab.fault_server import HTML, MEGABYTES
from tools.calculator import Calculation, calculate
from tools.errors import ToolBroke
from tools.programs import GRACE_SECONDS, Programs

_RUN = 5.0  # most seconds of one program
_READING = 12.0  # and of one reading, 90 in the program


class PythonScene(Scene):
    """The sandbox for programs: its interpreter is a double that fails as it is told."""

    part, names, rests = "Python", ("program", "code", "sandbox", "python"), True
    #: Two programs are written, and each is repaired once: four runs at most, none of them the same call again.
    limit, most_tries = START_SECONDS + 4 * (_RUN + GRACE_SECONDS), 4

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.double = SandboxDouble(folder)
        super().__init__(folder, guarded)

    def parts(self) -> RoomParts:
        """Programs with the double as interpreter."""
        compute = PlannerCompute(Programs(str(self.double.path), start_seconds=START_SECONDS))
        return RoomParts(room_settings(self.folder), model=self.model, compute=compute, guarded=self.guarded)

    def question(self, number: int) -> str:
        """A word problem for which a program is written."""
        who = ("Ann", "Ben", "Cem", "Dan", "Eve", "Fay")[number % 6]
        return f"{who} has 23 boxes with 41 screws each in a drawer and then finds 7699 loose ones. How many screws does {who} have now?"  # fmt: skip

    def rests_after(self, fault: str) -> bool:
        """Not where a program of the model's may be the reason: it ran out of time, or its sandbox died under it."""
        return fault not in ("silence", "drip", "reset", "dies")

    def break_(self, fault: str) -> None:
        """For the next child; the warm one is ended first, as its 200 runs would."""
        self.room.parts.tools.compute().close()
        self.double.break_(fault)

    def attempts(self) -> int:
        """Starts and requests of the double."""
        return self.double.tries()


class SolverScene(Scene):
    """Z3 in its limited child."""

    part, names, rests, fact = "Z3", ("logic", "solver"), True, "Brandt"
    limit = 20.0

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self.children = FaultyChildren("tools.logic.solver")
        super().__init__(folder, guarded)

    def parts(self) -> RoomParts:
        """The prover's children are the faulty ones."""
        return RoomParts(room_settings(self.folder), model=self.model, children=self.children, guarded=self.guarded)

    def question(self, number: int) -> str:
        """Only Z3 sees that it follows; the name that is asked for is the fact."""
        who = ("Uma", "Leo", "Kai", "Zoe", "Ida", "Max")[number % 6]
        return f"Four friends ran a race: {who}, Tom, Brandt and Pia. {who} finished before Tom. Pia finished last. Brandt finished after Tom. Who finished third?"  # fmt: skip

    def rests_after(self, fault: str) -> bool:
        """Not where its time ran out: from outside that is a hard text like any other, and one text costs its limit."""
        return fault not in ("connect-hang", "silence", "drip")

    def break_(self, fault: str) -> None:
        """For the next child."""
        self.children.fault = fault

    def attempts(self) -> int:
        """Children that were started, or tried to."""
        return self.children.calls


class FaultyCompute(PlannerCompute):
    """The calculator with a fault in the place of its value; programs are off, so that nothing else can compute it."""

    def __init__(self) -> None:
        super().__init__()
        self.fault = ""
        self.calls = 0
        self._never = threading.Event()

    def calculate(self, reading: Any) -> Calculation:
        """Count, misbehave, or calculate."""
        self.calls += 1
        value = calculate(reading.text)
        faults: dict[str, Callable[[], Any]] = {
            "": lambda: value, "refused": self._import, "dns": lambda: value.nowhere,  # type: ignore[attr-defined]
            "connect-hang": self._never.wait, "silence": self._compute, "drip": lambda: (self._never.wait(8.0), value)[1],
            "reset": lambda: _raise(SystemExit("calculator")), "500": lambda: _raise(RuntimeError("internal error")),
            "429": lambda: _raise(ToolBroke("The calculator is busy with too much at once. Try again in a minute.")),
            "html": lambda: HTML.decode(), "truncated": lambda: Calculation(value.expression, value.value, None, (), "", True),  # type: ignore[arg-type]
            "empty": lambda: None, "50MB": lambda: Calculation(value.expression, value.value, "9" * (MEGABYTES * 10**6), (), "", True),
            "dies": lambda: _raise(MemoryError()),
        }  # fmt: skip
        return faults[self.fault]()  # type: ignore[no-any-return]

    def programs_available(self) -> bool:
        """Off."""
        return False

    def release(self) -> None:
        """Let threads that hang come to their end."""
        self._never.set()

    def _import(self) -> None:
        raise ImportError("No module named 'tools.calculator'", name="tools.calculator")

    def _compute(self) -> None:
        never = self._never
        while not never.is_set():
            time.sleep(0)


def _raise(error: BaseException) -> Any:
    raise error


class CalculatorScene(Scene):
    """The calculator, a function in a thread of ours with 5 seconds."""

    part, names, rests = "calculator", ("calculat",), True
    limit = 6.0

    def parts(self) -> RoomParts:
        """Compute is the faulty one."""
        self.compute = FaultyCompute()
        return RoomParts(room_settings(self.folder), model=self.model, compute=self.compute, guarded=self.guarded)

    def question(self, number: int) -> str:
        """A calculation as a whole."""
        one = 100 + number
        return f"What is {one} + {int(FACT) - one}?"

    def break_(self, fault: str) -> None:
        """From the next call on."""
        self.compute.release()
        self.compute._never = threading.Event()
        self.compute.fault = fault

    def attempts(self) -> int:
        """Calls."""
        return self.compute.calls

    def other(self) -> tuple[str, str]:
        """Without numbers."""
        return "Hello, how are you?", "mm"

    def close(self) -> None:
        """Threads first."""
        self.compute.release()
        super().close()


class ConverterScene(Scene):
    """The reader of documents in its limited child: a new file with each question."""

    part, names = "converter", ("farrow-", "reader")
    seconds = 20.0
    limit = seconds
    #: A child that hangs is ended, and what the system hindered is tried again, before the next file's turn comes.
    mends = 2 * _READING

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self.children = FaultyChildren("knowledge.reading", most=_READING)
        super().__init__(folder, guarded)

    def parts(self) -> RoomParts:
        """The library's children are the faulty ones."""
        return RoomParts(room_settings(self.folder), model=self.model, children=self.children, guarded=self.guarded)

    def question(self, number: int) -> str:
        """About the file that is dropped with it."""
        self._number = number
        return "How tall is the Farrow tower?"

    def options(self) -> dict[str, Any]:
        """A file of its own for each question."""
        file = self.folder / f"farrow-{self._number}.txt"
        file.write_text(f"{tower_text()}\n\nCopy of the {'x' * (self._number + 1)} edition.", encoding="utf-8")
        return {"attachments": [self.room.app.documents.add(file).id], "web_search": "off"}

    def break_(self, fault: str) -> None:
        """For the next child."""
        self.children.fault = fault

    def attempts(self) -> int:
        """Children that were started, or tried to."""
        return self.children.calls


SCENES: tuple[type[Scene], ...] = (PythonScene, SolverScene, CalculatorScene, ConverterScene)
