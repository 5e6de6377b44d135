"""What a question mentions of a table: columns, cell values, numbers, dates, what is asked, and what nobody reads.

Matching is by code: whole words, their plural forms, months and years, a few synonyms; close spelling last and marked.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.table_columns import Sheet
from tools.table_dates import IN_TEXT, MONTHS, one_date
from tools.table_words import (
    HARMLESS,
    ORDINALS,
    TABLE_WORDS,
    VERBS,
    WORD_NUMBERS,
    Token,
    phrases,
    same,
    stem,
    synonyms,
    tokens_of,
)

Kind = Literal["column", "value", "phrase", "number", "ordinal", "date", "title", "harmless", "unread"]
_NUMBER = re.compile(r"\d+(?:[.,'’]\d+)*")
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """Some tokens of a question and what they mean.

    `columns` are the columns a column or value mention may mean; `value` the cell, number or ISO date as text;
    `tag` what a phrase asks for and `implied` its kind of size; `exact` is False for synonyms' and spellings' guesses
    that `note` explains.
    """

    kind: Kind
    first: int
    last: int
    text: str
    columns: tuple[int, ...] = ()
    value: str = ""
    tag: str = ""
    implied: str = ""
    exact: bool = True
    note: str = ""


class Vocabulary:
    """The words of one table, prepared once: names of columns, cells of text columns, title."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.names = [_content(one.name) or (stem(one.name),) for one in sheet.columns]
        self.title = {one for one in _content(re.sub(r"\.\w{2,5}$", "", sheet.title)) if len(one) > 2}
        self.values: dict[str, list[tuple[tuple[str, ...], int, str]]] = {}
        for place, column in enumerate(sheet.columns):
            if column.kind != "text":
                continue
            for cell in dict.fromkeys(row[place] for row in sheet.table.rows):
                stems = tuple(one.stem for one in tokens_of(str(cell or "")))
                if stems and len(stems) <= _LONGEST:
                    self.values.setdefault(stems[0], []).append((stems, place, str(cell)))


def _content(text: str) -> tuple[str, ...]:
    return tuple(one.stem for one in tokens_of(re.sub(r"[_/.-]", " ", text)) if one.low not in HARMLESS)


def mentions_in(question: str, words: Vocabulary) -> tuple[tuple[Token, ...], tuple[Mention, ...]]:
    """Return the tokens of a question, and its mentions in order; together they cover every token."""
    tokens = tokens_of(question)
    found: list[Mention] = []
    dated = _dates(question, tokens)
    at = 0
    while at < len(tokens):
        one = dated.get(at) or _best(tokens, at, words)
        found.append(one)
        at = one.last
    unread = {one.text for one in found if one.kind == "unread"}
    return tokens, tuple(_spelled(one, words) if one.text in unread else one for one in found)


def _dates(question: str, tokens: Sequence[Token]) -> dict[int, Mention]:
    found = {}
    for match in IN_TEXT.finditer(question):
        inside = [at for at, one in enumerate(tokens) if one.start >= match.start() and one.end <= match.end()]
        date = one_date(match[0].replace(" of ", " "))
        if inside and date:
            found[inside[0]] = Mention("date", inside[0], inside[-1] + 1, match[0], value=date)
    return found


def _best(tokens: Sequence[Token], at: int, words: Vocabulary) -> Mention:
    """The longest mention that begins here; of equal length a column before a phrase before a value."""
    options = [*_columns(tokens, at, words), *_phrases(tokens, at), *_values(tokens, at, words)]
    word = tokens[at]
    if _NUMBER.fullmatch(word.text):
        options.append(Mention("number", at, at + 1, word.text, value=word.text))
    elif word.low in WORD_NUMBERS:
        options.append(Mention("number", at, at + 1, word.text, value=str(WORD_NUMBERS[word.low])))
    elif word.low in ORDINALS:
        options.append(Mention("ordinal", at, at + 1, word.text, value=str(ORDINALS[word.low])))
    elif word.low in MONTHS and (word.text[:1].isupper() or len(word.text) > 3):
        options.append(Mention("date", at, at + 1, word.text, value=f"-{MONTHS[word.low]:02d}"))
    if options:
        return max(options, key=lambda one: (one.last, _rank(one, tokens, words)))
    if word.low in HARMLESS or word.low in "€$£%":
        return Mention("harmless", at, at + 1, word.text)
    titled = any(same(said, one) for said in synonyms(word.stem) for one in words.title)
    if titled or word.low in TABLE_WORDS or word.stem in TABLE_WORDS:
        return Mention("title", at, at + 1, word.text, value=word.stem)
    if word.low in VERBS:
        return Mention("harmless", at, at + 1, word.text, tag=word.low)
    return Mention("unread", at, at + 1, word.text)


def _rank(one: Mention, tokens: Sequence[Token], words: Vocabulary) -> int:
    if one.kind == "column":
        return 6 if one.exact and not one.note else 3
    if one.kind == "value":
        return 7 if one.last - one.first > 1 or tokens[one.first].text == one.value else 4
    return {"number": 2, "date": 2, "phrase": 5}.get(one.kind, 1)


# -- columns ---------------------------------------------------------------------------------------------------------


