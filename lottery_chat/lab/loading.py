"""Read the items of a task from its JSON Lines file, and take the first N of a seeded shuffle.

A file that is not as docs/lab_data.md says is refused with its name, the line, the field and what to do: an item that
is silently left out would make two runs incomparable.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.lab.values import Item, Task

#: The lab's own items (Task.file without a folder) lie beside this module.
OWN = Path(__file__).parent
_FORM = "docs/lab_data.md describes the form"


def read_items(task: Task, data: Path) -> tuple[Item, ...]:
    """Return all items of a task, in the order of its file.

    Raises:
        NotFound: the folder or the file is not there.
        LotteryChatError: a line cannot be used (named with its number and field), an id comes twice, or the file has
            no item for this task.
    """
    path = (data if "/" in task.file else OWN) / task.file
    lines: dict[str, int] = {}
    items = []
    for number, row in published_rows(path) if path.suffix == ".json" else rows_of(path):
        item = _item(task, path, number, row)
        if item is None:
            continue
        if item.id in lines:
            raise LotteryChatError(
                f"{_at(path, number)}: the id {item.id!r} stands in line {lines[item.id]} already. Give each item an id of its own."
            )
        lines[item.id] = number
        items.append(item)
    if not items:
        raise LotteryChatError(f"{str(path)!r} has no item for the task {task.name!r}; {_FORM}.")
    return tuple(items)


def chosen(items: Sequence[Item], *, seed: int, limit: int | None) -> tuple[Item, ...]:
    """Return the first `limit` items of the seeded shuffle (all: None); a longer choice begins with the shorter one."""
    ordered = sorted(items, key=lambda one: one.id)
    random.Random(f"{seed}").shuffle(ordered)
    return tuple(ordered[:limit])


def rows_of(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield (line number from 1, object) of a JSON Lines file in UTF-8; blank lines are passed over.

    Raises:
        NotFound: the file is not there.
        LotteryChatError: a line is not UTF-8, not JSON or not an object, or the file cannot be read.
    """
    for number, line in enumerate(_bytes_of(path).split(b"\n"), start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise LotteryChatError(f"{_at(path, number)} is not UTF-8 (byte {error.start + 1}). Save the file as UTF-8.") from error  # fmt: skip
        if not text:
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise LotteryChatError(f"{_at(path, number)} is not JSON: {error}. Mend or remove the line; {_FORM}.") from error  # fmt: skip
        if not isinstance(row, dict):
            raise LotteryChatError(f"{_at(path, number)} holds a JSON {type(row).__name__}, not an object; {_FORM}.")
        yield number, row


#: The part of a set published as one file that is measured on; the others are for training.
_SPLITS = ("dev", "test", "validation")


def published_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield (place from 1, object with its `id`) of a set that is published as one JSON file, as ASQA is.

    The file is an object of splits ("dev" is taken), each an object of items by their id; a list of items, with the
    field `sample_id` or `id`, is taken as it is.

    Raises:
        NotFound: the file is not there.
        LotteryChatError: it is not JSON in UTF-8, or of another form.
    """
    try:
        whole = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise LotteryChatError(f"{str(path)!r} is not JSON: {error}. Fetch the file again; {_FORM}.") from error
    if isinstance(whole, dict):
        whole = next((whole[name] for name in _SPLITS if name in whole), None)
    if isinstance(whole, dict):
        whole = [{"id": key, **one} if isinstance(one, dict) else one for key, one in whole.items()]
    if not isinstance(whole, list):
        raise LotteryChatError(
            f"{str(path)!r} has no split named {', '.join(_SPLITS)} and is no list of items; {_FORM}."
        )
    for number, row in enumerate(whole, start=1):
        if not isinstance(row, dict):
            raise LotteryChatError(f"{_at(path, number)} holds a JSON {type(row).__name__}, not an object; {_FORM}.")
        yield number, row if "id" in row or "sample_id" not in row else {"id": row["sample_id"], **row}


def text_of(path: Path) -> str:
    """Return the whole of a text file of the data folder. Raises NotFound, or LotteryChatError if it is not UTF-8."""
    try:
        return _bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LotteryChatError(f"{str(path)!r} is not UTF-8 (byte {error.start + 1}). Save the file as UTF-8.") from error  # fmt: skip


def _item(task: Task, path: Path, number: int, row: Mapping[str, Any]) -> Item | None:
    try:
        return task.read(row)
    except KeyError as error:
        field = error.args[0] if error.args else "?"
        raise LotteryChatError(f"{_at(path, number)}: the field {field!r} is missing, which the task {task.name!r} needs; {_FORM}.") from error  # fmt: skip
    except (ValueError, TypeError, IndexError) as error:
        raise LotteryChatError(f"{_at(path, number)} does not fit the task {task.name!r}: {error}; {_FORM}.") from error


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise NotFound(f"There is no folder {str(path.parent)!r}. Name the folder with the items with --data; {_FORM}.") from None  # fmt: skip
        raise NotFound(f"There is no file {str(path)!r}; {_FORM}.") from None
    except OSError as error:
        raise LotteryChatError(f"{str(path)!r} cannot be read: {error.strerror}.") from error


def _at(path: Path, number: int) -> str:
    return f"{str(path)!r}, line {number}"
