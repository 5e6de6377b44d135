"""The numbers that Word writes before headings, clauses and items of lists, which are not in a paragraph's text.

Counted as Word counts: a level goes on until a level above it counts, and forms such as "%1.%2" name the levels.
What this does not do: lists that restart at a paragraph's own wish; numbers in words.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from knowledge.xml_parts import attribute, name_of, named

_LEVELS = 9
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


class _Level(NamedTuple):
    form: str
    text: str
    start: int


class WordNumbers:
    """The numberings of one document; `label` is to be asked for each paragraph in order, once."""

    def __init__(self, numbering: Any | None) -> None:
        """`numbering` is the root of the document's numbering part, None where it has none."""
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        for one in numbering if numbering is not None else ():
            if name_of(one) == "abstractNum":
                self._levels[attribute(one, "abstractNumId")] = dict(_level(lvl) for lvl in named(one, "lvl"))
            elif name_of(one) == "num":
                kind = next(named(one, "abstractNumId"), None)
                self._lists[attribute(one, "numId")] = attribute(kind, "val") if kind is not None else ""

    def label(self, paragraph: Any) -> str | None:
        """Return what stands before a paragraph: "3.1", "(a)", "-" for a mark; None where it is in no list."""
        number, depth = _numbering(paragraph)
        kind = self._lists.get(number, "")
        levels = self._levels.get(kind)
        if number in ("", "0") or levels is None or depth not in levels:
            return None if number in ("", "0") else "-"
        level = levels[depth]
        if level.form in ("bullet", "none"):
            return "-" if level.form == "bullet" else None
        counts = self._counts.setdefault(kind, [])
        while len(counts) <= depth:
            counts.append(levels[len(counts)].start - 1 if len(counts) in levels else 0)
        counts[depth] += 1
        del counts[depth + 1 :]
        text = level.text
        for at, count in enumerate(counts):
            form = levels[at].form if at in levels else "decimal"
            least = max(count, levels[at].start) if at in levels else count
            text = text.replace(f"%{at + 1}", _written(least, form))
        return " ".join(text.split()) or None


def _level(lvl: Any) -> tuple[int, _Level]:
    said = {name_of(one): attribute(one, "val") for one in lvl}
    start, depth = said.get("start", ""), attribute(lvl, "ilvl")
    level = _Level(said.get("numFmt", "decimal"), said.get("lvlText", ""), int(start) if _small(start) else 1)
    return (int(depth) if _small(depth) else 0), level


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def _numbering(paragraph: Any) -> tuple[str, int]:
    """(number of the list, level) that a paragraph or its style names; ("", 0) for none."""
    style = paragraph.style
    elements = [paragraph._p.pPr]
    for _ in range(_LEVELS):
        if style is None:
            break
        elements.append(style.element.pPr)
        style = style.base_style
    number, depth = "", ""
    for one in elements:
        found = next(named(one, "numPr"), None) if one is not None else None
        for said in found if found is not None else ():
            if name_of(said) == "numId":
                number = number or attribute(said, "val")
            elif name_of(said) == "ilvl":
                depth = depth or attribute(said, "val")
        if number:
            break
    return number, min(int(depth), _LEVELS - 1) if _small(depth) else 0


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = _roman(number)
        return roman if form == "lowerRoman" else roman.upper()
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    parts = []
    for value, sign in _ROMAN:
        many, number = divmod(number, value)
        parts.append(sign * many)
    return "".join(parts)
