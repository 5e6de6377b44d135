"""What is known of each document: one small synced JSON file a document, safe for several processes."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

from knowledge.errors import DocumentMissing
from knowledge.locking import ProcessLock
from knowledge.originals import clear_interrupted, make_folder, sync_folder, write_synced
from knowledge.passage import Document, is_id

#: What may be shown as a link: an http(s) address without spaces, signs that end an attribute, or control characters.
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\\x00-\x1f\x7f-\x9f]{1,2000}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]{5,15}(?:Z|[+-]\d\d:\d\d)?)?")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_FIELDS = {field.name for field in dataclasses.fields(Document)}
#: A folder changed less than this ago may change again without a new time stamp (seconds).
_SETTLED = 0.1


class Catalogue:
    """The documents of a folder by id. States on disk are waiting, embedding (its pages are kept), ready, failed."""

    def __init__(self, folder: Path, damaged: Callable[[str], None]) -> None:
        """`damaged` is told, in a sentence, of each file that cannot be read and was set aside."""
        self._folder = folder
        self._damaged = damaged
        make_folder(folder)
        self._lock = ProcessLock(folder / "lock")
        self._seen: dict[str, Document] = {}
        self._files: dict[str, tuple[tuple[int, int, int], Document]] = {}
        self._stamp = -1

    def all(self) -> dict[str, Document]:
        """Return every document by id, oldest first."""
        stamp = self._folder.stat().st_mtime_ns
        if stamp != self._stamp:
            self._seen = self._read_all()
            settled = time.time_ns() - stamp > _SETTLED * 1e9
            self._stamp = stamp if settled else -1
        return dict(self._seen)

    def get(self, document_id: str) -> Document:
        """Return one document. Raises DocumentMissing."""
        found = self._read(document_id) if is_id(document_id) else None
        if found is None:
            raise DocumentMissing(f"There is no document {document_id!r}. It may have been removed.")
        return found

    def put_new(self, document: Document) -> Document:
        """Keep a new document; return the one that is there already when its content is known."""
        with self._lock:
            known = self._read(document.id)
            if known is not None and known.state != "failed":
                return known
            # A file that failed once is tried again: its reader may be better now.
            self._write(document)
            return document

    def change(self, document_id: str, **values: object) -> Document | None:
        """Change fields of a document; None, and nothing is written, when it was removed meanwhile."""
        with self._lock:
            known = self._read(document_id)
            if known is None:
                return None
            changed = dataclasses.replace(known, **values)  # type: ignore[arg-type]
            if changed != known:
                self._write(changed)
            return changed

    def drop(self, document_id: str) -> None:
        """Forget a document; from here on it is removed, whatever happens to its files."""
        with self._lock:
            for path in (self._path(document_id), *self._folder.glob(f"{document_id}.*")):
                path.unlink(missing_ok=True)  # what was set aside of it too
            clear_interrupted(self._folder, f"{document_id}.json")  # nobody else writes it: the lock is ours
            sync_folder(self._folder)
            self._stamp = -1

    def set_aside(self, document_id: str) -> str | None:
        """Return what stood in an entry that was damaged and set aside, once; None when there is none."""
        for path in self._folder.glob(f"{document_id}.damaged-*"):
            text = path.read_bytes().decode("utf-8", "replace")
            path.replace(path.with_suffix(path.suffix.replace("damaged", "recovered")))
            return text
        return None

    def _path(self, document_id: str) -> Path:
        return self._folder / f"{document_id}.json"

    def _write(self, document: Document) -> None:
        body = json.dumps(dataclasses.asdict(document), ensure_ascii=False, indent=1)
        write_synced(self._path(document.id), body.encode("utf-8", "surrogatepass"))
        self._stamp = -1

    def _read_all(self) -> dict[str, Document]:
        """Read the entries that changed since the last time (a changed entry is a new file)."""
        found: dict[str, tuple[tuple[int, int, int], Document]] = {}
        with os.scandir(self._folder) as entries:
            for entry in entries:
                one, ending = os.path.splitext(entry.name)
                if ending != ".json" or not is_id(one):
                    continue
                try:
                    stat = entry.stat()
                except FileNotFoundError:
                    continue
                mark = (stat.st_mtime_ns, stat.st_ino, stat.st_size)
                kept = self._files.get(one)
                document = kept[1] if kept is not None and kept[0] == mark else self._read(one)
                if document is not None:
                    found[one] = (mark, document)
        self._files = found
        return {one.id: one for one in sorted((kept for _, kept in found.values()), key=lambda d: (d.added, d.id))}

    def _read(self, document_id: str) -> Document | None:
        path = self._path(document_id)
        try:
            values = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
            kept = {name: value for name, value in values.items() if name in _FIELDS}
            return Document(**{**kept, "sources": tuple((p, t, n) for p, t, n in kept.get("sources", ()))})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError) as error:
            aside = path.with_suffix(f".damaged-{time.time_ns()}")
            path.replace(aside)
            self._damaged(
                f"The entry of document {document_id} was damaged ({error}); it was set aside as {aside.name}."
            )
            return None


def clean_title(title: str) -> str:
    """Return a title that can be shown: one line, no hidden or turning characters, at most 200 characters."""
    return _HIDDEN.sub("", " ".join(title.split())).strip()[:200] or "Untitled"


def clean_kind(name: str) -> str:
    """Return the ending of a file's name, of letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", Path(name).suffix.lower())[:8] or "text"


def came_from(catalogue: Catalogue, document: Document, place: tuple[str, int, int]) -> Document:
    """Note that a document was read from a place, and return it; what came from there before is to go.

    An earlier document that lies at other places too stays for these.
    """
    replaces = document.replaces
    for one in catalogue.all().values():
        if one.id == document.id or not any(path == place[0] for path, _, _ in one.sources):
            continue
        others = tuple(kept for kept in one.sources if kept[0] != place[0])
        catalogue.change(one.id, sources=others)
        replaces = one.id if not others else replaces
    sources = (*(kept for kept in document.sources if kept[0] != place[0]), place)
    return catalogue.change(document.id, sources=sources, replaces=replaces) or document


def fetched_from(catalogue: Catalogue, document: Document, address: str, when: str, *, renew: bool) -> Document:
    """Note where and when a document was fetched, and return it; `renew`: an earlier one from there is to go."""
    address, when = clean_origin(address, when)
    earlier = [one.id for one in catalogue.all().values() if renew and address and one.address == address]
    replaces = next((one for one in reversed(earlier) if one != document.id), document.replaces)
    return catalogue.change(document.id, address=address, fetched_at=when, replaces=replaces) or document


def clean_origin(address: str, when: str) -> tuple[str, str]:
    """Return an address that may be shown as a link with its date; both empty where it is none."""
    if not _ADDRESS.fullmatch(address):
        return "", ""
    return address, when if _MOMENT.fullmatch(when) else ""
