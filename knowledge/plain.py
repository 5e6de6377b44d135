"""Bytes to text when nobody says in which encoding, by charset-normalizer (the only importer) and a few rules."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from knowledge.errors import DocumentRefused

_SIGNS = frozenset("‘’‚“”„–—…•€£§°©®«»¿¡½¼±·\u00a0")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Enough to guess by; guessing on more only takes longer.
_SAMPLE = 65536


def decode(data: bytes, title: str) -> str:
    """Return the text: by its mark, as UTF-8, by the best guess, as Windows-1252.

    Raises:
        DocumentRefused: these bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide(data[:_SAMPLE])
    if wide:
        return data.decode(wide, "replace")
    sample = data[:_SAMPLE]
    # Single marks between words are a slip, a block of them is a program, a picture or noise.
    if len(_CONTROL.findall(sample)) > max(8, len(sample) // 25):
        raise DocumentRefused(
            f"{title!r} is not a text that can be read (its bytes are not letters). "
            "Add it as PDF, DOCX, HTML, CSV, Markdown or plain text."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _guessed(data: bytes) -> str:
    mostly = data.decode("utf-8", "replace")
    bad = mostly.count("\ufffd")
    good = sum(1 for char in mostly[:_SAMPLE] if ord(char) > 127) - bad
    if good > 4 * bad:  # UTF-8 with a few broken bytes
        return mostly
    western = data.decode("cp1252", "replace")
    if _looks_western(western[:_SAMPLE]):  # the guesser takes any of ten alike code pages
        return western
    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None:
        try:
            return data.decode(best.encoding)
        except (UnicodeDecodeError, LookupError):
            return western
    return western


def _looks_western(text: str) -> bool:
    """A few accented letters among many plain ones, and none of the signs that other code pages turn into."""
    strange = [char for char in text if ord(char) > 127]
    letters = sum(1 for char in text if char.isalpha())
    return len(strange) < 0.25 * max(1, letters) and all(char.isalpha() or char in _SIGNS for char in strange)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: every other byte of Western text is zero."""
    if len(sample) < 8 or b"\x00" not in sample:
        return ""
    half = len(sample) // 2
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""
