"""Compares what is kept with what is known, and mends it: the originals are the truth."""

from __future__ import annotations

import re
import time
from datetime import datetime, timezone
from pathlib import Path

from knowledge.catalogue import Catalogue, clean_kind
from knowledge.errors import DocumentMissing
from knowledge.ingest import forget_files
from knowledge.originals import Originals, clear_interrupted
from knowledge.passage import Document, is_id
from knowledge.reading import load_pages

#: A file without an entry is dropped after this long (seconds): a younger one may be just arriving.
_ORPHAN_AGE = 3600.0


def recover(catalogue: Catalogue, originals: Originals, pages: Path) -> None:
    """Drop files nobody knows; give a document whose entry was damaged a new one."""
    old = time.time() - _ORPHAN_AGE
    known = catalogue.all()
    originals.clear_unfinished(old)
    for folder in (pages.parent, pages.parent / "documents", pages.parent / "removing", pages.parent / "index"):
        clear_interrupted(folder, "*", old)
    for path in originals.all():
        document_id = path.name[:32]
        if document_id in known:
            continue
        damaged = catalogue.set_aside(document_id)
        if damaged is not None:
            found = re.search(r'"title": "([^"\\]{1,200})"', damaged)
            title = found.group(1) if found else f"Recovered document {document_id[:8]}"
            added = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            catalogue.put_new(
                Document(document_id, title, clean_kind(title), path.stat().st_size, path.name, added, "waiting")
            )
        elif path.stat().st_mtime < old:
            originals.drop(path.name)
            forget_files(pages, document_id)
    # A reader that was killed right after its document was removed leaves a text that belongs to nobody.
    there = [path.name[:32] for path in pages.iterdir() if is_id(path.name[:32])]
    known = catalogue.all()  # after the files: what is being read now is known
    for document_id in there:
        if document_id not in known:
            forget_files(pages, document_id)


def check(catalogue: Catalogue, originals: Originals, pages: Path, *, deep: bool) -> list[str]:
    """Compare entries with originals (by hash when `deep`, else by size) and with the kept texts.

    A text that is damaged is read again from its original. A damaged original is set aside; its text still answers.

    Returns:
        a sentence for each thing that was found.
    """
    found = []
    for one in catalogue.all().values():
        whole = originals.is_whole(one.sha256) if deep else originals.size(one.sha256) == one.size
        if not whole:
            if one.id not in catalogue.all():
                continue  # removed by another program while we looked
            originals.set_aside(one.sha256)
            found.append(f"The kept file of {one.title!r} is damaged or missing. Add it again; its text still answers.")
        if one.state in ("ready", "embedding") and not _has_text(pages / f"{one.id}.json.gz", deep=deep):
            catalogue.change(one.id, state="waiting" if whole else "failed", problem="" if whole else found[-1])
            if whole:
                found.append(f"The text of {one.title!r} was damaged or missing; it is read again.")
    return found


def _has_text(path: Path, *, deep: bool) -> bool:
    if not deep:
        return path.is_file() and path.stat().st_size > 0
    try:
        load_pages(path)
    except DocumentMissing:
        return False
    return True
