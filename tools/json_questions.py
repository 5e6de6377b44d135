"""A question over a JSON document as one path, read by code: keys, "the second …", "of the one called …", "how many …".

Every word of substance must be a key on the path, a number of an element, or a value that stands beside what is asked
for. What this does not do: arithmetic over values, conditions with more or less.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.errors import ToolError
from tools.json_path import find_places, read_json
from tools.shelf.values import JSON
from tools.table_words import HARMLESS, TABLE_WORDS, Token, same, stem, tokens_of

_MOST_NODES = 20_000
_ORDER = {
    word: number
    for number, words in enumerate(
        "first 1st erste ersten erster erstes|second 2nd zweite zweiten zweiter|third 3rd dritte dritten|fourth 4th vierte vierten"
        "|fifth 5th fünfte fünften|sixth 6th|seventh 7th|eighth 8th|ninth 9th|tenth 10th".split("|")
    )
    for word in words.split()
} | {word: -1 for word in ("last", "letzte", "letzten", "letzter")}
_SMALL = HARMLESS | {
    "what", "which", "who", "when", "where", "how", "show", "list", "was", "welche", "welcher", "welchen", "welches", "wie",
    "wer", "wann", "wo", "json", "called", "named", "key", "field", "setting", "configured", "set", "defined", "heißt", "ist",
    "each", "every", "jeder", "jeden", "and", "lautet", "under", "entry",
}  # fmt: skip
_COUNT = re.compile(r"\b(?:how many|number of|wie viele|anzahl)\b", re.IGNORECASE)
_YES_NO = re.compile(
    r"\s*(?:is|are|does|do|did|has|have|can|could|will|would|should|why|ist|sind|hat|warum)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """Values found in a document with their paths; `short` alone, `paths` and `texts` side by side."""

    short: str
    paths: tuple[str, ...]
    texts: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class _Node:
    """A place in the document: its keys and indices, its value, the scalars beside its path for choosing, and the steps
    that lead to the last element of a list."""

    steps: tuple[str | int, ...]
    value: JSON
    beside: tuple[tuple[str, ...], ...]
    ends: frozenset[int] = frozenset()


def ask_json(question: str, text: str, title: str = "") -> JsonAnswer | None:
    """Answer a question by a path, or None where code does not read the whole of it or several places fit.

    Raises:
        ToolError: the text is no JSON, too long or too deep.
    """
    if _YES_NO.match(question) or len(question) > 300:
        return None
    document = read_json(text)
    counts = _COUNT.search(question) is not None
    bare = _COUNT.sub(" ", question)
    known = {one.stem for one in tokens_of(re.sub(r"\.\w+$", "", title))} | {stem(one) for one in ("file", "document")}
    bare = re.sub(re.escape(title), " ", bare, flags=re.IGNORECASE) if title else bare
    tokens = [one for one in tokens_of(_parted(bare)) if one.low not in _SMALL and one.text[0].isalnum()]
    tokens = [one for one in tokens if one.low not in TABLE_WORDS or one.low in _ORDER]
    fitting = [one for one in _nodes(document) if _fits(one, tokens, known, counts)]
    chosen = _nearest(fitting, tokens)
    if not chosen or len(chosen) > 100:
        return None
    if len(chosen) > 1 and not (_of_one_list(chosen) and _several(question, tokens, chosen)):
        return None
    return _answer(chosen, document, counts)


def _parted(text: str) -> str:
    """Names as their words: maxRetries, max_retries and max-retries are two words each."""
    return re.sub(r"(?<=[a-zäöü])(?=[A-Z])|[_\-./]", " ", text)


def _nodes(document: JSON) -> Iterator[_Node]:
    """Every place below the document, breadth first; raises where there are too many."""
    waiting: list[_Node] = [_Node((), document, ())]
    seen = 0
    for node in waiting:
        seen += 1
        if seen > _MOST_NODES:
            raise ToolError(f"The JSON has more than {_MOST_NODES:,} values; ask by a path of the tool query_json.")
        if node.steps:
            yield node
        if isinstance(node.value, dict):
            beside = (*node.beside, tuple(str(one) for one in node.value.values() if isinstance(one, str | int)))
            waiting += [_Node((*node.steps, key), one, beside, node.ends) for key, one in node.value.items()]
        elif isinstance(node.value, list):
            last, place = len(node.value) - 1, len(node.steps)
            waiting += [
                _Node((*node.steps, at), one, node.beside, node.ends | {place} if at == last else node.ends)
                for at, one in enumerate(node.value)
            ]


def _words(key: str) -> list[str]:
    return [one.stem for one in tokens_of(_parted(key))]


def _fits(node: _Node, tokens: Sequence[Token], known: set[str], counts: bool) -> bool:
    """Whether every word is on the path or chooses among its elements, and the last key is said in full."""
    if counts != isinstance(node.value, list | dict) or isinstance(node.steps[-1], int):
        return False
    keys = [word for step in node.steps if isinstance(step, str) for word in _words(step)]
    last = _words(str(node.steps[-1]))
    if not last or not all(any(same(word, one.stem) for one in tokens) for word in last):
        return False
    left = [one for one in tokens if not any(same(word, one.stem) for word in keys)]
    left = _ordered(node, tokens, left)
    left = _valued(node, left)
    return all(any(same(one.stem, word) for word in known) for one in left)


def _ordered(node: _Node, tokens: Sequence[Token], left: list[Token]) -> list[Token]:
    """The words left when "second" before a key's word is the element's number, or "3" after it."""
    kept = []
    for one in left:
        at = tokens.index(one)
        after = tokens[at + 1].stem if at + 1 < len(tokens) else ""
        wanted = _ORDER.get(one.low)
        if wanted is None or not _is_element(node, after, wanted):
            kept.append(one)
    return kept


def _is_element(node: _Node, word: str, wanted: int) -> bool:
    for place, step in enumerate(node.steps[1:], start=1):
        key = node.steps[place - 1]
        if isinstance(step, int) and isinstance(key, str) and any(same(part, word) for part in _words(key)):
            return step == wanted if wanted >= 0 else place in node.ends
    return False


def _valued(node: _Node, left: list[Token]) -> list[Token]:
    """The words left when those of a value beside the path are taken out ("the port of web-2")."""
    for values in node.beside:
        for value in values:
            stems = [one.stem for one in tokens_of(_parted(value))]
            said = [one.stem for one in left]
            for at in range(len(said) - len(stems) + 1):
                if stems and said[at : at + len(stems)] == stems:
                    left = [*left[:at], *left[at + len(stems) :]]
                    break
    return left


def _nearest(fitting: Sequence[_Node], tokens: Sequence[Token]) -> list[_Node]:
    """The places whose path has the fewest keys that nobody said."""

    def unsaid(node: _Node) -> int:
        keys = [step for step in node.steps if isinstance(step, str)]
        return sum(not any(same(word, one.stem) for word in _words(key) for one in tokens) for key in keys)

    least = min((unsaid(one) for one in fitting), default=0)
    return [one for one in fitting if unsaid(one) == least]


def _of_one_list(nodes: Sequence[_Node]) -> bool:
    """Whether the places differ in the numbers of elements alone."""
    return len({tuple(step if isinstance(step, str) else "*" for step in one.steps) for one in nodes}) == 1


def _several(question: str, tokens: Sequence[Token], nodes: Sequence[_Node]) -> bool:
    """Whether more than one value is asked for: a plural, "all", "each"."""
    key = str(nodes[0].steps[-1])
    said = [one for one in tokens if any(same(word, one.stem) for word in _words(key))]
    plural = any(one.low.endswith("s") and not key.casefold().endswith("s") for one in said)
    return plural or bool(re.search(r"\b(?:all|each|every|alle|aller|jede[rsnm]?)\b", question, re.IGNORECASE))


def _answer(nodes: Sequence[_Node], document: JSON, counts: bool) -> JsonAnswer:
    paths = tuple(_path(one.steps) for one in nodes)
    values = [place.value for path in paths for place in find_places(document, path)]
    if counts:
        texts = tuple(str(len(one)) if isinstance(one, list | dict) else "1" for one in values)
        return JsonAnswer(", ".join(texts), paths, texts, f"the number of elements of {', '.join(paths)}")
    texts = tuple(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in values)
    return JsonAnswer(", ".join(texts), paths, texts, ", ".join(paths[:6]))


def _path(steps: Sequence[str | int]) -> str:
    parts = []
    for step in steps:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if re.fullmatch(r"[^\W\d][\w-]{0,99}", step) else f"['{step}']")
    return "$" + "".join(parts)
