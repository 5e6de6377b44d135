"""What one sentence of a puzzle says of one thing: before, beside, with, at a slot, third, alone; as a formula with marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol

from tools.logic import puzzle_words as p
from tools.logic.constraints import Frame
from tools.logic.puzzle_setting import Setting

_BEFORE = r"(?:before|earlier(?: \w+){0,4} than|sooner than|ahead of|in front of|to the left of|left of|in an? (?:earlier|lower-numbered|lower numbered|lower) \w+ than|on an? earlier \w+ than|at an earlier \w+ than|prior to)"
_AFTER = r"(?:after|later(?: \w+){0,4} than|behind|to the right of|right of|in an? (?:later|higher-numbered|higher numbered|higher) \w+ than|on a later \w+ than|at a later \w+ than)"
_SOME = r"(?:at some time |some time |sometime |somewhere |at any time |any time )?"
NOW = r"(?:immediately|directly|just|right)"
_DAY = r"(?:on |in |at )?the (?:\w+ )?(?:day|slot|position|place|seat|hour|time|week|month|floor|lane|room|spot)"
_GAP = rf"(?:(exactly|at least|at most|no more than|more than) )?({p._NUMBER}) (?:days?|places?|positions?|slots?|seats?|hours?|spots?|months?|floors?|steps?|lanes?|weeks?)"
_ORDINAL = (
    r"(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|penultimate|\d{1,2}(?:st|nd|rd|th))"
)


class Unclear(Exception):
    """A sentence that is not read; the message is the part that failed."""


class Speaker(Protocol):
    """What is needed of the reader of clauses."""

    frame: Frame
    setting: Setting
    free: set[str]

    def objects(self, text: str, build: Callable[[str], str]) -> str | None: ...


STARTS = re.compile(
    r"^(?:to the (?:left|right)|in front|(?:in|on|at|to) (?:the )?(?:same|a different|an? (?:earlier|later|lower|higher)|either)|the next|the (?:same|only))\b"
)


def _related(self: Speaker, subject: str, text: str) -> str | None:
    """Before or after another; immediately, or by so many slots."""
    return _to_side(self, subject, text, _BEFORE, "before") or _to_side(self, subject, text, _AFTER, "after")


def _to_side(self: Speaker, subject: str, text: str, pattern: str, side: str) -> str | None:
    match = re.match(rf"^(?:({NOW}) |({_DAY}) (?:{NOW} )?|(the next) \w+(?: \w+)? |{_SOME}){pattern} (.+)$", text)
    if match and (match[1] or match[2] or match[3]):
        return self.objects(match[4], lambda one: f"immediately_{side}({subject}, {one})")
    if match and self.frame.circle:
        raise Unclear(text)
    if match:
        return self.objects(match[4], lambda one: f"{side}({subject}, {one})")
    gap = re.match(rf"^{_GAP} {pattern} (.+)$", text)
    if gap is None:
        return None
    steps = list(_steps(gap[1], p.number_of(gap[2]), len(self.frame.slots)))
    return self.objects(
        gap[3], lambda one: "(" + " or ".join(f"{side}({subject}, {one}, {step})" for step in steps) + ")"
    )


def _steps(kind: str | None, n: int, slots: int) -> Iterator[int]:
    low = {"at least": n, "more than": n + 1, "at most": 1, "no more than": 1}.get(kind or "", n)
    high = {"at most": n, "no more than": n}.get(kind or "", n if kind in (None, "exactly") else max(slots, low))
    return iter(range(low, high + 1))


def _towards(self: Speaker, subject: str, text: str) -> str | None:
    """Next to, with, across from, in the same or another slot, followed by."""
    nouns = r"\w+"
    for pattern, relation in (
        (rf"^(?:{NOW} )?(?:next to|beside|adjacent to|alongside|a neighbou?r of|on (?:a|the) (?:day )?(?:adjacent|consecutive) (?:to|with))", "adjacent"),
        (r"^(?:directly )?(?:across from|opposite(?: to)?|facing)", "opposite"),
        (rf"^(?:(?:in|on|at|to|into|for|with) )?the same (?:{nouns} )(?:as|with)", "same"),
        (r"^(?:together with|alongside with)", "same"),
        (rf"^(?:(?:in|on|at|to|into|for) )?(?:a different|another) (?:{nouns} )(?:from|than)(?: (?:the )?(?:one|that) (?:(?:on|in|to|at) which|of|where))?", "different"),
        (rf"^(?:{NOW} )followed by", "immediately_before"),
        (rf"^(?:{NOW} )preceded by", "immediately_after"),
    ):  # fmt: skip
        match = re.match(rf"{pattern} (.+)$", text)
        if match:
            return self.objects(match[1], lambda one, relation=relation: f"{relation}({subject}, {one})")  # type: ignore[misc]
    match = re.match(r"^(?:together )?with (.+)$", text)
    if match and not self.setting.distinct:
        return self.objects(match[1], lambda one: f"same({subject}, {one})")
    match = re.match(r"^(?:somewhere |immediately |directly )?between (@\d+) and (@\d+)$", text)
    if match:
        if self.frame.circle or re.match(r"^(?:immediately|directly)", text):
            return f"(adjacent({subject}, {match[1]}) and adjacent({subject}, {match[2]}))"
        return f"between({subject}, {match[1]}, {match[2]})"
    return None


def _where(self: Speaker, subject: str, text: str) -> str | None:
    """In, on or at slots that are named."""
    text = re.sub(r"^(?:only )?(?:in|on|at|to|into|for|with) ", "", text)
    text = re.sub(r"^(?:the |either )+", "", text)
    slots = (
        r"(?:the )?(?:(\w+) )?#\d+(?: \w+)?(?:(?:, or |, | or )(?:on |in |at |to )?(?:the )?(?:\w+ )?#\d+(?: \w+)?)*"
    )
    if not re.fullmatch(slots, text):
        return None
    extra = re.findall(r"[a-z]+", re.sub(r"#\d+", "", text))
    if any(word != "or" and word not in self.free for word in extra):
        return None
    return f"at({subject}, {', '.join(slots_in(text))})"


def _ordinal(self: Speaker, subject: str, text: str) -> str | None:
    """First, third from the left, second or last; only where the slots are a row of places or days."""
    if not self.frame.ordered or self.frame.circle:
        return None
    text = re.sub(r"^(?:(?:in|on|at|to|the|as|either) )+", "", text)
    spots = re.split(r",? or (?:in |on |at )?(?:the )?", text)
    n, found = len(self.frame.slots), []
    for spot in spots:
        match = re.fullmatch(
            rf"{_ORDINAL}(?: (\w+))?(?: from the (left|right|front|back|end))?(?: (?:in|on|of|to) (?:the )?(\w+))?",
            spot,
        )
        if match is None:
            return None
        if any(word and word not in self.free for word in (match[2], match[4])):
            return None
        k = p.ordinal(match[1])
        k = -k if match[3] in ("right", "back", "end") else k
        if abs(k) > n:
            return None
        found.append(f"#{k - 1 if k > 0 else n + k}")
    return f"at({subject}, {', '.join(found)})"


def _special(self: Speaker, subject: str, text: str) -> str | None:
    """Alone; at either end; the only one at a slot."""
    if re.fullmatch(
        r"alone(?: (?:in|on|at) (?:its|his|her|the|a) \w+)?|(?:the )?(?:sole|only) \w+ (?:\w+ )?(?:to|in|on|at) (?:its|his|her|that|a) \w+",
        text,
    ):
        return f"alone({subject})"
    match = re.fullmatch(
        r"(?:the )?(?:sole|only) (?:\w+ )(?:\w+ )?(?:to|in|on|at) (?:the )?#(\d+)(?: \w+)?|alone (?:in|on|at) (?:the )?#(\d+)(?: \w+)?",
        text,
    )
    if match:
        return f"list(#{match[1] or match[2]}, {subject})"
    if self.frame.ordered and not self.frame.circle:
        ends = r"(?:(?:at|on|in) )?(?:(?:either|one|an) end|one of the ends|an end seat)(?: of the \w+)?"
        if re.fullmatch(ends, text):
            return f"at({subject}, #0, #{len(self.frame.slots) - 1})"
        if re.fullmatch(
            r"(?:(?:at|on|in) )?the (?:far )?(left|right)(?:most)?(?: end| seat| place| position)?|(?:the )?(left|right)most(?: \w+)?",
            text,
        ):
            return f"at({subject}, #{0 if 'left' in text else len(self.frame.slots) - 1})"
        if len(self.frame.slots) % 2 and re.fullmatch(r"(?:(?:in|at|on) )?the (?:middle|centre|center)(?: \w+)?", text):
            return f"at({subject}, #{len(self.frame.slots) // 2})"
    return None


def slots_in(text: str) -> list[str]:
    """The marks of slots, in their order."""
    return re.findall(r"#\d+", text)


#: The readers, in the order in which they are tried.
READERS = (_related, _towards, _where, _ordinal, _special)
