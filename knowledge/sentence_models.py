"""Models of sentence-transformers from a folder, nothing fetched: embedders, and cross-encoders for reranking.

The only importer of torch, transformers and sentence-transformers, each when a model is loaded. Weights are read from
safetensors only: a pickled file could run code.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedding import Vectors, refuse_long
from knowledge.errors import EmbedderMissing, RerankerMissing

_BATCH = 16
_SHORT = 32  # tokens; batches of short texts are bigger, for the same time
_LOAD_ERRORS = (OSError, ValueError, KeyError, RuntimeError, TypeError, AttributeError, ImportError)


class SentenceEmbedder:
    """all-MiniLM-L6-v2 or any other sentence-transformers model with safetensors weights.

    Loading takes 2 to 20 s (torch) and about 600 MB. Safe to use from several threads: batches take turns, those of
    `encode_behind` among themselves, so that a question does not wait for one of an ingest.
    """

    def __init__(self, folder: Path, *, threads: int = 2, origin: str = "") -> None:
        """Load the model.

        Raises:
            EmbedderMissing: the folder does not hold a model that can be loaded.
        """
        weights = _weights(folder)
        if not weights:
            raise EmbedderMissing(
                f"No embedder in {str(folder)!r}: model.safetensors is missing. Download the model's folder again; "
                "weights in other formats are not read."
            )
        self._model: Any = _loaded_embedder(folder, threads)
        self.name = f"{folder.name}@{_fingerprint(weights)}"
        self.origin = origin or str(folder)
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self._turns, self._behind, self._reading = _Turns(), _Turns(), _Turns()
        self._model.preprocess = self._alone(self._model.preprocess)
        self.limit = 2**20
        prompts = {name: text for name, text in (self._model.prompts or {}).items() if text}
        self._asked = prompts.get("query", "")
        self._said = next((prompts[one] for one in ("document", "passage") if one in prompts), "")
        marks = self._marks() + max(self.count_tokens([self._asked, self._said]))
        self.limit = int(self._model.max_seq_length or 256) - marks
        if not self.dimensions or self.limit < 8:
            raise EmbedderMissing(
                f"The model in {str(folder)!r} has {self.dimensions} dimensions and reads {self.limit} tokens, which is "
                "no use for passages. Choose a model for sentences."
            )

    def _alone(self, preprocess: Callable[..., Any]) -> Callable[..., Any]:
        """The model's tokenizer for one thread at a time: it keeps state. The model itself does not."""

        def read(*texts: Any, **options: Any) -> Any:
            with self._reading:
                return preprocess(*texts, **options)

        return read

    def _marks(self) -> int:
        counted = getattr(self._model.tokenizer, "num_special_tokens_to_add", None)
        return int(counted()) if counted else 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, float32, shape (len(texts), dimensions).

        Raises:
            TextTooLong: a text has more than `limit` tokens.
        """
        return self._encoded(texts, self._said, self._turns)

    def encode_behind(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, from a thread that gives way: nothing but other such work waits for its batches."""
        return self._encoded(texts, self._said, self._behind)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Like `encode`, with the prefix that the model was trained to see before questions."""
        return self._encoded(texts, self._asked, self._turns)

    def _encoded(self, texts: Sequence[str], prefix: str, turns: _Turns) -> Vectors:
        counts = self.count_tokens(texts)
        refuse_long(texts, counts, self.limit)
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=counts.__getitem__, reverse=True)
        while order:
            size = _BATCH if counts[order[0]] > _SHORT else 4 * _BATCH
            batch, order = order[:size], order[size:]
            with turns:
                vectors[batch] = self._model.encode(
                    [texts[index] for index in batch],
                    prompt=prefix or None,
                    batch_size=size,
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                )
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, without the marks the model adds."""
        if not texts:
            return []
        with self._reading:
            # The backend tokenizer itself: the wrapper warns on long texts and cuts.
            tokenizer = self._model.tokenizer
            fast = getattr(tokenizer, "backend_tokenizer", tokenizer)
            if not hasattr(fast, "encode_batch"):
                found = tokenizer(list(texts), add_special_tokens=False, truncation=False)["input_ids"]
                return [len(one) for one in found]
            fast.no_truncation()
            fast.no_padding()
            return [len(one.ids) for one in fast.encode_batch(list(texts), add_special_tokens=False)]


class CrossEncoderReranker:
    """A cross-encoder from a folder: it reads question and passage together. A pair takes about 20 ms."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        """Load the model.

        Raises:
            RerankerMissing: the folder does not hold a cross-encoder that can be loaded.
        """
        weights = _weights(folder)
        if not weights:
            raise RerankerMissing(
                f"No reranker in {str(folder)!r}: model.safetensors is missing. Name the folder of a cross-encoder, or "
                "unset LOTTERY_CHAT_RERANKER."
            )
        self.name = f"{folder.name}@{_fingerprint(weights)}"
        self._work = threading.Lock()
        self._model: Any = _loaded_cross_encoder(folder, threads)

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers the query, 0 to 1; a pair that is too long is judged by its beginning."""
        if not texts:
            return []
        with self._work:
            raw = self._model.predict([(query, one) for one in texts], batch_size=_BATCH, show_progress_bar=False)
        return [float(one) for one in np.clip(np.asarray(raw, dtype=np.float64), 0.0, 1.0)]


class _Turns:
    """A fair lock: whoever waits gets the next turn, not whoever asks again quickest."""

    def __init__(self) -> None:
        self._waiting, self._work = threading.Lock(), threading.Lock()

    def __enter__(self) -> None:
        with self._waiting:
            self._work.acquire()

    def __exit__(self, *_: object) -> None:
        self._work.release()


def _weights(folder: Path) -> list[Path]:
    """The weights in the folder or in those of its modules (StaticEmbedding, Dense), in a fixed order."""
    if not (folder / "config.json").is_file() and not (folder / "modules.json").is_file():
        return []
    return sorted((*folder.glob("*.safetensors"), *folder.glob("*/*.safetensors")))


def _fingerprint(weights: Sequence[Path]) -> str:
    digests = []
    for path in weights:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    whole = digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()
    return whole[:12]


def _loaded_embedder(folder: Path, threads: int) -> Any:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    try:
        return SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
        )
    except _LOAD_ERRORS as error:
        raise EmbedderMissing(
            f"The embedder in {str(folder)!r} cannot be loaded ({error}). Delete the folder and start again."
        ) from error


def _loaded_cross_encoder(folder: Path, threads: int) -> Any:
    import torch
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    try:
        model = CrossEncoder(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
            activation_fn=torch.nn.Sigmoid(),
        )
    except _LOAD_ERRORS as error:
        raise RerankerMissing(
            f"The reranker in {str(folder)!r} cannot be loaded ({error}). Download it again, or unset "
            "LOTTERY_CHAT_RERANKER."
        ) from error
    if model.num_labels != 1:
        raise RerankerMissing(
            f"The model in {str(folder)!r} gives {model.num_labels} values a pair, a reranker gives one. Choose another."
        )
    return model
