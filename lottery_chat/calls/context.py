"""AIOS's context manager: how much of a result goes into the trace and into a prompt, and what was left out, said."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Letters that hide or reorder text, and control characters other than tab and line feed.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Kept:
    """A text within a limit, and how many characters of the whole are not in it."""

    text: str
    left: int


def within(text: str, limit: int) -> Kept:
    """The beginning of a text, ended at a line or word where one is near, with "cut, n characters left" said."""
    if len(text) <= limit:
        return Kept(text, 0)
    head = text[:limit]
    at = max(head.rfind("\n"), head.rfind(" "))
    head = head[:at] if at > limit * 0.8 else head
    left = len(text) - len(head)
    return Kept(f"{head.rstrip()} … (cut, {left:,} characters left)", left)


def untrusted(text: str, limit: int) -> str:
    """Text of somebody else (a server's description, its result) on its way into a prompt or onto the page.

    Letters that cannot be seen are dropped, the marks that open a turn or a call are broken up, and it is cut.
    It stays data: nothing here makes it safe to obey.
    """
    plain = _HIDDEN.sub("", text)
    plain = re.sub(r"<(?=/?[A-Za-z|_])", "‹", plain)
    return within(plain, limit).text
