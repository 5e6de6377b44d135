"""A straight-line program (PAL: x = 5, y = x * 3, ans = …) as equations, so that a solver can repeat or reverse it.

    equations_of_program("x = 5\\ny = x * 3\\nans = y - 1")        x = 5 / y = x * 3 / ans = y - 1 / ? ans

Only assignments of + - * / ** are taken, each re-assigned name under a new one; a branch, a loop, a call, rounding
or a text, and there is no reading. Works on lines, not on a syntax tree: a hostile program can exhaust a parser.
"""

from __future__ import annotations

import re

from tools.equation_text import read_system
from tools.errors import NotEquations

MAX_CHARACTERS = 6_000
_ASSIGNED = re.compile(r"([A-Za-z_]\w*) *(?:: *\w+ *)?([-+*/]?)= *(?!=)(.+)")
_ARITHMETIC = re.compile(r"[\w\s.+\-*/()]+")
_FOREIGN = re.compile(r"//|\w\s*\(|\d_|\d[eEjJxXoObB]|\b(?:if|else|and|or|not|in|is|lambda|for|True|False|None)\b")
_ANSWERS = ("ans", "answer", "result")


def equations_of_program(code: str) -> str | None:
    """Return the equations that a straight-line program states, with what it answers as the question, or None."""
    if len(code) > MAX_CHARACTERS:
        return None
    names: dict[str, str] = {}
    lines: list[str] = []
    asked = last = ""
    for line in _statements(code):
        returned = re.fullmatch(r"return (.+)|print\(([\w\s.+\-*/]+)\)", line)
        if returned:
            asked = _renamed(returned.group(1) or returned.group(2), names) or ""
            if not asked:
                return None
            break
        found = _ASSIGNED.fullmatch(line)
        body = _renamed(found.group(3), names) if found else None
        if not found or body is None:
            return None
        name, sign = found.group(1), found.group(2)
        if sign:
            if name not in names:
                return None
            body = f"{names[name]} {sign} ({body})"
        names[name] = _fresh(name, names)
        lines.append(f"{names[name]} = {body}")
        last = names[name]
    named = next((names[name] for name in _ANSWERS if name in names), last)
    text = "\n".join([*lines, f"? {asked or named}"])
    return text if lines and _readable(text) else None


def _statements(code: str) -> list[str]:
    """The program's lines without remarks, its texts at the top, and the head of solution()."""
    body = re.sub(r'"""[^"]*"""|\'\'\'[^\']*\'\'\'', "", code)
    lines = [line.split("#")[0].strip().rstrip(";").strip() for line in body.splitlines()]
    return [line for line in lines if line and not re.fullmatch(r"```\w*|def solution\(\)(?: *-> *\w+)? *:", line)]


def _renamed(expression: str, names: dict[str, str]) -> str | None:
    """Return an arithmetic expression under the current names; None for anything else or an unknown name."""
    if not _ARITHMETIC.fullmatch(expression) or _FOREIGN.search(expression):
        return None
    used = re.findall(r"[A-Za-z_]\w*", expression)
    if any(name not in names for name in used):
        return None
    return re.sub(r"[A-Za-z_]\w*", lambda found: names[found.group()], expression.strip())


def _fresh(name: str, names: dict[str, str]) -> str:
    # "of", "in" and "per" are words of the language of equations.
    plain = name + "_" if name in ("of", "in", "per", "integer", "whole", "positive", "nonnegative") else name
    taken, fresh, count = set(names.values()), plain, 1
    while fresh in taken:
        count += 1
        fresh = f"{plain}_{count}"
    return fresh


def _readable(text: str) -> bool:
    try:
        read_system(text)
    except NotEquations:
        return False
    return True
