"""Triples are kept with the documents: found by name and relation, gone with them, read again when they must be."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_knowledge_library import run_here

from knowledge.embedding import HashingEmbedder
from knowledge.errors import DocumentMissing, NotKept
from knowledge.facts import read
from knowledge.library import Library
from knowledge.passage import Passage
from knowledge.passing import PassingLibrary
from knowledge.triple_store import MOST_OF_A_DOCUMENT, TripleStore
from knowledge.triples import FORM, Triple

FERRIES = "# Sund Ferries\n\nSund Ferries was founded in 1911 by Ole Vossberg.\n"
LEASE = "Landlord: Ida Holm\nDeposit: 1,350 euros\n"


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    one = Library(home / "knowledge", HashingEmbedder, run_here)
    yield one
    one.close()


def add(library: Library, folder: Path, name: str, text: str, **options: Any) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    document = library.add(path, **options)
    assert library.wait(document.id, 30).state == "ready"
    return document.id


def said(found: tuple[Triple, ...]) -> set[tuple[str, str, str]]:
    return {(one.entity, one.relation, one.object) for one in found}


def test_what_a_document_states_is_found_by_name_and_relation_and_goes_with_it(
    library: Library, tmp_path: Path, home: Path
) -> None:
    ferries = add(library, tmp_path, "ferries.md", FERRIES)
    add(library, tmp_path, "lease.txt", LEASE)
    assert said(library.facts(about="the sund ferries", relation="founder")) == {
        ("Sund Ferries", "founder", "Ole Vossberg")
    }
    assert said(library.facts(about="ferries")) == set() != said(library.facts(about="ferries", containing=True))
    assert said(library.facts(relation="deposit")) == {("lease", "deposit", "1,350 euros")}
    (one,) = library.facts(relation="founded")
    assert library.page(ferries, None).text[one.start : one.end] == one.sentence
    library.remove(ferries)
    assert said(library.facts()) == {("lease", "landlord", "Ida Holm"), ("lease", "deposit", "1,350 euros")}
    held = b"".join(path.read_bytes() for path in (home / "knowledge").glob("facts.sqlite*"))
    assert b"Vossberg" not in held and b"Holm" in held, "the file that is searched is the one that holds them"
    with pytest.raises(DocumentMissing):
        library.facts(document_ids=[ferries])


def test_a_new_version_takes_the_place_of_the_old_one(library: Library, tmp_path: Path) -> None:
    old = add(library, tmp_path, "ferries.md", FERRIES)
    (tmp_path / "newer.md").write_text(FERRIES.replace("1911", "1912"), encoding="utf-8")
    new = library.replace(old, tmp_path / "newer.md")
    assert library.wait(new.id, 30).state == "ready"
    assert {one.object for one in library.facts(relation="founded")} == {"1912"}


def test_a_rebuild_reads_them_again(library: Library, tmp_path: Path, home: Path) -> None:
    add(library, tmp_path, "ferries.md", FERRIES)
    before = said(library.facts())
    assert [one.state for one in library.rebuild()] == ["ready"]
    assert said(library.facts()) == before != set()


@pytest.mark.parametrize("harm", ["missing", "damaged", "older form"])
def test_documents_without_triples_are_read_in_the_background(tmp_path: Path, home: Path, harm: str) -> None:
    first = Library(home / "knowledge", HashingEmbedder, run_here)
    add(first, tmp_path, "ferries.md", FERRIES)
    expected = said(first.facts())
    first.close()
    place = home / "knowledge" / "facts.sqlite"
    if harm == "missing":
        place.unlink()
    elif harm == "damaged":
        place.write_bytes(b"no database at all " * 200)
    else:
        with sqlite3.connect(place) as connection:
            connection.execute("update documents set form = ?", (FORM - 1,))
            connection.execute("delete from triples")
        connection.close()
    again = Library(home / "knowledge", HashingEmbedder, run_here)
    assert said(again.facts()) == set()
    assert again.unread_facts(30.0) == 0
    assert said(again.facts()) == expected != set()
    again.close()


def test_files_of_a_conversation_answer_only_where_they_are_named(library: Library, tmp_path: Path) -> None:
    private = add(library, tmp_path, "lease.txt", LEASE, conversation="c" * 32)
    assert library.facts() == ()
    assert {one.relation for one in library.facts(document_ids=[private])} == {"landlord", "deposit"}


def test_a_full_disk_is_said_and_keeps_what_was_there(tmp_path: Path) -> None:
    store = TripleStore(tmp_path / "facts.sqlite")
    store.put({"b" * 32: read([passage(FERRIES)])})
    before = store.find()
    script = (
        "import resource, signal, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "from knowledge.errors import NotKept; from knowledge.facts import read; from knowledge.passage import Passage\n"
        "from knowledge.triple_store import TripleStore\n"
        "text = ' '.join(f'Firm Nr{n} was founded in 1911 by Ole Voss.' for n in range(900))\n"
        "parts = [text[at:at+400] for at in range(0, len(text), 400)]\n"
        "made = [Passage(f'{n:032x}', 'c'*32, 't', None, (), p, n*400, n*400+len(p), n) for n, p in enumerate(parts)]\n"
        "try:\n    TripleStore(Path(sys.argv[1])).put({'c'*32: read(made)})\nexcept NotKept:\n    sys.exit(7)\n"
    )
    root = str(Path(__file__).resolve().parent.parent)
    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "facts.sqlite"), root], check=False, timeout=60
    )
    assert ended.returncode == 7
    assert store.find() == before and store.read_ids() == {"b" * 32}


def test_a_document_is_kept_whole_or_not_at_all_when_its_folder_is_gone(tmp_path: Path) -> None:
    store = TripleStore(tmp_path / "no such folder" / "facts.sqlite")
    with pytest.raises(NotKept, match="facts.sqlite"):
        store.put({"b" * 32: read([passage(FERRIES)])})


def passage(text: str) -> Passage:
    return Passage("a" * 32, "b" * 32, "ferries.md", None, (), text, 0, len(text), 0)


def test_a_sentence_that_two_passages_share_states_it_once_and_a_table_is_bounded() -> None:
    shared = "Sund Ferries was founded in 1911."
    one = Passage("a" * 32, "b" * 32, "t", None, (), "It rained. " + shared, 0, 44, 0)
    two = Passage("c" * 32, "b" * 32, "t", None, (), shared, 11, 44, 1)
    assert len(read([one, two])) == 1
    assert MOST_OF_A_DOCUMENT < 10_000


def test_documents_that_are_not_kept_state_the_same(library: Library, tmp_path: Path) -> None:
    passing = PassingLibrary(HashingEmbedder)
    document = passing.add_text("ferries.md", FERRIES)
    add(library, tmp_path, "ferries.md", FERRIES)
    assert said(passing.facts(about="Sund Ferries")) == said(library.facts(about="Sund Ferries")) != set()
    assert said(passing.facts(about="ferries")) == set() != said(passing.facts(about="ferries", containing=True))
    assert passing.facts(document_ids=[document.id], relation="deposit") == ()


def test_it_costs_less_than_a_millisecond_a_passage() -> None:
    text = (FERRIES + LEASE + "Then the boats went out to sea, and nobody knew when they would be home. ") * 3
    passages = [Passage(f"{n:032x}", "b" * 32, "t", None, (), text, 0, len(text), n) for n in range(200)]
    started = os.times()
    read(passages)
    ended = os.times()
    assert (ended.user - started.user) / len(passages) < 0.004, "four times the bound, for a busy machine"


def test_reading_while_another_program_makes_the_file_harms_nothing(tmp_path: Path) -> None:
    place = tmp_path / "facts.sqlite"
    place.touch()  # what a reader sees between the making of the file and that of its tables
    assert TripleStore(place).read_ids() == frozenset() and TripleStore(place).find() == ()
    assert place.is_file(), "a reader drops nothing: somebody may be writing"
    TripleStore(place).put({"b" * 32: read([passage(FERRIES)])})
    assert TripleStore(place).read_ids() == {"b" * 32}


def test_a_file_of_another_form_is_made_anew(tmp_path: Path) -> None:
    place = tmp_path / "facts.sqlite"
    with sqlite3.connect(place) as connection:
        connection.execute("create table documents (id text primary key, form integer not null)")
        connection.execute("create table triples (document_id text, entity_key text, relation text)")
    connection.close()
    TripleStore(place).put({"b" * 32: read([passage(FERRIES)])})
    assert {one.relation for one in TripleStore(place).find()} == {"founded", "founder"}
