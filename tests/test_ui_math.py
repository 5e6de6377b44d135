"""Formulas on the page: what is drawn, what stays text, and that nothing of TeX can reach out. Runs static/math.js in node."""

from __future__ import annotations

import time
from typing import Any

import pytest
from test_ui_markdown import node, nodes, parse, run  # noqa: F401  (node is a fixture)


def tree(node: str, text: str) -> Any:  # noqa: F811
    from test_ui_markdown import STATIC

    return run(node, "(await import(values[0])).tex(values[1])", f"{STATIC.as_uri()}/math.js", text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"\frac{1}{2}", ["mfrac", ["mn", "1"], ["mn", "2"]]),
        (r"x^2", ["msup", ["mi", "x"], ["mn", "2"]]),
        (r"x_{i}^{2}", ["msubsup", ["mi", "x"], ["mi", "i"], ["mn", "2"]]),
        (r"\sqrt[3]{8}", ["mroot", ["mn", "8"], ["mn", "3"]]),
        (r"\sum_{i=1}^n i", ["mrow", ["munderover", ["mo", "∑"], ["mrow", ["mi", "i"], ["mo", "="], ["mn", "1"]], ["mi", "n"]], ["mi", "i"]]),
        (r"10 + 2 = 12 \text{ dollars}", ["mrow", ["mn", "10"], ["mo", "+"], ["mn", "2"], ["mo", "="], ["mn", "12"], ["mtext", "\u00a0dollars"]]),
        (r"1,250.5 \times 3", ["mrow", ["mn", "1,250.5"], ["mo", "×"], ["mn", "3"]]),
        (r"\left( a \right)", ["mrow", ["mo", "("], ["mi", "a"], ["mo", ")"]]),
        (r"\boxed{42\%}", ["mrow", ["mn", "42"], ["mo", "%"]]),
    ],
)  # fmt: skip
def test_the_formulas_of_small_models_are_read(node: str, text: str, wanted: Any) -> None:  # noqa: F811
    assert tree(node, text) == wanted


def test_rows_of_aligned_steps_become_a_table_and_an_empty_last_row_goes(node: str) -> None:  # noqa: F811
    found = tree(node, r"\begin{aligned} a &= 1 \\ b &= 2 \\ \end{aligned}")
    assert [row[0] for row in found[2][1:]] == ["mtr", "mtr"]


@pytest.mark.parametrize(
    "text",
    [
        "", r"\href{javascript:pwned()}{x}", r"\htmlData{x=1}{y}", r"\includegraphics{http://far.example/a.png}", r"\frac{1}", r"{x", "x}", r"\left( x",
        r"\begin{matrix} 1", r"\begin{matrix} 1 \end{cases}", "x^2^3", r"\constructor", r"\__proto__", r"\toString", r"\mathbb{constructor}", "a & b",
        r"\begin{constructor} 1 \end{constructor}", "{" * 40 + "x" + "}" * 40, r"\sqrt" * 40 + "x", "x" * 2001, r"\text{\href{a}{b}}", r"\begin", r"\left", "^", "_", "\x1b",
    ],
)  # fmt: skip
def test_what_is_not_known_is_no_formula(node: str, text: str) -> None:  # noqa: F811
    assert tree(node, text) is None


@pytest.mark.parametrize(
    "text", ["{" * 1999, r"\frac" * 400, "^" * 1999, r"\begin{matrix}" * 140, "&" * 1999, r"\left(" * 330, "_x" * 990]
)
def test_long_nonsense_ends_at_once(node: str, text: str) -> None:  # noqa: F811
    since = time.monotonic()
    tree(node, text)
    assert time.monotonic() - since < 10.0  # node itself takes most of it on a busy machine


def kinds(node: str, text: str) -> list[str]:  # noqa: F811
    return [one["s"].strip() for one in nodes(parse(node, text)) if one.get("t") == "math"]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"So \( a + b \) is it.", ["a + b"]),
        ("First:\n\\[\n10 + 2 = 12\n\\]\nThen more.", ["10 + 2 = 12"]),
        ("$$x = 3$$", ["x = 3"]),
        ("The value $x$ and $x^2 = 4$.", ["x", "x^2 = 4"]),
        ("It costs $5 and $6.", []),
        ("Between $5 per seat and <$9 a box$ there is none.", []),
        ("$5 < $6", []),
        (r"An array\[0\] is not one\(s\).", []),
        ("`$x^2$` is code", []),
        ("```\n$$x$$\n```", []),
        ("$$never ends", []),
        (r"\( \unknown{x} \)", []),
    ],
)
def test_formulas_are_found_and_money_and_code_are_not(node: str, text: str, formulas: list[str]) -> None:  # noqa: F811
    assert kinds(node, text) == formulas


def test_words_round_a_formula_on_lines_of_its_own_stay(node: str) -> None:  # noqa: F811
    blocks = parse(node, "First:\n\\[ 10 + 2 = 12 \\].\nThen more.")[0]
    assert [one["t"] for one in blocks] == ["p", "math", "p"] and blocks[1]["after"] == "."
