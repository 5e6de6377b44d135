"""A number of a spreadsheet as its cell shows it: places, thousands, per cent, currency; dates as ISO 8601.

What this does not do: fractions (# ?/?), colours and conditions in brackets, text sections; those give the plain value.
"""

from __future__ import annotations

import datetime as dt
import re

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BODY = re.compile(r"[#0,]*[#0](?:\.[0#]*)?")
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]\-]*)[^\]]*\]|([€$£¥%])')
_MOST = 1e15


def shown(value: object, code: str = "General") -> str:
    """Return the text a cell shows.

    Args:
        value: what the cell holds: None, text, a truth value, a number, a date or time.
        code: its number format as the workbook has it.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    if isinstance(value, dt.time):
        return value.isoformat("seconds")
    if isinstance(value, int | float):
        return _number(value, code)
    return " ".join(str(value).split())


def _number(value: float, code: str) -> str:
    sections = (code or "General").split(";")
    own = len(sections) > 1 and value < 0
    section = sections[1] if own else sections[0]
    bare = _QUOTED.sub("", section)
    body = _BODY.search(bare)
    if not body or "/" in bare or "E" in bare.upper().replace("GENERAL", "") or abs(value) > _MOST:
        return _general(value)
    digits = body.group()
    places = len(digits.partition(".")[2])
    percent = "%" in bare
    whole = digits.partition(".")[0]
    value = abs(value) if own else value
    scaled = value * 100 if percent else value
    text = f"{scaled:,.{places}f}" if "," in whole.strip(",") else f"{scaled:.{places}f}"
    optional = len(digits) - len(digits.rstrip("#")) if places else 0
    for _ in range(optional):
        text = text.removesuffix("0")
    return _with_signs(text.rstrip(".") if places else text, section)


def _with_signs(text: str, section: str) -> str:
    """Put back what the format writes around the digits: a currency, a unit, brackets of a loss."""
    at = re.search(r"[#0]", _hidden(section))
    before = section[: at.start()] if at else ""
    after = re.sub(r"^[#0.,]+", "", section[at.start() :]) if at else ""
    return f"{_literals(before)}{text}{_literals(after)}".strip()


def _hidden(section: str) -> str:
    return _QUOTED.sub(lambda match: " " * len(match.group()), section)


def _literals(part: str) -> str:
    kept = "".join(next((one for one in match.groups() if one), "") for match in _LITERAL.finditer(part))
    loss = re.sub(_LITERAL, "", part)
    sign = "-" if loss.strip().startswith("-") else "(" if "(" in loss else ""
    return f"{sign}{kept})" if ")" in loss else f"{sign}{kept}"


def _general(value: float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else f"{value:.10g}"
    if value == int(value) and abs(value) < _MOST if value - value == 0 else False:
        return str(int(value))
    return f"{value:.10g}"
