"""JSON paths: a small language of keys, places, slices, one comparison; nothing is evaluated."""

from __future__ import annotations

import time

import pytest

from tools.errors import ToolError
from tools.json_path import find_places, read_json

DOCUMENT = read_json(
    '{"shop": {"name": "Corner", "items": [{"name": "tea", "price": 4.5, "id": 1}, {"name": "jam", "price": 12, "id": 2},'
    ' {"name": "oil", "price": 9, "id": 3, "new": true}]}, "odd key": {"a.b": 1}, "id": 0}'
)


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [DOCUMENT]),
        ("$.shop.name", ["Corner"]),
        ("shop.name", ["Corner"]),
        ("$.shop.items[0].name", ["tea"]),
        ("$.shop.items[-1].id", [3]),
        ("$.shop.items[*].price", [4.5, 12, 9]),
        ("$.shop.items[1:].name", ["jam", "oil"]),
        ("$.shop.items[:1].name", ["tea"]),
        ("$..id", [1, 2, 3, 0]),
        ("$['odd key']['a.b']", [1]),
        ('$["odd key"].*', [1]),
        ("$.shop.items[?price < 10].name", ["tea", "oil"]),
        ("$.shop.items[?(@.name == 'jam')].id".replace("(", "").replace(")", ""), [2]),
        ("$.shop.items[?new = true].name", ["oil"]),
        ("$.shop.items[?name >= \"oil\"].id", [1, 3]),
    ],
)  # fmt: skip
def test_a_path_leads_to_its_values(path: str, values: list[object]) -> None:
    found = [one.value for one in find_places(DOCUMENT, path)]
    assert sorted(map(str, found)) == sorted(map(str, values))


def test_places_say_where_they_are() -> None:
    assert [one.path for one in find_places(DOCUMENT, "$.shop.items[?price > 10].name")] == ["$.shop.items[1].name"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("$.shop.title", "an object with the keys name, items"),
        ("$.shop.items[7]", "a list of 3"),
        ("$.shop.name.first", "the value"),
        ("$.shop[?__import__('os').system('x')]", "cannot be read"),
        ("$.shop.items[0", "cannot be read"),
        ("$ $", "cannot be read"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_is_there(path: str, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        find_places(DOCUMENT, path)


@pytest.mark.parametrize(
    "text", ["", "{", "{'a': 1}", "[NaN]", "[" * 200_000, "9" * 5_000, "[1" + ",1" * 1_500_000 + "]", '{"a":Infinity}']
)
def test_what_is_no_json_is_refused(text: str) -> None:
    began = time.process_time()
    with pytest.raises(ToolError):
        read_json(text)
    assert time.process_time() - began < 0.5


def test_a_path_that_leads_to_very_many_values_is_refused_in_time() -> None:
    wide = read_json("[" + ",".join(["[" + ",".join(["1"] * 1_000) + "]"] * 200) + "]")
    began = time.process_time()
    for path in ("$[*][*]", "$..x", "$" + "..*" * 50):
        with pytest.raises(ToolError):
            find_places(wide, path)
    assert time.process_time() - began < 1.5
