"""One sentence of an arrangement puzzle as a formula of the language; what is not understood whole raises Unclear.

“Either … or” leaves both open, as such puzzles use it, unless “but not both” is said.

Things are already written as @0, @1 … and slots as #0, #1 …; `named` puts the names back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tools.logic import puzzle_words as p
from tools.logic.puzzle_relations import NOW, READERS, STARTS, Unclear
from tools.logic.puzzle_setting import Setting

MAX_DEPTH = 8
_THINGS = r"@\d+(?:(?:, and |, or |, | and | or )@\d+)*"
_OBJECT = re.compile(rf"^(both |either )?({_THINGS})(,? but not both)?$")
_MODAL = re.compile(
    r"^(?:must|will|can|could|should|may|might|shall|does|do|did|has to|have to|is to|are to|needs to|always|also|both|all|each)\b ?"
)


class Clauses:
    """Reads marked clauses about one setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.frame = setting.frame
        self.free = (setting.words | setting.things | setting.places | p.FREE) - p.RESERVED - {"one", "ones"} | {"must"}
        self.free |= {p.stem(word) for word in self.free}
        self.nouns = {p.stem(word) for word in setting.things}

    def read(self, text: str) -> str:
        """The formula of a sentence, with marks. Raises Unclear."""
        return self.clause(text, 0, None)

    # Connectives ----------------------------------------------------------------------------------------------------

    def clause(self, text: str, depth: int, last: str | None) -> str:
        text = re.sub(
            r"^(?:that|then|also|and|but|in addition|moreover|furthermore|so|only the following:?),? (?!not\b)",
            "",
            text.strip(" ,."),
        )
        if depth > MAX_DEPTH or not text:
            raise Unclear(text)
        if last and re.match(r"^(?:it|he|she|they)\b", text):
            text = re.sub(r"^(?:it|he|she|they)\b", last, text)
        for way in (self.conditional, self.joined, self.counted, self.simple):
            try:
                found = way(text, depth, last)
            except Unclear:
                continue
            if found is not None:
                return found
        raise Unclear(text)

    def _pair(self, one: str, two: str, depth: int, last: str | None, shape: str) -> str:
        so = re.match(r"^so (?:does|do|is|are|was|must|will) (?:the )?(@\d+)$", two)
        if so:
            two = re.sub(r"^(?:both )?(?:the )?@\d+", so[1], one)
        left = self.clause(one, depth + 1, last)
        right = self.clause(two, depth + 1, _subject(one) or last)
        return shape.format(left, right)

    def conditional(self, text: str, depth: int, last: str | None) -> str | None:
        """if, only if, if and only if, unless: the first cut both sides of which are read."""
        for before, after, shape in _conditions(text):
            try:
                return self._pair(before, after, depth, last, shape)
            except Unclear:
                continue
        return None

    def joined(self, text: str, depth: int, last: str | None) -> str | None:
        """Either … or; and; but; or — between whole clauses, or with the subject said once."""
        if re.search(r"\b(?:if|unless)\b", text):
            raise Unclear(text)
        both = re.match(r"^(either )?(.+?)(,? but not both)?$", text)
        assert both
        xor = " xor " if both[3] else " or "
        body = both[2]
        for sign, glue in (
            (r",? or (?:else )?", xor),
            (r"(?:,|;)? (?:and|but|while|whereas)(?: so)?(?: also)? |; ", " and "),
        ):
            for cut in re.finditer(sign, body):
                one, two = body[: cut.start()], body[cut.end() :]
                for candidate in _completed(one, two):
                    try:
                        return self._pair(one, candidate, depth, last, f"(({{}}){glue}({{}}))")
                    except Unclear:
                        continue
        return None

    # Amounts --------------------------------------------------------------------------------------------------------

    def counted(self, text: str, depth: int, last: str | None) -> str | None:
        """ "at least two of the X …", "no X …", "exactly one of @0 and @1 …", "#0 contains two X", "more X in #0 than #1"."""
        match = re.match(
            r"^more (\w+) (?:[\w ]*?)(?:in|on|at|to) (?:the )?#(\d+)(?: \w+)? than (?:in |on |at |to )?(?:the )?#(\d+)(?: \w+)?$",
            text,
        )
        if match and self._thing(match[1]):
            return f"more(#{match[2]}, #{match[3]})"
        match = re.match(rf"^(?:there (?:is|are) )?{p.AMOUNT} (?:of )?({_THINGS}) (.+)$", text)
        if match and " or " not in match[3]:
            parts = [self.simple(f"{one} {match[4]}", depth + 1, None) for one in re.findall(r"@\d+", match[3])]
            return f"number({', '.join(parts)}) {p.bound(match[1], match[2])}"
        match = re.match(
            rf"^(?:there (?:is|are) )?(?:{p.AMOUNT}|(no|none)) (?:of )?(?:the )?(?:other )?(\w+) (?:that |who |which )?(.+)$",
            text,
        )
        if match and self._thing(match[4]):
            bound = "= 0" if match[3] else p.bound(match[1], match[2])
            return self._number(match[5], bound, depth)
        return self._held(text)

    def _number(self, predicate: str, bound: str, depth: int) -> str:
        each = re.match(r"^(.*\b)(?:in|on|at|to|for) each(?: of the)? (?:\w+ )?(\w+)$", predicate)
        if each and self._slot(each[2]) and all(word in self.free for word in each[1].split()):
            return f"every_slot {bound}"
        said = set(re.findall(r"@(\d+)", predicate))
        parts = [
            self.simple(f"@{index} {predicate}", depth + 1, None)
            for index in range(len(self.frame.entities)) if str(index) not in said
        ]  # fmt: skip
        return f"number({', '.join(parts)}) {bound}"

    def _held(self, text: str) -> str | None:
        """A slot as the subject: what it holds."""
        some = re.match(
            rf"^one of the (\w+) (?:has|contains|holds|gets) ({_THINGS}) as (?:the|its) only (\w+)(?: \w+ to it)?$",
            text,
        )
        if some and self._slot(some[1]) and self._thing(some[3]) and " or " not in some[2]:
            names = ", ".join(_things(some[2]))
            return "(" + " or ".join(f"list(#{k}, {names})" for k in range(len(self.frame.slots))) + ")"
        match = re.match(
            r"^(?:the )?(?:\w+ )?#(\d+)(?: (\w+))? (?:\w+ )??(contains?|has|have|holds?|gets?|includes?|receives?|is assigned|hosts?)( neither| not)? (.+)$",
            text,
        )
        if match is None:
            each = re.match(
                rf"^each (?:of the )?(?:\w+ )?(\w+) (?:contains?|has|holds?|gets?|includes?|receives?|is assigned) {p.AMOUNT}(?: of the)?(?: \w+)? (\w+)$",
                text,
            )
            return (
                f"every_slot {p.bound(each[2], each[3])}"
                if each and self._slot(each[1]) and self._thing(each[4])
                else None
            )
        slot, what = f"#{match[1]}", match[5]
        amount = re.fullmatch(rf"{p.AMOUNT}(?: of the)?(?: \w+)? (\w+)", what)
        if amount and self._thing(amount[3]) and not match[4]:
            return f"count({slot}) {p.bound(amount[1], amount[2])}"
        only = re.fullmatch(rf"(?:only ({_THINGS})|({_THINGS}) (?:only|alone))", what)
        if only and not match[4] and " or " not in what:
            return f"list({slot}, {', '.join(_things(what))})"
        if re.fullmatch(_THINGS, what) and " or " not in what and not match[4]:
            return "(" + " and ".join(f"at({one}, {slot})" for one in _things(what)) + ")"
        return None

    def _thing(self, word: str) -> bool:
        return p.stem(word) in self.nouns

    def _slot(self, word: str) -> bool:
        return p.stem(word) in {p.stem(noun) for noun in (*self.setting.places, *p.SLOT_NOUNS)}

    # One subject ----------------------------------------------------------------------------------------------------

    def simple(self, text: str, depth: int, last: str | None) -> str:
        """A subject and what is said of it. Raises Unclear."""
        text = re.sub(r"^(?:the )?(?:\w+ (?:of|by|for) )?(?=@)", "", text)
        match = re.match(r"^neither ((?:@\d+(?:, )?)+,? nor @\d+)((?: nor @\d+)*) (.+)$", text)
        if match:
            named = re.findall(r"@\d+", match[1] + match[2])
            return "(" + " and ".join(f"not {self.predicate(one, match[3])}" for one in named) + ")"
        match = re.match(rf"^(both |either )?({_THINGS}) (.+)$", text)
        if not match:
            raise Unclear(text)
        named = re.findall(r"@\d+", match[2])
        if len(named) == 1:
            return self.predicate(named[0], match[3])
        if " or " in match[2]:
            return "(" + " or ".join(self.predicate(one, match[3]) for one in named) + ")"
        if not match[1]:
            together = self.collective(named, match[3])
            if together:
                return together
        if re.match(r"^(?:\w+ )?(?:not|cannot)\b", match[3]) and match[1]:
            raise Unclear(text)  # "both are not": neither, or not both?
        return "(" + " and ".join(self.predicate(one, match[3]) for one in named) + ")"

    def collective(self, named: list[str], text: str) -> str | None:
        """What is said of several together: the same slot, different slots, side by side."""
        negative, rest = self.negation(text)
        rest = self.stripped(rest)
        names = ", ".join(named)
        found = None
        if re.fullmatch(r"(?:(?:in|on|at|to|into|for|with) )?(?:the )?same \w+|together|with each other", rest):
            found = f"same({names})"
        elif re.fullmatch(
            r"(?:(?:in|on|at|to|into|for) )?(?:a )?different \w+(?: (?:from|than) (?:each other|one another))?|apart",
            rest,
        ):
            found = f"different({names})"
        elif len(named) == 2 and re.fullmatch(
            rf"(?:{NOW} )?(?:next to|beside|adjacent to|alongside) (?:each other|one another)|adjacent|side by side|(?:(?:on|in|at) )?(?:consecutive|adjacent|neighbou?ring) \w+|consecutively|neighbou?rs",
            rest,
        ):
            found = f"adjacent({names})"
        elif len(named) == 2 and re.fullmatch(
            r"(?:directly )?(?:across from|opposite) (?:each other|one another)", rest
        ):
            found = f"opposite({names})"
        if found is None:
            return None
        return f"not {found}" if negative else found

    def negation(self, text: str) -> tuple[bool, str]:
        """Whether a predicate is denied, and the predicate without its modal verbs."""
        negative = False
        for _ in range(6):
            start = text
            match = re.match(r"^(?:is|are|was|were|be|has|have|had)? ?(?:not|cannot|never)\b ?", text)
            if match:
                if negative:
                    raise Unclear(text)
                negative, text = True, text[match.end() :]
            text = _MODAL.sub("", text)
            if re.match(r"^(?:is|are|was|were|be|have been|has been|been) (?=not\b)", text):
                text = text.split(" ", 1)[1]
            if text == start:
                break
        return negative, text

    def stripped(self, text: str) -> str:
        """The predicate from its first binding word, mark or ordinal on."""
        words = text.split()
        while words and words[0] in self.free and not re.match(r"^[@#]", words[0]):
            if words[0] in ("to", "in", "on", "at", "the", "a", "an") and STARTS.match(" ".join(words)):
                break
            words.pop(0)
        return " ".join(words)

    def predicate(self, subject: str, text: str) -> str:
        """What is said of one thing. Raises Unclear."""
        negative, rest = self.negation(text)
        if negative and re.search(r"\b(?:and|but)\b(?! #)", re.sub(rf"both {_THINGS}", "", rest)):
            raise Unclear(text)
        rest = re.sub(
            r"^(?:be |displayed |visited )?(?:only |either )(?=(?:in|on|at|to|be|before|after|earlier|later|the|first|last|#)\b)",
            "",
            rest,
        )
        rest = re.sub(r"^(?:(?:is|are|was|were|be) )?(?:both|all|each) (?!@)", "", rest)
        found = self.relation(subject, self.stripped(rest), rest)
        if (
            self.frame.optional
            and not negative
            and re.match(r"^(?:can|may|could|must|is|will)\b.*? only (?:in|on|at)\b", text)
        ):
            return f"(if in({subject}) then {found})"
        return f"not {found}" if negative else found

    def relation(self, subject: str, text: str, whole: str) -> str:
        text = re.sub(r"^either (?=in |on |at |to |the |first|last|second|third|#)", "", text)
        if not text and self.frame.optional:
            if set(whole.split()) & p.INCLUDED or not whole:
                return f"in({subject})"
            raise Unclear(whole)
        for read in READERS:
            found = read(self, subject, text)
            if found:
                return found
        raise Unclear(text)

    def objects(self, text: str, build: Callable[[str], str]) -> str | None:
        """A formula for "@1", "both @1 and @2", "either @1 or @2"; None where the text is no object."""
        text = re.sub(r" (?:is|does|are|do|was|were|did|will|has)(?: \w+)?$", "", text)
        text = re.sub(r"^(?:the )?(?:\w+ (?:of|by) )?(?=@)", "", text)
        words = text.split()
        while len(words) > 1 and words[-1] in self.free:
            words.pop()
        match = _OBJECT.match(
            re.sub(
                r"(?<=@\d) (?:" + "|".join(map(re.escape, sorted(self.nouns) or ["-"])) + r")\b", "", " ".join(words)
            )
        )
        if match is None:
            return None
        named = re.findall(r"@\d+", match[2])
        if len(named) > 1 and " or " in match[2]:
            return "(" + (" xor " if match[3] else " or ").join(map(build, named)) + ")"
        return "(" + " and ".join(map(build, named)) + ")" if len(named) > 1 else build(named[0])


