"""Questions about a whole account ("How much did I spend in total?", "What was my largest expense?"), in a table's words.

For tables of money that went both ways: one column of amounts with both signs. Days and months at the end of a question
become conditions where the column of dates is of one year. What this does not do: it nets nothing (what was paid back
stays received), and a table of prices, whose amounts have one sign, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.table_columns import Sheet

_WHO = r"(?:i|we|you|they|he|she)"
_ALL = r"(?: (?:in total|altogether|all together|overall|in all|so far|on everything|(?:on|in) (?:my |the |this )?(?:\w+ )?(?:account|statement)))*"
_OUT = r"(?:expenses?|expenditures?|spendings?|outgoings?|payments?|purchases?|debits?|withdrawals?)"
_IN = r"(?:income|earnings|receipts|deposits?|credits?|incomings?)"
_BIGGEST = r"(?:largest|biggest|highest|most expensive|greatest)"
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = "|".join(_MONTHS)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?)(?:,? \d{{4}})?"
_WHEN = re.compile(
    rf",? (?:(?P<word>after|before|since|on|until|from) (?P<one>{_DAY})(?: (?:to|until|till) (?P<to>{_DAY}))?"
    rf"|between (?P<first>{_DAY}) and (?P<last>{_DAY})|(?:in|during) (?P<month>{_MONTH})(?P<year> \d{{4}})?)$",
    re.IGNORECASE,
)
_WENT = {
    "less": (
        rf"how much (?:money )?(?:did|have|had|do) {_WHO} (?:spend|spent|pay|paid)(?: out)?{_ALL}",
        rf"(?:what|how much) did {_WHO} (?:spend|pay)(?: out)?{_ALL}",
        rf"(?:what|how much|how high) (?:is|are|was|were) (?:my |our |the )?(?:total |overall )?{_OUT}{_ALL}",
        rf"how much (?:money )?(?:was spent|went out|was paid out){_ALL}",
    ),
    "greater": (
        rf"how much (?:money )?(?:did|have|had|do) {_WHO} (?:receive|received|earn|earned|get|got|take in)(?: in)?{_ALL}",
        rf"(?:what|how much|how high) (?:is|are|was|were) (?:my |our |the )?(?:total |overall )?{_IN}{_ALL}",
        rf"how much (?:money )?(?:came in|was received|was paid in){_ALL}",
    ),
}  # fmt: skip
_EXTREME = {
    "lowest": rf"(?:what|which)(?: {_OUT})? (?:is|was|were) (?:my |our |the )?(?:single )?{_BIGGEST}(?: {_OUT})?{_ALL}",
    "highest": rf"(?:what|which)(?: {_IN})? (?:is|was|were) (?:my |our |the )?(?:single )?{_BIGGEST} {_IN}{_ALL}",
}
_PER = re.compile(
    rf"(?:how much|what) (?:did|have|do) {_WHO} (?:spend|spent|pay|paid) (?:per|by|for each|on each|in each|for every) (?P<group>[\w ]+)",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:on |in |at |for |to )?(?:which|what) (?P<group>[\w ]+?) (?:did|do|have) {_WHO} (?:spend|spent|pay|paid) (?:the )?most(?: money)?(?: on| in| at| for| to)?",
    re.IGNORECASE,
)
#: Headers of the column that says whom or what a payment was for.
_PAYEE = re.compile(
    r"\b(?:payee|counterparty|recipient|merchant|description|text|name|details|shop|party)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way that money went: its column, the condition that tells it ("" for none), the end where the most stands."""

    column: str
    condition: str
    most: str


def of_account(question: str, sheet: Sheet, money: int, dates: Sequence[int]) -> str | None:
    """Return a question about the whole account in the table's own words; None where it is none, or is not sure.

    Args:
        money: the number of the column of amounts.
        dates: the numbers of the columns of dates.
    """
    if not _goes_both_ways(sheet, money):
        return None
    name = sheet.columns[money].name
    out, into = _Way(name, f"{name} is less than 0", "lowest"), _Way(name, f"{name} is greater than 0", "highest")
    return _in_its_words(question, sheet, out, into, dates)


