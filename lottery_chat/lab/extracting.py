r"""From the text of a reply to the answer in it: the last number, the chosen letter, yes or no, "it is not said".

Tolerant of how models write (bold, boxes, sentences around the answer), strict about what counts as a statement: an
option that is only talked about is not chosen. Pure functions on text; calls of functions are in extracting_calls.py, "it is not said" in extracting_unsaid.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from lottery_chat.lab.extracting_calls import calls
from lottery_chat.lab.extracting_unsaid import not_said

__all__ = ["calls", "last_number", "letter", "not_said", "yes_no"]

#: What comes right before an answer.
_MARK = re.compile(
    r"####|\b(?:final\s+answer|(?:correct\s+|right\s+|best\s+)?(?:answer|option|choice|result|solution)|antwort|ergebnis)\b"
    r"(?:[^.:\n=]{0,60}?(?:\bis\b|\bare\b|\bwould\s+be\b|\bmust\s+be\b|\bshould\s+be\b|\bist\b|\blautet\b)\s*:?|\s*[:=])",
    re.IGNORECASE,
)
#: What opens a conclusion.
_THEREFORE = re.compile(
    r"\b(?:therefore|thus|hence|so|in\s+conclusion|to\s+conclude|consequently|also|daher|folglich)\b,?", re.IGNORECASE
)
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_BOX_CUT = re.compile(r"\\boxed\s*\{([^{}]*)$")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*|__([^_\n]+)__")
#: Letters after a mark in which its answer stands; what is further on is explanation.
_NEAR = 200
#: Earlier marks than these last ones are not looked at; a reply has a handful.
_MOST_MARKS = 50
#: A reply of so many letters is long enough to have been cut off.
_LONG = 400


def _opened(text: str, mark: re.Pattern[str]) -> list[tuple[int, str]]:
    """Where the last marks stand, and what follows each."""
    found = list(mark.finditer(text))[-_MOST_MARKS:]
    return [(one.start(), text[one.end() : one.end() + _NEAR]) for one in found]


# -- numbers -----------------------------------------------------------------------------------------------------

_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_PLAIN = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_NUMBER = re.compile(
    r"(?<![\w.])(?P<sign>[-\u2212\u2013](?=[$€£¥]?\s?[\d.]))?\s?(?:[$€£¥]\s?|US\$\s?)?(?P<inner>[-\u2212])?"
    rf"(?:(?P<whole>\d+)\s+(?=\d+/\d))?(?P<number>{_PLAIN})(?:[eE](?P<power>[-+]?\d{{1,3}})|\s?[x×*]\s?10\^?\{{?(?P<ten>[-−]?\d{{1,3}})\}}?)?"
    rf"(?:\s?/\s?(?P<under>\d+(?:\.\d+)?)(?![\d/]))?(?!\d)(?:\s?(?P<scale>hundred|thousand|million|billion|trillion)s?\b)?",
    re.IGNORECASE,
)


def last_number(text: str) -> float | None:
    r"""Return the number a reply gives as its answer, or None where there is no number.

    The one in the last \boxed{}, else the one after the last "answer is", "Answer:" or "####" near the end, else that
    of the conclusion: what is bold there, what follows its last "=", or its last number.
    """
    boxed = _BOXED.findall(text) + _BOX_CUT.findall(text)
    for inside in reversed(boxed):
        found = _numbers(_without_tex(inside))
        if found:
            return found[-1]
    cut = _broken_off(text)
    text = _without_tex(text)
    marked = _after_mark(text)
    if marked is not None:
        return marked
    lines = [line for line in text.splitlines() if _numbers(line)]
    return _concluded(lines[-1]) if lines and not cut else None


def _broken_off(text: str) -> bool:
    """Whether a long reply ends in the middle, before its conclusion: in a formula, a program or a line without a number."""
    if len(text) < _LONG:
        return False
    if any(text.count(opening) > text.count(closing) for opening, closing in ((r"\[", r"\]"), (r"\(", r"\)"))):
        return True
    last = text.rstrip().rsplit("\n", 1)[-1]
    return text.count("```") % 2 == 1 or (last[-1:].isalnum() and not _numbers(last))


def _after_mark(text: str) -> float | None:
    """The number after the last mark that has one near it, if the reply ends soon after."""
    for mark in reversed(list(_MARK.finditer(text))[-_MOST_MARKS:]):
        after = text[mark.end() :].lstrip(" \t*_:\n")
        line = after.split("\n", 1)[0]
        if len(after) > _NEAR and len(after) > len(line) + _NEAR:
            return None
        found = _numbers(line)
        if found:
            return _equated(line) if "=" in line else found[0]
    return None


#: "135 min (2 h 15 min)": what a bracket at the end says again of the number before it.
_REMARK = re.compile(r"(?<=\d)( ?[^\W\d_]{0,15})\s\([^()]{1,60}\)[.\s]*$")


def _concluded(line: str) -> float | None:
    line = _REMARK.sub(r"\1", line)
    for bold in reversed(_BOLD.findall(line)):
        words = (bold[0] or bold[1]).strip()
        found = _numbers(words)
        if found and not re.match(r"(?:step|part|case|day|note)\b|\d+[.)]", words, re.IGNORECASE):
            return found[-1]
    return _equated(line) if "=" in line else _numbers(line)[-1]


def _equated(line: str) -> float | None:
    """The first number after the last "=" that is followed by one, else the line's last number."""
    for part in reversed(line.split("=")[1:]):
        found = _numbers(part)
        if found:
            return found[0]
    found = _numbers(line)
    return found[-1] if found else None


