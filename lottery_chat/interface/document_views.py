"""What a person sees of the documents: a page beside its passages, and what a question would find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from lottery_chat.events import FoundPassage
from lottery_chat.interface.documents import DocumentInfo, PageText, SearchBy


@dataclass(frozen=True, slots=True)
class PassageOnPage:
    """A passage as a span of its page's text (offsets in characters); `ordinal` counts from 0 in the document."""

    id: str
    ordinal: int
    heading: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page beside what was made of it. `kind` is "" for a document that is gone; `drawn`: it has a picture."""

    page: PageText
    kind: str
    drawn: bool
    passages: tuple[PassageOnPage, ...]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as PNG, and the lines of the quote on it: (left, top, right, bottom), shares 0 to 1 of the page."""

    png: bytes
    boxes: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that would be found; `marks` are spans of its text that would be given to the model."""

    passage: FoundPassage
    heading: tuple[str, ...]
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class GivenSentence:
    """A sentence that would be given to the model, with where it stands; `score` orders them."""

    text: str
    document: str
    title: str
    page: int | None
    score: float


@dataclass(frozen=True, slots=True)
class WouldFind:
    """What a question would find: the passages, the sentences read of them, and whether it is judged to be enough.

    `best` is the nearest cosine; `covers` what the planner makes of it, with its two limits.
    """

    query: str
    hits: tuple[Hit, ...]
    sentences: tuple[GivenSentence, ...]
    best: float
    covers: Literal["clearly", "perhaps", "not"]
    limits: tuple[float, float]


class DocumentViews(Protocol):
    """What a person sees of the documents: a page beside its passages, its picture, what a question would find."""

    def look(self, document: str, page: int | None, quote: str = "") -> PageLook:
        """One page with its passages and the quote's place; a replaced version's quote is looked for in the newer one."""
        ...

    def picture(self, document: str, page: int, quote: str = "") -> PagePicture:
        """A PDF's page as a picture, the quote's lines with it."""
        ...

    def would_find(self, query: str, collections: Sequence[str] | None = None, by: SearchBy | None = None) -> WouldFind:
        """What the planner would find and read for these words in these collections (None: all).

        `by` is how to search; None means as the settings say.
        """
        ...

    def add_address(self, url: str, conversation: str | None = None) -> DocumentInfo:
        """Fetch a public page or PDF through the guard and keep it; with `conversation`, for that one alone."""
        ...
