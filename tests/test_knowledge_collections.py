"""knowledge.library: collections, files of one conversation, versions, removal without a trace, export and import."""

from __future__ import annotations

import json
import shutil
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.library import Library
from knowledge.passage import Document
from knowledge.reading import read_in_child
from knowledge.scope import Scope
from lottery_chat.children import ChildResult


def run_here(
    target: str, request: Mapping[str, Any], *, seconds: float, memory: int, cancel: threading.Event | None = None
) -> ChildResult:
    """The reader in this process: for files that do no harm."""
    return ChildResult(read_in_child(request), "", "")


@pytest.fixture
def opened(home: Path) -> Iterator[Callable[..., Library]]:
    libraries: list[Library] = []

    def open_one(name: str = "knowledge") -> Library:
        libraries.append(Library(home / name, HashingEmbedder, run_here))
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


def a_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def added(library: Library, path: Path, **options: Any) -> Document:
    return library.wait(library.add(path, **options).id, 60)


def until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        threading.Event().wait(0.05)
    return True


def titles(library: Library | Scope, query: str) -> set[str]:
    return {hit.passage.title for hit in library.search(query)}


def test_collections_group_documents_and_lose_none(opened: Callable[..., Library], tmp_path: Path) -> None:
    library = opened()
    ids = [library.add(a_file(tmp_path, f"{n}.txt", f"Kettle number {n}.")).id for n in range(3)]
    groups = library.collections
    made = groups.make("  Contracts ")
    groups.put(made.id, ids[:2])
    assert [(one.name, one.documents) for one in groups.listed(ids)] == [
        ("Documents", (ids[2],)), ("Contracts", tuple(ids[:2])),
    ]  # fmt: skip
    for taken in ("contracts", "documents", " \u200b"):
        with pytest.raises(DocumentRefused):
            groups.make(taken)
    assert groups.find("CONTRACTS").id == made.id and groups.rename(made.id, "Law").name == "Law"
    groups.drop(made.id)
    assert [one.documents for one in groups.listed(ids)] == [tuple(ids)]
    with pytest.raises(DocumentMissing):
        groups.put("x", ids)


def test_a_file_of_a_conversation_is_found_there_only_and_goes_with_it(
    opened: Callable[..., Library], tmp_path: Path
) -> None:
    library = opened()
    added(library, a_file(tmp_path, "all.txt", "The kettle of everybody."))
    own = added(library, a_file(tmp_path, "own.txt", "The kettle of one conversation."), conversation="c1")
    both = added(library, a_file(tmp_path, "both.txt", "The kettle of two."), conversation="c1")
    added(library, a_file(tmp_path, "both.txt", "The kettle of two."))
    assert titles(library, "kettle") == {"all.txt", "both.txt"}
    assert titles(Scope(library, lambda: library.collections.of_conversation("c1")), "kettle") == {
        "own.txt",
        "both.txt",
    }
    library.leave("c1")
    assert {one.title for one in library.documents()} == {"all.txt", "both.txt"}
    assert not library.collections.read().attached
    with pytest.raises(DocumentMissing):
        library.document(own.id)
    assert library.document(both.id).state == "ready"


def test_a_new_version_takes_the_place_of_the_old_one_when_it_is_ready(
    opened: Callable[..., Library], tmp_path: Path
) -> None:
    library = opened()
    old = added(library, a_file(tmp_path, "price.txt", "The kettle costs 4471 crowns."))
    group = library.collections.make("Prices")
    library.collections.put(group.id, [old.id])
    library.pace.pause()
    new = library.replace(old.id, a_file(tmp_path, "other.txt", "The kettle costs 5000 crowns."))
    assert (new.title, new.replaces) == ("price.txt", old.id)
    assert "4471" in library.search("kettle crowns")[0].passage.text  # the old one answers until then
    library.pace.go_on()
    assert until(lambda: [one.id for one in library.documents()] == [new.id])
    assert "5000" in library.search("kettle crowns")[0].passage.text
    assert library.collections.read().collections[0].documents == (new.id,)
    assert library.collections.read().successors == {old.id: new.id}
    bad = library.replace(new.id, a_file(tmp_path, "bad.pdf", ""))
    assert library.wait(bad.id, 60).state == "failed" and library.document(new.id).state == "ready"


def test_of_a_place_only_what_changed_is_taken_in_again(opened: Callable[..., Library], tmp_path: Path) -> None:
    library = opened()
    one, copy = a_file(tmp_path, "a.txt", "The kettle is blue."), a_file(tmp_path, "copy.txt", "The kettle is blue.")
    first = added(library, one, source=one)
    assert library.unchanged(one) == first and library.unchanged(copy) is None
    added(library, copy, source=copy)
    a_file(tmp_path, "a.txt", "The kettle is bright red.")
    assert library.unchanged(one) is None
    added(library, one, source=one)
    assert len(library.documents()) == 2  # the copy still has the old content
    a_file(tmp_path, "copy.txt", "The kettle is bright red.")
    added(library, copy, source=copy)
    assert until(lambda: len(library.documents()) == 1)


CANARY = "Zanzibarquokka"


