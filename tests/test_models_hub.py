"""hub.py and offers.py: who is chosen, switching, downloading, fair turns, what is said meanwhile."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from model_servers import Fake, ndjson_reply, ollama_model, ollama_routes, openai_routes, serve, sse_reply

from lottery_chat.errors import ModelMissing, ModelUnreachable, NotFound
from lottery_chat.messages import Message
from lottery_chat.models import catalogue
from lottery_chat.models.catalogue import CatalogueModel
from lottery_chat.models.embedded import EmbeddedEngine, EngineSettings
from lottery_chat.models.hub import ModelHub
from lottery_chat.models.protocol import ChatModel, Reply, Request
from lottery_chat.models.sources import Sources

FAKE = str(Path(__file__).with_name("fake_engine.py"))
NOBODY = "http://127.0.0.1:9"
GB = 10**9
LARGE, SMALL = "qwen2.5-coder:1.5b", "qwen2.5-coder:0.5b"


def until(true: Callable[[], object], seconds: float = 10.0) -> bool:
    end, tick = time.monotonic() + seconds, threading.Event()
    while not true() and time.monotonic() < end:
        tick.wait(0.02)
    return bool(true())


def say(model: ChatModel, text: str = "hello", cancel: threading.Event | None = None) -> Reply:
    last = list(model.stream(Request((Message("user", text),), max_tokens=50), cancel or threading.Event()))[-1]
    assert isinstance(last, Reply)
    return last


def fake_engine(file: Path, entry: CatalogueModel, settings: EngineSettings) -> EmbeddedEngine:
    return EmbeddedEngine(file, entry.name, settings, command=[sys.executable, FAKE, "ok", entry.name])


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The catalogue's names with files of a few bytes."""
    contents = {entry.name: entry.name.encode() * 50 for entry in catalogue.MODELS if entry.embedded}
    entries = tuple(
        replace(
            entry, bytes=len(contents[entry.name]), sha256=hashlib.sha256(contents[entry.name]).hexdigest(), parts=()
        )
        if entry.embedded
        else entry
        for entry in catalogue.MODELS
    )
    monkeypatch.setattr(catalogue, "MODELS", entries)
    return contents


class Place:
    """Makes hubs on one folder of models, and closes them."""

    def __init__(self, folder: Path, contents: dict[str, bytes]) -> None:
        self.folder, self.contents = folder, contents
        self.folder.mkdir()
        self.stack = ExitStack()
        self.said: list[str] = []

    def install(self, *names: str) -> None:
        for name in names:
            entry = catalogue.find(name)
            assert entry is not None
            (self.folder / entry.file).write_bytes(self.contents[name])

    def serve(self, fake: Fake) -> Fake:
        return self.stack.enter_context(serve(fake))

    def hub(self, *, free: int = 8 * GB, start: bool = True, hub: str = NOBODY, **more: Any) -> ModelHub:
        values: dict[str, Any] = {"ollama_host": NOBODY, "openai_url": None, "openai_key": None, **more}
        made = ModelHub(
            self.folder, threads=1, memory_available=lambda: free, sources=Sources(hub, ("--no-index",)),
            make_engine=fake_engine, say=self.said.append, **values,
        )  # fmt: skip
        self.stack.callback(made.close)
        if start:
            made.start()
        return made


@pytest.fixture
def place(tmp_path: Path, small_files: dict[str, bytes]) -> Iterator[Place]:
    made = Place(tmp_path / "models", small_files)
    with made.stack:
        yield made


def reach(hub: ModelHub, owner: str = "me", wait: float = 20.0) -> ChatModel:
    return hub.current(owner, threading.Event(), wait)


def ollama(*models: dict[str, Any]) -> Fake:
    return Fake(ollama_routes(list(models), ndjson_reply([{"content": "from ollama"}])))


@pytest.mark.parametrize(("free", "name"), [(8 * GB, LARGE), (int(3.4 * GB), SMALL), (0, SMALL)])
def test_auto_takes_the_larger_embedded_model_only_with_enough_memory(place: Place, free: int, name: str) -> None:
    place.install(LARGE, SMALL)
    model = reach(place.hub(free=free))
    assert (model.card.name, model.card.where) == (name, "embedded")
    assert say(model).text.strip() == f"hello by {name}"


