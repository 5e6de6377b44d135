"""A ChatModel over any OpenAI-compatible server; llama.cpp's own extras are used where they are there.

What a server may lack, and what is done then: no log-probabilities, labels are chosen by constrained generation;
no tokeniser, tokens are counted from above; no JSON schema, the schema is put into the prompt as words; no grammar,
a request with one is refused. Which it has is probed once (`probing.py`).
"""

from __future__ import annotations

import dataclasses
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from lottery_chat.errors import ModelError, ModelUnreachable, PromptTooLong
from lottery_chat.messages import Message
from lottery_chat.models import http
from lottery_chat.models.counting import cleaned, continued, plain, upper_guess
from lottery_chat.models.labels import check_labels, chosen, score
from lottery_chat.models.protocol import ModelCard, Piece, Reply, Request
from lottery_chat.models.tally import Tally, refuse_too_long

#: Which software answers: llama.cpp (tokeniser, templates, grammar), vLLM (continues messages), anything else.
Flavour = Literal["llama", "vllm", "plain"]

_KEPT_COUNTS = 64
_SOON = 30.0  # seconds a small question to the server (tokenise, template) may take while it computes for others
_TOP_LLAMA, _TOP_LLAMA_WIDE, _TOP_PLAIN = 100, 5000, 20


