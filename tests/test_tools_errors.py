from __future__ import annotations

import inspect
import re

from tools import errors


def test_the_drawing_in_the_docstring_holds_every_class_under_its_parent() -> None:
    classes = {name: cls for name, cls in vars(errors).items() if inspect.isclass(cls)}
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^( {4}[│ ├└─]*)([A-Z]\w+) {2,}\S", line)
        if found:
            drawn.append((len(found.group(1)), found.group(2)))
    assert {name for _, name in drawn} == set(classes)
    parents: list[tuple[int, str]] = []
    for indent, name in drawn:
        while parents and parents[-1][0] >= indent:
            parents.pop()
        if parents:
            assert issubclass(classes[name], classes[parents[-1][1]]), name
        parents.append((indent, name))


def test_every_failure_of_a_tool_is_a_tool_error_with_a_sentence() -> None:
    for name, cls in vars(errors).items():
        if inspect.isclass(cls):
            assert issubclass(cls, errors.ToolError), name
            assert (cls.__doc__ or "").endswith(".")
