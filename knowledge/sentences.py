"""Where sentences begin and end, as offsets, in time linear in the text.

Knows abbreviations, initials, numbers, bullet lines, headings, rows of a table, entries of logs and the full stop of Chinese and
Japanese. What this does not do: it knows no grammar; "He met Mr. A. Smith Jr. Then he left." is as good as it gets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*|[。！？]+[」』”’）]*|\n")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“„«]{1,24}\Z")
_INDENT = re.compile(r"[ \t]*")
_BULLET = re.compile(r"[ \t]*(?:[-*•▪◦‣–]\s|\(?\d{1,3}[.)]\s|\(?[a-zA-Z][.)]\s|#{1,6}\s|\||>\s|```)")
#: A line of a chat or of a mail's head: something in square brackets, or a speaker with a colon, begins it.
_ENTRY = re.compile(
    r"[ \t]*(?:\[[^\]\n]{3,40}\][ \t]+\S|[A-ZÀ-Þ][\w'’.-]{0,20}(?: [A-ZÀ-Þ][\w'’.-]{0,20}){0,2}:[ \t]+\S)"
)
#: A line of a log: a time or a date begins it. In prose a line may be wrapped before one.
_TIMED = re.compile(r"[ \t]*\(?(?:\d{1,2}:\d{2}(?::\d{2})?\b|\d{4}-\d{2}-\d{2}[ T,]|\d{1,2}[./]\d{1,2}[./]\d{2,4},? )")
_HEADING = re.compile(r"#{1,6}[ \t]+\S[^\n]{0,200}(?:\n|\Z)")
_ROW = re.compile(r"[^:;\n]{1,60}: [^\n]{0,400}?; [^:;\n]{1,60}: ")
_LONGEST_ROW = 1200
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof rev hon st sr jr gen col lt sgt capt cmdr adm maj gov sen rep pres etc vs eg ie cf al ca no nos "
    "vol vols pp p ch sec fig figs eq eqs ref refs ed eds inc ltd co corp dept est approx jan feb mar apr jun jul aug "
    "sep sept oct nov dec mt ft tel ext u.s u.k u.n e.g i.e a.m p.m ph.d m.d b.c a.d bzw usw z.b d.h u.a nr bd hrsg "
    "vgl geb gest ggf inkl evtl str sog o.ä".split()
)
_MONTHS = frozenset("jan feb mär apr mai jun jul aug sep okt nov dez".split())
#: These end a sentence as often as not: a capital letter after them decides.
_MAY_END = frozenset("etc inc ltd co corp jr sr u.s u.k u.n a.m p.m ph.d m.d b.c a.d usw st al".split())
_STARTERS = frozenset(
    "the a an he she it they we i you this that these those in on at by from for after before as when while its his "
    "her their our there here both many most some all although however his but and also during since".split()
)


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of `text` in order as (start, end), white space at the ends left out, none empty."""
    spans: list[Span] = []
    begin = 0
    for cut in _cuts(text):
        _append(spans, text, begin, cut)
        begin = cut
    _append(spans, text, begin, len(text))
    return spans


def _append(spans: list[Span], text: str, begin: int, end: int) -> None:
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    if end > begin:
        spans.append((begin, end))


def _cuts(text: str) -> Iterator[int]:
    """Yield the offsets after which a new sentence begins."""
    line_start = 0
    begin = 0
    row_end = _row_end(text, 0)
    for match in _STOP.finditer(text):
        if text[match.start()] == "\n":
            if _ends_line(text, line_start, match.start(), begin):
                begin = match.end()
                yield begin
            line_start = match.end()
            row_end = _row_end(text, line_start)
        elif match.start() < row_end:
            continue  # a row of a table is quoted whole, whatever stands in its cells
        elif _ends_sentence(text, match.start(), match.end()):
            begin = match.end()
            yield begin


def _row_end(text: str, start: int) -> int:
    """Where the row of a table, or the heading ("## 4. Pay"), that begins here ends; `start` where none does.

    A row that is too long to be quoted whole is none.
    """
    if _HEADING.match(text, start):
        end = text.find("\n", start)
        return end if end >= 0 else len(text)
    if not _ROW.match(text, start, start + 600):
        return start
    end = text.find("\n", start, start + _LONGEST_ROW)
    return end if end >= 0 else len(text) if len(text) - start < _LONGEST_ROW else start


def _ends_line(text: str, line_start: int, newline: int, begin: int) -> bool:
    """Whether this line break ends a sentence: before a blank line, a bullet, a row, or after a short line."""
    after = _INDENT.match(text, newline + 1)
    next_at = after.end() if after else newline + 1
    if next_at >= len(text) or text[next_at] == "\n":
        return True
    if _BULLET.match(text, newline + 1) or text.startswith("#", line_start) or text.startswith("|", line_start):
        return True
    if _ENTRY.match(text, newline + 1, newline + 200):
        return True
    if _TIMED.match(text, newline + 1, newline + 60) and _TIMED.match(text, line_start, newline):
        return True
    if _ROW.match(text, line_start, min(newline, line_start + 600)) or _ROW.match(text, next_at, next_at + 600):
        return True
    next_end = text.find("\n", next_at, next_at + 400)
    next_long = (next_end if next_end >= 0 else min(len(text), next_at + 400)) - next_at
    long = newline - line_start
    starts_anew = text[next_at].isupper() or text[next_at].isdigit()
    # A wrapped line is about as long as its neighbour; a title, an address, a verse is shorter.
    return starts_anew and long < 45 and long < 0.75 * max(next_long, 45) and begin <= line_start


def _ends_sentence(text: str, start: int, end: int) -> bool:
    """Whether the stop text[start:end] ends a sentence."""
    if text[start] in "。！？":
        return True
    if end >= len(text):
        return True
    if not text[end].isspace():
        # "end.[3] The" and "end.”The" happen; "3.14", "a.b" and "…" inside a word are no ends.
        return False
    after = end
    while after < len(text) and text[after] in " \t\u00a0":
        after += 1
    if after < len(text) and text[after] == "\n":
        after += 1
        while after < len(text) and text[after] in " \t":
            after += 1
    following = text[after : after + 1]
    if following.islower() and text[start] != "!" and text[start] != "?":
        return False
    if text[start] != "." or end - start > 1 and text[start + 1] == ".":
        return True
    return not _is_abbreviation(text, start, after)


def _is_abbreviation(text: str, stop: int, after: int) -> bool:
    found = _WORD_BEFORE.search(text, max(0, stop - 24), stop)
    if not found:
        return False
    word = found.group()
    low = word.lower().lstrip("-–")
    next_word = re.match(r"\w+", text[after : after + 24])
    starter = next_word is not None and next_word.group().lower() in _STARTERS and text[after].isupper()
    if low in _ABBREVIATIONS:
        return not (low in _MAY_END and starter)
    if low.isdigit():
        # "on the 3. Mai": German ordinals; a year or a larger number ends a sentence.
        line = text.rfind("\n", 0, stop) + 1
        at_line_start = not text[line : stop - len(low)].strip()
        month = next_word is not None and next_word.group().lower()[:3] in _MONTHS
        return len(low) <= 2 and (at_line_start or month)
    # An initial: "J. Smith", "J.R.R. Tolkien".
    return re.fullmatch(r"(?:[^\W\d_]\.)*(?:[A-ZÄÖÜ]|[a-z])", word) is not None and not starter
