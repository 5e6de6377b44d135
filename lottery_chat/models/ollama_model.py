"""A ChatModel over Ollama's native /api/chat: streams, labels, counts.

Chats are posted by us, because the package's chat() can send neither `truncate:false` nor `shift:false`, without which
Ollama drops the oldest messages, or cuts the last one, and answers 200.

What Ollama lacks, and what is done: no tokeniser, so tokens are counted from above; no grammar, so a request with one
is refused; log-probabilities of the 20 most probable tokens only, labels outside them are chosen by constraint.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lottery_chat.errors import ModelError, ModelMissing, ModelUnreachable, PromptTooLong
from lottery_chat.messages import Message
from lottery_chat.models import http
from lottery_chat.models.counting import cleaned, continued, plain, upper_guess
from lottery_chat.models.labels import check_labels, chosen, score
from lottery_chat.models.protocol import ModelCard, Piece, Reply, Request
from lottery_chat.models.tally import Tally, refuse_too_long

_TOP = 20
_KEPT_COUNTS = 64
_KEEP_LOADED = "15m"


class OllamaModel:
    """g_φ behind Ollama's /api/chat, always with the same window, so that Ollama need not load it again."""

    def __init__(self, server: http.Server, card: ModelCard) -> None:
        self.card = card
        self._server = server
        self._read: OrderedDict[tuple[Message, ...], int] = OrderedDict()

    def stream(self, request: Request, cancel: threading.Event) -> Iterator[Piece | Reply]:
        """Yield pieces, then the Reply. Setting `cancel`, or closing the generator, closes the connection."""
        if request.grammar is not None:
            raise ModelError("Ollama takes no grammar. Use a JSON schema, or the embedded engine.")
        request = dataclasses.replace(request, messages=cleaned(request.messages))
        known = self._read.get(request.messages)
        tally = Tally(self.count(request.messages), exact=known is not None)
        refuse_too_long(self.card, request, tally.tokens_in)
        try:
            for line in http.lines(
                self._server, "api/chat", self._body(request), seconds=request.timeout, cancel=cancel
            ):
                yield from self._chunk(line, tally)
            yield from tally.rest()
            if tally.finish is None:
                raise ModelUnreachable(f"Ollama broke off in the middle of {self.card.name!r}. Ask again.")
        except http.Cancelled:
            yield from tally.rest()
        except http.Refused as error:
            raise self._refused(error) from error
        if tally.finish is not None:
            tally.check_read(self.card)
            self._remember(request.messages, tally.tokens_in)
        yield tally.reply()

    def labels(
        self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event
    ) -> Mapping[str, float]:
        """Log-probability of each label as the next words, normalised over the labels."""
        check_labels(labels)
        kept = cleaned(messages)
        refuse_too_long(self.card, Request(kept, max_tokens=8), self.count(kept))
        try:
            found = None
            if self.card.abilities.logprobs:
                found = score(labels, lambda said: self._next(continued(kept, said), cancel))
            return found if found is not None else self._choice(kept, labels, cancel)
        except http.Cancelled:
            return chosen(labels, "")  # told nothing; whoever set `cancel` throws it away
        except http.Refused as error:
            raise self._refused(error) from error

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens from above; exact for a prompt that this Ollama has read before."""
        kept = cleaned(messages)
        return self._read.get(kept) or upper_guess(kept)

    def _body(self, request: Request, *, stream: bool = True) -> dict[str, Any]:
        options: dict[str, Any] = {
            "num_ctx": self.card.window, "num_predict": request.max_tokens, "temperature": request.temperature,
            "seed": request.seed,
        }  # fmt: skip
        if request.stop:
            options["stop"] = list(request.stop)
        body: dict[str, Any] = {
            "model": self.card.name, "messages": plain(request.messages), "stream": stream, "truncate": False,
            "shift": False, "keep_alive": _KEEP_LOADED, "options": options,
        }  # fmt: skip
        if self.card.abilities.logprobs:
            body["logprobs"] = True
        if request.schema is not None:
            body["format"] = dict(request.schema)
        if self.card.thinks:
            body["think"] = request.think
        return body

    def _chunk(self, line: str, tally: Tally) -> list[Piece]:
        if not line.strip():
            return []
        try:
            chunk = json.loads(line)
        except ValueError as error:
            raise ModelUnreachable(f"Ollama sent no JSON: {line[:80]!r}. Check OLLAMA_HOST.") from error
        if chunk.get("error"):
            raise self._failed(str(chunk["error"]))
        message = chunk.get("message") or {}
        pieces = tally.thought(message.get("thinking") or "") + tally.text(message.get("content") or "")
        tally.tokens_out += 1 if message.get("content") or message.get("thinking") else 0
        tally.logprobs(float(one["logprob"]) for one in chunk.get("logprobs") or ())
        if chunk.get("done"):
            tally.finish = "length" if chunk.get("done_reason") == "length" else "stop"
            tally.read(int(chunk.get("prompt_eval_count") or 0))
            tally.tokens_out = int(chunk.get("eval_count") or tally.tokens_out)
        return pieces

    def _next(self, messages: Sequence[Message], cancel: threading.Event) -> dict[str, float]:
        body = self._body(Request(tuple(messages), max_tokens=1), stream=False) | {"top_logprobs": _TOP}
        told = http.ask(self._server, "api/chat", body, seconds=300, cancel=cancel)
        tops = ((told.get("logprobs") or [{}])[0]).get("top_logprobs") or ()
        return {str(one["token"]): float(one["logprob"]) for one in reversed(tops)}

    def _choice(self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event) -> dict[str, float]:
        schema = {"type": "string", "enum": list(labels)} if self.card.abilities.schema else None
        for item in self.stream(Request(tuple(messages), max_tokens=24, schema=schema), cancel):
            if isinstance(item, Reply):
                return chosen(labels, item.text)
        return chosen(labels, "")

    def _remember(self, messages: tuple[Message, ...], tokens: int) -> None:
        self._read[messages] = tokens
        while len(self._read) > _KEPT_COUNTS:
            with contextlib.suppress(KeyError):
                self._read.popitem(last=False)

    def _failed(self, text: str) -> ModelError:
        if "exceeds the context length" in text or "context length" in text:
            return PromptTooLong(f"Ollama refused the prompt as too long for {self.card.window} tokens. Ask with less.")
        return ModelError(f"Ollama failed on {self.card.name!r}: {text[:200]!r}. Ask again, or choose another model.")

    def _refused(self, error: http.Refused) -> ModelError:
        if error.status == 404:
            return ModelMissing(f"Ollama does not have {self.card.name!r} any more. Pull it, or choose another model.")
        return self._failed(error.text)
