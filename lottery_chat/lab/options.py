"""What can be typed after `lottery-chat lab`: declared apart, so that `--help` of other commands loads nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

from lottery_chat.lab import panel


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare what can be typed after `lottery-chat lab`."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=text, description=text)

    listing = add("list", "which tasks and arms there are")
    _data_option(listing)
    running = add("run", "ask the items of tasks in arms and keep a line for each")
    running.add_argument("tasks", metavar="TASK[,TASK]", help="`lab list` shows them")
    running.add_argument(
        "--limit", type=int, metavar="N", help="only the first N of each task's shuffle (default: all)"
    )
    running.add_argument("--seed", type=int, default=panel.SEED, metavar="S", help=f"seed of the shuffle and of the model (default {panel.SEED})")  # fmt: skip
    _run_options(running)
    fixed = add("panel", f"the fixed panel: {sum(panel.counts(quick=False).values())} items of six families")
    fixed.add_argument("--quick", action="store_true", help=f"{sum(panel.counts(quick=True).values())} of its items")
    fixed.add_argument("--family", metavar="NAME[,NAME]", help="only these families of it")
    _run_options(fixed)
    maps = add("niah", "heat maps: needles in texts of 400 to 16,000 tokens, by depth, with and without the reduction")
    maps.add_argument("--kind", choices=("one", "far", "three", "all"), default="one", help="one needle, one in other words than the question, three needles (default one)")  # fmt: skip
    maps.add_argument("--preprocess", choices=("on", "off", "both"), default="both", help="whether the text is reduced first (default both)")  # fmt: skip
    maps.add_argument("--longest", type=int, metavar="TOKENS", help="only texts of at most so many tokens")
    maps.add_argument("--shortest", type=int, metavar="TOKENS", help="only texts of at least so many tokens")
    _run_options(maps)
    reporting = add("report", "accuracy with intervals, cost, how answers were known")
    reporting.add_argument("folders", metavar="FOLDER", type=Path, nargs="+")
    comparing = add("compare", "the same items in two folders: which were won, which were lost")
    comparing.add_argument("before", metavar="FOLDER_A", type=Path)
    comparing.add_argument("after", metavar="FOLDER_B", type=Path)
    for one in (reporting, comparing):
        form = one.add_mutually_exclusive_group()
        form.add_argument("--markdown", action="store_true", help="as Markdown (default)")
        form.add_argument("--json", action="store_true", help="as JSON")
    gates = add("gates", "how well the models' yes-or-no gates tell apart the lab's own items")
    gates.add_argument("--model", metavar="NAME[,NAME]", help="`models list` shows them (default: the chosen one)")
    gates.add_argument("--limit", type=int, default=100, metavar="N", help="questions of each set for what the model knows by heart (default 100)")  # fmt: skip
    gates.add_argument("--part", choices=("all", "notes", "calls", "heart", "relevant", "covers"), default="all", help="only one gate; `covers` asks no model (default all)")  # fmt: skip
    gates.add_argument("--seconds", type=float, default=3600.0, metavar="S", help="stop asking by heart after so long; what is answered is kept and not asked again (default 3600)")  # fmt: skip
    gates.add_argument("--keep", action="store_true", help="keep the thresholds in the home: answers then use them")
    _data_option(gates)
    same = add("entropy", "semantic entropy: does a model say the same each time, and does that tell its wrong answers")
    same.add_argument("--model", metavar="NAME[,NAME]", help="`models list` shows them (default: the chosen one)")
    same.add_argument("--limit", type=int, default=20, metavar="N", help="questions of each set (default 20)")
    same.add_argument("--samples", type=int, default=5, metavar="K", help="samples of each answer (default 5)")
    same.add_argument("--seconds", type=float, default=3600.0, metavar="S", help="stop after so long (default 3600)")
    _data_option(same)
    steps = add("complexity", "whether a question needs nothing looked up, one place or several: rules against fitted weights; no model is asked")  # fmt: skip
    steps.add_argument("--limit", type=int, default=100, metavar="N", help="questions of each set (default 100)")
    _data_option(steps)
    for name, text in (
        ("evidence", "whether the answer stands in what the model is given to read; no model is asked"),
        ("triples", "how often (entity, relation, object) alone answers, and how often rightly; no model is asked"),
    ):
        reading = add(name, text)
        reading.add_argument("tasks", metavar="TASK[,TASK]", help="tasks with documents; `lab list` shows them")
        reading.add_argument(
            "--limit", type=int, metavar="N", help="only N items of each task's shuffle (default: all)"
        )
        reading.add_argument(
            "--skip", type=int, default=0, metavar="M", help="leave out the first M of them (default 0)"
        )
        reading.add_argument("--seed", type=int, default=panel.SEED, metavar="S", help=f"seed of the shuffle (default {panel.SEED})")  # fmt: skip
        _data_option(reading)
    judging = add("judge", "judge the kept replies of a folder again, after an extractor was mended")
    judging.add_argument("folder", metavar="FOLDER", type=Path)
    _data_option(judging)
    reading = add("documents", "the set of real and broken files: what is read of each, and whether that is right")
    _data_option(reading)
    hurting = add("hostile", "fixed hostile files and mutations of good ones: what is read, refused, stopped")
    hurting.add_argument("--mutations", type=int, default=2000, metavar="N", help="mutated files (default 2000)")
    hurting.add_argument("--size", type=int, default=10, metavar="N", help="how big the fixed ones are: 1 small, 10 as uploads (default 10)")  # fmt: skip
    hurting.add_argument("--seed", type=int, default=panel.SEED, metavar="S", help=f"seed of the mutations (default {panel.SEED})")  # fmt: skip
    _data_option(hurting)
    lasting = add(
        "durable", "kills, full disks, two programs at once, memory: what is lost of documents; no model is asked"
    )
    lasting.add_argument("experiment", choices=("kills", "full-disks", "together", "memory"))
    lasting.add_argument("--count", type=int, metavar="N", help="kills (default 100) or points (default 50)")
    lasting.add_argument("--seconds", type=float, default=60.0, help="how long both programs work at once (default 60)")
    lasting.add_argument("--megabytes", type=int, default=200, metavar="N", help="size of the folder (default 200)")
    lasting.add_argument("--embedder", choices=("hashing", "real"), default="hashing", help="words hashed, which is quick, or the built-in model (default hashing)")  # fmt: skip
    lasting.add_argument("--only", default="", metavar="WORK", help="only this kind of work, as the table names it")
    lasting.add_argument("--without", default="", metavar="DEFENCE", help="negative control: rename, intent or keeping (kills), sorting (full-disks), locks (together), release (memory) is switched off; losses must be reported")  # fmt: skip
    lasting.add_argument("--seed", type=int, default=panel.SEED, metavar="S", help=f"seed of moments and works (default {panel.SEED})")  # fmt: skip
    lasting.add_argument("--out", metavar="FILE", type=Path, help="where a JSON line for each kill, point or sample is kept (default: in the home)")  # fmt: skip
    honest = add("programs", "collect programs that models write for example problems, and run them in the sandbox")
    honest.add_argument("folder", metavar="FOLDER", type=Path, help="where they are kept; outside the repository")
    honest.add_argument("--model", metavar="NAME[,NAME]", help="have these write more (default: only run what is kept)")
    honest.add_argument("--count", type=int, default=30, metavar="N", help="programs a model (default 30)")
    honest.add_argument("--seconds", type=float, default=540.0, help="most time a model (default 540); what is kept is not asked again")  # fmt: skip
    _data_option(honest)
    routes = add("routes", "where own requests go before any model is asked")
    routes.add_argument(
        "--part", choices=("all", "fitted", "held", "everyday"), default="all", help="which of them (default all)"
    )
    routes.add_argument("--model", metavar="NAME", help="ask those with a known answer of this model, too (default: of code alone)")  # fmt: skip
    failing = add(
        "faults", "130 injected faults (10 parts, 13 faults each) and 20 planner faults: does each end honestly"
    )
    failing.add_argument("out", metavar="OUT", type=Path, nargs="?", help="file of results, a line a cell; what is in it is not run again (default: lab/faults.jsonl in the home)")  # fmt: skip
    failing.add_argument("--part", metavar="P[,P]", help="only these parts: model, embedder, vector store, memory DB, search, fetch, Python, Z3, calculator, converter, planner")  # fmt: skip
    failing.add_argument("--fault", metavar="F[,F]", help="only these faults: refused, dns, connect-hang, silence, drip, reset, 500, 429, html, truncated, empty, 50MB, dies")  # fmt: skip
    failing.add_argument("--no-defence", action="store_true", help="with the defences of the call layer off: the judge must then find goals that are missed; nothing is kept")  # fmt: skip
    tool_times = add("tools", "seconds of each tool: half of its calls, and 95 of a hundred, take at most so long")
    tool_times.add_argument("--times", type=int, default=40, metavar="N", help="calls of each (default 40)")
    timing = add("bench", "seconds and ratios of the page, the answers, the reading")
    timing.add_argument("--no-browser", action="store_true", help="time the page without a browser")
    timing.add_argument("--only", choices=["all", "answers", "documents"], default="all", help="a part (default all)")
    timing.add_argument("--json", action="store_true", help="the rows as JSON")


def _data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="FOLDER", type=Path, help="the benchmark items (default ../shared/data)")


def _run_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--arm", metavar="ARM[,ARM]", default="planner", help="`lab list` shows them (default planner)")
    parser.add_argument("--model", metavar="NAME[,NAME]", help="`models list` shows them (default: the chosen one)")
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="where the lines are kept; the same folder goes on where it stopped")  # fmt: skip
    parser.add_argument("--parallel", type=int, default=1, metavar="N", help="items at a time; quicker, but seconds are then those of a shared machine (default 1)")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=120.0, metavar="S", help="most seconds for one item (default 120)")  # fmt: skip
    _data_option(parser)
