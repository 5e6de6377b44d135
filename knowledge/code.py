"""Source code to text: each function and class under a heading of its own, the code unchanged between fences."""

from __future__ import annotations

import re

from knowledge.records import fenced

#: Endings of files that are code; "code" is what a document of this kind is called once it was read.
ENDINGS = frozenset(
    "code py pyi js mjs cjs ts tsx jsx java kt kts scala c h cc cpp cxx hpp hh cs go rs rb php swift m mm lua pl pm r "
    "jl sh bash zsh ps1 sql hs ml ex exs erl clj dart groovy vb f90 asm s proto toml ini cfg yaml yml css scss "
    "gradle cmake tf".split()
)
#: A line at the left edge (or one level in, for methods) that begins a definition. Bounded: no line is read twice.
_DEFINITION = re.compile(
    r"^(?: {4}|\t)?(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub(?:\([a-z]{1,9}\))?|"
    r"unsafe|override|virtual|inline|sealed|partial|open|data|suspend) ){0,5}"
    r"(?:def|class|function\*?|func|fn|fun|struct|enum|interface|trait|impl|module|namespace|sub|object|record|"
    r"CREATE (?:OR REPLACE )?(?:TABLE|VIEW|FUNCTION|PROCEDURE))[ \t]+([^\n({:;]{1,100})",
    re.M,
)


def code_text(text: str) -> str:
    """Return the code in fences, a "## name" line before each definition."""
    starts = [(match.start(), " ".join(match.group(0).split())) for match in _DEFINITION.finditer(text)]
    starts = [(_with_marks(text, at), name) for at, name in starts]
    cuts = [0, *(at for at, _ in starts), len(text)]
    parts = [fenced(text[: cuts[1]])]
    for (at, name), end in zip(starts, cuts[2:]):
        body = fenced(text[at:end])
        if body:
            parts.append(f"## {name}\n\n{body}")
    return "\n\n".join(part for part in parts if part)


def _with_marks(text: str, at: int) -> int:
    """Back over the decorators and attributes right above a definition (at most eight lines)."""
    for _ in range(8):
        before = text.rfind("\n", 0, max(0, at - 1)) + 1
        if before >= at or not text[before:at].lstrip().startswith(("@", "#[", "[")):
            break
        at = before
    return at
