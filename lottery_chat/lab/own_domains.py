"""The lab's own documents of law, medicine and finance, as the files a person would drop in, and their questions.

Written for the lab: names, amounts and rules in them are made up. A source `x.docx.txt` or `x.pdf.txt` is made into the
Word document or PDF it is named after; every other file is used as it lies there. docs/lab_data.md describes the marks.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path

from lottery_chat.errors import NotFound
from lottery_chat.lab import office_files
from lottery_chat.lab.fields import Row, text, texts
from lottery_chat.lab.loading import OWN
from lottery_chat.lab.rows import Read
from lottery_chat.lab.values import Document, Item

FOLDER = OWN / "own_documents"
DOMAINS = ("law", "medicine", "finance")
#: What a question asks for; the last is what no file of its domain says.
KINDS = ("fact", "two places", "exception", "unsaid")
_PAGE = "== page =="
#: Of a PDF page, in points: left edge, first line, height of a line; characters a line holds.
_LEFT, _TOP, _LINE, _WIDE = 60.0, 740.0, 13.0, 92


def documents(name: str, data: Path | None = None) -> tuple[Document, ...]:
    """The files of the task `own_<domain>`, or of all domains for another task, under their names.

    `data` is not needed: the files lie in the package.

    Raises:
        NotFound: a folder of the package is not there or is empty.
    """
    domain = name.removeprefix("own_")
    return tuple(one for each in ((domain,) if domain in DOMAINS else DOMAINS) for one in _of(FOLDER / each))


def question(domain: str) -> Read:
    """Reader of own_<domain>.jsonl: all files of the domain were dropped in; gold: accepted answers, none if unsaid."""

    def read(row: Row) -> Item:
        about, answers = text(row, "kind"), texts(row, "answers", empty=True)
        if about not in KINDS or (about == "unsaid") == bool(answers):
            raise ValueError(f"the field 'kind' is {about!r} with {len(answers)} answers; one of {', '.join(KINDS)}")
        files = tuple(one.title for one in documents(f"own_{domain}"))
        if text(row, "file") not in files:
            raise ValueError(f"the field 'file' is {row['file']!r}; one of {', '.join(files)}")
        rests_on = () if about == "unsaid" else tuple(texts(row, "rests_on"))
        return Item(text(row, "id"), text(row, "question"), answers, files, band=about, rests_on=rests_on)

    return read


def wording(row: Row) -> Item:
    """Reader of own_words.jsonl: one wording of a question; band: what is asked; the id is `<question>/<letter>`."""
    gold = {"judge": text(row, "judge"), "gold": row["gold"]}
    attached = (text(row, "file"),) if "file" in row else ()
    return Item(text(row, "id"), text(row, "question"), gold, attached, band=text(row, "kind"))


def _of(folder: Path) -> tuple[Document, ...]:
    paths = sorted(folder.glob("*.*")) if folder.is_dir() else []
    if not paths:
        raise NotFound(f"There are no files in {str(folder)!r}. The package is incomplete; install it again.")
    return tuple(map(_document, paths))


def _document(path: Path) -> Document:
    source = path.read_text(encoding="utf-8")
    for ending, made in ((".docx", word_document), (".pdf", pages)):
        if path.name.endswith(f"{ending}.txt"):
            return Document(path.name.removesuffix(".txt"), source, content=made(source))
    return Document(path.name, source, content=source.encode("utf-8"))


def word_document(source: str) -> bytes:
    """A Word document: lines with "# " and "## " are headings, lines in bars rows of a table, others paragraphs."""
    parts: list[str] = []
    table: list[list[str]] = []
    for line in [*_escaped(source).splitlines(), ""]:
        if line.startswith("|"):
            table.append(_cells(line))
            continue
        if table:
            parts.append(office_files.word_table(table))
            table = []
        marks, _, words = line.partition(" ")
        if marks in ("#", "##"):
            parts.append(office_files.paragraph(words, f"Heading{len(marks)}"))
        elif line:
            parts.append(office_files.paragraph(line))
    return office_files.docx("".join(parts))


def pages(source: str) -> bytes:
    """A PDF: marks as in word_document, cells of a table in columns, `== page ==` between pages."""
    return office_files.pdf([_page(part.strip().splitlines()) for part in source.split(_PAGE)])


def _page(lines: Sequence[str]) -> bytes:
    """A page in the order in which it is read."""
    content, height = [], _TOP
    for line in lines:
        if line.startswith("#"):
            height -= _LINE / 2
            content.append(office_files.written([(_LEFT, height, line.lstrip("# "))], size=12, font=1))
        elif line.startswith("|"):
            cells = [(_LEFT + 110 * at, height, cell) for at, cell in enumerate(_cells(line)) if cell]
            content.append(office_files.written(cells, size=10))
        else:
            rows = textwrap.wrap(line, _WIDE)
            content += [
                office_files.written([(_LEFT, height - _LINE * at, part)], size=10) for at, part in enumerate(rows)
            ]
            height -= _LINE * (len(rows) - 1)
        height -= _LINE
    return b"".join(content)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _escaped(source: str) -> str:
    return source.replace("&", "&amp;").replace("<", "&lt;")
