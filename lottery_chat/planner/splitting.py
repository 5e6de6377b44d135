"""Need_Divide and Generate_Schedule by rules: is a question made of parts, and which.

Rule-first because decomposition by an untrained small model is doubtful (paper.md 3.2). A schedule has at most
four parts; a comparison asks the same thing of each name and compares the two answers by code.
"""

from __future__ import annotations

import re

from lottery_chat.planner.values import Comparison, Part, Schedule

_QUESTION_WORD = (
    r"(?:what|who|whom|whose|when|where|which|how|why|is|are|was|were|does|do|did|can|could|will|would|has|have)"
)
_AND = re.compile(
    rf"\s*(?:,?\s+and|,?\s+und|;|,?\s+and also|,?\s+as well as)\s+(?=(?:{_QUESTION_WORD}|calculate|compute|was|wer|wann|wo|wie|welche[rs]?)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^?]+\?+")
_SUBJECT = re.compile(
    rf"^(?i:{_QUESTION_WORD})\b.*?\b(?:of|is|was|are|were|does|did|do)\s+(?P<subject>(?:the\s+)?[A-Z][\w'.-]*(?:\s+[A-Z][\w'.-]*)*|the\s+[\w' -]+?)(?=\s+(?:\w+ed|open|close|start|end|cost|live|work|begin|have|belong|come|leave|arrive|weigh|take|die|born)\b|[?,]|$)"
)

#: comparative or superlative -> (question asked of each name, which end wins). {x} is the name.
_COMPARATIVES: tuple[tuple[str, str, str], ...] = (
    (r"(?:is|was)?\s*(?:older|oldest)|(?:was )?(?:born|built|founded|established|published|released|made|written|opened|created|invented|formed) (?:first|earlier|before)", "When was {x} {verb}?", "smallest"),
    (r"(?:is|was)?\s*(?:younger|youngest|newer|newest)|(?:was )?(?:born|built|founded|established|published|released|made|written|opened|created|invented|formed) (?:last|later|after|more recently)", "When was {x} {verb}?", "largest"),
    (r"(?:died) (?:first|earlier|before)", "When did {x} die?", "smallest"),
    (r"(?:died) (?:last|later|after)", "When did {x} die?", "largest"),
    (r"(?:is )?(?:taller|tallest|higher|highest)", "How tall is {x}?", "largest"),
    (r"(?:is )?(?:larger|largest|bigger|biggest)", "How large is {x}?", "largest"),
    (r"(?:is )?(?:smaller|smallest)", "How large is {x}?", "smallest"),
    (r"(?:is )?(?:longer|longest)|(?:takes|lasts|last|take) (?:longer|longest)", "How long is {x}?", "largest"),
    (r"(?:is )?(?:shorter|shortest)", "How long is {x}?", "smallest"),
    (r"(?:is )?(?:heavier|heaviest)", "How heavy is {x}?", "largest"),
    (r"(?:is )?(?:lighter|lightest)", "How heavy is {x}?", "smallest"),
    (r"(?:is )?(?:faster|fastest)", "How fast is {x}?", "largest"),
    (r"(?:is )?(?:slower|slowest)", "How fast is {x}?", "smallest"),
    (r"(?:is )?(?:more expensive|most expensive|dearer)|costs? (?:more|most)", "How much does {x} cost?", "largest"),
    (r"(?:is )?(?:cheaper|cheapest|less expensive)|costs? (?:less|least)", "How much does {x} cost?", "smallest"),
    (r"(?P<verb1>opens?|starts?|begins?|leaves?|arrives?|closes?|ends?) (?:earlier|earliest|first|sooner)", "When does {x} {verb1}?", "smallest"),
    (r"(?P<verb2>opens?|starts?|begins?|leaves?|arrives?|closes?|ends?) (?:later|latest|last)", "When does {x} {verb2}?", "largest"),
    (r"has (?:more|the most) (?P<noun1>[\w ]+?)", "How many {noun1} does {x} have?", "largest"),
    (r"has (?:fewer|less|the fewest|the least) (?P<noun2>[\w ]+?)", "How many {noun2} does {x} have?", "smallest"),
)  # fmt: skip
_PAIR = r"(?P<a>[^,?]+?)\s*,?\s+(?:or|and)\s+(?P<b>[^,?]+?)"


def schedule_for(question: str) -> Schedule | None:
    """Return the schedule of a question that has parts, or None (Need_Divide is "not None")."""
    return _comparison(question) or _questions(question)


