"""What a question asks of a table: a query, how its result is to be read, and what keeps the answer from being sure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tools.table_queries import Query

Form = Literal["count", "value", "cells", "rows", "groups", "extreme"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question asks of a table.

    `form` says what the result is: a count, one value, cells of a column, whole rows, groups, or the rows with an
    extreme; `target` is the column that names what was found (-1: none), `measure` the column of numbers. `unread` are
    the words it could not use and `doubts` sentences that keep the answer from being sure. `evidence` counts the
    mentions of this very table, and `closeness` how exactly they name it: whole headers and cells before parts before
    synonyms. `open` names the role for which columns remain to be chosen among `choices`.
    """

    query: Query
    form: Form
    said: str
    target: int = -1
    measure: int = -1
    wanted: int = 1
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    evidence: int = 0
    closeness: int = 0
    open: str = ""
    choices: tuple[int, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every word was used or is harmless."""
        return not self.unread and not self.open
