"""Text recognition of scanned pages and pictures by the program Tesseract, where it is installed; in a limited child.

The child draws the pages and starts the program for each; when it is stopped, the program ends with it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.errors import DocumentMissing, DocumentRefused

#: Pages of a document that are recognised; the seconds one may take at most, and does take on a busy machine.
MOST_PAGES = 300
MOST_SECONDS = 120.0
SECONDS_A_PAGE = 45.0
#: A person waits for the page with the quote marked; after this it is shown without.
SECONDS_TO_MARK = 15.0
#: Stands above every recognised page, so that nobody takes its letters for certain.
MARK = "[Recognised from a scan by Tesseract; letters may be wrong.]"


def tesseract() -> str:
    """Return the path of the program, or an empty string."""
    return shutil.which("tesseract") or ""


def ocr_seconds(pages: int) -> float:
    """Return how long recognising this many pages may take at most."""
    return MOST_SECONDS + SECONDS_A_PAGE * min(pages, MOST_PAGES)


def recognise_in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """Recognise request["pages"] of request["job"] and write all its pages; to be called in a limited child."""
    from knowledge.passage import Page
    from knowledge.reading import load_pages, write_pages

    job, wanted = request["job"], [int(one) for one in request["pages"]]
    path, out, title = Path(job["path"]), Path(job["out"]), str(job["title"])
    try:
        pages = load_pages(out)
    except DocumentMissing:  # none of its pages has text
        pages = tuple(Page(number, "") for number in range(1, max(wanted) + 1))
    found = {number: text for number in wanted[:MOST_PAGES] if (text := _recognised(path, number, title))}
    if not found and not any(page.text for page in pages):
        return {"refused": f"No text was found in {title!r}, and Tesseract recognised none. Add a version with text."}
    merged = tuple(Page(page.number, found.get(page.number or 0, page.text)) for page in pages)
    write_pages(out, merged)
    return {"kind": "pdf" if _is_pdf(path) else "picture", "pages": len(merged)}


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)


def _recognised(path: Path, number: int, title: str) -> str:
    """One page's text under the mark; empty where the page is blank or cannot be drawn."""
    from knowledge.pdf import render_scan

    program = tesseract()
    try:
        picture = render_scan(path, number, title=title) if _is_pdf(path) else path.read_bytes()
        done = subprocess.run(
            [program, "stdin", "stdout", "--dpi", "300", "-l", _languages(program)],
            input=picture,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except (DocumentMissing, DocumentRefused, OSError, subprocess.TimeoutExpired):
        return ""
    text = done.stdout.decode("utf-8", "replace").replace("\f", "").strip()
    return f"{MARK}\n\n{text}" if done.returncode == 0 and any(char.isalnum() for char in text) else ""


def recognised_boxes(
    path: Path, number: int, quote: str, *, title: str
) -> tuple[tuple[float, float, float, float], ...]:
    """Return where a quote stands on a scanned page, recognised anew, as `quote_boxes` does; () where it is not found.

    Raises:
        DocumentMissing, DocumentRefused: the page cannot be drawn.
    """
    from knowledge.page_layout import joined
    from knowledge.pdf import render_scan
    from knowledge.quotes import find_quote

    program = tesseract()
    if not program:
        return ()
    picture = render_scan(path, number, title=title)
    command = [program, "stdin", "stdout", "--dpi", "300", "-l", _languages(program), "tsv"]
    try:
        done = subprocess.run(command, input=picture, capture_output=True, timeout=SECONDS_TO_MARK, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    cells = [line.split("\t") for line in done.stdout.decode("utf-8", "replace").split("\n")[1:]]
    rows = [(int(one[0]), tuple(float(cell) for cell in one[6:10]), one[11].strip()) for one in cells if len(one) == 12]
    page = next((box for level, box, _ in rows if level == 1), None)
    words = [(box, word) for level, box, word in rows if level == 5 and word]
    if page is None or not words:
        return ()
    starts, text = [], ""
    for _, word in words:
        starts.append(len(text))
        text += f"{word} "
    start, end = find_quote(text, quote)
    inside = [box for at, (box, word) in zip(starts, words) if start < at + len(word) and at < end]
    _, _, wide, high = page
    return tuple(joined([(a / wide, b / high, (a + w) / wide, (b + h) / high) for a, b, w, h in inside]))


def _languages(program: str) -> str:
    """The languages that are installed, joined as the program wants them, English first; at most three."""
    done = subprocess.run([program, "--list-langs"], capture_output=True, timeout=10.0, check=False)
    lines = done.stdout.decode("utf-8", "replace").split("\n")[1:]
    known = [one.strip() for one in lines if one.strip() and one.strip() not in ("osd", "snum")]
    return "+".join(sorted(known, key=lambda one: (one != "eng", one))[:3]) or "eng"
