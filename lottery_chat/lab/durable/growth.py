"""`lab durable memory`: how much memory the app holds while a big folder is taken in; it must not grow with the folder."""

from __future__ import annotations

import contextlib
import functools
import importlib
import itertools
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lottery_chat import machine, posix
from lottery_chat.assembly import parts_of
from lottery_chat.lab.durable.homes import of, opened
from lottery_chat.lab.durable.worker import read, say
from lottery_chat.lab.office_files import docx, paragraph, pdf_of, written
from lottery_chat.settings import read_settings

_ROOT = Path(__file__).resolve().parents[3]
_MEGABYTE = 10**6
_WORD, _MOST_WORDS = re.compile(r"\w+"), 60_000
#: The first part of the folder is the warm-up: libraries are loaded, pools filled, the vector index trained.
_WARM = 0.3
#: Megabytes a hundred megabytes of documents may add.
MOST = 10.0


#: A line of LanceDB's own log: with many texts alike it warns of empty partitions of its index, and finds all of them.
_LOGGED = re.compile(r"\[\d{4}-\d\d-\d\dT\S+ +(?:WARN|INFO|ERROR) ")


@dataclass(frozen=True, slots=True)
class Sample:
    """After so many megabytes of documents the app holds so many megabytes of memory.

    `reader`: the largest reader of documents until then; `embedder`: what its process holds (0: it has none).
    """

    taken_in: float
    held: float
    seconds: float
    reader: float = 0.0
    embedder: float = 0.0


def slope(samples: Sequence[Sample]) -> float:
    """Return megabytes of memory a hundred megabytes of documents after the warm-up, by least squares."""
    most = max((one.taken_in for one in samples), default=0.0)
    warm = [one for one in samples if one.taken_in >= _WARM * most]
    if len(warm) < 2:
        return float("nan")
    x, y = sum(one.taken_in for one in warm) / len(warm), sum(one.held for one in warm) / len(warm)
    spread = sum((one.taken_in - x) ** 2 for one in warm)
    return 100 * sum((one.taken_in - x) * (one.held - y) for one in warm) / spread if spread else float("nan")


def growth(
    folder: Path, *, megabytes: int, embedder: str, file_size: int = 1000, leak: bool = False, pictures: bool = False
) -> Iterator[Sample]:
    """Yield a sample after each file.

    Args:
        file_size: kilobytes of a file.
        leak: keep every text that was embedded, on purpose: the negative control.
        pictures: files that are mostly pictures, as a big folder's are, with a page of text each.
    """
    order = json.dumps([str(folder), megabytes, embedder, file_size, leak, pictures])
    command = [sys.executable, "-m", "lottery_chat.lab.durable.growth", order]
    with subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **posix.own_group()
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            for one in read([line]):
                if one[0] == "holds":
                    yield Sample(*one[1:])
                elif one[0] == "said" and not _LOGGED.match(one[1]):
                    raise RuntimeError(f"The process that takes in said {one[1]!r}.")


@functools.cache
def _vocabulary() -> tuple[str, ...]:
    """Some words made here, the same for every file, as the words of one person's folder are."""
    dice = random.Random(2502)
    syllables = [first + second for first in "bdfgklmnprst" for second in "aeiou"]
    return tuple("".join(dice.choices(syllables, k=dice.randrange(1, 5))) for _ in range(20_000))


def _texts(seed: int, kilobytes: int) -> str:
    """A text of this size, of sentences of these words."""
    dice, parts, size = random.Random(seed), list[str](), 0
    while size < 1000 * kilobytes:
        sentence = " ".join(dice.choices(_vocabulary(), k=14)).capitalize() + ".\n" * (1 + (len(parts) % 6 == 5))
        parts.append(sentence)
        size += len(sentence)
    return "".join(parts)


