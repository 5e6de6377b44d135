"""Which messages ask about the collection itself, and for what, read by rules: English and German.

A rule reads the whole message or nothing, and a file that is named must be there: "how many pages does the Bible have"
is no question about the collection unless a file is called so. What this does not do: several wishes in one message.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lottery_chat.planner.files_meant import files_meant, kind_meant

Wish = Literal[
    "list", "count", "pages", "words", "kinds", "newest", "oldest", "largest", "smallest", "longest", "shortest", "added",
    "size", "mention", "times", "about", "headings", "page", "failed", "latest",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AboutCollection:
    """What is wanted; `term` is what is looked for, `page` a page (-1: the last), `file` the words that name a file.

    `kind` is a kind of files ("PDF") that a list or a count is confined to; empty for all.
    """

    wish: Wish
    term: str = ""
    page: int = 0
    file: str = ""
    kind: str = ""


_FILES = (
    r"(?:files|documents|pdfs|papers|texts|uploads|attachments|dateien|dokumente|dokumenten|unterlagen|pdf-dateien)"
)
_FILE = r"(?:file|document|pdf|paper|text|upload|attachment|datei|dokument|unterlage)"
_MY = r"(?:my |the |these |those |our |your |all |of |uploaded |meine[nr]? |die |der |den |diese[rn]? |alle |aller )*"
_BASE = r"(?:collection|knowledge base|library|document base|sammlung|wissensbasis|bibliothek|dokumentensammlung)"
_THIS = r"(?:it|this|this one|(?:this|the|that|my|our) (?:file|document|pdf|paper|text|report|book|article)|(?:diese[rsnm]?|der|die|das|dem|des) (?:datei|dokuments?|pdf|texte?s?|berichts?))"
_HERE = rf"(?: (?:do i have|do we have|have i(?: uploaded| added)?|have we|did i (?:upload|add)|are there|are here|exist|are in (?:my|the) {_BASE}|(?:are )?in (?:my|the) {_BASE}|there are|you have|do you have|can you see|gibt es|habe ich(?: hochgeladen)?|sind (?:da|hier|vorhanden|in (?:meiner|der) {_BASE})|kennst du|liegen vor)(?: here| in total| now| altogether)?)?"
_TERM = r"[\"“„«']?(?P<term>[^\"“”„«»?]{2,80}?)[\"”“»']?"
_WORD = r"(?:the (?:word|term|name|phrase)s? )?"
_SORT = r"(?P<kind>(?:[a-zäöü]+[- ])?[a-zäöü-]{3,20})"
_SOME = rf"(?P<file>{_THIS}|[^?]{{2,80}}?)"
_NUMBER = r"(?P<page>\d{1,5}|last|first|letzte[nr]?|erste[nr]?)"

#: The first rule that reads the whole message counts. (?P<file>…) must be a file that is there, or "this file".
_RULES: tuple[tuple[Wish, str], ...] = (
    ("failed", rf"(?:which|what) (?:of )?{_MY}{_FILES} (?:could|can)(?: not|n't|not) be (?:read|opened|added)|(?:which|what) (?:of )?{_MY}{_FILES} (?:failed|were not read|did not work|have problems)|welche {_FILES} (?:konnten|können) nicht (?:gelesen|geöffnet) werden"),
    ("latest", rf"(?:which|what)(?:'s| is)? (?:the |my |our )?(?:newest|latest|most recent|current) (?:version of )?(?:the |my |our )?{_SOME}|(?:which|what) {_SOME} is (?:the )?(?:newest|latest|most recent|current|up to date)(?: one| version)?|(?:which|what) is the (?:newest|latest|most recent|current) (?:version|one|edition) of (?:the |my |our )?{_SOME}|(?:welche[sr]?|was) (?:ist )?(?:die |das |der )?(?:neueste|aktuelle|aktuellste)[sr]? (?:version (?:der |des |von )?)?{_SOME}"),
    ("count", rf"(?:how many|wie viele) {_SORT}{_HERE}|(?:the )?number of (?:my |the )?{_SORT}"),
    ("list", rf"(?:list|show|name|display)(?: me)? (?:all )?(?:of )?(?:my |the |our )?{_SORT}|(?:which|what|welche) {_SORT}{_HERE}|(?:liste|zeige|zeig)(?: mir)? (?:alle )?(?:meine |die )?{_SORT}(?: auf)?"),
    ("list", rf"(?:list|show|name|display)(?: me)? {_MY}(?:titles of )?{_MY}{_FILES}{_HERE}|(?:which|what) {_FILES}{_HERE}|(?:list|show) (?:me )?(?:all )?(?:my |the )?(?:document |file )titles"),
    ("list", rf"what(?:'s| is| do i have| do we have| have i) in (?:my|the|our) {_BASE}|welche {_FILES}{_HERE}|(?:liste|zeige|zeig|nenne)(?: mir)? {_MY}(?:titel (?:meiner |der |aller )*)?{_FILES}(?: auf)?|was ist in (?:meiner|der) {_BASE}"),
    ("kinds", rf"(?:what|which) (?:kinds?|types?|formats?|sorts?) of {_FILES}{_HERE}|(?:what|which) (?:file|document) (?:kinds|types|formats){_HERE}|welche (?:arten|formate|typen|dateitypen|dateiformate|dateiarten)(?: von| der)?(?: {_FILES})?{_HERE}"),
    ("pages", rf"how many pages (?:do {_MY}{_FILES} have|in all {_FILES}|in total|are there(?: in total| altogether| in all)?|do i have)(?: together| in total| altogether)?|wie viele seiten (?:gibt es(?: insgesamt)?|haben {_MY}{_FILES}(?: zusammen| insgesamt)?|sind es insgesamt|insgesamt)"),
    ("pages", rf"how (?:many pages|long) (?:does|is|are in|are there in|has) {_SOME}(?: have| contain| got)?|wie viele seiten (?:hat|umfasst) {_SOME}|(?:the )?(?:number of pages|page count) (?:of|in) {_SOME}"),
    ("words", rf"how many words (?:do {_MY}{_FILES} have|are there(?: in total| altogether)?|in total)(?: together| in total| altogether)?|wie viele w(?:ö|oe)rter (?:gibt es(?: insgesamt)?|haben {_MY}{_FILES}(?: zusammen| insgesamt)?)"),
    ("words", rf"how many words (?:does|are in|are there in|has) {_SOME}(?: have| contain| got)?|wie viele w(?:ö|oe)rter (?:hat|umfasst|enthält) {_SOME}|(?:the )?(?:number of words|word count) (?:of|in) {_SOME}"),
    ("count", rf"(?:how many|wie viele|wieviele) {_FILES}{_HERE}|(?:the )?number of {_MY}{_FILES}|how (?:big|large) is (?:my|the|our) {_BASE}|wie gro(?:ß|ss) ist (?:meine|die) {_BASE}"),
    ("newest", rf"(?:which|what)(?:'s| is| was)? {_MY}(?:newest|latest|most recent|most recently added|last)(?: added| uploaded)? {_FILE}|(?:which|what) {_FILE} (?:is|was) (?:the )?(?:newest|latest|most recent|(?:added|uploaded) last|last (?:added|uploaded))|(?:what|which file) (?:did i (?:add|upload)|was (?:added|uploaded)) (?:last|most recently)|(?:welche[sr]?|was|wie heißt) (?:ist |war )?(?:die|das|meine|mein) (?:neueste|aktuellste|zuletzt hinzugefügte|letzte)s? {_FILE}|welche[s]? {_FILE} ist (?:die |das )?(?:neueste|am neuesten)"),
    ("oldest", rf"(?:which|what)(?:'s| is| was)? {_MY}(?:oldest|earliest|first)(?: added| uploaded)? {_FILE}|(?:which|what) {_FILE} (?:is|was) (?:the )?(?:oldest|(?:added|uploaded) first)|(?:welche[sr]?|was|wie heißt) (?:ist |war )?(?:die|das|meine|mein) (?:älteste|erste)s? {_FILE}|welche[s]? {_FILE} ist (?:die |das )?älteste"),
    ("largest", rf"(?:which|what)(?:'s| is| was)? {_MY}(?:largest|biggest) {_FILE}|(?:which|what) {_FILE} (?:is|was) (?:the )?(?:largest|biggest)|(?:welche[sr]?|was|wie heißt) (?:ist )?(?:die|das|meine|mein) gr(?:ö|oe)(?:ß|ss)tes? {_FILE}|welche[s]? {_FILE} ist (?:die |das |am )?gr(?:ö|oe)(?:ß|ss)ten?"),
    ("smallest", rf"(?:which|what)(?:'s| is| was)? {_MY}smallest {_FILE}|(?:which|what) {_FILE} (?:is|was) (?:the )?smallest|(?:welche[sr]?|was|wie heißt) (?:ist )?(?:die|das|meine|mein) kleinstes? {_FILE}"),
    ("longest", rf"(?:which|what)(?:'s| is| was)? {_MY}longest {_FILE}|(?:which|what) {_FILE} (?:is (?:the )?longest|has (?:the )?most (?:pages|words))|(?:welche[sr]?|was|wie heißt) (?:ist )?(?:die|das|meine|mein) längstes? {_FILE}|welche[s]? {_FILE} hat die meisten (?:seiten|wörter)"),
    ("shortest", rf"(?:which|what)(?:'s| is| was)? {_MY}shortest {_FILE}|(?:which|what) {_FILE} (?:is (?:the )?shortest|has (?:the )?fewest (?:pages|words))|(?:welche[sr]?|was|wie heißt) (?:ist )?(?:die|das|meine|mein) kürzestes? {_FILE}"),
    ("added", rf"when (?:was|were) {_SOME} (?:added|uploaded|taken in|ingested|imported)|when did (?:i|we) (?:add|upload|import) {_SOME}|wann (?:wurde|habe ich|haben wir) {_SOME} (?:hinzugefügt|hochgeladen|aufgenommen|eingelesen)"),
    ("size", rf"how (?:big|large) is {_SOME}|(?:the )?(?:file )?size of {_SOME}|wie gro(?:ß|ss) ist {_SOME}"),
    ("times", rf"how (?:often|many times) (?:is|are|does|do|was|were) {_WORD}{_TERM} (?:mentioned|appear|appears|occur|occurs|come up|comes up|named|used)(?: in (?:{_MY}{_FILES}|{_SOME}))?|(?:count|how many) (?:the )?(?:mentions|occurrences) of {_WORD}{_TERM}(?: (?:are there )?in (?:{_MY}{_FILES}|{_SOME}))?|wie oft (?:kommt|wird|werden|kommen|steht) {_TERM} (?:(?:in (?:{_MY}{_FILES}|{_SOME})|im text|im ganzen) )?(?:vor|erwähnt|genannt|drin)"),
    ("mention", rf"(?:in )?(?:which|what|how many)(?: of)? {_MY}{_FILE}s? (?:mentions?|contains?|talks? about|refers? to|speaks? of|names?|includes?|uses? the words?|have the words?|has the words?|says?)(?: the words?)? {_TERM}|(?:in )?(?:which|what) {_MY}{_FILE}s? (?:is|are|does|do) {_TERM} (?:mentioned|appear|occur|come up|named|found)|(?:list|show|find)(?: me)? {_MY}{_FILES} (?:that|which) (?:mention|contain|talk about|refer to|speak of|name) {_TERM}|do any(?: of)? {_MY}{_FILES} mention {_TERM}"),
    ("mention", rf"(?:wo|in welche[nrm]) {_FILE}(?:e?n?)? (?:wird|werden|kommt|kommen|steht|stehen) {_TERM}(?: (?:erwähnt|genannt|vor))?|welche {_FILES} (?:erwähnen|enthalten|nennen|sprechen von) {_TERM}|welche[s]? {_FILE} (?:erwähnt|enthält|nennt) {_TERM}|in welchen {_FILES} (?:wird|werden|kommt|kommen|steht|stehen) {_TERM}(?: (?:erwähnt|genannt|vor))?"),
    ("mention", rf"where (?:is|are|does|do) {_TERM} (?:mentioned|appear|occur|come up)(?: in (?:{_MY}{_FILES}|{_SOME}))?|(?:on|auf) (?:which|what|welche[rn]) (?:pages?|seiten?) (?:is|are|does|do|wird|werden|kommt|steht) {_TERM}(?: (?:mentioned|appear|occur|erwähnt|genannt|vor))?(?: in {_SOME})?|wo (?:wird|werden|kommt|kommen) {_TERM} (?:in {_SOME} )?(?:erwähnt|genannt|vor)"),
    ("about", rf"(?:is there|are there|do i have|do we have|have i got|do you have) (?:(?:a|an|any|some) {_FILE}s?|anything|something) (?:about|on|regarding|concerning|covering) {_TERM}|(?:which|what) (?:of )?{_MY}{_FILE}s? (?:is|are) about {_TERM}|(?:gibt es|habe ich|haben wir|hast du) (?:eine?|irgendein|ein|etwas|irgendeine)? ?(?:{_FILE}|{_FILES}) (?:über|zu|zum|zur) {_TERM}|welche[s]? {_FILE} handelt von {_TERM}"),
    ("headings", rf"(?:(?:show|give|list)(?: me)? )?(?:what (?:is|are) )?(?:the )?(?:table of contents|headings|outline|chapters|sections|contents page)(?: of| in| for| from) {_SOME}|(?:what|which) (?:chapters|sections|headings|sheets|tabs|slides) (?:does {_SOME} have|are (?:there )?in (?P<file>[^?]{{2,80}}?))|(?:what|which) (?:sheets|tabs|slides) (?:has|are on) (?P<file>[^?]{{2,80}}?)|(?:zeige? (?:mir )?)?(?:das |die )?(?:inhaltsverzeichnis|gliederung|überschriften|kapitel) (?:von|aus|der|des|in|für) {_SOME}|welche (?:kapitel|abschnitte|überschriften) (?:hat|enthält) (?P<file>[^?]{{2,80}}?)"),
    ("headings", r"(?:show|give|list)(?: me)? (?:the )?(?:table of contents|headings|outline|chapters)|(?:what is )?the table of contents|(?:zeige? (?:mir )?)?(?:das )?inhaltsverzeichnis"),
    ("page", rf"(?:what(?:'s| is| does it say| stands)|show(?: me)?|read(?: me)?|open|give me|quote|display) (?:on )?(?:the )?page {_NUMBER}(?: (?:of|in|from) {_SOME})?|(?:what(?:'s| is) on|show(?: me)?|read(?: me)?) the {_NUMBER} page(?: (?:of|in|from) {_SOME})?|page {_NUMBER}(?: (?:of|in|from) {_SOME})?"),
    ("page", rf"was steht auf (?:der )?(?:seite {_NUMBER}|{_NUMBER} seite)(?: (?:von|in|aus|der|des) {_SOME})?|(?:zeige?|lies|öffne)(?: mir)? (?:die )?seite {_NUMBER}(?: (?:von|in|aus) {_SOME})?|seite {_NUMBER} (?:von|aus) {_SOME}"),
)  # fmt: skip
_POLITE = re.compile(
    r"^(?:please|can you|could you|would you|bitte|kannst du|tell me|and|so|sag mir|i want to know)[, ]+", re.I
)
_GENERIC = re.compile(rf"{_THIS}|{_MY}{_FILES}|my {_FILE}", re.I)
#: Terms that mean the person or nothing: no word to look for.
_NO_TERM = re.compile(r"(?:it|this|that|them|there|i|you|the|a|an|es|das|sie|about|for|of|to|in)", re.I)


def read_collection(message: str, titles: Sequence[str]) -> AboutCollection | None:
    """Return what a message asks of the collection, or None when it asks for something else.

    Args:
        titles: of the documents in reach; a file that the message names must be among them.
    """
    text = " ".join(message.split()).strip(" ?!.")
    if len(text) > 200 or not titles:
        return None
    while (match := _POLITE.match(text)) is not None:
        text = text[match.end() :]
    for wish, rule in _RULES:
        found = _match(rule, text)
        if found is None:
            continue
        values = {name.partition("_")[0]: value for name, value in found.groupdict().items() if value}
        file = values.get("file", "").strip()
        if file and not _GENERIC.fullmatch(file) and not files_meant(file, titles):
            continue
        if wish == "latest" and (len(files_meant(file, titles)) < 2 or kind_meant(file)):
            continue
        kind = kind_meant(values["kind"]) if "kind" in values else ""
        if "kind" in values and not kind:
            continue
        term = values.get("term", "").strip(" '\"")
        if "term_1" in found.groupdict() and (not term or _NO_TERM.fullmatch(term)):
            continue
        return AboutCollection(wish, term, _page(values.get("page", "")), file, kind)
    return None


def _match(rule: str, text: str) -> re.Match[str] | None:
    """A rule on the whole text."""
    return _compiled(rule).fullmatch(text)


@functools.cache
def _compiled(rule: str) -> re.Pattern[str]:
    """A rule whose groups are numbered: term_1, term_2, …, because each alternative may name one."""
    seen: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        seen[match[1]] = seen.get(match[1], 0) + 1
        return f"(?P<{match[1]}_{seen[match[1]]}>"

    return re.compile(re.sub(r"\(\?P<(\w+)>", numbered, rule), re.IGNORECASE)


def _page(said: str) -> int:
    if said.isdigit():
        return int(said)
    return {"l": -1, "f": 1, "e": 1}.get(said[:1].casefold(), 0)
