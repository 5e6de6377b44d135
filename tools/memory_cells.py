"""The memory tool: a stack to push and pop, named cells to read, write, copy and move, over a Protocol of M.

The memory instructions of the paper's machines (Stack-Attention; MOV, COPY, READ, WRITE): what a plan must not carry
in its prompt lies here. M keeps it; `InMemory` keeps it as long as the process lives. `Cells` is all M must offer.
"""

from __future__ import annotations

from typing import Literal, Protocol

from tools.errors import ToolError
from tools.shelf.values import Answer, chosen, several, shown, string

MOST_CELLS, MOST_DEEP, MOST_TEXT = 256, 1_000, 20_000
STACK = "stack"


class Cells(Protocol):
    """What M must offer: named rows of texts. A cell is a row of one, a stack a row with its top at the end."""

    def get(self, name: str) -> tuple[str, ...]:
        """Return the row of this name, empty if there is none."""
        ...

    def put(self, name: str, values: tuple[str, ...]) -> None:
        """Replace the row of this name; an empty row removes it."""
        ...

    def names(self) -> tuple[str, ...]:
        """Return the names in use, in the order they were first written."""
        ...


class InMemory:
    """Cells that live as long as this object."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, ...]] = {}

    def get(self, name: str) -> tuple[str, ...]:
        return self._rows.get(name, ())

    def put(self, name: str, values: tuple[str, ...]) -> None:
        if values:
            self._rows[name] = values
        else:
            self._rows.pop(name, None)

    def names(self) -> tuple[str, ...]:
        return tuple(self._rows)


def use_memory(
    instruction: Literal["push", "pop", "top", "write", "read", "copy", "move", "clear", "list"],
    name: str = "",
    value: str = "",
    *,
    cells: Cells,
) -> Answer:
    """Keep and recall intermediate results: push and pop a stack, read, write, copy and move named cells.

    Use when: a value must be kept for a later step, brackets matched, or an order reversed by a stack.
    Not for: facts about the world, documents.

    Args:
        instruction: push, pop and top use the stack of this name; write, read, copy, move and clear use cells.
        name: the cell or stack; the stack is named "stack" if left out.
        value: the text to push or write; for copy and move the cell to put it in.

    Examples:
        - Remember 42 as the total.
        - Push each opening bracket and pop at each closing one.
        - Read back the value kept as subtotal.
    """
    known = ("push", "pop", "top", "write", "read", "copy", "move", "clear", "list")
    kind = chosen(instruction, known, "instruction")
    if kind == "list":
        found = [f"{one} ({several(len(cells.get(one)), 'value')})" for one in cells.names()]
        return Answer([*cells.names()], ", ".join(found) or "the memory is empty", "memory M")
    key = _named(name or (STACK if kind in ("push", "pop", "top") else ""), "name")
    text = string(value, "value", MOST_TEXT)
    if kind in ("push", "pop", "top"):
        return _on_stack(kind, key, text, cells)
    if kind == "write":
        _room(key, cells)
        cells.put(key, (text,))
        return Answer(text, f"{key} = {text}", "memory M")
    held = _held(key, cells)
    if kind in ("copy", "move"):
        target = _named(text, "value")
        _room(target, cells)
        if kind == "move" and target != key:
            cells.put(key, ())
        cells.put(target, held)
    if kind == "clear":
        cells.put(key, ())
    text = held[0] if len(held) == 1 else ", ".join(held)
    said = {"copy": f"copied {key} to {value}", "move": f"moved {key} to {value}", "clear": f"cleared {key}"}
    return Answer(text, said.get(kind, text), "memory M")


def _on_stack(kind: str, key: str, text: str, cells: Cells) -> Answer:
    row = cells.get(key)
    if kind == "push":
        _room(key, cells)
        if len(row) >= MOST_DEEP:
            raise ToolError(f"The stack {key!r} holds {MOST_DEEP:,} values, its limit; pop some first.")
        cells.put(key, (*row, text))
        return Answer(len(row) + 1, f"pushed {text}; {several(len(row) + 1, 'value')} on {key}", "memory M")
    if not row:
        raise ToolError(f"The stack {key!r} is empty; push a value first.")
    if kind == "pop":
        cells.put(key, row[:-1])
    return Answer(row[-1], row[-1], "memory M")


def _named(name: str, argument: str) -> str:
    key = " ".join(string(name, argument, 100, empty=False).split()).casefold()
    if not key.isprintable():
        raise ToolError(f"{argument} is {shown(name)}; name a cell with letters and digits.")
    return key


def _held(key: str, cells: Cells) -> tuple[str, ...]:
    held = cells.get(key)
    if not held:
        raise ToolError(f"There is no cell {key!r}; the cells are {', '.join(cells.names()[:20]) or '(none)'}.")
    return held


def _room(key: str, cells: Cells) -> None:
    if not cells.get(key) and len(cells.names()) >= MOST_CELLS:
        raise ToolError(f"Memory holds {MOST_CELLS} cells, its limit; clear one before writing {key!r}.")
