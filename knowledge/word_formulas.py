"""Formulas of Word (OMML) as one line of plain letters: (a + b)/(c), x^2, a_i, √(x), sums with their bounds."""

from __future__ import annotations

from typing import Any

from knowledge.xml_parts import attribute, name_of

_DEEPEST = 60


def formula_text(element: Any, depth: int = 0) -> str:
    """Return the formula below an m:oMath element."""
    if depth > _DEEPEST:
        return ""
    name = name_of(element)
    if name == "t":
        return element.text or ""
    part = {name_of(one): formula_text(one, depth + 1) for one in element if name_of(one) in _PARTS}
    if name == "f":
        return f"{_grouped(part.get('num', ''))}/{_grouped(part.get('den', ''))}"
    if name in ("sSup", "sSub", "sSubSup", "sPre"):
        low, high = part.get("sub", ""), part.get("sup", "")
        return part.get("e", "") + (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    if name == "rad":
        return f"{part.get('deg', '')}√({part.get('e', '')})"
    if name == "nary":
        low, high = part.get("sub", ""), part.get("sup", "")
        bounds = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
        return f"{_sign(element, 'chr') or '∫'}{bounds} {part.get('e', '')}"
    if name == "func":
        return f"{part.get('fName', '')} {part.get('e', '')}"
    inner = "".join(formula_text(one, depth + 1) for one in element)
    if name == "d":
        return f"{_sign(element, 'begChr') or '('}{inner}{_sign(element, 'endChr') or ')'}"
    return inner


_PARTS = frozenset("num den e sub sup deg fName".split())


def _grouped(text: str) -> str:
    plain = text.strip()
    return plain if len(plain) <= 1 or plain.isalnum() else f"({plain})"


def _sign(element: Any, name: str) -> str:
    """A sign the formula names in its properties: of a sum, of a bracket."""
    for properties in element:
        if name_of(properties).endswith("Pr"):
            for one in properties:
                if name_of(one) == name:
                    return attribute(one, "val")
    return ""
