"""Count over a text that came with the question, by code: messages of a chat or thread by who wrote them, mentions of a word.

A model that has read seven lines of seven hundred cannot count them. Only questions that are such a count and nothing
else are read. What this does not do: a chat without times is a list of lines, and other forms of a word are other words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

#: Fewer messages are no chat, and the share of the lines that must be messages.
LEAST, SHARE = 5, 0.5
_DAY = r"(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})"
_CHAT = re.compile(
    rf"(?m)^[ \t]*(?P<when>[\[(]?(?:{_DAY}[T, ]+)?\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?)[ \t]*(?:[-–][ \t]*)?"
    r"(?:<(?P<nick>[^<>\n]{1,40})>|(?P<who>[^\s:<>\[\]][^:<>\n]{0,39}?):)[ \t]+(?P<said>\S.*)$"
)
_FROM = re.compile(r"(?m)^[ \t]*(?:From|Von|De):[ \t]*(?P<who>[^<\n]{1,60}?)[ \t]*(?:<[^>\n]*>)?[ \t]*$")
_DATE = re.compile(r"(?m)^[ \t]*(?:Date|Sent|Datum|Gesendet):[ \t]*(?P<when>\S[^\n]{0,60})$")
_SAID = r"(?:messages?|mails?|e-?mails?|posts?|comments?|entries|lines)"
_WROTE = r"(?:write|send|post|wrote|sent|posted|written)"
_BY = re.compile(
    rf"\s*how many {_SAID} (?:did (?P<a>.{{1,40}}?) {_WROTE}|(?:are|were|come|came) (?:{_WROTE} )?(?:by|from) (?P<b>.{{1,40}}?)|has (?P<c>.{{1,40}}?) {_WROTE})"
    r"(?: in (?:this|the) \w+)?\s*\?\s*",
    re.I,
)
_ALL = re.compile(
    rf"\s*how many {_SAID} (?:are|were) (?:there|in (?:this|the) \w+)(?: in (?:this|the) \w+)?\s*\?\s*", re.I
)
_MOST = re.compile(
    rf"\s*who (?:has )?{_WROTE} (?:the )?(?P<end>most|fewest|least) {_SAID}(?: in (?:this|the) \w+)?\s*\?\s*", re.I
)
_END = re.compile(rf"\s*who (?:has )?{_WROTE} the (?P<end>first|last) {_SAID}(?: in (?:this|the) \w+)?\s*\?\s*", re.I)
_PEOPLE = re.compile(
    r"\s*(?:who (?:took part|takes part|wrote|is writing|writes) in (?:this|the) (?:chat|thread|conversation|talk)"
    r"|how many people (?:took part|wrote|are) in (?:this|the) (?:chat|thread|conversation))\s*\?\s*",
    re.I,
)
_TEXT = r" in (?:this|the|my) (?:whole |entire )?(?:text|document|file|book|story|letter|mail|chat|thread|article|page|novel|report)"
_HOW_OFTEN = r"\s*how (?:many times|often) (?:is|are|was|were|does|do|did) "
#: "How often is the van used" asks for what happens; a word that is quoted or called one, or "mentioned", asks for the text.
_MENTIONS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"{_HOW_OFTEN}(?:the (?:word|name|term|phrase|expression) [\"“„']?|[\"“„'])(?P<word>[^\"”“?']{{1,60}}?)[\"”“']? "
        rf"(?:mentioned|named|appear|occur|used|come up|written)(?:{_TEXT})?\s*\?\s*",
        rf"{_HOW_OFTEN}(?P<word>[^\"”“?']{{1,60}}?) mentioned(?:{_TEXT})?\s*\?\s*",
        rf"{_HOW_OFTEN}(?P<word>[^\"”“?']{{1,60}}?) (?:appear|occur|come up){_TEXT}\s*\?\s*",
    )
)
_NO_WORD = frozenset("it this that he she they them him her these those there we you i one".split())


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: the answer, lines that show it (not always all of them), and how it is known."""

    answer: str
    quotes: tuple[str, ...]
    check: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A message: who wrote it, when (as it stands there) and its first line."""

    who: str
    when: str
    quote: str


def read_messages(text: str) -> tuple[Sent, ...]:
    """The messages of a chat with times or of a mail thread; empty for any other text."""
    lines = sum(1 for line in text.split("\n") if line.strip())
    chat = [
        Sent((match["nick"] or match["who"]).strip(), match["when"].strip("[]()"), match[0].strip())
        for match in _CHAT.finditer(text)
    ]
    if len(chat) >= LEAST and len(chat) >= SHARE * lines:
        return tuple(chat)
    mails = []
    for match in _FROM.finditer(text):
        date = _DATE.search(text, match.end(), match.end() + 400)
        mails.append(Sent(match["who"].strip(" \"'"), date["when"].strip() if date else "", match[0].strip()))
    return tuple(mails) if len(mails) >= LEAST else ()


def counted(question: str, text: str) -> Counted | None:
    """Answer a question that asks for a count over the text and nothing else; None for every other one."""
    for form in _MENTIONS:
        if (match := form.fullmatch(question)) and match["word"].strip().lower() not in _NO_WORD:
            return _mentions(match["word"].strip(), text)
    if not any(form.fullmatch(question) for form in (_BY, _ALL, _MOST, _END, _PEOPLE)):
        return None
    sent = read_messages(text)
    return _of_messages(question, sent) if sent else None


def _of_messages(question: str, sent: Sequence[Sent]) -> Counted | None:
    check = f"counted by code over all {len(sent):,} messages of the text"
    tally = Counter(one.who for one in sent)
    if _ALL.fullmatch(question):
        return Counted(str(len(sent)), (), check)
    if match := _BY.fullmatch(question):
        who = _meant(match["a"] or match["b"] or match["c"], tally)
        if who is None:
            return None
        return Counted(
            str(tally[who]), tuple(one.quote for one in sent if one.who == who)[:3], f"{check}, those of {who}"
        )
    if match := _END.fullmatch(question):
        one = sent[0 if match["end"].lower() == "first" else -1]
        return Counted(one.who, (one.quote,), f"{check}, in the order in which they stand")
    if match := _MOST.fullmatch(question):
        wanted = max(tally.values()) if match["end"].lower() == "most" else min(tally.values())
        names = [who for who, count in tally.items() if count == wanted]
        return Counted(f"{', '.join(names)} ({wanted})", (), f"{check}: {_shown(tally)}")
    names = list(tally)
    answer = str(len(names)) if question.strip().lower().startswith("how many") else ", ".join(names)
    return Counted(answer, (), f"{check}: {_shown(tally)}")


def _meant(name: str, tally: Counter[str]) -> str | None:
    """Who of those that wrote is meant: the whole name, else the only one with it as a part."""
    low = name.strip(" \"'“”").lower()
    if whole := [who for who in tally if who.lower() == low]:
        return whole[0]
    parts = [who for who in tally if low in who.lower().split()]
    return parts[0] if len(parts) == 1 else None


def _shown(tally: Counter[str]) -> str:
    return ", ".join(f"{who} {count}" for who, count in tally.most_common(8)) + (", …" if len(tally) > 8 else "")


def _mentions(word: str, text: str) -> Counted:
    spaced = r"\s+".join(re.escape(one) for one in word.split())
    pattern = re.compile(rf"(?<!\w){spaced}(?!\w)", re.I)
    found = list(pattern.finditer(text))
    quotes = []
    for match in found[:3]:
        start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
        line = text[max(start, match.start() - 120) : min(end if end >= 0 else len(text), match.end() + 120)]
        quotes.append(" ".join(line.split()))
    check = f"counted by code in the whole text: “{word}” stands there {'once' if len(found) == 1 else f'{len(found)} times'}, other forms of it not counted"
    return Counted(str(len(found)), tuple(quotes), check)
