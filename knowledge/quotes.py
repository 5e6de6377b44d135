"""Where a quote stands in a page's text: white space, case, dashes and the shape of quotation marks aside."""

from __future__ import annotations

_SAME = {
    "’": "'", "‘": "'", "‚": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": ".", "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\ufeff")
_NOWHERE = (-1, -1)


def find_quote(text: str, quote: str) -> tuple[int, int]:
    """Return (start, end) of `quote` in `text`, or (-1, -1).

    The exact string wins; else the first place where it stands with other white space, then with other case.
    A quote cut with "…" at either end is found without the dots.
    """
    wanted = quote.strip()
    if not wanted:
        return _NOWHERE
    at = text.find(wanted)
    if at >= 0:
        return at, at + len(wanted)
    wanted = wanted.removeprefix("...").removeprefix("…").removesuffix("...").removesuffix("…")
    needle, _ = _plain(wanted)
    hay, places = _plain(text)
    needle = needle.strip()
    if not needle:
        return _NOWHERE
    at = hay.find(needle)
    if at < 0:
        at = _fold(hay).find(_fold(needle))
    if at < 0:
        return _NOWHERE
    return places[at], places[at + len(needle) - 1] + 1


def _fold(text: str) -> str:
    """Lower case without changing the number of characters ("İ".lower() has two)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text with each run of white space as one space, and for each character its place in `text`."""
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _SAME.get(char, char)
        if char in _DROPPED:
            continue
        if plain.isspace():
            if kept and kept[-1] == " ":
                continue
            plain = " "
        kept.append(plain)
        places.append(place)
    return "".join(kept), places
