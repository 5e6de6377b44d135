"""Split one message into premises, question and options, by code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.logic.sentence_ends import sentences_of

MAX_TEXT = 20_000  # characters
_OPTION_LINE = re.compile(r"^\s*[-*]?\s*\(?([A-Ja-j])[).:]\s+(\S.*?)\s*$")
_OPTION_INLINE = re.compile(r"(?:^|\s)\(?([A-J])\)\s+(\S[^()]{0,200}?)(?=\s+\(?[A-J]\)\s|\s*$)")
_QUESTION_HEADER = re.compile(
    r"^\s*(question|query|conclusion|hypothesis|claim|statement|to prove|goal|options)\s*:\s*", re.I
)
_THIS = r"(?:the following|this|that|the above|the|following)"
_TRUTH = r"(?:true|false|correct|right|valid|unknown|uncertain|undetermined|possible|proven|provable)"
_FRAME = re.compile(
    rf"^(?:(?:based on|given|from|according to|using|with)\b[^?]{{0,80}}?,\s*)?(?:then\s+)?(?:is|are|would|does|do|can|must|should)\s+"
    rf"(?:the\s+following|this|that|it|these)(?:\s+(?:statement|claim|conclusion|sentence|proposition))?s?\b[^?]{{0,20}}?"
    rf"\b(?:be\s+)?(?:{_TRUTH}|follows?|hold|holds)\b[^?:]{{0,60}}[?:]\s*",
    re.I,
)
_THAT = re.compile(
    r"^(?:(?:based on|given|from|according to)\b[^?]{0,80}?,\s*)?(?:so\s*,?\s+|then\s*,?\s+|therefore\s*,?\s+)?"
    r"(?:is it (?:true|certain|correct|the case|a fact|right)(?: or false)?(?:, false,? or (?:unknown|uncertain))? that"
    r"|does it (?:necessarily |logically )?follow(?: from this| from that| from these)? that"
    r"|(?:can|may|could|do|should) (?:we|i|you|one) (?:safely |validly )?(?:conclude|infer|deduce|prove|derive|say|know|show)(?: from this)? (?:that|whether|if)"
    r"|must it be (?:true|the case) that|do these (?:statements|facts|premises) (?:imply|prove|mean) that"
    r"|does (?:this|that) (?:mean|imply|prove|show)(?: that)?"
    r"|(?:prove|show|decide|determine|tell me|check|say|find out|judge|work out|prove or disprove)(?: that| whether| if)"
    r")\s+",
    re.I,
)
_TRUE_OR_FALSE = re.compile(
    r"^(?:is (?:it|this) )?true(?:\s*,\s*false\s*,?)?\s+(?:or|/)\s+(?:false|unknown|uncertain|not)\s*[:?,.]?\s*", re.I
)
_BACK = re.compile(
    r"^(?:(?:is|are|does|do) (?:this|that|it|the (?:last |above )?(?:conclusion|statement|claim|argument))(?: statement| claim| conclusion)? "
    r"(?:true|correct|right|valid|follow|hold)(?:,? (?:or|true|false|unknown|uncertain|not|then|necessarily|logically|from|the|these|this|above|premises|facts|statements|information))*|right|correct|true or false|true, false,? or (?:unknown|uncertain))\s*\?$",
    re.I,
)
_WHICH = re.compile(
    r"^(?:(?:based on|given|from|according to)\b[^?]{0,80}?,\s*)?which (?:one )?(?:of (?:the following|these|the|them)(?: (?:statements|options|claims|conclusions|sentences|answers))?"
    r"|statement|option|claim|conclusion|answer)\s+(is|must be|can be|could be|may be|might be|cannot be|can't be|can not be|could not be|follows|holds|has to be)"
    r"(?:\s+(?:necessarily |definitely |logically )?(true|false|correct|right|the case))?[^?]{0,40}\?",
    re.I,
)
_LEAD = re.compile(r"^(?:so|then|therefore|hence|thus|now|and|but|finally|please|ok|well)\s*,?\s+", re.I)

Modality = Literal["must", "cannot", "can"]


@dataclass(frozen=True, slots=True)
class Option:
    """One offered answer."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a text asks. kind "statement": decide `asked` (declarative); "question": `asked` ends with "?";
    "options": which of the options holds (`modality`); "none": no question was found. `three`: unknown was offered."""

    premises: tuple[str, ...]
    kind: Literal["statement", "question", "options", "none"]
    asked: str
    options: tuple[Option, ...]
    modality: Modality = "must"
    three: bool = False


def split(text: str, question: str | None = None, options: Sequence[str] = ()) -> Message:
    """The premises, the question and the options of a message. Raises ValueError for a text beyond the limits."""
    if len(text) + len(question or "") > MAX_TEXT:
        raise ValueError(f"The text has {len(text)} characters; at most {MAX_TEXT} can be read as logic.")
    offered = [_option(index, option) for index, option in enumerate(options)]
    if not offered:
        if question is not None:
            question, offered = _options(question)
        if not offered:
            text, offered = _options(text)
    premises = sentences_of(text)
    if question is None:
        if len(premises) > 2 and premises[-1].endswith("?") and _QUESTION_HEADER.match(premises[0]):
            premises[0] = _QUESTION_HEADER.sub(
                "", premises[0]
            )  # "Question:" before the whole text, not before the question
        premises, asked = _find_question(premises)
        if not asked and offered and premises and premises[-1][-1] not in ".!?":
            return Message(tuple(premises[:-1]), "question", premises[-1], tuple(offered))  # options end the sentence
        if not asked and offered and premises:
            return Message(tuple(premises), "options", "", tuple(offered))
    else:
        asked = sentences_of(question)
    return _classified(premises, asked, tuple(offered))


def _option(index: int, option: str) -> Option:
    match = _OPTION_LINE.match(option)
    return Option(match[1].upper(), match[2]) if match else Option("ABCDEFGHIJ"[min(index, 9)], option.strip())


def _options(text: str) -> tuple[str, list[Option]]:
    """The text without its option lines, and the options (at least two, lettered from A on)."""
    kept: list[str] = []
    found: list[Option] = []
    for line in text.splitlines():
        match = _OPTION_LINE.match(line)
        if match and ord(match[1].upper()) == ord("A") + len(found):
            found.append(Option(match[1].upper(), match[2]))
        else:
            kept.append(line)
    if len(found) >= 2:
        return "\n".join(line for line in kept if line.strip().lower() not in ("options:", "answers:")), found
    inline = list(_OPTION_INLINE.finditer(text))
    if len(inline) >= 2 and [match[1] for match in inline] == list("ABCDEFGHIJ"[: len(inline)]):
        rest = text[: inline[0].start()].strip()
        rest = re.sub(r"\b(?:options|answers)\s*:?\s*$", "", rest, flags=re.I)
        return rest, [Option(match[1], match[2].strip().rstrip(";,")) for match in inline]
    return text, []


def _find_question(sentences: list[str]) -> tuple[list[str], list[str]]:
    """The premises and the sentences that ask."""
    if len(sentences) > 2 and _BACK.match(sentences[-1]) and not _FRAME.match(sentences[-2]):
        return sentences[:-2], sentences[-2:]
    for i, sentence in enumerate(sentences):
        if _QUESTION_HEADER.match(sentence) or _FRAME.match(sentence) or _TRUE_OR_FALSE.match(sentence):
            return sentences[:i], sentences[i:]
    asking = [i for i, sentence in enumerate(sentences) if sentence.endswith("?") or _THAT.match(sentence)]
    if not asking:
        return sentences, []
    first = asking[0]
    if _BACK.match(sentences[first]) and first:
        return sentences[: first - 1], sentences[first - 1 : first + 1]
    if first == 0 and len(asking) == 1:  # the question stands before the premises
        return sentences[1:], sentences[:1]
    return [*sentences[:first], *(s for s in sentences[first + 1 :] if not s.endswith("?"))], sentences[
        first : first + 1
    ]


def _classified(premises: list[str], asked: list[str], options: tuple[Option, ...]) -> Message:
    whole = " ".join(asked)
    three = bool(
        re.search(
            r"\b(?:unknown|uncertain|undetermined|cannot be determined)\b",
            whole + " ".join(o.text for o in options),
            re.I,
        )
    )
    text = _LEAD.sub("", _QUESTION_HEADER.sub("", whole)).strip()
    which = _WHICH.match(text)
    if which and options:
        return Message(tuple(premises), "options", text, options, _modality(which[1], which[2] or "true"), three)
    for pattern in (_FRAME, _TRUE_OR_FALSE):
        match = pattern.match(text)
        if match and text[match.end() :].strip():
            return Message(tuple(premises), "statement", _plain(text[match.end() :]), options, "must", three)
    if len(asked) == 2 and _BACK.match(asked[1]):
        return Message(tuple(premises), "statement", _plain(asked[0]), options, "must", three)
    match = _THAT.match(text)
    if match:
        return Message(tuple(premises), "statement", _plain(text[match.end() :]), options, "must", three)
    if text.endswith("?"):
        return Message(tuple(premises), "question", text, options, "must", three)
    if text:
        return Message(tuple(premises), "statement", _plain(text), options, "must", three)
    return Message(tuple(premises), "none", "", options, "must", three)


def _plain(statement: str) -> str:
    statement = (
        re.sub(r"^(?:so|therefore|thus|hence)\s*,?\s+", "", statement.strip(), flags=re.I)
        .strip()
        .strip('"“”')
        .rstrip("?")
        .strip()
    )
    return statement[:1].upper() + statement[1:]


def _modality(verb: str, word: str) -> Modality:
    false = word.lower() == "false"
    verb = verb.lower()
    if verb.startswith(("cannot", "can't", "can not", "could not")):
        return "must" if false else "cannot"
    if verb in ("is", "must be", "follows", "holds", "has to be"):
        return "cannot" if false else "must"
    return "can"