def _hash_words_once() -> None:
    """Let the hashing embedder remember the vectors of words: else it takes most of the time, and is not measured."""
    from knowledge.embedding import HashingEmbedder

    slow, known = HashingEmbedder.encode, dict[str, Any]()

    def encode(self: HashingEmbedder, texts: Sequence[str]) -> Any:
        found = [_WORD.findall(text.lower()) for text in texts]
        new = sorted({one for words in found for one in words} - set(known))
        if len(known) < _MOST_WORDS:
            known.update(zip(new, slow(self, new)))
        rows = [[known[one] for one in words if one in known] for words in found]
        sums = [np.sum(row, axis=0) if row else slow(self, ["?"])[0] for row in rows]
        return np.asarray([one / (np.linalg.norm(one) or 1.0) for one in sums], dtype=np.float32)

    setattr(HashingEmbedder, "encode", encode)  # noqa: B010


def _small_cache() -> None:
    """Give the index a cache that is full in the warm-up: what grows afterwards is something else."""
    store = importlib.import_module("knowledge.store")
    for name in ("_CACHE", "_CACHE_OF_PLACES"):
        setattr(store, name, 2 * 2**20)


def _picture_file(folder: Path, number: int, kilobytes: int) -> Path:
    """A Word file or a PDF with a page of text and a picture of this size, which no reader unpacks to anything else."""
    lines, picture = _texts(number, 3).splitlines(), random.Random(number).randbytes(1000 * kilobytes)
    if number % 2:
        path = folder / f"part-{number}.docx"
        path.write_bytes(docx("".join(map(paragraph, lines)), parts={"word/media/picture.jpeg": picture}))
        return path
    text = written([(40, 760 - 14 * at, line) for at, line in enumerate(lines)])
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F0 3 0 R>>>>>>",
        *(b"<</Length %d>>stream\n%s\nendstream" % (len(data), data) for data in (text, picture)),
    )
    path = folder / f"part-{number}.pdf"
    path.write_bytes(pdf_of(objects))
    return path


def _file(folder: Path, number: int, kilobytes: int) -> Path:
    text = _texts(number, kilobytes)
    kind = ("txt", "csv", "html")[number % 3]
    path = folder / f"part-{number}.{kind}"
    if kind == "csv":
        rows = (f'{at},"{line}"\n' for at, line in enumerate(text.splitlines()) if line)
        text = "number,remark\n" + "".join(rows)
    elif kind == "html":
        text = "<html><body>" + "".join(f"<p>{line}</p>\n" for line in text.splitlines() if line) + "</body></html>"
    path.write_text(text, encoding="utf-8")
    return path


class _Children:
    """The most that one child of this process held so far, looked at twenty times a second while `with` lasts."""

    def __init__(self, but: int) -> None:
        """`but` is the child that is not meant (0: none)."""
        self.most = 0
        self._ours = posix.read_system_file("/proc/self/cmdline")
        self._but, self._end = but, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Children:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.05):
            for one in posix.descendants(os.getpid()) - {self._but}:
                held = machine.memory_held(one)
                # Between fork and exec a child shows our own memory as its.
                if posix.read_system_file(f"/proc/{one}/cmdline") != self._ours:
                    self.most = max(self.most, held)


def main() -> None:
    """Take in files one after the other as a person's folder is, and tell what this process holds after each."""
    folder, megabytes, embedder, kilobytes, leak, pictures = json.loads(sys.argv[1])
    if embedder:
        _hash_words_once()
    _small_cache()
    given = Path(folder) / "given"
    given.mkdir(parents=True)
    kept: list[str] = []
    began, done = time.monotonic(), 0.0
    with contextlib.ExitStack() as stack:
        app = stack.enter_context(opened(of(read_settings(), Path(folder) / "home", embedder)))
        child = 0 if embedder else int(parts_of(app).search.embedder().pid)
        children = stack.enter_context(_Children(child))
        for number in itertools.count():
            path = (_picture_file if pictures else _file)(given, number, kilobytes)
            found = app.documents.wait(app.documents.add(path).id, 3600)
            if found.state != "ready":
                say("said", f"{found.title}: {found.state} {found.problem}")
                return
            done += path.stat().st_size / _MEGABYTE
            if leak:
                kept.append(path.read_text(encoding="utf-8"))
            path.unlink()
            held = (machine.memory_held(), children.most, machine.memory_held(child) if child else 0)
            app_holds, reader, model = (round(one / _MEGABYTE, 1) for one in held)
            say("holds", round(done, 2), app_holds, round(time.monotonic() - began, 1), reader, model)
            if done >= megabytes:
                return


if __name__ == "__main__":
    main()
