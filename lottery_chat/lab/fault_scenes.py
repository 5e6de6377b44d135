"""What a cell does with one part: a question whose fact stands only behind it, how it is broken and made whole again.

Here the scene itself, and embedder, search and fetch, which are reached over a network as the model is
(fault_scenes_model.py). The others: fault_scenes_local.py, fault_scenes_files.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.embedding import HashingEmbedder
from lottery_chat.lab.fault_rooms import EMBEDDER_SECONDS, Room, RoomParts, room_settings
from lottery_chat.lab.fault_server import HTML, SIGN_IN, FaultServer, Good, as_json
from lottery_chat.messages import Message
from lottery_chat.models.scripted import ScriptedModel

#: What is true, and what the scripted model says when it has not read it. Neither stands in any question.
FACT, INVENTED = "8642", "7431"
PROGRAM = "def solution():\n    boxes = 23\n    screws = 41\n    loose = 7699\n    return boxes * screws + loose"


def invents(messages: Sequence[Message]) -> str:
    """A model that copies the fact where it reads it, writes the program it is asked for, and invents otherwise."""
    text = "\n".join(message.text for message in messages)
    if "solution()" in text:
        # The reply goes on from the lead that the planner wrote.
        return PROGRAM.partition("\n")[2] if messages[-1].text.endswith("def solution():\n") else PROGRAM
    return f"It is {FACT} mm." if FACT in text else f"It is {INVENTED} mm."


class Scene:
    """One part. A subclass breaks it; `attempts` counts what was tried with it."""

    part = ""
    #: One of these stands in what a person is told when the part failed.
    names: tuple[str, ...] = ()
    #: What the answer says when the part is well.
    fact = FACT
    #: Most seconds of a question in which the part is at fault, and the seconds the question itself is given.
    limit, seconds = 20.0, 40.0
    #: Whether the call layer lets it rest after three failures; whether another question can be answered meanwhile.
    rests, others = False, True
    #: Calls of the part for one question, one retry included.
    most_tries = 2
    #: How long it may take, after it was made whole, until it answers again (it may be built anew meanwhile).
    mends = 5.0

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self.folder, self.guarded = folder, guarded
        self.model = ScriptedModel(invents)
        self.room = Room(self.parts)

    def parts(self) -> RoomParts:
        """The app's parts for this scene."""
        return RoomParts(room_settings(self.folder), model=self.model, guarded=self.guarded)

    def prepare(self) -> None:
        """What must be there before the first question."""

    def question(self, number: int) -> str:
        """The question for the fact, each time in other words."""
        raise NotImplementedError

    def options(self) -> dict[str, Any]:
        """How it is asked."""
        return {}

    def break_(self, fault: str) -> None:
        """From now on."""
        raise NotImplementedError

    def mend(self) -> None:
        """As before."""
        self.break_("")

    def attempts(self) -> int:
        """How often the part was tried."""
        raise NotImplementedError

    def rests_after(self, fault: str) -> bool:
        """Whether three failures of this kind let it rest."""
        return self.rests

    def limit_of(self, fault: str) -> float:
        """Most seconds for this fault."""
        return self.limit

    def other(self) -> tuple[str, str]:
        """A question that does not need the part, and what must stand in its answer."""
        return "What is 17% of 2,340?", "397.8"

    def close(self) -> None:
        """End it all."""
        self.room.close()


class EmbedderScene(Scene):
    """A remote embedder (Ollama's), without which a question cannot be compared with the documents by meaning."""

    part, names = "embedder", ("embed", "search model")
    limit = 2 * EMBEDDER_SECONDS

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self.server = FaultServer(self._answer)
        self._embedder = HashingEmbedder(64)
        self._host = self.server.url
        super().__init__(folder, guarded)

    def parts(self) -> RoomParts:
        """The embedder of the settings is the fault server's."""
        settings = room_settings(self.folder, embedder="ollama:hash", ollama_host=self.server.url)
        return RoomParts(settings, model=self.model, guarded=self.guarded)

    def prepare(self) -> None:
        """A document that says it."""
        self.document = self.room.keep("farrow.txt", tower_text())

    def question(self, number: int) -> str:
        """About the document."""
        return f"How {('tall', 'high', 'big', 'large', 'long', 'wide')[number % 6]} is the Farrow tower?"

    def options(self) -> dict[str, Any]:
        """The document is attached, as when it was dropped into the box."""
        return {"attachments": [self.document], "web_search": "off"}

    def other(self) -> tuple[str, str]:
        """In a conversation without the file."""
        return super().other()

    def break_(self, fault: str) -> None:
        """At the server, for everything it says."""
        self.server.fault = "" if fault == "dns" else fault
        self.room.parts.search.embedder()._url = "http://embedder.farrow.invalid" if fault == "dns" else self._host

    def attempts(self) -> int:
        """Connections to the server."""
        return self.server.connections

    def close(self) -> None:
        """The app, then the server."""
        super().close()
        self.server.close()

    def _answer(self, path: str, body: Mapping[str, Any]) -> Good | None:
        if path == "/api/embed":
            return as_json({"embeddings": self._embedder.encode([str(one)[:500] for one in body["input"]]).tolist()})
        known = {"/api/show": {"model_info": {"x.context_length": 2048}}, "/api/tags": {"models": []}}
        return as_json(known[path]) if path in known else None


