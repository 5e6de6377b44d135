"""Whole numbers: primes, factors, gcd and lcm, modular powers, other bases, Roman numerals, combinatorics."""

from __future__ import annotations

import math
import time
from collections import Counter
from fractions import Fraction
from typing import Literal

from tools.errors import ToolError
from tools.results import number_text
from tools.shelf.primes import is_prime, prime_factors
from tools.shelf.values import JSON, Answer, chosen, listed, number, several, shown, string, whole

_SECONDS = 0.3
_EXACT = "computed exactly"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
          (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_SIGNS = "0123456789abcdefghijklmnopqrstuvwxyz"


def factor_number(value: int) -> Answer:
    """Factor a whole number: its prime factors, divisors, whether it is prime, and the next prime.

    Use when: primes, prime factorisation or divisors of one number are asked for.
    Not for: what two numbers have in common (find_common).

    Args:
        value: a whole number from 1 to 10^24.

    Examples:
        - Is 7919 a prime number?
        - What are the prime factors of 360?
        - List all divisors of 84.
        - prime factorization of 84
        - list the divisors of 36
    """
    given = whole(value, "value", 1, 10**24)
    factors = Counter(prime_factors(given, time.monotonic() + _SECONDS))
    prime = sum(factors.values()) == 1
    divisors = [1]
    for base, times in factors.items():
        divisors = [one * base**power for one in divisors for power in range(times + 1)]
    following = next(one for one in range(given + 1, given + 2000) if is_prime(one))
    written = (
        " × ".join(f"{base}^{times}" if times > 1 else str(base) for base, times in sorted(factors.items())) or "1"
    )
    text = f"{given} is prime" if prime else f"{given} = {written}, {several(len(divisors), 'divisor')}"
    text = text if given > 1 else "1 has no prime factors"
    found: dict[str, JSON] = {
        "prime": prime, "factors": [*sorted(factors.elements())], "divisors": [*sorted(divisors)[:1000]],
        "divisor_count": len(divisors), "next_prime": following,
    }  # fmt: skip
    return Answer(found, f"{text}; the next prime is {following}", _EXACT)


def find_common(values: list[int]) -> Answer:
    """Compute the greatest common divisor (gcd) and least common multiple (lcm) of whole numbers.

    Use when: gcd, lcm, largest equal groups, or when repeating events meet again.
    Not for: prime factors of one number (factor_number).

    Args:
        values: two or more whole numbers.

    Examples:
        - What is the greatest common divisor of 84 and 126?
        - Two buses leave every 12 and every 18 minutes; after how long do they leave together again?
        - gcd(48, 36)
        - lcm of 6 and 8
    """
    given = [
        whole(one, f"values[{at}]", -(10**100), 10**100) for at, one in enumerate(listed(values, "values", 2, 1000))
    ]
    divisor, multiple = math.gcd(*given), 1
    for one in given:
        multiple = math.lcm(multiple, one)
        if multiple.bit_length() > 3_300:
            raise ToolError(
                f"The least common multiple of {shown(values)} has more than 1,000 digits; give fewer numbers."
            )
    text = f"gcd {number(Fraction(divisor))}, lcm {number(Fraction(multiple))}"
    return Answer({"gcd": divisor, "lcm": multiple}, text, _EXACT)


def compute_modular(base: int, exponent: int, modulus: int) -> Answer:
    """Compute a power modulo a number: base^exponent mod modulus, also the last digits or the modular inverse.

    Use when: the remainder of a huge power, its last digits, or an inverse modulo n (exponent -1) is asked for.
    Not for: a plain remainder.

    Args:
        base: the base.
        exponent: the exponent; -1 for the inverse.
        modulus: what it is divided by; 10 for the last digit, 100 for the last two.

    Examples:
        - What is the last digit of 7^2024?
        - What is the inverse of 3 modulo 11?
        - last two digits of 7^50
        - 23 mod 4
    """
    a, n = whole(base, "base", -(10**300), 10**300), whole(modulus, "modulus", 1, 10**300)
    power = whole(exponent, "exponent", -(10**300), 10**300)
    try:
        found = pow(a, power, n)
    except ValueError:
        raise ToolError(f"{shown(base)} has no inverse modulo {shown(modulus)}: they share a factor.") from None
    return Answer(found, f"{number(Fraction(a))}^{number(Fraction(power))} mod {number(Fraction(n))} = {found}", _EXACT)


def write_number(value: str, from_base: str = "10", to_base: str = "2") -> Answer:
    """Write a whole number in another base: binary, octal, hexadecimal, base 2 to 36, or as a Roman numeral.

    Use when: conversion between decimal, binary, hex, octal or Roman numerals.
    Not for: units of measure (convert_units).

    Args:
        value: the number as it is written, such as 255, ff, 0b101 or MCMXCIV.
        from_base: base it is written in, 2 to 36, or roman.
        to_base: base wanted, 2 to 36, or roman.

    Examples:
        - What is 255 in hexadecimal?
        - Convert 101101 from binary to decimal.
        - Which year is MCMXCIV?
        - what number is XLII
        - 2024 in Roman numerals
        - write 10 in binary
        - 0x1f in decimal
    """
    source, target = _base(from_base, "from_base"), _base(to_base, "to_base")
    written = string(
        value if isinstance(value, str) else str(whole(value, "value")), "value", 1_000, empty=False
    ).strip()
    if source == 0:
        found = _from_roman(written)
    else:
        bare = written.lower().replace("_", "").replace(" ", "")
        prefix = {2: "0b", 8: "0o", 16: "0x"}.get(source, "")
        try:
            if not bare.isascii():
                raise ValueError("only ASCII digits")
            found = int(bare.removeprefix(prefix) if prefix else bare, source)
        except ValueError:
            raise ToolError(f"{shown(value)} is not a whole number in base {source}; check its digits.") from None
    text = _to_roman(found) if target == 0 else _digits(found, target)
    names = {0: "Roman", 2: "binary", 8: "octal", 10: "decimal", 16: "hexadecimal"}
    from_name, to_name = (names.get(one, f"base {one}") for one in (source, target))
    return Answer(text, f"{written} ({from_name}) = {text} ({to_name})", _EXACT)


def _base(value: str, name: str) -> int:
    """0 stands for Roman."""
    names = {"roman": 0, "binary": 2, "octal": 8, "decimal": 10, "hexadecimal": 16, "hex": 16}
    text = string(value if isinstance(value, str) else str(whole(value, name, 2, 36)), name, 20).strip().lower()
    if text in names:
        return names[text]
    if text.isascii() and text.isdigit() and 2 <= int(text) <= 36:
        return int(text)
    raise ToolError(f"{name} is {shown(value)}; give a base from 2 to 36, or roman.")


def _digits(value: int, base: int) -> str:
    if base == 10:
        return (
            ("-" if value < 0 else "") + format(abs(value), "d")
            if value.bit_length() < 13_000
            else number_text(Fraction(value), True)
        )
    size, signs = abs(value), []
    while size:
        size, rest = divmod(size, base)
        signs.append(_SIGNS[rest])
    return ("-" if value < 0 else "") + ("".join(reversed(signs)) or "0")


def _to_roman(value: int) -> str:
    if not 1 <= value <= 3999:
        raise ToolError(
            f"{value:,} has no Roman numeral; they go from 1 to 3,999."
            if abs(value) < 10**30
            else "This number has no Roman numeral; they go from 1 to 3,999."
        )
    text = ""
    for size, sign in _ROMAN:
        text += sign * (value // size)
        value %= size
    return text


def _from_roman(text: str) -> int:
    upper, found, rest = text.upper(), 0, text.upper()
    for size, sign in _ROMAN:
        while rest.startswith(sign):
            found, rest = found + size, rest[len(sign) :]
    if rest or not 1 <= found <= 3999 or _to_roman(found) != upper:
        raise ToolError(f"{shown(text)} is not a Roman numeral; write it as in MCMXCIV.")
    return found


def count_arrangements(
    kind: Literal["combinations", "permutations", "factorial", "arrangements of letters", "with repetition"],
    n: int = 0,
    k: int = 0,
    word: str = "",
) -> Answer:
    """Count possibilities: combinations, permutations, factorials, orders of the letters of a word, codes with repeats.

    Use when: in how many ways something can be chosen or arranged (handshakes, committees, passwords, anagrams).
    Not for: probabilities of dice by trial.

    Args:
        kind: combinations: k of n without order; permutations: k of n in order; factorial: n!; with repetition: n^k.
        n: how many there are.
        k: how many are chosen.
        word: for arrangements of letters: the word.

    Examples:
        - In how many ways can 3 of 10 people be chosen?
        - How many different words can be made of the letters of MISSISSIPPI?
        - How many four-digit codes are there?
        - how many ways can you pick 3 cards out of 10
        - In how many ways can 5 people sit in a row?
        - 7 choose 2
    """
    kinds = ("combinations", "permutations", "factorial", "arrangements of letters", "with repetition")
    way = chosen(kind, kinds, "kind")
    if way == "arrangements of letters":
        letters = string(word, "word", 300, empty=False).strip().lower()
        found = math.factorial(len(letters)) // math.prod(math.factorial(one) for one in Counter(letters).values())
        formula = f"{len(letters)}! / the orders of equal letters"
    elif way == "factorial":
        found, formula = math.factorial(whole(n, "n", 0, 2_000)), f"{n}!"
    elif way == "with repetition":
        size, places = whole(n, "n", 0, 10**9), whole(k, "k", 0, 300)
        found, formula = size**places, f"{size}^{places}"
    else:
        size, places = whole(n, "n", 0, 2_000), whole(k, "k", 0, 2_000)
        found = math.comb(size, places) if way == "combinations" else math.perm(size, places)
        formula = (
            f"{size} choose {places}"
            if way == "combinations"
            else f"{size}! / {size - places}!"
            if size >= places
            else "more are chosen than there are"
        )
    # JSON numbers of thousands of digits break readers; their text says it all.
    text = number_text(Fraction(found), True)
    return Answer(found if found.bit_length() < 3_300 else text, f"{formula} = {text}", _EXACT)
