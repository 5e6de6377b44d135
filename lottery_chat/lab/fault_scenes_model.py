"""The scene of g_φ, reached through Ollama's door or an OpenAI-compatible one (fault_scenes.py)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from lottery_chat.lab.fault_rooms import RoomParts, room_settings
from lottery_chat.lab.fault_scenes import FACT, Scene
from lottery_chat.lab.fault_server import FaultServer, Good, as_json
from lottery_chat.models import http

_GRACE = 30.0  # run.py gives a model this long beyond the person's own limit


class ModelScene(Scene):
    """g_φ behind one of two doors; the fact comes after the tenth token."""

    part, names = "model", ("odel", "Ollama", "server")
    seconds = 5.0
    limit = seconds + _GRACE

    def __init__(self, folder: Path, guarded: bool = True, door: Literal["ollama", "openai"] = "ollama") -> None:
        self.door = door
        chat = {"ollama": "/api/chat", "openai": "/v1/chat/completions"}[door]
        self.server = FaultServer(self._answer, lambda path: path == chat)
        super().__init__(folder, guarded)

    def parts(self) -> RoomParts:
        """The real hub over the fault server."""
        own = {"ollama_host": self.server.url} if self.door == "ollama" else {"openai_url": self.server.url}
        settings = room_settings(self.folder, model=f"{self.door}/tiny:1b", **own)
        return RoomParts(settings, model=None, guarded=self.guarded)

    def question(self, number: int) -> str:
        """What only the model would say."""
        return f"Who is the {('first', 'second', 'third', 'fourth', 'fifth', 'last')[number % 6]} keeper of Farrow?"

    def options(self) -> dict[str, Any]:
        """By the model alone."""
        return {"model": f"{self.door}/tiny:1b", "retrieval": "closed-book", "web_search": "off"}

    def break_(self, fault: str) -> None:
        """At the server; a name that cannot be found is another address of the same server."""
        self.server.fault = "" if fault == "dns" else fault
        host = "http://model.farrow.invalid:11434" if fault == "dns" else self.server.url
        hub = self.room.parts.models.started_hub(f"{self.door}/tiny:1b")
        known: Any = hub._in_use.model  # the one that was connected before
        if known is None:
            return
        moved = http.Server(host, name="Ollama" if self.door == "ollama" else "The OpenAI-compatible server")
        known._server = moved if self.door == "ollama" else (lambda: moved)

    def attempts(self) -> int:
        """Requests for a reply that reached the server."""
        return sum(1 for path in self.server.asked if "chat" in path)

    def close(self) -> None:
        """The app, then the server."""
        super().close()
        self.server.close()

    def _answer(self, path: str, body: Mapping[str, Any]) -> Good | None:
        said = [f"{word} " for word in "The keeper of the old tower by the far small river is".split()]
        pieces = [*said, f"number {FACT}", "."]
        if path == "/api/chat":
            rows = [{"message": {"role": "assistant", "content": piece}, "done": False} for piece in pieces]
            rows.append({"message": {"content": ""}, "done": True, "done_reason": "stop", "prompt_eval_count": 1, "eval_count": len(pieces)})  # fmt: skip
            return Good("application/x-ndjson", tuple(json.dumps(row).encode() + b"\n" for row in rows))
        if path == "/v1/chat/completions":
            if not body.get("stream"):
                return as_json({"choices": [{"message": {"role": "assistant", "content": "Hi"}}]})
            chunks: list[Any] = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
            chunks.append({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1, "completion_tokens": len(pieces)}})  # fmt: skip
            lines = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks]
            return Good("text/event-stream", (*lines, b"data: [DONE]\n\n"))
        shown = {"template": "{{ .Messages }}", "capabilities": ["completion"], "model_info": {"x.context_length": 8192}, "license": ""}  # fmt: skip
        known: dict[str, Any] = {
            "/api/version": {"version": "0.17.4"}, "/api/ps": {"models": []}, "/api/show": shown,
            "/api/tags": {"models": [{"model": "tiny:1b", "name": "tiny:1b", "size": 10**9}]},
            "/v1/models": {"data": [{"id": "tiny:1b"}]},
        }  # fmt: skip
        return as_json(known[path]) if path in known else None
