"""Hostile files end in their text or in one clear sentence, and nothing else happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge import archive
from knowledge.errors import DocumentRefused
from knowledge.reading import read_file
from lottery_chat.lab.hostile import BAD, mutations, outcome_of, try_files
from lottery_chat.lab.hostile_files import REFUSED, hostile_files
from lottery_chat.lab.office_files import docx, good_files, paragraph

#: Seconds each; `lab hostile` tries them.
SLOW = ("cells.xlsx", "far_row.xlsx", "comments.html")
FIXED = dict(hostile_files())


def test_a_hundred_files_made_to_hurt_end_well_and_write_nothing_elsewhere() -> None:
    assert len(FIXED) == 100 and set(FIXED) >= REFUSED
    quick = {
        name: data for name, data in FIXED.items() if len(data) < 300_000 and name not in SLOW
    }  # `lab hostile` tries all, and bigger
    assert len(quick) > 80
    found = list(try_files(quick.items(), refused=REFUSED))
    assert [one for one in found if one.outcome in (*BAD, "died", "limit")] == []
    assert not any(os.path.exists(place) for place in ("/etc/climbed", "/tmp/climbed", "climbed", "../climbed"))


def test_a_hundred_mutations_of_good_files_end_well() -> None:
    found = list(try_files(mutations(good_files(), 100, seed=2502)))
    assert len(found) == 100
    assert [one for one in found if one.outcome in BAD] == []
    assert {"read", "refused"} <= {one.outcome for one in found}


def test_mutations_are_the_same_for_the_same_seed_and_differ_from_the_good_files() -> None:
    good = good_files()
    first, again, other = (list(mutations(good, 40, seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert sum(data not in good.values() for _, data in first) >= 36


def test_with_the_limit_off_the_same_bomb_is_read_and_the_test_would_see_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.docx"
    path.write_bytes(docx(paragraph("A" * 3_000_000)))
    with pytest.raises(DocumentRefused, match="unpacks to"):
        read_file(path, "bomb.docx")
    monkeypatch.setattr(archive, "MOST_RATIO", 10**9)
    assert len(read_file(path, "bomb.docx")[1][0].text) == 3_000_000
    assert "wrong" in BAD


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("'a' could not be read (KeyError: 'x'). Export it anew, for instance as PDF, and add that.", "unforeseen"),
        ("'a' is damaged: its reader ended without a result, twice. Export it anew and add that.", "died"),
        ("'a' could not be read within 90 s; it was stopped. Split it, or export it as PDF anew.", "limit"),
        ("Something went wrong", "unclear"),
        ("'a' is empty. Check the file and add it again.", "refused"),
    ],
)
def test_what_a_sentence_says_happened_is_told_apart(said: str, outcome: str) -> None:
    assert outcome_of(said, "a") == outcome
