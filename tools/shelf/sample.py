"""Statistics of numbers that are given: averages, spread, quantiles, correlation and a fitted line; draws by a seed."""

from __future__ import annotations

import math
import random
import statistics
from fractions import Fraction

from tools.errors import ToolError
from tools.shelf.measures import root
from tools.shelf.values import Answer, number, numbers, plain, shown, strings, whole

_EXACT = "computed exactly from the given numbers"


def summarize_numbers(values: list[float]) -> Answer:
    """Compute mean, median, mode, range, quartiles, variance and standard deviation of a list of numbers.

    Use when: an average or a measure of spread of given numbers is asked for.
    Not for: two series that belong together (fit_line).

    Args:
        values: the numbers.

    Examples:
        - What are the mean and median of 4, 8, 15, 16, 23, 42?
        - Find the standard deviation of these test scores: 71, 85, 90, 64.
        - Which number occurs most often in 3, 7, 3, 9?
        - median of 7, 1, 5
        - standard deviation of 1, 2, 3, 4
    """
    whole, unit = _scaled(numbers(values, "values"))
    whole.sort()
    count, total = len(whole), Fraction(sum(whole), unit)
    squares = _products(whole, whole, unit)
    modes = statistics.multimode(whole)
    low, high = Fraction(whole[0], unit), Fraction(whole[-1], unit)
    found: dict[str, Fraction] = {
        "count": Fraction(count), "sum": total, "mean": total / count, "median": _quantile(whole, Fraction(1, 2)) / unit,
        "min": low, "max": high, "range": high - low,
        "q1": _quantile(whole, Fraction(1, 4)) / unit, "q3": _quantile(whole, Fraction(3, 4)) / unit,
        "variance_population": squares / count, "stdev_population": _stdev(squares / count),
    }  # fmt: skip
    if count > 1:
        found |= {"variance_sample": squares / (count - 1), "stdev_sample": _stdev(squares / (count - 1))}
    mode = [plain(Fraction(one, unit)) for one in modes[:20]] if len(modes) < count or count == 1 else []
    shown = ("count", "sum", "mean", "median", "min", "max", "stdev_sample" if count > 1 else "stdev_population")
    text = ", ".join(f"{name.replace('_', ' ')} {near(found[name])}" for name in shown)
    text += f", mode {', '.join(map(str, mode))}" if mode else ", no mode (no number occurs more often)"
    value = {**{name: plain(one) for name, one in found.items()}, "mode": [*mode]}
    return Answer(value, text, _EXACT, ("quartiles: linear interpolation between the nearest ranks",))


def _scaled(given: list[Fraction]) -> tuple[list[int], int]:
    """Write numbers as whole multiples of one small unit, so that thousands are added without a thousand gcds."""
    unit = math.lcm(*(one.denominator for one in given))
    return [one.numerator * (unit // one.denominator) for one in given], unit


def _products(x: list[int], y: list[int], unit: int) -> Fraction:
    """Sum of (x - mean of x) (y - mean of y) over pairs in that unit."""
    count = len(x)
    return Fraction(count * sum(a * b for a, b in zip(x, y)) - sum(x) * sum(y), count * unit * unit)


def _quantile(ordered: list[int], share: Fraction) -> Fraction:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _stdev(variance: Fraction) -> Fraction:
    if variance.numerator.bit_length() > 900 or variance.denominator.bit_length() > 900:
        raise ToolError("The numbers differ by more than 10^130; their spread is beyond what is computed. Scale them.")
    return root(variance)


def near(value: Fraction) -> str:
    """Return a number in short: exact up to six decimals, else ≈ with eight digits."""
    return number(value) if 10**6 % value.denominator == 0 else f"≈ {float(value):.8g}"


def fit_line(x: list[float], y: list[float]) -> Answer:
    """Compute the correlation of two series of numbers and the line of regression through them.

    Use when: two lists of equal length are compared, a trend line, slope, correlation or least squares is wanted.
    Not for: the average of one list (summarize_numbers).

    Args:
        x: the first series.
        y: the second series, as long as the first.

    Examples:
        - How strongly are 1, 2, 3, 4 and 2, 4, 5, 9 correlated?
        - Fit a straight line through (1, 3), (2, 5), (4, 9).
        - Is there a correlation between 3, 5, 8 and 2, 4, 9?
    """
    xs, ys = numbers(x, "x", 2), numbers(y, "y", 2)
    if len(xs) != len(ys):
        raise ToolError(f"x has {len(xs)} numbers and y {len(ys)}; give pairs.")
    if max(map(abs, [*xs, *ys])) > 10**60:
        raise ToolError("A number is beyond 10^60; scale the series first.")
    whole, unit = _scaled([*xs, *ys])
    first, second = whole[: len(xs)], whole[len(xs) :]
    mean_x, mean_y = Fraction(sum(first), unit * len(xs)), Fraction(sum(second), unit * len(xs))
    sxx, syy, sxy = _products(first, first, unit), _products(second, second, unit), _products(first, second, unit)
    if sxx == 0:
        raise ToolError(f"All of x are {number(xs[0])}, so that no line over x exists; give different numbers.")
    slope = sxy / sxx
    start = mean_y - slope * mean_x
    square = sxy**2 / (sxx * syy) if syy else None
    r = None if square is None else (1 if sxy >= 0 else -1) * root(square)
    text = f"y = {near(slope)} · x {'+' if start >= 0 else '-'} {near(abs(start))}"
    text += f", correlation r {near(r)}" if r is not None else ", correlation undefined (all of y are equal)"
    value = {"slope": plain(slope), "intercept": plain(start), "correlation": None if r is None else plain(r)}
    return Answer({**value}, text, "computed exactly: least squares, Pearson")


def draw_random(choices: list[str], count: int = 1, low: int = 0, high: int = 0, seed: int = 0) -> Answer:
    """Draw at random: names from a list, a shuffled order, dice or whole numbers of a range; repeatable by its seed.

    Use when: a random choice, lottery, dice roll, shuffle or teams are wanted.
    Not for: probabilities.

    Args:
        choices: what to draw from without putting back; empty to draw numbers from low to high instead.
        count: how many to draw.
        low: least number where choices is empty.
        high: greatest number where choices is empty.
        seed: the same seed draws the same.

    Examples:
        - Pick two winners at random from Ana, Ben, Cleo and Dan.
        - Roll three dice.
        - Shuffle these five names.
        - Flip a coin.
        - Heads or tails?
        - Give me a random number between 1 and 50.
        - Choose a random person from Tim, Eva and Lu.
    """
    names = strings(choices, "choices")
    many = whole(count, "count", 1, 1_000)
    dice = random.Random(whole(seed, "seed", -(10**18), 10**18))
    source = f"Python's Mersenne Twister with seed {seed}; not for secrets"
    if names:
        if many > len(names):
            raise ToolError(f"count is {many}, but there are only {len(names)} choices; draw fewer.")
        drawn = dice.sample(names, many)
        return Answer([*drawn], ", ".join(drawn), source)
    least, most = whole(low, "low", -(10**18), 10**18), whole(high, "high", -(10**18), 10**18)
    if most <= least:
        raise ToolError(
            f"choices is empty and low {shown(low)} is not below high {shown(high)}; give choices or a range."
        )
    rolled = [dice.randint(least, most) for _ in range(many)]
    return Answer([*rolled], ", ".join(map(str, rolled)), source)