def read(file: Path) -> bytes:
    """What a file holds; one that its writer takes away while it is looked for holds nothing."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def holding(folder: Path, word: str) -> list[str]:
    wanted = (word.encode(), word.lower().encode())
    return [p.name for p in folder.rglob("*") if p.is_file() and any(one in read(p) for one in wanted)]


def test_after_removal_no_file_holds_a_word_of_the_document(
    opened: Callable[..., Library], tmp_path: Path, home: Path
) -> None:
    library = opened()
    for number in range(12):
        library.add(a_file(tmp_path, f"{number}.txt", f"Kettle number {number} is here. " * 40))
    canary = added(library, a_file(tmp_path, "canary.txt", f"The {CANARY} sleeps in the boathouse."))
    assert until(lambda: all(one.state == "ready" for one in library.documents()))
    library.search(CANARY)
    assert holding(home, CANARY)
    library.remove(canary.id)
    assert holding(home, CANARY) == [] and holding(home, "canary.txt") == []
    assert len(library.search("kettle", limit=50)) >= 12


def test_a_removal_that_was_cut_off_is_ended_at_the_next_start(
    opened: Callable[..., Library], tmp_path: Path, home: Path
) -> None:
    library = opened()
    document = added(library, a_file(tmp_path, "canary.txt", f"The {CANARY} sleeps."))
    library.close()
    (home / "knowledge/removing").mkdir()
    (home / "knowledge/removing" / document.sha256).touch()  # all that a kill right after the intent leaves
    again = opened()
    again.resume()
    assert until(lambda: holding(home, CANARY) == []) and again.documents() == ()
    assert added(again, tmp_path / "canary.txt").state == "ready"


def test_a_knowledge_base_travels_in_one_file(opened: Callable[..., Library], tmp_path: Path) -> None:
    library = opened()
    ids = [added(library, a_file(tmp_path, f"{n}.txt", f"Kettle number {n}.")).id for n in range(3)]
    group = library.collections.make("Blue")
    library.collections.put(group.id, ids[:1])
    added(library, a_file(tmp_path, "own.txt", "A private kettle."), conversation="c1")
    file = tmp_path / "all.zip"
    assert [one.id for one in library.export(file)] == ids
    other = opened("other")
    steps = other.take_in(file)
    next(steps)
    steps.close()  # type: ignore[attr-defined]  # cut off after the first
    assert [one.state for one in other.take_in(file)] == ["there already", "new", "new"]
    assert all(other.wait(one, 60).state == "ready" for one in ids)
    assert [(one.name, one.documents) for one in other.collections.read().collections] == [("Blue", (ids[0],))]
    assert titles(other, "kettle") == {"0.txt", "1.txt", "2.txt"}


def hostile(folder: Path, entries: Mapping[str, bytes], documents: object) -> Path:
    path = folder / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("knowledge.json", json.dumps({"form": 1, "documents": documents, "collections": []}))
        for name, body in entries.items():
            archive.writestr(name, body)
    return path


@pytest.mark.parametrize(
    ("entries", "documents"),
    [
        ({"originals/" + "0" * 64: b"other content"}, [{"sha256": "0" * 64, "title": "a", "size": 1}]),
        ({"../../evil": b"x"}, [{"sha256": "../../evil", "title": "a"}]),
        ({"originals/" + "1" * 64: bytes(300 * 2**20)}, [{"sha256": "1" * 64, "title": "bomb", "size": 1}]),
        ({}, [{"sha256": "2" * 64, "title": "missing"}]),
    ],
)
def test_a_hostile_archive_leaves_nothing(
    opened: Callable[..., Library], tmp_path: Path, home: Path, entries: Mapping[str, bytes], documents: object
) -> None:
    library = opened()
    path = hostile(tmp_path, entries, documents)
    assert [one.state for one in library.take_in(path)] == ["refused"]
    assert library.documents() == () and not list((home / "knowledge").rglob("evil"))
    assert not [one for one in (home / "knowledge/originals").rglob("*") if one.is_file()]


@pytest.mark.parametrize("body", [b"", b"PK\x05\x06 no zip", b"x" * 1000])
def test_what_is_no_archive_is_refused_with_a_sentence(
    opened: Callable[..., Library], tmp_path: Path, body: bytes
) -> None:
    path = tmp_path / "no.zip"
    path.write_bytes(body)
    with pytest.raises(DocumentRefused, match="no exported knowledge base"):
        list(opened().take_in(path))


def test_the_work_rests_while_paused_and_says_what_is_left(opened: Callable[..., Library], tmp_path: Path) -> None:
    library = opened()
    library.pace.pause()
    document = library.add(a_file(tmp_path, "a.txt", "The kettle."))
    assert library.wait(document.id, 0.5).state == "waiting" and library.pace.work().paused
    assert opened().pace.paused()  # every process, and after a restart
    library.pace.go_on()
    assert library.wait(document.id, 60).state == "ready"
    assert library.pace.work().waiting == 0 and library.pace.work().seconds_left == 0.0


def test_check_finds_and_mends_what_is_damaged(opened: Callable[..., Library], tmp_path: Path, home: Path) -> None:
    library = opened()
    path = a_file(tmp_path, "a.txt", "The copper kettle.")
    document = added(library, path)
    assert library.check() == ()
    (home / "knowledge/pages" / f"{document.id}.json.gz").write_bytes(b"junk")
    assert "read again" in library.check()[0]
    assert library.wait(document.id, 60).state == "ready" and library.check() == ()
    kept = next((home / "knowledge/originals").rglob(document.sha256))
    kept.write_bytes(b"x")
    assert "Add it again" in library.check()[0] and titles(library, "kettle") == {"a.txt"}
    added(library, path)
    assert library.check() == ()
    shutil.rmtree(home / "knowledge/pages")
