"""What an arrangement puzzle asks: the cases to examine for each option, thing or slot, and how to answer from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.logic.message import Option
from tools.logic.puzzle_clauses import Clauses
from tools.logic.puzzle_relations import Unclear
from tools.logic.puzzle_setup import items_of

#: must: its opposite is impossible. could: possible. cannot: impossible. not-must: its opposite is possible.
Mode = Literal["must", "could", "cannot", "not-must"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked. given: a formula supposed for this question. goals: (label, formula) for options, things or slots.

    kind "one": exactly one goal fits `mode`; "several": all goals that fit are named; "yes-no": one goal; "order": the
    one arrangement; "how-many": the number of arrangements (or of fitting goals, where there are goals); "determined":
    the goal with which one arrangement is left; "same-effect": the goal that can stand for the sentence `replaced`;
    "least", "most": the smallest or largest possible goal.
    """

    kind: Literal["one", "several", "yes-no", "order", "how-many", "determined", "same-effect", "least", "most"]
    mode: Mode
    goals: tuple[tuple[str, str], ...] = ()
    given: str = ""
    replaced: str = ""


_TRUTH = re.compile(
    r"^(?:which|what)(?: one)? of (?:the following|these|them)(?: statements?| sentences?)? (must be|has to be|could be|can be|may be|cannot be|could not be|must|is necessarily|is)(?: (true|false|possible|required|allowed|the case|acceptable))(?: for that \w+)?$"
)
_EXCEPT = re.compile(
    r"^(?:each|all|any)(?: one)? of (?:the following|these) (must be|could be|can be|cannot be|may be) (true|false),? except$"
)
_EACH_THING = re.compile(
    r"^(?:each|all|any)(?: one)? of (?:the following|these)(?: \w+)? (must|could|can|may)((?: have)? be(?:en)?)? (.+?),? except$"
)
_SUBJECT = re.compile(
    r"^(?:which|what)(?: one)? of (?:the following|these|them)(?: pairs of)?(?: \w+){0,2}? (must not|must|could not|could|can not|cannot|can|may)(?: both| each)? (?:have |be )*(.+)$"
)
_LISTED = re.compile(
    r"^(?:which|what)(?: one)? of (?:the following|these) (must|could|can|cannot|could not|is)(?: be)? (?:an? |the )?(?:possible |acceptable |entire |exact )?((?:complete |accurate |full |and )*)(?:list|assignment|set|group|selection) of (?:all )?(?:of )?(?:the )?(\w+) (?:who |that |which |of |to )?(.+)$"
)
_ORDER = re.compile(r"\b(?:order|sequences?|schedules?|arrangements?|rankings?|display|line-?up|seating)\b")
_MODES: dict[tuple[str, bool], Mode] = {
    ("must", False): "must", ("must", True): "cannot", ("could", False): "could", ("could", True): "not-must",
    ("cannot", False): "cannot", ("cannot", True): "must",
}  # fmt: skip


def _mode(word: str, false: bool = False) -> Mode:
    word = word.lower().strip()
    if word.startswith(("cannot", "could not", "can not", "can't", "must not")):
        return _MODES["cannot", false]
    return _MODES["must" if word.startswith(("must", "has", "is neces")) else "could", false]


def _excepted(mode: Mode) -> Mode:
    """What the exception fits, where all others fit `mode`."""
    return {"must": "not-must", "could": "cannot", "cannot": "could", "not-must": "must"}[mode]  # type: ignore[return-value]


def read_question(
    asked: str, options: Sequence[Option], clauses: Clauses, mark: Callable[[str], str], conditions: Sequence[str]
) -> Asked:
    """What a question asks, with marks in its formulas. Raises Unclear.

    Args:
        asked: the question as written, with or without "?".
        conditions: the marked sentences that state conditions, for "substituted for the condition that …".
    """
    text = re.sub(r"^(?:so|then|and|now),? ", "", mark(asked).strip(" .:?")).strip()
    for given, rest in _supposed(text):
        try:
            supposed = clauses.read(given) if given else ""
            found = _options(rest, options, clauses, mark, conditions) if options else _open(rest, clauses)
        except Unclear:
            continue
        if found is not None:
            return Asked(found.kind, found.mode, found.goals, supposed, found.replaced)
    raise Unclear(text)


