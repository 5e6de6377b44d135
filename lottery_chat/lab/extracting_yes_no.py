"""From the text of a reply to yes or no, or to the question made a statement."""

from __future__ import annotations

import re

from lottery_chat.lab.extracting_marks import MARK, THEREFORE, opened_by

_YES_NO = r"(?P<said>yes|no|true|false|yeah|nope|ja|nein)"
_ENDED = r"(?=\s*(?:$|[,.;:!?)\-–—\n\"']|(?:it|he|she|they|this|that|there|we|you|i|both|the|a|an)\b))"
_AS = {"yes": "yes", "true": "yes", "yeah": "yes", "ja": "yes", "no": "no", "false": "no", "nope": "no", "nein": "no"}


def yes_no(text: str, question: str = "") -> str | None:
    """Return "yes" or "no" as a reply says it (true and false count), or None where it says neither.

    With the question a reply that repeats it as a statement counts too: "A brick would not float."
    """
    plain = re.sub(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}|\\[\[\]()]", r"\1", text)
    plain = re.sub(r"[*`_#\\$]+|boxed|[{}]", "", plain).strip()
    for mark in (MARK, THEREFORE):
        for _, after in reversed(opened_by(plain, mark)):
            found = re.match(rf"\s*[\"'(]?(?:the\s+answer\s+is\s*:?\s*[\"']?)?{_YES_NO}\b{_ENDED}", after, re.I)
            if found:
                return _AS[found["said"].lower()]
    found = re.match(rf"[\"'(]?{_YES_NO}\b{_ENDED}", plain, re.IGNORECASE)
    if found:
        return _AS[found["said"].lower()]
    said = {_AS[word.lower()] for word in re.findall(r"\b(?:is|are)\s+(true|false)\b", plain, re.IGNORECASE)}
    if len(said) == 1 and not re.search(r"\bnot\s+(?:true|false)\b", plain, re.IGNORECASE):
        return said.pop()
    last = re.findall(r"(?:^|[.!?:\n])\s*(yes|no)\s*[.!]?\s*$", plain, re.IGNORECASE)
    return _AS[last[0].lower()] if last else _repeated(plain, question)


_NEGATED = re.compile(
    r"\b(?:not|cannot|never|no|nor|neither|nobody|nothing|impossible|unlikely)\b|n['’]t\b", re.IGNORECASE
)
#: What opens a sentence that names the question without answering it.
_ASKING = re.compile(
    r"\W*(?:to\s+\w+|if|let|we|i|first|in\s+order)\b|.*\b(?:whether|determine|depends?|if)\b|.*\?$", re.IGNORECASE
)
#: Share of the question's words that a sentence must have to be its repetition.
_SHARED = 0.6


def _repeated(plain: str, question: str) -> str | None:
    """Yes or no from the conclusion, or else the first sentence, if it is the question made a statement."""
    wanted = _content(question)
    if not wanted:
        return None
    concluded = [after for _, after in opened_by(plain, THEREFORE)][-1:]
    for part in (*concluded, plain):
        sentence = re.split(r"(?<=[.!?])\s|\n", part.strip(), maxsplit=1)[0]
        if len(_content(sentence) & wanted) >= _SHARED * len(wanted) and not _ASKING.match(sentence):
            return "yes" if bool(_NEGATED.search(sentence)) == bool(_NEGATED.search(question)) else "no"
    return None


def _content(text: str) -> set[str]:
    """The beginnings of the longer words of a text, so that "floats" is "float"."""
    return {word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}
