"""heat_maps.py and its tasks: what was not measured is grey, and never counts as wrong."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lottery_chat.lab.heat_maps import DEPTHS, LENGTHS, band_of, heat_maps, place_of, shown
from lottery_chat.lab.heat_pictures import pictures
from lottery_chat.lab.loading import read_items
from lottery_chat.lab.reporting import as_markdown, report
from lottery_chat.lab.tasks import MAPS, tasks
from lottery_chat.lab.values import Outcome, Record


def record(tokens: int, depth: int, outcome: Outcome, item: str) -> Record:
    return Record(
        task="needle", item=item, arm="planner", model="m", seed=1, outcome=outcome, score=0.0, extracted="", gold=["x"], reply="", answer=None,
        status="answered", known="quoted", checked=False, calls=0, tokens_in=0, tokens_out=0, seconds=0.0, run="", at="", band=band_of(tokens, depth),
    )  # fmt: skip


def test_a_cell_is_the_share_right_and_what_was_not_measured_is_grey() -> None:
    made = heat_maps([record(400, 0, "right", "a"), record(400, 0, "wrong", "b"), record(800, 100, "no_answer", "c")])
    assert len(made) == 1 and made[0].lengths == LENGTHS and made[0].depths == DEPTHS
    text = shown(made[0])
    assert "1 of 3 right, 2 of 40 cells measured" in text
    first = next(line for line in text.splitlines() if line.startswith("| 0 %"))
    assert first.split("|")[2:4] == [first.split("|")[2], first.split("|")[3]]
    assert "0.5" in first.split("|")[2] and "grey" in first.split("|")[3]


def test_the_picture_has_a_box_for_each_cell_and_grey_for_what_was_not_asked(tmp_path: Path) -> None:
    made = heat_maps([record(400, 0, "right", "a"), record(800, 25, "wrong", "b")])
    (path,) = pictures(made, tmp_path)
    drawn = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    boxes = [one for one in drawn.iter() if one.tag.endswith("rect")][1:]
    fills = Counter(one.get("fill") for one in boxes)
    assert len(boxes) == len(LENGTHS) * len(DEPTHS) and fills["#c4c4c4"] == len(boxes) - 2
    first, second = (one for one in boxes if one.get("fill") != "#c4c4c4")
    assert int(first.get("x", 0)) < int(second.get("x", 0)) and int(first.get("y", 0)) < int(second.get("y", 0))
    said = [one.text for one in drawn.iter() if one.tag.endswith("text")]
    assert "16,000" in said and "100 %" in said and "1 of 2 right; grey: not asked" in said


def test_a_report_shows_the_map_and_no_band_for_each_cell() -> None:
    text = as_markdown(report([record(400, 25, "right", "a")]))
    assert "## Heat maps" in text and "## By band" not in text


def test_bands_of_other_tasks_are_no_places() -> None:
    assert place_of("fact") is None and place_of("4 hops") is None and place_of(band_of(16_000, 50)) == (16_000, 50)


@pytest.mark.parametrize("name", sorted(MAPS))
def test_every_map_has_each_cell_once_and_its_needles_are_in_the_text(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "niah" / "PaulGrahamEssays"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("Hay is dry grass. " * 20_000, encoding="utf-8")
    items = read_items(tasks(tmp_path)[name], tmp_path)
    assert sorted(place_of(item.band) or (0, 0) for item in items) == sorted((t, d) for t in LENGTHS for d in DEPTHS)
    assert all(answer in item.question for item in items for answer in item.gold)
    assert all(abs(len(item.question) - 4 * (place_of(item.band) or (0, 0))[0]) < 800 for item in items)
