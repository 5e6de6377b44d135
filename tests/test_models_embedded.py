"""embedded.py: the supervised child; restarts, limits, endings. A fake engine stands for llama.cpp, see fake_engine.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lottery_chat import posix
from lottery_chat.errors import ModelUnreachable, SetupError
from lottery_chat.messages import Message
from lottery_chat.models.embedded import EmbeddedEngine, EngineSettings
from lottery_chat.models.protocol import Reply, Request

ROOT = Path(__file__).resolve().parent.parent
FAKE = str(ROOT / "tests" / "fake_engine.py")
Make = Callable[..., EmbeddedEngine]


def until(true: Callable[[], object], seconds: float = 10.0) -> bool:
    end, tick = time.monotonic() + seconds, threading.Event()
    while not true() and time.monotonic() < end:
        tick.wait(0.02)
    return bool(true())


def say(engine: EmbeddedEngine, text: str) -> str:
    request = Request((Message("user", text),), max_tokens=50)
    last = list(engine.model().stream(request, threading.Event()))[-1]
    assert isinstance(last, Reply)
    return last.text.strip()


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[EmbeddedEngine] = []

    def build(mode: str = "ok", **settings: float) -> EmbeddedEngine:
        chosen = EngineSettings(**{"load_seconds": 20.0, **settings})  # type: ignore[arg-type]
        engine = EmbeddedEngine(Path("tiny.gguf"), "tiny", chosen, command=[sys.executable, FAKE, mode, "tiny"])
        made.append(engine)
        engine.start()
        return engine

    yield build
    for engine in made:
        engine.close()
        assert engine.pid is None


def test_it_loads_answers_and_ends(make: Make) -> None:
    engine = make()
    assert engine.wait(20) and engine.state == "ready"
    assert say(engine, "hello") == "hello by tiny"
    pid = engine.pid
    assert pid is not None
    engine.close()
    assert engine.state == "stopped" and until(lambda: not posix.is_alive(pid))
    with pytest.raises(ModelUnreachable, match="closed"):
        say(engine, "hello")


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_a_child_that_is_killed_is_started_again_and_the_next_question_waits_for_it(make: Make) -> None:
    engine = make()
    engine.wait(20)
    first = engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert until(lambda: engine.state == "loading" or engine.pid not in (None, first))
    assert say(engine, "again") == "again by tiny" and engine.pid != first


def test_a_question_that_kills_the_child_fails_and_the_next_one_does_not(make: Make) -> None:
    engine = make()
    engine.wait(20)
    first = engine.pid
    with pytest.raises(ModelUnreachable):
        say(engine, "DIE now")
    assert until(lambda: engine.pid != first)
    assert say(engine, "alive") == "alive by tiny"


def test_a_child_that_dies_again_and_again_is_given_up_with_a_sentence(make: Make) -> None:
    engine = make(restarts=1)
    for _ in range(2):
        assert until(lambda: engine.state == "ready")
        with pytest.raises(ModelUnreachable):
            say(engine, "DIE")
        assert until(lambda: engine.pid is None or engine.state != "ready")
    assert until(lambda: engine.state == "failed")
    with pytest.raises(ModelUnreachable, match=r"died 2 times \(exit code 7\). Choose a smaller model"):
        say(engine, "hello")


def test_a_child_that_never_gets_ready_is_ended(make: Make) -> None:
    engine = make("never", load_seconds=0.5)
    assert until(lambda: engine.state == "failed")
    with pytest.raises(ModelUnreachable, match="not loaded within 0 s|not loaded within 1 s"):
        engine.wait(1)
    assert engine.pid is None


def test_a_processor_without_avx2_is_a_matter_of_set_up_with_a_way_out(make: Make) -> None:
    engine = make("no-avx2")
    with pytest.raises(SetupError, match="no AVX2.*Install Ollama"):
        engine.wait(20)


@pytest.mark.parametrize(("mode", "words"), [("crash", "cannot map the file"), ("garbage", "it said 'Segmentation")])
def test_a_model_that_cannot_be_loaded_says_why(make: Make, mode: str, words: str) -> None:
    engine = make(mode)
    with pytest.raises(ModelUnreachable, match=words):
        engine.wait(20)
    assert engine.pid is None


def test_an_engine_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    engine = EmbeddedEngine(tmp_path / "x.gguf", "x", command=[str(tmp_path / "nothing")])
    engine.start()
    with pytest.raises(SetupError, match="cannot be started"):
        engine.wait(10)
    engine.close()


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_kill_9_of_the_app_leaves_no_child(tmp_path: Path) -> None:
    script = (
        "import sys, threading; from pathlib import Path; from lottery_chat.models.embedded import EmbeddedEngine\n"
        f"engine = EmbeddedEngine(Path('x'), 'x', command=[sys.executable, {FAKE!r}, 'ok', 'x'])\n"
        "engine.start(); engine.wait(20); print(engine.pid, flush=True); threading.Event().wait()"
    )
    app = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert app.stdout is not None
    with app.stdout:
        pid = int(app.stdout.readline())
        assert posix.is_alive(pid)
        app.kill()
        app.wait()
    assert until(lambda: not posix.is_alive(pid), 5.0)


def test_the_key_stands_neither_in_the_arguments_nor_in_the_representation(make: Make) -> None:
    engine = make()
    engine.wait(20)
    server = engine._server
    assert server is not None and len(server.key) == 48
    assert server.key not in repr(server)
    if sys.platform.startswith("linux"):
        assert server.key.encode() not in Path(f"/proc/{engine.pid}/cmdline").read_bytes()
        assert server.key.encode() not in Path(f"/proc/{engine.pid}/environ").read_bytes()
