"""Lists and sets: sorted, counted, made unique; union, intersection, difference."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from typing import Literal

from tools.shelf.values import Answer, chosen, several, strings

_NUMBER = re.compile(r"[-+]?\d{1,300}(?:\.\d{1,300})?")
_READ = "read off the given lists"


def arrange_list(
    items: list[str],
    way: Literal["sort", "sort descending", "sort by length", "unique", "count", "reverse", "duplicates"],
) -> Answer:
    """Sort a list of words or numbers, count how often each item occurs, remove or find duplicates, reverse it.

    Use when: items must be put in alphabetical or numerical order, counted or made unique.
    Not for: averages (summarize_numbers), letters of a text (count_text).

    Args:
        items: the items; if all are numbers they are sorted as numbers.
        way: what is done with them.

    Examples:
        - Put pear, apple and fig in alphabetical order.
        - Sort 9.11, 9.9 and 9.2 from high to low.
        - How often does each colour occur in red, blue, red?
        - sort alphabetically: pear, fig, apple
        - remove the duplicates from x, y, x, z
        - put 0.3, 0.25 and 0.31 in ascending order
    """
    given = strings(items, "items")
    kind = chosen(way, ("sort", "sort descending", "sort by length", "unique", "count", "reverse", "duplicates"), "way")
    counts = Counter(given)
    if kind == "count":
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], _order(pair[0])))
        text = f"{several(len(given), 'item')}, {len(counts):,} different: " + ", ".join(
            f"{k} {n}" for k, n in ranked[:50]
        )
        return Answer(dict(ranked), text, _READ)
    numeric = all(_NUMBER.fullmatch(one) for one in given)
    found = {
        "sort": lambda: _sorted(given, numeric),
        "sort descending": lambda: _sorted(given, numeric)[::-1],
        "sort by length": lambda: sorted(given, key=lambda one: (len(one), _order(one))),
        "unique": lambda: list(counts),
        "reverse": lambda: given[::-1],
        "duplicates": lambda: [one for one, count in counts.items() if count > 1],
    }[kind]()
    return Answer(
        [*found], ", ".join(found) or "none", _READ, ("sorted as numbers",) if numeric and "sort" in kind else ()
    )


def _sorted(items: list[str], numeric: bool) -> list[str]:
    return sorted(items, key=Fraction) if numeric else sorted(items, key=_order)


def _order(word: str) -> tuple[str, str]:
    return word.casefold(), word


def combine_sets(
    first: list[str],
    second: list[str],
    operation: Literal["union", "intersection", "difference", "symmetric difference", "subset", "product"],
) -> Answer:
    """Combine two sets: union, intersection, difference, symmetric difference, subset test, Cartesian product.

    Use when: what two lists share, what only one has, or all of both is asked for.
    Not for: sorting one list (arrange_list).

    Args:
        first: the first set.
        second: the second set.
        operation: what is asked; difference: in the first, not in the second; subset: is the first within the second.

    Examples:
        - Which names stand on both lists?
        - Who is on the guest list but has not answered?
        - Is {1, 2} a subset of {1, 2, 3}?
        - Which numbers are in both 1, 2, 3 and 2, 3, 4?
        - What do the lists a, b, c and b, c, d have in common?
    """
    one, two = dict.fromkeys(strings(first, "first")), dict.fromkeys(strings(second, "second"))
    kinds = ("union", "intersection", "difference", "symmetric difference", "subset", "product")
    kind = chosen(operation, kinds, "operation")
    if kind == "subset":
        missing = [item for item in one if item not in two]
        text = (
            f"yes, all {len(one)} are in the second"
            if not missing
            else f"no: {', '.join(missing[:20])} not in the second"
        )
        return Answer(not missing, text, _READ)
    if kind == "product":
        if len(one) * len(two) > 10_000:
            return Answer(None, f"{len(one) * len(two):,} pairs, too many to list", _READ)
        pairs = [[a, b] for a in one for b in two]
        return Answer(
            [[*pair] for pair in pairs],
            f"{several(len(pairs), 'pair')}: " + ", ".join(f"({a}, {b})" for a, b in pairs[:50]),
            _READ,
        )
    found = {
        "union": [*one, *(item for item in two if item not in one)],
        "intersection": [item for item in one if item in two],
        "difference": [item for item in one if item not in two],
        "symmetric difference": [
            *(item for item in one if item not in two),
            *(item for item in two if item not in one),
        ],
    }[kind]
    return Answer([*found], f"{several(len(found), 'item')}: {', '.join(found)}" if found else "none", _READ)
