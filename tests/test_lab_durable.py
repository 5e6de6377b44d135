"""`lab durable`: an experiment that reports no loss must be one that would have seen it; each way of losing is tried."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lottery_chat.cli import main
from lottery_chat.lab.durable import faults, full_disks, growth, kills, narrow
from lottery_chat.lab.durable.homes import QUICK, of, opened
from lottery_chat.lab.durable.made import by_name, made, word
from lottery_chat.lab.durable.oracle import Examination, Found, Ledger
from lottery_chat.lab.durable.worker import Order, read
from lottery_chat.settings import Settings, read_settings

COUNT = 4


@pytest.fixture(scope="module")
def ready() -> Iterator[Path]:
    """A home with a few documents that are ready and stand in a collection."""
    with tempfile.TemporaryDirectory(prefix="lottery-chat-") as folder:
        home = Path(folder) / "home"
        with opened(settings(home)) as app:
            ids = [app.documents.add(made(n).write(Path(folder))).id for n in range(COUNT)]
            for one in ids:
                assert app.documents.wait(one, 60).state == "ready"
            app.documents.put(app.documents.make_collection("Kept").id, ids)
        yield home


def settings(home: Path) -> Settings:
    return of(read_settings(environ={}), home, QUICK)


def examined(ready: Path, folder: Path, change: Callable[[Path, Ledger], None]) -> Found:
    """What is found in a copy of the home after something was done to it behind the app's back."""
    home, ledger = folder / "home", Ledger()
    shutil.copytree(ready, home)
    ledger.settled(made(n) for n in range(COUNT))
    ledger.touched = set(range(COUNT))
    change(home, ledger)
    with opened(settings(home)) as app:
        return Examination(app, home, ledger, "Kept").run()


# -- the oracle -------------------------------------------------------------------------------------------------------


def test_a_home_to_which_nothing_was_done_is_whole(ready: Path, tmp_path: Path) -> None:
    found = examined(ready, tmp_path, lambda home, ledger: None)
    assert (found.lost, found.wrong, found.mended, found.unfinished) == ((), (), (), 0)


def without_original(home: Path, ledger: Ledger) -> None:
    one = made(1)
    (home / "documents/originals" / one.sha256[:2] / one.sha256).unlink()


def other_original(home: Path, ledger: Ledger) -> None:
    one = made(1)
    (home / "documents/originals" / one.sha256[:2] / one.sha256).write_bytes(bytes(len(one.data)))


def without_entry(home: Path, ledger: Ledger) -> None:
    (home / "documents/documents" / f"{made(2).id}.json").unlink()


def without_collections(home: Path, ledger: Ledger) -> None:
    values = json.loads((home / "documents/collections.json").read_bytes())
    values["collections"][0]["documents"] = [made(0).id]
    (home / "documents/collections.json").write_text(json.dumps(values))


def called_ready(home: Path, ledger: Ledger) -> None:
    ledger.read([("adding", 77, 0), ("kept", 77, 0), ("ready", 77, 0)])


def without_passages(home: Path, ledger: Ledger) -> None:
    """The index holds as many passages as the entries say, and not those of this document's version."""
    entry = home / "documents/documents" / f"{made(0).id}.json"
    entry.write_text(entry.read_text().replace('"state": "ready"', '"state": "waiting"'))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (without_original, "original of sheet-1.md is not what was given"),
        (other_original, "original of sheet-1.md is not what was given"),
        (without_entry, "sheet-2.csv is not there"),
        (without_collections, "sheet-3.html is not in its collection"),
        (called_ready, "sheet-77.csv, called ready, is not found after the start"),
        (without_passages, "sheet-0.txt, called ready, is not found after the start"),
    ],
)
def test_each_way_of_losing_a_document_is_seen(
    change: Callable[[Path, Ledger], None], told: str, ready: Path, tmp_path: Path
) -> None:
    assert told in " / ".join(examined(ready, tmp_path, change).lost)


def removed(home: Path, ledger: Ledger) -> None:
    ledger.read([("removing", 1, 0), ("removed", 1, 0)])


def both_versions(home: Path, ledger: Ledger) -> None:
    with opened(settings(home)) as app:
        assert app.documents.wait(app.documents.add(made(1, 1).write(home / "given")).id, 60).state == "ready"
    ledger.read([("replacing", 1, 1), ("kept", 1, 1)])


def with_trace(home: Path, ledger: Ledger) -> None:
    with opened(settings(home)) as app:
        app.documents.remove(made(1).id)
    ledger.read([("removing", 1, 0), ("removed", 1, 0)])
    (home / "documents/left-behind.txt").write_text(f"so {made(1).marker} it was")


def stranger(home: Path, ledger: Ledger) -> None:
    with opened(settings(home)) as app:
        app.documents.add(made(500).write(home / "given"))


def traceback(home: Path, ledger: Ledger) -> None:
    ledger.read(read(['Traceback (most recent call last):\n']))  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (removed, "sheet-1.md was removed and is found"),
        (removed, "sheet-1.md (.*) came back"),
        (both_versions, "versions .0, 1. of sheet-1.md are both found"),
        (both_versions, "sheet-1.md is there in versions"),
        (with_trace, "left a trace in documents/left-behind.txt"),
        (stranger, "sheet-500.txt .* came back, or was never there"),
        (traceback, "the worker said: Traceback"),
    ],
)
def test_what_is_gone_and_comes_back_and_what_is_there_twice_is_seen(
    change: Callable[[Path, Ledger], None], told: str, ready: Path, tmp_path: Path
) -> None:
    assert re.search(told, " / ".join(examined(ready, tmp_path, change).wrong))


