"""What the triples of the documents answer: one object, or agreeing ones; else what stands against what.

No events here, so that the lab measures exactly what `ask` uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.relations import is_single, key
from knowledge.triples import Triple
from lottery_chat.planner.triple_questions import Wanted

#: Triples of an entity (or of any, where it is "") with a relation (or any): exactly these names.
Find = Callable[[str, str], Sequence[Triple]]
#: What was, still holds of these: who made something, and who is whose kin.
_LASTING = frozenset(
    "author screenwriter director producer composer lyricist performer founder creator inventor discoverer designer architect developer "
    "builder publisher painter sculptor translator mother father son daughter brother sister".split()
)


@dataclass(frozen=True, slots=True)
class Stated:
    """The triples that answer, best first: their objects agree. `against`: others that say something else."""

    wanted: Wanted
    triples: tuple[Triple, ...]
    against: tuple[Triple, ...] = ()

    @property
    def answer(self) -> str:
        """The object as the first one has it."""
        return self.triples[0].object


def stated(readings: Sequence[Wanted], find: Find) -> Stated | None:
    """Return what answers the first reading that any triple fits; None where none does.

    With `against` it is no answer: a relation of one value has two.
    """
    for one in readings:
        found = [triple for triple in find(one.entity, one.relation) if _holds(triple, one)]
        if not one.relation:
            if found:
                return Stated(one, tuple(found))
            continue
        if not found:
            continue
        found.sort(key=lambda triple: (-len(key(triple.object).split()), triple.start))
        first = found[0]
        other = [triple for triple in found if not agree(triple.object, first.object)]
        agreeing = tuple(triple for triple in found if triple not in other)
        if other:
            return Stated(one, agreeing, tuple(other)) if is_single(one.relation) or not one.entity else None
        return Stated(one, agreeing)
    return None


def _holds(triple: Triple, one: Wanted) -> bool:
    """Whether what the text says was so can answer a question about now."""
    return not (one.now and triple.past and one.relation != "is a" and one.relation not in _LASTING)


def agree(one: str, other: str) -> bool:
    """Whether two objects may be the same, said more and less exactly: "1901" and "3 May 1901", "Bern" and "Bern, CH"."""
    left, right = _parts(one), _parts(other)
    return bool(left and right) and (left <= right or right <= left)


def _parts(words: str) -> set[str]:
    months = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    plain = re.sub(r"(?<=\d)[,](?=\d{3})", "", words)
    return {
        part[:3] if part[:3] in months and not part.isdigit() else part.lstrip("0") or "0"
        for part in key(plain).split()
    }