def _supposed(text: str) -> Iterator[tuple[str, str]]:
    """Every way to part a supposition from the question."""
    text = re.sub(r"\bcan not\b", "cannot", text)
    opener = re.match(r"^(?:if|suppose(?: that)?|assuming(?: that)?|given that|provided that) ", text)
    if opener is None:
        yield "", text
        closing = re.match(r"^(.+?),? if (.+)$", text)
        if closing and not re.search(r"substituted|determined", text):
            yield closing[2], closing[1]
        return
    body = text[opener.end() :]
    for cut in re.finditer(r", then,? |,? then | and if |, ", body):
        yield re.sub(r" and if ", " and ", body[: cut.start()]), body[cut.end() :]


# With options ------------------------------------------------------------------------------------------------------


def _options(
    text: str, options: Sequence[Option], clauses: Clauses, mark: Callable[[str], str], conditions: Sequence[str]
) -> Asked | None:
    marked = [(option.letter, mark(option.text)) for option in options]

    def goals(shape: str) -> tuple[tuple[str, str], ...]:
        return tuple((letter, clauses.read(shape.format(one.strip(" ?.")))) for letter, one in marked)

    match = _TRUTH.match(text)
    if match:
        word = (
            "could"
            if match[2] in ("possible", "allowed", "acceptable")
            else "must"
            if match[2] == "required"
            else match[1]
        )
        if match[1] == "is" and match[2] in ("true", "false", "the case"):
            word = "must"
        return Asked("one", _mode(word, match[2] == "false"), goals("{}"))
    match = _EXCEPT.match(text)
    if match:
        return Asked("one", _excepted(_mode(match[1], match[2] == "false")), goals("{}"))
    match = re.match(
        r"^(?:the \w+ (?:of .+ )?is )?(?:fully|completely) determined if which (?:one )?of (?:the following|these) (?:is true|holds|is the case)$",
        re.sub(r"^(?:the .+ )?(?=(?:is )?(?:fully|completely) determined)(?:is )?", "", text),
    )
    if match:
        return Asked("determined", "must", goals("{}"))
    match = re.match(
        r"^which (?:one )?of (?:the following|these),? if (?:it (?:is|were) )?substituted for the \w+ that (.+?),? would have the same effect\b",
        text,
    )
    if match:
        old = clauses.read(match[1])
        same = [sentence for sentence in conditions if _reads(clauses, sentence) == old]
        if len(same) != 1:
            raise Unclear(text)
        return Asked("same-effect", "must", goals("{}"), replaced=same[0])
    extreme = re.match(
        r"^(?:what|which (?:one )?of (?:the following|these)) is the (minimum|maximum|least|greatest|smallest|largest) (?:possible )?number of (\w+) (?:that |who |which )?(?:could |can )?(?:be )?(.+)$",
        text,
    )
    if extreme:
        kind: Literal["least", "most"] = "least" if extreme[1] in ("minimum", "least", "smallest") else "most"
        return Asked(kind, "could", goals(f"exactly {{}} {extreme[2]} {extreme[3]}"))
    return _listed(text, options, marked, clauses, mark) or _subjects(text, marked, clauses)


def _reads(clauses: Clauses, sentence: str) -> str:
    try:
        return clauses.read(sentence)
    except Unclear:
        return ""


