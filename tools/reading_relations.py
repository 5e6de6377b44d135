"""School problems about who has how much more than whom, as equations; None where a sentence is left over.

Reads how many, how old, how dear, how heavy or long: "A has twice as many marbles as B", "A is 5 years older than B",
"in 10 years …", "together they have 36". One kind of quantity per problem; events (gives, loses, eats) are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tools.reading_amounts import MULTIPLE, NUMBER, multiple, number

_HAS = r"(?:has|have|had|owns|own|owned|got|collected|sold|picked|bought|reads?|baked|earned|earns|scored|made|makes|saved|caught|planted|wrote|drew|found|won|ran|walked|solved|weighs?|costs?|is worth)"
_WHO = r"(?P<{0}>(?:(?:the|a|an|one|his|her|my|their|its) )?[A-Za-z][\w'’-]*(?: (?!than\b|as\b|is\b|has\b|and\b|years?\b)[a-z]+){{0,2}}?)"
_A, _B = _WHO.format("a"), _WHO.format("b")
_N, _M = rf"(?P<n>{NUMBER})", rf"(?P<m>{MULTIPLE})"
_NOUN = r"(?P<noun>[a-z]+(?: [a-z]+){0,2}?)"
_UNIT = r"(?:years?|cm|centimet(?:er|re)s?|m|met(?:er|re)s?|km|kilomet(?:er|re)s?|miles?|inch(?:es)?|f(?:ee|oo)t|kg|kilograms?|kilos?|pounds?|lbs?|g|grams?|dollars?|euros?|cents?|minutes?|hours?)"
_LARGE = r"(?:older|taller|longer|heavier|wider|higher|deeper|bigger|larger|more expensive|dearer)"
_SMALL = r"(?:younger|shorter|lighter|narrower|lower|smaller|cheaper|less expensive)"
_AS = r"(?:old|tall|long|heavy|wide|high|deep|expensive|much|big|large)"
_TOGETHER = r"(?:together|altogether|in total|in all|combined|between them|as a total|total)"
_TOTAL_OF = r"(?:age|weight|height|length|cost|price|total)s?"
_DOES = r"(?: (?:has|have|does|did|do|is|was|weighs|costs|will be|had))?"
_AHEAD = rf"(?P<when>in (?P<t>{NUMBER}) years?(?:' time|’ time| from now)?|(?P<ago>{NUMBER}) years ago|(?P<hence>{NUMBER}) years from now)"
_STOP = frozenset(
    "together they he she it if in how what there the a an and of as than is are has have was were will be who which each both when then "
    "now so total sum age ages years year more less fewer older younger this that these those two three all".split()
)


@dataclass(slots=True)
class _Found:
    """What has been read so far: names in order, lines, kinds of quantity, totals that wait for all names."""

    names: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    totals: list[tuple[str, str]] = field(default_factory=list)

    def name(self, text: str) -> str | None:
        """Return the unknown for a person or thing, or None where the words name none."""
        text = re.sub(r"[’']s?$", "", text.strip())
        words = re.sub(r"^(?:the|a|an|one|his|her|my|their|its) ", "", text, flags=re.IGNORECASE).split()
        article = len(words) < len(text.split())
        low = [word.lower() for word in words]
        if (
            not words
            or len(words) > 3
            or set(low) & _STOP
            or not all(re.fullmatch(r"[a-z][\w'’-]*", one) for one in low)
        ):
            return None
        if not article and not (words[0][:1].isupper() and len(words) == 1):
            return None
        slug = "_".join(re.sub(r"\W", "", one) for one in low)
        slug += "_" if slug in ("of", "in", "per", "integer", "whole", "positive") else ""
        if slug not in self.names:
            self.names.append(slug)
        return slug

    def pair(self, found: re.Match[str]) -> tuple[str, str] | None:
        first, second = self.name(found["a"]), self.name(found["b"])
        return (first, second) if first and second and first != second else None


def relations(text: str) -> str | None:
    """Return the equations of a problem about compared quantities (capitals kept, one line), or None."""
    text = text.replace("’", "'")
    sentences = [one.strip() for one in re.split(r"[.?!;]+(?=\s|$)", text) if one.strip()]
    if not 1 <= len(sentences) <= 8:
        return None
    *told, question = sentences
    if not told:
        cut = re.search(r",? (?=how (?:many|old|much|tall|long|heavy)\b|what is\b)", question)
        if not cut:
            return None
        told, question = [question[: cut.start()]], question[cut.end() :]
    before = re.match(r"(?:If (.+?), )(?=how|what)", question)
    if before:
        told, question = [*told, before.group(1)], question[before.end() :]
    found = _Found()
    if not all(_sentence(one, found) for one in told):
        return None
    asked = _question(question, found)
    if asked is None or len(found.names) < 2:
        return None
    everybody = " + ".join(found.names)
    for shift, amount in found.totals:
        found.lines.append(
            f"{' + '.join(f'({name}{shift})' for name in found.names) if shift else everybody} = {amount}"
        )
    if len(found.kinds - {""}) != 1:
        return None
    (kind,) = found.kinds - {""}
    whole = (
        [f"whole {', '.join(found.names)}"] if kind.startswith("count") else [f"nonnegative {', '.join(found.names)}"]
    )
    return "\n".join([*found.lines, *whole, *(f"? {one}" for one in asked)])


def _sentence(text: str, found: _Found) -> bool:
    """Read a sentence whole, or as clauses joined by a comma or "and"."""
    text = re.sub(r"^(?:If|Suppose(?: that)?|Currently|Today|Now|Right now),? ", "", text.strip(" ,"))
    text = re.sub(r"^(?:and|but|while) ", "", text)
    if _clause(text, found):
        return True
    for place in re.finditer(r",? (?:and|while|but) |, ", text):
        left, right = text[: place.start()], text[place.end() :]
        kept = (list(found.names), list(found.lines), set(found.kinds), list(found.totals))
        if _clause(left, found) and _sentence(right, found):
            return True
        found.names, found.lines, found.kinds, found.totals = kept
    return False


def _clause(text: str, found: _Found) -> bool:
    text = text[:1].upper() + text[1:]
    kept = list(found.names)
    for read in (_compared, _shifted, _totalled, _stated):
        if read(text, found):
            return True
        found.names[:] = kept
    return False


def _compared(text: str, found: _Found) -> bool:
    """A against B: more, fewer, as many, older, as old."""
    for shape, kind in _COMPARED:
        match = shape.fullmatch(text)
        pair = found.pair(match) if match else None
        if not match or not pair:
            continue
        groups = match.groupdict()
        line = _line(pair, groups)
        if line:
            found.lines.append(line)
            found.kinds.add(_kind(kind, groups) or _implied(text))
            return True
    return False


def _implied(text: str) -> str:
    """What is measured where no unit is said: what costs is money, what is old is an age."""
    return "measure:money" if re.search(r"\bcosts?\b", text) else "age" if re.search(r"\bold\b", text) else ""


def _line(pair: tuple[str, str], groups: dict[str, str | None]) -> str | None:
    if groups.get("m"):
        factor = multiple(str(groups["m"]))
        return f"{pair[0]} = {factor} * {pair[1]}" if factor else None
    amount = number(str(groups["n"]))
    less = bool(groups.get("less") or re.fullmatch(_SMALL, groups.get("than") or "", re.IGNORECASE))
    return f"{pair[0]} = {pair[1]} {'-' if less else '+'} {amount}" if amount else None


def _kind(kind: str, groups: dict[str, str | None]) -> str:
    """What is measured: "age", "measure:cm", "count:marbles"; "" where the sentence leaves it open."""
    noun = (groups.get("noun") or "").removeprefix("in")  # "in total" is no noun
    if kind == "count":
        amount = groups.get("n") or ""
        if amount.strip()[:1] in "$€£" and amount.strip() or re.fullmatch(r"dollars?|euros?|money", noun):
            return "measure:money"
        return f"count:{_stem(noun)}" if noun else ""
    if kind == "measure":
        unit = groups.get("unit") or ""
        if re.fullmatch("years?", unit):
            return "age"
        money = (groups.get("n") or "").strip()[:1] in ("$", "€", "£") or re.fullmatch("dollars?|euros?", unit)
        return "measure:money" if money else f"measure:{_stem(unit)}" if unit else ""
    return kind


def _stem(noun: str) -> str:
    """The whole noun phrase without its plural: red cards are not cards."""
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


def _rows(*shapes: tuple[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(shape, re.IGNORECASE), kind) for shape, kind in shapes)


_COMPARED = _rows(
    (rf"{_A} {_HAS} {_M} as (?:many|much)(?: {_NOUN})? as {_B}{_DOES}", "count"),
    (rf"{_A} {_HAS} {_N}(?: (?:more|(?P<less>fewer|less)))(?: {_NOUN})? than {_B}{_DOES}", "count"),
    (rf"{_A} {_HAS} {_N} (?P<unit>{_UNIT}) (?:more|(?P<less>less)) than {_B}{_DOES}", "measure"),
    (rf"{_A} is {_N} (?P<unit>{_UNIT}) (?P<than>{_LARGE}|{_SMALL}) than {_B}{_DOES}", "measure"),
    (rf"{_A} is {_M} (?:as {_AS} as|the (?:age|height|length|weight|price|cost) of) {_B}{_DOES}", ""),
    (rf"{_A}'s age is {_M} (?:that of )?{_B}(?:'s(?: age)?)?", "age"),
    (rf"{_A}'s age is {_N}(?: years)? (?:more|(?P<less>less)) than (?:that of )?{_B}(?:'s(?: age)?)?", "age"),
)  # fmt: skip
_STATED = _rows(
    (rf"{_A} is {_N} years old(?: now)?", "age"),
    (rf"{_A} is {_N} (?P<unit>{_UNIT}) (?:tall|long|wide|high|deep)", "measure"),
    (rf"{_A} (?:weighs|costs|is worth) {_N}(?: (?P<unit>{_UNIT}))?", "measure"),
    (rf"{_A} {_HAS} {_N} {_NOUN}", "count"),
)
_THEY = r"(?:they|the two(?: of them)?|both(?: of them)?|the three(?: of them)?|the (?:boys|girls|friends|brothers|sisters|siblings|children))"
_TOTALLED = _rows(
    (rf"{_TOGETHER},? {_THEY} (?:all )?(?:{_HAS}|are) {_N}(?: (?P<unit>{_UNIT}(?: old)?))?", "measure"),
    (rf"{_TOGETHER},? {_THEY} (?:all )?{_HAS} {_N} {_NOUN}", "count"),
    (rf"{_THEY} {_HAS} {_N}(?: {_NOUN})? {_TOGETHER}", "count"),
    (rf"{_THEY} {_HAS} a total of {_N}(?: {_NOUN})?", "count"),
    (rf"{_THEY} (?:weigh|cost|are) {_N}(?: (?P<unit>{_UNIT}(?: old)?))? {_TOGETHER}", "measure"),
    (rf"{_A} and {_B} (?:together )?{_HAS} (?:a total of )?{_N}(?: {_NOUN})? {_TOGETHER}", "count"),
    (rf"{_A} and {_B} (?:together {_HAS}|{_HAS} a total of) {_N}(?: {_NOUN})?", "count"),
    (rf"{_TOGETHER},? {_A} and {_B} {_HAS} {_N}(?: {_NOUN})?", "count"),
    (rf"{_A} and {_B} (?:weigh|cost) {_N}(?: (?P<unit>{_UNIT}))? {_TOGETHER}", "measure"),
    (rf"(?:the sum of their ages|their (?:combined|total) ages?|their ages add up to) (?:is )?{_N}(?: years)?", "age"),
    (rf"their ages (?:add up to|sum to|total) {_N}(?: years)?", "age"),
    (rf"the sum of {_A}'s(?: age)? and {_B}'s ages? is {_N}(?: years)?", "age"),
    (rf"their (?:combined|total) {_TOTAL_OF} is {_N}(?: (?P<unit>{_UNIT}))?", "measure"),
)  # fmt: skip
_SHIFTED = _rows(
    (rf"{_AHEAD},? {_A} (?:will be|was) {_M} as old as {_B}(?: (?:will be|was|is))?(?: then)?", "age"),
    (rf"{_A} (?:will be|was) {_M} as old as {_B},? {_AHEAD}", "age"),
    (rf"{_AHEAD},? (?:the sum of their ages|their (?:combined|total) ages?) (?:will be|was) {_N}(?: years)?", "total"),
    (rf"{_AHEAD},? {_THEY} (?:will be|were) {_N}(?: years(?: old)?)? {_TOGETHER}", "total"),
    (rf"{_AHEAD},? {_TOGETHER},? {_THEY} (?:will be|were) {_N}(?: years(?: old)?)?", "total"),
    (rf"{_AHEAD},? {_A} (?:will be|was) {_N}(?: years old)?", "fact"),
)


def _stated(text: str, found: _Found) -> bool:
    for shape, kind in _STATED:
        match = shape.fullmatch(text)
        amount = number(match["n"]) if match else None
        name = found.name(match["a"]) if match and amount else None
        if match and name:
            found.lines.append(f"{name} = {amount}")
            found.kinds.add(_kind(kind, match.groupdict()) or _implied(text))
            return True
    return False


def _totalled(text: str, found: _Found) -> bool:
    for shape, kind in _TOTALLED:
        match = shape.fullmatch(text)
        if not match:
            continue
        groups = match.groupdict()
        amount = number(match["n"])
        if not amount or (kind == "count" and groups.get("noun") in ("each", "each of")):
            continue
        if (groups.get("unit") or "").endswith(" old"):
            groups["unit"] = str(groups["unit"]).removesuffix(" old")
        if groups.get("a"):
            pair = found.pair(match)
            if not pair:
                continue
            found.lines.append(f"{pair[0]} + {pair[1]} = {amount}")
        else:
            if re.match(r"(?:the two|both)", text, re.IGNORECASE) and len(found.names) > 2:
                return False
            found.totals.append(("", amount))
        found.kinds.add(_kind(kind, groups) or _implied(text))
        return True
    return False


def _shift(match: re.Match[str]) -> str | None:
    years = number(match["t"] or match["ago"] or match["hence"])
    return f" {'-' if match['ago'] else '+'} {years}" if years else None


def _shifted(text: str, found: _Found) -> bool:
    """In N years, N years ago: both are that much older or younger."""
    for shape, kind in _SHIFTED:
        match = shape.fullmatch(text)
        shift = _shift(match) if match else None
        if not match or not shift:
            continue
        if kind == "total":
            amount = number(match["n"])
            found.totals.append((shift, str(amount)))
            done = amount is not None
        elif kind == "fact":
            name, amount = found.name(match["a"]), number(match["n"])
            found.lines.append(f"{name}{shift} = {amount}")
            done = bool(name and amount)
        else:
            pair, factor = found.pair(match), multiple(match["m"])
            done = bool(pair and factor) and not re.search(r" (?:is|is now)$", text)
            if pair:
                found.lines.append(f"{pair[0]}{shift} = {factor} * ({pair[1]}{shift})")
        if done:
            found.kinds.add("age")
            return True
        found.lines, found.totals = (
            found.lines[:-1] if kind != "total" else found.lines,
            found.totals if kind != "total" else found.totals[:-1],
        )
    return False


_QUESTIONS = _rows(
    (rf"how (?:many|much)(?: {_NOUN})? (?:does|did|do|will) {_A} (?:have|own|get|cost|weigh|collect|sell|pick|buy|read|bake|earn|score|make|save|catch|plant|write|draw|find|win|run|walk|solve)(?: now)?", "one"),
    (rf"how (?:many|much)(?: {_NOUN})? (?:does|did|do|will) (?:they|both(?: of them)?|all of them) (?:have|own|cost|weigh|collect|sell|pick|buy|read|bake|earn|score|make|save|catch|plant|write|draw|find|win|run|walk|solve) {_TOGETHER}", "all"),
    (rf"how (?:old|tall|long|heavy|wide|high|deep) is {_A}(?: now| today| currently)?", "one"),
    (rf"what is {_A}'s (?:current |present )?(?:age|weight|height|length|price)(?: now| today| currently)?", "one"),
    (rf"what (?:does|did) {_A} (?:cost|weigh)", "one"),
    (rf"how much (?:is|was) {_A}(?: worth)?", "one"),
    (rf"what is the (?:age|weight|height|length|price|cost) of {_A}", "one"),
    (rf"how old will {_A} be {_AHEAD}", "later"),
    (rf"how old was {_A} {_AHEAD}", "later"),
    (rf"how many more(?: {_NOUN})? does {_A} have than {_B}", "difference"),
    (r"how (?:old are they|old is each(?: of them)?|many does each(?: of them)? have|many(?: [a-z]+){1,2} does each(?: of them)? have)(?: now)?", "each"),
)  # fmt: skip


def _question(text: str, found: _Found) -> list[str] | None:
    """Return the asked expressions; only names that the sentences know may be asked for."""
    text = re.sub(r"^(?:So|Then),? ", "", text.strip())
    for shape, kind in _QUESTIONS:
        match = shape.fullmatch(text)
        if not match:
            continue
        groups = match.groupdict()
        if kind in ("each", "all"):
            return list(found.names) if kind == "each" else [" + ".join(found.names)]
        known = list(found.names)
        names = [found.name(groups[key] or "") for key in ("a", "b") if groups.get(key)]
        if None in names or found.names != known:
            found.names[:] = known
            continue
        if groups.get("noun") and not _same_kind(str(groups["noun"]), found):
            return None
        if kind == "later":
            shift = _shift(match)
            return [f"{names[0]}{shift}"] if shift else None
        return [f"{names[0]} - {names[1]}"] if kind == "difference" else [str(names[0])]
    return None


def _same_kind(noun: str, found: _Found) -> bool:
    """The noun that is asked for must be the one that was told of; "money" and units are other words for a measure."""
    told = {kind.split(":")[1] for kind in found.kinds if kind.startswith("count:")}
    return not told or told == {_stem(noun)}
