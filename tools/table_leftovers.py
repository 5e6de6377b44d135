"""Words of a question over a table that nothing used: harmless where they only repeat what is there, else unread."""

from __future__ import annotations

import re

from tools.table_asked import Asked
from tools.table_words import SAYS, stem


def unread_words(asked: Asked, used: set[int], entity: int) -> tuple[str, ...]:
    """The words nobody used and that are not harmless here.

    Args:
        used: the columns that the query uses.
        entity: the column that names the rows, -1 where none does.
    """
    free = [at for at in range(len(asked.mentions)) if at not in asked.taken]
    return tuple(asked.mentions[at].text for at in free if not _silent(asked, at, used, entity))


def _silent(asked: Asked, at: int, used: set[int], entity: int) -> bool:
    """Whether a word that nothing used says nothing more: the rows' own name, a column that is used already."""
    one = asked.mentions[at]
    if one.kind in ("harmless", "title"):
        return True
    if one.kind == "phrase" and one.text == "by":
        after = asked.near(at, 1)
        return after in asked.taken and asked.mentions[after].kind == "value"
    if one.kind == "phrase" and one.tag == "NOTHING":
        return True
    if _belongs(asked, at, used):
        return True
    if one.kind == "unread":
        said = SAYS.get(one.text.casefold(), ())
        named = {part for column in asked.filtered for part in re.split(r"[\W_]+", asked.name(column).casefold())}
        return bool(named & set(said)) or (one.text.casefold() in ("date", "datum") and asked.dated(at))
    if one.kind != "column":
        return False
    if one.tag == "title" or set(one.columns) & used or one.columns == (entity,):
        return True
    # "Lent" says nothing of rows that all have such a date.
    return all(asked.kind(n) == "date" and not asked.sheet.columns[n].missing for n in one.columns)


def _belongs(asked: Asked, at: int, used: set[int]) -> bool:
    """Whether a general word only says what kind of thing its neighbour is: "finish time", "prize money", "year 2023"."""
    one, before, after = asked.mentions[at], asked.near(at, -1), asked.near(at, 1)
    word = stem(one.text)
    if word in ("year", "jahr", "month", "monat") and one.kind in ("unread", "column"):
        return after == at + 1 and after in asked.taken and asked.mentions[after].kind in ("date", "number")
    adjoins = before == at - 1 and before in asked.taken
    if one.kind != "unread" or not adjoins or asked.mentions[before].kind != "column":
        return False
    columns = [asked.sheet.columns[n] for n in asked.mentions[before].columns if n in used]
    if len(columns) != 1:
        return False
    kind, unit = columns[0].kind, columns[0].unit
    return (
        (word == "time" and unit in ("min", "h", "s", "sec", "minutes", "hours", "seconds"))
        or (word == "money" and unit in ("€", "$", "£", "EUR", "USD", "CHF", "GBP"))
        or (word in ("number", "nummer", "name") and kind == "text")
    )
