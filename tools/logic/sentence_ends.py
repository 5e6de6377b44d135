"""Where the sentences of a text end: abbreviations, initials, list marks and spliced statements included."""

from __future__ import annotations

import re

from tools.logic import words as w

MAX_SENTENCES = 400

_ABBREVIATION = (
    "A.M",
    "P.M",
    "a.m",
    "p.m",
    "Mr",
    "Mrs",
    "Ms",
    "Dr",
    "St",
    "No",
    "vs",
    "e.g",
    "i.e",
    "Prof",
    "Jr",
    "Sr",
    "etc",
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)])\s+(?=\S)")
_HEADER = re.compile(
    r"^\s*(?:premises|facts|rules|context|given|statements|theory|assumptions|clues|background)\s*:\s*", re.I
)
_MARK = re.compile(r"^\s*\[[A-Za-z]{1,4}\]\s*")


def sentences_of(text: str) -> list[str]:
    """The sentences of a text: cut at . ! ? before a space, and at the ends of lines."""
    found: list[str] = []
    for line in text.splitlines():
        line = _HEADER.sub("", _BULLET.sub("", line))
        start = 0
        for i, sign in enumerate(line):
            if sign not in ".!?" or i + 1 < len(line) and not (line[i + 1].isspace() or line[i + 1] in "\"'”)"):
                continue
            word = line[start:i].rsplit(None, 1)[-1:] or [""]
            if sign == "." and (
                word[0].lstrip("(\"'") in _ABBREVIATION
                or len(word[0]) == 1
                and word[0].isupper()
                and i + 1 < len(line)
                and not _ends(line, i)
            ):
                continue
            end = i + 1 + (1 if i + 1 < len(line) and line[i + 1] in "\"'”)" else 0)
            found.append(line[start:end])
            start = end
        found.append(line[start:])
    found = [part for sentence in found for part in _unspliced(sentence)]
    cleaned = (_MARK.sub("", _HEADER.sub("", _BULLET.sub("", sentence.strip()))).strip() for sentence in found)
    return [sentence for sentence in cleaned if any(character.isalnum() for character in sentence)][:MAX_SENTENCES]


_IS = r"(?:is|are|was|were|has|have|can)"
_SPLICED = re.compile(
    r"(?!(?:if|when|since|because|unless|although|though|while|either|neither|both|whoever|whenever|given|as|suppose)\b)"
    rf"(?P<one>[^,]+? {_IS} [^,]+), (?P<two>(?!(?:which|who|that|and|or|but|so|then|it|he|she|they|this)\b)\w+(?: \w+)?? {_IS} [^,]+)",
    re.IGNORECASE,
)


def _unspliced(sentence: str) -> tuple[str, ...]:
    """Two sentences that a person joined with a mere comma ("Tom is taller than Jim, Jim is taller than Sue.")."""
    found = _SPLICED.fullmatch(sentence.strip())
    return (f"{found['one']}.", found["two"]) if found else (sentence,)


def _ends(line: str, i: int) -> bool:
    """Whether a single capital before a stop ends its sentence ("vitamin C. All …"): the next word opens one."""
    following = line[i + 1 :].split(None, 1)[:1]
    return bool(following) and following[0].lower() in w.UNIVERSAL | {
        "if",
        "no",
        "the",
        "some",
        "a",
        "is",
        "does",
        "who",
    }
