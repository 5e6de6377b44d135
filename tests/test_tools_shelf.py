"""The shelf: right values, exact where possible, and hostile input answered or refused in half a second."""

from __future__ import annotations

import functools
import math
import random
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.shelf_parts import CALLS, HOSTILE, every_tool, judged
from tools.errors import ToolError
from tools.shelf import dates, money, primes, twenty_four
from tools.shelf.catalogue import Tool, shelf
from tools.shelf.values import Answer, exact, rounded
from tools.tool import card_of

TOOLS: dict[str, Tool] = {tool.card.name: tool for tool in every_tool()}


def ask(name: str, *arguments: Any, **named: Any) -> Answer:
    return TOOLS[name].function(*arguments, **named)


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        ("convert_units", (26.2, "miles", "km"), "42.1648128 km"),
        ("convert_units", (180, "°C", "°F"), "= 356 °F"),
        ("measure_shape", ("triangle", [3, 4, 5]), "area 6, perimeter 12"),
        ("measure_shape", ("sphere", [3]), "volume ≈ 113.09734"),
        ("find_distance", ([1, 2], [4, 6]), "distance is 5."),
        ("find_distance", ([52.5200, 13.4050], [48.8566, 2.3522], "earth"), "877.5 km"),
        ("split_bill", (86.40, 4, 10), "23.76 each"),
        ("split_bill", (100, 3), "1 pay 33.34, 2 pay 33.33"),
        ("plan_fuel", (300, 7, 1.8), "21 litres, which cost 37.80"),
        ("scale_recipe", (["g flour", "eggs"], [250, 3], 4, 6), "375 g flour; 4.5 eggs"),
        ("count_days", ("2024-03-03", "2024-05-01"), "59 days"),
        ("count_days", ("1990-07-15", "2024-01-01"), "33 years"),
        ("count_days", ("2024-05-01", "2024-03-03"), "-59 days (3 March 2024 lies before"),
        ("shift_date", ("2024-06-03", 10, "working days"), "17 June 2024"),
        ("shift_date", ("2024-01-31", 1, "months"), "29 February 2024"),
        ("describe_date", ("1969-07-20",), "Sunday"),
        ("describe_date", ("2027-05-05",), "Easter Sunday 28 March 2027"),
        ("describe_date", ("2024-12-30",), "ISO week 1 of 2025"),
        ("convert_time_zone", ("2025-01-10 09:00", "New York", "Europe/London"), "2025-01-10 14:00"),
        ("convert_time_zone", ("2024-07-01 14:30", "Europe/Berlin", "Asia/Tokyo"), "2024-07-01 21:30"),
        ("compute_percentage", ("remove", 119, 19), "net 100.00"),
        ("compute_percentage", ("change", 800, 920), "rises by 15%"),
        ("compute_percentage", ("share", 18, 240), "7.5%"),
        ("compute_percentage", ("add", 80, -25), "= 60.00"),
        ("grow_savings", (5000, 4, 10), "7,401.22"),
        ("grow_savings", (0, 3, 20, 12, 200), "65,660.40"),
        ("repay_loan", (200000, 3.5, 300), "1,001.25 a month"),
        ("value_cash_flows", ([-1000, 400, 400, 400], 8), "NPV at 8% = 30.84; IRR ≈ 9.7010%"),
        ("value_cash_flows", ([-1000, 2300, -1320],), "not unique: 10.0000%, 20.0000%"),
        ("summarize_numbers", ([4, 8, 15, 16, 23, 42],), "mean 18, median 15.5"),
        ("summarize_numbers", ([0.1, 0.2],), "sum 0.3"),
        ("fit_line", ([1, 2, 3, 4], [2, 4, 5, 9]), "y = 2.2 · x - 0.5"),
        ("count_text", ("raspberry", "r"), "'r' occurs 3 times"),
        ("change_text", ("lantern", "reverse letters"), "nretnal"),
        ("change_text", ("e\u0301a", "reverse letters"), "ae\u0301"),
        ("compare_texts", ("listen", "silent"), "anagrams"),
        ("compare_texts", ("Never odd or even!",), "is a palindrome"),
        ("compare_texts", ("kitten", "sitting"), "edit distance 3"),
        ("encode_text", ("SOS", "morse"), "... --- ..."),
        ("encode_text", ("aGVsbG8=", "base64", "decode"), "hello"),
        ("describe_characters", ("‰",), "U+2030 PER MILLE SIGN"),
        ("arrange_list", (["9.11", "9.9", "9.2"], "sort descending"), "9.9, 9.2, 9.11"),
        ("arrange_list", (["pear", "Apple", "fig"], "sort"), "Apple, fig, pear"),
        ("combine_sets", (["a", "b"], ["b", "c"], "symmetric difference"), "a, c"),
        ("combine_sets", (["1"], ["1", "2"], "subset"), "yes"),
        ("factor_number", (360,), "2^3 × 3^2 × 5"),
        ("factor_number", (1000000016000000063,), "1000000007 × 1000000009"),
        ("find_common", ([84, 126],), "gcd 42, lcm 252"),
        ("compute_modular", (7, 2024, 10), "= 1"),
        ("write_number", ("MCMXCIV", "roman", "10"), "1994"),
        ("write_number", ("-255", "10", "16"), "-ff"),
        ("count_arrangements", ("arrangements of letters", 0, 0, "MISSISSIPPI"), "34650"),
        ("solve_linear", ([[3, 2], [1, 4]], [12, 14]), "x1 = 2, x2 = 3"),
        ("solve_linear", ([[1, 1], [2, 2]], [1, 3]), "no solution"),
        ("solve_linear", ([[1, 1], [2, 2]], [1, 2]), "infinitely many"),
        ("compute_matrix", ("determinant", [[1, 2], [3, 4]]), "-2"),
        ("compute_matrix", ("inverse", [[2, 1], [1, 1]]), "[[1, -1], [-1, 2]]"),
        ("check_digits", ("isbn", "978-0-306-40615-7"), "passes"),
        ("check_digits", ("isbn", "978-0-306-40615-6"), "fails"),
        ("check_digits", ("iban", "DE89 3704 0044 0532 0130 00"), "passes"),
        ("check_digits", ("iban", "DE89 3704 0044 0532 0130 0"), "fails"),
        ("convert_colour", ("hsl(32, 100%, 50%)",), "#ff8800"),
        ("truth_table", ("not (p and q) iff (not p or not q)",), "always true"),
        ("truth_table", ("p and not p",), "never true"),
        ("truth_table", ("p -> q -> p",), "always true"),
        ("play_24", ([1, 1, 1, 1],), "cannot make 24"),
        ("play_24", ([4, 5, 9, 10], "check", "(10 - 4) * (9 - 5)"), "right"),
        ("play_24", ([4, 5, 9, 10], "check", "4 * 9 - 10"), "instead of 4, 5, 9, 10"),
    ],
)  # fmt: skip
def test_tools_answer_right(name: str, arguments: tuple[Any, ...], text: str) -> None:
    assert text in ask(name, *arguments).text


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("convert_units", (1, "m", "kg"), "measure different things"),
        ("convert_units", (-500, "°C", "K"), "absolute zero"),
        ("measure_shape", ("triangle", [1, 2, 9]), "No triangle"),
        ("measure_shape", ("cone", [1]), "needs 2 sizes (radius, height)"),
        ("find_distance", ([91, 0], [0, 0], "earth"), "latitude (-90 to 90)"),
        ("count_days", ("2023-02-29", "2024-01-01"), "does not exist"),
        ("count_days", ("3/4/2024", "2024-01-01"), "year-month-day"),
        ("shift_date", ("9999-01-31", 100, "years"), "leave the years 1 to 9999"),
        ("convert_time_zone", ("2024-03-31 02:30", "Europe/Berlin", "UTC"), "the clocks skip it"),
        ("convert_time_zone", ("2024-03-31 02:30", "../../etc/passwd", "UTC"), "no time zone"),
        ("compute_percentage", ("change", 0, 5), "undefined"),
        ("repay_loan", (1000, 5, 1.5), "not a whole number"),
        ("summarize_numbers", ([],), "at least 1"),
        ("fit_line", ([1, 1], [2, 3]), "different numbers"),
        ("encode_text", ("x", "sha256", "decode"), "is a hash"),
        ("factor_number", ((10**12 - 11) * (10**11 + 3),), "too long"),
        ("compute_modular", (2, -1, 4), "no inverse"),
        ("write_number", ("IIII", "roman", "10"), "not a Roman numeral"),
        ("write_number", ("12", "2", "10"), "check its digits"),
        ("compute_matrix", ("inverse", [[1, 2], [2, 4]]), "no inverse"),
        ("truth_table", ("a and",), "complete it"),
        ("truth_table", ("a b",), "cannot be read from 'b'"),
        ("play_24", ([4, 5], "check", "__import__('os')"), "brackets only"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_with_the_next_step(
    name: str, arguments: tuple[Any, ...], said: str
) -> None:
    with pytest.raises(ToolError) as caught:
        ask(name, *arguments)
    assert said in str(caught.value)


@pytest.mark.parametrize("tool", every_tool(), ids=lambda tool: tool.card.name)
def test_each_card_says_when_to_use_it_and_when_not_and_asks_examples(tool: Tool) -> None:
    card = tool.card
    assert card.purpose and card.use_when and card.not_for and len(card.examples) >= 2
    assert all(one.description.strip() for one in card.arguments)
    assert set(CALLS[card.name]) <= set(tool.schema["properties"])


@pytest.mark.parametrize("tool", every_tool(), ids=lambda tool: tool.card.name)
def test_every_answer_says_where_it_came_from(tool: Tool) -> None:
    answer = tool.call(CALLS[tool.card.name])
    assert answer.text and answer.source
    assert judged(lambda: tool.call(CALLS[tool.card.name])) == "answered"


def test_names_differ_and_the_shelf_is_made_once() -> None:
    names = [tool.card.name for tool in every_tool()]
    assert len(set(names)) == len(names) == 38
    assert shelf() is shelf()


@pytest.mark.parametrize("tool", every_tool(), ids=lambda tool: tool.card.name)
def test_hostile_values_end_soon_with_an_answer_or_a_refusal(tool: Tool) -> None:
    wrong = []
    for argument in CALLS[tool.card.name]:
        for at, value in enumerate(HOSTILE):
            arguments = {**CALLS[tool.card.name], argument: value}
            bare = functools.partial(tool.function, **arguments)
            for call in (bare, functools.partial(tool.call, arguments)):
                verdict = judged(call)
                if verdict not in ("answered", "refused"):
                    wrong.append((argument, at, verdict))
    assert wrong == []


def _bare_mean(values: Any) -> Answer:
    return Answer(sum(values) / len(values), "", "")


def _bare_factors(value: Any) -> Answer:
    return Answer(next(one for one in range(2, value + 1) if value % one == 0), "", "")


def _bare_power(value: Any) -> Answer:
    return Answer(None, "", str(10**value)[:0])


@pytest.mark.parametrize(
    ("bare", "value", "seen"),
    [
        (_bare_mean, ["x"], "TypeError"),
        (_bare_mean, [], "ZeroDivisionError"),
        (_bare_mean, [float("nan")], "ValueError"),
        (_bare_factors, (10**8 + 7) * 1_000_000_007, "took"),
        (_bare_power, 5_000, "ValueError"),
    ],
)
def test_without_the_checks_the_judge_sees_it(bare: Callable[[Any], Answer], value: Any, seen: str) -> None:
    assert judged(lambda: bare(value)).startswith(seen)


def test_working_days_agree_with_a_walk_over_the_calendar() -> None:
    dice = random.Random(5)
    for _ in range(300):
        start = date(2020, 1, 1) + timedelta(days=dice.randrange(2000))
        count = dice.randint(-40, 40)
        at, left, step = start, abs(count), 1 if count >= 0 else -1
        while left:
            at += timedelta(days=step)
            left -= at.weekday() < 5
        assert dates.shift_date(start.isoformat(), count, "working days").value == at.isoformat()


def test_easter_agrees_with_the_table_of_known_years() -> None:
    known = {
        1818: "1818-03-22",
        1943: "1943-04-25",
        2000: "2000-04-23",
        2024: "2024-03-31",
        2025: "2025-04-20",
        2038: "2038-04-25",
    }
    for year, day in known.items():
        value = dates.describe_date(f"{year}-06-01").value
        assert isinstance(value, dict) and value["easter"] == day


def test_a_loan_ends_at_nought_and_its_parts_add_up() -> None:
    value = money.repay_loan(123_456.78, 4.35, 217).value
    assert isinstance(value, dict)
    rows: Any = value["schedule"]
    assert len(rows) == 217 and rows[-1][4] == 0.0
    assert sum((Fraction(str(row[3])) for row in rows), Fraction(0)) == Fraction("123456.78")


def test_statistics_agree_with_the_standard_library() -> None:
    dice = random.Random(1)
    for size in (2, 3, 10, 101):
        values = [round(dice.uniform(-50, 50), 3) for _ in range(size)]
        found: Any = ask("summarize_numbers", values).value
        assert found["stdev_sample"] == pytest.approx(statistics.stdev(values))
        assert found["median"] == pytest.approx(statistics.median(values))
        assert found["q1"] == pytest.approx(statistics.quantiles(values, n=4, method="inclusive")[0])
        other = [round(dice.uniform(-50, 50), 3) for _ in range(size)]
        line: Any = ask("fit_line", values, other).value
        assert line["slope"] == pytest.approx(statistics.linear_regression(values, other).slope)
        assert line["correlation"] == pytest.approx(statistics.correlation(values, other))


def test_factors_multiply_back_to_the_number() -> None:
    dice = random.Random(3)
    for _ in range(200):
        number = dice.randrange(2, 10**12)
        found: Any = ask("factor_number", number).value
        assert math.prod(found["factors"]) == number
        assert all(primes.is_prime(one) for one in found["factors"])


def test_primality_agrees_with_trial_division() -> None:
    for number in range(3_000):
        assert primes.is_prime(number) == (number > 1 and all(number % one for one in range(2, math.isqrt(number) + 1)))


def test_every_solution_of_the_game_of_24_passes_its_own_check() -> None:
    dice, solved = random.Random(24), 0
    for _ in range(60):
        numbers = [dice.randint(1, 13) for _ in range(4)]
        found = twenty_four.play_24(numbers)
        if found.value is not None:
            solved += 1
            assert twenty_four.play_24(numbers, "check", str(found.value)).value is True
    assert solved > 30


def test_the_moves_of_the_game_lead_to_a_state_with_one_number_less() -> None:
    found = list(twenty_four.moves((Fraction(0), Fraction(3))))
    assert {one.text for one in found} == {"0 + 3 = 3", "0 - 3 = -3", "3 - 0 = 3", "0 * 3 = 0", "0 / 3 = 0"}
    assert all(len(one.left) == 1 for one in found)


def test_decimals_are_read_exactly_and_money_is_rounded_half_up() -> None:
    assert exact(0.1, "x") == Fraction(1, 10)
    assert str(rounded(Fraction("2.675"))) == "2.68"
    assert str(rounded(Fraction("-2.675"))) == "-2.68"
    assert rounded(Fraction(1, 3), 0) == 0


def test_a_draw_is_repeatable_by_its_seed() -> None:
    names = [f"name {one}" for one in range(40)]
    assert ask("draw_random", names, 5, seed=1).value == ask("draw_random", names, 5, seed=1).value
    assert ask("draw_random", names, 5, seed=1).value != ask("draw_random", names, 5, seed=2).value


def test_the_cards_of_functions_and_their_names_agree() -> None:
    for tool in shelf():
        assert card_of(tool.function).name == tool.card.name
