"""ollama.py: which models are offered, what is sent, cancel, cuts, labels, pull; against a fake Ollama."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from model_servers import Answer, Fake, Handler, ndjson_reply, ollama_model, ollama_routes, serve, silent

from lottery_chat.errors import ModelError, ModelMissing, ModelUnreachable, PromptTooLong
from lottery_chat.messages import Message
from lottery_chat.models.ollama import OllamaServer
from lottery_chat.models.ollama_model import OllamaModel
from lottery_chat.models.protocol import Piece, Reply, Request

ASK = (Message("user", "Name a colour"),)


def pieces(*texts: str) -> list[dict[str, Any]]:
    return [{"content": text, "logprob": -0.5} for text in texts]


def ollama(chat: Answer, *models: dict[str, Any], version: str = "0.17.4") -> Fake:
    return Fake(ollama_routes(list(models) or [ollama_model()], chat, version))


def run(model: OllamaModel, request: Request, cancel: threading.Event | None = None) -> tuple[list[Piece], Reply]:
    items = list(model.stream(request, cancel or threading.Event()))
    assert isinstance(items[-1], Reply)
    return [one for one in items if isinstance(one, Piece)], items[-1]


@pytest.fixture
def fake() -> Iterator[Fake]:
    with serve(ollama(ndjson_reply(pieces("Blue", ".")))) as running:
        yield running


def test_a_reply_streams_with_its_counts(fake: Fake) -> None:
    got, reply = run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(ASK, max_tokens=9))
    assert [one.text for one in got] == ["Blue", "."]
    assert (reply.text, reply.finish, reply.tokens_in, reply.tokens_out) == ("Blue.", "stop", 6, 2)
    assert reply.logprob == pytest.approx(-0.5)


def test_ollama_is_never_allowed_to_cut_or_shift(fake: Fake) -> None:
    request = Request(ASK, max_tokens=9, seed=3, stop=("x",), schema={"type": "object"})
    run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), request)
    body = fake.bodies("/api/chat")[-1]
    assert body["truncate"] is False and body["shift"] is False
    assert body["options"] == {"num_ctx": 4096, "num_predict": 9, "temperature": 0.0, "seed": 3, "stop": ["x"]}
    assert body["format"] == {"type": "object"} and "think" not in body


def test_a_thinking_model_does_not_think_unless_asked() -> None:
    thinker = ollama_model("qwen3:4b", capabilities=["completion", "thinking"])
    reply = ndjson_reply([{"thinking": "hm"}, {"content": "Blue"}])
    with serve(ollama(reply, thinker)) as fake:
        model = OllamaServer(fake.url).model("qwen3:4b", 4096)
        assert model.card.thinks
        _, said = run(model, Request(ASK, max_tokens=9))
        assert fake.bodies("/api/chat")[-1]["think"] is False
        assert (said.text, said.thoughts) == ("Blue", "hm")
        run(model, Request(ASK, max_tokens=9, think=True))
        assert fake.bodies("/api/chat")[-1]["think"] is True


def test_only_models_that_chat_here_are_offered() -> None:
    models = (
        ollama_model("qwen2.5:1.5b"),
        ollama_model("nomic-embed-text:latest", capabilities=["embedding"]),
        ollama_model("gpt-oss:120b-cloud", size=380),
        ollama_model("mine:latest", template="{{ .Prompt }}"),
    )
    with serve(ollama(silent, *models)) as fake:
        found = {one.name: one for one in OllamaServer(fake.url).models()}
    assert set(found) == {"qwen2.5:1.5b", "mine:latest"}
    assert found["qwen2.5:1.5b"].template and not found["mine:latest"].template


def test_a_prompt_longer_than_the_window_is_never_sent(fake: Fake) -> None:
    model = OllamaServer(fake.url).model("qwen2.5:1.5b", 200)
    with pytest.raises(PromptTooLong):
        run(model, Request((Message("user", "word " * 300),), max_tokens=9))
    assert fake.bodies("/api/chat") == []


def test_ollamas_own_refusal_is_prompt_too_long_as_well() -> None:
    def refuse(handler: Handler, body: dict[str, Any]) -> None:
        handler.json({"error": "the input length exceeds the context length"}, 400)

    with serve(ollama(refuse)) as fake:
        with pytest.raises(PromptTooLong):
            run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(ASK, max_tokens=9))


def test_a_silently_cut_prompt_is_found_out() -> None:
    long = (Message("user", "some more words " * 300),)
    with serve(ollama(ndjson_reply(pieces("nonsense"), read=lambda body: 100))) as fake:
        with pytest.raises(ModelError, match="read only 100"):
            run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(long, max_tokens=9))
    with serve(ollama(ndjson_reply(pieces("fine"), read=lambda body: 905))) as fake:
        assert run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(long, max_tokens=9))[1].text == "fine"


def test_a_prompt_that_was_read_once_is_counted_exactly_from_then_on(fake: Fake) -> None:
    model = OllamaServer(fake.url).model("qwen2.5:1.5b", 4096)
    guessed = model.count(ASK)
    run(model, Request(ASK, max_tokens=9))
    assert model.count(ASK) == 6 < guessed


def test_cancel_stops_ollama() -> None:
    many = pieces(*["w "] * 2000)
    with serve(ollama(ndjson_reply(many, delay=0.005))) as fake:
        cancel = threading.Event()
        for item in OllamaServer(fake.url).model("qwen2.5:1.5b", 4096).stream(Request(ASK, max_tokens=9), cancel):
            if isinstance(item, Piece) and not cancel.is_set():
                cancel.set()
                asked = time.monotonic()
        assert isinstance(item, Reply) and item.finish == "cancelled"
        assert time.monotonic() - asked < 6.0
        assert fake.gone.wait(5.0) and fake.sent < 200


def test_cancel_works_while_ollama_loads_the_model() -> None:
    with serve(ollama(silent)) as fake:
        cancel = threading.Event()
        timer = threading.Timer(0.2, cancel.set)
        timer.start()
        begun = time.monotonic()
        _, reply = run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(ASK, max_tokens=9), cancel)
        timer.join()
        assert reply.finish == "cancelled" and time.monotonic() - begun < 6.0


def test_labels_come_from_the_first_tokens() -> None:
    def chat(handler: Handler, body: dict[str, Any]) -> None:
        tops = [{"token": "No", "logprob": math.log(0.6)}, {"token": "Yes", "logprob": math.log(0.3)}]
        handler.json(
            {"message": {"content": "No"}, "logprobs": [{"token": "No", "logprob": -0.5, "top_logprobs": tops}]}
        )

    with serve(ollama(chat)) as fake:
        scores = OllamaServer(fake.url).model("qwen2.5:1.5b", 4096).labels(ASK, ("yes", "no"), threading.Event())
        body = fake.bodies("/api/chat")[-1]
    assert scores["no"] == pytest.approx(math.log(2 / 3))
    assert body["options"]["num_predict"] == 1 and body["top_logprobs"] == 20 and body["stream"] is False


def test_an_old_ollama_without_log_probabilities_chooses_under_a_schema() -> None:
    with serve(ollama(ndjson_reply([{"content": '"no"'}]), version="0.9.0")) as fake:
        model = OllamaServer(fake.url).model("qwen2.5:1.5b", 4096)
        assert not model.card.abilities.logprobs
        scores = model.labels(ASK, ("yes", "no"), threading.Event())
        assert scores["no"] == pytest.approx(math.log(0.9))
        assert fake.bodies("/api/chat")[-1]["format"] == {"type": "string", "enum": ["yes", "no"]}


def test_a_missing_model_is_pulled_with_progress(fake: Fake) -> None:
    server = OllamaServer(fake.url)
    with pytest.raises(ModelMissing, match="not found"):
        server.model("llama3.2:1b", 4096)
    steps = list(server.pull("llama3.2:1b", threading.Event()))
    assert [(one.done, one.total) for one in steps] == [(0, 0), (100, 1000), (1000, 1000), (1000, 1000)]
    assert server.model("llama3.2:1b", 4096).card.name == "llama3.2:1b"
    server.remove("llama3.2:1b")
    with pytest.raises(ModelMissing):
        server.model("llama3.2:1b", 4096)


def test_no_ollama_is_no_error_until_something_is_wanted_of_it() -> None:
    server = OllamaServer("http://127.0.0.1:9")
    begun = time.monotonic()
    assert server.version() is None and time.monotonic() - begun < 6.0
    with pytest.raises(ModelUnreachable, match="ollama serve"):
        server.models()


def test_something_else_on_the_port_is_not_taken_for_ollama() -> None:
    with serve(Fake({"/api/version": lambda handler, body: handler.json(["hello"])})) as fake:
        assert OllamaServer(fake.url).version() is None


def test_a_grammar_is_refused_with_a_way_out(fake: Fake) -> None:
    with pytest.raises(ModelError, match="Use a JSON schema"):
        run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(ASK, max_tokens=9, grammar="root ::= x"))


def test_an_ollama_that_dies_in_the_middle_is_an_error() -> None:
    def half(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin_stream("application/x-ndjson")
        handler.ndjson({"message": {"content": "Half"}, "done": False})

    with serve(ollama(half)) as fake:
        with pytest.raises(ModelUnreachable, match="broke off"):
            run(OllamaServer(fake.url).model("qwen2.5:1.5b", 4096), Request(ASK, max_tokens=9))
