"""knowledge.embedding_http: servers that embed, well and badly behaved; nothing is cut, errors name the next step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from knowledge.embedding import HashingEmbedder, passage_measure
from knowledge.embedding_http import OllamaEmbedder, OpenAIEmbedder, estimated_tokens
from knowledge.errors import EmbedderMissing, TextTooLong
from tests.model_servers import Answer, Fake, Handler, serve

HASHING = HashingEmbedder(32, limit=10_000)


def rows(texts: list[str]) -> list[list[float]]:
    return [[3 * float(one) for one in row] for row in HASHING.encode(texts)]


def ollama(context: int = 512, most_words: int = 10_000) -> dict[str, Answer]:
    """As Ollama 0.17 answers; a text of more words is refused, because it was told not to truncate."""

    def show(handler: Handler, body: dict[str, Any]) -> None:
        handler.json({"model_info": {"bert.context_length": context}})

    def tags(handler: Handler, body: dict[str, Any]) -> None:
        handler.json({"models": [{"name": "mini:latest", "digest": "abcdef0123456789"}]})

    def embed(handler: Handler, body: dict[str, Any]) -> None:
        if body.get("truncate") is False and any(len(one.split()) > most_words for one in body["input"]):
            handler.json({"error": "the input length exceeds the context length"}, 400)
        else:
            handler.json({"embeddings": rows(body["input"])})

    return {"/api/show": show, "/api/tags": tags, "/api/embed": embed}


def openai(backwards: bool = False) -> dict[str, Answer]:
    def embeddings(handler: Handler, body: dict[str, Any]) -> None:
        data = [{"index": at, "embedding": row} for at, row in enumerate(rows(body["input"]))]
        handler.json({"data": data[::-1] if backwards else data})

    return {"/v1/embeddings": embeddings}


def test_ollama_embeds_with_unit_vectors_its_digest_and_its_window() -> None:
    with serve(Fake(ollama())) as fake:
        embedder = OllamaEmbedder(fake.url, "mini")
        texts = [f"text number {n} " * (n % 7 + 1) for n in range(40)]
        vectors = embedder.encode(texts)
    assert (embedder.name, embedder.origin) == ("ollama/mini@abcdef012345", "ollama:mini")
    assert (embedder.dimensions, embedder.limit) == (32, 431)
    assert np.allclose(vectors, HASHING.encode(texts), atol=1e-5)
    assert all(body["truncate"] is False for body in fake.bodies("/api/embed"))


def test_a_text_the_server_finds_too_long_is_embedded_in_halves_and_not_cut() -> None:
    text = " ".join(f"word{n}" for n in range(50))
    with serve(Fake(ollama(most_words=20))) as fake:
        embedder = OllamaEmbedder(fake.url, "mini")
        vector = embedder.encode(["short", text])[1]
        read = [one for body in fake.bodies("/api/embed") for one in body["input"] if len(one.split()) <= 20]
    assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-5)
    assert set(text.split()) <= set(" ".join(read).split())  # every word was read
    assert float(vector @ HASHING.encode([text])[0]) > 0.95


def test_a_server_that_finds_everything_too_long_is_told_and_does_not_loop() -> None:
    with serve(Fake(ollama(most_words=0))) as fake, pytest.raises(TextTooLong, match="longer context"):
        OllamaEmbedder(fake.url, "mini")


def test_an_openai_compatible_server_is_asked_with_its_key_and_its_order_does_not_matter() -> None:
    with serve(Fake(openai(backwards=True))) as fake:
        embedder = OpenAIEmbedder(f"{fake.url}/v1", "some/model", "s3cret")
        assert np.allclose(embedder.encode(["one", "two three"]), HASHING.encode(["one", "two three"]), atol=1e-5)
        sent = [headers for where, _, headers in fake.requests if where == "/v1/embeddings"]
    assert all(one["authorization"] == "Bearer s3cret" for one in sent)
    assert embedder.name == f"openai/some/model@{fake.url.removeprefix('http://')}"
    assert embedder.limit == 512 and "s3cret" not in repr(vars(embedder)["name"])


def test_the_window_a_list_of_models_tells_is_used() -> None:
    def models(handler: Handler, body: dict[str, Any]) -> None:
        handler.json({"data": [{"id": "other", "max_model_len": 9}, {"id": "m", "max_model_len": 128}]})

    with serve(Fake({**openai(), "/v1/models": models})) as fake:
        assert OpenAIEmbedder(f"{fake.url}/v1", "m").limit == 104


def answering(value: Any, status: int = 200) -> dict[str, Answer]:
    return {"/v1/embeddings": lambda handler, body: handler.json(value, status)}


@pytest.mark.parametrize(
    ("routes", "sentence"),
    [
        (answering({"error": "no"}, 401), "Check its key"),
        (answering({"error": "model not found"}, 404), "has the model 'm'"),
        (answering({"error": "boom"}, 500), "Look at its log"),
        (answering({}, 302), "refuses to embed"),
        (answering({"data": []}), "did not answer with 1 vectors"),
        (answering({"data": [{"index": 0, "embedding": []}]}), "did not answer with 1 vectors"),
        (answering({"data": [{"index": 0, "embedding": ["x"]}]}), "did not answer with 1 vectors"),
        (answering({"data": [{"index": 0, "embedding": [1.0, float("nan")]}]}), "did not answer with 1 vectors"),
        (answering({"data": [{"index": "a"}]}), "did not answer with 1 vectors"),
        (answering([1, 2]), "did not answer with 1 vectors"),
        ({"/v1/embeddings": lambda handler, body: handler.begin_stream("text/html")}, "not JSON"),
    ],
)
def test_an_answer_that_is_no_vectors_is_an_error_with_the_next_step(routes: dict[str, Answer], sentence: str) -> None:
    with serve(Fake(routes)) as fake, pytest.raises(EmbedderMissing, match=sentence):
        OpenAIEmbedder(f"{fake.url}/v1", "m")


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    with serve(Fake({})) as fake:
        gone = fake.url
    with pytest.raises(EmbedderMissing, match="Start it, or change LOTTERY_CHAT_EMBEDDER"):
        OllamaEmbedder(gone, "mini")


def test_other_dimensions_than_before_never_get_into_an_index() -> None:
    wide: list[bool] = []

    def embeddings(handler: Handler, body: dict[str, Any]) -> None:
        handler.json(
            {"data": [{"index": n, "embedding": [1.0] * (8 if wide else 4)} for n in range(len(body["input"]))]}
        )

    with serve(Fake({"/v1/embeddings": embeddings})) as fake:
        embedder = OpenAIEmbedder(f"{fake.url}/v1", "m")
        assert embedder.encode(["a"]).shape == (1, 4)
        wide.append(True)
        with pytest.raises(EmbedderMissing, match="now gives 8 dimensions"):
            embedder.encode(["a"])


@pytest.mark.parametrize(
    ("text", "least"),
    [("the harbour master keeps the key", 6), ("0123456789" * 3, 30), ("9f8e7d6c" * 8, 40), ("港口的钥匙", 5), ("", 0)],
)
def test_tokens_are_estimated_from_above(text: str, least: int) -> None:
    assert estimated_tokens(text) >= least


def test_an_embedder_that_reads_little_gets_shorter_passages() -> None:
    small, full = HashingEmbedder(8, limit=124), HashingEmbedder(8)
    text = ["word " * 90]
    assert passage_measure(full)(text) == [90] and passage_measure(small)(text)[0] >= 180
    longest = next(n for n in range(300, 0, -1) if passage_measure(small)(["w " * n])[0] <= 220)
    assert longest <= small.limit
