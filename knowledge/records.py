"""JSON, JSON Lines and notebooks to text: records as rows, every other value after its path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from knowledge.errors import DocumentRefused

#: A record longer than this (characters) is written a value a line instead of in one row.
_LONG = 900
_FLAT = (str, int, float, bool, type(None))
_DEEPEST = 60


def json_text(text: str, title: str) -> str:
    """Return a JSON document, or JSON Lines, as lines "path: value"; broken JSON comes back as it is.

    Raises:
        DocumentRefused: nested too deeply to be read.
    """
    try:
        return _document(json.loads(text))
    except RecursionError as error:
        raise _too_deep(title) from error
    except ValueError:
        return jsonl_text(text, title)


def jsonl_text(text: str, title: str) -> str:
    """Return JSON Lines as one row a record; lines that are no JSON come back as they are.

    Raises:
        DocumentRefused: nested too deeply to be read.
    """
    rows = []
    for line in text.split("\n"):
        if line.strip():
            try:
                found = json.loads(line)
            except RecursionError as error:
                raise _too_deep(title) from error
            except ValueError:
                rows.append(line)
                continue
            rows.append(_record(found, "") if isinstance(found, dict | list) else line.strip())
    return "\n".join(rows)


def _too_deep(title: str) -> DocumentRefused:
    return DocumentRefused(f"{title!r} is nested too deeply to be read. Write the part you need as CSV or text.")


def _document(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_record(one, f"[{at}]") for at, one in enumerate(value))
    return "\n".join(_lines(value, "", 0))


def _record(value: Any, path: str) -> str:
    """One record in a row "name: value; name: value", or as a block of lines where it is long."""
    if isinstance(value, _FLAT):
        return _shown(value)
    lines = list(_lines(value, "", 0))
    row = "; ".join(lines)
    if len(row) <= _LONG:
        return row
    return "\n".join(["", f"{path or 'Record'}:", *lines, ""])


def _lines(value: Any, path: str, depth: int) -> Iterator[str]:
    if isinstance(value, _FLAT) or depth > _DEEPEST:
        text = _shown(value) if isinstance(value, _FLAT) else json.dumps(value, ensure_ascii=False)
        yield f"{path}: {text}" if path else text
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _lines(one, f"{path}.{key}" if path else str(key), depth + 1)
    elif all(isinstance(one, _FLAT) for one in value) and sum(len(str(one)) for one in value) <= _LONG:
        yield f"{path}: {', '.join(_shown(one) for one in value)}"
    else:
        for at, one in enumerate(value):
            lines = list(_lines(one, f"{path}[{at}]" if isinstance(one, list) else "", depth + 1))
            row = "; ".join(lines)
            if isinstance(one, dict) and len(row) > _LONG:
                yield from _lines(one, f"{path}[{at}]", depth + 1)
            elif isinstance(one, list):
                yield from lines
            else:
                yield f"{path}[{at}]: {row}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return " ".join(value.split()) if len(value) < 200 else value.strip()
    return json.dumps(value)


# -- notebooks -----------------------------------------------------------------------------------------------------

_MOST_OUTPUT = 4000


def notebook_text(text: str, title: str) -> str:
    """Return a Jupyter notebook: its Markdown as it is, code and what it printed between fences.

    Raises:
        DocumentRefused: nested too deeply to be read.
    """
    try:
        book = json.loads(text)
    except (ValueError, RecursionError):
        return json_text(text, title)
    cells = book.get("cells") if isinstance(book, dict) else None
    if not isinstance(cells, list):
        return json_text(text, title)
    parts: list[str] = []
    for cell in cells:
        if isinstance(cell, dict):
            source = _joined(cell.get("source"))
            if cell.get("cell_type") == "code":
                parts += [fenced(source), *_outputs(cell.get("outputs"))]
            else:
                parts.append(source)
    return "\n\n".join(part for part in parts if part.strip())


def fenced(code: str) -> str:
    """Return code between fences, so that none of its lines passes for a heading; empty where there is none."""
    code = code.strip("\n")
    return "```\n" + code.replace("```", "` ` `") + "\n```" if code.strip() else ""


def _outputs(outputs: Any) -> Iterator[str]:
    for one in outputs if isinstance(outputs, list) else ():
        if isinstance(one, dict):
            data = one.get("data")
            said = _joined(one.get("text") or (data.get("text/plain") if isinstance(data, dict) else ""))
            if said.strip():
                yield "Output:\n" + fenced(said[:_MOST_OUTPUT])


def _joined(source: Any) -> str:
    if isinstance(source, list):
        return "".join(one for one in source if isinstance(one, str))
    return source if isinstance(source, str) else ""
