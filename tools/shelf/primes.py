"""Primes below 10^24: a proof that a number is one, and the factors of one that is not, by a clock."""

from __future__ import annotations

import math
import time

from tools.errors import ToolError
from tools.shelf.values import shown

#: Miller-Rabin with these bases is a proof below 3.3 · 10^24.
_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)


def is_prime(value: int) -> bool:
    """Say whether a number below 3.3 · 10^24 is prime (Miller-Rabin, proved for this range)."""
    if value < 2 or any(value % one == 0 for one in _BASES):
        return value in _BASES
    odd, twos = value - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(_passes(value, base, odd, twos) for base in _BASES)


def _passes(value: int, base: int, odd: int, twos: int) -> bool:
    found = pow(base, odd, value)
    if found in (1, value - 1):
        return True
    for _ in range(twos - 1):
        found = found * found % value
        if found == value - 1:
            return True
    return False


def prime_factors(value: int, until: float) -> list[int]:
    """Return the prime factors of a number from 1 to 10^24, unsorted, each as often as it divides.

    Raises:
        ToolError: not finished when the monotonic clock passes `until`.
    """
    asked = value
    found = []
    for small in range(2, 1000):
        while value % small == 0:
            found.append(small)
            value //= small
    waiting = [value] if value > 1 else []
    while waiting:
        one = waiting.pop()
        if is_prime(one):
            found.append(one)
            continue
        part = _rho(one, until, asked)
        waiting += [part, one // part]
    return found


def _rho(value: int, until: float, asked: object) -> int:
    """Return a proper factor of a composite number (Pollard's rho, Brent's steps in batches)."""
    side = math.isqrt(value)
    if side * side == value:
        return side
    for shift in range(1, 100):
        slow = fast = 2
        while True:
            product, kept = 1, (slow, fast)
            for _ in range(256):
                slow = (slow * slow + shift) % value
                fast = (fast * fast + shift) % value
                fast = (fast * fast + shift) % value
                product = product * abs(slow - fast) % value
            if time.monotonic() > until:
                raise ToolError(
                    f"{shown(asked)} has two large prime factors that take too long to find; give a smaller one."
                )
            common = math.gcd(product, value)
            if common == 1:
                continue
            if common < value:
                return common
            slow, fast = kept
            for _ in range(256):
                slow = (slow * slow + shift) % value
                fast = (fast * fast + shift) % value
                fast = (fast * fast + shift) % value
                common = math.gcd(abs(slow - fast), value)
                if common > 1:
                    break
            if 1 < common < value:
                return common
            break
    raise ToolError(f"{shown(asked)} could not be factored; give a smaller number.")
