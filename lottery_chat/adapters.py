"""Fit the tools to what the planner asks for; no decisions, no state of its own."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from knowledge.reading import load_pages, read_limited
from lottery_chat.calls.values import Codec
from lottery_chat.children import run_limited
from lottery_chat.memory.symbols import Fact, Name, Rule, Symbols
from lottery_chat.settings import Settings
from tools.calculator import Calculation, calculate
from tools.equations import Solved, Solver, solve_equations
from tools.errors import FetchError, ToolError
from tools.fetching import Fetcher, Page
from tools.limited import RunLimited
from tools.logic.deciding import Method
from tools.logic.formalising import Gaps, gaps_of
from tools.logic.language import FormulaError
from tools.logic.recognising import looks_like_logic
from tools.logic.result import LogicResult
from tools.logic.tool import solve
from tools.logic.verifying import recheck
from tools.logic.working import working_memory
from tools.program_checks import implausible, unused_numbers
from tools.programs import ProgramResult, Programs
from tools.reading import Expression, read_calculation
from tools.reading_equations import read_equations
from tools.scheduling import schedule
from tools.search_engines import ddgs_engine, searxng_engine, wikipedia_engine
from tools.shelf.catalogue import Tool, shelf
from tools.shelf.values import JSON, Answer
from tools.spoken_forms import Spoken, spoken
from tools.targets import split_url
from tools.tool import card_of
from tools.web_pages import SECONDS, WebPage, read_page
from tools.web_search import Engine, Found, WebResult, WebSearch


def spoken_call(question: str) -> tuple[Tool, Spoken] | None:
    """planner.resources.Resources.spoken: the tool of the shelf that a whole request asks for, with its values."""
    said = spoken(question, date.today())
    if said is None or not said.tool:
        return None
    return next(one for one in shelf() if one.card.name == said.tool), said


class PlannerCompute:
    """planner.resources.Compute: the calculator and the sandbox for programs."""

    def __init__(self, programs: Programs | None = None, run_limited: RunLimited = run_limited) -> None:
        self._programs = programs or Programs()
        self._run_limited = run_limited

    def read(self, question: str) -> Expression | None:
        """The calculation that the question wholly is, or None."""
        return read_calculation(question)

    def calculate(self, reading: Expression) -> Calculation:
        """Exactly; raises ToolError."""
        return calculate(reading.text)

    def value_of(self, expression: str) -> str | None:
        """The value of a sum inside reasoning; None where it is none."""
        try:
            value = calculate(expression).value
        except ToolError:
            return None
        if isinstance(value, bool) or not isinstance(value, Fraction):
            return None
        return str(value.numerator) if value.denominator == 1 else f"{float(value):.6f}".rstrip("0").rstrip(".")

    def equations(self, question: str) -> str | None:
        """The relations that the question wholly is; None where a part was not read."""
        return read_equations(question)

    def solve(self, relations: str, cancel: threading.Event) -> Solved:
        """Their only solution, what is not linear in a limited child; raises ToolError."""
        return solve_equations(relations, Solver(self._run_limited, cancel=cancel))

    def run(self, code: str, cancel: threading.Event) -> ProgramResult:
        """In the sandbox; a program's own error is in the result, a missing sandbox raises ToolError."""
        return self._programs.run(code, cancel=cancel)

    def doubts(self, question: str, code: str, value: object) -> tuple[str, ...]:
        """Why a program's value should not be trusted, seen by code: numbers it left out, an impossible size."""
        unused = sorted(unused_numbers(question, code))
        left_out = (f"it does not use {', '.join(str(one) for one in unused)}",) if unused else ()
        return (*left_out, *implausible(question, value))

    def programs_available(self) -> bool:
        """Whether the sandbox is there; the first call starts it."""
        return self._programs.available().available

    def why_not(self) -> str:
        """The reason where it is not."""
        return self._programs.available().reason

    def close(self) -> None:
        """End the sandbox's child."""
        self._programs.close()


class PlannerProof:
    """planner.resources.Prove over tools.logic, in limited children."""

    def __init__(self, run_limited: Any) -> None:
        self._run_limited = run_limited

    def looks_like_logic(self, text: str) -> bool:
        """The cheap routing test of the tool."""
        return looks_like_logic(text)

    def solve(
        self, text: str, cancel: threading.Event, supplied: Mapping[str, str] | None = None,
        settings: frozenset[str] = frozenset(),
    ) -> LogicResult:  # fmt: skip
        """Read and decide; raises ToolError."""
        method = Method(ordered="ordered" in settings, goals="goals" in settings)
        return solve(text, run_limited=self._run_limited, cancel=cancel, supplied=supplied, method=method)

    def recheck(self, result: LogicResult, cancel: threading.Event) -> bool | None:
        """Whether a second method, given only the sentences the proof rests on, confirms it; None: it cannot be asked."""
        return recheck(result, run_limited=self._run_limited, cancel=cancel)

    def gaps(self, text: str) -> Gaps | None:
        """The sentences code cannot read."""
        return gaps_of(text)

    def formula(self, gaps: Gaps, sentence: str, text: str) -> str:
        """A formula written for the sentence; raises ToolError."""
        try:
            return gaps.formula(sentence, text)
        except FormulaError as error:
            raise ToolError(str(error)) from error


