"""A file to pages with text: what it is by its content, the right reader, one clear sentence when it gives none.

`read_in_child` is what a limited child process runs (see `Limited`); it writes the pages to a file, because a book
is too long for a pipe. Nothing is fetched, no entity is expanded, nothing is unpacked to disk.
"""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from knowledge.errors import DocumentMissing, DocumentRefused, NotKept
from knowledge.kinds import kind_of
from knowledge.ocr import ocr_seconds, tesseract
from knowledge.originals import is_full, not_kept
from knowledge.passage import Page

MOST_PAGES = 2000
MOST_CHARACTERS = 30_000_000
SECONDS = 90.0
_SECONDS_A_MEGABYTE = 5.0
MEMORY = 2**30

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
_GAPS = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


class ChildResult(Protocol):
    """What a limited child came back with; `problem` is empty when `value` is there."""

    @property
    def value(self) -> dict[str, Any] | None: ...
    @property
    def problem(self) -> str: ...
    @property
    def text(self) -> str: ...


class Limited(Protocol):
    """Runs "package.module:function" in a fresh process with hard limits of seconds and bytes of memory."""

    def __call__(
        self,
        target: str,
        request: Mapping[str, Any],
        *,
        seconds: float,
        memory: int,
        cancel: threading.Event | None = None,
    ) -> ChildResult: ...


def read_limited(
    run: Limited, jobs: list[dict[str, Any]], *, seconds: float = SECONDS, cancel: threading.Event | None = None
) -> list[dict[str, Any]]:
    """Read files in one limited child; return one result a job.

    A result is {"kind", "pages"}, {"refused": sentence}, {"later": sentence} when the disk is full, or {"stopped": True}
    when `cancel` was set.

    A job is {"path", "title", "out"} (and "name", whose ending tells CSV from text; default the path's). When the
    child dies, each job is tried alone, so that one hostile file costs the others nothing.

    Raises:
        Nothing for a bad file: its result says so.
    """
    size = sum(Path(job["path"]).stat().st_size for job in jobs if Path(job["path"]).is_file())
    seconds += _SECONDS_A_MEGABYTE * size / 2**20

    def in_child() -> ChildResult:
        return run("knowledge.reading:read_in_child", {"jobs": jobs}, seconds=seconds, memory=MEMORY, cancel=cancel)

    done = in_child()
    if len(jobs) == 1 and done.problem == "crashed":
        done = in_child()
    results = _results(done, len(jobs))
    if results is not None:
        return [_recognised(run, job, result, cancel) for job, result in zip(jobs, results)]
    if done.problem == "cancelled":
        return [{"stopped": True} for _ in jobs]
    if len(jobs) > 1:
        return [read_limited(run, [job], seconds=SECONDS, cancel=cancel)[0] for job in jobs]
    if done.problem == "error" and is_full(OSError(done.text)):
        return [{"later": str(not_kept(Path(jobs[0]["out"]), OSError(done.text)))}]
    return [{"refused": _stopped(str(jobs[0]["title"]), done, seconds)}]


def _results(done: ChildResult, count: int) -> list[dict[str, Any]] | None:
    """The results of so many jobs; None where the child died, or gave something else."""
    found = done.value.get("results") if done.value is not None else None
    good = isinstance(found, list) and len(found) == count and all(isinstance(one, dict) for one in found)
    return found if good else None


def _recognised(
    run: Limited, job: dict[str, Any], result: dict[str, Any], cancel: threading.Event | None
) -> dict[str, Any]:
    """The result with the pages that have no text read by Tesseract, where that is installed."""
    scanned = list(result.pop("scanned", ()))
    if not scanned or not tesseract():
        return result
    request = {"job": job, "pages": scanned}
    most = ocr_seconds(len(scanned))
    done = run("knowledge.ocr:recognise_in_child", request, seconds=most, memory=2 * MEMORY, cancel=cancel)
    if done.problem == "cancelled":
        return {"stopped": True}
    if done.value is not None:
        return dict(done.value)
    return result if "kind" in result else {"refused": _stopped(str(job["title"]), done, most)}


