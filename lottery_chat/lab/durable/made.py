"""Documents that are made here, each told from its number and version alone, with a word that stands in no other."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_ENDINGS = ("txt", "md", "csv", "html", "json")
_NOUNS = ("harbour", "lantern", "kettle", "meadow", "granite", "ferry", "orchard", "pulley", "stairwell", "compass")
_VERBS = ("holds", "carries", "follows", "repairs", "measures", "shelters", "lights", "counts")
#: Every tenth document is so many times as long, so that its passages are stored in more than one piece.
_LONG = 25


@dataclass(frozen=True, slots=True)
class Made:
    """One version of one document. `marker` is a word that stands in this version only."""

    number: int
    version: int
    name: str
    marker: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes, which names the kept original."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def id(self) -> str:
        """The document's id in the library."""
        return self.sha256[:32]

    def write(self, folder: Path) -> Path:
        """Write it below a folder and return its path, which tells number and version (`by_name`)."""
        path = folder / f"v{self.version}" / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        return path


@lru_cache(maxsize=4096)
def made(number: int, version: int = 0, sentences: int = 0) -> Made:
    """Return a version of a document; `sentences` 0 lets the number decide how long it is."""
    dice = random.Random(f"{number}/{version}")
    marker = word(number, version)
    ending = _ENDINGS[number % len(_ENDINGS)]
    count = sentences or dice.randrange(6, 40) * (_LONG if number % 10 == 7 else 1)
    lines = [_sentence(dice, at) for at in range(count)]
    lines[count // 2] = f"The word of this sheet is {marker}, and the {dice.choice(_NOUNS)} knows it."
    body = _BODIES[ending](f"Sheet {number} in version {version}", lines)
    return Made(number, version, f"sheet-{number}.{ending}", marker, body.encode("utf-8"))


def by_name(path: Path) -> Made:
    """Return what `Made.write` wrote there."""
    return made(int(path.stem.partition("-")[2]), int(path.parent.name[1:]))


def word(number: int, version: int) -> str:
    """Return a word of syllables that no other document has."""
    value = int.from_bytes(hashlib.blake2b(f"{number}/{version}".encode(), digest_size=8).digest(), "big")
    syllables = []
    for _ in range(6):
        value, at = divmod(value, 14 * 5)
        syllables.append("bdfghklmnprtvz"[at // 5] + "aeiou"[at % 5])
    return "".join(syllables) + "k"


def _sentence(dice: random.Random, at: int) -> str:
    first, second = dice.sample(_NOUNS, 2)
    return f"In entry {at} the {first} {dice.choice(_VERBS)} {dice.randrange(2, 900)} marks of the {second} by noon."


def _as_text(title: str, lines: list[str]) -> str:
    return f"{title}\n\n" + " ".join(lines) + "\n"


def _as_markdown(title: str, lines: list[str]) -> str:
    return f"# {title}\n\n" + "\n\n".join(f"## Part {at}\n\n{line}" for at, line in enumerate(lines)) + "\n"


def _as_table(title: str, lines: list[str]) -> str:
    return "entry,title,remark\n" + "".join(f'{at},{title},"{line}"\n' for at, line in enumerate(lines))


def _as_page(title: str, lines: list[str]) -> str:
    body = "".join(f"<p>{line}</p>\n" for line in lines)
    return f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>\n{body}</body></html>\n"


def _as_json(title: str, lines: list[str]) -> str:
    return json.dumps({"title": title, "entries": [{"entry": at, "remark": line} for at, line in enumerate(lines)]})


_BODIES: Mapping[str, Callable[[str, list[str]], str]] = {
    "txt": _as_text,
    "md": _as_markdown,
    "csv": _as_table,
    "html": _as_page,
    "json": _as_json,
}
