"""Which embedder and which reranker the settings name: loaded from a folder, or reached at an address.

Nothing is fetched here but the built-in embedder: another model by name is looked for in the models folder and in the
cache of the Hugging Face Hub.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from knowledge.reranking import Reranker
    from lottery_chat.models.sources import Progress

_OLLAMA = "http://127.0.0.1:11434"


def load_embedder(
    settings: Settings, chosen: str | None, tell: Callable[[Progress], None], cancel: threading.Event, threads: int = 2
) -> Embedder:
    """Load an embedder; `chosen` is as in `Settings.embedder`, or the `origin` of an embedder loaded before.

    Raises:
        EmbedderMissing: it is not there or cannot be used; LotteryChatError: the built-in one cannot be fetched.
    """
    from knowledge.errors import EmbedderMissing

    kind, colon, model = (chosen or "").partition(":")
    if kind == "ollama" and colon:
        from knowledge.embedding_http import OllamaEmbedder  # httpx, only where a server is asked

        return OllamaEmbedder(settings.ollama_host or _OLLAMA, model, seconds=settings.embedder_seconds)
    if kind == "openai" and colon:
        from knowledge.embedding_http import OpenAIEmbedder

        if not settings.embedder_url:
            raise EmbedderMissing(
                f"{chosen!r} needs an address. Set LOTTERY_CHAT_EMBEDDER_URL to the server's base URL."
            )
        return OpenAIEmbedder(
            settings.embedder_url, model, settings.embedder_key or "", seconds=settings.embedder_seconds
        )
    if kind == "hashing":
        from knowledge.embedding import HashingEmbedder

        return HashingEmbedder(int(model or 256))
    from lottery_chat.search_child import ChildEmbedder

    if not chosen or chosen == "built-in":
        from lottery_chat.models.catalogue import EMBEDDER
        from lottery_chat.models.download import download_folder

        folder = download_folder(EMBEDDER, settings.models, tell=tell, cancel=cancel)
        return ChildEmbedder(folder, threads=threads, origin="built-in")
    return ChildEmbedder(_folder_of(chosen, settings.models), threads=threads, origin=chosen)


def _folder_of(chosen: str, models: Path) -> Path:
    """A folder as it is; a name in the models folder or in the Hub's cache.

    Raises:
        EmbedderMissing: there is none.
    """
    from knowledge.errors import EmbedderMissing

    if Path(chosen).is_absolute():
        return Path(chosen)
    for name in (chosen, chosen.rpartition("/")[2], chosen.replace("/", "--")):
        if (models / name).is_dir():
            return models / name
    cached = Path.home() / ".cache" / "huggingface" / "hub" / f"models--{chosen.replace('/', '--')}" / "snapshots"
    kept = sorted(cached.iterdir(), key=lambda one: one.stat().st_mtime) if cached.is_dir() else []
    if kept:
        return kept[-1]
    where = models / chosen.rpartition("/")[2]
    raise EmbedderMissing(
        f"There is no embedder {chosen!r} on this machine. Put the model's folder (with model.safetensors) into "
        f"{str(where)!r}, for example with `hf download {chosen} --local-dir {where}`."
    )


def load_reranker(settings: Settings) -> Reranker | None:
    """Load the reranker that the settings name; None without one, and then nothing is imported.

    Raises:
        RerankerMissing: the folder holds none that can be loaded.
    """
    if settings.reranker is None:
        return None
    from lottery_chat.search_child import ChildReranker

    return ChildReranker(settings.reranker)