def _stopped(title: str, done: ChildResult, seconds: float) -> str:
    if done.problem == "time":
        return (
            f"{title!r} could not be read within {seconds:.0f} s; it was stopped. Split it, or export it as PDF anew."
        )
    if done.problem == "memory":
        return f"{title!r} needs more than 1 GB of memory to be read; it was stopped. Split it and add the parts."
    if done.problem == "error":
        return f"{title!r} could not be read ({done.text[:200]}). Export it anew, for instance as PDF, and add that."
    return f"{title!r} is damaged: its reader ended without a result, twice. Export it anew and add that."


def read_in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """Read each job's file and write its pages to the job's `out`; to be called in a limited child."""
    return {"results": [_job(job) for job in request["jobs"]]}


def _job(job: Mapping[str, Any]) -> dict[str, Any]:
    title = str(job["title"])
    try:
        kind, pages = read_file(Path(job["path"]), title, name=str(job.get("name") or job["path"]))
        write_pages(Path(job["out"]), pages)
    except NotKept as error:
        return {"later": str(error)}
    except Scanned as refusal:
        return {"refused": str(refusal), "scanned": list(range(1, refusal.pages + 1))}
    except DocumentRefused as refusal:
        return {"refused": str(refusal)}
    except FileNotFoundError:
        return {"refused": f"{title!r} is gone from the disk. Add it again."}
    except RecursionError:
        return {"refused": f"{title!r} is nested too deeply to be read. Export it as PDF and add that."}
    found: dict[str, Any] = {"kind": kind, "pages": len(pages)}
    scanned = [page.number for page in pages if not page.text.strip()] if kind == "pdf" else []
    return {**found, "scanned": scanned} if scanned else found


def read_file(path: Path, title: str, *, name: str = "") -> tuple[str, tuple[Page, ...]]:
    """Return (kind, pages). Call it in a child: a hostile file may hang or eat memory.

    Raises:
        DocumentRefused: the file gives no text; the sentence says why and what to do.
    """
    if path.stat().st_size == 0:
        raise DocumentRefused(f"{title!r} is empty. Check the file and add it again.")
    kind = kind_of(path, title, name or path.name)
    pages = _READERS[kind](path, title)
    total = sum(len(page.text) for page in pages)
    if total > MOST_CHARACTERS:
        raise DocumentRefused(
            f"{title!r} has {total:,} characters, at most {MOST_CHARACTERS:,} are read. Split it and add the parts."
        )
    if not any(char.isalnum() for page in pages for char in page.text):
        if kind in ("pdf", "picture"):
            raise Scanned(title, len(pages), kind)
        raise DocumentRefused(f"No text was found in {title!r}. Check the file and add it again.")
    return kind, pages


class Scanned(DocumentRefused):
    """A PDF without any text, or a picture: what is in it can only be recognised."""

    def __init__(self, title: str, pages: int, kind: str = "pdf") -> None:
        self.pages = pages
        count = "1 page" if pages == 1 else f"{pages} pages"
        super().__init__(
            f"{title!r} is a picture; its text can only be recognised. "
            "Install the program Tesseract and add it again, or add the text itself."
            if kind == "picture"
            else f"No text was found in {title!r} ({count}): it seems to be a scan. "
            "Install the program Tesseract and add it again, or add a version with text."
        )


