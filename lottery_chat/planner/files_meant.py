"""Which files some words mean: by their names as people say them, by their kind ("spreadsheets"), by the date in a name.

What this does not do: it looks at no file's text; "the lease" means a file called so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lottery_chat.planner.understanding import names_document

#: What people call kinds of files, and the endings of their names.
_KINDS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("PDF", r"pdfs?|pdf[- ](?:files?|documents?|dateien|dokumente)", frozenset({"pdf"})),
    (
        "spreadsheet",
        r"spreadsheets?|workbooks?|excel(?:[- ](?:files?|sheets?|tables?|dateien|tabellen))?|tabellen(?:dateien)?",
        frozenset({"xlsx", "xlsm", "xls", "ods", "csv", "tsv"}),
    ),
    ("CSV file", r"csvs?|csv[- ](?:files?|dateien)", frozenset({"csv", "tsv"})),
    ("Word document", r"word[- ](?:files?|documents?|dateien|dokumente)|docx(?:[- ]files?)?", frozenset({"docx", "odt", "rtf"})),
    ("presentation", r"presentations?|slide ?decks?|powerpoints?|pr(?:ä|ae)sentationen", frozenset({"pptx", "odp"})),
    ("e-mail", r"e-?mails?", frozenset({"eml", "msg"})),
    ("book", r"e-?books?|epubs?", frozenset({"epub"})),
    ("web page", r"web ?pages?|html[- ]?(?:files?|pages?)|webseiten", frozenset({"html", "htm"})),
)  # fmt: skip
#: Words that stand for any kind of file, or tell one that is named apart by its kind.
_ANY = frozenset(
    "the my our your this that these those all of for from in a an file files document documents doc pdf paper text scan scanned "
    "spreadsheet workbook excel sheet presentation slides mail email letter page pages version one der die das den dem mein "
    "meine meinem unser unsere datei dokument von aus".split()
)
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?([0-2]\d|3[01]))?)?(?!\d)")
_VERSION = re.compile(r"(?<![a-z])v(?:ersion)?[-_. ]?(\d{1,4})(?!\d)", re.IGNORECASE)


def files_meant(words: str, titles: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the titles that these words name: in full, else those that hold every word that tells."""
    exact = names_document(words, tuple(titles))
    if exact:
        return exact
    wanted = [word for word in re.split(r"[\W_]+", words.casefold()) if word]
    found = []
    for place, title in enumerate(titles):
        held = [piece for piece in re.split(r"[\W_]+", title.casefold()) if piece]
        telling = [word for word in wanted if word not in _ANY or word in held]
        long_enough = sum(len(word) > 2 and word not in _ANY for word in telling) > 1  # "the garden" may be a garden
        if long_enough and all(_holds(held, word) for word in telling):
            found.append(place)
    return tuple(found)


def _holds(pieces: Sequence[str], word: str) -> bool:
    """Whether a word is one of the pieces, a plural or genitive s aside."""
    bare = word.rstrip("s")
    return any(piece == word or (len(bare) > 2 and piece.rstrip("s") == bare) for piece in pieces)


def kind_meant(words: str) -> str:
    """Return the kind of file that the words are ("spreadsheets"); empty where they are none."""
    bare = re.sub(r"^(?:(?:my|the|all|of|our|meine[nr]?|die|alle) )+", "", words.strip(), flags=re.I)
    return next((name for name, said, _ in _KINDS if re.fullmatch(said, bare, re.IGNORECASE)), "")


def of_kind(kind: str, titles: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the titles whose endings are of a kind that `kind_meant` gave."""
    endings = next((endings for name, _, endings in _KINDS if name == kind), frozenset())
    return tuple(at for at, title in enumerate(titles) if title.rpartition(".")[2].casefold() in endings)


def told_by_name(title: str) -> tuple[int, ...]:
    """Return the date or version that a file's name tells, as numbers that sort; () where it tells none."""
    stem = title.rpartition(".")[0] or title
    dates = [tuple(int(part or 0) for part in match.groups()) for match in _DATE.finditer(stem)]
    if dates:
        return max(dates)
    version = _VERSION.search(stem)
    return (0, int(version[1])) if version else ()
