"""Ordering texts: who stands where, read by code and decided by a solver over whole-number places.

The entities are those a sentence lists ("five birds: an owl, a crow …") or those that the comparisons name. On lines
and in races everybody has a place of their own; in plain comparisons (older, taller) two may be equal unless the text
counts places. A text of which one relevant sentence is not understood is not taken for an ordering at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tools.limited import RunLimited
from tools.logic import words as w
from tools.logic.deciding import Decision, Limits, Step, Verdict, refute
from tools.logic.language import Compare, Formula, Implies, Or, Premise, Xor, both, leaves, negate, show
from tools.logic.message import Message
from tools.logic.ordering_said import said_plainly
from tools.logic.ordering_words import NUMBERS, PLACES, RELATIONS, Placed, comparative, placed, pole

MAX_ENTITIES = 20
_VERB = re.compile(
    r"^(?:is|are|was|were|finished|finishes|finish|came|comes|come|arrived|arrives|arrive|ended|ranked|ranks|rank|placed|"
    r"stands|stood|stand|sits|sat|sit|lives|lived|live|parked|hangs|lies|ran|runs|run|got|queues|waits)\b(?: (?:in|up|out|standing|sitting|placed|"
    r"located|positioned|parked|ranked|seated)\b(?! front| (?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)\b))?\s*"
)
_LISTED = re.compile(r":\s*([^:]+)$")
_COUNT = re.compile(r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b", re.I)
_NAMES_FIRST = re.compile(
    r"^((?:[A-Z]\w+, )*[A-Z]\w+,? and [A-Z]\w+) (?!(?:is|are|was|were) (?:not )?(?:\w+er|more|less)\b)(.+)$"
)
_MENTION = re.compile(r"@(\d+)")
_MENTIONED = re.compile(r"@\d+")
_NP = r"(?:the |my |our |his |her )?[\w'’]+(?:[ -][\w'’]+){0,2}"
_FREE = re.compile(
    rf"^({_NP}) (?:is|are|was|were|finished|came|arrived|ran|stands|sits|ranked|placed|lives|stood|sat) (?:not )?(?:in )?(?:immediately |directly |just |right |much |slightly |a bit )?"
    rf"(?:\w+er than|(?:more|less) \w+ than|as \w+ as|above|below|before|after|ahead of|behind|in front of|to the (?:left|right) of|next to)"
    rf" ({_NP})$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class OrderingText:
    """A read ordering: entities (keys to shown names), axes for the solver, premises, and what is asked."""

    names: dict[str, str]
    axes: dict[str, dict[str, object]]
    premises: tuple[Premise, ...]
    sentences: tuple[tuple[str, str], ...]
    kind: Literal["options", "statement", "who", "order", "place", "count"]
    goals: tuple[tuple[str, Formula], ...]
    modality: Literal["must", "cannot", "can"]
    asked: str
    assumed: str


@dataclass(frozen=True, slots=True)
class Ordered:
    """The decision, the short answer (letter, name, True …) and the sentence it is about."""

    decision: Decision
    answer: str
    statement: str


class _Unclear(Exception):
    """A sentence that is not read as a claim about places."""


@dataclass(slots=True)
class _Reader:
    """Reads clauses in which entities are already written as @0, @1 …"""

    keys: list[str]
    default: str = "rank"
    used: set[str] = field(default_factory=set)
    counts: bool = False

    def clause(self, text: str, depth: int = 0) -> Formula:
        """A whole clause. Raises _Unclear."""
        text = text.strip(" ,")
        if depth > 6:
            raise _Unclear
        match = re.match(r"^if (.+?),? then (.+)$", text)
        if match:
            return Implies(self.clause(match[1], depth + 1), self.clause(match[2], depth + 1))
        if text.startswith("either "):
            found = self.alternatives(text.removeprefix("either "), depth)
            if found is not None:
                return found
        whole = self.two_clauses(text, depth)
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
            raise _Unclear
        return self.about(self.keys[int(match[1])], match[2], depth)

    def two_clauses(self, text: str, depth: int) -> Formula | None:
        """ "@0 is older than @1 and @1 is older than @2"."""
        for match in re.finditer(r",? (?:and|but) (?=@\d+ (?!and\b|or\b))", text):
            try:
                left = self.clause(text[: match.start()], depth + 1)
                return both(left, self.clause(text[match.end() :], depth + 1))
            except _Unclear:
                continue
        return None

    def alternatives(self, text: str, depth: int) -> Formula | None:
        for match in re.finditer(r",? or ", text):
            try:
                return Xor(self.clause(text[: match.start()], depth + 1), self.clause(text[match.end() :], depth + 1))
            except _Unclear:
                continue
        return None

    def about(self, key: str, text: str, depth: int = 0) -> Formula:
        """What is said of one entity: verb, negation, relation or place, and what is joined to it."""
        if depth > 8:
            raise _Unclear
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
            found = self.relation(key, text)
        except _Unclear:
            if negative and re.search(r"\b(?:and|but)\b", text):
                raise
            found = self.split(key, text, depth)
        return negate(found) if negative else found

    def split(self, key: str, text: str, depth: int) -> Formula:
        """ "older than @1 but younger than @2", "before @1 or after @2"."""
        for match in re.finditer(r",? (?:but |and |or )", text):
            sign = match.group().strip(" ,")
            left, right = text[: match.start()], text[match.end() :].removeprefix("is ").removeprefix("also ")
            try:
                first = self.relation(key, left)
                if _MENTION.fullmatch(right):  # "before @1 and @2"
                    start = _MENTION.search(left)
                    right = (left[: start.start()] if start else "") + right
                second = self.about(key, right, depth + 1)
            except _Unclear:
                continue
            return Or((first, second)) if sign == "or" else both(first, second)
        raise _Unclear

    def relation(self, key: str, text: str) -> Formula:
        """One place or one relation to others."""
        text = text.strip(" ,")
        between = re.match(r"^(immediately |directly )?(?:somewhere |in )?between @(\d+) and @(\d+)$", text)
        if between:
            return self.between(key, self.keys[int(between[2])], self.keys[int(between[3])], bool(between[1]))
        match = re.match(
            r"^(?:(immediately|directly|just|right|exactly|much|slightly|a bit|somewhere) )?(.+?) @(\d+)$", text
        )
        if match:
            return self.towards(key, match[2], self.keys[int(match[3])], match[1] or "")
        if "@" in text:
            raise _Unclear
        text = re.sub(
            r" (?:of (?:all|them|them all|the \w+|these \w+)|in the (?:race|line|row|queue|group)|overall|on the (?:shelf|branch|list))$",
            "",
            text,
        )
        if text.removeprefix("in ") in ("the middle", "the middle one", "the center", "the centre"):
            if len(self.keys) % 2 == 0:
                raise _Unclear
            self.note(self.default, True)
            return Compare(self.default, key, "=", None, (len(self.keys) + 1) // 2)
        place = placed(text, self.default)
        if place is None:
            raise _Unclear
        return self.at(key, place)

    def towards(self, key: str, words: str, other: str, manner: str) -> Formula:
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
            raise _Unclear
        axis, first = found
        self.note(axis, bool(apart) or axis in PLACES)
        before, after = (key, other) if first else (other, key)
        if apart:
            return Compare(axis, after, "=", before, apart)
        return Compare(axis, before, "<", after, 0)

    def between(self, key: str, one: str, two: str, close: bool) -> Formula:
        axis = self.default
        self.note(axis, True)
        if close:
            up = both(Compare(axis, key, "=", one, 1), Compare(axis, two, "=", key, 1))
            down = both(Compare(axis, key, "=", two, 1), Compare(axis, one, "=", key, 1))
            return Or((up, down))
        up = both(Compare(axis, one, "<", key), Compare(axis, key, "<", two))
        return Or((up, both(Compare(axis, two, "<", key), Compare(axis, key, "<", one))))

    def at(self, key: str, place: Placed) -> Formula:
        """The k-th place; the first or last on an axis of comparison is before or after all others."""
        if place.k > len(self.keys):
            raise _Unclear
        if place.k == 1 and place.axis not in PLACES:
            self.note(place.axis, False)
            others = [other for other in self.keys if other != key]
            pairs = [(key, other) if place.from_first else (other, key) for other in others]
            return both(*(Compare(place.axis, left, "<", right) for left, right in pairs))
        self.note(place.axis, True)
        return Compare(place.axis, key, "=", None, place.k if place.from_first else len(self.keys) + 1 - place.k)

    def note(self, axis: str, counts: bool) -> None:
        self.used.add(axis)
        self.counts = self.counts or counts


# The text -----------------------------------------------------------------------------------------------------------


def read_ordering(message: Message) -> OrderingText | None:
    """The ordering a message speaks of, None where it is not one that is understood throughout."""
    found = _entities(message.premises)
    if found is None:
        return None
    names, start, listed = found
    if not 2 <= len(names) <= MAX_ENTITIES:
        return None
    marker = _marker(names)
    reader = _Reader(list(names), default=_default_axis(" ".join([*message.premises, message.asked])))
    premises: list[Premise] = []
    sentences: list[tuple[str, str]] = [(sentence, "background") for sentence in message.premises[:start]]
    if listed:
        sentences.append((message.premises[start], f"entities: {', '.join(names)}"))
    for sentence in message.premises[start + (1 if listed else 0) :]:
        marked = marker(sentence)
        try:
            formula = reader.clause(marked)
        except _Unclear:
            if "@" in marked or sentence.endswith("?"):
                return None
            sentences.append((sentence, "background"))
            continue
        premises.append(Premise(formula, sentence))
        sentences.append((sentence, show(formula)))
    if not premises:
        return None
    return _asked(message, names, reader, marker, premises, sentences, listed)


def _entities(sentences: Sequence[str]) -> tuple[dict[str, str], int, bool] | None:
    """(names by key, index of the first sentence that counts, whether that sentence lists them)."""
    for i, sentence in enumerate(sentences):
        match = _LISTED.search(sentence.rstrip(". "))
        listed = match[1] if match else None
        if listed is None:
            first = _NAMES_FIRST.match(sentence)
            listed = first[1] if first else None
        if listed is None:
            continue
        items = [re.sub(r"^(?:and |a |an |the )+", "", part.strip()) for part in re.split(r",|\band\b", listed)]
        items = [item for item in items if item]
        if len(items) < 2 or any(len(item.split()) > 4 for item in items):
            continue
        count = _COUNT.search(sentence[: sentence.find(listed)]) if match else None
        if count and (int(count[1]) if count[1].isdigit() else NUMBERS[count[1].lower()]) != len(items):
            return None
        return {w.key_of(item.split()): item for item in items}, i, True
    return _named(sentences)


def _named(sentences: Sequence[str]) -> tuple[dict[str, str], int, bool] | None:
    """The entities that plain comparisons name."""
    names: dict[str, str] = {}
    parts = [part for sentence in sentences for part in re.split(r",? (?:and|but) ", said_plainly(sentence))]
    for sentence in parts:
        match = _FREE.match(sentence.strip(" ."))
        if match is None:
            continue
        for phrase in (match[1], match[2]):
            plain = re.sub(r"^(?:the|my|our|his|her) ", "", phrase, flags=re.I)
            words = plain.lower().split()
            if any(word in w.LOGICAL or word in w.PRONOUN or word in w.SOME_WHOLE for word in words):
                return None
            if phrase == plain and not plain[:1].isupper():
                return None  # "dogs are bigger than cats" speaks of classes
            if len(words) == 1 and phrase == plain and w.singular(words[0], ()) != words[0] and " are " in sentence:
                return None
            names.setdefault(w.key_of(words), plain)
    return (names, 0, False) if len(names) >= 2 else None


def _marker(names: dict[str, str]) -> Callable[[str], str]:
    """A function that writes entities as @0, @1 … in a sentence (lower case, stop dropped)."""
    order = {w.key_of(name.split()): i for i, name in enumerate(names.values())}
    forms = sorted(((name.lower(), order[key]) for key, name in names.items()), key=lambda pair: -len(pair[0]))
    index = dict(forms)
    pattern = re.compile(
        r"(?:\b(?:the|my|our|his|her) )?(?<![\w@-])(" + "|".join(re.escape(form) for form, _ in forms) + r")(?![\w-])"
    )

    def mark(sentence: str) -> str:
        text = said_plainly(sentence).rstrip(".?! ").replace("’", "'").lower()
        text = re.sub(r"\b(\w+)n't\b", r"\1 not", text)
        text = pattern.sub(lambda match: f"@{index[match[1]]}", text)
        return re.sub(r"\s+", " ", text)

    return mark


def _default_axis(text: str) -> str:
    return "line" if re.search(r"\b(?:left|right|leftmost|rightmost)\b", text) else "rank"


def _asked(
    message: Message, names: dict[str, str], reader: _Reader, marker: Callable[[str], str],
    premises: list[Premise], sentences: list[tuple[str, str]], listed: bool,
) -> OrderingText | None:  # fmt: skip
    kind: Literal["options", "statement", "who", "order", "place", "count"] = "statement"
    goals: list[tuple[str, Formula]] = []
    try:
        if message.kind == "options":
            kind = "options"
            goals = [(option.letter, reader.clause(marker(option.text))) for option in message.options]
        elif message.kind == "statement":
            goals = [("", reader.clause(marker(message.asked)))]
        else:
            kind, goals = _question(marker(message.asked), reader)
    except _Unclear:
        return None
    if not _one_family(reader, premises, goals):
        return None
    distinct = reader.counts or bool(reader.used & PLACES)
    shape: dict[str, object] = {
        "entities": list(names), "places": len(names) if distinct else 0, "distinct": distinct
    }  # fmt: skip
    assumed = "" if listed else "Assumed: only those named take part."
    if distinct and not reader.used & PLACES:
        assumed = " ".join([assumed, "Assumed: no two are equal."]).strip()
    return OrderingText(
        names=names, axes={axis: shape for axis in sorted(reader.used)}, premises=tuple(premises),
        sentences=tuple(sentences), kind=kind, goals=tuple(goals), modality=message.modality, asked=message.asked,
        assumed=assumed,
    )  # fmt: skip


def _one_family(reader: _Reader, premises: list[Premise], goals: list[tuple[str, Formula]]) -> bool:
    """Whether what is asked lies on an axis the premises speak of."""
    told = {leaf.axis for premise in premises for leaf in leaves(premise.formula) if isinstance(leaf, Compare)}
    wanted = {leaf.axis for _, goal in goals for leaf in leaves(goal) if isinstance(leaf, Compare)}
    return not wanted or bool(wanted & told)


def _question(
    text: str, reader: _Reader
) -> tuple[Literal["statement", "who", "order", "place", "count"], list[tuple[str, Formula]]]:
    """A yes-no, who, order or place question over marked text. Raises _Unclear."""
    text = re.sub(r"^(?:so|then|and|now),? ", "", text.strip())
    match = re.match(r"^(?:is|are|was|were|did|does|do|must|can) (@\d+) (.+)$", text)
    if match:
        return "statement", [("", reader.clause(f"{match[1]} {re.sub(r'^(?:be|have) ', '', match[2])}"))]
    if re.match(r"^(?:what|which) (?:is|was) the (?:\w+ )?(?:order|ranking|sequence)\b", text) or re.match(
        r"^in (?:what|which) order\b", text
    ):
        return "order", []
    match = re.match(r"^(?:in )?(?:what|which) (?:place|position)(?: is| did| was| does)? @(\d+)(?: \w+){0,2}$", text)
    if match:
        key = reader.keys[int(match[1])]
        reader.note(reader.default, True)
        return "place", [(str(k), Compare(reader.default, key, "=", None, k)) for k in range(1, len(reader.keys) + 1)]
    match = re.match(
        r"^how many (?:of (?:them|the \w+) |of the others |others |people |\w+ )?((?:are|is|were|stand|sit|finished|came|arrived)\b.+)$",
        text,
    )
    if match:
        others = [key for i, key in enumerate(reader.keys) if f"@{i}" not in _MENTIONED.findall(match[1])]
        return "count", [(key, reader.about(key, match[1])) for key in others]
    choice = re.match(r"^(?:who|which(?: one)?|what) (is|was) (?:the )?([a-z ]+), @(\d+) or @(\d+)$", text)
    if choice and comparative(f"{choice[2]} than"):
        one, two = int(choice[3]), int(choice[4])
        pairs = [(one, two), (two, one)]
        return "who", [(reader.keys[a], reader.about(reader.keys[a], f"is {choice[2]} than @{b}")) for a, b in pairs]
    text = re.sub(r", (?:@\d+(?:, | or |, or )?)+$", "", text)
    text = re.sub(
        r",? (?:of|among|out of|between) (?:the |these |them )?(?:\w+|@\d+(?:(?:, | and |, and )@\d+)+)$", "", text
    )
    match = re.match(
        r"^(?:who|what|which(?: one)?(?: of (?:the \w+|them|these))?|which [a-z]+(?: [a-z]+)?|what [a-z]+)(?: person| one)? ((?:is|are|was|were|finished|came|arrived|stands|sits|ranked|placed|ran|comes|got|won|lives|stood|sat)\b.*)$",
        text,
    )
    if not match:
        raise _Unclear
    rest = re.sub(r"^won(?: the race)?$", "finished first", match[1])
    return "who", [(key, reader.about(key, rest)) for key in reader.keys]


# The answer ---------------------------------------------------------------------------------------------------------


def solve_ordering(text: OrderingText, *, run_limited: RunLimited, limits: Limits) -> Ordered:
    """Decide what is asked. The answer is "" where nothing follows."""
    goals = [goal for _, goal in text.goals]
    if text.kind == "order":
        return _whole_order(text, run_limited, limits)
    decisions = refute(text.premises, goals, run_limited=run_limited, limits=limits, axes=text.axes)
    first = decisions[0]
    if text.kind == "statement":
        answer = {"proved": "True", "disproved": "False", "unknown": "Unknown"}.get(first.verdict, "")
        return Ordered(_noted(first, text.assumed), answer, text.asked)
    if text.kind == "count":
        return _counted(text, decisions)
    wanted = {"must": ("proved",), "cannot": ("disproved",), "can": ("proved", "unknown")}[text.modality]
    chosen = [i for i, decision in enumerate(decisions) if decision.verdict in wanted]
    if len(chosen) == 1 or text.kind == "who" and chosen:
        decision = _noted(decisions[chosen[0]], text.assumed)
        labels = [text.goals[i][0] for i in chosen]
        if text.kind == "who":
            return Ordered(decision, ", ".join(text.names[label] for label in labels), text.asked)
        return Ordered(decision, labels[0], text.asked)
    if first.verdict in ("contradiction", "undecided-in-time"):
        return Ordered(first, "", text.asked)
    note = "More than one fits: " + ", ".join(text.goals[i][0] for i in chosen) if chosen else "None of them must hold."
    verdict: Verdict = "undecided-in-time" if any(d.verdict == "undecided-in-time" for d in decisions) else "unknown"
    return Ordered(
        Decision(verdict, "ordering", note=_noted(Decision(verdict, "ordering", note=note), text.assumed).note),
        "Unknown",
        text.asked,
    )


def _counted(text: OrderingText, decisions: Sequence[Decision]) -> Ordered:
    """How many it holds of; only where it is certain of each."""
    verdicts = [decision.verdict for decision in decisions]
    yes = [i for i, verdict in enumerate(verdicts) if verdict == "proved"]
    other = next((d for d in decisions if d.verdict not in ("proved", "disproved")), None)
    if other is not None or not decisions:
        verdict: Verdict = other.verdict if other is not None else "unread"
        note = "It is not certain of each of them." if verdict == "unknown" else other.note if other else ""
        return Ordered(Decision(verdict, "ordering", note=note), "Unknown" if verdict == "unknown" else "", text.asked)
    used = tuple(dict.fromkeys(sentence for decision in decisions for sentence in decision.used))
    names = ", ".join(text.names[text.goals[i][0]] for i in yes)
    steps = (Step(f"It holds of: {names or 'nobody'}.", used, "refutation"),)
    return Ordered(Decision("proved", "ordering", steps, used, text.assumed), str(len(yes)), text.asked)


def _noted(decision: Decision, assumed: str) -> Decision:
    return replace(decision, note=" ".join(part for part in (decision.note, assumed) if part))


def _whole_order(text: OrderingText, run_limited: RunLimited, limits: Limits) -> Ordered:
    """The one order of all, where there is only one."""
    axis = next(iter(text.axes))
    keys = list(text.names)
    pairs = [(a, b) for a in keys for b in keys if a != b]
    decisions = refute(
        text.premises,
        [Compare(axis, a, "<", b) for a, b in pairs],
        run_limited=run_limited,
        limits=limits,
        axes=text.axes,
    )
    before = {key: sum(d.verdict == "proved" for (_, b), d in zip(pairs, decisions) if b == key) for key in keys}
    if sorted(before.values()) != list(range(len(keys))):
        first = decisions[0]
        verdict: Verdict = first.verdict if first.verdict in ("contradiction", "undecided-in-time") else "unknown"
        return Ordered(
            Decision(verdict, "ordering", note="More than one order fits."),
            "Unknown" if verdict == "unknown" else "",
            text.asked,
        )
    order = sorted(keys, key=lambda key: before[key])
    used = tuple(dict.fromkeys(sentence for d in decisions if d.verdict == "proved" for sentence in d.used))
    steps = tuple(
        dict.fromkeys(step for d in decisions if d.verdict == "proved" for step in d.steps if step.rule == "given")
    )
    return Ordered(
        Decision("proved", "ordering", steps, used, text.assumed),
        ", ".join(text.names[key] for key in order),
        text.asked,
    )
