"""Money without a currency: percentages and tax, savings, loans with their schedule, cash flows with NPV and IRR."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from tools.errors import ToolError
from tools.shelf.values import (
    JSON,
    Answer,
    chosen,
    decimals,
    exact,
    number,
    numbers,
    plain,
    rounded,
    several,
    shown,
    whole,
)

_CENTS = "computed exactly, rounded to cents at the end"
_MOST = 10**15
_ROWS = 1_200


def compute_percentage(
    kind: Literal["part", "share", "change", "add", "remove"], amount: float, other: float
) -> Answer:
    """Compute percentages, discounts, markups, increases and value added tax (VAT).

    Use when: percent of something, a rise or fall in percent, a price with or without tax or discount.
    Not for: interest over several years (grow_savings).

    Args:
        kind: part: `amount` percent of `other`; share: how many percent `amount` is of `other`; change: from `amount`
            to `other` in percent; add: `amount` raised by `other` percent (tax on top; negative for a discount);
            remove: the net of `amount`, which contains `other` percent (tax taken out).
        amount: the first number.
        other: the second number.

    Examples:
        - What is the net price of 119 with 19% VAT included?
        - How many percent is 18 of 240?
        - By what percentage did the rent rise from 800 to 920?
        - A coat of 120 euros is reduced by 30%, what do I pay?
        - price without VAT of 59.50 at 19%
    """
    way = chosen(kind, ("part", "share", "change", "add", "remove"), "kind")
    a, b = exact(amount, "amount"), exact(other, "other")
    if (way == "share" and b == 0) or (way == "change" and a == 0):
        raise ToolError(f"A percentage of 0 is undefined ({shown(amount)}, {shown(other)}); give another base.")
    if way == "remove" and b <= -100:
        raise ToolError(f"other is {shown(other)}; a price cannot contain -100 percent or less.")
    if way == "part":
        return Answer(plain(a * b / 100), f"{number(a)}% of {number(b)} = {number(a * b / 100)}", "computed exactly")
    if way == "share":
        return Answer(plain(a / b * 100), f"{number(a)} is {number(a / b * 100)}% of {number(b)}", "computed exactly")
    if way == "change":
        rise = (b - a) / abs(a) * 100
        word = "rises" if rise >= 0 else "falls"
        text = f"from {number(a)} to {number(b)} it {word} by {number(abs(rise))}%"
        return Answer(plain(rise), text, "computed exactly")
    net, gross = (a, a * (1 + b / 100)) if way == "add" else (a / (1 + b / 100), a)
    text = f"net {decimals(net)} + {number(b)}% ({decimals(gross - net)}) = {decimals(gross)}"
    value = {"net": cents(net), "percent_amount": cents(gross - net), "gross": cents(gross)}
    return Answer({**value}, text, _CENTS)


def cents(value: Fraction) -> float:
    """Return an amount rounded half up to cents."""
    return float(rounded(value))


def grow_savings(
    principal: float, annual_percent: float, years: float, compounds_per_year: int = 1, added_per_period: float = 0
) -> Answer:
    """Compute compound interest: what savings grow to, with regular contributions.

    Use when: money is invested or saved at an interest rate for some years.
    Not for: repaying a loan (repay_loan).

    Args:
        principal: money at the start.
        annual_percent: interest in percent a year.
        years: for how long; whole periods are counted.
        compounds_per_year: how often interest is added: 1 yearly, 12 monthly.
        added_per_period: money put in at the end of each period.

    Examples:
        - What do 5000 grow to in 10 years at 4% interest?
        - If I save 200 a month at 3% for 20 years, what do I have?
        - I put 3000 in the bank at 2 percent a year, how much will it be in 8 years?
    """
    start = exact(principal, "principal", 0, _MOST)
    often = whole(compounds_per_year, "compounds_per_year", 1, 366)
    periods = exact(years, "years", 0, 200) * often
    if periods.denominator != 1:
        raise ToolError(f"years is {shown(years)}, which is no whole number of the {often} periods a year; round it.")
    rate = _seen(exact(annual_percent, "annual_percent", -100, 1000) / 100 / often)
    added = exact(added_per_period, "added_per_period", 0, _MOST)
    count = periods.numerator
    factor = power(1 + rate, count)
    end = start * factor + (added * (factor - 1) / rate if rate else added * count)
    if abs(end) > 10**30:
        raise ToolError(
            f"{shown(annual_percent)} percent over {shown(years)} years grow beyond 10^30; check the rate and the years."
        )
    paid = start + added * count
    text = (
        f"{decimals(end)} after {several(count, 'period')}: {decimals(paid)} paid in, {decimals(end - paid)} interest"
    )
    steps = (f"{number(start)} × (1 + {number(rate)})^{count}",) if not added else ()
    return Answer({"end": cents(end), "paid_in": cents(paid), "interest": cents(end - paid)}, text, _CENTS, steps)


def power(base: Fraction, exponent: int) -> Fraction:
    """Return base^exponent with 60 significant digits kept, so that 10,000 periods cost no more than ten."""
    result, square = Fraction(1), base
    while exponent:
        if exponent & 1:
            result = _short(result * square)
        exponent >>= 1
        square = _short(square * square) if exponent else square
    return result


def _seen(rate: Fraction) -> Fraction:
    """Return a rate, 0 where it is too small to move a cent; else 1 + rate would lose it and be divided by 0."""
    return rate if abs(rate) > Fraction(1, 10**18) else Fraction(0)


def _short(value: Fraction) -> Fraction:
    """Cut a fraction to 200 bits of precision; small ones stay exact."""
    if value.denominator.bit_length() <= 400 or value == 0:
        return value
    scale = 200 + max(0, value.denominator.bit_length() - value.numerator.bit_length())
    return Fraction((value.numerator << scale) // value.denominator, 1 << scale)


def repay_loan(principal: float, annual_percent: float, months: int) -> Answer:
    """Compute the monthly payment of a loan or mortgage, the interest paid, and the repayment schedule.

    Use when: a credit with a fixed rate is repaid in equal monthly instalments.
    Not for: savings (grow_savings).

    Args:
        principal: money borrowed.
        annual_percent: interest in percent a year.
        months: number of monthly payments.

    Examples:
        - What is the monthly payment for 200000 at 3.5% over 25 years?
        - How much interest do I pay on a car loan of 15000 at 6% for 48 months?
        - What do I pay each month on a loan of 12000 over 5 years at 5%?
    """
    debt = exact(principal, "principal", 0.01, _MOST)
    rate = _seen(exact(annual_percent, "annual_percent", 0, 1000) / 1200)
    count = whole(months, "months", 1, _ROWS)
    payment = debt * rate / (1 - 1 / power(1 + rate, count)) if rate else debt / count
    monthly = Fraction(rounded(payment))
    owed, interest_paid = debt, Fraction(0)
    rows: list[JSON] = []
    for month in range(1, count + 1):
        interest = Fraction(rounded(owed * rate))
        paid = owed + interest if month == count or owed + interest < monthly else monthly
        owed += interest - paid
        interest_paid += interest
        rows.append([month, cents(paid), cents(interest), cents(paid - interest), cents(owed)])
        if owed <= 0:
            break
    text = f"{decimals(monthly)} a month for {several(len(rows), 'month')}; {decimals(interest_paid)} interest in all"
    columns = "schedule: month, payment, interest, repaid, still owed; the last payment settles the cents"
    value = {"payment": cents(monthly), "interest": cents(interest_paid), "total": cents(debt + interest_paid)}
    return Answer({**value, "schedule": [*rows]}, text, "annuity formula, each month rounded to cents", (columns,))


def value_cash_flows(flows: list[float], annual_percent: float = 0) -> Answer:
    """Compute the net present value (NPV) and the internal rate of return (IRR) of yearly cash flows.

    Use when: an investment with money paid now and received in later years is judged.
    Not for: a loan with equal payments (repay_loan).

    Args:
        flows: money each year, the first one now; negative is paid, positive received.
        annual_percent: discount rate in percent a year for the NPV.

    Examples:
        - What is the NPV at 8% of paying 1000 now and getting 400 in each of the next 3 years?
        - Which internal rate of return has -500, 200, 200, 250?
        - NPV of -500, 200, 300 at 6%
    """
    given = numbers(flows, "flows", 1, 200)
    if max(map(abs, given)) > _MOST:
        raise ToolError(f"A flow is beyond {_MOST:,}; use a larger unit of money.")
    rate = exact(annual_percent, "annual_percent", -99, 1000) / 100
    value = _npv(given, rate)
    rates = _rates(given)
    text = f"NPV at {number(rate * 100)}% = {decimals(value)}; "
    if len(rates) == 1:
        text += f"IRR ≈ {rates[0] * 100:.4f}%"
    else:
        text += (
            f"IRR is not unique: {', '.join(f'{one * 100:.4f}%' for one in rates)}"
            if rates
            else "no IRR between -99% and 1,000%"
        )
    found = [round(one * 100, 6) for one in rates]
    return Answer({"npv": cents(value), "irr_percent": [*found]}, text, "computed; IRR by bisection")


def _npv(flows: Sequence[Fraction], rate: Fraction) -> Fraction:
    value, factor, one = Fraction(0), Fraction(1), 1 / (1 + rate)
    for flow in flows:
        value = _short(value + flow * factor)
        factor = _short(factor * one)
    return value


def _rates(flows: Sequence[Fraction]) -> list[float]:
    """Every rate in -99 % … 1,000 % where the value changes sign on a grid, refined by bisection."""
    money = [float(one) for one in flows]

    def worth(discount: float) -> float:
        value = 0.0
        for flow in reversed(money):
            value = value * discount + flow
        return value

    # Over the discount factor 1 / (1 + rate) the value is a polynomial; the grid is even in the rate's logarithm.
    grid = [(1 / 11) * (100 * 11) ** (at / 400) for at in range(401)]
    found = []
    for low, high in zip(grid, grid[1:]):
        left, right = worth(low), worth(high)
        if left == 0:
            found.append(1 / low - 1)
        elif left * right < 0:
            for _ in range(80):
                middle = (low + high) / 2
                low, high = (middle, high) if worth(middle) * left > 0 else (low, middle)
            found.append(1 / low - 1)
    return sorted(found) if any(money) else []
