"""The words of arrangement puzzles: verbs that only say "is placed", nouns of slots, amounts, and words that bind.

A word that binds (RESERVED) may never be skipped: a sentence in which one is left over has not been read.
"""

from __future__ import annotations

import re

from tools.logic.ordering_words import NUMBERS, ORDINALS

#: Verbs and little words that say no more than that something has its place.
FREE = frozenset(
    """be is are was were been being the a an its his her their on in at to of for into from it one ones
    assigned placed located seated sitting sits sit sat stand stands standing stood scheduled performs perform performed
    visited displayed serves serve served speaks speak written delivered given gives give held takes take taken place
    parked parks hung hangs works work worked lives live lived stays stay stayed put goes go done shown played plays play
    finishes finish finished arrives arrive arrived comes come came ranks ranked rank runs run position positions slot
    presented presents present appears appear stored kept planted read meets meet met dives dive interviewed used planned
    selected included chosen picked featured booked belongs belong joins join listed occurs occur happens happen set
    duty day week row line table some time times schedule must""".split()
)
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
MONTHS = "january february march april may june july august september october november december".split()
#: Nouns of things that others are put into or stand at.
SLOT_NOUNS = frozenset(
    """day days weekday weekdays month months slot slots position positions place places spot spots seat seats chair
    chairs hour hours time times date dates floor floors level levels aisle aisles room rooms team teams group groups
    table tables committee committees case cases shelf shelves box boxes bin bins bus buses boat boats car cars lane
    lanes stage stages house houses class classes tent tents van vans truck trucks crew crews club clubs project projects
    office offices hall halls section-places zone zones locker lockers desk desks drawer drawers""".split()
)
ORDERED_NOUNS = frozenset(
    """day days weekday weekdays month months slot slots position positions place places spot spots seat seats chair chairs
    hour hours time times date dates floor floors level levels lane lanes stage stages aisle aisles house houses""".split()
)
_NUMBER = "|".join([*NUMBERS, r"\d{1,2}"])
AMOUNT = rf"(exactly|only|just|at least|at most|no more than|no fewer than|no less than|fewer than|less than|more than|up to)? ?({_NUMBER})"
RESERVED = frozenset(
    """not no none never neither nor either both each every all any only except unless if then else same different before
    after earlier later ahead behind between adjacent next consecutive immediately directly exactly least most more less
    fewer than first last second third fourth fifth sixth seventh alone together sole twice once two three four five six
    seven eight nine ten other another cannot must same but however without with also too again already or""".split()
)
INCLUDED = frozenset(
    "visited displayed selected included chosen picked featured booked used played shown planted stocked on part set sale in invited".split()
)
#: What opens a list of conditions.
OPENING = re.compile(
    r"\b(?:condition|constraint|restriction|rule|requirement|clue|statement|following|known|determined|subject to|hold|apply)s?\b",
    re.I,
)


def number_of(word: str) -> int:
    """ "three" or "3" as a number. Raises KeyError for another word."""
    return int(word) if word.isdecimal() else NUMBERS[word.lower()]


def bound(kind: str | None, number: str) -> str:
    """ "at least", "two" as "> = 2" of the language; without a kind, exactly."""
    n = number_of(number)
    sign = {"at least": ">=", "no fewer than": ">=", "no less than": ">=", "at most": "<=", "no more than": "<=",
            "up to": "<=", "fewer than": "<", "less than": "<", "more than": ">"}.get(kind or "", "=")  # fmt: skip
    return f"{sign} {n}"


def ordinal(word: str) -> int:
    """ "third" as 3, "last" as −1, "penultimate" as −2; 0 where the word is no ordinal."""
    return {"last": -1, "final": -1, "penultimate": -2}.get(word, ORDINALS.get(word, 0))


def stem(word: str) -> str:
    """A plain singular, enough to compare nouns of one text."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
