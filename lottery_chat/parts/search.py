"""The parts of R in one home: the embedder, the reranker, and the retriever of tools."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lottery_chat.errors import LotteryChatError
from lottery_chat.parts.lazy import Lazy
from lottery_chat.settings import Settings

if TYPE_CHECKING:
    from knowledge.remembered_vectors import RememberedVectors
    from lottery_chat.retriever import ToolRetriever


class SearchParts:
    """R, made on demand."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lazy = Lazy()
        self._closing = threading.Event()
        #: Why the embedder could not be had; empty while nothing went wrong.
        self.problem = ""
        #: Bytes done and bytes in all while the embedder is fetched.
        self.progress: tuple[int, int] = (0, 0)

    def embedder(self) -> Any:
        """The embedder, fetched first if it is not on this machine; blocks until it is loaded."""
        return self._lazy.get("embedder", self._load_embedder)

    def _load_embedder(self) -> Any:
        from knowledge.errors import KnowledgeError
        from lottery_chat.models.sources import Progress
        from lottery_chat.search_models import load_embedder

        def tell(progress: Progress) -> None:
            self.progress = (progress.done, progress.total)

        try:
            embedder = load_embedder(self._settings, self._settings.embedder, tell, self._closing)
            embedder.encode(["warm"])
        except KnowledgeError as error:
            self.problem = str(error)
            raise LotteryChatError(str(error)) from error
        except LotteryChatError as error:
            self.problem = str(error)
            raise
        self.problem = ""
        return embedder

    def loaded(self) -> bool:
        """Whether the embedder is there."""
        return self._lazy.made("embedder") is not None

    def name(self) -> str:
        """The name of the embedder, which changes with its weights; empty while it is not there."""
        embedder = self._lazy.made("embedder")
        return "" if embedder is None else str(embedder.name)

    def former_embedder(self, origin: str) -> Any:
        """The embedder of an index made before; its model is looked for on this machine and not fetched."""
        from lottery_chat.search_models import load_embedder

        return load_embedder(self._settings, origin, lambda progress: None, self._closing)

    def reranker(self) -> Any:
        """What orders found passages anew, or None."""
        from lottery_chat.search_models import load_reranker

        return self._lazy.get("reranker", lambda: load_reranker(self._settings))

    def similar(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]] | None:
        """Cosines, or None while the embedder is not there: the question does not wait for it."""
        embedder = self._lazy.made("embedder")
        if embedder is None or not left or not right:
            return None
        return self.remembered().cosines(embedder, left, right)

    def remembered(self) -> RememberedVectors:
        """The vectors of what was embedded for the last questions, for texts that no index holds."""
        from knowledge.remembered_vectors import RememberedVectors

        return self._lazy.get("remembered", RememberedVectors)

    def retriever(self) -> ToolRetriever:
        """R over C."""
        from lottery_chat.retriever import ToolRetriever

        return self._lazy.get("retriever", lambda: ToolRetriever(self._card_similar))

    def _card_similar(self, left: Sequence[str], right: Sequence[str]) -> list[list[float]] | None:
        embedder = self._lazy.made("embedder")
        if embedder is None:
            return None
        cards = self._lazy.get("cards", lambda: embedder.encode(list(right)))
        return (embedder.encode(list(left)) @ cards.T).tolist()  # type: ignore[no-any-return]

    def shelf(self, question: str, wait: bool = False) -> Sequence[tuple[Any, float]]:
        """The tools of the shelf nearest to a question; empty while the embedder is not there, unless `wait`.

        The command line and the lab may wait for it where the question gives a tool something to work on; the page,
        where it loads in the background, does not.
        """
        from knowledge.errors import KnowledgeError
        from lottery_chat.adapters import scheduling_tool
        from lottery_chat.children import run_limited
        from lottery_chat.retriever import ShelfRetriever
        from tools.shelf.catalogue import shelf

        embedder = self._lazy.made("embedder")
        if embedder is None and wait:
            try:
                embedder = self.embedder()
            except LotteryChatError:
                return ()  # said by doctor and in the notices; the question is answered without it
        if embedder is None:
            return ()
        index = self._lazy.get(
            "shelf",
            lambda: ShelfRetriever(
                (*shelf(), scheduling_tool(run_limited)), lambda texts: embedder.encode(list(texts)).tolist()
            ),
        )
        try:
            return index.find(question)
        except KnowledgeError:  # a question of rare signs has more tokens than the embedder reads
            return ()

    def stop(self) -> None:
        """Give up a download that goes on."""
        self._closing.set()

    def close(self) -> None:
        """End the children that hold the models; models behind an address have nothing to close."""
        for name in ("embedder", "reranker"):
            close = getattr(self._lazy.made(name), "close", None)
            if close is not None:
                close()
