"""`lab triples`: looked up as `ask` does, counted rightly; own items."""

from __future__ import annotations

from pathlib import Path

import pytest

from lottery_chat.errors import NotFound
from lottery_chat.lab.given import data_folder
from lottery_chat.lab.loading import read_items
from lottery_chat.lab.tasks import tasks
from lottery_chat.lab.triples import against_gold, as_markdown, gold_as_markdown, kept, look, taken_in
from lottery_chat.lab.values import Document, Item

TASK = tasks(Path("nowhere"))["nq_rag"]
TEXT = "## Salt\n\nSalt is a film directed by Per Lund.\n\n## Per Lund\n\nPer Lund (born 1901) is a director.\n"
DOCUMENTS = (Document("films", TEXT), Document("lease.txt", "", content=b"Deposit: 900 euros\n"))


def test_items_are_answered_by_triples_whole_or_in_parts_and_judged() -> None:
    base, ids = taken_in(DOCUMENTS)
    assert set(ids) == {"films", "lease.txt"}
    asked = [
        Item("1", "Who is the director of Salt?", ["Per Lund"]),
        Item("2", "Who is the director of Salt?", ["Ida Holm"]),
        Item("3", "When was the director of film Salt born?", ["1901"]),
        Item("4", "Why was Salt made?", ["nobody knows"]),
        Item("5", "When was Per Lund born?", ["1901"], ("lease.txt",)),
    ]
    found = [look(base, TASK, one, [ids[title] for title in one.attached]) for one in asked]
    assert [(one.answer, one.right, one.in_form) for one in found] == [
        ("Per Lund", True, True), ("Per Lund", False, True), ("1901", True, True), ("", False, False), ("", False, True),
    ]  # fmt: skip
    assert found[2].relations == ("director", "date of birth")
    text = as_markdown({"films": found}, {"films": kept(base)})
    assert "| films | 5 | 4 | 3 | 2 of 3 " in text and "director 2 of 3" in text


def test_triples_that_a_set_carries_are_compared_with_ours() -> None:
    base, _ = taken_in(DOCUMENTS)
    rows = [{"evidences": [["Salt", "director", "Per Lund"], ["Per Lund", "date of birth", "3 May 1901"]]}]
    rows += [
        {"evidences": [["Salt", "director", "Ida Holm"], ["Salt", "country", "Sundland"], ["Ash", "director", "X"]]}
    ]
    counted = against_gold(base, rows)
    assert counted == {"director": (3, 2, 1), "date of birth": (1, 1, 1)}, "country is not looked up"
    assert "| all | 4 | 3 | 2 |" in gold_as_markdown(counted)
    assert gold_as_markdown(against_gold(base, [{"id": "1"}])) == ""


def test_own_tasks_need_no_folder_of_items_and_others_do() -> None:
    assert read_items(tasks(data_folder(None, ["own_law", "own_finance"]))["own_law"], data_folder(None, ["own_law"]))
    for names in ([], ["own_law", "gsm8k"]):
        try:
            found = data_folder(None, names)
        except NotFound as error:
            assert "--data" in str(error)
        else:
            assert found.name == "data", "the folder beside the checkout, where there is one"
    with pytest.raises(NotFound, match="nowhere"):
        data_folder(Path("nowhere"), ["own_law"])
