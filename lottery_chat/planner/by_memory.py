"""Solve by M at the person's word: "remember that …", "what did I note about …", "forget …"; and its cells by name.

Notes are the person's own words and come back as such. What this does not do: notice by itself what may be worth
keeping, or answer from a note that does not hold every word of the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from lottery_chat.planner.resources import Tape
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

_TAIL = re.compile(r"[\s.!]+$")
_NOTE = re.compile(
    r"(?:please |can you |could you |bitte |kannst du )*(?:"
    r"(?:remember|note|keep in mind|bear in mind|memori[sz]e|don't forget|do not forget)(?:,? that (?!(?:time|day|night|one)\b)|: ?)"
    r"|(?:note|write|jot) (?:this )?down(?: that|:)? |(?:make|take|keep) a note(?: that|:| of)? ?|remember (?=my |our |i |i'm |the |we )"
    r"|(?:merk|merke|behalte?) dir(?:,? dass|,|:)? ?|(?:notiere?|schreib(?:e)? auf|vergiss nicht)(?: dir| bitte)*(?:,? dass|:|,)? )"
    r"(?P<text>.{2,4000}?)",
    re.IGNORECASE | re.DOTALL,
)
_RECALL = re.compile(
    r"(?:please |can you |could you )*(?:"
    r"(?:what|which things?) (?:did i|have i|i) (?:note|noted|note down|noted down|ask you to remember|asked you to remember|tell you to remember|told you to remember)(?: down)?"
    r"|what (?:should|do) you remember|what are you (?:supposed|meant) to remember|do you remember what i (?:noted|told you to remember)"
    r"|(?:list|show|read)(?: me)?(?: all)?(?: of)? my notes|what(?: are| is in) my notes|my notes"
    r"|was (?:habe|hab) ich(?: mir| dir)?(?: alles)? (?=(?:über|zu|zum|zur|wegen)\b|notiert|aufgeschrieben)|was solltest du dir merken|was hast du dir gemerkt"
    r"|(?:zeige?|liste|lies)(?: mir)?(?: alle)? meine notizen|meine notizen)"
    r"(?: notiert| aufgeschrieben| gesagt)?(?:,? ?(?:about|on|regarding|for me|über|zu|zum|zur|wegen) (?P<about>.{2,120}?))?(?: notiert| aufgeschrieben)?",
    re.IGNORECASE,
)
_FORGET = re.compile(
    r"(?:please |can you |could you |bitte )*(?:(?:forget|delete|remove|clear) (?:about )?(?:(?P<all>everything(?: i noted| you noted| you remember)?|all (?:of )?(?:my |the )?notes|my notes)"
    r"|(?:what i (?:said|noted|told you) about |(?:my |the |that )?notes? (?:about|on|that|saying) )(?P<note>.{2,160}?)|that (?P<that>.{3,160}?)|(?P<bare>(?!it$|that$|this$).{3,80}?))"
    r"|(?:vergiss|lösche?) (?:(?P<alle>alles|alle (?:meine )?notizen|meine notizen)|(?:die |meine )?notiz(?:en)? (?:über|zu|zum|zur) (?P<notiz>.{2,160}?)|dass (?P<dass>.{3,160}?)|(?P<nackt>.{3,80}?)))",
    re.IGNORECASE,
)
_CELLS: tuple[tuple[str, str], ...] = (
    ("push", r"push (?P<value>.{1,500}?) (?:on|onto|to) (?:the )?(?:stack(?: (?P<name>[\w ]{1,40}))?|(?P<name2>[\w-]{1,40}) stack)|push (?P<value2>-?\d[\d.,]*)"),
    ("pop", r"pop(?: (?:from )?(?:the )?(?:stack(?: (?P<name>[\w ]{1,40}))?|top|(?P<name2>[\w-]{1,40}) stack))?"),
    ("write", r"(?:write|store|save|put) (?P<value>.{1,500}?) (?:to|in|into|as|under) (?:the )?(?:memory )?cell (?P<name>[\w -]{1,60})"),
    ("read", r"(?:read(?: back)?|show|what(?:'s| is) in) (?:the )?(?:memory )?cell (?P<name>[\w -]{1,60})"),
    ("copy", r"copy (?:the )?(?:memory )?cell (?P<name>[\w -]{1,60}?) to (?:cell )?(?P<value>[\w -]{1,60})"),
    ("move", r"move (?:the )?(?:memory )?cell (?P<name>[\w -]{1,60}?) to (?:cell )?(?P<value>[\w -]{1,60})"),
    ("clear", r"(?:clear|delete|erase) (?:the )?(?:memory )?cell (?P<name>[\w -]{1,60})"),
    ("list", r"(?:list|show)(?: me)? (?:the |all |all the |my )?(?:memory )?cells"),
)  # fmt: skip
_PERSONAL = re.compile(
    r"\s*(?:and |so |und )?(?:what|what's|when|where|who|which|how|was|wann|wo|wer|wie|welche[rsn]?)\b.*\b(?:my|mein(?:e[rnms]?)?|our|unser(?:e[rnms]?)?)\b.{2,80}",
    re.IGNORECASE,
)
_SMALL = frozenset(
    "a an the of in on at for from to is are was were be been do does did has have had what when where who which how that this it i my me mine you your"
    " our we and or again please s did note noted remember that's many much will".split()
)
_SMALL_GERMAN = frozenset(
    "der die das den dem des ein eine einen einer im am um zu von mit für ist sind war hat habe ich mein meine meinen meiner"
    " mir wann wo wer wie was welche und es dass über".split()
)
_GERMAN = re.compile(r"\b(?:ich|mein\w*|wann|wer|wie|welche\w*|über|dass|notiz\w*|der|das|den)\b", re.IGNORECASE)
_MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True, slots=True)
class AskedMemory:
    """What is asked of M: keep a note, recall or forget notes about something, or an instruction on a cell."""

    wish: Literal["note", "recall", "forget", "cell", "personal"]
    text: str = ""
    instruction: str = ""
    name: str = ""
    everything: bool = False
    #: The words name notes as such, so that "there is none" is an answer.
    surely: bool = False


def read_memory(message: str) -> AskedMemory | None:
    """Return what a message asks of M, or None when it asks for something else."""
    text = _TAIL.sub("", message.strip())
    if not text or len(text) > 4_200:
        return None
    asks = text.endswith("?")
    plain = " ".join(text.rstrip("? ").split())
    if not asks and (found := _NOTE.fullmatch(text)) is not None:
        return AskedMemory("note", found["text"].strip())
    if len(plain) > 260:
        return None
    if found := _RECALL.fullmatch(plain):
        return AskedMemory("recall", found["about"] or "", surely=True)
    for instruction, rule in _CELLS:
        if found := re.fullmatch(rule, plain, re.IGNORECASE):
            values = {name.rstrip("2"): value for name, value in found.groupdict().items() if value}
            return AskedMemory("cell", values.get("value", ""), instruction, values.get("name", ""))
    if not asks and (found := _FORGET.fullmatch(plain)) is not None:
        values = {name: value for name, value in found.groupdict().items() if value}
        everything = bool(values.get("all") or values.get("alle"))
        surely = everything or "note" in values or "notiz" in values
        return AskedMemory("forget", next(iter(values.values()), ""), everything=everything, surely=surely)
    return AskedMemory("personal", plain) if _PERSONAL.fullmatch(plain) and len(plain.split()) <= 16 else None


def by_memory(run: Run, message: str) -> Steps[Solution | None]:
    """Answer from M where the person asks it to keep, recall or forget; None where the message asks for something else.

    Raises:
        ToolError: the memory tool refused (full, or no such cell).
    """
    tape, asked = run.resources.tape, read_memory(message)
    if tape is None or asked is None or "memory" in run.ask.without or run.ask.tools:
        return None
    found: Sequence[Any] = ()
    if asked.wish in ("recall", "forget", "personal"):
        found = (
            tape.notes()
            if asked.everything or (asked.wish == "recall" and not asked.text)
            else _about(tape, asked.text)
        )
        if not found and not asked.surely:
            return None  # no note is meant
    node = yield from run.open("memory", message, None, message)
    ways = {"note": _note, "recall": _recall, "personal": _recall, "forget": _forget, "cell": _cell}
    solution = yield from ways[asked.wish](run, node, tape, asked, found)
    yield from run.verified(node, solution.check, solution.passed)
    yield node.closed("done", solution.answer or solution.text[:80])
    return solution


def _about(tape: Tape, words: str) -> list[Any]:
    """The notes that hold every word of substance."""
    wanted = _stems(words)
    if _GERMAN.search(words):
        wanted -= _SMALL_GERMAN
    return [one for one in tape.notes() if wanted and wanted <= _stems(one.value)]


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]+", text.casefold())
    return {word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words if word not in _SMALL}


def _note(run: Run, node: Node, tape: Tape, asked: AskedMemory, found: Sequence[Any]) -> Steps[Solution]:
    shown = f"push onto notes: {asked.text[:200]}"
    new = yield from run.call(
        node, "memory", shown, lambda: tape.note(asked.text), lambda done: "kept" if done else "known"
    )
    run.store_request(node, "memory", shown, asked.text)
    head = "Noted" if new else "That is noted already"
    return _remembered(
        f"{head}: “{asked.text}”", asked.text,
        "your own words, kept in memory; “what did I note?” shows them, “forget …” removes them",
    )  # fmt: skip


def _recall(run: Run, node: Node, tape: Tape, asked: AskedMemory, found: Sequence[Any]) -> Steps[Solution]:
    about = f" about {asked.text}" if asked.text and asked.wish == "recall" else ""
    shown = f"read notes{about}"
    yield from run.call(node, "memory", shown, lambda: len(found), lambda count: f"{count} notes")
    if not found:
        others = len(tape.notes())
        more = (
            f" There {'is one other note' if others == 1 else f'are {others} other notes'}." if others and about else ""
        )
        text = f"There is no note{about}.{more}"
        return Solution(text=text, answer="none", known="remembered", checked=True, check="every note was looked at", method="memory")  # fmt: skip
    lines = [f"“{one.value}” (noted on {_day(one.kept_at)})" for one in found[:50]]
    more = f"\n- … and {len(found) - 50} more" if len(found) > 50 else ""
    text = (
        f"You noted: {lines[0]}"
        if len(lines) == 1
        else "You noted:\n\n" + "\n".join(f"- {one}" for one in lines) + more
    )
    return _remembered(text, "; ".join(one.value for one in found[:50]), "your own words, as you wrote them")


def _forget(run: Run, node: Node, tape: Tape, asked: AskedMemory, found: Sequence[Any]) -> Steps[Solution]:
    shown = f"forget {'all notes' if asked.everything else f'notes about {asked.text}'}"
    numbers = [one.number for one in found]
    yield from run.call(node, "memory", shown, lambda: tape.forget(numbers), lambda _: f"{len(numbers)} removed")
    if not found:
        text = "There are no notes." if asked.everything else f"There is no note about {asked.text}."
        return _remembered(text, "none", "every note was looked at")
    gone = "; ".join(f"“{one.value}”" for one in found[:20])
    return _remembered(
        f"Forgotten: {gone}",
        f"{len(found)} forgotten",
        "removed from memory; the conversation itself still shows your messages",
    )


def _cell(run: Run, node: Node, tape: Tape, asked: AskedMemory, found: Sequence[Any]) -> Steps[Solution]:
    said = ", ".join(one for one in (asked.instruction, asked.name, asked.text) if one)
    result = yield from run.call(
        node, "memory", said, lambda: tape.use(asked.instruction, asked.name, asked.text), lambda done: done
    )
    run.store_request(node, "memory", said, result)
    return _remembered(result, result, f"the memory tool: {said}")


def _remembered(text: str, answer: str, check: str) -> Solution:
    return Solution(text=text, answer=answer, known="remembered", checked=True, check=check, method="memory")


def _day(iso: str) -> str:
    day = datetime.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
