"""Embedders behind an address: Ollama (`/api/embed`) and OpenAI-compatible servers (`/v1/embeddings`).

The only module of this package that speaks HTTP. Addresses are the person's own setting; redirects are not followed,
answers are bounded. Such a server has no tokenizer to ask, so tokens are estimated from above; a text that the server
still finds too long is embedded in halves and averaged, never cut: Ollama is told not to truncate.
"""

from __future__ import annotations

import ipaddress
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from knowledge.embedding import Vectors, refuse_long
from knowledge.errors import EmbedderMissing, TextTooLong

_BATCH = 16
#: For one reply; a slow machine may load the model first.
SECONDS = 180.0
_MOST_BYTES = 64 * 2**20
_MOST_TOKENS, _UNKNOWN = 8192, 512
_TOO_LONG = re.compile(r"context (?:length|size|window)|too (?:long|large|many tokens)|exceeds?\b|maximum", re.I)
_PIECE = re.compile(r"[A-Za-z]+|\d|[^\x00-\x7f]|[^\s\w]|_")


def estimated_tokens(text: str) -> int:
    """Return how many tokens a text has at most for the tokenizers in use: four letters of a word to one token.

    Long words (names, code, base64) count two letters a token; digits, marks and letters beyond ASCII one each.
    """
    total = 0
    for piece in _PIECE.findall(text):
        if not piece.isascii() or not piece.isalpha():
            total += 1
        else:
            total += -(-len(piece) // (4 if len(piece) <= 12 else 2))
    return total


class _Served:
    """What both kinds share: counting, batches, halving, checking what came back."""

    estimates = True

    def __init__(self, url: str, model: str, key: str, limit: int, seconds: float) -> None:
        self._url, self._model, self._key, self._seconds = url.rstrip("/"), model, key, seconds
        self.limit = limit
        self.name = self.origin = model
        self.dimensions = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimensions).

        Raises:
            TextTooLong: a text has more than `limit` estimated tokens, or the server refuses even its halves.
            EmbedderMissing: the server does not answer, or not with vectors.
        """
        counts = self.count_tokens(texts)
        refuse_long(texts, counts, self.limit)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=counts.__getitem__, reverse=True)
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            vectors[batch] = self._batch([texts[index] for index in batch])
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return an estimate from above of the tokens of each text."""
        return [estimated_tokens(text) for text in texts]

    def _batch(self, texts: Sequence[str]) -> Vectors:
        try:
            return self._checked(self._embedded(texts), len(texts))
        except TextTooLong:
            if len(texts) > 1:
                return np.concatenate([self._batch([text]) for text in texts])
            return self._in_halves(texts[0])

    def _in_halves(self, text: str) -> Vectors:
        middle = text.find(" ", len(text) // 2)
        middle = middle if 0 < middle < len(text) - 1 else len(text) // 2
        parts = [part for part in (text[:middle], text[middle:]) if part.strip()]
        if len(text) < 40 or len(parts) < 2:
            raise TextTooLong(
                f"The server at {self._url!r} finds {text[:40]!r}… too long for {self._model!r}. Give its model a "
                "longer context, or choose another embedder."
            )
        rows = np.concatenate([self._batch([part]) for part in parts])
        return _units((rows * np.array([[len(part)] for part in parts])).sum(axis=0, keepdims=True))

    def _checked(self, rows: Any, count: int) -> Vectors:
        try:
            vectors = np.array(rows, dtype=np.float32)
        except (TypeError, ValueError):
            vectors = np.zeros((0, 0), dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != count or not vectors.shape[1] or not np.isfinite(vectors).all():
            raise EmbedderMissing(
                f"The embedder's server at {self._url!r} did not answer with {count} vectors for {self._model!r}. Check that it is "
                "an embedding model."
            )
        if self.dimensions and vectors.shape[1] != self.dimensions:
            raise EmbedderMissing(
                f"The server at {self._url!r} now gives {vectors.shape[1]} dimensions for {self._model!r}, before "
                f"{self.dimensions}. Start again, so that the documents are embedded anew."
            )
        return _units(vectors)

    def _embedded(self, texts: Sequence[str]) -> Any:
        raise NotImplementedError

    def _sent(self, path: str, body: Mapping[str, Any] | None) -> Any:
        """POST (or GET without a body) and return the JSON reply."""
        loopback = _is_loopback(self._url)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            with (
                httpx.Client(
                    timeout=httpx.Timeout(self._seconds, connect=min(5.0, self._seconds)),
                    trust_env=not loopback,
                    verify=self._url.startswith("https:"),
                ) as client,
                client.stream("GET" if body is None else "POST", self._url + path, json=body, headers=headers) as reply,
            ):
                text = self._read(reply)
                status = reply.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise EmbedderMissing(
                f"The embedder's server at {self._url!r} does not answer ({error or type(error).__name__}). Start it, "
                "or change LOTTERY_CHAT_EMBEDDER."
            ) from error
        if status >= 300:
            self._refused(status, text)
        try:
            return json.loads(text)
        except ValueError as error:
            raise EmbedderMissing(
                f"The embedder's server at {self._url!r} sent something that is not JSON: {text[:80]!r}. Check its address."
            ) from error

    def _read(self, reply: httpx.Response) -> str:
        parts, size = [], 0
        # On the whole reply: a server that drips a byte a second passes every limit on a single read.
        until = time.monotonic() + self._seconds
        for part in reply.iter_bytes():
            if time.monotonic() > until:
                raise EmbedderMissing(
                    f"The embedder's server at {self._url!r} did not finish its answer within {self._seconds:g} s. Look at"
                    " its log, or change LOTTERY_CHAT_EMBEDDER."
                )
            parts.append(part)
            size += len(part)
            if size > _MOST_BYTES:
                raise EmbedderMissing(
                    f"The embedder's server at {self._url!r} answers with more than 64 MB. Check its address."
                )
        return b"".join(parts).decode("utf-8", "replace")

    def _refused(self, status: int, text: str) -> None:
        if status in (400, 413, 422, 500) and _TOO_LONG.search(text[:2000]):
            raise TextTooLong(f"The server at {self._url!r} finds a text too long ({text[:200]!r}).")
        advice = {401: "Check its key.", 403: "Check its key.", 404: f"Check that it has the model {self._model!r}."}
        raise EmbedderMissing(
            f"The embedder's server at {self._url!r} refuses to embed with {self._model!r} ({status}: {text[:200]!r}). "
            + advice.get(status, "Look at its log.")
        )


class OllamaEmbedder(_Served):
    """A model of a running Ollama; the fingerprint is the model's digest."""

    def __init__(self, url: str, model: str, *, seconds: float = SECONDS) -> None:
        """Ask the server what the model is and embed one word.

        Raises:
            EmbedderMissing: no server, no such model, or not one that embeds.
        """
        super().__init__(url, model, "", _UNKNOWN, seconds)
        about = self._sent("/api/show", {"model": model})
        known = about.get("model_info") if isinstance(about, dict) else None
        contexts = [n for k, n in (known or {}).items() if k.endswith(".context_length") and isinstance(n, int)]
        self.limit = _safe(min([*contexts, _MOST_TOKENS])) if contexts else _UNKNOWN
        self.dimensions = self._batch(["dimensions"]).shape[1]
        self.name = f"ollama/{model}@{self._digest()[:12]}"
        self.origin = f"ollama:{model}"

    def _digest(self) -> str:
        listed = self._sent("/api/tags", None)
        models = listed.get("models", []) if isinstance(listed, dict) else []
        wanted = self._model if ":" in self._model else f"{self._model}:latest"
        return next((str(one.get("digest", "")) for one in models if one.get("name") == wanted), "")

    def _embedded(self, texts: Sequence[str]) -> Any:
        reply = self._sent("/api/embed", {"model": self._model, "input": list(texts), "truncate": False})
        return reply.get("embeddings") if isinstance(reply, dict) else None


class OpenAIEmbedder(_Served):
    """A model of an OpenAI-compatible server; `url` is its base, with /v1. The fingerprint is server and name."""

    def __init__(self, url: str, model: str, key: str = "", *, seconds: float = SECONDS) -> None:
        """Embed one word.

        Raises:
            EmbedderMissing: no server, a wrong key, no such model.
        """
        super().__init__(url, model, key, _UNKNOWN, seconds)
        self.limit = self._context()
        self.dimensions = self._batch(["dimensions"]).shape[1]
        self.name = f"openai/{model}@{urlsplit(url).netloc.rpartition('@')[2]}"
        self.origin = f"openai:{model}"

    def _context(self) -> int:
        """What the list of models says about this one (vLLM, llama.cpp), else a size that all have."""
        try:
            listed = self._sent("/models", None)
        except (EmbedderMissing, TextTooLong):
            return _UNKNOWN  # a server that does not list still embeds; one that is not there is told by the next call
        for one in listed.get("data", []) if isinstance(listed, dict) else []:
            if isinstance(one, dict) and one.get("id") == self._model:
                about = one.get("meta")
                found = one.get("max_model_len") or (about.get("n_ctx_train") if isinstance(about, dict) else None)
                return _safe(min(found, _MOST_TOKENS)) if isinstance(found, int) else _UNKNOWN
        return _UNKNOWN

    def _embedded(self, texts: Sequence[str]) -> Any:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        reply = self._sent("/embeddings", body)
        data = reply.get("data") if isinstance(reply, dict) else None
        if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
            return None
        places = [one.get("index") for one in data]
        in_order = sorted(data, key=lambda one: one["index"]) if all(isinstance(n, int) for n in places) else data
        return [one.get("embedding") for one in in_order]


def _safe(context: int) -> int:
    """A window in estimated tokens: the estimate was 13 % below a real count at worst (xquad, eight languages)."""
    return max(16, int(context * 0.85) - 4)


def _units(vectors: Vectors) -> Vectors:
    sizes = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(sizes == 0, 1, sizes), dtype=np.float32)


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
