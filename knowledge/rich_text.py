"""RTF to plain text, in one pass: paragraphs, table rows, letters of any code page; pictures and styles left out."""

from __future__ import annotations

import codecs
import re

_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I)
_SILENT = frozenset(
    "fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl footerr themedata datastore "
    "listtable listoverridetable rsidtbl generator xmlnstbl fldinst latentstyles filetbl revtbl".split()
)
_SIGNS = {
    "par": "\n\n", "line": "\n", "sect": "\n\n", "page": "\n\n", "tab": "\t", "cell": "; ", "row": "\n",
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•",
}  # fmt: skip
_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_DEEPEST = 1000


def rtf_text(data: bytes) -> str:  # noqa: C901 - one branch a kind of token
    """Return the visible text. What is no RTF gives what letters it has."""
    page = "cp1252"
    parts: list[str] = []
    raw = bytearray()  # letters of the code page, decoded together: some are two bytes long
    silent: list[bool] = [False]
    skip = 0  # letters that stand in for the Unicode one before them
    jump: list[int] = [1]
    for match in _TOKEN.finditer(data.decode("latin-1")):
        word, number, letter, sign, brace, plain = match.groups()
        if letter is not None:
            if skip:
                skip -= 1
            elif not silent[-1]:
                raw.append(int(letter, 16))
            continue
        if raw and (plain or word or sign or brace):
            parts.append(raw.decode(page, "replace"))
            raw.clear()
        if brace == "{" and len(silent) < _DEEPEST:
            silent.append(silent[-1])
            jump.append(jump[-1])
        elif brace == "}" and len(silent) > 1:
            silent.pop()
            jump.pop()
        elif sign == "*":
            silent[-1] = True
        elif word in _SILENT:
            silent[-1] = True
        elif word in _PAGES or word == "ansicpg":
            page = _known(f"cp{number}") if word == "ansicpg" else _PAGES[word]
        elif word == "uc":
            jump[-1] = min(8, abs(int(number or 1)))
        elif not silent[-1]:
            if word == "u" and number:
                parts.append(chr(int(number) % 65536))
                skip = jump[-1]
            elif plain is not None:
                parts.append(plain[skip:])
                skip = max(0, skip - len(plain))
            else:
                parts.append(_SIGNS.get(word or "", "") if word else {"~": " ", "_": "-"}.get(sign or "", sign or ""))
    parts.append(raw.decode(page, "replace"))
    text = "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"(?:; )+\n", "\n", text).strip()


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