def _questions(question: str) -> Schedule | None:
    sentences = [match.group(0).strip() for match in _SENTENCE.finditer(question)]
    rest = _SENTENCE.sub("", question).strip()
    if len(sentences) >= 2 and not rest and all(re.match(rf"{_QUESTION_WORD}\b", one, re.I) for one in sentences):
        pieces = sentences
    else:
        if len(sentences) > 1 or len(question) > 400 or re.search(r"[.!]\s+\S", question):
            return None
        pieces = [piece.strip(" ,;") for piece in _AND.split(question)]
        if len(pieces) < 2 or not re.match(
            rf"(?:{_QUESTION_WORD}|calculate|compute|wer|wann|wo|wie|welche[rs]?)\b", pieces[0], re.I
        ):
            return None
    if not 2 <= len(pieces) <= 4 or any(len(piece.split()) < 3 for piece in pieces):
        return None
    whole = [piece if piece.endswith("?") else piece.rstrip(".") + "?" for piece in pieces]
    whole = [one[0].upper() + one[1:] for one in whole]
    return Schedule("and", tuple(_parts(whole)))


def _parts(pieces: list[str]) -> list[Part]:
    """Fill pronouns of later parts with the subject of the first; "and when was he born" needs its answer."""
    subject = _SUBJECT.match(pieces[0])
    named = re.match(r"^the\s+[\w ]+?\s+of\s+(?P<subject>(?:the\s+)?[A-Z].*)$", subject["subject"]) if subject else None
    subject = named or subject
    asks_who = re.match(r"(?:who|which|what)\b", pieces[0], re.I)
    parts = [Part(pieces[0])]
    for piece in pieces[1:]:
        pronoun = re.search(r"\b(he|she|it|they|him|her|its|his|their|there)\b", piece, re.IGNORECASE)
        if pronoun is None:
            parts.append(Part(piece))
        elif pronoun.group(1).lower() in ("he", "she", "him", "her", "his") and asks_who:
            parts[0] = Part(pieces[0], brief=True)
            parts.append(
                Part(piece[: pronoun.start()] + _owned("#1", pronoun.group(1)) + piece[pronoun.end() :], needs=(0,))
            )
        elif subject:
            parts.append(
                Part(piece[: pronoun.start()] + _owned(subject["subject"], pronoun.group(1)) + piece[pronoun.end() :])
            )
        else:
            parts.append(Part(piece))
    return parts


def _owned(name: str, pronoun: str) -> str:
    return name + "'s" if pronoun.lower() in ("his", "her", "its", "their") else name


def _comparison(question: str) -> Schedule | None:
    text = question.strip().rstrip("?").strip()
    for pattern, ask, want in _COMPARATIVES:
        for form in (
            rf"^(?:which|who|what)(?: one)?(?:\s+of the (?:two|following))?(?:\s+(?P<noun>[\w ]+?))??\s+(?P<pred>{pattern})\s*[,:]\s*{_PAIR}$",
            rf"^(?P<a>[^,?]+?)\s+or\s+(?P<b>[^,?]+?)\s*[,:]\s*(?:which|who)(?: one)?\s+(?P<pred>{pattern})$",
        ):
            match = re.match(form, text, re.IGNORECASE)
            if match:
                return _compare(match, ask, want)
    return None


def _compare(match: re.Match[str], ask: str, want: str) -> Schedule:
    groups = {name: value for name, value in match.groupdict().items() if value}
    predicate = groups["pred"].strip()
    verb = re.search(
        r"born|built|founded|established|published|released|made|written|opened|created|invented|formed",
        predicate,
        re.I,
    )
    fills = {
        "verb": verb.group(0).lower() if verb else "born",
        "verb1": groups.get("verb1", "").rstrip("s"),
        "verb2": groups.get("verb2", "").rstrip("s"),
        "noun1": groups.get("noun1", ""),
        "noun2": groups.get("noun2", ""),
    }
    head = groups.get("noun", "").strip()
    if re.match(r"\w+(?: one)?\s+of\b", match.group(0), re.IGNORECASE):
        # "Which of the two depots": each of them is one depot.
        head = re.sub(r"(?<=[a-z])s$", "", re.sub(r"ies$", "y", head))
    names = tuple(_whole_name(name.strip(), head, groups["b"].strip()) for name in (groups["a"], groups["b"]))
    if not verb and "{verb}" in ask:
        # "older" of things is about when they were made; of people about birth. Capital letters alone cannot tell.
        ask = "How old is {x}, or when was {x} born or made?"
    parts = tuple(Part(ask.format(x=name, **fills)) for name in names)
    return Schedule("and", parts, "compare", Comparison(names, want, predicate))  # type: ignore[arg-type]


def _whole_name(name: str, head: str, last: str) -> str:
    """ "the blue or the red one" after "which depot": the blue depot, the red depot."""
    noun = head or ""
    if re.search(r"\bone$", name, re.I) and noun:
        return re.sub(r"\bone$", noun, name, flags=re.I)
    bare = re.match(r"^the\s+[a-z]+$", name)
    if bare and noun:
        return f"{name} {noun}"
    tail = re.match(r"^the\s+[a-z]+\s+([a-z]+)$", last)
    if bare and tail and name != last:
        return f"{name} {tail.group(1)}"
    return name