class OpenAICompatible:
    """g_φ behind `/v1/chat/completions`.

    Args:
        server: gives the address anew for each call, since an embedded server may have been restarted. Its URL is
            the root, before `/v1`.
        model: the name the server knows it by.
    """

    def __init__(self, server: Callable[[], http.Server], card: ModelCard, *, model: str, flavour: Flavour) -> None:
        self.card = card
        self._server, self._model, self._flavour = server, model, flavour
        self._counts: OrderedDict[tuple[Message, ...], int] = OrderedDict()
        self._lock = threading.Lock()

    # -- the protocol ------------------------------------------------------------------------------------------

    def stream(self, request: Request, cancel: threading.Event) -> Iterator[Piece | Reply]:
        """Yield pieces, then the Reply. Setting `cancel`, or closing the generator, closes the connection."""
        request = self._prepared(request)
        tally = Tally(self.count(request.messages), exact=self._flavour == "llama")
        refuse_too_long(self.card, request, tally.tokens_in)
        body = self._body(request)
        try:
            received = http.lines(self._server(), "v1/chat/completions", body, seconds=request.timeout, cancel=cancel)
            for line in received:
                if line.startswith("data:"):
                    yield from self._chunk(line[5:].strip(), tally)
                elif line.startswith("error:"):
                    raise self._failed(line[6:].strip())
            yield from tally.rest()
            if tally.finish is None:
                raise ModelUnreachable(f"The server of {self.card.name!r} broke off in the middle. Ask again.")
        except http.Cancelled:
            yield from tally.rest()
        except http.Refused as error:
            raise self._refused(error) from error
        if tally.finish is not None:
            tally.check_read(self.card)
        yield tally.reply()

    def labels(
        self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event
    ) -> Mapping[str, float]:
        """Log-probability of each label as the next words, normalised over the labels."""
        check_labels(labels)
        kept = cleaned(messages)
        refuse_too_long(self.card, Request(kept, max_tokens=8), self.count(kept))
        try:
            found = self._scores(kept, labels, cancel)
            return self._choice(kept, labels, cancel) if found is None else found
        except http.Cancelled:
            return chosen(labels, "")  # told nothing; whoever set `cancel` throws it away
        except http.Refused as error:
            raise self._refused(error) from error

    def count(self, messages: Sequence[Message]) -> int:
        """Tokens the server would read: exact with llama.cpp, from above with any other."""
        kept = cleaned(messages)
        if self._flavour != "llama":
            return upper_guess(kept)
        with self._lock:
            known = self._counts.get(kept)
        if known is None:
            known = self._tokens(self._template(kept))
            with self._lock:
                self._counts[kept] = known
                while len(self._counts) > _KEPT_COUNTS:
                    self._counts.popitem(last=False)
        return known

    # -- requests ----------------------------------------------------------------------------------------------

    def _prepared(self, request: Request) -> Request:
        if request.schema is not None and request.grammar is not None:
            raise ValueError("A request has either a schema or a grammar, not both.")
        if request.grammar is not None and not self.card.abilities.grammar:
            raise ModelError(
                f"The server of {self.card.name!r} takes no grammar. Use a schema, or the embedded engine."
            )
        messages = cleaned(request.messages)
        if request.schema is not None and not self.card.abilities.schema:
            words = f"Reply with nothing but JSON of this schema: {json.dumps(request.schema, ensure_ascii=False)}"
            messages = (*messages[:-1], Message(messages[-1].role, f"{messages[-1].text}\n\n{words}"))
        return dataclasses.replace(request, messages=messages)

    def _body(self, request: Request) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": plain(request.messages),
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if self.card.abilities.logprobs:
            body |= {"logprobs": True, "top_logprobs": 1}
        if request.schema is not None and self.card.abilities.schema:
            body["response_format"] = _format(request.schema)
        if request.grammar is not None:
            body["grammar"] = request.grammar
        return body | self._extras(request.messages, request.think)

    def _extras(self, messages: Sequence[Message], think: bool) -> dict[str, Any]:
        """Fields that only some servers know; a strict one would refuse the request."""
        extras: dict[str, Any] = {}
        if self._flavour == "llama":
            extras["cache_prompt"] = True
        if self._flavour == "vllm" and messages[-1].role == "assistant":
            extras |= {"continue_final_message": True, "add_generation_prompt": False}
        if self.card.thinks and self._flavour != "plain":
            extras["chat_template_kwargs"] = {"enable_thinking": think}
        return extras

    # -- what comes back ---------------------------------------------------------------------------------------

    def _chunk(self, data: str, tally: Tally) -> list[Piece]:
        if data == "[DONE]" or not data:
            return []
        try:
            chunk = json.loads(data)
        except ValueError as error:
            raise ModelUnreachable(
                f"The server of {self.card.name!r} sent no JSON: {data[:80]!r}. Ask again; if it stays so, check its address."
            ) from error
        if chunk.get("error"):
            raise self._failed(json.dumps(chunk["error"]))
        self._usage(chunk, tally)
        pieces: list[Piece] = []
        for choice in chunk.get("choices") or ():
            delta = choice.get("delta") or {}
            pieces += tally.thought(delta.get("reasoning_content") or delta.get("reasoning") or "")
            pieces += tally.text(delta.get("content") or "")
            logprobs = (choice.get("logprobs") or {}).get("content") or ()
            tally.logprobs(float(one["logprob"]) for one in logprobs)
            if not chunk.get("usage") and (pieces or logprobs):
                tally.tokens_out += len(logprobs) or 1
            if choice.get("finish_reason"):
                tally.finish = "length" if choice["finish_reason"] == "length" else "stop"
        return pieces

    def _usage(self, chunk: Mapping[str, Any], tally: Tally) -> None:
        usage = chunk.get("usage")
        if usage:
            tally.read(int(usage.get("prompt_tokens") or 0))
            tally.tokens_out = int(usage.get("completion_tokens") or 0)
            tally.tokens_cached = int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)

    def _failed(self, text: str) -> ModelError:
        if "exceed_context" in text or "context length" in text or "context size" in text:
            return PromptTooLong(
                f"The server of {self.card.name!r} refused the prompt as too long for its window: {text[:200]!r}."
            )
        return ModelError(f"The server of {self.card.name!r} failed: {text[:200]!r}. Ask again.")

    def _refused(self, error: http.Refused) -> ModelError:
        if error.status == 400:
            return self._failed(error.text)
        return error

    # -- tokens and labels -------------------------------------------------------------------------------------

    def _template(self, messages: Sequence[Message]) -> str:
        body: dict[str, Any] = {"messages": plain(messages)} | self._extras(messages, think=False)
        return str(http.ask(self._server(), "apply-template", body, seconds=_SOON)["prompt"])

    def _tokens(self, prompt: str) -> int:
        body = {"content": prompt, "add_special": True, "parse_special": True}
        return len(http.ask(self._server(), "tokenize", body, seconds=_SOON)["tokens"])

    def _scores(
        self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event
    ) -> dict[str, float] | None:
        if not self.card.abilities.logprobs:
            return None
        if self._flavour != "llama":
            return score(labels, lambda said: self._next_by_chat(messages, said, cancel))
        prompt = self._template(messages)
        for many in (_TOP_LLAMA, _TOP_LLAMA_WIDE):
            found = score(labels, lambda said, many=many: self._next_raw(prompt + said, many, cancel))  # type: ignore[misc]
            if found is not None:
                return found
        return None

    def _next_raw(self, prompt: str, many: int, cancel: threading.Event) -> dict[str, float]:
        body = {"prompt": prompt, "n_predict": 1, "n_probs": many, "temperature": 0.0, "cache_prompt": True}
        told = http.ask(self._server(), "completion", body, seconds=300, cancel=cancel)
        tops = (told.get("completion_probabilities") or [{}])[0].get("top_logprobs") or ()
        return {str(one["token"]): float(one["logprob"]) for one in reversed(tops)}

    def _next_by_chat(self, messages: Sequence[Message], said: str, cancel: threading.Event) -> dict[str, float]:
        body: dict[str, Any] = {
            "model": self._model, "messages": plain(continued(messages, said)), "max_tokens": 1, "temperature": 0.0,
            "logprobs": True, "top_logprobs": _TOP_PLAIN,
        }  # fmt: skip
        body |= self._extras(continued(messages, said), think=False)
        told = http.ask(self._server(), "v1/chat/completions", body, seconds=300, cancel=cancel)
        content = (told["choices"][0].get("logprobs") or {}).get("content") or [{}]
        return {str(one["token"]): float(one["logprob"]) for one in reversed(content[0].get("top_logprobs") or ())}

    def _choice(self, messages: Sequence[Message], labels: Sequence[str], cancel: threading.Event) -> dict[str, float]:
        """Which label it writes when it may write nothing else (or, without constraints, writes at all)."""
        request = Request(tuple(messages), max_tokens=24)
        if self.card.abilities.grammar:
            grammar = "root ::= " + " | ".join(json.dumps(label) for label in labels)
            request = dataclasses.replace(request, grammar=grammar)
        elif self.card.abilities.schema:
            schema = {"type": "string", "enum": list(labels)}
            request = dataclasses.replace(request, schema=schema)
        for item in self.stream(request, cancel):
            if isinstance(item, Reply):
                return chosen(labels, item.text)
        return chosen(labels, "")


def _format(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "reply", "schema": dict(schema), "strict": True}}
