"""The memory tool: stack and cells over a Protocol of M, with limits; it does what a context alone cannot."""

from __future__ import annotations

import pytest

from tools import memory_cells
from tools.errors import ToolError
from tools.memory_cells import InMemory, use_memory


def test_a_stack_gives_back_in_reverse() -> None:
    cells = InMemory()
    for one in "abc":
        use_memory("push", value=one, cells=cells)
    assert use_memory("top", cells=cells).value == "c"
    assert [use_memory("pop", cells=cells).value for _ in range(3)] == ["c", "b", "a"]
    with pytest.raises(ToolError, match="is empty; push"):
        use_memory("pop", cells=cells)


def test_brackets_are_matched_with_push_and_pop() -> None:
    def balanced(text: str) -> bool:
        cells = InMemory()
        for sign in text:
            if sign in "([":
                use_memory("push", value=sign, cells=cells)
            elif not cells.get("stack") or use_memory("pop", cells=cells).value != {")": "(", "]": "["}[sign]:
                return False
        return not cells.get("stack")

    assert balanced("([[]()])" * 100)
    assert not balanced("([)]")
    assert not balanced("((")


def test_cells_are_written_read_copied_moved_and_cleared() -> None:
    cells = InMemory()
    use_memory("write", "Sub  Total", "42", cells=cells)
    assert use_memory("read", "sub total", cells=cells).value == "42"
    use_memory("copy", "sub total", "kept", cells=cells)
    use_memory("move", "sub total", "moved", cells=cells)
    assert use_memory("list", cells=cells).value == ["kept", "moved"]
    use_memory("move", "kept", "kept", cells=cells)
    assert use_memory("read", "kept", cells=cells).value == "42"
    use_memory("clear", "kept", cells=cells)
    with pytest.raises(ToolError, match="no cell 'kept'; the cells are moved"):
        use_memory("read", "kept", cells=cells)


def test_two_memories_do_not_share() -> None:
    one, two = InMemory(), InMemory()
    use_memory("write", "a", "1", cells=one)
    assert use_memory("list", cells=two).text == "the memory is empty"


def test_limits_hold_and_an_old_cell_can_still_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_cells, "MOST_CELLS", 3)
    monkeypatch.setattr(memory_cells, "MOST_DEEP", 2)
    cells = InMemory()
    for name in ("a", "b"):
        use_memory("write", name, "1", cells=cells)
    use_memory("push", value="1", cells=cells)
    use_memory("push", value="2", cells=cells)
    with pytest.raises(ToolError, match="its limit; pop"):
        use_memory("push", value="3", cells=cells)
    for instruction, name, value in (("write", "c", "1"), ("push", "other", "1"), ("copy", "a", "c")):
        with pytest.raises(ToolError, match="its limit; clear one"):
            use_memory(instruction, name, value, cells=cells)  # type: ignore[arg-type]
    use_memory("write", "a", "2", cells=cells)
    assert use_memory("read", "a", cells=cells).value == "2"
    with pytest.raises(ToolError, match="characters"):
        use_memory("write", "a", "x" * 20_001, cells=cells)
