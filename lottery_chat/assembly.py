"""The only place where the app is put together: Settings -> interface.App.

`build` returns at once: every part (`parts/`) is made when it is first asked for, so that the page is there before
torch, LanceDB or a model is. `start` makes them in the background, in the order in which a person will need them.
Heavy modules of ours are imported inside functions for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable

from lottery_chat import __version__
from lottery_chat.chosen_models import ChosenModels
from lottery_chat.document_views import LibraryViews
from lottery_chat.interface.app import App
from lottery_chat.kept_documents import KeptDocuments
from lottery_chat.noting import KeptMemory
from lottery_chat.parts.home import Parts
from lottery_chat.parts.lazy import Deferred
from lottery_chat.settings import Settings, quieten
from lottery_chat.stopping_conversations import StoppingConversations

_PARTS: dict[int, Parts] = {}


def build(settings: Settings, parts: Parts | None = None) -> App:
    """Return the app for these settings; nothing heavy is loaded yet. `parts` are others than the usual ones (lab)."""
    quieten()
    parts = parts or Parts(settings)
    memory, library = parts.memory, parts.documents.library
    documents = KeptDocuments(library, memory.uses, memory.notes)
    app = App(
        chat=Deferred(parts.asking), conversations=StoppingConversations(parts), documents=documents,
        models=ChosenModels(parts.models, memory), runs=Deferred(memory.journal), options=Deferred(memory.options), home=settings.home,
        version=__version__, parts=parts.states, tools=Deferred(parts.tools.offered), memory=KeptMemory(memory.tapes, memory.notes),
        views=LibraryViews(library, documents, settings.proxy, coverage=parts.coverage), lab=Deferred(parts.lab),
    )  # fmt: skip
    _PARTS[id(app)] = parts
    return app


def parts_of(app: App) -> Parts:
    """The parts behind an app that `build` made."""
    return _PARTS[id(app)]


def start(app: App, *, patient: bool = True, say: Callable[[str], None] = lambda line: None) -> None:
    """Load everything in the background.

    Args:
        patient: whether questions wait for a model that downloads.
        say: receives lines for the terminal (what was repaired, where a download came from).
    """
    parts = parts_of(app)
    parts.patient, parts.say = patient, say
    parts.start()


def close(app: App) -> None:
    """End what was started."""
    _PARTS.pop(id(app)).close()
