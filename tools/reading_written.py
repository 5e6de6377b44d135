"""Read equations that stand written in a question, with unknowns of one letter, as a text of equations.

    written_equations("solve 4x - 7 = 21 for x")
        4*x - 7 = 21
        ?? x

The whole question must be equations and the few words around them ("solve", "for x", "and"); else nothing is read.
"""

from __future__ import annotations

import re

_LEAD = re.compile(
    r"^(?:(?:please|can you|could you|bitte|kannst du) )*(?:(?:if|given(?: that)?|suppose|wenn) )?"
    r"(?:(?:solve|find|calculate|compute|determine|work out|get|what(?: is|'s| are)|l(?:ö|oe)se|berechne|bestimme)\b ?)?"
    r"(?:the |this |these |all |die |das )?(?:solutions? (?:of|to|for) |roots? of |values? of |l(?:ö|oe)sung(?:en)? (?:von|der) )?"
    r"(?:the |following )*(?:(?:linear |quadratic |simultaneous )?(?:equations?|systems?(?: of (?:linear )?equations)?|gleichung(?:en)?|(?:gleichungs)?system) ?)?:? ?",
    re.I,
)
_ASKED = r"(?P<{0}>[a-z](?:(?:, | and |, and | und )[a-z])*)"
_BEFORE = re.compile(
    r"^(?:for |nach )?"
    + _ASKED.format("first")
    + r"(?: in| if| when| where| given(?: that)?| such that| for|:| wenn|,)+ (?=\S)",
    re.I,
)
_AFTER = re.compile(
    r"[,.;]? (?:(?:for|nach|to find|and find|find|solve for|(?:and )?what(?: is|'s| are)|was ist|wie gro(?:ß|ss) ist) )(?:the value of )?"
    + _ASKED.format("last") + r"$",
    re.I,
)  # fmt: skip
_APART = re.compile(r"\s*(?:;|\n|,(?!\d)| and | und )\s*")
_SIDE = re.compile(r"[\da-z\s.+\-*/^()]+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/", "²": "^2", "³": "^3"})
#: Not names of unknowns: what a person writes for numbers and units of their own.
_NAMES = frozenset("abcdfghjklmnopqrstuvwxyz")
MOST = 4


def written_equations(question: str) -> str | None:
    """Return the written equations and what is asked ("?? x" for each unknown), or None where code is not sure.

    Args:
        question: as a person typed it, plain signs.
    """
    text = question.translate(_SIGNS).strip().rstrip("?.! ").strip()
    text = _LEAD.sub("", text, count=1)
    asked: list[str] = []
    for pattern in (_BEFORE, _AFTER):
        found = pattern.search(text)
        if found and "=" in text[: found.start()] + text[found.end() :]:
            asked += re.findall(r"\b[a-z]\b", next(iter(found.groups())).replace(" and ", " "))
            text = (text[: found.start()] + text[found.end() :]).strip()
    equations = [_equation(one) for one in _APART.split(text.lower()) if one.strip()]
    if not equations or len(equations) > MOST or None in equations:
        return None
    lines = [one for one in equations if one is not None]
    names = list(dict.fromkeys(re.findall(r"[a-z]", " ".join(lines))))
    if not names or len(names) > len(lines) or not set(names) <= _NAMES or not set(asked) <= set(names):
        return None
    return "\n".join((*lines, *(f"?? {one}" for one in asked or sorted(names))))


def _equation(text: str) -> str | None:
    """One equation with its products written out, or None: two sides, one sign, letters that stand alone."""
    sides = text.split("=")
    if len(sides) != 2 or not all(_SIDE.fullmatch(side) and re.search(r"[\da-z]", side) for side in sides):
        return None
    if re.search(r"[a-z]{2}|[a-z]\d|\d\s+\d|[a-z]\s+[a-z\d]|[a-z]\s+\(", text) or not re.search(r"[a-z]", text):
        return None
    written = re.sub(r"(?<=[\da-z)])\s*(?=\()|(?<=\))\s*(?=[\da-z])|(?<=\d)\s*(?=[a-z])", "*", text)
    return " ".join(written.split())
