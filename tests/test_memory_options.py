"""Preferences: kept, shared by all windows, and never a value that cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lottery_chat.errors import SettingsError
from lottery_chat.interface.options import Preferences
from lottery_chat.memory.database import Database
from lottery_chat.memory.options import StoredOptions


def test_a_new_home_has_the_defaults(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    assert StoredOptions(database).read() == Preferences()
    database.close()


def test_a_change_is_kept_across_restarts_and_owners_do_not_mix(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    changed = StoredOptions(database).change(model=" qwen2.5-coder:0.5b ", seconds=60.0, theme="dark", web_search="off")
    assert changed == Preferences(model="qwen2.5-coder:0.5b", seconds=60, theme="dark", web_search="off")
    database.close()
    again = Database(home / "memory.sqlite")
    assert StoredOptions(again).read() == changed
    assert StoredOptions(again, owner="other").read() == Preferences()
    again.close()


BAD: list[tuple[str, Any, str]] = [
    *(("theme", value, "system, light, dark") for value in ("blue", "", None, 1, "DARK", ["dark"])),
    *(("web_search", value, "off, ask, on") for value in (True, "yes")),
    *(("mode", value, "auto, fast, deliberate") for value in ("slow", 0)),
    *(("retrieval", value, "closed-book, auto, always") for value in ("never", {})),
    *(
        ("seconds", value, "5 to 3600")
        for value in (0, -1, 4, 3601, 1.5, True, "90", None, float("nan"), float("inf"), 10**30)
    ),
    *(("model", value, "name of a model") for value in ("", "  ", "a\nb", "x" * 201, 5, None, "a\x00")),
    ("colour", "red", "Settings are: model, mode"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD)
def test_a_value_that_cannot_be_used_is_named_with_those_that_can(
    home: Path, name: str, value: Any, words: str
) -> None:
    database = Database(home / "memory.sqlite")
    options = StoredOptions(database)
    with pytest.raises(SettingsError) as told:
        options.change(**{"theme": "light", name: value})
    assert words in str(told.value) and repr(value if name != "colour" else name) in str(told.value)
    assert options.read() == Preferences()  # all or none
    database.close()


def test_what_another_version_wrote_and_this_one_cannot_use_counts_as_not_set(home: Path) -> None:
    database = Database(home / "memory.sqlite")
    for name, value in (("theme", '"sepia"'), ("colour", '"red"'), ("mode", "not json"), ("seconds", "30")):
        database.write("INSERT INTO options (name, value) VALUES (?, ?)", (name, value))
    assert StoredOptions(database).read() == Preferences(seconds=30)
    database.close()