def _listed(
    text: str, options: Sequence[Option], marked: list[tuple[str, str]], clauses: Clauses, mark: Callable[[str], str]
) -> Asked | None:
    """Options that are lists: who is in one slot, the whole order, or all slots with what they hold."""
    word = re.search(r"\b(must|could not|could|cannot|can|may|acceptable|possible|allowable|is)\b", text)
    mode = _mode(word[1] if word and word[1] != "is" else "could")
    if all(re.match(r"^(?:the )?#\d+(?: \w+)?:", one) for _, one in marked):
        return Asked("one", mode, tuple((letter, _by_slot(one, clauses)) for letter, one in marked))
    match = _LISTED.match(text)
    if match and clauses._thing(match[3]):
        slot = re.findall(r"#\d+", match[4])
        if len(slot) == 1 and ("complete" in match[2] or " the list" in text or "all" in text.split()):
            rest = clauses.simple(f"@0 {match[4]}", 0, None)
            if rest == f"at(@0, {slot[0]})":
                return Asked(
                    "one",
                    mode,
                    tuple((letter, f"list({slot[0]}, {', '.join(_things(one))})") for letter, one in marked),
                )
        if clauses.frame.optional and not slot and "complete" in match[2]:
            return Asked("one", mode, tuple((letter, _chosen(one, clauses)) for letter, one in marked))
        raise Unclear(text)
    sizes = {len(_things(one)) for _, one in marked}
    whole = len(clauses.frame.slots)
    if (
        sizes == {whole}
        and whole > 2
        and _ORDER.search(text)
        and clauses.setting.distinct
        and not re.search(r"from last|reverse|latest to|right to left", text)
    ):
        return Asked("one", mode, tuple((letter, f"order({', '.join(_things(one))})") for letter, one in marked))
    first = re.match(
        r"^the (first|last) (?:and (second|third) |(two|three) )(\w+)\b.*\b(?:in order|respectively),? (could|must|cannot) be$",
        text,
    )
    if first and clauses.setting.distinct and first[1] == "first":
        return Asked(
            "one",
            _mode(first[5]),
            tuple(
                (letter, " and ".join(f"at({one}, #{k})" for k, one in enumerate(_things(said))))
                for letter, said in marked
            ),
        )
    return None


def _things(text: str) -> list[str]:
    """The things of an option that is nothing but a list. Raises Unclear."""
    parts = items_of(text)
    if any(not re.fullmatch(r"@\d+", part) for part in parts) or len(set(parts)) != len(parts):
        raise Unclear(text)
    return list(parts)


def _chosen(text: str, clauses: Clauses) -> str:
    inside = set(_things(text))
    every = [f"@{index}" for index in range(len(clauses.frame.entities))]
    return " and ".join(f"in({one})" if one in inside else f"out({one})" for one in every)


def _by_slot(text: str, clauses: Clauses) -> str:
    parts = re.findall(r"(#\d+)(?: \w+)?:\s*([^#:]*?)[;,.]?\s*(?:the )?(?=#|$)", text)
    if len({slot for slot, _ in parts}) != len(clauses.frame.slots) or len(parts) != len(clauses.frame.slots):
        raise Unclear(text)
    return " and ".join(
        f"list({', '.join([slot, *(_things(said) if said.strip() not in ('none', 'nobody', '') else [])])})"
        for slot, said in parts
    )


def _subjects(text: str, marked: list[tuple[str, str]], clauses: Clauses) -> Asked | None:
    """Options that are things, said of in the question; or ends of a sentence the question begins."""
    match = _EACH_THING.match(text)
    if match:
        return Asked(
            "one",
            _excepted(_mode(match[1])),
            tuple((letter, clauses.read(f"{one} {match[3]}")) for letter, one in marked),
        )
    match = _SUBJECT.match(text)
    if match:
        return Asked(
            "one", _mode(match[1]), tuple((letter, clauses.read(f"{one} {match[2]}")) for letter, one in marked)
        )
    match = re.match(r"^the (\w+) (?:\w+ ){0,3}?(?:\w+ )?(#\d+) (must) be$", text)
    if match and clauses._thing(match[1]):
        shape = clauses.read(f"@0 {text[len(match[1]) + 5 : match.start(3)]}")
        if shape == f"at(@0, {match[2]})":
            return Asked(
                "one",
                "must",
                tuple(
                    (letter, " or ".join(f"at({thing}, {match[2]})" for thing in _things(one)))
                    for letter, one in marked
                ),
            )
    match = re.match(r"^(.*?)\b(must|could|can|cannot)(?: have)?(?: be)?\b(.*)$", text)
    if match and "@" in match[1]:
        start = f"{match[1]}is{match[3]}"
        return Asked("one", _mode(match[2]), tuple((letter, clauses.read(f"{start} {one}")) for letter, one in marked))
    match = re.match(
        r"^(?:who|which(?: one)?(?: of the)?(?: \w+)?|what)(?: \w+)? (?:is|was|are|will be|must be) (.+)$", text
    )
    if match:
        return Asked("one", "must", tuple((letter, clauses.read(f"{one} is {match[1]}")) for letter, one in marked))
    return None


