"""Which passages come first: BM25 words, fusing of ranks (RRF), the text a passage is embedded as."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from knowledge.languages import plain_words
from knowledge.passage import Passage

#: Passages taken from each of the two searches before fusing.
DEPTH = 50
_RRF = 60
_HALF = 6.0
#: What a heading that the query names wholly adds to a fused score; about ten ranks.
_HEADED = 0.15
#: Words of the asking itself and of how answers are asked for; they are no stop words, but say nothing of a subject.
_ASKING_WORDS = frozenset(
    "what which who whom whose when where why how many much did does tell give find show list name called please say says "
    "said know there any some been being also than then wer wann wo wie warum welche welcher welches".split()
)
#: A capital within the question, a code of letters and digits, a long number, something in quotation marks.
_NAMES = re.compile(r"(?<=[^.!?\s] )[A-Z][\w'’-]+|\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{4,}\b|\d{5,}|[\"“][^\"”]{2,}")
_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_STOP_WORDS = frozenset(
    "a an and are as at be by for from had has have he her his how i in is it its me my no not of on or our she so "
    "that the their them they this to was we were what when where which who whom whose why will with you your does "
    "did do about can could would should der die das und ist ein eine in von mit zu den dem des im".split()
)


def words(text: str) -> list[str]:
    """Return the words of a text for full-text search: lower case, no stop words, plural cut, CJK in pairs."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if _CJK.search(word):
            found += [word[at : at + 2] for at in range(max(1, len(word) - 1))]
        elif word not in _STOP_WORDS:
            found.append(_stem(word))
    return found


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)]
    return word


def saturated(bm25: float) -> float:
    """Return a BM25 score as a number below 1: half at 6."""
    return bm25 / (bm25 + _HALF)


def fuse(dense: Sequence[str], text: Sequence[str], *, weight: float) -> list[tuple[str, float]]:
    """Return (id, score 0 to 1) by reciprocal rank fusion, best first; `weight` is the share of the full text.

    A passage that is first in both has 1.0. One that a search did not find counts as ranked just below what it
    found, so that the only passage with a rare word is not lost because its meaning is far.
    """
    scores = dict.fromkeys([*dense, *text], 0.0)
    for ids, share in ((dense, 1.0 - weight), (text, weight)):
        ranks = {one: rank for rank, one in enumerate(ids)}
        for one in scores if ids else ():
            scores[one] += share * (_RRF + 1) / (_RRF + 1 + ranks.get(one, len(ids)))
    return sorted(scores.items(), key=lambda pair: -pair[1])


def searched(query: str) -> str:
    """Return what full text is asked for: the words of the query without those that only ask, in their order.

    "What does it cost?" has nothing else; then the query is searched as it is.
    """
    found = query.split()  # not by \w: marks of Thai or Hindi belong to their words
    bare = [word.strip(".,;:!?\"'()[]“”„") for word in found]
    kept = [word for word in bare if word and word.lower() not in _STOP_WORDS and word.lower() not in _ASKING_WORDS]
    return " ".join(kept or [word for word in bare if word])


def lifted(query: str, scores: Sequence[tuple[str, float]], headings: Mapping[str, str]) -> list[tuple[str, float]]:
    """Return (id, score) in order again, lifted by how much of a passage's heading the query names.

    A passage headed "Anna Berg" is about what "When was Anna Berg born?" asks; one that only mentions her is not.
    `headings` are the passages' nearest headings; scores are cut at 1.
    """
    asked = set(words(query))
    best = []
    for one, score in scores:
        own = set(words(headings.get(one, "")))
        share = len(own & asked) / len(own) if own else 0.0
        best.append((one, score + _HEADED * share * share))
    return [(one, min(1.0, score)) for one, score in sorted(best, key=lambda pair: -pair[1])]


def text_weight(query: str, *, unfamiliar: bool = False) -> float:
    """Return the share of full text in the fusion: names and codes are found by letters, the rest by meaning.

    Where the embedder does not know the language of the query its vectors say little (lab/LOG.md, xquad).
    """
    return 0.9 if unfamiliar else 0.5 if _NAMES.search(query) else 0.25


#: Pieces into which a tokenizer cuts a word of a language that it knows: below this (1.0 to 1.1 for English).
_PIECES = 1.3
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u9fff\uac00-\ud7af]")


def unfamiliar(query: str, count_tokens: Callable[[Sequence[str]], list[int]]) -> bool:
    """Whether a tokenizer cuts the words of a query into pieces, as it does in a language it was not made for.

    Names and numbers do not count: they are cut in any language. Two letters of a script without spaces are a word.
    """
    kept, count = [], 0.0
    for word in plain_words(query).split():
        if not word[0].isupper() and not word.isdecimal():
            kept.append(word)
            count += len(_DENSE.findall(word)) / 2 or 1.0
    return bool(kept) and count_tokens([" ".join(kept)])[0] > _PIECES * count


def embedded_text(passage: Passage, count_tokens: Callable[[Sequence[str]], list[int]], limit: int) -> str:
    """Return what is embedded: title and headings, as far as they fit, then the text."""
    above = _above(passage)
    if not above:
        return passage.text
    room = limit - count_tokens([passage.text])[0]
    head = above
    while head and count_tokens([head])[0] > min(room, 32):
        head = head.rpartition(" ")[0]
    return f"{head}\n{passage.text}" if head else passage.text


def _above(passage: Passage) -> str:
    title = re.sub(r"\.\w{1,5}$", "", passage.title).replace("_", " ")
    return " > ".join(part for part in (title, *passage.heading) if part)


class WordIndex:
    """BM25 over texts in memory (k1 = 1.2, b = 0.75), for a handful of documents."""

    def __init__(self) -> None:
        self._postings: dict[str, dict[int, int]] = {}
        self._lengths: list[int] = []

    def add(self, text: str) -> None:
        """Index one more text; its number is how many were there before."""
        number = len(self._lengths)
        found = words(text)
        self._lengths.append(len(found))
        for word, times in Counter(found).items():
            self._postings.setdefault(word, {})[number] = times

    def scores(self, query: str) -> dict[int, float]:
        """Return the BM25 score of each text that has a word of the query."""
        total = len(self._lengths)
        mean = max(1.0, sum(self._lengths) / max(1, total))
        result: dict[int, float] = {}
        for word in set(words(query)):
            posting = self._postings.get(word, {})
            rare = math.log(1 + (total - len(posting) + 0.5) / (len(posting) + 0.5))
            for number, times in posting.items():
                norm = 1.2 * (0.25 + 0.75 * self._lengths[number] / mean)
                result[number] = result.get(number, 0.0) + rare * times * 2.2 / (times + norm)
        return result
