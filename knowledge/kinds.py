"""Which kind of file this is: by its content first; the ending of its name decides among kinds of text."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import DocumentRefused

#: Signature, what it is, and what to do with it.
_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF8", "a picture", "add the text itself, or a PDF of it; pictures are not read"),
    (b"\x1f\x8b", "a packed file", "unpack it and add what is inside"),
    (b"BZh", "a packed file", "unpack it and add what is inside"),
    (b"\xfd7zXZ", "a packed file", "unpack it and add what is inside"),
    (b"7z\xbc\xaf", "a packed file", "unpack it and add what is inside"),
    (b"Rar!", "a packed file", "unpack it and add what is inside"),
    (b"\x7fELF", "a program", "add a document"),
    (b"MZ\x90", "a program", "add a document"),
    (b"SQLite format 3", "a database", "export its tables as CSV"),
    (b"ID3", "a sound file", "add what is said in it as text"),
    (b"OggS", "a sound or film file", "add what is said in it as text"),
)
#: Pictures whose text Tesseract recognises.
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_BY_ENDING = {
    "csv": "csv", "tsv": "tsv", "tab": "tsv", "md": "md", "markdown": "md", "json": "json", "jsonl": "jsonl",
    "ndjson": "jsonl", "geojson": "json", "ipynb": "ipynb", "eml": "eml",
}  # fmt: skip
#: Endings, beside those of texts and code, of files that are read; a file named by a person is tried whatever its name.
_READ = frozenset(
    "pdf docx pptx xlsx xlsm xls epub odt ods odp rtf msg html htm xhtml txt text rst log tex srt vtt".split()
)
_OFFICE = {"word/document.xml": "docx", "ppt/presentation.xml": "pptx", "xl/workbook.xml": "xlsx"}
_MAIL = (b"received:", b"return-path:", b"delivered-to:", b"mime-version:", b"from:", b"message-id:", b"x-")


def is_read(name: str) -> bool:
    """Return whether files with such a name are of a kind that is read, so that a folder's other files are left alone."""
    from knowledge.code import ENDINGS

    ending = Path(name).suffix.lower().lstrip(".")
    return ending in _READ or ending in _BY_ENDING or ending in ENDINGS


def kind_of(path: Path, title: str, name: str) -> str:
    """Return the kind: pdf, docx, pptx, xlsx, xls, epub, odf, rtf, msg, eml, html, csv, tsv, json, jsonl, ipynb, md, code, text, picture.

    Raises:
        DocumentRefused: a kind that is not read, or a damaged container.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(path, title)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        from knowledge.outlook import ole_kind

        return ole_kind(path, title)
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(_PICTURES):
        return "picture"
    for signature, what, advice in _SIGNATURES:
        if head.startswith(signature):
            raise DocumentRefused(f"{title!r} is {what}; that kind is not read. To use it, {advice}.")
    return _text_kind(head, Path(name).suffix.lower().lstrip("."))


def _text_kind(head: bytes, ending: str) -> str:
    from knowledge.code import ENDINGS

    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")) or (ending in ("html", "htm", "xhtml") and b"<" in head):
        return "html"
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    if ending in ENDINGS:
        return "code"
    if start.startswith(_MAIL) and b"\nsubject:" in head.lower() and b"\nfrom:" in b"\n" + head.lower():
        return "eml"
    return "text"


def _packed(path: Path, title: str) -> str:
    from knowledge.archive import checked_names

    names = checked_names(path, title)
    for part, kind in _OFFICE.items():
        if part in names:
            return kind
    if "META-INF/container.xml" in names:
        return "epub"
    if "content.xml" in names and "mimetype" in names:
        return "odf"
    if any(name.endswith(("Index/Document.iwa", "index.xml", "index.apxl")) for name in names):
        raise DocumentRefused(f"{title!r} is an Apple iWork file; that kind is not read. Export it as PDF or DOCX.")
    raise DocumentRefused(f"{title!r} is a packed file (zip). Unpack it and add what is inside.")