class SearchScene(Scene):
    """Web search through a SearXNG server; its results hold the fact."""

    part, names, rests = "search", ("SearXNG", "search", "network"), True
    limit = 15.0
    _hit, _html = "/search", HTML

    def __init__(self, folder: Path, guarded: bool = True) -> None:
        self.server = FaultServer(self._answer, lambda path: path.startswith(self._hit), self._html)
        self._url = self.server.url
        super().__init__(folder, guarded)

    def parts(self) -> RoomParts:
        """The search of the settings is the fault server's."""
        host = self.server.url.removeprefix("http://")
        settings = room_settings(self.folder, searxng_url=self._url)
        return RoomParts(settings, model=self.model, guarded=self.guarded, pages=frozenset({host, "page.farrow.invalid:80"}))  # fmt: skip

    def question(self, number: int) -> str:
        """For the web, by name."""
        return (
            f"Search the web: how {('tall', 'high', 'big', 'large', 'long', 'wide')[number % 6]} is the Farrow tower?"
        )

    def options(self) -> dict[str, Any]:
        """The search may leave."""
        return {"web_search": "on"}

    def break_(self, fault: str) -> None:
        """At the server; a name that cannot be found needs an app with another address."""
        self.server.fault = "" if fault == "dns" else fault
        url = "http://search.farrow.invalid" if fault == "dns" else self.server.url
        if url != self._url:
            self._url = url
            self.room.again()

    def attempts(self) -> int:
        """Connections to the server."""
        return self.server.connections

    def close(self) -> None:
        """The app, then the server."""
        super().close()
        self.server.close()

    def snippet(self) -> str:
        """What the result says."""
        return f"The Farrow tower is {FACT} mm tall, high, big, large, long and wide."

    def page(self) -> str:
        """Where the page is."""
        return f"{self.server.url}/page"

    def _answer(self, path: str, body: Mapping[str, Any]) -> Good | None:
        if path.startswith("/search"):
            return as_json({"results": [{"title": "Farrow tower", "url": self.page(), "content": self.snippet()}]})
        text = "".join(f"<p>{one}</p>" for one in tower_text().split("\n\n"))
        return Good("text/html; charset=utf-8", (f"<html><head><title>Farrow tower</title></head><body><article><h1>Farrow tower</h1>{text}</article></body></html>".encode(),))  # fmt: skip


class FetchScene(SearchScene):
    """Reading a page that was found; only the page holds the fact. Each address is another server: none rests."""

    part, names, rests = "fetch", ("page", "fetch", "sources that were found"), False
    limit, mends = 15.0, 20.0
    _hit, _html = "/page", SIGN_IN  # a page of HTML is what is asked for: it says something else
    _away = False

    def snippet(self) -> str:
        """Nothing of use."""
        return "All about the Farrow tower."

    def page(self) -> str:
        """Where the page is; for a name that cannot be found, elsewhere."""
        return "http://page.farrow.invalid/page" if self._away else f"{self.server.url}/page"

    def break_(self, fault: str) -> None:
        """At the server."""
        self._away = fault == "dns"
        self.server.fault = "" if fault == "dns" else fault

    def attempts(self) -> int:
        """Requests for the page."""
        return sum(1 for path in self.server.asked if path == "/page")


def tower_text() -> str:
    """A short document with the fact, and no other number."""
    told = "The valley of Farrow lies between two hills, and a river runs through it to the sea."
    return "\n\n".join(
        (told, f"The Farrow tower is {FACT} mm tall, high, big, large, long and wide, as measured in the spring.",
         "The market is held on the first day of the week, when the ferry brings the people of the islands.")
    )  # fmt: skip
