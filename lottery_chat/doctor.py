"""`lottery-chat doctor`: check every part of the installation and say what to do.

Each part is tried in a child process of its own, so that one that crashes the interpreter is found too. Nothing is
downloaded and nothing leaves the machine (a configured model server is asked whether it is there).
What this does not do: say whether answers are good; that is the lab's work.
"""

from __future__ import annotations

import json
import platform
import shutil
import sqlite3
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, TextIO

from lottery_chat import machine, posix
from lottery_chat.errors import SetupError
from lottery_chat.settings import Settings, make_folders

GIGABYTE = 1000**3
_MARKS = {"ok": "ok     ", "warning": "look   ", "failed": "FAILED "}


@dataclass(frozen=True, slots=True)
class Check:
    """What was found about one part; `text` ends with the next step where there is one."""

    name: str
    state: Literal["ok", "warning", "failed"]
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A short program that shows that a part works; `lost` says what does not work without it."""

    name: str
    code: str
    lost: str
    seconds: float = 90.0


#: Each program prints one line about what it found. They run with `python -c` in the environment of the app.
PROBES = (
    Probe(
        "page",
        "import os; os.environ.update(GRADIO_ANALYTICS_ENABLED='False', HF_HUB_OFFLINE='1')\n"
        "import gradio; print('gradio', gradio.__version__)",
        "the page does not open",
    ),
    Probe(
        "model engine",
        "import xllamacpp; print('llama.cpp as xllamacpp loads')",
        "the built-in engine does not run; install Ollama (https://ollama.com) instead",
    ),
    Probe(
        "programs",
        "import pydantic_monty as m\n"
        "with m.Monty() as pool, pool.checkout() as s: print('the sandbox computes 6 * 7 =', s.feed_run('6 * 7'))",
        "programs written by the model are not run",
    ),
    Probe(
        "solver",
        "import z3\ns = z3.Solver(); x = z3.Int('x'); s.add(x > 1, x < 3); assert s.check() == z3.sat\n"
        "print('Z3', z3.get_version_string(), 'finds x =', s.model()[x])",
        "logic puzzles are not solved",
    ),
    Probe(
        "document index",
        "import tempfile, lancedb\n"
        "with tempfile.TemporaryDirectory() as f:\n"
        "    t = lancedb.connect(f).create_table('t', [{'id': 'a', 'vector': [1.0, 0.0]}])\n"
        "    assert t.search([1.0, 0.0]).limit(1).to_list()[0]['id'] == 'a'\n"
        "print('LanceDB', lancedb.__version__, 'writes and finds')",
        "documents are not searched",
    ),
    Probe(
        "embeddings",
        "import sentence_transformers as s, torch\n"
        "print('sentence-transformers', s.__version__, 'with torch', torch.__version__)",
        "documents are found by words only, not by meaning",
    ),
)


def _python(settings: Settings) -> Check:
    version, bits = platform.python_version(), struct.calcsize("P") * 8
    if sys.version_info < (3, 10) or bits < 64:
        return Check("python", "failed", f"Python {version}, {bits} bits. Install a 64-bit Python 3.10 or newer.")
    return Check("python", "ok", f"Python {version} at {sys.executable}")


def _packages(settings: Settings) -> Check:
    """Compare what is installed with what requirements.txt pins."""
    file = Path(__file__).resolve().parent.parent / "requirements.txt"
    if not file.is_file():
        return Check("packages", "warning", "No requirements.txt beside the app to compare with.")
    wrong = []
    for name, wanted in pins(file.read_text(encoding="utf-8")):
        try:
            found = metadata.version(name).partition("+")[0]
        except metadata.PackageNotFoundError:
            found = "nothing"
        if found != wanted:
            wrong.append(f"{name} {wanted} is wanted, {found} is installed")
    if wrong:
        return Check("packages", "failed", f"{'; '.join(wrong)}. Run `make run` again.")
    return Check("packages", "ok", "all packages have the versions of requirements.txt")


def pins(requirements: str) -> Iterator[tuple[str, str]]:
    """The (package, version) pairs of a requirements file that hold for this Python."""
    old = sys.version_info < (3, 11)
    for line in requirements.splitlines():
        pinned, _, marker = line.split("#")[0].partition(";")
        name, equals, version = pinned.strip().partition("==")
        if equals and not (("<" in marker and not old) or (">=" in marker and old)):
            yield name, version.strip()


def _processor(settings: Settings) -> Check:
    cores = machine.physical_cores()
    if not machine.cpu_has_avx2():
        return Check(
            "processor", "failed", "No AVX2: the built-in engine cannot run. Install Ollama (https://ollama.com)."
        )
    return Check("processor", "ok", f"{cores} cores, {platform.machine()}")


def _memory(settings: Settings) -> Check:
    free = machine.memory_available()
    if not free:
        return Check("memory", "warning", "The system does not say how much memory is available.")
    shown = f"{free / GIGABYTE:.1f} GB available"
    if free < 1.5 * GIGABYTE:
        return Check("memory", "failed", f"{shown}; the smallest useful model needs 1.5 GB. Close other programs.")
    if free < 3.5 * GIGABYTE:
        return Check("memory", "warning", f"{shown}: the 0.5B model is used; the 1.5B needs 3.5 GB.")
    return Check("memory", "ok", shown)


def _folders(settings: Settings) -> Check:
    try:
        make_folders(settings)
    except SetupError as error:
        return Check("data folder", "failed", str(error))
    free = min(shutil.disk_usage(settings.home).free, shutil.disk_usage(settings.models).free)
    shown = f"{settings.home}, {free / GIGABYTE:.0f} GB free"
    if free < 2 * GIGABYTE:
        return Check("data folder", "warning", f"{shown}; a model and its parts need up to 2.5 GB. Free some space.")
    return Check("data folder", "ok", shown)


def _sqlite(settings: Settings) -> Check:
    """SQLite with full-text search; the memory's file, if there is one, is read and not changed."""
    memory = sqlite3.connect(":memory:")
    try:
        memory.execute("CREATE VIRTUAL TABLE t USING fts5(text)")
    except sqlite3.OperationalError:
        return Check("memory database", "failed", "This Python's SQLite has no FTS5. Use the Python of python.org.")
    finally:
        memory.close()
    file = settings.home / "memory.sqlite"
    if not file.is_file():
        return Check("memory database", "ok", f"SQLite {sqlite3.sqlite_version}, nothing kept yet")
    kept = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        said = str(kept.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        said = str(error)
    finally:
        kept.close()
    if said != "ok":
        step = "At the next start it is set aside and a new one begun; keep a copy first."
        return Check("memory database", "failed", f"{str(file)!r} is damaged ({said}). {step}")
    return Check("memory database", "ok", f"SQLite {sqlite3.sqlite_version}, {file.stat().st_size / 1e6:.1f} MB, whole")


def _model_files(settings: Settings) -> Check:
    here = sorted(settings.models.glob("*.gguf")) if settings.models.is_dir() else []
    if here:
        shown = ", ".join(f"{file.name} ({file.stat().st_size / GIGABYTE:.2f} GB)" for file in here)
        return Check("model files", "ok", f"{shown} in {settings.models}")
    step = "The first start fetches one (0.5 or 1.1 GB), or run `lottery-chat models pull qwen2.5-coder:0.5b`."
    return Check("model files", "warning", f"None in {settings.models}. {step}")


def _answer(url: str, seconds: float, key: str | None = None) -> object:
    asked = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"} if key else {})
    with urllib.request.urlopen(asked, timeout=seconds) as reply:
        return json.loads(reply.read(5_000_000))


def _ollama(settings: Settings) -> Check:
    base = settings.ollama_host or "http://127.0.0.1:11434"
    try:
        told = _answer(f"{base}/api/version", 2.0)
    except (OSError, ValueError, urllib.error.URLError):
        if settings.ollama_host:
            step = "Start it with `ollama serve`, or unset OLLAMA_HOST."
            return Check("ollama", "warning", f"OLLAMA_HOST is {base!r}, and nothing answers there. {step}")
        return Check("ollama", "ok", "not running; not needed, the built-in engine is used")
    return Check("ollama", "ok", f"version {told.get('version', '?') if isinstance(told, dict) else '?'} at {base}")


def _openai(settings: Settings) -> Check | None:
    if settings.openai_url is None:
        return None
    try:
        _answer(f"{settings.openai_url}/models", 5.0, settings.openai_key)
    except urllib.error.HTTPError as error:
        step = "Check LOTTERY_CHAT_OPENAI_KEY." if error.code in (401, 403) else "Check LOTTERY_CHAT_OPENAI_URL."
        return Check("openai server", "failed", f"{settings.openai_url!r} answered {error.code}. {step}")
    except (OSError, ValueError, urllib.error.URLError) as error:
        step = "Start it, or unset LOTTERY_CHAT_OPENAI_URL."
        return Check("openai server", "failed", f"Nothing usable at {settings.openai_url!r} ({error}). {step}")
    return Check("openai server", "ok", f"answers at {settings.openai_url}")


_QUICK: tuple[Callable[[Settings], Check | None], ...] = (
    _python,
    _packages,
    _processor,
    _memory,
    _folders,
    _sqlite,
    _model_files,
    _ollama,
    _openai,
)


def run_probe(probe: Probe) -> Check:
    """Run one probe in a fresh Python and judge how it ended."""
    command = [sys.executable, "-W", "ignore", "-c", probe.code]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=probe.seconds, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return Check(probe.name, "failed", f"No result after {probe.seconds:.0f} s. Until then {probe.lost}.")
    if ended.returncode == 0:
        return Check(probe.name, "ok", (ended.stdout.strip().splitlines() or ["works"])[-1])
    if ended.returncode < 0:
        why = f"it crashed with {posix.signal_name(-ended.returncode)}"
    else:
        why = (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
    return Check(probe.name, "failed", f"{why}: {probe.lost}. Run `make run` again to install it anew.")


def checks(settings: Settings) -> Iterator[Check]:
    """Everything that is found, the quick ones first."""
    for quick in _QUICK:
        found = quick(settings)
        if found is not None:
            yield found
    with ThreadPoolExecutor(max_workers=2) as pool:  # imports keep a core busy each
        yield from pool.map(run_probe, PROBES)


def report(settings: Settings, out: TextIO) -> int:
    """Write one line a check; 0 when none failed."""
    failed = warnings = 0
    for check in checks(settings):
        failed += check.state == "failed"
        warnings += check.state == "warning"
        out.write(f"{_MARKS[check.state]} {check.name:16} {check.text}\n")
        out.flush()
    worth = f", {warnings} worth a look" if warnings else ""
    out.write(f"{failed} failed{worth}.\n" if failed or warnings else "Everything works.\n")
    return 1 if failed else 0
