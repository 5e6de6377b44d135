"""Directions: where one thing lies from another, by composing steps.

A text is taken only if every sentence is a direction. Left then right without distances gives no direction.
"""

from __future__ import annotations

import re
from collections import deque

from tools.logic.message import Message
from tools.logic.ordering_words import NUMBERS
from tools.logic.relations import MAX_FACTS, Told

_WAYS = {
    "to the left of": (-1, 0), "left of": (-1, 0), "to the right of": (1, 0), "right of": (1, 0), "above": (0, 1),
    "below": (0, -1), "under": (0, -1), "over": (0, 1), "west of": (-1, 0), "to the west of": (-1, 0),
    "east of": (1, 0), "to the east of": (1, 0), "north of": (0, 1), "to the north of": (0, 1), "south of": (0, -1),
    "to the south of": (0, -1), "northeast of": (1, 1), "northwest of": (-1, 1), "southeast of": (1, -1),
    "southwest of": (-1, -1), "to the upper left of": (-1, 1), "to the upper right of": (1, 1),
    "to the lower left of": (-1, -1), "to the lower right of": (1, -1),
}  # fmt: skip
_PLACE = r"(?:the )?\w[\w'’-]{0,30}(?: \w[\w'’-]{0,30})?"
_WAY = "|".join(sorted(_WAYS, key=len, reverse=True))
_FACT = re.compile(
    rf"^({_PLACE}) (?:is|lies|stands|sits|hangs) (?:directly |exactly |straight )?(?:({'|'.join(NUMBERS)}|\d{{1,5}}) (\w+) )?({_WAY}) ({_PLACE})$",
    re.I,
)
_WHERE = re.compile(
    rf"^(?:in (?:what|which) direction (?:is|does) ({_PLACE})(?: lie)? (?:from|of|relative to) ({_PLACE})|where (?:is|does) ({_PLACE})(?: lie)? (?:from|relative to|as seen from|compared to) ({_PLACE}))$",
    re.I,
)
_COMPASS = ("west", "east", "south", "north")
_SCREEN = ("left", "right", "below", "above")


def answer_direction(message: Message) -> Told | None:
    """Where one thing lies from another; None where the text is none of directions."""
    asked = _WHERE.match(message.asked.strip(" ?."))
    if message.kind != "question" or asked is None or len(message.premises) > MAX_FACTS:
        return None
    first, second = (_key(one) for one in (asked[1] or asked[3], asked[2] or asked[4]))
    steps: dict[str, list[tuple[str, tuple[int, int], int, str]]] = {}
    read, units, compass = [], set(), False
    for sentence in message.premises:
        match = _FACT.match(sentence.strip(" ."))
        if match is None:
            return None
        here, there, way = _key(match[1]), _key(match[5]), _WAYS[match[4].lower()]
        amount = 0 if not match[2] else int(match[2]) if match[2].isdecimal() else NUMBERS[match[2].lower()]
        units.add((match[3] or "").lower().rstrip("s"))
        compass = compass or bool(re.search(r"north|south|east|west", match[4], re.I))
        steps.setdefault(there, []).append((here, way, amount, sentence))
        steps.setdefault(here, []).append((there, (-way[0], -way[1]), amount, sentence))
        read.append(
            (sentence, f"{match[4].lower().replace(' ', '_')}({here}, {there}{f', {amount}' if amount else ''})")
        )
    if first not in steps or second not in steps:
        return None
    return _directed(first, second, steps, len(units) == 1 and "" not in units, compass, tuple(read))


def _key(phrase: str) -> str:
    return re.sub(r"^the ", "", phrase.lower())


def _directed(
    first: str, second: str, steps: dict[str, list[tuple[str, tuple[int, int], int, str]]], exact: bool,
    compass: bool, read: tuple[tuple[str, str], ...],
) -> Told:  # fmt: skip
    """Sum the steps from the second to the first; without distances only signs that agree can be summed."""
    came: dict[str, tuple[tuple[tuple[int, int, int], ...], tuple[str, ...]]] = {second: ((), ())}
    queue = deque([second])
    while queue:
        place = queue.popleft()
        for to, way, amount, sentence in steps.get(place, ()):
            if to not in came:
                came[to] = ((*came[place][0], (way[0], way[1], amount)), (*came[place][1], sentence))
                queue.append(to)
    if first not in came or first == second:
        return Told("Unknown", (), read, "No sentence ties the two.")
    moves, used = came[first]
    words = _COMPASS if compass else _SCREEN
    said = []
    for axis in (1, 0):
        parts = [move[axis] for move in moves if move[axis]]
        total = sum(move[axis] * (move[2] if exact else 1) for move in moves)
        if not exact and len(set(parts)) > 1:
            return Told("Unknown", (), read, "Without distances the steps there and back cannot be weighed.")
        if total:
            said.append(words[2 * axis + (total > 0)])
    text = "-".join(said) if compass else " and ".join(said)
    note = "Each is taken to lie exactly in the direction that is said."
    return Told(text or "at the same place", used, read, note)