def test_auto_prefers_a_running_ollama_with_a_chat_model_that_fits(place: Place) -> None:
    place.install(LARGE)
    fake = place.serve(
        ollama(
            ollama_model("nomic-embed-text:latest", capabilities=["embedding"]),
            ollama_model("huge:70b", size=40 * GB),
            ollama_model("unknown:7b", size=4 * GB),
            ollama_model("llama3.2:1b"),
            ollama_model("raw:latest", template="{{ .Prompt }}", size=5 * GB),
        )
    )
    model = reach(place.hub(ollama_host=fake.url))
    assert (model.card.name, model.card.where) == ("llama3.2:1b", "ollama")
    assert say(model).text == "from ollama"


def test_an_ollama_without_a_chat_model_that_fits_is_passed_over(place: Place) -> None:
    place.install(LARGE)
    fake = place.serve(ollama(ollama_model("huge:70b", size=40 * GB)))
    assert reach(place.hub(ollama_host=fake.url)).card.where == "embedded"


def test_a_server_that_may_be_another_computer_is_taken_only_by_name(place: Place) -> None:
    place.install(LARGE)
    fake = place.serve(Fake(openai_routes(sse_reply([{"content": "x"}]))))
    hub = place.hub(openai_url=f"{fake.url}/v1")
    assert reach(hub).card.where == "embedded"
    assert fake.bodies("/v1/chat/completions") == []
    assert "openai/tiny" in {one.name for one in hub.models()}


def test_switching_needs_no_restart_and_leaves_one_engine(place: Place) -> None:
    place.install(LARGE, SMALL)
    hub = place.hub()
    model = reach(hub)
    first = hub._in_use.engine
    assert first is not None and first.pid is not None
    hub.choose(SMALL)
    assert reach(hub).card.name == SMALL
    assert first.pid is None and first.state == "stopped"
    assert say(model).text.strip() == f"hello by {SMALL}", "a run that goes on uses the new model"
    assert [one.name for one in hub.models() if one.chosen] == [SMALL]


def test_the_old_model_finishes_what_it_is_saying(place: Place) -> None:
    place.install(LARGE, SMALL)
    hub = place.hub()
    model = reach(hub)
    stream = model.stream(Request((Message("user", "SLOW " + "word " * 60),), max_tokens=50), threading.Event())
    next(stream)
    hub.choose(SMALL)
    last = list(stream)[-1]
    assert isinstance(last, Reply) and last.finish == "stop" and LARGE in last.text
    assert until(lambda: hub.state().name == SMALL and hub.state().state == "ready")


