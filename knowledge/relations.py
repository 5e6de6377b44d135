"""Names of relations: the words that texts and questions use for the same one, and which have one value only.

A relation is kept under one name ("author" for "written by", "writer", "penned"), so that a triple read from a text
is found by a question in other words. What is not in the table keeps its own words in lower case.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

#: The name of a relation, then other words for it: nouns, "<participle> by" for makers, "<participle>" for dates.
_TABLE = """
is a: what it is
author: writer, written by, authored by, penned by
screenwriter: screenplay by, script by
director: directed by, film director
producer: produced by
composer: composed by, scored by, music by
lyricist: lyrics by
songwriter: song writer
performer: performed by, sung by, singer, recorded by, vocalist
founder: founded by, established by, co-founded by, cofounded by, set up by, co-founder, cofounder, founders
creator: created by
inventor: invented by
discoverer: discovered by
designer: designed by
architect: architects
developer: developed by
manufacturer: manufactured by, maker, made by
builder: built by, constructed by
publisher: published by
painter: painted by
sculptor: sculpted by
translator: translated by
editor: edited by
owner: owned by, proprietor
operator: operated by, run by
chief executive: ceo, chief executive officer, managing director
chief financial officer: cfo
chief technology officer: cto
chair: chairman, chairwoman, chairperson
spouse: husband, wife, married to, partner
mother: mum, mom
father: dad
date of birth: born, birth date, birthdate, birthday
date of death: died, death
place of birth: birthplace, born in
place of death: died in, deathplace
founded: date of foundation, founding date, established, set up, incorporated, formed, year of foundation, founding year
built: constructed, completed, year of construction
opened: opening date, inaugurated
released: release date, premiered, launched, date of release
published: publication date, date of publication
location: located, situated, place, located in, situated in
headquarters: headquartered, head office, based, seat, based in, headquartered in
price: cost, costs
population: inhabitants, number of inhabitants
phone: telephone, telephone number, phone number, tel
email: e-mail, email address, e-mail address
"""

#: Relations with one value: two different ones contradict each other (a film has one date of release, many actors).
_SINGLE = frozenset(
    "date of birth;date of death;place of birth;place of death;founded;built;opened;released;published;capital;mother"
    ";father;population;price;chief executive;headquarters".split(";")
)

#: Verbs whose object is the thing made and whose subject is the maker: "wrote", "founded", by their past tense.
MAKING = {
    "founded": "founder", "co-founded": "founder", "cofounded": "founder", "established": "founder", "wrote": "author",
    "authored": "author", "directed": "director", "composed": "composer", "painted": "painter", "invented": "inventor",
    "designed": "designer", "created": "creator", "developed": "developer", "discovered": "discoverer",
    "produced": "producer", "published": "publisher", "built": "builder", "owns": "owner", "sang": "performer",
    "manufactures": "manufacturer", "sculpted": "sculptor", "translated": "translator",
}  # fmt: skip

#: Offices and ties whose holder is named right after them ("its director Anna Berg").
HELD = (
    r"mother|father|wife|husband|son|daughter|brother|sister|director|author|writer|composer|founder|co-founder|owner"
    r"|creator|inventor|architect|producer|publisher|president|vice president|mayor|chairman|chairwoman|chair|chief executive"
    r"|chief executive officer|CEO|CFO|CTO|managing director|treasurer|secretary|headteacher|principal|manager|captain|coach"
    r"|governor|prime minister|king|queen|capital|landlord|tenant|supplier|editor|head|headquarters"
)


@cache
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        name, _, others = line.partition(":")
        found.update((one.strip(), name) for one in (name, *others.split(",")))
    return found


def relation(words: str) -> str:
    """Return the name under which a relation is kept: "author" for "written by", its own words where none is known."""
    plain = " ".join(re.sub(r"[^\w'’.%/-]+", " ", words.lower()).split())
    plain = re.sub(r"^(?:the|current|present|main|a|an) ", "", plain).rstrip(".")
    return _names().get(plain) or _names().get(re.sub(r"s$", "", plain)) or plain


def is_single(name: str) -> bool:
    """Whether a relation has one value, so that two different ones contradict each other."""
    return name in _SINGLE


def key(name: str) -> str:
    """How names are compared: no case, accents, marks, articles or brackets."""
    bare = re.sub(r"\s*\([^()]*\)", "", name) or name
    letters = unicodedata.normalize("NFKD", bare.lower())
    words = re.findall(
        r"[^\W_]+", re.sub(r"['’]s\b", "", "".join(one for one in letters if not unicodedata.combining(one)))
    )
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)
