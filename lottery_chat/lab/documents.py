"""`lab documents`: a folder of files with what should come of each, read as the app reads them, a row a file."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.reading import load_pages, read_limited
from lottery_chat.children import run_limited
from lottery_chat.errors import NotFound
from lottery_chat.lab.loading import rows_of


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one file: `happened` is the kind and its pages, or the sentence of the refusal."""

    file: str
    case: str
    expect: str
    happened: str
    found: int
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]
    seconds: float
    right: bool


def read_set(folder: Path) -> Iterator[Read]:
    """Yield a row for each file of manifest.jsonl, each read in a limited child of its own.

    Raises:
        NotFound: no such folder or manifest.
    """
    if not (folder / "manifest.jsonl").is_file():
        raise NotFound(f"There is no manifest.jsonl in {str(folder)!r}. Name the benchmark folder with --data.")
    with tempfile.TemporaryDirectory(prefix="lottery-chat-") as work:
        for _, row in rows_of(folder / "manifest.jsonl"):
            must, must_not = [list(map(str, row.get(name, ()))) for name in ("must_contain", "must_not_contain")]
            yield _read(folder / str(row["file"]), str(row["case"]), str(row["expect"]), must, must_not, Path(work))


def _read(path: Path, case: str, expect: str, must: Sequence[str], must_not: Sequence[str], work: Path) -> Read:
    out = work / "pages"
    out.unlink(missing_ok=True)
    started = time.monotonic()
    result = read_limited(run_limited, [{"path": str(path), "title": path.name, "out": str(out)}])[0]
    seconds = time.monotonic() - started
    if "kind" not in result:
        said = str(result.get("refused", "stopped"))
        right = expect != "text" and is_clear(said, path.name)
        return Read(path.name, case, expect, said, 0, (), (), seconds, right)
    text = " ".join(" ".join(page.text for page in load_pages(out)).split())
    missing = tuple(one for one in must if " ".join(one.split()) not in text)
    forbidden = tuple(one for one in must_not if one in text)
    recognised = expect == "no_text" and "Tesseract" in text
    right = (expect in ("text", "text_or_refuse") or recognised) and not missing and not forbidden
    pages = "1 page" if result["pages"] == 1 else f"{result['pages']} pages"
    happened = f"{result['kind']}, {pages}, {len(text):,} characters"
    return Read(path.name, case, expect, happened, len(must) - len(missing), missing, forbidden, seconds, right)


def is_clear(sentence: str, name: str) -> bool:
    """Return whether a refusal names the file, says what to do next, and shows nothing of our insides."""
    return (
        repr(name) in sentence and sentence.count(". ") >= 1 and sentence.endswith(".") and "Traceback" not in sentence
    )


def rows(found: Sequence[Read]) -> list[tuple[str, ...]]:
    """Return the table: a row a file, the columns' names first."""
    lines: list[tuple[str, ...]] = [("File", "Expected", "", "Found", "Seconds", "Case", "What happened")]
    for one in found:
        wrong = "".join(f" lacks {text!r}" for text in one.missing) + "".join(
            f" has {text!r}" for text in one.forbidden
        )
        count = f"{one.found}/{one.found + len(one.missing)}" if one.found + len(one.missing) else "-"
        verdict = "right" if one.right else "WRONG" + wrong
        lines.append((one.file, one.expect, verdict, count, f"{one.seconds:.2f}", one.case, one.happened))
    return lines
