"""What a line "key: value", or a row of a table, says: the cells of a row are said of its first one with words."""

from __future__ import annotations

import re

from knowledge.triple_words import UPPER, Said, is_name

_KEY = rf"(?:[-*•] )?(?:\*\*)?(?P<key>(?:[{UPPER}0-9][\w'’./%-]*)(?: [\w'’./%-]+| \([\w %/€$£-]+\)){{0,4}})(?:\*\*)?"
_LINE = re.compile(rf"{_KEY}(?:\*\*)?:(?:\*\*)? (?P<value>[^\n]{{1,160}})")
_CELL = re.compile(r"(?P<name>[^:;\n]{1,60}): (?P<value>[^\n]{1,200})")
_NEXT_CELL = re.compile(r"; (?=[^:;\n]{1,60}: )")
#: A table with more columns is looked at by the tool for tables.
_MOST_CELLS = 8
#: What a line "key: value" is not: somebody who speaks, a list that is announced, a sentence with a colon.
_SPOKEN = re.compile(r"(?:I|I['’]\w+|You|We|Yes|No|Hi|Hello|Well|Oh|The following|Thanks?)\b|[\"“]|.*[?!]$|https?:")
_NUMERIC = re.compile(r"[-+$€£]?\s?[\d.,/:%-]+\s*\S{0,3}")


def of_line(text: str, about: str) -> tuple[Said, ...]:
    """What a row of a table ("Header: value; Header: value") or a line "key: value" says; () for anything else.

    Args:
        about: what a line speaks of that names nothing itself: the heading, or the document.
    """
    if _NEXT_CELL.search(text):
        return _of_row(text)
    line = _LINE.fullmatch(text)
    if line is None or _SPOKEN.match(line["value"]) or not about:
        return ()
    if len(line["value"].split()) > 20 or line["key"].lower() in _NO_KEYS or not is_name(line["key"]):
        return ()
    if re.search(r" (?:is|are|was|were|has|have) ", line["key"]) or line["value"].count("(") != line["value"].count(
        ")"
    ):
        return ()
    start, end = line.span("value")
    return (Said(about, line["key"], start, start + len(text[start:end].rstrip(" .;"))),)


def _of_row(text: str) -> tuple[Said, ...]:
    """Each further cell of a row, said of its first one that is no number or date."""
    spans, start = [], 0
    for cut in [*_NEXT_CELL.finditer(text), None]:
        cell = _CELL.fullmatch(text, start, len(text) if cut is None else cut.start())
        if cell is None:
            return ()
        spans.append(cell)
        start = 0 if cut is None else cut.end()
    named = next((at for at, one in enumerate(spans[:2]) if not _NUMERIC.fullmatch(one["value"])), None)
    if named is None or len(spans) > _MOST_CELLS:
        return ()
    entity = spans[named]["value"].strip("* ")
    return tuple(Said(entity, one["name"].strip("* "), *one.span("value")) for one in spans[named + 1 :])


_NO_KEYS = frozenset("note example see also warning summary remark hint tip important attention subject re".split())