def _columns(tokens: Sequence[Token], at: int, words: Vocabulary) -> Iterator[Mention]:
    """Whole names first, then words that stand in some names, then synonyms; a stretch begins and ends with content."""
    if at >= len(tokens):
        return
    if tokens[at].low in HARMLESS and not any(tokens[at].stem in name for name in words.names):
        return
    for length in range(min(6, len(tokens) - at), 0, -1):
        stretch = tokens[at : at + length]
        if stretch[-1].low in HARMLESS and length > 1:
            continue
        content = [one for one in stretch if one.low not in HARMLESS or length == 1]
        whole = tuple(p for p, name in enumerate(words.names) if len(name) == len(content) and _covers(name, content))
        if whole:
            yield _column(tokens, at, length, whole, "")
            return
        partly = tuple(p for p, name in enumerate(words.names) if _covers(name, content))
        if partly and (length == 1 or len(content) > 1) and not _weak(content):
            titled = all(any(same(one.stem, part) for part in words.title) for one in content)
            yield replace(_column(tokens, at, length, partly, "part"), tag="title" if titled else "")
            return
    word = tokens[at]
    alike = synonyms(word.stem)
    meant = tuple(p for p, name in enumerate(words.names) if any(same(part, one) for part in name for one in alike))
    if meant:
        titled = any(same(word.stem, part) for part in words.title)
        yield replace(_column(tokens, at, 1, meant, "synonym"), tag="title" if titled else "")


def _column(tokens: Sequence[Token], at: int, length: int, columns: tuple[int, ...], how: str) -> Mention:
    text = " ".join(one.text for one in tokens[at : at + length])
    return Mention("column", at, at + length, text, columns, note=how)


def _weak(content: Sequence[Token]) -> bool:
    """A part of a name that names nothing by itself: a harmless word, a sign, a phrase of its own."""
    return all(one.low in HARMLESS or (one.low,) in phrases() or not one.text[0].isalnum() for one in content)


def _covers(name: Sequence[str], content: Sequence[Token]) -> bool:
    """Whether every word of the stretch is another word of the name."""
    left = list(name)
    for one in content:
        fitting = next((part for part in left if _one_word(part, one)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return bool(content)


def _one_word(part: str, token: Token) -> bool:
    return same(part, token.stem) or (part in MONTHS and MONTHS.get(token.low) == MONTHS[part])


# -- phrases and values ----------------------------------------------------------------------------------------------


def _phrases(tokens: Sequence[Token], at: int) -> Iterator[Mention]:
    known = phrases()
    for length in range(min(4, len(tokens) - at), 0, -1):
        said = tuple(one.low for one in tokens[at : at + length])
        if said in known:
            tag, implied = known[said]
            yield Mention("phrase", at, at + length, " ".join(said), tag=tag, implied=implied)
            return


def _values(tokens: Sequence[Token], at: int, words: Vocabulary) -> Iterator[Mention]:
    """Cells that stand in the question, the longest only; one short harmless word must be written as in its cell."""
    best: tuple[int, dict[int, str]] = (0, {})
    keys = {
        tokens[at].stem,
        *(key for key in words.values if key[:4] == tokens[at].stem[:4] and same(key, tokens[at].stem)),
    }
    for stems, place, cell in (one for key in keys for one in words.values.get(key, ())):
        length = len(stems)
        said = tokens[at : at + length]
        if length < best[0] or len(said) < length or not all(same(a, b.stem) for a, b in zip(stems, said)):
            continue
        plain = length == 1 and (said[0].low in HARMLESS or (said[0].low,) in phrases() or said[0].low in TABLE_WORDS)
        if plain and (said[0].text != cell or at == 0 or any(_columns(tokens, at + 1, words))):
            continue
        places = best[1] if length == best[0] else {}
        exact = [one.stem for one in said] == list(stems)
        if place not in places or exact:
            places = {**places, place: cell}
        best = (length, places)
    if best[0]:
        text = " ".join(one.text for one in tokens[at : at + best[0]])
        cell = next(iter(best[1].values()))
        yield Mention("value", at, at + best[0], text, tuple(best[1]), cell)


def _spelled(one: Mention, words: Vocabulary) -> Mention:
    """A word nobody reads, as the name or cell that is written nearly like it; marked as a guess."""
    word = stem(one.text)
    if one.kind != "unread" or len(word) < 5:
        return one
    single = {
        stems[0]: (place, cell) for key in words.values for stems, place, cell in words.values[key] if len(stems) == 1
    }
    near = difflib.get_close_matches(word, list(single), 2, 0.86) if len(single) < 5_000 else []
    if len(near) == 1:
        place, cell = single[near[0]]
        return replace(
            one, kind="value", columns=(place,), value=cell, exact=False, note=f"{one.text!r} was read as {cell!r}"
        )
    names = {name[0]: place for place, name in enumerate(words.names) if len(name) == 1}
    near = difflib.get_close_matches(word, list(names), 2, 0.8)
    if len(near) == 1:
        name = words.sheet.columns[names[near[0]]].name
        return replace(
            one, kind="column", columns=(names[near[0]],), exact=False, note=f"{one.text!r} was read as {name!r}"
        )
    return one
