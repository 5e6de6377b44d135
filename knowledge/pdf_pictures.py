"""One page of a PDF as a picture, with the places of a quote on it; in a limited child, for pdfium is in C.

`picture_limited` is what others call; `picture_in_child` is what the child runs.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.errors import DocumentMissing, DocumentRefused
from knowledge.reading import Limited

#: (left, top, right, bottom) as shares of the picture's width and height, 0 to 1, counted from its upper left corner.
Box = tuple[float, float, float, float]

SECONDS = 40.0
MEMORY = 2**30


def picture_limited(
    run: Limited, path: Path, title: str, page: int, quote: str = "", *, cancel: threading.Event | None = None
) -> tuple[bytes, tuple[Box, ...]]:
    """Return the page as PNG bytes (about 1,200 pixels wide) and a box for each line of the quote on it.

    Args:
        page: counted from 1.
        quote: found as `find_quote` finds it; () where it is empty or does not stand there.

    Raises:
        DocumentMissing: no such page, not a PDF, or it cannot be drawn; the sentence says which.
    """
    request = {"path": str(path), "title": title, "page": page, "quote": quote[:20_000]}
    done = run("knowledge.pdf_pictures:picture_in_child", request, seconds=SECONDS, memory=MEMORY, cancel=cancel)
    if done.value is None:
        why = "it takes too long" if done.problem == "time" else done.text or done.problem
        raise DocumentMissing(f"Page {page} of {title!r} cannot be drawn ({why}). Its text can be read all the same.")
    if "refused" in done.value:
        raise DocumentMissing(str(done.value["refused"]))
    boxes = tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in done.value["boxes"])
    return base64.b64decode(done.value["png"]), boxes


def picture_in_child(request: Mapping[str, Any]) -> dict[str, Any]:
    """Draw and find; to be called in a limited child."""
    from knowledge.ocr import recognised_boxes
    from knowledge.pdf import is_scan, quote_boxes, render_page

    path, title, page = Path(request["path"]), str(request["title"]), int(request["page"])
    quote = str(request["quote"])
    try:
        png = render_page(path, page, title=title)
        boxes = quote_boxes(path, page, quote, title=title) if quote else ()
        if quote and not boxes and is_scan(path, page, title=title):
            boxes = recognised_boxes(path, page, quote, title=title)
    except (DocumentRefused, DocumentMissing) as error:
        return {"refused": str(error)}
    except FileNotFoundError:
        return {"refused": f"{title!r} is gone from the disk. Add it again."}
    return {"png": base64.b64encode(png).decode("ascii"), "boxes": boxes}