def test_while_it_is_downloaded_the_question_hears_how_far_it_is(place: Place) -> None:
    content = place.contents[LARGE]
    go_on = threading.Event()

    def slow(handler: Any, body: dict[str, Any]) -> None:
        handler.send_response(200)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])
        handler.wfile.flush()
        go_on.wait(4)
        handler.wfile.write(content[len(content) // 2 :])

    entry = catalogue.find(LARGE)
    assert entry is not None and entry.hub is not None
    fake = place.serve(Fake({f"/{entry.hub.repo}/resolve/main/{entry.hub.file}": slow}))
    hub = place.hub(hub=fake.url)
    assert until(lambda: hub.state().done > 0)
    state = hub.state()
    assert (state.state, state.total) == ("downloading", len(content)) and "Hugging Face hub" in state.text
    with pytest.raises(ModelMissing, match="still being downloaded"):
        reach(hub, wait=0.1)
    hub.start()
    hub.choose("auto")
    with pytest.raises(ModelMissing, match="still being downloaded"):
        hub.named(LARGE, "me", threading.Event(), 0.1)
    go_on.set()
    assert reach(hub).card.name == LARGE
    assert len(fake.requests) == 1, "asking again does not begin again"
    assert any("it does not matter who packed it" in line for line in place.said)


def test_the_old_model_answers_while_another_is_downloaded_and_stays_if_that_fails(place: Place) -> None:
    place.install(SMALL)
    waiting, go_on = threading.Event(), threading.Event()

    def never(handler: Any, body: dict[str, Any]) -> None:
        waiting.set()
        go_on.wait(4)
        handler.json({"error": "gone"}, 503)

    entry = catalogue.find(LARGE)
    assert entry is not None and entry.hub is not None
    fake = place.serve(Fake({f"/{entry.hub.repo}/resolve/main/{entry.hub.file}": never}))
    hub = place.hub(hub=fake.url, chosen=SMALL)
    reach(hub)
    hub.choose(LARGE)
    assert waiting.wait(10)
    assert say(reach(hub, wait=1)).text.strip() == f"hello by {SMALL}"
    go_on.set()
    assert until(lambda: "goes on answering" in hub.state().text)
    assert say(reach(hub)).text.strip() == f"hello by {SMALL}"


def test_without_a_network_auto_takes_the_model_that_is_here(place: Place) -> None:
    place.install(SMALL)
    assert reach(place.hub(free=8 * GB)).card.name == SMALL
    assert any("instead" in line for line in place.said)


def test_no_model_and_no_network_is_a_sentence(place: Place) -> None:
    hub = place.hub()
    with pytest.raises(ModelUnreachable, match="could not be downloaded.*Check the network"):
        reach(hub)
    assert hub.state().state == "failed"


def test_a_file_with_another_checksum_is_never_loaded(place: Place) -> None:
    place.install(SMALL)
    entry = catalogue.find(SMALL)
    assert entry is not None
    (place.folder / entry.file).write_bytes(b"x" * entry.bytes)
    hub = place.hub(chosen=SMALL)
    with pytest.raises(ModelUnreachable, match="but the publisher's is"):
        reach(hub)
    assert hub._in_use.engine is None


def test_an_ollama_that_ends_gives_way_to_the_embedded_model(place: Place) -> None:
    place.install(LARGE)
    with ExitStack() as running:
        fake = running.enter_context(serve(ollama(ollama_model())))
        hub = place.hub(ollama_host=fake.url)
        model = reach(hub)
        assert model.card.where == "ollama"
    with pytest.raises(ModelUnreachable):
        say(model)
    assert reach(hub).card.where == "embedded"


def test_windows_take_turns_and_can_leave_the_queue(place: Place) -> None:
    place.install(SMALL)
    hub = place.hub(chosen=SMALL)
    held = [hub.current(f"w{n}", threading.Event(), 20).stream(
        Request((Message("user", "SLOW " + "word " * 200),), max_tokens=50), threading.Event()) for n in range(2)]  # fmt: skip
    for stream in held:
        next(stream)
    cancel = threading.Event()
    third = hub.current("third", cancel, 20)
    replies: list[Reply] = []
    thread = threading.Thread(target=lambda: replies.append(say(third, "hi", cancel)))
    thread.start()
    assert until(lambda: hub.place_in_queue("third") == 1)
    cancel.set()
    thread.join(5)
    assert replies[0].finish == "cancelled" and hub.place_in_queue("third") == 0
    for stream in held:
        stream.close()  # type: ignore[attr-defined]
    assert say(hub.current("fourth", threading.Event(), 5), "hi").finish == "stop"


def test_named_uses_another_model_for_this_question(place: Place) -> None:
    place.install(LARGE, SMALL)
    hub = place.hub()
    reach(hub)
    model = hub.named(SMALL, "me", threading.Event(), 20)
    assert say(model).text.strip() == f"hello by {SMALL}"
    with pytest.raises(NotFound, match="no model 'gpt-9' here. There are: .*smollm2:135m"):
        hub.named("gpt-9", "me", threading.Event(), 1)


def test_a_name_that_two_places_have_can_be_told_apart(place: Place) -> None:
    place.install(SMALL)
    fake = place.serve(ollama(ollama_model(SMALL)))
    hub = place.hub(ollama_host=fake.url, chosen=SMALL)
    assert reach(hub).card.where == "ollama"
    names = {one.name: one.where for one in hub.models()}
    assert names[SMALL] == "ollama" and names[f"embedded/{SMALL}"] == "embedded"
    hub.choose(f"embedded/{SMALL}")
    assert reach(hub).card.where == "embedded"
    assert [one.name for one in hub.models() if one.chosen] == [f"embedded/{SMALL}"]


def test_ollama_pulls_what_it_does_not_have_with_progress(place: Place) -> None:
    fake = place.serve(ollama(ollama_model()))
    hub = place.hub(ollama_host=fake.url)
    offered = {one.name: one for one in hub.models()}
    assert not offered["gemma3:1b"].installed and offered["gemma3:1b"].note == "Ollama can pull it"
    states = list(hub.pull("gemma3:1b"))
    assert [one.done for one in states if one.total] == [100, 1000, 1000] and states[-1].state == "ready"
    assert {one.name: one.installed for one in hub.models()}["gemma3:1b"]
    hub.remove("gemma3:1b")
    assert not {one.name: one.installed for one in hub.models()}["gemma3:1b"]


def test_pulling_without_a_network_fails_with_the_reasons(place: Place) -> None:
    hub = place.hub(start=False)
    with pytest.raises(Exception, match="could not be downloaded"):
        list(hub.pull(SMALL))


def test_removing_the_model_in_use_ends_it_first(place: Place) -> None:
    place.install(SMALL)
    hub = place.hub(chosen=SMALL)
    reach(hub)
    engine = hub._in_use.engine
    hub.remove(SMALL)
    assert engine is not None and engine.pid is None
    assert not list(place.folder.glob("*.gguf"))
    with pytest.raises(ModelUnreachable, match="was removed"):
        reach(hub, wait=0.5)
    with pytest.raises(NotFound, match="nothing to remove"):
        hub.remove(SMALL)


def test_a_hub_that_was_not_started_says_so_and_closes(place: Place) -> None:
    hub = place.hub(start=False)
    assert hub.state().state == "waiting"
    with pytest.raises(ModelMissing):
        reach(hub, wait=0.1)
    hub.close()


def test_closing_ends_the_engine_and_a_download_on_its_way(place: Place) -> None:
    place.install(SMALL)
    hub = place.hub(chosen=SMALL)
    reach(hub)
    engine = hub._in_use.engine
    begun = time.monotonic()
    hub.close()
    assert engine is not None and engine.pid is None and time.monotonic() - begun < 5


def test_speed_and_memory_are_told(place: Place) -> None:
    place.install(SMALL)
    hub = place.hub(chosen=SMALL)
    say(reach(hub), "SLOW " + "word " * 30)
    state = hub.state()
    assert state.tokens_per_second > 1
    if sys.platform.startswith("linux"):
        assert state.memory > 1_000_000


def test_a_model_that_is_asked_for_at_the_start_is_the_only_one_that_is_loaded(place: Place) -> None:
    place.install(LARGE, SMALL)
    hub = place.hub(start=False)
    hub.start(SMALL)
    assert reach(hub).card.name == SMALL
    assert hub.named(SMALL, "me", threading.Event(), 20.0).card.name == SMALL
    assert not any(LARGE in line for line in place.said), place.said


def test_a_model_chosen_while_another_loads_does_not_wait_for_it(place: Place) -> None:
    place.install(LARGE, SMALL)
    made: list[str] = []

    def slow_large(file: Path, entry: CatalogueModel, settings: EngineSettings) -> EmbeddedEngine:
        made.append(entry.name)
        kind = "never" if entry.name == LARGE else "ok"
        return EmbeddedEngine(file, entry.name, settings, command=[sys.executable, FAKE, kind, entry.name])

    hub = place.hub(start=False)
    hub._in_use.make_engine = slow_large
    hub.start()
    assert until(lambda: made == [LARGE])
    hub.choose(SMALL)
    assert reach(hub, wait=8.0).card.name == SMALL
    assert made == [LARGE, SMALL]
