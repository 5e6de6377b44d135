"""A full disk and a kill at a bad moment: said in a sentence, taken for no damage, nothing fails or stays for good."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.errors import DocumentRefused, NotKept, StoreDamaged
from knowledge.library import Library
from knowledge.locking import ProcessLock
from knowledge.originals import clear_interrupted, is_full, not_kept, write_synced
from knowledge.reading import read_in_child, read_limited, write_pages
from knowledge.store import Store
from lottery_chat.children import ChildResult

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
LANCE = OSError("LanceError(IO): Generic LocalFileSystem error: No space left on device (os error 28), src/commit.rs:1")


def read_here(
    target: str, request: Mapping[str, Any], *, seconds: float, memory: int, cancel: threading.Event | None = None
) -> ChildResult:
    return ChildResult(read_in_child(request), "", "")


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Library]]:
    libraries: list[Library] = []

    def open_one(run: Any = read_here) -> Library:
        libraries.append(Library(tmp_path / "knowledge", HashingEmbedder, run))
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


def a_file(folder: Path, name: str, text: str = "The copper kettle stands in the boathouse.") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def full(*values: Any, **named: Any) -> Any:
    raise FULL


def until(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize(
    ("error", "is_so"),
    [
        (FULL, True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (LANCE, True),
        (RuntimeError("lance error: IO: (os error 28)"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (RuntimeError("lance error: Not found: chunks.lance"), False),
        (ValueError("row 28 has no vector"), False),
    ],
)
def test_a_full_disk_is_told_from_other_faults_whichever_library_says_it(error: Exception, is_so: bool) -> None:
    assert is_full(error) is is_so
    said = str(not_kept(Path("/home/x/entry.json"), error))
    assert "'/home/x/entry.json'" in said and ("The disk is full" in said and "Free some space" in said) is is_so


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_synced(tmp_path / "entry.json", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotKept, match="The disk is full: .*entry.json.* Free some space"):
        write_synced(tmp_path / "entry.json", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"entry.json": b"old"}


def test_a_full_disk_is_no_damaged_index(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", 4)

    def put(error: Exception) -> Callable[[], object]:
        def write() -> object:
            raise error

        return write

    with pytest.raises(NotKept, match="The disk is full"):
        store._written(put(LANCE))
    with pytest.raises(StoreDamaged):
        store._written(put(RuntimeError("a data file is gone")))


def test_a_table_whose_making_was_cut_off_is_made_again_and_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "index" / "chunks.lance" / "data").mkdir(parents=True)
    (tmp_path / "index" / "chunks.lance" / "data" / "half.lance").write_bytes(b"half")
    store = Store(tmp_path / "index", 4)
    assert store.counts() == {} and store.search("kettle", np.full(4, 0.5, np.float32)) == ()


def test_a_text_that_cannot_be_written_leaves_no_half_and_is_read_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = a_file(tmp_path, "kettle.txt"), tmp_path / "out"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        job = {"path": str(file), "title": "kettle.txt", "out": str(out)}
        assert "The disk is full" in read_limited(read_here, [job])[0]["later"]
        assert not out.exists()
        patched.setattr(Path, "write_bytes", lambda self, data: (_ for _ in ()).throw(PermissionError(13, "no")))
        with pytest.raises(PermissionError):  # not a full disk: not tried again for ever
            write_pages(out, ())


def dying(sentence: str) -> Any:
    def run(target: str, request: Mapping[str, Any], **limits: Any) -> ChildResult:
        return ChildResult(None, "error", sentence)

    return run


def test_a_reader_that_ends_for_want_of_room_refuses_no_document(tmp_path: Path) -> None:
    job = {"path": str(a_file(tmp_path, "kettle.txt")), "title": "kettle.txt", "out": str(tmp_path / "out")}
    assert "later" in read_limited(dying("OSError: [Errno 28] No space left on device"), [job])[0]
    assert "refused" in read_limited(dying("ValueError: no such table"), [job])[0]


def test_what_waits_for_room_is_said_and_goes_on_by_itself(opened: Callable[..., Library], tmp_path: Path) -> None:
    room = threading.Event()

    def run(target: str, request: Mapping[str, Any], **limits: Any) -> ChildResult:
        if room.is_set():
            return read_here(target, request, seconds=1, memory=1)
        return ChildResult(
            {"results": [{"later": "The disk is full. Free some space."} for _ in request["jobs"]]}, "", ""
        )

    library = opened(run)
    first = library.add(a_file(tmp_path, "kettle.txt"))
    assert until(lambda: library.problem() == "The disk is full. Free some space.")
    assert library.document(first.id).state == "waiting"
    room.set()
    second = library.add(a_file(tmp_path, "lamp.txt", "The lamp is lit at dusk."))
    assert [library.wait(one.id, 30).state for one in (first, second)] == ["ready", "ready"]
    assert until(lambda: library.problem() == "")


def test_an_entry_that_cannot_be_written_is_said_in_a_sentence_to_whoever_adds(
    opened: Callable[..., Library], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened()
    file = a_file(tmp_path, "kettle.txt")
    with monkeypatch.context() as patched:
        patched.setattr("knowledge.originals.os.fsync", full)
        with pytest.raises((NotKept, DocumentRefused), match="No space left|disk is full"):
            library.add(file)
    assert library.documents() == ()
    assert library.wait(library.add(file).id, 30).state == "ready"


def test_a_document_that_comes_in_again_while_its_removal_is_not_ended_stays(
    opened: Callable[..., Library], tmp_path: Path
) -> None:
    """Another program keeps the index busy, so the removal's intent is still there when the file is added again."""
    library = opened()
    file = a_file(tmp_path, "kettle.txt")
    document = library.wait(library.add(file).id, 30)
    library.close()
    again = opened()
    other = ProcessLock(tmp_path / "knowledge/writing.lock")
    with other:
        (tmp_path / "knowledge/removing").mkdir(exist_ok=True)
        (tmp_path / "knowledge/removing" / document.sha256).touch()
        assert again.add(file).id == document.id
        assert list((tmp_path / "knowledge/removing").iterdir()) == []
    assert again.wait(document.id, 30).state == "ready"
    again.resume()
    assert again.check() == () and [one.id for one in again.documents()] == [document.id]
    assert again.search("copper kettle")[0].passage.document_id == document.id


