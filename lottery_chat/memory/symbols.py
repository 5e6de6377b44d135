"""The logic solver's working memory within a run: facts, rules and the schema of names (Wang et al. 2024).

What the grammar read from each sentence, and what was derived from it, in words and in symbols.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lottery_chat.memory.database import Database, Row


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a logic text: its sentence, its symbols; a derived one with its rule and premises (symbols)."""

    sentence: str
    symbols: str
    rule: str = ""
    premises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a logic text: its sentence and its symbols."""

    sentence: str
    symbols: str


@dataclass(frozen=True, slots=True)
class Name:
    """An entry of the schema: a predicate or object, its arity (0 for objects), the words that mean it."""

    name: str
    kind: Literal["predicate", "object"]
    arity: int = 0
    words: tuple[str, ...] = ()


class Symbols:
    """Facts, rules and names of runs. The writers return False when there is no such run: then nothing is kept."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database = database
        self._owner = owner

    def write_facts(self, run: str, facts: Sequence[Fact]) -> bool:
        """Keep facts, read or derived; the same symbols in the same run count once."""
        rows = [(one.sentence, one.symbols, one.rule, json.dumps(one.premises)) for one in facts]
        return self._database.write_of_run(
            *(run, self._owner),
            "INSERT OR IGNORE INTO facts (run, owner, sentence, symbols, rule, premises) SELECT id, owner, ?, ?, ?, ? FROM runs",
            rows,
        )

    def facts(self, run: str) -> tuple[Fact, ...]:
        """The facts of a run, in the order they were written."""
        rows = self._of(run, "facts")
        return tuple(
            Fact(row["sentence"], row["symbols"], row["rule"], tuple(json.loads(row["premises"]))) for row in rows
        )

    def write_rules(self, run: str, rules: Sequence[Rule]) -> bool:
        """Keep rules; the same symbols in the same run count once."""
        rows = [(one.sentence, one.symbols) for one in rules]
        return self._database.write_of_run(
            *(run, self._owner),
            "INSERT OR IGNORE INTO rules (run, owner, sentence, symbols) SELECT id, owner, ?, ? FROM runs",
            rows,
        )

    def rules(self, run: str) -> tuple[Rule, ...]:
        """The rules of a run, in the order they were written."""
        return tuple(Rule(row["sentence"], row["symbols"]) for row in self._of(run, "rules"))

    def write_names(self, run: str, names: Sequence[Name]) -> bool:
        """Keep the schema; a name that is there already gets the new words."""
        rows = [(one.name, one.kind, one.arity, json.dumps(one.words)) for one in names]
        return self._database.write_of_run(
            *(run, self._owner),
            "INSERT OR REPLACE INTO names (run, owner, name, kind, arity, words) SELECT id, owner, ?, ?, ?, ? FROM runs",
            rows,
        )

    def names(self, run: str) -> tuple[Name, ...]:
        """The schema of a run: predicates and objects."""
        rows = self._of(run, "names")
        return tuple(Name(row["name"], row["kind"], row["arity"], tuple(json.loads(row["words"]))) for row in rows)

    def _of(self, run: str, table: Literal["facts", "rules", "names"]) -> list[Row]:
        return self._database.rows(
            f"SELECT * FROM {table} WHERE run = ? AND owner = ? ORDER BY number", (run, self._owner)
        )
