"""Choose from search results and read pages the sentences nearest to a question, dated, the newest last (FreshPrompt).

Dates come from the page and from the search; where they differ both are shown. Whether a reply says only what stands
in the evidence is decided here by code. What this does not do: search, read pages, or ask a model.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lottery_chat.planner.copied import normalised

#: Sentences kept of a page that was read, and the most that are compared by meaning.
OF_A_PAGE = 3
COMPARED = 24
_LONGEST = 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ0-9\"“(])|\n+")
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÄÖÜ][\w'’-]+")

Similar = Callable[[Sequence[str], Sequence[str]], list[list[float]] | None]


@dataclass(frozen=True, slots=True)
class Source:
    """One result with what it says: `date` ISO 8601 or ""; `other_date` where search and page disagree, else ""."""

    title: str
    url: str
    date: str
    other_date: str
    fetched_at: str
    sentences: tuple[str, ...]
    read: bool

    @property
    def text(self) -> str:
        """What it says, in reading order."""
        return " ".join(self.sentences)

    @property
    def line(self) -> str:
        """The source as it stands in the prompt."""
        other = f" (the search says {self.other_date})" if self.other_date else ""
        host = urlsplit(self.url).hostname or ""
        return f"- {self.date or 'no date'}{other}, {self.title} ({host}): {self.text}"


def sources(question: str, results: Sequence[Any], pages: Mapping[str, Any], similar: Similar) -> tuple[Source, ...]:
    """Return what the results say about the question: undated first, then by date, the newest last.

    Args:
        results: what the search gave (title, url, snippet, date, fetched_at).
        pages: read pages by the result's address (title, text, date, fetched_at).
        similar: cosines of texts with texts, or None while there is no embedder.
    """
    candidates: list[tuple[int, str]] = []
    for at, result in enumerate(results):
        page = pages.get(result.url)
        seen: set[str] = set()
        for sentence in _sentences(str(result.snippet)) + (_sentences(str(page.text)) if page is not None else []):
            key = normalised(sentence)
            if key and key not in seen:
                seen.add(key)
                candidates.append((at, sentence))
    scores = _scores(question, [sentence for _, sentence in candidates], similar)
    found = []
    for at, result in enumerate(results):
        page = pages.get(result.url)
        own = [index for index, (of, _) in enumerate(candidates) if of == at]
        best = sorted(sorted(own, key=lambda index: -scores[index])[: OF_A_PAGE if page is not None else 2])
        if best:
            found.append(_source(result, page, tuple(candidates[index][1] for index in best)))
    return tuple(sorted(found, key=lambda one: one.date))


def unsupported(reply: str, question: str, evidence: Sequence[Source]) -> tuple[str, ...]:
    """The numbers and names of a reply that stand in no source and not in the question."""
    held = " ".join([question, *(f"{one.title} {one.text} {one.date}" for one in evidence)])
    numbers, words = _numbers(held), set(normalised(held).split())
    missing = [one for one in _NUMBER.findall(reply) if _plain(one) not in numbers]
    missing += [one for one in _NAME.findall(reply) if not set(normalised(one).split()) <= words]
    return tuple(dict.fromkeys(missing))


def resting_on(reply: str, question: str, evidence: Sequence[Source]) -> tuple[Source, ...]:
    """The sources that share most of what the reply says beyond the question; none when none shares anything."""
    said = {word for word in normalised(reply).split() if len(word) > 3 or word.isdigit()}
    beyond = said - set(normalised(question).split()) or said
    shared = [(len(beyond & set(normalised(f"{one.title} {one.text}").split())), one) for one in evidence]
    best = max((count for count, _ in shared), default=0)
    return tuple(one for count, one in shared if count and count == best)


def newer_silent(cited: Sequence[Source], evidence: Sequence[Source]) -> str:
    """The date of the newest source, when it is newer than all that the reply rests on; else ""."""
    newest = max((one.date for one in evidence), default="")
    last = max((one.date for one in cited), default="")
    return newest if newest and cited and last and newest > last else ""


def _source(result: Any, page: Any | None, sentences: tuple[str, ...]) -> Source:
    by_search, by_page = str(result.date or "")[:10], str(page.date or "")[:10] if page is not None else ""
    date = by_page or by_search
    shorter = min(len(by_page), len(by_search))
    differ = bool(shorter) and by_page[:shorter] != by_search[:shorter]
    fetched = str(page.fetched_at if page is not None else result.fetched_at)
    return Source(
        " ".join(str(result.title).split()), result.url, date, by_search if differ else "", fetched, sentences,
        page is not None,
    )  # fmt: skip


def _sentences(text: str) -> list[str]:
    pieces = (" ".join(piece.split()) for piece in _SENTENCE.split(text))
    return [piece[:_LONGEST] for piece in pieces if len(piece) >= 12][:2_000]


def _scores(question: str, candidates: Sequence[str], similar: Similar) -> list[float]:
    """How near each sentence is: rare shared words, and for the best of them half by meaning."""
    wanted = {_root(word) for word in normalised(question).split() if len(word) > 2 or word.isdigit()}
    held = [{_root(word) for word in normalised(one).split()} & wanted for one in candidates]
    counts = {word: sum(word in one for one in held) for word in wanted}
    weight = {word: math.log(1 + len(candidates) / (1 + count)) for word, count in counts.items()}
    top = sum(weight.values()) or 1.0
    scores = [sum(weight[word] for word in one) / top for one in held]
    best = sorted(range(len(candidates)), key=lambda index: -scores[index])[:COMPARED]
    rows = similar([question], [candidates[index] for index in best]) if best else None
    if rows:
        for index, cosine in zip(best, rows[0]):
            scores[index] += max(0.0, float(cosine))
    return scores


def _root(word: str) -> str:
    return word if word.isdigit() else word[:6]


def _numbers(text: str) -> set[str]:
    return {_plain(one) for one in _NUMBER.findall(text)}


def _plain(number: str) -> str:
    return re.sub(r"[.,](?=\d{3}(?!\d))", "", number)
