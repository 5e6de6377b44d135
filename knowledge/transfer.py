"""A knowledge base as one file: a zip of the originals with their titles and collections; no texts, no vectors.

What is taken in is checked by its hash, name by name: the archive chooses no path, no size and no id.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import secrets
import shutil
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from knowledge.catalogue import Catalogue, clean_kind, clean_origin, clean_title
from knowledge.collections import Collections
from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.originals import Originals, clear_interrupted, make_folder, sync_folder
from knowledge.passage import Document, is_id

_FORM = 1
#: What an export that was killed left beside this one is deleted when it is so old (seconds): a younger may be at work.
_LEFT_BEHIND = 3600.0
_LIST = "knowledge.json"
_LIST_LIMIT, _MOST = 64 * 2**20, 200_000
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one document; `done` of `total`."""

    title: str
    state: Literal["new", "there already", "refused"]
    done: int
    total: int
    problem: str = ""


def export_to(path: Path, catalogue: Catalogue, originals: Originals, groups: Collections) -> Iterator[Document]:
    """Write every document that is not of a conversation alone; yield each. The file is there whole or not at all.

    Raises:
        DocumentRefused: it cannot be written, or an original is damaged.
    """
    private = groups.read().only_attached()
    documents = [one for one in catalogue.all().values() if one.id not in private]
    clear_interrupted(path.parent, glob.escape(path.name), time.time() - _LEFT_BEHIND)
    coming = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with coming.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
                archive.writestr(_LIST, json.dumps(_listed(documents, groups), ensure_ascii=False, indent=1))
                for one in documents:
                    if not originals.is_whole(one.sha256):
                        raise DocumentRefused(f"The kept file of {one.title!r} is damaged: add it again, or remove it.")
                    archive.write(originals.path(one.sha256), f"originals/{one.sha256}")
                    yield one
            file.flush()
            os.fsync(file.fileno())
        coming.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise DocumentRefused(
            f"{str(path)!r} could not be written: {error.strerror or error}. Free some space or choose another place, "
            "then export again."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            coming.unlink(missing_ok=True)


def _listed(documents: list[Document], groups: Collections) -> dict[str, Any]:
    kept = {one.id for one in documents}
    return {
        "form": _FORM,
        "documents": [
            {
                "sha256": one.sha256,
                "title": one.title,
                "kind": one.kind,
                "size": one.size,
                "added": one.added,
                "address": one.address,
                "fetched_at": one.fetched_at,
            }
            for one in documents
        ],
        "collections": [
            {"name": one.name, "documents": [d for d in one.documents if d in kept]}
            for one in groups.read().collections
        ],
    }


def import_from(
    path: Path, catalogue: Catalogue, originals: Originals, groups: Collections, size_limit: int
) -> Iterator[Imported]:
    """Keep every document of an exported file; yield what became of each. Stopped anywhere, again goes on.

    Raises:
        DocumentRefused: it is no such file, or the disk is full; what was kept stays.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            listed = _read_list(archive, path)
            entries = [entry for entry in listed["documents"] if isinstance(entry, dict)]
            _room(path, originals, entries)
            for number, entry in enumerate(entries, 1):
                yield _take(archive, entry, catalogue, originals, groups, size_limit, number, len(entries))
            _group(listed.get("collections"), catalogue, groups)
    except FileNotFoundError as error:
        raise DocumentRefused(f"There is no file {str(path)!r}. Check the path.") from error
    except OSError as error:
        raise DocumentRefused(
            f"{str(path)!r} could not be taken in: {error.strerror or error}. Free space, then do it again: it goes on."
        ) from error
    except _BROKEN as error:
        raise DocumentRefused(f"{str(path)!r} is no exported knowledge base, or damaged ({error}).") from error


def _read_list(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    with archive.open(_LIST) as file:
        body = file.read(_LIST_LIMIT + 1)
    listed = json.loads(body) if len(body) <= _LIST_LIMIT else None
    if not isinstance(listed, dict) or not isinstance(listed.get("documents"), list):
        raise DocumentRefused(f"{str(path)!r} is no exported knowledge base: its list of documents cannot be read.")
    if listed.get("form") != _FORM or len(listed["documents"]) > _MOST:
        raise DocumentRefused(f"{str(path)!r} was written by another version, or has too many documents.")
    return listed


def _room(path: Path, originals: Originals, entries: list[dict[str, Any]]) -> None:
    needed = sum(size for entry in entries if isinstance(size := entry.get("size"), int) and size > 0)
    make_folder(originals.folder)
    free = shutil.disk_usage(originals.folder).free
    if needed > free:
        raise DocumentRefused(
            f"{str(path)!r} needs {needed / 2**20:,.1f} MB, {free / 2**20:,.1f} MB are free. Free some space, then take "
            "it in again."
        )


def _take(
    archive: zipfile.ZipFile,
    entry: Mapping[str, Any],
    catalogue: Catalogue,
    originals: Originals,
    groups: Collections,
    size_limit: int,
    number: int,
    total: int,
) -> Imported:
    title = clean_title(str(entry.get("title", "")))
    sha256 = str(entry.get("sha256", ""))
    if len(sha256) != 64 or not is_id(sha256[:32]) or not is_id(sha256[32:]):
        return Imported(title, "refused", number, total, f"{title!r} has no proper hash.")
    if sha256[:32] in catalogue.all() and originals.size(sha256) >= 0:
        groups.share(sha256[:32])
        return Imported(title, "there already", number, total)
    try:
        with archive.open(f"originals/{sha256}") as reader:
            _, size = originals.keep_stream(reader, title, size_limit, sha256)
    except DocumentRefused as error:
        return Imported(title, "refused", number, total, str(error))
    except _BROKEN as error:
        return Imported(title, "refused", number, total, f"{title!r} cannot be unpacked ({error}).")
    kind = clean_kind(f"file.{entry.get('kind', '')}")
    address, fetched_at = clean_origin(str(entry.get("address", "")), str(entry.get("fetched_at", "")))
    added = str(entry.get("added", ""))[:40]
    catalogue.put_new(
        Document(sha256[:32], title, kind, size, sha256, added, "waiting", address=address, fetched_at=fetched_at)
    )
    return Imported(title, "new", number, total)


def _group(collections: object, catalogue: Catalogue, groups: Collections) -> None:
    """Put documents into collections of the same names, making those that are missing."""
    known = catalogue.all()
    for one in collections if isinstance(collections, list) else ():
        if not isinstance(one, dict) or not isinstance(one.get("documents"), list):
            continue
        try:
            there = groups.find(str(one.get("name", "")))
        except DocumentMissing:
            try:
                there = groups.make(str(one.get("name", "")))
            except DocumentRefused:  # a name that cannot be shown
                continue
        groups.put(there.id, [d for d in one["documents"] if isinstance(d, str) and d in known])