def test_what_was_not_promised_may_be_there_or_not() -> None:
    ledger = Ledger()
    ledger.read(
        read(['["adding", 1, 0]\n', '["adding", 2, 0]\n', '["kept", 2, 0]\n', '["replacing", 2, 1]\n', '["adding"'])
    )
    assert ledger.allowed == {1: {None, 0}, 2: {0, 1}} and ledger.said == []
    ledger.read([("kept", 2, 1), ("removing", 2, 1)])
    assert ledger.allowed[2] == {None, 1} and ledger.replaced == {(2, 0)}
    assert [one.number for one in ledger.living()] == []


# -- the experiments --------------------------------------------------------------------------------------------------


def test_each_document_has_a_word_of_its_own_and_is_told_from_its_path(tmp_path: Path) -> None:
    assert len({word(number, version) for number in range(2000) for version in range(3)}) == 6000
    one = made(17, 3)
    assert by_name(one.write(tmp_path)) == one
    assert one.marker in one.data.decode() and one.marker not in made(17, 2).data.decode()


def test_every_named_point_is_a_place_in_the_program() -> None:
    for point in faults.POINTS:
        assert point.jobs and set(point.jobs) <= set(kills.JOBS)
        if point.when in ("before", "after"):
            owner, name = faults.method(point.what)
            assert callable(getattr(owner, name)), point.what
        else:
            assert re.compile(point.what)
    assert len({point.name for point in faults.POINTS}) == len(faults.POINTS) >= 20


def test_a_hundred_kills_fall_on_every_work_at_random_and_at_every_point_of_it() -> None:
    planned = list(kills.plan(100, 0))
    assert planned == list(kills.plan(100, 0)) != list(kills.plan(100, 1))
    assert Counter(job for job, _, _ in planned) == dict.fromkeys(kills.JOBS, 20)
    assert sum(point is None for _, point, _ in planned) == 40
    reached = {(job, point.name) for job, point, _ in planned if point is not None}
    assert {point.name for point in faults.POINTS} == {name for _, name in reached}


@pytest.mark.parametrize(
    ("said", "clear"),
    [
        ("The disk is full: '/x/y' could not be written. Free some space; what waits then goes on by itself.", True),
        ("Cannot write the memory file '/x': database or disk is full. Free some disk space, then try again.", True),
        (
            "'a.txt' could not be kept: No space left on device. Free space or check permissions, then add it again.",
            True,
        ),
        ("The index in '/x' cannot be read (LanceError: No space left on device).", False),
        ("'a.zip' needs 3 MB, 1 MB are free.", False),
        ("Something went wrong. Free some space.", False),
        ("Traceback: No space left on device. Free some space.", False),
    ],
)
def test_a_sentence_is_clear_when_it_says_that_there_is_no_room_and_what_to_do(said: str, clear: bool) -> None:
    assert full_disks.is_clear(said) is clear


def test_memory_that_grows_with_the_folder_is_told_from_memory_that_does_not() -> None:
    def line(slope: float) -> list[growth.Sample]:
        return [growth.Sample(mb, 300 + (50 if mb < 20 else 0) + slope * mb / 100, 0.0) for mb in range(0, 101, 5)]

    assert growth.slope(line(0.0)) == pytest.approx(0.0, abs=1e-9)  # what the warm-up holds is not counted
    assert growth.slope(line(80.0)) == pytest.approx(80.0)
    assert growth.slope([growth.Sample(1, 1, 1)]) != growth.slope([growth.Sample(1, 1, 1)])  # too few: not a number


@pytest.mark.parametrize(
    "words", [["kills", "--without", "locks"], ["memory", "--only", "remove"], ["full-disks", "--count", "0"]]
)
def test_an_option_of_another_experiment_is_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path), "lab", "durable", *words]) == 2
    assert "knows" in (said := capsys.readouterr().err) or "greater than zero" in said


@pytest.mark.real
@pytest.mark.timeout(400)
def test_kills_in_the_middle_of_work_lose_nothing_and_without_the_intent_to_remove_they_do(tmp_path: Path) -> None:
    whole = list(kills.kills(settings(tmp_path), tmp_path / "a", count=2, seed=3, embedder=QUICK, job="replace"))
    assert [(one.lost, one.wrong) for one in whole] == [((), ())] * 2 and sum(one.killed for one in whole) == 2
    off = kills.kills(
        settings(tmp_path), tmp_path / "b", count=6, seed=3, embedder=QUICK, without="intent", job="remove"
    )
    assert any(one.wrong or one.lost for one in off)


@pytest.mark.real
@pytest.mark.timeout(400)
def test_a_full_disk_loses_nothing_and_is_said(tmp_path: Path) -> None:
    if not narrow.can_mount(tmp_path):
        pytest.skip("not run: no small file system can be made here")
    points = list(full_disks.full_disks(count=14, embedder=QUICK, activity="take in"))
    assert any(one.said for one in points)
    assert all(one.clear and not one.lost and not one.wrong for one in points), points


@pytest.mark.real
@pytest.mark.timeout(400)
def test_memory_is_sampled_while_a_folder_is_taken_in(tmp_path: Path) -> None:
    samples = list(growth.growth(tmp_path, megabytes=1, embedder=QUICK, file_size=200))
    assert len(samples) >= 5 and samples[-1].taken_in >= 1
    assert all(one.held > 50 for one in samples)
    assert samples == sorted(samples, key=lambda one: one.taken_in)


def test_an_order_travels_as_it_is() -> None:
    order = Order("home", "files", "replace", 5, living=((1, 2),), point=faults.POINTS[0].name)
    values = json.loads(json.dumps(order, default=lambda one: {n: getattr(one, n) for n in one.__slots__}))
    assert Order(**{**values, "living": tuple(tuple(one) for one in values["living"]), "archives": ()}) == order