def test_a_removal_on_a_full_disk_is_ended_when_there_is_room(
    opened: Callable[..., Library], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened()
    document = library.wait(library.add(a_file(tmp_path, "kettle.txt")).id, 30)
    with monkeypatch.context() as patched:
        patched.setattr(Store, "remove", lambda self, ids: (_ for _ in ()).throw(not_kept(tmp_path, FULL)))
        library.remove(document.id)
        assert library.documents() == () and library.search("kettle") == ()
        assert (tmp_path / "knowledge/removing" / document.sha256).exists()
        assert until(lambda: "The disk is full" in library.problem())
    library.add(a_file(tmp_path, "lamp.txt", "The lamp is lit at dusk."))
    assert until(lambda: not (tmp_path / "knowledge/removing" / document.sha256).exists())


def test_what_a_kill_left_of_a_removed_document_goes_at_the_next_start(
    opened: Callable[..., Library], tmp_path: Path
) -> None:
    library = opened()
    document = library.wait(library.add(a_file(tmp_path, "kettle.txt")).id, 30)
    stays = library.wait(library.add(a_file(tmp_path, "lamp.txt", "The lamp is lit at dusk.")).id, 30)
    half = tmp_path / "knowledge/documents" / f".{document.id}.json.0123abcd"
    half.write_text('{"title": "kettle.txt"')
    library.remove(document.id)
    assert not half.exists()
    library.close()
    text = tmp_path / "knowledge/pages" / f"{document.id}.json.gz"
    write_pages(text, ())  # a reader that was killed right after its document was removed
    again = opened()
    again.resume()
    assert not text.exists() and (tmp_path / "knowledge/pages" / f"{stays.id}.json.gz").exists()
    assert again.check() == ()


def test_only_what_was_left_of_writing_is_cleared(tmp_path: Path) -> None:
    names = (".a.json.0123abcd", "a.json", ".a.json.0123abcde", ".b.json.0123abcd", ".a.json.xyz12345")
    for name in names:
        (tmp_path / name).touch()
    clear_interrupted(tmp_path, "a.json", older_than=time.time() - 60)
    assert len(list(tmp_path.iterdir())) == 5  # one that is just being written stays
    clear_interrupted(tmp_path, "a.json")
    assert {path.name for path in tmp_path.iterdir()} == set(names) - {".a.json.0123abcd"}


def test_a_lock_that_cannot_be_made_is_said_and_is_free_for_the_next(tmp_path: Path) -> None:
    lock = ProcessLock(tmp_path / "no/such/folder/lock", seconds=1.0)
    for _ in range(2):  # a thread that failed holds nothing
        with pytest.raises(NotKept, match="cannot be used"), lock:
            pass


def test_a_check_while_documents_are_taken_in_says_so_and_ends(
    opened: Callable[..., Library], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened()
    library.wait(library.add(a_file(tmp_path, "kettle.txt")).id, 30)
    monkeypatch.setattr(library._writing, "_seconds", 0.2)
    with ProcessLock(tmp_path / "knowledge/writing.lock"):
        assert library.check() == ("Documents are being taken in: the index is compared when that is done.",)
    assert until(lambda: library.check() == ())