def _things(text: str) -> list[str]:
    return re.findall(r"@\d+", text)


def _subject(text: str) -> str | None:
    match = re.match(r"^(?:if |either )?(?:the )?(@\d+) ", text)
    return match[1] if match else None


def _completed(one: str, two: str) -> Iterator[str]:
    """The second of two joined clauses: as it stands, or with the subject (and verb) of the first."""
    yield two
    subject = re.match(r"^((?:both |neither )?(?:the )?@\d+(?: and @\d+)?) ", one)
    if subject is None or re.match(r"^[@#]", two):
        return
    denied = re.search(r"\b(?:not|cannot|never|neither)\b", one)
    fresh = re.match(r"^(?:not|is|are|was|were|must|does|cannot|can|will|has)\b", two)
    if not denied or fresh:
        yield f"{subject[1]} {two}"


def _conditions(text: str) -> Iterator[tuple[str, str, str]]:
    """Every way to cut a conditional sentence: (first, second, shape of the formula)."""
    match = re.match(r"^(.+?),? if and only if (.+)$", text)
    if match:
        yield match[1], match[2], "(({}) iff ({}))"
    for opener, shape in (
        ("if ", "(if ({}) then ({}))"),
        ("whenever ", "(if ({}) then ({}))"),
        ("unless ", "(({}) or ({}))"),
    ):
        if text.startswith(opener):
            body = text.removeprefix(opener)
            for cut in re.finditer(r",? then |, ", body):
                yield body[: cut.start()], body[cut.end() :], shape
    if text.startswith("only if "):
        for cut in re.finditer(r", (?:will |can |does )?", text):
            yield text[len("only if ") : cut.start()], text[cut.end() :], "(if ({1}) then ({0}))"
    for middle, shape in (
        (r",? only if ", "(if ({0}) then ({1}))"), (r",? if ", "(if ({1}) then ({0}))"),
        (r",? unless ", "(({0}) or ({1}))"), (r",? whenever ", "(if ({1}) then ({0}))"),
    ):  # fmt: skip
        for cut in re.finditer(middle, text):
            yield text[: cut.start()], text[cut.end() :], shape
    match = re.match(r"^(.+? only)(?: if)? (?:when|where) (.+)$", text)
    if match:
        yield match[1].removesuffix(" only"), match[2], "(if ({0}) then ({1}))"
