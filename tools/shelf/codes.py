"""Codes of everyday things: check digits of cards, books and accounts; colours in their notations."""

from __future__ import annotations

import colorsys
import re
from typing import Literal

from tools.errors import ToolError
from tools.shelf.values import JSON, Answer, chosen, shown, string

#: Length of an IBAN by country, from the registry's better-known part; others are checked by the remainder alone.
_IBAN = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27,
    "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "TR": 26,
}  # fmt: skip
_COLOURS = {
    "black": "000000", "white": "ffffff", "red": "ff0000", "lime": "00ff00", "blue": "0000ff", "yellow": "ffff00",
    "cyan": "00ffff", "magenta": "ff00ff", "silver": "c0c0c0", "gray": "808080", "grey": "808080", "maroon": "800000",
    "olive": "808000", "green": "008000", "purple": "800080", "teal": "008080", "navy": "000080", "orange": "ffa500",
    "pink": "ffc0cb", "brown": "a52a2a", "gold": "ffd700", "indigo": "4b0082", "violet": "ee82ee", "coral": "ff7f50",
    "salmon": "fa8072", "khaki": "f0e68c", "crimson": "dc143c", "turquoise": "40e0d0", "beige": "f5f5dc",
    "ivory": "fffff0", "lavender": "e6e6fa", "chocolate": "d2691e",
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_TRIPLE = re.compile(r"(rgb|hsl|hsv)\( ?(\d{1,3})[, ]{1,2}(\d{1,3})%?[, ]{1,2}(\d{1,3})%? ?\)")


def check_digits(kind: Literal["luhn", "isbn", "iban", "ean"], code: str) -> Answer:
    """Check the check digit of a card number (Luhn), book number (ISBN-10/13), bank account (IBAN) or barcode (EAN).

    Use when: whether such a number is valid or mistyped is asked for.
    Not for: whether the account or card exists.

    Args:
        kind: which rule.
        code: the number as written, spaces and hyphens allowed.

    Examples:
        - Is 978-0-306-40615-7 a valid ISBN?
        - Check the card number 4539 1488 0343 6467.
        - Is this IBAN mistyped?
        - is 0-306-40615-2 a valid isbn
    """
    rule = chosen(kind, ("luhn", "isbn", "iban", "ean"), "kind")
    bare = "".join(string(code, "code", 100, empty=False).split()).replace("-", "").upper()
    if not bare.isascii() or not bare.isalnum():
        raise ToolError(f"code is {shown(code)}; give letters and digits only, with spaces or hyphens.")
    if rule == "iban":
        valid, why = _iban(bare, code)
    elif rule == "isbn" and len(bare) == 10:
        if not bare[:9].isdigit() or not (bare[9].isdigit() or bare[9] == "X"):
            raise ToolError(f"code is {shown(code)}; an ISBN-10 is nine digits and a digit or X.")
        rest = sum((10 - at) * (10 if one == "X" else int(one)) for at, one in enumerate(bare)) % 11
        valid, why = rest == 0, "weighted sum modulo 11"
    else:
        valid, why = _digits_only(rule, bare, code)
    text = f"{shown(code)} {'passes' if valid else 'fails'} the {rule.upper()} check"
    return Answer(valid, text, f"computed: {why}; it does not say that the number is in use")


def _digits_only(rule: str, bare: str, code: str) -> tuple[bool, str]:
    lengths = {"luhn": range(2, 41), "isbn": (13,), "ean": (8, 13)}[rule]
    if not bare.isdigit() or len(bare) not in lengths:
        wanted = {"luhn": "2 to 40 digits", "isbn": "10 or 13 characters", "ean": "8 or 13 digits"}[rule]
        raise ToolError(f"code is {shown(code)} with {len(bare)} characters; {rule.upper()} needs {wanted}.")
    digits = [int(one) for one in reversed(bare)]
    if rule == "luhn":
        doubled = [one * 2 - 9 if one * 2 > 9 else one * 2 for one in digits[1::2]]
        return (sum(digits[::2]) + sum(doubled)) % 10 == 0, "Luhn sum modulo 10"
    right_prefix = rule != "isbn" or bare.startswith(("978", "979"))
    return right_prefix and sum(digits[::2] + [3 * one for one in digits[1::2]]) % 10 == 0, "weights 1 and 3 modulo 10"


def _iban(bare: str, code: str) -> tuple[bool, str]:
    if not 15 <= len(bare) <= 34 or not bare[:2].isalpha() or not bare[2:4].isdigit():
        raise ToolError(f"code is {shown(code)}; an IBAN is two letters, two digits and 11 to 30 characters.")
    if len(bare) != _IBAN.get(bare[:2], len(bare)):
        return False, f"an IBAN of {bare[:2]} has {_IBAN[bare[:2]]} characters, this has {len(bare)}"
    return int("".join(str(int(one, 36)) for one in bare[4:] + bare[:4])) % 97 == 1, "remainder modulo 97"


def convert_colour(colour: str) -> Answer:
    """Convert a colour between name, hex, RGB, HSL and HSV, with its brightness and the text colour readable on it.

    Use when: a colour code must be written in another notation or named.
    Not for: mixing paints.

    Args:
        colour: such as #ff8800, rgb(255, 136, 0), hsl(32, 100%, 50%) or orange.

    Examples:
        - What is #ff8800 in RGB?
        - Which hex code has the colour teal?
        - rgb(10, 20, 30) in hex
    """
    red, green, blue = _rgb(string(colour, "colour", 60, empty=False).strip().lower(), colour)
    code = f"#{red:02x}{green:02x}{blue:02x}"
    hue, light, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    hsv = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
    linear = [
        (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4)
        for one in (red / 255, green / 255, blue / 255)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    names = [name for name, one in _COLOURS.items() if "#" + one == code]
    value: dict[str, JSON] = {
        "hex": code, "rgb": [red, green, blue], "hsl": [round(hue * 360), round(saturation * 100), round(light * 100)],
        "hsv": [round(hsv[0] * 360), round(hsv[1] * 100), round(hsv[2] * 100)], "names": [*names],
        "luminance": round(luminance, 4), "text_on_it": "black" if luminance > 0.179 else "white",
    }  # fmt: skip
    text = f"{code} = rgb({red}, {green}, {blue}) = hsl({round(hue * 360)}, {round(saturation * 100)}%, {round(light * 100)}%)"
    return Answer({**value}, text + (f", {names[0]}" if names else ""), "computed; luminance as in WCAG 2")


def _rgb(text: str, given: str) -> tuple[int, int, int]:
    found = _HEX.fullmatch(_COLOURS.get(text, text))
    if found:
        code = found[1] if len(found[1]) == 6 else "".join(one * 2 for one in found[1])
        return int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)
    triple = _TRIPLE.fullmatch(" ".join(text.replace(", ", ",").split()))
    if triple is None:
        raise ToolError(
            f"colour is {shown(given)}; write it as #ff8800, rgb(255, 136, 0), hsl(32, 100%, 50%) or a name."
        )
    a, b, c = int(triple[2]), int(triple[3]), int(triple[4])
    limits = (255, 255, 255) if triple[1] == "rgb" else (360, 100, 100)
    if any(one > most for one, most in zip((a, b, c), limits)):
        raise ToolError(
            f"colour is {shown(given)}; the parts of {triple[1]} go up to {limits[0]}, {limits[1]}, {limits[2]}."
        )
    if triple[1] == "rgb":
        return a, b, c
    turn = (
        colorsys.hls_to_rgb(a / 360, c / 100, b / 100)
        if triple[1] == "hsl"
        else colorsys.hsv_to_rgb(a / 360, b / 100, c / 100)
    )
    return round(turn[0] * 255), round(turn[1] * 255), round(turn[2] * 255)