def of_two_columns(question: str, sheet: Sheet, out: int, into: int, dates: Sequence[int]) -> str | None:
    """Like `of_account`, for a table with a column of what went out and one of what came in."""
    out_way, into_way = (_Way(sheet.columns[one].name, "", "highest") for one in (out, into))
    return _in_its_words(question, sheet, out_way, into_way, dates)


def _in_its_words(question: str, sheet: Sheet, out: _Way, into: _Way, dates: Sequence[int]) -> str | None:
    asked, when = without_time(" ".join(question.split()).strip(" ?.!"), sheet, dates)
    if when is None:
        return None
    for forms, way in ((_WENT["less"], out), (_WENT["greater"], into)):
        if any(re.fullmatch(form, asked, re.IGNORECASE) for form in forms):
            return f"What is the total {way.column}{_where(way, when)}?"
    for form, way in ((_EXTREME["lowest"], out), (_EXTREME["highest"], into)):
        if re.fullmatch(form, asked, re.IGNORECASE) and not when and re.search(f"{_OUT}|{_IN}", asked, re.IGNORECASE):
            payees = [one.name for one in sheet.columns if one.kind == "text" and _PAYEE.search(one.name)]
            return f"Which {payees[0] if len(payees) == 1 else 'row'} has the {way.most} {way.column}?"
    if (match := _PER.fullmatch(asked)) and (group := _column(match["group"], sheet)):
        return f"What is the total {out.column} for each {group}{_where(out, when)}?"
    if (match := _MOST.fullmatch(asked)) and (group := _column(match["group"], sheet)) and not when:
        return f"Which {group} has the {out.most} total {out.column}{_where(out, when)}?"
    return None


def _where(way: _Way, when: str) -> str:
    """The condition of a way and the one of a time (" and Date is …", " in May") together."""
    if way.condition:
        return f" where {way.condition}{when}"
    return f" where{when[4:]}" if when.startswith(" and ") else when


def without_time(asked: str, sheet: Sheet, dates: Sequence[int]) -> tuple[str, str | None]:
    """A question without the days or month at its end, and these as a condition ("" for none, None: not sure)."""
    match = _WHEN.search(asked)
    if match is None:
        return asked, ""
    rest = asked[: match.start()]
    years = {str(row[n])[:4] for n in dates for row in sheet.table.rows if sheet.columns[n].kind == "date" and row[n]}
    if len(dates) != 1 or len(years) != 1:
        return rest, None
    (year,) = years
    column = sheet.columns[dates[0]].name
    if match["month"]:
        stated = (match["year"] or "").strip()
        return rest, f" in {match['month'].capitalize()}" if stated in ("", year) else None
    ends = [_iso(match[part], year) for part in ("one", "to", "first", "last") if match[part]]
    if "" in ends:
        return rest, None
    if len(ends) == 2:
        return rest, f" and {column} is from {ends[0]} to {ends[1]}"
    word = match["word"].lower()
    said = {
        "on": "is",
        "after": "is after",
        "before": "is before",
        "since": "is from",
        "until": "is until",
        "from": "is from",
    }
    return rest, f" and {column} {said[word]} {ends[0]}" if word in ("on", "after", "before") else None


def _iso(day: str, year: str) -> str:
    """A day as ISO text; "" where it is of another year or is none."""
    number, stated = re.search(r"\b(\d{1,2})(?!\d)", day), re.search(r"\b\d{4}\b", day)
    month = next((n for n, name in enumerate(_MONTHS, 1) if name in day.lower()), 0)
    if number is None or not 1 <= int(number[1]) <= 31 or (stated and stated[0] != year):
        return ""
    return f"{year}-{month:02d}-{int(number[1]):02d}"


def _goes_both_ways(sheet: Sheet, money: int) -> bool:
    values = [row[money] for row in sheet.table.rows]
    amounts = [one for one in values if isinstance(one, int | float)]
    return any(one < 0 for one in amounts) and any(one > 0 for one in amounts)


def _column(words: str, sheet: Sheet) -> str:
    """The header of the text column of this name; "" with none."""
    wanted = words.strip().lower()
    return next((one.name for one in sheet.columns if one.kind == "text" and one.name.lower() == wanted), "")
