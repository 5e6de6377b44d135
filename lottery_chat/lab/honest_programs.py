"""Honest programs: what models write for example problems and plain Python runs must run in the sandbox, too.

`lottery-chat lab programs FOLDER --model NAME` collects the first distinct ones, once, as they were written (nothing
is tuned on a changing set), and then runs each in the sandbox. The folder lies outside the repository, because the
programs tell benchmark problems again.

What this does not do: plain Python is no sandbox, so a program is run there only when its text imports nothing but
arithmetic and dates and names nothing that reaches files, processes or Python's inside; the others are left out.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError, NotFound, SettingsError
from lottery_chat.lab.loading import rows_of
from lottery_chat.messages import Message
from lottery_chat.models.protocol import ChatModel, Reply, Request
from lottery_chat.planner.by_program import ROOM, code_of
from lottery_chat.planner.prompts import render
from lottery_chat.planner.written_values import same
from tools.programs import ProgramResult

#: What a program may import to be run in plain Python, and what it may not name.
_MODULES = frozenset(
    "math statistics fractions decimal datetime calendar itertools functools collections random re string".split()
)
_NAMES = frozenset(
    "open exec eval compile input globals locals vars getattr setattr delattr breakpoint help exit quit memoryview".split()
)
_LEAD = {"program": "```python\ndef solution():\n", "program_check": "```python\n"}
_MARK = "=====value====="
_PRINTED = f"""
import json as _json
_value = solution() if "solution" in dir() else ans
print({_MARK!r} + _json.dumps(_value, default=str))
"""
SECONDS = 5.0

RunProgram = Callable[[str], ProgramResult]


@dataclass(frozen=True, slots=True)
class Written:
    """A program as a model wrote it for an item, and the value it gave in plain Python."""

    model: str
    item: str
    code: str
    value: Any


@dataclass(frozen=True, slots=True)
class Compared:
    """A program in the sandbox: `right` when it gave plain Python's value, else `said` is what it gave or lacks."""

    written: Written
    right: bool
    said: str


def outside(folder: Path) -> Path:
    """The folder, resolved. Raises SettingsError when it lies in the repository."""
    whole = folder.resolve()
    if Path(__file__).resolve().parents[2] in (whole, *whole.parents):
        raise SettingsError(f"{str(folder)!r} lies in the repository. Name a folder outside it: the programs tell benchmark problems again.")  # fmt: skip
    return whole


def kept(folder: Path) -> list[Written]:
    """The programs of a folder, in the order they were written; none when it is new."""
    path = folder / "programs.jsonl"
    return [Written(**row) for _, row in rows_of(path)] if path.is_file() else []


def collect(model: ChatModel, problems: Path, folder: Path, *, count: int, until: float) -> Iterator[Written]:
    """Yield the programs that `model` writes, until `count` of its own are kept or `until` (monotonic); resumable.

    Args:
        problems: JSON Lines with id and question; each is asked for in both forms of the planner's prompts.

    Raises:
        NotFound: there are no such problems. ModelError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    have = kept(folder)
    mine = [one for one in have if one.model == model.card.name]
    tried_file = folder / f"tried-{model.card.name.replace('/', '_').replace(':', '_')}.txt"
    tried = set(tried_file.read_text("utf-8").split()) if tried_file.is_file() else set()
    codes = {_plain(one.code) for one in have}
    asked = [(form, str(row["id"]), str(row["question"])) for form in _LEAD for _, row in rows_of(problems)]
    if not asked:
        raise NotFound(f"{str(problems)!r} has no problems.")
    for form, item, question in asked:
        if len(mine) >= count or time.monotonic() > until:
            return
        if f"{form}:{item}" in tried:
            continue
        code = write(model, form, question)
        with tried_file.open("a", encoding="utf-8") as file:
            file.write(f"{form}:{item}\n")
        value, problem = in_python(code)
        if problem or _plain(code) in codes:
            continue
        one = Written(model.card.name, item, code, value)
        with (folder / "programs.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(one)) + "\n")
        mine.append(one)
        codes.add(_plain(code))
        yield one


def write(model: ChatModel, form: str, question: str) -> str:
    """A program for a question, asked for as the planner asks."""
    messages = (
        Message("system", render("program_system")),
        Message("user", render(form, question=question.strip())),
        Message("assistant", _LEAD[form]),
    )
    reply: Reply | None = None
    for piece in model.stream(Request(messages, max_tokens=ROOM, stop=("```",)), threading.Event()):
        reply = piece if isinstance(piece, Reply) else reply
    return code_of(_LEAD[form], reply.text) if reply is not None else ""


def in_python(code: str) -> tuple[Any, str]:
    """The value in plain Python in an empty folder, or None and why there is none."""
    why = _not_harmless(code)
    if why:
        return None, why
    with tempfile.TemporaryDirectory(prefix="lottery-chat-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-"], input=code + "\n" + _PRINTED, cwd=folder, env={}, timeout=SECONDS,
                capture_output=True, text=True, check=False, encoding="utf-8",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None, f"it took longer than {SECONDS:g} s"
    _, mark, value = done.stdout.rpartition(_MARK)
    if done.returncode or not mark:
        return None, (done.stderr.strip().splitlines() or ["it gave no value"])[-1]
    found = json.loads(value)
    return (found, "") if found is not None else (None, "its value is None")


def in_sandbox(programs: Sequence[Written], run: RunProgram) -> list[Compared]:
    """Each program's value in the sandbox against plain Python's. Raises ProgramsUnavailable."""
    found = []
    for one in programs:
        done = run(one.code)
        if done.error:
            found.append(Compared(one, False, done.error))
        else:
            found.append(Compared(one, same(done.value, one.value), f"{done.value!r}, plain Python: {one.value!r}"))
    return found


def as_markdown(found: Sequence[Compared]) -> str:
    """A row a model, then a row for each program that the sandbox does not run as plain Python does."""
    if not found:
        raise LotteryChatError("There are no programs yet. Collect some with --model NAME.")
    lines = ["| model | programs | the sandbox gives plain Python's value |", "|---|---|---|"]
    for model in dict.fromkeys(one.written.model for one in found):
        own = [one for one in found if one.written.model == model]
        lines.append(f"| {model} | {len(own)} | {sum(one.right for one in own)} |")
    missing = [one for one in found if not one.right]
    lines += ["", "| lacking | model | item |", "|---|---|---|"] if missing else []
    lines += [f"| {one.said[:120]} | {one.written.model} | {one.written.item} |" for one in missing]
    return "\n".join(lines)


def _plain(code: str) -> str:
    """A program as it is compared: two that differ in spaces or comments are one."""
    try:
        return ast.unparse(ast.parse(code))
    except (SyntaxError, ValueError, RecursionError):
        return code


def _not_harmless(code: str) -> str:
    """Why a program's text is not run outside the sandbox; "" where it may be."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"it is no Python: {error}"
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        if any(name.partition(".")[0] not in _MODULES for name in names):
            return f"it imports {', '.join(names)}"
        said = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if said in _NAMES or said.startswith("__"):
            return f"it names {said}"
    return ""