def _clean(text: str) -> str:
    """Line ends as \\n, no control characters, at most one blank line in a row: offsets count from here on."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\u2028", "\n")
    return _GAPS.sub("\n\n", _CONTROL.sub("", plain)).strip("\n")


# Each reader imports its library when it is needed: a text file must not wait for lxml.
def _numbered(texts: Iterable[str]) -> tuple[Page, ...]:
    return tuple(Page(number, _clean(text)) for number, text in enumerate(texts, start=1))


def _whole(text: str) -> tuple[Page, ...]:
    return (Page(None, _clean(text)),)


def _pdf(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.pdf import read_pdf
    from knowledge.running_lines import without_running_lines

    return _numbered(without_running_lines(list(read_pdf(path, title, MOST_PAGES))))


def _picture(path: Path, title: str) -> tuple[Page, ...]:
    return (Page(1, ""),)  # `Scanned` has its text recognised


def _docx(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.word import read_docx

    return _whole(read_docx(path, title))


def _pptx(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.slides import read_pptx

    return _numbered(read_pptx(path, title))


def _xlsx(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.sheets import read_xlsx

    return _numbered(read_xlsx(path, title))


def _xls(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.sheets import read_xls

    return _numbered(read_xls(path, title))


def _epub(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.archive import checked_names
    from knowledge.ebook import read_epub

    return _numbered(read_epub(path, title, checked_names(path, title)))


def _odf(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.opendocument import read_opendocument

    kind, texts = read_opendocument(path, title)
    return _whole(texts[0]) if kind == "odt" else _numbered(texts)


def _msg(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.outlook import read_msg

    return _whole(read_msg(path, title))


def _bytes_of(path: Path, title: str) -> bytes:
    data = path.read_bytes()
    if len(data) > 4 * MOST_CHARACTERS:
        raise DocumentRefused(
            f"{title!r} has more than {MOST_CHARACTERS:,} characters of text. Split it and add the parts."
        )
    return data


def _decoded(path: Path, title: str) -> str:
    from knowledge.plain import decode

    return decode(_bytes_of(path, title), title)


def _eml(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.attached import attached_texts
    from knowledge.mail import letter_text, read_mail

    headers, letter, files = read_mail(_bytes_of(path, title), title)
    texts, others = attached_texts(files, _attached)
    return _whole("\n\n".join([letter_text(headers, letter, others), *texts]))


def _attached(path: Path, title: str) -> tuple[str, tuple[Page, ...]]:
    """A file that came with a message; a message in a message was read with it."""
    if kind_of(path, title, path.name) == "eml":
        raise DocumentRefused(f"{title!r} is a message by itself.")
    return read_file(path, title)


def _rtf(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.rich_text import rtf_text

    return _whole(rtf_text(_bytes_of(path, title)))


def _html(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.web_page import read_html

    return _whole(read_html(_decoded(path, title)))


def _table(path: Path, title: str, *, tabs: bool = False) -> tuple[Page, ...]:
    from knowledge.tables import read_table

    return (Page(None, read_table(_clean(_decoded(path, title)), title, tabs=tabs)),)


def _tabbed(path: Path, title: str) -> tuple[Page, ...]:
    return _table(path, title, tabs=True)


def _json(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.records import json_text

    return _whole(json_text(_decoded(path, title), title))


def _jsonl(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.records import jsonl_text

    return _whole(jsonl_text(_clean(_decoded(path, title)), title))


def _notebook(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.records import notebook_text

    return _whole(notebook_text(_decoded(path, title), title))


def _code(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.code import code_text

    return _whole(code_text(_clean(_decoded(path, title))))


def _markdown(path: Path, title: str) -> tuple[Page, ...]:
    from knowledge.tables import piped_tables_as_rows

    return _whole(piped_tables_as_rows(_clean(_decoded(path, title))))


def _text(path: Path, title: str) -> tuple[Page, ...]:
    return _whole(_decoded(path, title))


_READERS: dict[str, Callable[[Path, str], tuple[Page, ...]]] = {
    "pdf": _pdf,
    "picture": _picture,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "xls": _xls,
    "epub": _epub,
    "odf": _odf,
    "rtf": _rtf,
    "msg": _msg,
    "eml": _eml,
    "html": _html,
    "csv": _table,
    "tsv": _tabbed,
    "json": _json,
    "jsonl": _jsonl,
    "ipynb": _notebook,
    "md": _markdown,
    "code": _code,
    "text": _text,
}


def write_pages(path: Path, pages: tuple[Page, ...]) -> None:
    """Write pages as packed JSON. Raises NotKept when the disk is full, else OSError."""
    body = json.dumps([[page.number, page.text] for page in pages], ensure_ascii=False)
    packed = gzip.compress(body.encode("utf-8"), compresslevel=3)
    try:
        path.write_bytes(packed)
    except OSError as error:
        path.unlink(missing_ok=True)  # half a file is no use, and takes room
        if is_full(error):
            raise not_kept(path, error) from error
        raise


def load_pages(path: Path) -> tuple[Page, ...]:
    """Return the pages that `write_pages` kept.

    Raises:
        DocumentMissing: the file is not there or cannot be read; read the original again.
    """
    try:
        with gzip.open(path, "rb") as file:
            return tuple(Page(number, text) for number, text in json.loads(file.read().decode("utf-8")))
    except (OSError, EOFError, ValueError, TypeError) as error:
        raise DocumentMissing(f"The text kept in {path.name!r} cannot be read ({error}).") from error
