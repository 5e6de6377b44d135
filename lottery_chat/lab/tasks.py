"""The tasks of the lab: which file, which reader, which judge, which documents, for every data set of the data folder.

A new set is a line here (docs/lab_data.md says how). Listing the tasks reads no file.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lottery_chat.lab import corpora, own_domains, rows, rows_calls, rows_long
from lottery_chat.lab.panel import family_of
from lottery_chat.lab.rows import Read
from lottery_chat.lab.values import Document, Family, Task


@dataclass(frozen=True, slots=True)
class _Set:
    """A task before the data folder is known; `read` makes its reader from the folder."""

    name: str
    family: Family
    judge: str
    about: str
    read: Callable[[Path], Read]
    corpus: Callable[[str, Path], tuple[Document, ...]] | None = None
    folder: str = ""
    kind: Literal["ask", "retrieval"] = "ask"


#: Tasks whose items lie in the package.
OWN = ("everyday", "own_calls", "own_logic", "own_law", "own_medicine", "own_finance", "own_words")
#: Tasks whose set is published as one JSON file, taken as it is.
PUBLISHED_WHOLE = {"asqa": "ASQA.json"}
#: Tasks of the heat maps, by the kind of a line in needle_maps.jsonl.
MAPS = {"needle": "one", "needle_far": "far", "needle_three": "three"}


def tasks(data: Path) -> Mapping[str, Task]:
    """Return all tasks by name, for the data folder.

    Nothing is read before an item or a corpus is asked for; a corpus is made once.
    """
    return {one.name: _task(one, data) for one in _SETS}


def _task(one: _Set, data: Path) -> Task:
    folder = one.folder or one.name
    return Task(
        one.name, one.family, _file(one.name, folder), one.read(data), one.judge, one.about,
        folder if one.corpus else "", functools.cache(functools.partial(one.corpus, folder)) if one.corpus else None, one.kind,
    )  # fmt: skip


def _file(name: str, folder: str) -> str:
    if name in PUBLISHED_WHOLE:
        return f"{folder}/{PUBLISHED_WHOLE[name]}"
    if name in MAPS:
        return "needle_maps.jsonl"
    return f"{name}.jsonl" if name in OWN else f"{folder}/public.jsonl"


def _as_it_is(read: Read) -> Callable[[Path], Read]:
    """A reader that needs nothing of the data folder but the line."""
    return lambda data: read


def _about_article(name: str, reader: Callable[[Callable[[], Mapping[str, str]]], Read]) -> Callable[[Path], Read]:
    """A reader that needs the title of each passage's article."""
    return lambda data: reader(functools.cache(functools.partial(corpora.article_titles, name, data)))


def _needles(data: Path) -> Read:
    return rows_long.needle(functools.partial(corpora.haystack, data))


def _needle_map(name: str) -> Callable[[Path], Read]:
    return lambda data: rows_long.needle_map(functools.partial(corpora.haystack, data), MAPS[name])


def _documents(data: Path) -> Read:
    return rows_long.long_document(functools.cache(functools.partial(corpora.long_documents, data)))


def _among_many(data: Path) -> Read:
    """bfcl with functions of other items beside the offered ones, so that choosing among them is a task."""
    return rows_calls.among_many(functools.cache(functools.partial(corpora.function_pool, data)))


def _arithmetic(name: str, about: str) -> _Set:
    return _Set(name, "arithmetic", "numeric", about, _as_it_is(rows.arithmetic))


def _logic(name: str, about: str) -> _Set:
    return _Set(name, "logic", "letter", about, _as_it_is(rows.logic))


def _domain(name: str, about: str) -> _Set:
    read = own_domains.question(name)
    return _Set(f"own_{name}", "domain", "open_or_not_said", about, _as_it_is(read), own_domains.documents)


def _search(of: _Set) -> _Set:
    """R alone on the questions and the corpus of another task."""
    return _Set(
        f"{of.name}:search", "retrieval", "retrieval", f"which passages R finds for the questions of {of.name}",
        lambda data: rows.search(of.read(data)), of.corpus, of.name, "retrieval",
    )  # fmt: skip


_WITH_CORPUS = (
    _Set("popqa_rag", "single-document", "open", "facts about little known people, with passages", _as_it_is(rows.popularity), corpora.collection),
    _Set("nq_rag", "single-document", "open", "questions typed into a search engine, with passages", _as_it_is(rows.answers), corpora.collection),
    _Set("squad2", "single-document", "open_or_not_said", "questions about an article, half of them unanswerable", _about_article("squad2", rows.squad2), corpora.articles),
    _Set("xquad", "single-document", "open", "questions about an article in eight languages", _about_article("xquad", rows.xquad), corpora.articles),
    _Set("hotpotqa", "multi-hop", "open", "two passages together answer, bridge and comparison", _as_it_is(rows.answer("type")), corpora.collection),
    _Set("musique", "multi-hop", "open", "two to four passages together answer", _as_it_is(rows.answer("hops")), corpora.collection),
    _Set("2wikimultihop", "multi-hop", "open", "two to four passages together answer, by rules", _as_it_is(rows.answer("type")), corpora.collection),
    _Set("multihop_rag", "multi-hop", "open", "several pieces of news together answer", _as_it_is(rows.answer("type")), corpora.collection),
)  # fmt: skip