def _numbers(text: str) -> list[float]:
    return [value for match in _NUMBER.finditer(text) if (value := _value(match)) is not None]


def _value(match: re.Match[str]) -> float | None:
    value = float(match["number"].replace(",", ""))
    power = match["power"] or match["ten"]
    if power:
        value = float(f"{match['number'].replace(',', '')}e{int(power.replace('−', '-'))}")
    if match["under"]:
        under = float(match["under"])
        if under == 0:
            return None
        value = float(match["whole"] or 0) + value / under
    if match["scale"]:
        value *= _SCALES[match["scale"].lower()]
    if not math.isfinite(value):
        return None
    return -value if match["sign"] or match["inner"] else value


def _without_tex(text: str) -> str:
    """LaTeX's ways of writing numbers as plain text: \\frac{3}{4}, \\$, {,} and words in \\text{}."""
    text = re.sub(r"\\d?frac\s*\{\s*(-?[\d.]+)\s*\}\s*\{\s*([\d.]+)\s*\}", r"\1/\2", text)
    text = re.sub(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\times\b", "×", text).replace("{,}", ",").replace("\\,", "").replace("\\!", "")
    return re.sub(r"\\(?=[$%])", "", text)


# -- letters -----------------------------------------------------------------------------------------------------

_LABEL = re.compile(r"^\s*\(?([A-Za-z])[).:]\s*(.*)$", re.DOTALL)
_NOT = r"(?:not|n't|never|cannot|neither|nor|false|wrong|incorrect|eliminated?|ruled\s+out|impossible)\b"
#: Words that make an option the chosen one.
_RIGHT = r"(?:the\s+)?(?:correct|right|true|best|only\s+(?:possible|valid|correct)|answer|must\s+be\s+true)"


def letter(text: str, options: Sequence[str]) -> str | None:
    """Return the letter of the option a reply chooses, or None where it chooses none.

    Args:
        options: as "A) True", or their words alone (then they are A, B, C … in order).
    """
    labels = [_labelled(option, index) for index, option in enumerate(options)]
    text = _plain(text)
    if not text:
        return None
    return (
        _alone(text, labels)
        or _stated(text, labels)
        or _truth(text, labels)
        or _by_words(text, labels)
        or _only_label(text, labels)
    )


def _labelled(option: str, index: int) -> tuple[str, str]:
    found = _LABEL.match(option)
    if found:
        return found[1].upper(), _folded(found[2])
    return chr(ord("A") + index), _folded(option)


def _plain(text: str) -> str:
    text = _BOXED.sub(lambda found: f" The answer is ({found[1]}). " if len(found[1]) == 1 else f" {found[1]} ", text)
    text = re.sub(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}", r"\1", text)
    return re.sub(r"[*`_#$]+", "", text).replace("\\", "").strip()


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s'-]", " ", text.casefold()).split())


def _letters(labels: Sequence[tuple[str, str]]) -> str:
    return "".join(label for label, _ in labels)


def _alone(text: str, labels: Sequence[tuple[str, str]]) -> str | None:
    """A reply that is a letter, a letter with its option's words, or the words."""
    folded = _folded(text)
    known = _letters(labels)
    found = re.fullmatch(rf"[(\[]?([{known}{known.lower()}])[)\].:]?", text)
    if found:
        return found[1].upper()
    for label, words in labels:
        if folded and folded in (words, f"{label.lower()} {words}", f"option {label.lower()}"):
            return label
    return None


def _stated(text: str, labels: Sequence[tuple[str, str]]) -> str | None:
    """The last clear statement that names a letter: "the answer is (C)", "so B.", "option B is correct"."""
    known = _letters(labels)
    # A bare letter needs an end after it: "A" may be an article.
    name = rf"(?:option\s+|choice\s+|answer\s+)?(?:[(\[]([{known}])[)\]]|([{known}])(?=[).:,;\]]|\s*$|\s*\n|\s+(?:is|as|because|since|and\s+not)\b))"
    found: list[tuple[int, str]] = []
    for mark in (_MARK, _THEREFORE):
        for start, after in _opened(text, mark):
            match = re.match(rf"\s*(?:the\s+(?:correct\s+|right\s+)?(?:answer|option|choice)\s+(?:is|would\s+be)\s*:?\s*)?(?:definitely\s+|clearly\s+)?[\"']?{name}", after)  # fmt: skip
            if match and not re.match(rf"[).:\s]*(?:is|are|was)\s+{_NOT}", after[match.end() :], re.I):
                found.append((start, match[1] or match[2]))
    chosen = rf"(?i:\boption\s+|\bchoice\s+|\banswer\s+)?(?:[(\[]([{known}])[)\]]|\b([{known}])\)?)[^.\n]{{0,80}}?\s(?i:is|as|must\s+be|has\s+to\s+be)\s+(?i:{_RIGHT})\b"
    for match in re.finditer(chosen, text):
        if not re.search(_NOT, match[0], re.IGNORECASE):
            found.append((match.start(), match[1] or match[2]))
    for match in re.finditer(rf"(?i:\b(?:i\s+(?:would\s+)?(?:choose|pick|select)|choose|select))\s+(?i:option\s+|answer\s+)?[(\[]?([{known}])\b", text):  # fmt: skip
        found.append((match.start(), match[1]))
    if found:
        return max(found)[1]
    first = re.match(rf"[(\[]?([{known}])[)\].:](?=\s|$)", text)
    listed = set(re.findall(rf"(?m)^\s*[(\[]?([{known}])[)\].:](?=\s)", text))
    return first[1] if first and len(listed) == 1 else None


_UNKNOWN = (
    r"unknown|uncertain|undetermined|indeterminate|inconclusive|"
    r"(?:can(?:not|\s+not|'t|’t)|could\s+not|couldn't)\s+(?:be\s+)?(?:\w+\s+)?(?:determined?|known?|concluded?|inferred?|decided?|say|tell|verified|proven|proved)|"
    r"(?:not|isn't|is\s+no)\s+(?:\w+\s+){0,3}?(?:enough|sufficient)\s+information|insufficient\s+information|"
    r"(?:impossible|not\s+possible)\s+to\s+(?:determine|know|say|tell|conclude)|neither\s+true\s+nor\s+false"
)
_SAID = re.compile(
    rf"(?P<unknown>{_UNKNOWN})|(?P<not>\bnot\s+(?:necessarily\s+)?)?\b(?P<word>true|false)\b", re.IGNORECASE
)


_KINDS = {"true": "true", "yes": "true", "false": "false", "no": "false", "unknown": "unknown", "uncertain": "unknown"}


def _truth(text: str, labels: Sequence[tuple[str, str]]) -> str | None:
    """Options true, false and perhaps unknown: the last statement of one of them.

    "True or false" and "true, false, or unknown" repeat the question and say nothing.
    """
    by_kind = {_KINDS[words]: label for label, words in labels if words in _KINDS}
    if len(by_kind) != len(labels):
        return None
    listing = r"\btrue\s*(?:,|or|/)\s*(?:or\s+)?false(?:\s*,?\s*(?:or|/)\s*(?:uncertain|unknown))?\b"
    text = _without_steps(re.sub(listing, " ", text, flags=re.IGNORECASE))
    marked = [after.split("\n")[0] for _, after in _opened(text, _MARK)]
    concluded = [re.split(r"[.\n]", after)[0] for _, after in _opened(text, _THEREFORE)]
    leading = re.match(rf"(?:{_SAID.pattern})(?=\s*(?:[.,:;!\n]|$))", text, re.IGNORECASE)
    for part, place in ((marked[-1:], 0), (concluded[-1:], -1), ([leading[0]] if leading else [], 0), ([text], -1)):
        said = [kind for one in part for kind in map(_kind_of, _SAID.finditer(one)) if kind in by_kind]
        if said:
            return by_kind[said[place]]
    answer = yes_no(text)
    return by_kind.get({"yes": "true", "no": "false"}.get(answer or "", ""))


#: What is said of one premise after the other.
_STEP = re.compile(
    r"\b(?:this|that|(?:the\s+)?(?:\w+\s+)?(?:statement|premise|fact)\s+\d+)(?:\s+(?:statement|premise|fact|information))?\s+is\s+"
    r"(?:also\s+|indeed\s+|not\s+)?(?:necessarily\s+|always\s+)?(?:true|false)\b",
    re.IGNORECASE,
)


def _without_steps(text: str) -> str:
    """The text without "this statement is true" where that is said of several premises, and so is no conclusion."""
    return _STEP.sub(" ", text) if len(_STEP.findall(text)) > 1 else text


def _kind_of(found: re.Match[str]) -> str:
    if found["unknown"]:
        return "unknown"
    word = found["word"].lower()
    if found["not"]:
        return "" if "necessarily" in found["not"].lower() else {"true": "false", "false": "true"}[word]
    return word


def _by_words(text: str, labels: Sequence[tuple[str, str]]) -> str | None:
    """The option whose own words stand in the conclusion, if it is one only."""
    if all(words in _KINDS for _, words in labels):
        text = _without_steps(text)
    opened = sorted([*_opened(text, _MARK), *_opened(text, _THEREFORE)], reverse=True)
    parts = [after.split("\n")[0] for _, after in opened]
    last = [block for block in text.split("\n\n") if block.strip()][-1:]
    if not _goes_through(text, last[0] if last else "", labels):
        parts += [*last, text]
    for part in parts:
        held = list(_holding(_folded(part), labels))
        if len(held) == 1:
            return held[0]
    return None


def _goes_through(text: str, last: str, labels: Sequence[tuple[str, str]]) -> bool:
    """Whether a reply takes the options one by one and its last block is still about one of them."""
    headed = set(re.findall(rf"(?mi)^\W*(?:(?:option|statement|choice)\s+)?([{_letters(labels)}])[).:]", text))
    if len(headed) < 2:
        return False
    return bool(
        re.match(
            r"\s*(?:[-*•]|\(?\w[).:]|(?:option|statement|choice)\b)|.*\bthis\s+(?:statement|option)\b",
            last,
            re.I | re.S,
        )
    )


def _holding(folded: str, labels: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Labels of the options whose words stand in a text and are not part of another option that stands there."""
    padded = f" {folded} "
    held = [(label, words) for label, words in labels if words and f" {words} " in padded]
    for label, words in held:
        if not any(words != other and f" {words} " in f" {other} " for _, other in held):
            yield label


def _only_label(text: str, labels: Sequence[tuple[str, str]]) -> str | None:
    """The only letter that is named as an option."""
    known = _letters(labels)
    named = re.findall(
        rf"[(\[]([{known}])[)\]]|\b(?i:option|choice)\s+([{known}])\b|(?m:^)\s*([{known}])[).:](?=\s|$)", text
    )
    different = {label for found in named for label in found if label}
    if len(different) == 1:
        return str(different.pop())
    last = text.rstrip(". \n").rsplit("\n", 1)[-1].strip(" ().:")
    return last if len(last) == 1 and last in known else None


# -- yes and no --------------------------------------------------------------------------------------------------

_YES_NO = r"(?P<said>yes|no|true|false|yeah|nope|ja|nein)"
_ENDED = r"(?=\s*(?:$|[,.;:!?)\-–—\n\"']|(?:it|he|she|they|this|that|there|we|you|i|both|the|a|an)\b))"
_AS = {"yes": "yes", "true": "yes", "yeah": "yes", "ja": "yes", "no": "no", "false": "no", "nope": "no", "nein": "no"}


def yes_no(text: str, question: str = "") -> str | None:
    """Return "yes" or "no" as a reply says it (true and false count), or None where it says neither.

    With the question a reply that repeats it as a statement counts too: "A brick would not float."
    """
    plain = re.sub(r"\\(?:text|mathrm|mathbf|textbf)\s*\{([^{}]*)\}|\\[\[\]()]", r"\1", text)
    plain = re.sub(r"[*`_#\\$]+|boxed|[{}]", "", plain).strip()
    for mark in (_MARK, _THEREFORE):
        for _, after in reversed(_opened(plain, mark)):
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
    concluded = [after for _, after in _opened(plain, _THEREFORE)][-1:]
    for part in (*concluded, plain):
        sentence = re.split(r"(?<=[.!?])\s|\n", part.strip(), maxsplit=1)[0]
        if len(_content(sentence) & wanted) >= _SHARED * len(wanted) and not _ASKING.match(sentence):
            return "yes" if bool(_NEGATED.search(sentence)) == bool(_NEGATED.search(question)) else "no"
    return None


def _content(text: str) -> set[str]:
    """The beginnings of the longer words of a text, so that "floats" is "float"."""
    return {word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())}
