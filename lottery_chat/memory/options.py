"""The preferences of a person, validated, kept in M: an implementation of interface.Options."""

from __future__ import annotations

import dataclasses
import json
from typing import Literal, get_args, get_origin, get_type_hints

from lottery_chat.errors import SettingsError
from lottery_chat.interface.options import Preferences
from lottery_chat.memory.database import Database

SECONDS = (5, 3600)


class StoredOptions:
    """Options over the database; a change is on disk when `change` returns, and other windows see it."""

    def __init__(self, database: Database, owner: str = "me") -> None:
        self._database = database
        self._owner = owner

    def read(self) -> Preferences:
        """The preferences as kept. What another version wrote and this one cannot use counts as not set."""
        kept = {}
        for row in self._database.rows("SELECT name, value FROM options WHERE owner = ?", (self._owner,)):
            try:
                kept[row["name"]] = valid(row["name"], json.loads(row["value"]))
            except (SettingsError, ValueError):
                continue
        return Preferences(**kept)  # type: ignore[arg-type]

    def change(self, **values: object) -> Preferences:
        """Change some preferences, all or none.

        Raises:
            SettingsError: a name or a value that cannot be used; it names what is allowed.
        """
        rows = [(self._owner, name, json.dumps(valid(name, value))) for name, value in values.items()]
        self._database.write_many("INSERT OR REPLACE INTO options (owner, name, value) VALUES (?, ?, ?)", rows)
        return self.read()


def valid(name: str, value: object) -> str | int:
    """The value as Preferences wants it.

    Raises:
        SettingsError: the name is unknown, or the value is not allowed.
    """
    hints = get_type_hints(Preferences)
    if name not in hints:
        names = ", ".join(one.name for one in dataclasses.fields(Preferences))
        raise SettingsError(f"There is no setting {name!r}. Settings are: {names}.")
    if get_origin(hints[name]) is Literal:
        allowed = get_args(hints[name])
        if value in allowed and isinstance(value, str):
            return value
        raise SettingsError(f"{name} cannot be {value!r}. Allowed: {', '.join(allowed)}.")
    if name == "seconds":
        whole = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value // 1
        if isinstance(value, (int, float)) and whole and SECONDS[0] <= value <= SECONDS[1]:
            return int(value)
        raise SettingsError(f"seconds cannot be {value!r}. Allowed: a whole number from {SECONDS[0]} to {SECONDS[1]}.")
    if isinstance(value, str) and 0 < len(value.strip()) <= 200 and value.isprintable():
        return value.strip()
    raise SettingsError(f"{name} cannot be {value!r}. Allowed: the name of a model, or 'auto'.")
