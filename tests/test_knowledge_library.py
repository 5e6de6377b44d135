"""knowledge.library and its index: nothing that was kept is lost, nothing foreign gets into a filter."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.catalogue import clean_title
from knowledge.embedding import Embedder, HashingEmbedder
from knowledge.errors import DocumentMissing, DocumentRefused, StoreBusy, StoreDamaged
from knowledge.library import Library
from knowledge.locking import ProcessLock
from knowledge.passage import Document
from knowledge.passing import PassingLibrary
from knowledge.reading import read_in_child
from knowledge.store import Store
from knowledge.store_search import only_documents
from lottery_chat.children import ChildResult, run_limited

ROOT = Path(__file__).resolve().parent.parent


def run_here(
    target: str, request: Mapping[str, Any], *, seconds: float, memory: int, cancel: threading.Event | None = None
) -> ChildResult:
    """The reader in this process: for files that do no harm."""
    assert target == "knowledge.reading:read_in_child"
    return ChildResult(read_in_child(request), "", "")


Opener = Callable[..., Library]


@pytest.fixture
def opened(home: Path) -> Iterator[Opener]:
    libraries: list[Library] = []

    def open_one(embedder: Callable[[], Embedder] = HashingEmbedder, **options: Any) -> Library:
        libraries.append(Library(home / "knowledge", embedder, run_here, **options))
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


def a_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def added(library: Library, path: Path, title: str | None = None) -> Document:
    return library.wait(library.add(path, title).id, 30)


KETTLE = "The copper kettle stands in the boathouse.\n\nIts price was 4471 crowns in the year of the flood."


def test_a_file_is_kept_read_found_shown_and_removed_whole(opened: Opener, tmp_path: Path, home: Path) -> None:
    library = opened()
    assert library.search("kettle") == () and library.documents() == ()
    empty = library.version()
    document = added(library, a_file(tmp_path, "kettle.txt", KETTLE))
    assert (document.state, document.page_count, document.chunk_count, document.progress) == ("ready", 1, 1, 1.0)
    other = added(library, a_file(tmp_path, "other.txt", "Budget meetings are on Friday."))
    hits = library.search("Where is the copper kettle?")
    assert hits[0].passage.document_id == document.id and hits[0].passage.title == "kettle.txt"
    assert hits[0].score == pytest.approx(1.0) and 0 < hits[0].vector <= 1 and 0 < hits[0].text < 1  # type: ignore[operator]
    assert [hit.passage.document_id for hit in library.search("kettle", document_ids=[other.id])] == [other.id]
    assert library.search("kettle", document_ids=[]) == ()
    start, end = library.locate(document.id, None, "boathouse.  Its price")
    assert library.page(document.id, None).text[start:end] == "boathouse.\n\nIts price"
    assert library.contains(document.id, None, "the FLOOD") and not library.contains(document.id, None, "the fire")
    assert library.chunks(document.id)[0].text == KETTLE
    sentence = library.sentences("What was the price?", hits, 2)[-1]
    assert sentence.text.startswith("Its price") and sentence.document_id == document.id
    full = library.version()
    library.remove(document.id)
    assert library.version() not in (full, empty)
    assert all(hit.passage.document_id == other.id for hit in library.search("copper kettle"))
    left = [path for path in (home / "knowledge").rglob("*") if document.id in path.name]
    assert left == []
    with pytest.raises(DocumentMissing, match="no document"):
        library.remove(document.id)


def test_the_same_content_twice_is_one_document(opened: Opener, tmp_path: Path) -> None:
    library = opened()
    first = added(library, a_file(tmp_path, "a.txt", KETTLE))
    second = added(library, a_file(tmp_path, "b.txt", KETTLE))
    assert first == second and len(library.documents()) == 1 and first.title == "a.txt"


def test_a_refused_file_says_why_and_costs_the_others_nothing(opened: Opener, tmp_path: Path) -> None:
    library = opened(size_limit=1000)
    bad = added(library, a_file(tmp_path, "bad.pdf", "%PDF-1.4 broken"))
    good = added(library, a_file(tmp_path, "good.txt", KETTLE))
    assert (bad.state, good.state) == ("failed", "ready") and "'bad.pdf' is damaged" in bad.problem
    with pytest.raises(DocumentRefused, match="at most 0 MB are taken"):
        library.add(a_file(tmp_path, "big.txt", "x" * 1001))
    with pytest.raises(DocumentRefused, match="There is no file"):
        library.add(tmp_path / "nothing.txt")
    assert len(library.documents()) == 2


HOSTILE_NAMES = [
    "a'; DROP TABLE chunks;--.txt", "x' OR 1=1 --.txt", "<img src=x onerror=alert(1)>.txt", "-rf", "CON.txt",
    "\u202etxt.exe", "new\nline.txt", "back\\slash.txt", "%2e%2e%2f.txt", "名前 (1).txt", "a" * 250, "$(id).txt",
]  # fmt: skip


def test_hostile_file_names_become_titles_and_never_paths_or_filters(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    library = opened()
    for number, name in enumerate(HOSTILE_NAMES):
        added(library, a_file(tmp_path, name, f"Document number {number} speaks of kettles."))
    documents = library.documents()
    assert [document.state for document in documents] == ["ready"] * len(HOSTILE_NAMES)
    assert all(document.title.isprintable() and len(document.title) <= 200 for document in documents)
    names = {path.name for path in (home / "knowledge").rglob("*")}
    assert not names & {name.strip() for name in HOSTILE_NAMES}
    assert len(library.search("kettles", limit=50)) == len(HOSTILE_NAMES)
    assert clean_title(" \u200b ") == "Untitled"


INJECTIONS = [
    "' OR 1=1 --",
    "x') OR ('1'='1",
    "",
    "*",
    "0" * 31,
    "0" * 33,
    "A" * 32,
    "g" * 32,
    "0" * 31 + "'",
    "0" * 32 + "\n",
]


@pytest.mark.parametrize("wanted", INJECTIONS)
def test_nothing_but_our_own_ids_gets_into_a_filter(opened: Opener, tmp_path: Path, wanted: str) -> None:
    with pytest.raises(DocumentMissing):
        only_documents([wanted])
    library = opened()
    document = added(library, a_file(tmp_path, "a.txt", KETTLE))
    for call in (
        lambda: library.search("kettle", document_ids=[wanted]),
        lambda: library.remove(wanted),
        lambda: library.chunks(wanted),
        lambda: library.pages(wanted),
        lambda: library.document(wanted),
    ):
        with pytest.raises(DocumentMissing):
            call()
    assert library.search("kettle")[0].passage.document_id == document.id
    assert only_documents(["0" * 32]) == f"document_id IN ('{'0' * 32}')"  # the control: ours do get in


def test_without_the_check_an_injected_filter_would_delete_everything(tmp_path: Path) -> None:
    store = Store(tmp_path / "index", 64)
    embedder = HashingEmbedder()
    passing = PassingLibrary(lambda: embedder)
    found = passing.chunks(passing.add_text("a", KETTLE).id)
    store.put(found, embedder.encode([passage.text for passage in found]))
    with pytest.raises(DocumentMissing):
        store.remove(["x') OR ('1'='1"])
    assert sum(store.counts().values()) == 1
    store._table.delete("document_id IN ('x') OR ('1'='1')")
    assert store.counts() == {}


@pytest.mark.parametrize(
    "query", ["", "   ", "AND (", '"kettle', "kettle OR", "*", "a'b\\", "x:y^2~", "🙂", "\x00", "kettle " * 3000]
)
def test_no_query_breaks_the_search(opened: Opener, tmp_path: Path, query: str) -> None:
    library = opened()
    added(library, a_file(tmp_path, "a.txt", KETTLE))
    words = any(char.isalnum() for char in query)
    assert len(library.search(query)) == (1 if words else 0)


def test_a_deleted_index_is_built_again_by_itself(opened: Opener, tmp_path: Path, home: Path) -> None:
    library = opened()
    document = added(library, a_file(tmp_path, "a.txt", KETTLE))
    library.close()
    shutil.rmtree(home / "knowledge" / "index")
    again = opened()
    again.resume()
    assert wait_for(lambda: bool(again.search("kettle"))) and again.document(document.id) == document


def damage(path: Path, dice: random.Random) -> None:
    size = path.stat().st_size
    path.write_bytes(b"" if dice.random() < 0.5 else bytes(size))


@pytest.mark.parametrize("seed", range(6))
def test_a_torn_index_is_set_aside_said_and_built_again(opened: Opener, tmp_path: Path, home: Path, seed: int) -> None:
    dice = random.Random(seed)
    library = opened()
    document = added(library, a_file(tmp_path, "a.txt", KETTLE))
    library.close()
    kinds = ["*.manifest", "*.lance"]
    torn = [path for path in (home / "knowledge/index").rglob(kinds[seed % 2]) if path.is_file()]
    assert torn
    for path in torn:
        damage(path, dice)
    again = opened()
    again.resume()
    assert wait_for(lambda: found(again, "kettle")), again.notices()
    assert again.document(document.id).state == "ready"
    assert any("set aside" in notice for notice in again.notices())


def found(library: Library, query: str) -> bool:
    try:
        return bool(library.search(query))
    except StoreDamaged:
        return False


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        threading.Event().wait(0.05)
    return True


def test_a_damaged_entry_is_set_aside_and_its_document_comes_back(opened: Opener, tmp_path: Path, home: Path) -> None:
    library = opened()
    document = added(library, a_file(tmp_path, "a.txt", KETTLE))
    library.close()
    entry = home / "knowledge" / "documents" / f"{document.id}.json"
    entry.write_bytes(entry.read_bytes()[:-40])
    again = opened()
    again.resume()
    back = again.wait(document.id, 20)
    assert (back.state, back.title) == ("ready", "a.txt") and "damaged" in again.notices()[0]
    assert again.search("kettle")[0].passage.document_id == document.id


def test_damaged_page_texts_are_read_again_from_the_original(opened: Opener, tmp_path: Path, home: Path) -> None:
    library = opened()
    document = added(library, a_file(tmp_path, "a.txt", KETTLE))
    (home / "knowledge" / "pages" / f"{document.id}.json.gz").write_bytes(b"junk")
    with pytest.raises(DocumentMissing, match="being read again"):
        library.pages(document.id)
    assert library.wait(document.id, 20).state == "ready"
    assert library.pages(document.id)[0].text == KETTLE


def test_another_embedder_gets_an_index_of_its_own_and_vectors_never_mix(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    library = opened()
    document = added(library, a_file(tmp_path, "a.txt", KETTLE))
    library.close()
    other = opened(lambda: HashingEmbedder(32))
    other.resume()
    assert wait_for(lambda: bool(other.search("kettle")))
    assert other.document(document.id).state == "ready"
    assert wait_for(lambda: len([one for one in (home / "knowledge" / "index").iterdir() if one.is_dir()]) == 1)


def test_files_are_read_before_the_embedder_is_there(opened: Opener, tmp_path: Path) -> None:
    there = threading.Event()

    def late() -> Embedder:
        assert there.wait(30)
        return HashingEmbedder()

    library = opened(late)
    bad = library.add(a_file(tmp_path, "bad.pdf", "%PDF-1.4 broken"))
    good = library.add(a_file(tmp_path, "a.txt", KETTLE))
    assert library.wait(bad.id, 20).state == "failed"
    assert wait_for(lambda: library.document(good.id).state == "embedding")
    assert library.pages(good.id)[0].text == KETTLE
    there.set()
    assert library.wait(good.id, 20).state == "ready"


def test_an_embedder_that_cannot_be_had_is_said_and_the_work_goes_on_when_it_can(
    opened: Opener, tmp_path: Path
) -> None:
    there = threading.Event()

    def failing() -> Embedder:
        if not there.is_set():
            raise ArithmeticError("No network: the embedder could not be fetched.")
        return HashingEmbedder()

    library = opened(failing)
    first = library.add(a_file(tmp_path, "a.txt", KETTLE))
    assert wait_for(lambda: library.notices() == ("No network: the embedder could not be fetched.",))
    assert wait_for(lambda: library.document(first.id).state == "embedding")
    there.set()
    assert added(library, a_file(tmp_path, "b.txt", "Another kettle.")).state == "ready"
    assert library.wait(first.id, 20).state == "ready" and wait_for(lambda: library.notices() == ())


def test_rebuild_gives_every_document_again(opened: Opener, tmp_path: Path) -> None:
    library = opened()
    ids = {added(library, a_file(tmp_path, f"{n}.txt", f"Kettle number {n}.")).id for n in range(5)}
    version = library.version()
    assert {document.id for document in library.rebuild() if document.state == "ready"} == ids
    assert library.version() == version and len(library.search("kettle", limit=20)) == 5


def start(folder: Path, *files: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.knowledge_child", str(folder), *map(str, files)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)


def many_files(folder: Path, count: int) -> list[Path]:
    text = "Sentence {} of kettle {} tells of copper and of boats. "
    return [a_file(folder, f"{n}.txt", "".join(text.format(s, n) for s in range(60))) for n in range(count)]


@pytest.mark.real
@pytest.mark.timeout(300)
@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_after_kill_9_in_the_middle_of_an_ingest_nothing_is_lost_and_the_rest_goes_on(
    home: Path, tmp_path: Path
) -> None:
    dice = random.Random(2502)
    files = many_files(tmp_path, 8)
    cut_off = 0
    for _ in range(10):
        folder = home / f"run{_}"
        child = start(folder, *files)
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(dice.randint(1, len(files) + 4))]
        threading.Event().wait(dice.random() * 0.3)
        os.killpg(child.pid, signal.SIGKILL)
        lines += child.stdout.readlines()
        child.wait()
        child.stdout.close()
        said = [line.split() for line in lines if line.endswith("\n")]  # the last may have been cut by the kill
        kept = {one for word, one in said if word == "kept"}
        ready = {one for word, one in said if word == "ready"}
        library = Library(folder, HashingEmbedder, run_here)
        known = {document.id: document for document in library.documents()}
        assert kept <= set(known)
        assert all(known[one].state == "ready" for one in ready)
        cut_off += any(document.state != "ready" for document in known.values())
        library.resume()
        assert all(library.wait(one, 30).state == "ready" for one in known)
        for one in known:
            assert library.search("kettle copper", document_ids=[one])[0].passage.document_id == one
            passages = library.chunks(one)
            assert [passage.ordinal for passage in passages] == list(range(library.document(one).chunk_count))
        library.close()
        json.dumps(said)
    assert cut_off >= 5  # the kills did fall into the work


@pytest.mark.real
def test_two_processes_add_the_same_and_other_files_at_once(home: Path, tmp_path: Path) -> None:
    files = many_files(tmp_path, 6)
    children = [start(home / "knowledge", *files[:4]), start(home / "knowledge", *files[2:])]
    outputs = [child.communicate(timeout=90)[0] for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert all(output.count("ready") == 4 for output in outputs)
    library = Library(home / "knowledge", HashingEmbedder, run_here)
    assert [document.state for document in library.documents()] == ["ready"] * 6
    for document in library.documents():
        passages = library.chunks(document.id)
        assert len({passage.id for passage in passages}) == len(passages) == document.chunk_count
    library.close()


def test_the_lock_is_for_one_and_falls_free(tmp_path: Path) -> None:
    first, second = ProcessLock(tmp_path / "lock"), ProcessLock(tmp_path / "lock", seconds=0.2)
    with first, pytest.raises(StoreBusy, match="kept busy"), second:
        pass
    with second:
        pass


def test_the_store_refuses_vectors_of_another_shape(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="shape"):
        Store(tmp_path / "index", 64).put([], np.zeros((1, 64), dtype=np.float32))
    with pytest.raises(StoreDamaged, match="another size"):
        Store(tmp_path / "index", 32)


def test_a_passing_library_answers_like_the_kept_one_and_leaves_nothing(opened: Opener, tmp_path: Path) -> None:
    path = a_file(tmp_path, "kettle.txt", KETTLE)
    passing = PassingLibrary(HashingEmbedder, run_limited)
    document = passing.add_file(path)
    assert passing.add_file(path) == document and len(passing.documents()) == 1
    other = passing.add_text("note", "Budget meetings are on Friday.\r\nBring the red folder.")
    library = opened()
    kept = [
        added(library, path),
        added(library, a_file(tmp_path, "note", "Budget meetings are on Friday.\nBring the red folder.")),
    ]
    for query in ("Where is the copper kettle?", "When are meetings?", "red folder"):
        ours, theirs = passing.search(query), library.search(query)
        assert ours[0].passage.text == theirs[0].passage.text
        assert ours[0].vector == pytest.approx(theirs[0].vector, abs=1e-4)
    assert passing.version() == library.version() and kept[0].id == document.id
    assert passing.locate(other.id, None, "Friday. Bring") != (-1, -1)
    assert [p.document_id for p in passing.chunks(other.id)] == [other.id]
    assert passing.search("kettle", document_ids=[other.id])[0].passage.document_id == other.id
    with pytest.raises(DocumentMissing):
        passing.search("kettle", document_ids=["0" * 32])
    with pytest.raises(DocumentRefused, match="is empty"):
        passing.add_file(a_file(tmp_path, "empty.txt", ""))


@pytest.mark.real
def test_the_shared_files_can_all_be_added_and_asked(shared: Path, home: Path) -> None:
    library = Library(home / "knowledge", lambda: HashingEmbedder(512), run_limited)
    files = [path for path in (shared / "data/documents").iterdir() if path.name not in ("manifest.jsonl", "SOURCE.md")]
    documents = [library.wait(one.id, 60) for one in [library.add(path) for path in files]]
    assert {document.state for document in documents} == {"ready", "failed"}
    assert all(document.problem.endswith(".") for document in documents if document.state == "failed")
    hits = library.search("The lock on the boathouse opens with 4471-B.", limit=5)
    assert any("opens with 4471-B" in hit.passage.text for hit in hits)
    for document in documents:
        if document.state == "ready":
            pages = {page.number: page.text for page in library.pages(document.id)}
            for passage in library.chunks(document.id):
                assert pages[passage.page][passage.start : passage.end] == passage.text
    library.close()
