"""errors.py: the drawing and the classes are one."""

from __future__ import annotations

import inspect
import re

from knowledge.errors import KnowledgeError
from lottery_chat import errors
from tools.errors import ToolError


def _drawn() -> dict[str, tuple[str | None, str]]:
    """{class: (parent, sentence)} read off the drawing; four characters of indentation a level."""
    found: dict[str, tuple[str | None, str]] = {}
    above: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        match = re.match(r"^    ((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+) {2,}(\S.*)$", line)
        if match is None:
            continue
        depth = len(match[1]) // 4
        del above[depth:]
        found[match[2]] = (above[-1] if above else None, match[3])
        above.append(match[2])
    return found


def _classes() -> dict[str, type[BaseException]]:
    return {
        name: value
        for name, value in vars(errors).items()
        if inspect.isclass(value) and issubclass(value, BaseException) and value.__module__ == errors.__name__
    }


def test_every_error_is_drawn_below_its_parent() -> None:
    drawn = _drawn()
    assert set(drawn) == set(_classes())
    for name, kind in _classes().items():
        parent = kind.__bases__[0].__name__
        assert drawn[name][0] == (parent if parent != "Exception" else None)


def test_the_sentence_of_each_error_is_the_one_in_the_drawing() -> None:
    for name, kind in _classes().items():
        said = (kind.__doc__ or "").strip()
        assert said.rstrip(".").lower() == _drawn()[name][1].rstrip(".").lower(), name


def test_a_drawing_with_a_missing_class_would_be_seen() -> None:
    drawn = _drawn()
    del drawn["NotFound"]
    assert set(drawn) != set(_classes())


def test_the_libraries_have_their_own_trees() -> None:
    assert not issubclass(ToolError, errors.LotteryChatError)
    assert not issubclass(KnowledgeError, errors.LotteryChatError)
    assert "tools.ToolError" in (errors.__doc__ or "")
    assert "knowledge.KnowledgeError" in (errors.__doc__ or "")
