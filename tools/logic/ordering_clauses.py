"""Clauses of an ordering as formulas over places: "@0 is older than @1", "if @2 is not first then @0 is last"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.logic.language import Compare, Formula, Implies, Or, Xor, both, negate
from tools.logic.ordering_words import NUMBERS, PLACES, RELATIONS, Placed, comparative, placed, pole

_VERB = re.compile(
    r"^(?:is|are|was|were|finished|finishes|finish|came|comes|come|arrived|arrives|arrive|ended|ranked|ranks|rank|placed|"
    r"stands|stood|stand|sits|sat|sit|lives|lived|live|parked|hangs|lies|ran|runs|run|got|queues|waits)\b(?: (?:in|up|out|standing|sitting|placed|"
    r"located|positioned|parked|ranked|seated)\b(?! front| (?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)\b))?\s*"
)
_MENTION = re.compile(r"@(\d+)")


class Unclear(Exception):
    """A sentence that is not read as a claim about places."""


@dataclass(slots=True)
class Clauses:
    """Reads clauses in which entities are already written as @0, @1 …; every method raises Unclear.

    Attributes:
        keys: the entities, in the order of their numbers.
        default: the axis of what names none ("first", "behind").
        used: the axes that were read so far.
        counts: whether places were counted, so that everybody has one of their own.
    """

    keys: list[str]
    default: str = "rank"
    used: set[str] = field(default_factory=set)
    counts: bool = False

    def clause(self, text: str, depth: int = 0) -> Formula:
        """A whole clause."""
        text = text.strip(" ,")
        if depth > 6:
            raise Unclear
        match = re.match(r"^if (.+?),? then (.+)$", text)
        if match:
            return Implies(self.clause(match[1], depth + 1), self.clause(match[2], depth + 1))
        if text.startswith("either "):
            found = self._alternatives(text.removeprefix("either "), depth)
            if found is not None:
                return found
        whole = self._two_clauses(text, depth)
        if whole is not None:
            return whole
        match = re.match(r"^(?:both )?(@\d+)(?:, (@\d+))*,? and (@\d+) (.+)$", text)
        if match:
            subjects = _MENTION.findall(text[: match.start(4)])
            return both(*(self.clause(f"@{i} {match[4]}", depth + 1) for i in subjects))
        match = re.match(r"^neither (@\d+) nor (@\d+) (.+)$", text)
        if match:
            return both(*(negate(self.clause(f"{m} {match[3]}", depth + 1)) for m in (match[1], match[2])))
        match = re.match(r"^@(\d+) (.+)$", text)
        if not match:
            raise Unclear
        return self.about(self.keys[int(match[1])], match[2], depth)

    def _two_clauses(self, text: str, depth: int) -> Formula | None:
        """ "@0 is older than @1 and @1 is older than @2"."""
        for match in re.finditer(r",? (?:and|but) (?=@\d+ (?!and\b|or\b))", text):
            try:
                left = self.clause(text[: match.start()], depth + 1)
                return both(left, self.clause(text[match.end() :], depth + 1))
            except Unclear:
                continue
        return None

    def _alternatives(self, text: str, depth: int) -> Formula | None:
        """ "either @0 is first or @1 is last": exactly one of two whole clauses."""
        for match in re.finditer(r",? or ", text):
            try:
                return Xor(self.clause(text[: match.start()], depth + 1), self.clause(text[match.end() :], depth + 1))
            except Unclear:
                continue
        return None

    def about(self, key: str, text: str, depth: int = 0) -> Formula:
        """What is said of one entity: verb, negation, relation or place, and what is joined to it."""
        if depth > 8:
            raise Unclear
        text = re.sub(r"^(?:did|does|do) not (?=\w)", "not ", text)
        text = re.sub(r"^(?:also|must be|has to be|could be|can be|always) ", "", text.strip())
        negative = text.startswith("not ")
        text = _VERB.sub("", text.removeprefix("not "), count=1).strip()
        if text.startswith("not "):
            negative, text = not negative, text.removeprefix("not ")
        if text.startswith("neither ") and " nor " in text:
            left, right = text.removeprefix("neither ").split(" nor ", 1)
            return both(negate(self.about(key, left, depth + 1)), negate(self.about(key, right, depth + 1)))
        if text.startswith("either ") and " or " in text:
            left, right = text.removeprefix("either ").split(" or ", 1)
            return Xor(self.about(key, left.strip(" ,"), depth + 1), self.about(key, right, depth + 1))
        try:
            found = self._relation(key, text)
        except Unclear:
            if negative and re.search(r"\b(?:and|but)\b", text):
                raise
            found = self._split(key, text, depth)
        return negate(found) if negative else found

    def _split(self, key: str, text: str, depth: int) -> Formula:
        """ "older than @1 but younger than @2", "before @1 or after @2"."""
        for match in re.finditer(r",? (?:but |and |or )", text):
            sign = match.group().strip(" ,")
            left, right = text[: match.start()], text[match.end() :].removeprefix("is ").removeprefix("also ")
            try:
                first = self._relation(key, left)
                if _MENTION.fullmatch(right):  # "before @1 and @2"
                    start = _MENTION.search(left)
                    right = (left[: start.start()] if start else "") + right
                second = self.about(key, right, depth + 1)
            except Unclear:
                continue
            return Or((first, second)) if sign == "or" else both(first, second)
        raise Unclear

    def _relation(self, key: str, text: str) -> Formula:
        """One place or one relation to others."""
        text = text.strip(" ,")
        between = re.match(r"^(immediately |directly )?(?:somewhere |in )?between @(\d+) and @(\d+)$", text)
        if between:
            return self._between(key, self.keys[int(between[2])], self.keys[int(between[3])], bool(between[1]))
        match = re.match(
            r"^(?:(immediately|directly|just|right|exactly|much|slightly|a bit|somewhere) )?(.+?) @(\d+)$", text
        )
        if match:
            return self._towards(key, match[2], self.keys[int(match[3])], match[1] or "")
        if "@" in text:
            raise Unclear
        text = re.sub(
            r" (?:of (?:all|them|them all|the \w+|these \w+)|in the (?:race|line|row|queue|group)|overall|on the (?:shelf|branch|list))$",
            "",
            text,
        )
        if text.removeprefix("in ") in ("the middle", "the middle one", "the center", "the centre"):
            if len(self.keys) % 2 == 0:
                raise Unclear
            self.note(self.default, True)
            return Compare(self.default, key, "=", None, (len(self.keys) + 1) // 2)
        place = placed(text, self.default)
        if place is None:
            raise Unclear
        return self._at(key, place)

    def _towards(self, key: str, words: str, other: str, manner: str) -> Formula:
        """A relation to one other entity."""
        apart = 1 if manner in ("immediately", "directly", "just", "right") else 0
        match = re.match(
            r"^(?:exactly )?(one|two|three|four|five|six|\d) (?:places?|positions?|spots?|steps?|seats?) (.+)$", words
        )
        if match:
            apart, words = int(match[1]) if match[1].isdigit() else NUMBERS[match[1]], match[2]
        if words in ("next to", "adjacent to", "beside", "alongside", "a neighbour of", "a neighbor of"):
            self.note(self.default, True)
            return Or((Compare(self.default, key, "=", other, 1), Compare(self.default, other, "=", key, 1)))
        same = re.match(r"^as ([a-z]+) as$", words)
        if same:
            axis = pole(same[1])[0]
            self.note(axis, False)
            return Compare(axis, key, "=", other, 0)
        found = next(((axis, first) for phrase, axis, first in RELATIONS if words == phrase), None) or comparative(
            words
        )
        if found is None:
            raise Unclear
        axis, first = found
        self.note(axis, bool(apart) or axis in PLACES)
        before, after = (key, other) if first else (other, key)
        if apart:
            return Compare(axis, after, "=", before, apart)
        return Compare(axis, before, "<", after, 0)

    def _between(self, key: str, one: str, two: str, close: bool) -> Formula:
        """Somewhere between two others; `close`: with nobody else between them."""
        axis = self.default
        self.note(axis, True)
        if close:
            up = both(Compare(axis, key, "=", one, 1), Compare(axis, two, "=", key, 1))
            down = both(Compare(axis, key, "=", two, 1), Compare(axis, one, "=", key, 1))
            return Or((up, down))
        up = both(Compare(axis, one, "<", key), Compare(axis, key, "<", two))
        return Or((up, both(Compare(axis, two, "<", key), Compare(axis, key, "<", one))))

    def _at(self, key: str, place: Placed) -> Formula:
        """The k-th place; the first or last on an axis of comparison is before or after all others."""
        if place.k > len(self.keys):
            raise Unclear
        if place.k == 1 and place.axis not in PLACES:
            self.note(place.axis, False)
            others = [other for other in self.keys if other != key]
            pairs = [(key, other) if place.from_first else (other, key) for other in others]
            return both(*(Compare(place.axis, left, "<", right) for left, right in pairs))
        self.note(place.axis, True)
        return Compare(place.axis, key, "=", None, place.k if place.from_first else len(self.keys) + 1 - place.k)

    def note(self, axis: str, counts: bool) -> None:
        """An axis was read, and perhaps a place on it counted."""
        self.used.add(axis)
        self.counts = self.counts or counts
