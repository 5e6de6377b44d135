"""Wait for the index at most so long: a disk that hangs must not hang whoever asks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from knowledge.errors import StoreBusy

_Result = TypeVar("_Result")
#: For one look into the index (seconds); 100,000 passages take well under one.
SECONDS = 20.0


class _Edge:
    """Whatever the look raises is kept for the one who waits, so that its thread ends without a traceback."""

    error: BaseException | None = None

    def __enter__(self) -> _Edge:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self.error = error
        return True


class Patience:
    """Runs a look in a thread of its own. What hangs is left behind, and while it does, nothing new is begun.

    What this does not do: end what hangs; the system lets go of it, or the end of the program does.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._hanging: threading.Thread | None = None

    def __call__(self, what: str, look: Callable[[], _Result]) -> _Result:
        """Return what `look` returns; `what` is named in the sentence.

        Raises:
            StoreBusy: it takes longer, or an earlier one still hangs.
        """
        if self._hanging is not None and self._hanging.is_alive():
            raise StoreBusy(
                f"{what} still does not answer: its disk hangs. Check the disk, then start Lottery Chat again."
            )
        self._hanging = None
        edge = _Edge()
        values: list[Any] = []

        def work() -> None:
            with edge:
                values.append(look())

        thread = threading.Thread(target=work, name="index-look", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if thread.is_alive():
            self._hanging = thread
            raise StoreBusy(f"{what} did not answer within {self._seconds:g} s: its disk hangs. Check the disk, then ask again.")  # fmt: skip
        if edge.error is not None:
            raise edge.error
        return values[0]  # type: ignore[no-any-return]
