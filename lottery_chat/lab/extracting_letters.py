"""From the text of a reply to the option that it chose: its letter, its words, or what it says of each.

Strict about what counts as a statement: an option that is only talked about is not chosen. Pure functions on text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lottery_chat.lab.extracting_marks import BOXED, MARK, THEREFORE, opened_by
from lottery_chat.lab.extracting_yes_no import yes_no

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
    text = BOXED.sub(lambda found: f" The answer is ({found[1]}). " if len(found[1]) == 1 else f" {found[1]} ", text)
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
    for mark in (MARK, THEREFORE):
        for start, after in opened_by(text, mark):
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
    marked = [after.split("\n")[0] for _, after in opened_by(text, MARK)]
    concluded = [re.split(r"[.\n]", after)[0] for _, after in opened_by(text, THEREFORE)]
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
    opened = sorted([*opened_by(text, MARK), *opened_by(text, THEREFORE)], reverse=True)
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
