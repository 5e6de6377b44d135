"""How long each tool takes: half of its calls, and 95 of a hundred, end within so many milliseconds.

`lottery-chat lab tools`: every tool of the shelf on a call of its own (own_tool_calls.jsonl), calculator, programs,
equations, each formalism of the prover, the readers of search results and of web pages against a server in this
process. No model, no network. Tools with a child of their own start it in each call, as they do for people.
"""

from __future__ import annotations

import contextlib
import functools
import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lottery_chat.children import run_limited
from lottery_chat.lab.loading import OWN, rows_of
from tools.calculator import calculate
from tools.equations import Solver, solve_equations
from tools.errors import ToolError
from tools.fetching import Fetcher
from tools.logic.tool import solve
from tools.memory_cells import InMemory
from tools.programs import Programs
from tools.reading import read_calculation
from tools.scheduling import schedule
from tools.search_engines import searxng_engine, wikipedia_engine
from tools.shelf.catalogue import memory_tool, shelf
from tools.web_pages import read_page

#: A tool that has used so many seconds is not called more often, but at least LEAST times.
ENOUGH, LEAST = 12.0, 5
_QUESTIONS = ("What is 17% of 2,340?", "(3/7 + 2/9) * 21^5", "How many minutes are 3.5 hours?", "Is 9.9 larger than 9.11?")  # fmt: skip
_PROGRAM = "def solution():\n    boxes = 14\n    rolls = boxes * 12\n    return rolls - 90"
_LINEAR = "2 * x + 3 * y = 12\nx - y = 1\n? x"
_SQUARE = "x * x + 3 * x = 40\nx > 0\n? x"
_LOGIC = {
    "rules (forward chaining)": "Every wug is blue. Every blue thing is round. Dax is a wug. Is Dax round?",
    "first-order logic (Z3, child)": "Some painters are poets. All poets are dreamers. Does it follow that some painters are dreamers?",
    "ordering (child)": "Four friends ran a race: Uma, Leo, Kai and Zoe. Uma finished before Leo. Kai finished last."
    " Zoe finished after Leo. Who finished third?",
    "comparison": "Anna is taller than Ben. Ben is taller than Cem. Who is the tallest?",
}
_WIKIPEDIA = {
    "query": {
        "pages": [
            {"index": n, "title": f"Tower {n}", "fullurl": f"https://public.net/{n}", "extract": "A tower of 95 m. " * 20}
            for n in range(1, 11)
        ]
    }
}  # fmt: skip
_SEARXNG = {
    "results": [
        {"title": f"Tower {n}", "url": f"https://public.net/{n}", "content": "A tower of 95 m. " * 10, "publishedDate": "2026-11-01"}
        for n in range(10)
    ]
}  # fmt: skip
_PAGE = (
    "<html><head><title>Rain</title></head><body><nav><a href='/'>Home</a></nav><article><h1>Rain</h1>"
    + "<p>It rained in the valley for three days, and the river rose by two metres before the ferry was moved.</p>" * 60
    + "</article></body></html>"
)


@dataclass(frozen=True, slots=True)
class Times:
    """A tool's calls: how many, and the milliseconds within which half and 95 of a hundred of them ended."""

    name: str
    calls: int
    p50: float
    p95: float


def times(most: int) -> Iterator[Times]:
    """Yield a row a tool, each as soon as it is measured. Raises ToolError when a tool fails on its own example."""
    for name, call in _shelf_calls():
        yield measured(name, call, most)
    yield measured("calculator: read and calculate", _calculated, most)
    with Programs() as programs:
        if programs.available().available:
            yield measured("program in the sandbox", lambda: _ran(programs), most)
    for name, relations in (("equations, linear", _LINEAR), ("equations, SymPy in a child", _SQUARE)):
        yield measured(name, functools.partial(solve_equations, relations, Solver(run_limited)), most)
    for name, text in _LOGIC.items():
        yield measured(f"prove: {name}", functools.partial(_proved, text), most)
    yield measured("scheduling (child)", _scheduled, most)
    with _server() as base:
        host = base.removeprefix("http://")
        fetch = Fetcher(allow_hosts=frozenset({host})).fetch
        wikipedia, searxng = wikipedia_engine("en", fetch, base), searxng_engine(base, fetch)
        yield measured("search: Wikipedia's reply", lambda: wikipedia("tower", 5), most)
        yield measured("search: SearXNG's reply", lambda: searxng("tower", 5), most)
        yield measured("page: fetched, read here", lambda: read_page(f"{base}/page", fetch), most)
        yield measured(
            "page: fetched, read in a child", lambda: read_page(f"{base}/page", fetch, run_limited=run_limited), most
        )


def measured(name: str, call: Callable[[], object], most: int) -> Times:
    """Call a tool once unmeasured (its modules are loaded), then up to `most` times."""
    call()
    took: list[float] = []
    begun = time.monotonic()
    while len(took) < most and (len(took) < LEAST or time.monotonic() - begun < ENOUGH):
        started = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - started))
    return Times(name, len(took), percentile(took, 50), percentile(took, 95))


def as_markdown(rows: Sequence[Times]) -> str:
    """A row a tool, in milliseconds."""
    lines = ["| tool | calls | p50 ms | p95 ms |", "| --- | --: | --: | --: |"]
    lines += [f"| {one.name} | {one.calls} | {_short(one.p50)} | {_short(one.p95)} |" for one in rows]
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 100) percent of the values do not exceed; values not empty."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.2f}" if milliseconds < 10 else f"{milliseconds:,.0f}"


def _shelf_calls() -> Iterator[tuple[str, Callable[[], object]]]:
    arguments = {str(row["tool"]): dict(row["arguments"]) for _, row in rows_of(OWN / "own_tool_calls.jsonl")}
    for tool in (*shelf(), memory_tool(InMemory())):
        yield tool.card.name, functools.partial(tool.call, arguments[tool.card.name])


def _calculated() -> None:
    for question in _QUESTIONS:
        reading = read_calculation(question)
        calculate(reading.text if reading is not None else question)


def _ran(programs: Programs) -> None:
    done = programs.run(_PROGRAM)
    if done.error:
        raise ToolError(f"The program of the bench failed: {done.error}.")


def _proved(text: str) -> None:
    result = solve(text, run_limited=run_limited, seconds=30)
    if result.verdict not in ("proved", "disproved"):
        raise ToolError(f"The text of the bench was not decided: {result.note or result.verdict}.")


def _scheduled() -> None:
    schedule(["Ann", "Ben", "Cleo", "Dan"], [], ["Ann sits next to Ben.", "before(Ann, Cleo)"], run_limited=run_limited)


class _Site(BaseHTTPRequestHandler):
    """What the readers are measured on."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        kind, text = {
            "/w/api.php": ("application/json", json.dumps(_WIKIPEDIA)),
            "/search": ("application/json", json.dumps(_SEARXNG)),
        }.get(path, ("text/html; charset=utf-8", _PAGE))
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextlib.contextmanager
def _server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
