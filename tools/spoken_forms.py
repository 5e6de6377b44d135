"""Everyday requests in the forms in which people say them, read whole by code: the calculation, or a tool with its values.

    spoken("how many working days are there between 1 and 31 March 2027?")     None: "1" is no date
    spoken("how many working days are there between 1 March 2027 and 31 March 2027?").tool      count_days

Precision comes first: a form (everyday_forms.py) holds only where every word of the request is accounted for. Their
order does not matter, because at most one meaning may be left (two that differ are none).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tools.everyday_forms import FORMS, Form
from tools.spoken_slots import Slot, matched

MAX_REQUEST = 300
_POLITE = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|so|please|thanks)[,!.]? +|(?:can|could|would|will) you (?:please )?(?:tell me|calculate"
    r"|compute|work out|figure out)? *|(?:please )?(?:tell me|do you know|i want to know|i need to know|i'd like to know),? +)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:[\s.?!,]|\b(?:please|thanks|thank you)\b)+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a request says: a calculation in the calculator's language, or a tool's name and all its arguments."""

    calculation: str = ""
    tool: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    answer: str = ""
    lasting: bool = True

    def asked(self, value: Any) -> str:
        """The part of the tool's value that was asked for, in words; empty for all of it."""
        return self.answer.format_map(value) if self.answer and isinstance(value, dict) else ""


def spoken(request: str, today: date) -> Spoken | None:
    """What the whole request says, or None where no form holds or two of different meaning do."""
    text = " ".join(request.replace("’", "'").split())
    if not text or len(text) > MAX_REQUEST:
        return None
    text = _TAIL.sub("", _POLITE.sub("", text, count=1)) + " "
    meanings = []
    for form in FORMS:
        for wording in form.wordings:
            slots = matched(wording, text, today)
            read = _meant(form, slots, today) if slots is not None and form.clear(slots) else None
            if read is not None:
                meanings.append(read)
                break
    return meanings[0] if meanings and all(one == meanings[0] for one in meanings) else None


def _meant(form: Form, slots: Mapping[str, Slot], today: date) -> Spoken | None:
    if form.calculation:
        texts = {name: slot.text for name, slot in slots.items()}
        day = f"date({today.year}, {today.month}, {today.day})"
        return Spoken(calculation=form.calculation.format_map(texts).replace("TODAY", day), lasting=form.lasting)
    arguments = {name: _filled(value, slots, today) for name, value in form.arguments.items()}
    if None in arguments.values():
        return None
    return Spoken(tool=form.tool, arguments=arguments, answer=form.answer, lasting=form.lasting)


def _filled(value: Any, slots: Mapping[str, Slot], today: date) -> Any:
    """An argument with its slot's value; "12*{y}" is years in months, "str {n}" a number as text, "ints {l}" whole ones."""
    if isinstance(value, list):
        return [_filled(one, slots, today) for one in value]
    if value == "TODAY":
        return today.isoformat()
    found = re.fullmatch(r"(12\*|str |ints )?\{(\w+)\}", value) if isinstance(value, str) else None
    if found is None:
        return value
    said: Any = slots[found.group(2)].value
    if found.group(1) == "12*":
        return 12 * said
    if found.group(1) == "str ":
        return str(said)
    if found.group(1) == "ints ":
        return [int(one) for one in said] if all(re.fullmatch(r"\d{1,6}", one) for one in said) else None
    return said
