"""Parts that are made once, when they are first asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Lazy:
    """Makes each part once, when it is first asked for; a part that failed is tried again the next time."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._locks: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return the part, making it first if need be; others who ask meanwhile wait."""
        if name not in self._made:
            with self._guard:
                lock = self._locks.setdefault(name, threading.RLock())
            with lock:
                if name not in self._made:
                    self._made[name] = make()
        return self._made[name]  # type: ignore[no-any-return]

    def made(self, name: str) -> Any | None:
        """The part if it is there already, else None."""
        return self._made.get(name)

    def close(self, *names: str) -> None:
        """Close, in this order, those that were made."""
        for name in names:
            part = self._made.get(name)
            if part is not None:
                part.close()


class Deferred:
    """Stands for a part that is made at its first use, so that the App can be handed out at once."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)
