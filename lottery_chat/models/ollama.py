"""A running Ollama: its chat models, pull, remove, make from a file, and a ChatModel over its native /api/chat.

The one module that imports the `ollama` package (list, show, ps, pull, create, delete). Chats are posted by us,
because the package's chat() can send neither `truncate:false` nor `shift:false`, without which Ollama drops the
oldest messages, or cuts the last one, and answers 200.

What it lacks, and what is done: no tokeniser, so tokens are counted from above; no grammar, so a request with one
is refused; log-probabilities of the 20 most probable tokens only, labels outside them are chosen by constraint.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ollama

from lottery_chat.errors import ModelError, ModelMissing, ModelUnreachable, PromptTooLong
from lottery_chat.messages import Message
from lottery_chat.models import http
from lottery_chat.models.counting import cleaned, continued, plain, upper_guess
from lottery_chat.models.labels import check_labels, chosen, score
from lottery_chat.models.protocol import Abilities, ModelCard, Piece, Reply, Request
from lottery_chat.models.tally import Tally, refuse_too_long

DEFAULT_URL = "http://127.0.0.1:11434"
#: The chat template of Qwen and SmolLM2 files in Ollama's language; one that ends with the assistant is continued.
CHATML = """{{- range $i, $_ := .Messages }}
{{- $last := eq (len (slice $.Messages $i)) 1 }}<|im_start|>{{ .Role }}
{{ .Content }}{{ if not $last }}<|im_end|>
{{ else if ne .Role "assistant" }}<|im_end|>
<|im_start|>assistant
{{ end }}{{ end }}"""

_PROBE = 0.5
_BROKEN: tuple[type[Exception], ...] = (ConnectionError, *http.BROKEN)  # what the package lets through
_TOP = 20
_KEPT_COUNTS = 64
_CLOUD_SIZE = 1_000_000  # a cloud model is a note of a few hundred bytes
_KEEP_LOADED = "15m"


@dataclass(frozen=True, slots=True)
class OllamaModelInfo:
    """A model of this Ollama that completes chats. `size` in bytes on disk, `trained` its longest window.

    `template` is False where it was made from a file without a chat template: it completes, it does not answer.
    """

    name: str
    size: int
    trained: int
    licence: str
    thinks: bool
    template: bool
    loaded: bool


@dataclass(frozen=True, slots=True)
class Pulled:
    """How far a pull is, in bytes; `text` is Ollama's own word for it."""

    text: str
    done: int
    total: int


#: Names that Ollama may be asked to fetch: of its own registry, or with the name of a known public one before them.
_PULLED = re.compile(
    r"(?:(?:hf\.co|huggingface\.co|registry\.ollama\.ai|ollama\.com)/[A-Za-z0-9][\w.-]{0,95}/|[A-Za-z0-9][\w.-]{0,95}/)?"
    r"[A-Za-z0-9][\w.-]{0,95}(?::[A-Za-z0-9][\w.-]{0,95})?",
    re.ASCII,
)


