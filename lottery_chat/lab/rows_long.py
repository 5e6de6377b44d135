"""Rows of the data sets of long input: keys, needles, stories, long documents.

What a reader needs beside its line (haystacks, documents) it is made with; the rules are those of rows.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from lottery_chat.lab.fields import Row, number, objects, text, texts
from lottery_chat.lab.heat_maps import band_of
from lottery_chat.lab.rows import Read, lettered
from lottery_chat.lab.values import Item

#: What babi writes for counts and for nothing, and what else says the same.
_SAME = {
    "none": ["none", "0", "zero", "nothing", "no objects", "not carrying any", "not carrying anything"],
    "nothing": ["nothing", "none", "not carrying any", "not carrying anything"],
    "one": ["one", "1"], "two": ["two", "2"], "three": ["three", "3"],
}  # fmt: skip


def key_value(row: Row) -> Item:
    """A JSON object of random keys, then the question for one of them."""
    records = row["records"]
    if not isinstance(records, list) or not all(isinstance(one, list) and len(one) == 2 for one in records):
        raise ValueError("the field 'records' is not a list of [key, value]")
    key = text(row, "key")
    pasted = json.dumps(dict(records), indent=1)
    question = f'What is the value of "{key}" in this JSON object?'
    return Item(text(row, "id"), f"{pasted}\n\n{question}", [text(row, "answer")], band=f"{len(records)} keys")


def needle(haystack: Callable[[str], str]) -> Read:
    """A long text with sentences hidden in it, then the question; gold: every string, none where it is absent."""

    def read(row: Row) -> Item:
        start, length = int(number(row, "start")), int(number(row, "n_chars"))
        long = haystack(text(row, "haystack"))[start : start + length]
        for one in sorted(objects(row, "needles"), key=lambda one: -number(one, "depth")):
            long = _hidden(long, text(one, "text"), int(number(one, "depth") * length))
        hidden = text(row, "kind")
        gold = [] if hidden == "absent" else texts(row, "answers")
        return Item(text(row, "id"), f"{long}\n\n{text(row, 'question')}", gold, band=hidden)

    return read


def needle_map(haystack: Callable[[str], str], kind: str) -> Read:
    """A cell of a heat map: a text of so many tokens (four letters each) with the needles at their depths."""

    def read(row: Row) -> Item | None:
        if text(row, "kind") != kind:
            return None
        tokens, depth, start = (int(number(row, name)) for name in ("tokens", "depth", "start"))
        length = 4 * tokens
        long = haystack("paul_graham")[start : start + length]
        for one in sorted(objects(row, "needles"), key=lambda one: -number(one, "depth")):
            long = _hidden(long, text(one, "text"), int(number(one, "depth") * length))
        band = band_of(tokens, depth)
        return Item(text(row, "id"), f"{long}\n\n{text(row, 'question')}", texts(row, "answers"), band=band)

    return read


def _hidden(long: str, sentence: str, at: int) -> str:
    """The sentence after the first full stop at or after `at`, or at the end if there is none."""
    stop = long.find(".", at)
    cut = stop + 1 if stop >= 0 else len(long)
    return f"{long[:cut]} {sentence} {long[cut:]}"


def babi(row: Row) -> Item:
    """A story, a fact a line, then the question; gold: {"judge", "gold"}."""
    task, said = text(row, "task"), text(row, "answer").strip().lower()
    question = "\n".join([*texts(row, "facts"), "", text(row, "question")])
    gold: Any = _SAME.get(said, [said])
    judge = "open"
    if task == "qa19":
        judge, gold = "sequence", {"kind": "compass", "tokens": said.split(",")}
    elif "," in said:
        judge, gold = "all_contained", said.split(",")
    return Item(text(row, "id"), question, {"judge": judge, "gold": gold}, band=task)


def long_document(documents: Callable[[], Mapping[str, str]]) -> Read:
    """A real document, then the question about it; gold: {"judge", "gold"}."""

    def read(row: Row) -> Item:
        asked = text(row, "question")
        question = f"{documents()[text(row, 'doc_id')].strip()}\n\n{asked}"
        gold: dict[str, Any]
        if text(row, "format") == "choice":
            gold = {"judge": "letter", "gold": {"letter": text(row, "letter"), "options": lettered(asked)}}
        else:
            said = text(row, "answer")
            gold = {"judge": "open_or_not_said", "gold": [] if said.lower().strip(" .") == "unanswerable" else [said]}
        return Item(text(row, "id"), question, gold, band=text(row, "task"))

    return read
