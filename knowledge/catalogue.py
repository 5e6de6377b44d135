"""What is known of each document: one small synced JSON file a document, safe for several processes."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable
from pathlib import Path

from knowledge.errors import DocumentMissing
from knowledge.locking import ProcessLock
from knowledge.originals import make_folder, sync_folder, write_synced
from knowledge.passage import Document, is_id

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
            self._path(document_id).unlink(missing_ok=True)
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
        ids = [path.stem for path in self._folder.glob("*.json") if is_id(path.stem)]
        found = [document for one in ids if (document := self._read(one)) is not None]
        return {document.id: document for document in sorted(found, key=lambda d: (d.added, d.id))}

    def _read(self, document_id: str) -> Document | None:
        path = self._path(document_id)
        try:
            values = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
            return Document(**{name: value for name, value in values.items() if name in _FIELDS})
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, AttributeError) as error:
            aside = path.with_suffix(f".damaged-{time.time_ns()}")
            path.replace(aside)
            self._damaged(
                f"The entry of document {document_id} was damaged ({error}); it was set aside as {aside.name}."
            )
            return None
