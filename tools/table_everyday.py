"""Everyday questions about money and visits, said as the table reader reads them ("How much did I spend at the baker's?").

Each form is whole: what a person names must be exactly one cell of one column, by its words, or two of it ("groceries
and fuel"), and the money one column of amounts whose signs agree with the verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tools.table_columns import Sheet
from tools.table_money import of_account, of_two_columns, without_time

_FILE = r"(?:invoice|statement|report|list|table|file|receipt|bill|sheet|menu|catalogue|catalog|account)"
_TAIL = rf"(?:,? (?:(?:on|in|according to|from) (?:the |my |our |this )?(?:[\w'’-]+ ){{0,2}}{_FILE}|in total|altogether|all together|overall|in all|so far))*"
_WHO = r"(?:i|we|you|they|he|she)"
_SPENT = (
    rf"how much (?:money )?(?:did|have|had|do) {_WHO} (?:spend|spent|pay|paid)(?: (?:at|to|for|on|with|in|by))? (?P<what>.+?){_TAIL}",
    rf"how much (?:money )?(?:was|were|is|has been) (?:spent|paid)(?: (?:at|to|for|on|with|in|by))? (?P<what>.+?){_TAIL}",
    rf"(?:how much|what) did (?P<what>(?!{_WHO}\b).+?) (?:cost|take|charge)(?: (?:me|us))?{_TAIL}",
    rf"what did {_WHO} (?:pay|spend)(?: (?:for|to|at|on|with))? (?P<what>.+?){_TAIL}",
)
#: Said of what went out or came in: what stands there has one sign.
_WAS = (
    rf"how much (?:was|were) (?:my |the |our )?(?P<what>.+?){_TAIL}",
    rf"how much (?P<what>(?!money\b|did\b|was\b|were\b).+?) (?:did|have|do) {_WHO} (?:pay|paid|spend|spent|get|got|receive|received){_TAIL}",
    rf"how much (?:money )?(?:went|was transferred|was sent) to (?P<what>.+?){_TAIL}",
)
_GOT = (
    rf"(?:how much|what)(?: money)? (?:did|have|had) {_WHO} (?:get|got|receive|received|earn|earned)(?: back)? from (?P<what>.+?){_TAIL}",
    rf"how much (?:money )?(?:came|was received)(?: in)? from (?P<what>.+?){_TAIL}",
    rf"how much (?:was|is) (?P<what>.+?) paid to (?:me|us){_TAIL}",
)
_OFTEN = (
    rf"how (?:often|many times) (?:did|have|had|do) {_WHO} (?:shop|shopped|buy|bought|pay|paid|go|gone|been|visit|visited|eat|eaten|use|used|order|ordered)"
    rf"(?: (?:at|to|from|with|in))? (?P<what>.+?){_TAIL}",
    rf"how many (?P<what>.+?) (?:were|are) there{_TAIL}",
    rf"how many (?P<what>.+?) (?:did|have) {_WHO} (?:make|made|have|had|get|got){_TAIL}",
)
_WHEN = (
    rf"(?:when|on (?:which|what) (?:day|date)) (?:was|were) (?P<what>.+?)(?: (?:paid|made|booked|taken|bought|sent))?{_TAIL}",
)
_EACH = (
    rf"(?:what|how much) does (?:one|an?|each|a single) (?P<what>.+?) cost{_TAIL}",
    rf"(?:what is|how much is|what's) the (?:unit )?price (?:of|for) (?:one|an?|each|a single) (?P<what>.+?){_TAIL}",
)
_UNIT_PRICE = re.compile(
    r"\b(?:unit price|price (?:each|per \w+|a piece)|unit cost|each|einzelpreis|stückpreis|price|preis)\b",
    re.IGNORECASE,
)
#: What stands in an account: a row of its own, in the column of balances.
_STANDS = (
    rf"(?:what|how much) (?:was|is|were) (?:the |my |our )?(?P<what>(?:closing|opening|final|starting) balance){_TAIL}",
    rf"(?:what|how much) (?:was|is|were) (?:the |my |our )?balance at the (?P<edge>end|beginning|start)(?P<what>(?: of \w+)?){_TAIL}",
)
_EDGES = {"end": "closing balance", "beginning": "opening balance", "start": "opening balance"}
_MONTHS = "january february march april may june july august september october november december".split()
_IN_MONTH = re.compile(rf"(?:,? (?:in|during|of) (?P<month>{'|'.join(_MONTHS)})(?: \d{{4}})?)$", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY = re.compile(r"\d{1,2}[./](\d{1,2})[./]?(?:\d{2,4})?")
_MONEY = re.compile(
    r"\b(?:amount|amounts|price|cost|costs|paid|spent|sum|value|total|betrag|summe|preis)\b", re.IGNORECASE
)
_BALANCE = re.compile(r"\b(?:balance|saldo|kontostand)\b", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:paid out|money out|out|debits?|withdrawals?|withdrawn|outgoings?|expenses?|spent|soll|ausgaben?)\b", re.I
)
_INTO = re.compile(r"\b(?:paid in|money in|in|credits?|deposits?|received|income|incomings?|haben|einnahmen?)\b", re.I)
_DATED = re.compile(r"\b(?:date|day|datum|tag)\b", re.IGNORECASE)
_SMALL = frozenset("the a an my our your his her their for at on in of to and from".split())


@dataclass(frozen=True, slots=True)
class _Meant:
    """What is meant: the number of its column, its text (of one cell, or of two in a question's words), its rows."""

    column: int
    text: str
    rows: tuple[int, ...]


def plainly(question: str, sheet: Sheet) -> str | None:
    """Return the question in the table's own words; None where it is none of these forms or not sure."""
    asked = " ".join(question.split()).strip(" ?.!")
    money, dates = _money(sheet, 0), _dates(sheet)
    if money is not None and (said := of_account(asked, sheet, money, dates)) is not None:
        return said
    out, into = _money(sheet, -1), _money(sheet, 1)
    if out is not None and into is not None and out != into:
        if (said := of_two_columns(asked, sheet, out, into, dates)) is not None:
            return said
    untimed, when = without_time(asked, sheet, dates)
    for forms, sign in ((_SPENT, -1), (_GOT, 1), (_OFTEN, 0), (_WHEN, 0), (_STANDS, 0), (_EACH, 0), (_WAS, 0)):
        for form in forms:
            match = re.fullmatch(form, asked, re.IGNORECASE)
            what = _this_month(match["what"], sheet) if match else None
            if match and what is not None and "edge" in match.re.groupindex:
                what = _EDGES[match["edge"].lower()] + what
            if (meant := _cells(what, sheet) if what else None) is not None:
                return _said(meant, sheet, sign, forms)
            timed = re.fullmatch(form, untimed, re.IGNORECASE) if when and forms in (_SPENT, _GOT, _WAS) else None
            if timed and (meant := _cells(timed["what"], sheet)) is not None:
                said = _said(meant, sheet, sign, forms)
                return (
                    f"{said.replace('What is the ' + sheet.columns[money].name, 'What is the total ' + sheet.columns[money].name).rstrip('?')}{when}?"
                    if said and money is not None
                    else None
                )
    return None


def _said(meant: _Meant, sheet: Sheet, sign: int, forms: Sequence[str]) -> str | None:
    where = f"where {sheet.columns[meant.column].name} is {meant.text}?"
    if forms is _OFTEN:
        return f"How many rows are there {where}"
    if forms is _WHEN:
        dated = _dates(sheet)
        return f"What is the {sheet.columns[dated[0]].name} {where}" if dated else None
    if forms in (_STANDS, _EACH):
        pattern = _BALANCE if forms is _STANDS else _UNIT_PRICE
        named = [column.name for column in sheet.columns if column.kind == "number" and pattern.search(column.name)]
        return f"What is the {named[0]} {where}" if len(named) == 1 else None
    money = _money(sheet, sign)
    if money is None or not _signs_agree(sheet, money, meant.rows, sign):
        return None
    name = sheet.columns[money].name
    return f"What is the total {name} {where}" if len(meant.rows) > 1 else f"What is the {name} {where}"


def _money(sheet: Sheet, sign: int) -> int | None:
    """The one column of amounts, or of what went out (sign -1) or came in (1); None with none or several."""
    amounts = [(n, one.name) for n, one in enumerate(sheet.columns) if one.kind == "number"]
    out, into = ([n for n, name in amounts if way.search(name)] for way in (_OUT, _INTO))
    if len(out) == 1 and len(into) == 1 and out != into and sign:
        return out[0] if sign < 0 else into[0]
    found = [n for n, name in amounts if _MONEY.search(name) and not _BALANCE.search(name)]
    return found[0] if len(found) == 1 else None


def _dates(sheet: Sheet) -> list[int]:
    return [n for n, column in enumerate(sheet.columns) if column.kind == "date" or _DATED.search(column.name)]


def _signs_agree(sheet: Sheet, money: int, rows: Sequence[int], sign: int) -> bool:
    """Whether what is asked about went the way the verb says, where the column has both signs (a bank statement)."""
    values = [_amount(row[money]) for row in sheet.table.rows]
    own = [value for one in rows if (value := values[one])]
    if not own or not (any(value < 0 for value in values) and any(value > 0 for value in values)):
        return bool(own) and (all(value >= 0 for value in own) or all(value <= 0 for value in own))
    if not sign:
        return all(value > 0 for value in own) or all(value < 0 for value in own)
    return all(value * sign > 0 for value in own)


def _amount(cell: object) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _this_month(what: str, sheet: Sheet) -> str | None:
    """What is named without "in March", where every dated row is of that month; None where some are not."""
    match = _IN_MONTH.search(what)
    if match is None:
        return what
    number = _MONTHS.index(match["month"].lower()) + 1
    days = [_DAY.match(row[n]) for row in sheet.cells for n in _dates(sheet)]
    months = {int(day.group(1)) for day in days if day}
    kept = [n for n, column in enumerate(sheet.columns) if column.kind == "date"]
    months |= {int(day[5:7]) for row in sheet.table.rows for n in kept if _ISO.match(day := str(row[n] or ""))}
    return what[: match.start()] if months == {number} else None


def _cells(what: str, sheet: Sheet) -> _Meant | None:
    """The one cell that is meant, or two of one column ("groceries and fuel"), quoted."""
    if one := _cell(what, sheet):
        return _Meant(one.column, f'"{one.text}"', one.rows)
    first, joined, second = what.partition(" and ")
    pair = [_cell(part, sheet) for part in (first, second)] if joined else []
    one, other = pair if len(pair) == 2 else (None, None)
    if one is None or other is None or one.column != other.column or one.text == other.text:
        return None
    return _Meant(one.column, f'"{one.text}" or "{other.text}"', tuple(sorted((*one.rows, *other.rows))))


def _cell(what: str, sheet: Sheet) -> _Meant | None:
    """The one cell that has the words of `what`, a whole one before a part; None with none or several."""
    wanted = _words(what)
    if not wanted:
        return None
    for whole in (True, False):
        found: dict[tuple[int, str], list[int]] = {}
        for n, column in enumerate(sheet.columns):
            if column.kind == "text":
                for at, row in enumerate(sheet.cells):
                    there = _words(row[n])
                    if there == wanted if whole else wanted <= there:
                        found.setdefault((n, row[n]), []).append(at)
        if len(found) == 1:
            ((column_at, text), rows) = next(iter(found.items()))
            return _Meant(column_at, text, tuple(rows)) if '"' not in text else None
        if found:
            return None
    return None


def _words(text: str) -> frozenset[str]:
    """The words of a text as they are compared: lower case, plurals without their s, small words left out."""
    words = re.findall(r"\w+", text.lower().replace("'s", "").replace("’s", ""))
    return frozenset(re.sub(r"(?<=\w{3})s$", "", word) for word in words if word not in _SMALL)
