"""Of which day a document says it is: a date in its title, or in its opening where it stands as the document's date.

A date that merely occurs in the text is what the text tells of, not when it was written. The day must be clear:
03/04/2024 reads two ways and is none.
"""

from __future__ import annotations

import re
from datetime import date

#: Letters of the opening in which a document says its date.
OPENING = 1_500
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = (
    r"(?P<iy>(?:19|20)\d\d)-(?P<im>\d\d)(?:-(?P<id>\d\d))?(?![\d-])"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th|\.)? {_MONTH.format('dm')},? (?P<dy>(?:19|20)\d\d)"
    rf"|{_MONTH.format('mm')} (?:(?P<md>\d{{1,2}})(?:st|nd|rd|th)?,? )?(?P<my>(?:19|20)\d\d)"
    r"|(?P<gd>\d{1,2})\.(?P<gm>\d{1,2})\.(?P<gy>(?:19|20)\d\d)"
)
_MARK = (
    r"(?:date[ds]?|as of|stand|effective|in force|valid|issued|published|updated|last (?:updated|changed|modified|reviewed)"
    r"|revised|revision|version|edition|adopted|signed)(?: (?:on|from|of|date|as of|since|in))?"
)
_MARKED = re.compile(rf"(?:^|[(\n.;|—–-])[ \t]*{_MARK}[ \t]*:?[ \t]*(?:the )?(?:{_DAY})", re.IGNORECASE | re.MULTILINE)
_ALONE = re.compile(
    rf"^[ \t]*(?:[A-Z][\w .'-]{{1,30}}, )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?(?:{_DAY})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_IN_TITLE = re.compile(rf"(?<![\w-])(?:{_DAY})(?![\w])", re.IGNORECASE)


def own_date(title: str, opening: str) -> str:
    """The day (or month) a document says it is of, as ISO text; empty where it says none or two.

    Args:
        title: its name; underscores stand for spaces.
        opening: the beginning of its first page.
    """
    for shape, text in (
        (_MARKED, opening[:OPENING]),
        (_ALONE, opening[:OPENING]),
        (_IN_TITLE, title.replace("_", " ")),
    ):
        found = {iso for match in shape.finditer(text) if (iso := _iso(match.groupdict()))}
        if len(found) == 1:
            return found.pop()
        if found:
            return max(found) if shape is _MARKED else ""  # "Issued 2021, revised 2024": the later one
    return ""


def _iso(parts: dict[str, str | None]) -> str:
    for year, month, day in (("iy", "im", "id"), ("dy", "dm", "dd"), ("my", "mm", "md"), ("gy", "gm", "gd")):
        if not parts[year] or not parts[month]:
            continue
        name = str(parts[month]).lower()
        number = int(name) if name.isdigit() else _MONTHS.index(name[:3]) + 1
        try:
            made = date(int(str(parts[year])), number, int(parts[day] or 1))
        except ValueError:
            return ""
        return made.isoformat() if parts[day] else made.isoformat()[:7]
    return ""
