"""Opens the app as page and command line do, on a home of the experiment's own."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator
from pathlib import Path

from lottery_chat import assembly
from lottery_chat.interface.app import App
from lottery_chat.settings import Settings, make_folders

#: Words and letters hashed: no model, so that an experiment is about files and not about the embedder's speed.
QUICK = "hashing:64"


def of(settings: Settings, home: Path, embedder: str) -> Settings:
    """The same settings with a home and an embedder ("" for the built-in one) of the experiment's own."""
    return dataclasses.replace(settings, home=home, embedder=embedder or None, reranker=None, mcp=None)


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[App]:
    """The app on its real parts, its page and model not started, closed at the end."""
    make_folders(settings)
    app = assembly.build(settings)
    try:
        yield app
    finally:
        assembly.close(app)
