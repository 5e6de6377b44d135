"""knowledge.index and renewal: a new embedder's index is built while the old one answers, and vectors never mix."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from knowledge.embedding import Embedder, HashingEmbedder, Vectors
from knowledge.errors import EmbedderMissing, StoreDamaged
from knowledge.library import Library
from knowledge.store import Store
from tests.test_knowledge_library import KETTLE, a_file, added, run_here, wait_for

ROOT = Path(__file__).resolve().parent.parent


class Gated(HashingEmbedder):
    """Embeds passages only while the gate is open; counts them."""

    def __init__(self, dimensions: int, gate: threading.Event | None = None) -> None:
        super().__init__(dimensions)
        self.gate, self.seen = gate, 0
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        if self.gate is not None and any("\n" in text for text in texts):
            assert self.gate.wait(30)
        self.seen += len(texts)
        self.texts += texts
        return super().encode(texts)


def hashing(origin: str) -> Embedder:
    """The chooser of the app, as far as it concerns these tests."""
    kind, _, size = origin.partition(":")
    if kind != "hashing":
        raise EmbedderMissing(f"There is no {origin!r}.")
    return HashingEmbedder(int(size))


Opener = Callable[..., Library]


@pytest.fixture
def opened(home: Path) -> Iterator[Opener]:
    libraries: list[Library] = []

    def open_one(embedder: Embedder, **options: Any) -> Library:
        libraries.append(Library(home / "knowledge", lambda: embedder, run_here, **options))
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


def places(home: Path) -> list[str]:
    return sorted(one.name for one in (home / "knowledge" / "index").iterdir() if one.is_dir())


def serving(home: Path) -> str:
    return (home / "knowledge" / "index" / "serving").read_text(encoding="utf-8")


def test_while_the_successor_is_built_the_old_index_answers_with_its_own_embedder(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    first = opened(HashingEmbedder(64))
    ids = [added(first, a_file(tmp_path, f"{n}.txt", f"{KETTLE} Number {n}.")).id for n in range(3)]
    first.close()
    old = serving(home)
    gate = threading.Event()
    library = opened(Gated(32, gate), former=hashing)
    library.resume()
    assert wait_for(lambda: len(places(home)) == 2)
    cosine = library.search("copper kettle", limit=1)[0].vector
    assert [document.state for document in library.documents()] == ["ready"] * 3 and serving(home) == old
    assert wait_for(lambda: "made anew: 0 of 3" in library.renewal())
    late = library.add(a_file(tmp_path, "late.txt", "A late boat came."))  # into the old one, so that it is found now
    gate.set()
    assert wait_for(lambda: len(places(home)) == 1 and serving(home) != old)
    assert library.wait(late.id, 20).state == "ready"
    assert wait_for(lambda: library.renewal() == "")
    hits = library.search("copper kettle", limit=3)
    assert {hit.passage.document_id for hit in hits} == set(ids)
    assert hits[0].vector != cosine  # by the other embedder now
    assert library.search("late boat", limit=1)[0].passage.document_id == late.id
    assert library.notices() == ()


def test_without_the_old_embedder_the_old_index_is_searched_by_words_and_that_is_said(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    first = opened(HashingEmbedder(64))
    document = added(first, a_file(tmp_path, "a.txt", KETTLE))
    first.close()
    gate = threading.Event()
    library = opened(Gated(32, gate))
    hit = library.search("copper kettle")[0]
    assert hit.passage.document_id == document.id and hit.vector is None and hit.text is not None
    assert "found by their words" in library.notices()[0]
    library.resume()
    late = library.add(a_file(tmp_path, "late.txt", "A late boat came."))
    gate.set()
    assert library.wait(late.id, 30).state == "ready"
    assert wait_for(lambda: len(places(home)) == 1)
    assert library.search("copper kettle", limit=1)[0].vector is not None
    assert library.search("late boat", limit=1)[0].passage.document_id == late.id


def test_the_same_name_with_other_vectors_is_noticed_and_never_mixed(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    class Exchanged(HashingEmbedder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            return super().encode([text[::-1] for text in texts])

    first = opened(HashingEmbedder(64))
    document = added(first, a_file(tmp_path, "a.txt", KETTLE))
    first.close()
    library = opened(Exchanged(64), former=hashing)
    assert library.search("copper kettle")[0].vector is None
    assert "gives other vectors than before" in library.notices()[0]
    library.resume()
    assert wait_for(lambda: any(hit.vector is not None for hit in library.search("copper kettle")))
    assert library.document(document.id).state == "ready"
    assert wait_for(lambda: len(places(home)) == 1)


def test_back_to_the_former_embedder_needs_no_embedding(opened: Opener, tmp_path: Path, home: Path) -> None:
    first = opened(HashingEmbedder(64))
    added(first, a_file(tmp_path, "a.txt", KETTLE))
    first.close()
    second = opened(Gated(32, threading.Event()), former=hashing)  # its gate stays shut
    second.search("kettle")
    back = Gated(64)
    third = opened(back, former=hashing)
    third.resume()
    assert third.search("kettle")[0].vector is not None
    assert third.renewal() == "" and back.seen <= 4  # probes and questions


def test_text_alone_is_searched_without_the_embedder(opened: Opener, tmp_path: Path, home: Path) -> None:
    first = opened(HashingEmbedder(64))
    added(first, a_file(tmp_path, "a.txt", KETTLE))
    first.close()

    def missing() -> Embedder:
        raise EmbedderMissing("It is not there.")

    library = Library(home / "knowledge", missing, run_here)
    assert library.search("kettles", by="text")[0].vector is None
    with pytest.raises(EmbedderMissing):
        library.search("kettles")
    library.close()


@pytest.mark.real
@pytest.mark.timeout(300)
@pytest.mark.skipif(os.name == "nt", reason="kill -9")
def test_a_kill_in_the_middle_of_the_renewal_loses_nothing_and_the_rest_goes_on(home: Path, tmp_path: Path) -> None:
    folder = home / "knowledge"
    library = Library(folder, lambda: HashingEmbedder(64), run_here)
    # Long enough that four kills fall into the work: at two hundredths of a second a passage some ten seconds.
    texts = ["\n\n".join(f"Paragraph {n} {m}: the copper kettle of the boats was mended in {1900 + m} by a smith of Norby. " * 6 for m in range(40)) for n in range(6)]  # fmt: skip
    ids = [added(library, a_file(tmp_path, f"{n}.txt", text)).id for n, text in enumerate(texts)]
    library.close()
    old = serving(home)
    cut_off = 0
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.renewal_child", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        ) as child:  # fmt: skip
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(0.4)
            os.killpg(child.pid, signal.SIGKILL)
        cut_off += serving(home) == old and len(places(home)) == 2
        looked = Library(folder, lambda: HashingEmbedder(32), run_here, former=hashing)
        assert {hit.passage.document_id for hit in looked.search("copper kettle boats", limit=2000)} == set(ids)
        looked.close()
    library = Library(folder, lambda: HashingEmbedder(32), run_here, former=hashing)
    library.resume()
    done = wait_for(lambda: serving(home) != old and len(places(home)) == 1, 60)
    assert done, (serving(home), old, places(home), library.notices(), [one.state for one in library.documents()])
    for one in ids:
        passages = library.chunks(one)
        assert [passage.ordinal for passage in passages] == list(range(library.document(one).chunk_count))
    assert cut_off >= 2  # the kills did fall into the work
    library.close()


def test_an_index_of_the_same_vectors_in_an_older_form_is_copied_and_not_embedded(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    first = opened(HashingEmbedder(64))
    document = added(first, a_file(tmp_path, "a.txt", KETTLE))
    first.close()
    folder = home / "knowledge" / "index"
    older = hashlib.sha256(b"hashing-64/64/254/1").hexdigest()[:16]
    (folder / serving(home)).rename(folder / older)
    (folder / "serving").unlink()
    counting = Gated(64)
    library = opened(counting)
    assert library.search("copper kettle")[0].vector is not None
    library.resume()
    assert wait_for(lambda: places(home) != [older] and len(places(home)) == 1)
    assert library.search("copper kettle")[0].passage.document_id == document.id
    assert not any(
        "\n" in text for text in counting.texts
    )  # passages are embedded under their title, on a line of its own


def test_a_damaged_index_is_said_by_the_search_that_meets_it_and_mended_by_a_check(
    opened: Opener, tmp_path: Path, home: Path
) -> None:
    first = opened(HashingEmbedder(64))
    source = a_file(tmp_path, "a.txt", KETTLE)
    one = first.add(source, source=source)
    assert first.wait(one.id, 20).state == "ready" and first.unchanged(source) is not None
    first.close()
    for path in (home / "knowledge" / "index" / serving(home) / "chunks.lance" / "data").iterdir():
        path.write_bytes(b"junk")
    library = opened(HashingEmbedder(64))
    with pytest.raises(StoreDamaged, match=r"set aside as .* Ask again in a moment"):
        library.search("copper kettle")
    library.check()  # or the thread that it starts, whichever is first
    assert wait_for(lambda: bool(library.search("copper kettle")))
    assert library.search("copper kettle")[0].passage.document_id == one.id


def test_a_reading_whose_version_is_purged_under_it_three_times_in_a_row_succeeds(
    opened: Opener, tmp_path: Path
) -> None:
    library = opened(HashingEmbedder(64))
    assert library.wait(library.add(a_file(tmp_path, "a.txt", KETTLE)).id, 20).state == "ready"
    purged = [StoreDamaged("Not found: 3.manifest")] * 3

    def read(store: Store) -> int:
        if purged:
            raise purged.pop()
        return sum(store.counts().values())

    assert library._index.reading(read) == 1
    purged += [StoreDamaged("Not found: 3.manifest")] * 4
    with pytest.raises(StoreDamaged):
        library._index.reading(read)


def test_a_lost_original_is_said_once_and_comes_back_with_its_file(opened: Opener, tmp_path: Path, home: Path) -> None:
    library = opened(HashingEmbedder(64))
    source = a_file(tmp_path, "a.txt", KETTLE)
    one = library.add(source, source=source)
    library.wait(one.id, 20)
    (kept,) = (home / "knowledge" / "originals").glob("??/*")
    kept.unlink()
    assert library.unchanged(source) is None
    library.close()
    again = opened(HashingEmbedder(64))
    assert sum("kept file of 'a.txt'" in said for said in again.check()) == 1
    assert again.add(source, source=source).id == one.id and kept.read_text(encoding="utf-8") == KETTLE
    assert again.unchanged(source) is not None


def test_a_check_says_at_once_that_another_embedder_needs_an_index(opened: Opener, tmp_path: Path, home: Path) -> None:
    first = opened(HashingEmbedder(64))
    added(first, a_file(tmp_path, "a.txt", KETTLE))
    assert first.check() == () and first.renewal() == ""
    first.close()
    gate = threading.Event()
    library = opened(Gated(32, gate), former=hashing)
    library.check()
    assert "made anew: 0 of 1" in library.renewal()
    gate.set()
    assert wait_for(lambda: library.renewal() == "")


@pytest.mark.parametrize(("state", "left"), [("ready", []), ("waiting", ["v0.txt"])])
def test_a_version_does_not_come_back_when_the_one_that_took_its_place_is_removed_at_once(
    opened: Opener, tmp_path: Path, home: Path, state: str, left: list[str]
) -> None:
    first = opened(HashingEmbedder(64))
    old, new = (added(first, a_file(tmp_path, f"v{n}.txt", f"{KETTLE} Version {n}.")) for n in range(2))
    first.close()
    entry = home / "knowledge" / "documents" / f"{new.id}.json"
    values = json.loads(entry.read_text(encoding="utf-8"))
    entry.write_text(json.dumps({**values, "replaces": old.id, "state": state}), encoding="utf-8")
    library = opened(HashingEmbedder(64))  # not resumed: as in the moment before the old version is removed
    library.remove(new.id)
    assert [one.title for one in library.documents()] == left
