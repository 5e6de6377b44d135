"""A question over a table while it is read: its mentions, which are taken, and the conditions found so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.table_columns import Sheet
from tools.table_mentions import Mention
from tools.table_queries import Comparison, Filter
from tools.table_words import Token, same, stem


@dataclass(slots=True)
class Asked:
    """A question while it is read: its tokens and mentions, which are taken, and what was read so far."""

    sheet: Sheet
    tokens: Sequence[Token]
    mentions: Sequence[Mention]
    taken: set[int] = field(default_factory=set)
    filters: list[Filter] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    #: Columns that a condition stands on.
    filtered: set[int] = field(default_factory=set)
    #: A condition was begun that cannot be read to its end.
    broken: bool = False

    def free(self, kind: str) -> list[int]:
        """The mentions of this kind that nothing has taken yet."""
        return [at for at, one in enumerate(self.mentions) if one.kind == kind and at not in self.taken]

    def near(self, at: int, step: int) -> int:
        """The next mention that says something, forwards or backwards; -1 where there is none."""
        at += step
        while 0 <= at < len(self.mentions) and self.mentions[at].kind == "harmless":
            at += step
        return at if 0 <= at < len(self.mentions) else -1

    def tag(self, at: int) -> str:
        """What the phrase at this place asks for."""
        return self.mentions[at].tag if 0 <= at < len(self.mentions) and self.mentions[at].kind == "phrase" else ""

    def between(self, one: int, other: int) -> list[str]:
        """The words between two mentions."""
        low, high = sorted((one, other))
        return [token.low for token in self.tokens[self.mentions[low].last : self.mentions[high].first]]

    def name(self, column: int) -> str:
        """The header of a column."""
        return self.sheet.table.names[column]

    def kind(self, column: int) -> str:
        """The kind of a column."""
        return self.sheet.columns[column].kind

    def dated(self, at: int) -> bool:
        """Whether a column of dates is named beside this place ("the returned date")."""
        beside = [n for n in (self.near(at, -1), self.near(at, 1)) if n >= 0 and self.mentions[n].kind == "column"]
        return any(self.kind(column) == "date" for n in beside for column in self.mentions[n].columns)

    def only(self, kind: str, names: Sequence[str] = ()) -> int:
        """The only column of a kind (whose name has one of these words); -1 where there is none or more."""
        stems = [stem(one) for one in names]
        found = [
            at
            for at, one in enumerate(self.sheet.columns)
            if one.kind == kind
            and (not stems or any(same(stem(part), want) for part in re.split(r"[\W_]+", one.name) for want in stems))
        ]
        return found[0] if len(found) == 1 else -1

    def keep(self, column: int, comparison: Comparison, value: object, said: str) -> None:
        """One more condition."""
        self.filters.append(Filter(self.name(column), comparison, value))  # type: ignore[arg-type]
        self.said.append(said)
        self.filtered.add(column)
        if self.sheet.columns[column].doubt:
            self.doubts.append(f"{self.name(column)}: {self.sheet.columns[column].doubt}")
