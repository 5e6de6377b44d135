"""EPUB to one page a chapter, in the order of its spine; nothing but its text and headings."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import unquote

from knowledge.errors import DocumentRefused
from knowledge.web_page import visible_text
from knowledge.xml_parts import attribute, name_of, named, parse_xml, zip_part

MOST_CHAPTERS = 2000


def read_epub(path: Path, title: str, names: frozenset[str]) -> list[str]:
    """Return the text of each chapter that has any.

    Args:
        names: the members of the file, as `checked_names` gave them.

    Raises:
        DocumentRefused: no book can be found in it, or it is protected (DRM).
    """
    if "META-INF/rights.xml" in names or "META-INF/sinf.xml" in names:
        raise DocumentRefused(f"{title!r} is protected against copying (DRM); it cannot be read. Add another edition.")
    container = parse_xml(zip_part(path, "META-INF/container.xml", title), title)
    package = next((attribute(one, "full-path") for one in named(container, "rootfile")), "")
    if package not in names:
        raise DocumentRefused(f"{title!r} is damaged: it does not say where its text is. Export it anew.")
    root = parse_xml(zip_part(path, package, title), title)
    places = {attribute(one, "id"): attribute(one, "href") for one in named(root, "item")}
    spine = [places.get(attribute(one, "idref"), "") for one in named(root, "itemref")][:MOST_CHAPTERS]
    above = posixpath.dirname(package)
    chapters = []
    for href in spine:
        name = posixpath.normpath(posixpath.join(above, unquote(href.partition("#")[0])))
        if name in names:
            chapters.append(visible_text(zip_part(path, name, title).decode("utf-8", "replace")))
    about = _about(root)
    found = [chapter for chapter in chapters if chapter.strip()]
    return [f"{about}\n\n{found[0]}" if about else found[0], *found[1:]] if found else []


def _about(root: object) -> str:
    """Who wrote it and when, as the book says, in a line before the first chapter."""
    wanted = {"title": "Title", "creator": "Author", "publisher": "Publisher", "date": "Date"}
    said = [(name_of(one), " ".join((one.text or "").split())) for one in named(root, *wanted)]
    return "; ".join(f"{wanted[name]}: {text}" for name, text in said if text)