class OllamaServer:
    """One Ollama at a URL. Nothing is sent before a method is called."""

    def __init__(self, url: str | None = None) -> None:
        self.url = (url or DEFAULT_URL).rstrip("/")
        self.server = http.Server(self.url, name="Ollama")

    def version(self) -> str | None:
        """Its version, or None when nothing answers within half a second."""
        try:
            told = http.ask(self.server, "api/version", seconds=_PROBE)
        except ModelUnreachable:
            return None
        return str(told["version"]) if isinstance(told, dict) and "version" in told else None

    def models(self) -> tuple[OllamaModelInfo, ...]:
        """The models here that complete chats: no embedders, nothing that runs in Ollama's cloud."""
        with self._client() as client:
            loaded = {one.model for one in client.ps().models}
            found = []
            for one in client.list().models:
                name = one.model or ""
                if not name or name.endswith("cloud") or int(one.size or 0) < _CLOUD_SIZE:
                    continue
                shown = client.show(name)
                if "completion" not in (shown.capabilities or ["completion"]):
                    continue
                found.append(_info(name, int(one.size or 0), shown, name in loaded))
            return tuple(found)

    def pull(self, name: str, cancel: threading.Event) -> Iterator[Pulled]:
        """Fetch a model from Ollama's registry; what was fetched stays when it is cut off.

        Raises:
            ModelMissing: the registry does not have it, or the name is an address of its own: Ollama would go wherever
                it leads, also into the network it stands in. ModelUnreachable: no network, or Ollama is gone.
        """
        if not _PULLED.fullmatch(name):
            raise ModelMissing(
                f"{name[:120]!r} is not pulled: it is no name of Ollama's library (such as 'llama3.2:1b') nor of"
                " huggingface.co. To take it from a registry of your own, use `ollama pull` yourself."
            )
        layers: dict[str, tuple[int, int]] = {}
        with self._client(seconds=600) as client:
            for step in client.pull(name, stream=True):
                if cancel.is_set():
                    return
                if step.digest:
                    layers[step.digest] = (int(step.completed or 0), int(step.total or 0))
                done, total = (sum(column) for column in zip(*layers.values())) if layers else (0, 0)
                yield Pulled(step.status or "", done, total)

    def remove(self, name: str) -> None:
        """Delete a model from this Ollama."""
        with self._client() as client:
            client.delete(name)

    def make(self, name: str, file: Path, template: str = CHATML) -> None:
        """Make a model from a GGUF file. Ollama does not read the file's own chat template, so one is given."""
        with self._client(seconds=600) as client:
            client.create(name, files={file.name: client.create_blob(file)}, template=template)

    def model(self, name: str, window: int) -> OllamaModel:
        """g_φ by this name with a window of at most `window` tokens.

        Raises:
            ModelMissing: this Ollama does not have it.
        """
        version = self.version() or "0"
        with self._client() as client:
            shown = client.show(name)
        info = _info(name, 0, shown, False)
        abilities = Abilities(
            logprobs=_at_least(version, (0, 12, 11)), schema=_at_least(version, (0, 5, 0)), grammar=False,
            refuses_long=_at_least(version, (0, 13, 0)),
        )  # fmt: skip
        card = ModelCard(
            name, "ollama", min(window, info.trained or window), info.size, info.thinks, "coder" in name, abilities
        )
        return OllamaModel(self.server, card)

    @contextlib.contextmanager
    def _client(self, seconds: float = 10.0) -> Iterator[ollama.Client]:
        """The package's client, with its errors turned into ours."""
        try:
            # A server that sends its requests on to another address is not followed there.
            with ollama.Client(
                self.url, timeout=seconds, trust_env=not http.is_loopback(self.url), follow_redirects=False
            ) as client:
                yield client
        except ollama.ResponseError as error:
            kind = ModelMissing if error.status_code == 404 or "file does not exist" in error.error else ModelError
            raise kind(f"Ollama says: {error.error[:200]!r}. `ollama list` shows what it has.") from error
        except _BROKEN as error:
            raise ModelUnreachable(f"Ollama does not answer at {self.url!r}. Start it with `ollama serve`.") from error


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


def _info(name: str, size: int, shown: ollama.ShowResponse, loaded: bool) -> OllamaModelInfo:
    facts = shown.modelinfo or {}
    trained = next((int(value) for key, value in facts.items() if key.endswith(".context_length")), 0)
    template = re.sub(r"\s", "", shown.template or "")
    licence = ((shown.license or "").strip().splitlines() or [""])[0].strip()[:60]
    return OllamaModelInfo(
        name=name, size=size, trained=trained, licence=licence, thinks="thinking" in (shown.capabilities or ()),
        template=template not in ("", "{{.Prompt}}"), loaded=loaded,
    )  # fmt: skip


def _at_least(version: str, wanted: tuple[int, int, int]) -> bool:
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    return numbers >= wanted or numbers == (0, 0, 0)  # a build from source calls itself 0.0.0
