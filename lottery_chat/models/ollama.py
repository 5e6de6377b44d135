"""A running Ollama: its chat models, pull, remove, make from a file.

The one module that imports the `ollama` package (list, show, ps, pull, create, delete); chats are ollama_model.py's.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ollama

from lottery_chat.errors import ModelError, ModelMissing, ModelUnreachable
from lottery_chat.models import http
from lottery_chat.models.ollama_model import OllamaModel
from lottery_chat.models.protocol import Abilities, ModelCard

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
_CLOUD_SIZE = 1_000_000  # a cloud model is a note of a few hundred bytes


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