_SETS: tuple[_Set, ...] = (
    _arithmetic("gsm8k", "word problems of several steps"),
    _arithmetic("gsm_hard", "the same with large numbers"),
    _arithmetic("svamp", "word problems with a distracting number"),
    _arithmetic("asdiv", "word problems of school grades"),
    _arithmetic("addsub", "adding and subtracting in words"),
    _arithmetic("multiarith", "two steps in words"),
    _logic("prontoqa", "chains of made-up kinds, true or false"),
    _logic("proofwriter", "rules and facts, true, false or unknown"),
    _logic("folio", "first-order logic in natural words"),
    _logic("logical_deduction", "objects in an order"),
    _logic("ar_lsat", "analytical reasoning of the law school test"),
    _Set("bbh", "algorithmic", "each", "sorting, counting, tracking, dates, brackets", _as_it_is(rows.bbh)),
    _Set("strategyqa", "algorithmic", "open", "yes or no by several hidden steps", _as_it_is(rows.answer())),
    _Set("popqa", "open-qa", "open", "facts by popularity, nothing to look up", _as_it_is(rows.popularity)),
    _Set("nq_open", "open-qa", "open", "questions typed into a search engine", _as_it_is(rows.answers)),
    _Set("triviaqa", "closed-book", "open", "trivia, nothing to look up", _as_it_is(rows.answers)),
    _Set("asqa", "open-qa", "short_answers", "ambiguous questions: is each reading's answer in the text (str-em, hit)", _as_it_is(rows.ambiguous)),
    *_WITH_CORPUS,
    *(_search(one) for one in _WITH_CORPUS),
    _Set("cranfield", "retrieval", "retrieval", "abstracts on aerodynamics, graded by people", _as_it_is(rows.judged_passages), corpora.collection, kind="retrieval"),
    _Set("cisi", "retrieval", "retrieval", "abstracts on library science, judged by people", _as_it_is(rows.judged_passages), corpora.collection, kind="retrieval"),
    _Set("kv_retrieval", "long-prompt", "all_contained", "one key of a long JSON object", _as_it_is(rows_long.key_value)),
    _Set("niah", "long-prompt", "all_contained", "sentences hidden in up to 256,000 characters", _needles),
    _Set("needle", "long-prompt", "all_contained", "heat map: one own sentence in a text of 400 to 16,000 tokens", _needle_map("needle")),
    _Set("needle_far", "long-prompt", "all_contained", "heat map: the question shares no word with the sentence", _needle_map("needle_far")),
    _Set("needle_three", "long-prompt", "all_contained", "heat map: three sentences answer together", _needle_map("needle_three")),
    _Set("babi", "long-prompt", "each", "twenty kinds of small stories", _as_it_is(rows_long.babi)),
    _Set("leval", "long-prompt", "each", "questions about long real documents", _documents),
    _Set("bfcl", "tool-choice", "calls", "which offered function to call, and with what", _as_it_is(rows_calls.functions)),
    _Set("bfcl:many", "tool-choice", "calls", "the same with twelve functions offered, most of other requests", _among_many, folder="bfcl"),
    _Set("memory_bfcl", "memory", "memory", "what one said in earlier conversations", _as_it_is(rows.remembered), corpora.scenarios),
    _Set("locomo", "memory", "memory", "what two people said over months", _as_it_is(rows.conversation), corpora.conversations),
    _Set("own_calls", "tool-choice", "calls", "the lab's own requests, for fitting: half fit no function", _as_it_is(rows_calls.functions)),
    _Set("own_logic", "logic", "each", "the lab's own logic texts in new words: only, unless, either … or, passive, relative clauses", _as_it_is(rows.own_logic)),
    _domain("law", "the lab's own lease, contract, policy, bylaw and court order: what do they say, or not"),
    _domain("medicine", "the lab's own leaflet, letter, laboratory report, guideline and plan: what do they say, or not"),
    _domain("finance", "the lab's own loan, bank statement, annual report, policy and invoice: what do they say, or not"),
    _Set("own_words", "wordings", "each", "the lab's own questions in three wordings each: do all three agree", _as_it_is(own_domains.wording), own_domains.documents),
    _Set("everyday", "everyday", "everyday", "the lab's own prompts: required facts and form", _as_it_is(rows.everyday)),
)  # fmt: skip

#: Name, family and what it is about, of every task.
NAMES: tuple[tuple[str, Family, str], ...] = tuple((one.name, one.family, one.about) for one in _SETS)
_FAMILIES: Mapping[str, str] = {one.name: one.family for one in _SETS}


def reported_family(task: str) -> str:
    """The family a task is reported under: the panel's where it has one, else its own; its name where it is unknown."""
    return family_of(task) or _FAMILIES.get(task, task)