# Without options ---------------------------------------------------------------------------------------------------


def _open(text: str, clauses: Clauses) -> Asked | None:
    """Questions that want a name, a slot, a number, an order or yes and no."""
    frame = clauses.frame
    if re.match(
        r"^(?:in )?how many (?:different |possible |such |valid |distinct )*(?:orders|orderings|arrangements|ways|schedules|assignments|seatings|sequences|solutions|line-?ups)\b[^@#]*$",
        text,
    ):
        return Asked("how-many", "could")
    match = re.match(r"^how many (?:of the )?(\w+) (can|could|must|cannot) (?:be )?(.+)$", text)
    if match and clauses._thing(match[1]):
        return Asked("how-many", _mode(match[2]), _all_things(match[3], clauses))
    if re.match(
        r"^(?:what|which) (?:is|was|must be) the (?:\w+ )?(?:order|ranking|sequence|schedule|arrangement|seating)\b[^@#]*$|^in (?:what|which) order\b[^@#]*$",
        text,
    ):
        return Asked("order", "must")
    place = r"(?:(?:on|in|at|to|from|for) )?(?:what|which) (\w+)"
    match = re.match(
        rf"^(?:{place}|where|when) (is|was|are|must|can|could|does|did|cannot|will)(?: the)? (@\d+)(?: (?!and\b|or\b|be\b)\w+| be(?: \w+)?)?(?: \w+)?$",
        text,
    )
    if match and (match[1] is None or clauses._slot(match[1])):
        mode = _mode(match[2]) if match[2] in ("can", "could", "cannot") else "must"
        return Asked("several", mode, tuple((f"#{k}", f"at({match[3]}, #{k})") for k in range(len(frame.slots))))
    match = re.match(
        r"^(?:who|which(?: one)?(?: of the)?(?: \w+)?|what(?: \w+)?) (must|can|could|cannot)(?: be)? (.+)$", text
    )
    if match:
        return Asked("several", _mode(match[1]), _all_things(match[2], clauses))
    match = re.match(
        r"^(is|are|was|must|can|could|does|did|will) (both @\d+ and @\d+|@\d+ and @\d+|@\d+) (?:be |always |necessarily )*(.+)$",
        text,
    )
    if match:
        word = match[1] if match[1] in ("must", "can", "could") else "is"
        mode = "could" if word in ("can", "could") else "must"
        return Asked(
            "yes-no",
            mode,
            (("", clauses.read(f"{match[2]} {'' if match[1] in ('does', 'did') else 'is '}{match[3]}")),),
        )
    match = re.match(
        r"^(?:who|which(?: one)?(?: of the)?(?: \w+)?|what(?: \w+)?) ((?:is|are|was|were|sits?|stands?|lives?|goes|go|performs?|speaks?|has|works?|finished|finishes|plays?|arrives?|arrived)\b.*)$",
        text,
    )
    if match:
        return Asked("several", "must", _all_things(match[1], clauses))
    return None


def _all_things(predicate: str, clauses: Clauses) -> tuple[tuple[str, str], ...]:
    said = set(re.findall(r"@\d+", predicate))
    every = [f"@{index}" for index in range(len(clauses.frame.entities))]
    return tuple((one, clauses.read(f"{one} {predicate}")) for one in every if one not in said)
