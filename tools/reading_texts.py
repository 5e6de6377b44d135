"""Questions about a text's letters and words ("how many r's are in strawberry"): read only where the text is marked.

A text is marked by quotation marks, by "the word …", or, where a letter is counted, by being a single word.
"""

from __future__ import annotations

import re

_QUOTED = r"[\"“”„«»](?P<quoted>[^\"“”„«»]+)[\"“”«»]|'(?P<single>[^']+)'"
_WORD = r"(?P<word>[A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)*)"
_KIND = r"(?:the |this |dem |das )?(?:word|string|phrase|sentence|name|text|wort)(?: of)?:? "
_MARKED = rf"(?:(?:{_KIND})?(?:{_QUOTED})|{_KIND}{_WORD})"
_MARKED_OR_WORD = rf"(?:(?:{_KIND})?(?:{_QUOTED}|{_WORD}))"
_LETTER = r"(?:the )?(?:letters? )?[\"'“”‘’]?(?P<letter>[A-Za-z])[\"'“”‘’]?(?:[’']?s)?"
_IN = r"(?: letters)?(?: are| is| sind)?(?: there)?(?: contained| found)? in "

_SHAPES = tuple(
    (re.compile(shape, re.IGNORECASE), pattern)
    for shape, pattern in (
        (rf"how (?:many|much) {_LETTER}{_IN}{_MARKED_OR_WORD}", 'count("{letter}", "{text}")'),
        (rf"how (?:many|often) times (?:does|do|is) {_LETTER} (?:appear|occur|show up|used)s? in {_MARKED_OR_WORD}",
         'count("{letter}", "{text}")'),
        (rf"how often (?:does|do) {_LETTER} (?:appear|occur) in {_MARKED_OR_WORD}", 'count("{letter}", "{text}")'),
        (rf"count (?:the (?:number of )?)?{_LETTER}{_IN}{_MARKED_OR_WORD}", 'count("{letter}", "{text}")'),
        (rf"(?:the )?number of {_LETTER} in {_MARKED_OR_WORD}", 'count("{letter}", "{text}")'),
        (rf"wie viele {_LETTER}{_IN}{_MARKED_OR_WORD}", 'count("{letter}", "{text}")'),
        (rf"how many (?P<what>letters|characters|vowels|words)(?: are| is)?(?: there)? in {_MARKED}", '{what}("{text}")'),
        (rf"how many (?P<what>letters|characters|vowels|words) does {_MARKED} (?:have|contain)", '{what}("{text}")'),
        (rf"count (?:the )?(?P<what>letters|characters|vowels|words) in {_MARKED}", '{what}("{text}")'),
        (rf"(?:reverse|spell backwards) {_MARKED}", 'reverse("{text}")'),
        (rf"(?:spell|write|say) {_MARKED_OR_WORD} (?:backwards|in reverse|reversed)", 'reverse("{text}")'),
        (rf"(?:the )?reverse of {_MARKED}", 'reverse("{text}")'),
        (rf"{_MARKED} (?:spelled |written )?(?:backwards|reversed|in reverse)", 'reverse("{text}")'),
    )
)  # fmt: skip
#: Words after "in" that point at something else than themselves.
_POINTERS = frozenset("this that it the here there english german french spanish total all general python".split())


def text_question(text: str) -> str | None:
    """Return the expression of a question about letters or words (capitals kept), or None."""
    for shape, pattern in _SHAPES:
        found = shape.fullmatch(text)
        if not found:
            continue
        groups = found.groupdict()
        body = groups.get("quoted") or groups.get("single") or groups.get("word") or ""
        if not body or (groups.get("word") and body.lower() in _POINTERS) or '"' in body or "\\" in body:
            continue
        return pattern.format(letter=groups.get("letter", ""), text=body, what=str(groups.get("what", "")).lower())
    return None