class PlannerSymbols:
    """planner.resources.Symbols: a solved logic text in M's tables of facts, rules and names."""

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols

    def keep(self, run: str, result: LogicResult) -> None:
        """Keep what was read and derived; nothing where there is no such run."""
        held = working_memory(result)
        self._symbols.write_facts(run, [Fact(e.sentence, e.symbols, e.rule, e.premises) for e in held.facts])
        self._symbols.write_rules(run, [Rule(entry.sentence, entry.symbols) for entry in held.rules])
        names = [
            Name(one.name, "predicate" if one.arity else "object", one.arity, one.sentences) for one in held.schema
        ]
        self._symbols.write_names(run, names)


@dataclass(frozen=True, slots=True)
class ReadPage:
    """One address and what came of reading it: the page, or None and a sentence that says why."""

    url: str
    page: WebPage | None
    problem: str = ""


#: How search results are kept in M; each carries the date at which it was fetched.
WEB_RESULTS: Codec[Found] = Codec(
    write=asdict,
    read=lambda kept: Found(tuple(WebResult(**row) for row in kept["results"]), str(kept["engine"])),
)


def _pages_read(rows: Any) -> tuple[ReadPage, ...]:
    """Pages as they were kept; where one could not be read then, all are read anew (ValueError)."""
    if any(row["page"] is None for row in rows):
        raise ValueError("a page could not be read")
    return tuple(ReadPage(row["url"], WebPage(**row["page"])) for row in rows)


#: How pages are kept in M.
WEB_PAGES: Codec[Sequence[ReadPage]] = Codec(write=lambda read: [asdict(one) for one in read], read=_pages_read)


class PlannerWeb:
    """planner.resources.Web: search engines in turn, pages through the guarded fetcher."""

    def __init__(self, search: WebSearch, fetch: Callable[[str], Page], run_limited: Any) -> None:
        self._search = search
        self._fetch = fetch
        self._run_limited = run_limited

    def search(self, query: str, limit: int, cancel: threading.Event | None = None) -> Found:
        """Results with their dates; raises ToolError."""
        return self._search.search(query, count=limit, cancel=cancel)

    def read(self, addresses: Sequence[str], cancel: threading.Event | None = None) -> tuple[ReadPage, ...]:
        """Read pages side by side; what cannot be read says why and hinders none of the others."""
        with ThreadPoolExecutor(max_workers=max(1, len(addresses))) as pool:
            return tuple(pool.map(lambda url: self._read(url, cancel), addresses))

    def _read(self, url: str, cancel: threading.Event | None) -> ReadPage:
        try:
            page = read_page(url, self._fetch, run_limited=self._run_limited, pdf_text=self._pdf_text, cancel=cancel)
        except ToolError as error:
            return ReadPage(url, None, str(error))
        return ReadPage(url, page)

    def _pdf_text(self, body: bytes, title: str) -> str:
        """A PDF's pages as text, read in the same limited child as a document; raises FetchError."""
        with tempfile.TemporaryDirectory(prefix="lottery-chat-") as folder:
            file, out = Path(folder) / "page.pdf", Path(folder) / "pages"
            file.write_bytes(body)
            job = {"path": str(file), "title": title, "out": str(out)}
            result = read_limited(self._run_limited, [job], seconds=SECONDS)[0]
            if "kind" not in result:
                raise FetchError(str(result.get("refused") or f"Reading {title!r} was cancelled."))
            return "\n".join(page.text for page in load_pages(out))


def planner_web(
    settings: Settings,
    run_limited: Any,
    *,
    clock: Callable[[], float] = time.monotonic,
    allow_hosts: frozenset[str] = frozenset(),
) -> PlannerWeb:
    """Web search as the settings want it: engines in their order, one guarded fetcher for pages.

    Args:
        clock: by which an engine that failed rests. allow_hosts: "host:port" of pages on this machine (the lab's own).
    """
    wikipedia = Fetcher(proxy=settings.proxy, seconds=4.0)
    engines: dict[str, Callable[[], tuple[str, Engine]]] = {
        "ddgs": lambda: ("The ddgs search", ddgs_engine(settings.proxy, settings.ddgs_engines)),
        "wikipedia": lambda: ("Wikipedia", wikipedia_engine(settings.wikipedia_language, wikipedia.fetch)),
        "searxng": lambda: ("The SearXNG server", _searxng(settings.searxng_url or "")),
    }
    search = WebSearch([engines[name]() for name in settings.search], clock=clock)
    pages = Fetcher(proxy=settings.proxy, seconds=8.0, allow_hosts=allow_hosts)
    return PlannerWeb(search, pages.fetch, run_limited)


def _searxng(url: str) -> Engine:
    """A server the person named may be on the own network: exactly its host and port are let through."""
    _, host, port, _ = split_url(url + "/")
    return searxng_engine(url, Fetcher(allow_hosts=frozenset({f"{host}:{port}"}), seconds=6.0).fetch)


def scheduling_tool(run_limited: Any) -> Tool:
    """The scheduling tool of tools/ as a tool of the shelf: its solver runs in a limited child."""

    def planned(**arguments: Any) -> Answer:
        found = schedule(**arguments, run_limited=run_limited)
        steps = tuple(f"{formula} ::: {line}" for line, formula in found.read_as)
        places: JSON = {slot: list(here) for slot, here in found.arrangement}
        return Answer(places, found.text, "solved exactly, over every arrangement", steps)

    return Tool(card_of(schedule), planned)
