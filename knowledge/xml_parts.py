"""XML of office files and books to trees, by lxml (the only importer): no entity is expanded, nothing is fetched."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from knowledge.errors import DocumentRefused

#: Raised by python-docx and python-pptx too, which parse with lxml.
XMLError = etree.XMLSyntaxError
#: No part that is parsed as a whole tree may be longer (bytes).
MOST_BYTES = 48 * 2**20


def parse_xml(data: bytes, title: str) -> Any:
    """Return the root element.

    Raises:
        DocumentRefused: this is no XML.
    """
    if len(data) > MOST_BYTES:
        raise DocumentRefused(f"{title!r} has a part of {len(data) / 2**20:,.0f} MB, too long to be read. Split it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged(title, error) from error


def zip_part(path: Path, name: str, title: str) -> bytes:
    """Return one member of a zip file whose sizes were checked before.

    Raises:
        DocumentRefused: it is not there or damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise damaged(title, error) from error


def name_of(element: Any) -> str:
    """Return the element's name without its name space; empty for comments and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def named(root: Any, *names: str) -> Iterator[Any]:
    """Yield the elements below with one of these names, whatever their name space, in order."""
    return (one for one in root.iter() if name_of(one) in names)


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name without its name space; empty where it is not there."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def damaged(title: str, error: BaseException) -> DocumentRefused:
    """Return the refusal of a file whose parts do not hold what they should."""
    return DocumentRefused(
        f"{title!r} is damaged and cannot be read ({_short(error)}). Save it again in its program, or export it as PDF."
    )


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
