"""Small fake model servers on loopback: OpenAI-compatible (plain, vLLM, llama.cpp) and Ollama. Used by test_models_*."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler", dict[str, Any]], None]


@dataclass
class Fake:
    """What a fake server does (`routes` by method and path) and what it saw."""

    routes: dict[str, Answer]
    requests: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    #: Pieces that were handed to the connection, and whether the client went away before the end.
    sent: int = 0
    gone: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def bodies(self, path: str) -> list[dict[str, Any]]:
        return [body for where, body, _ in self.requests if where == path]


class Handler(BaseHTTPRequestHandler):
    fake: Fake

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        self._route("GET", {})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        raw = self.rfile.read(length)
        self._route("POST", json.loads(raw) if raw else {})

    def do_DELETE(self) -> None:
        self.do_POST()

    def _route(self, method: str, body: dict[str, Any]) -> None:
        path = self.path.split("?")[0]
        self.fake.requests.append((path, body, {key.lower(): value for key, value in self.headers.items()}))
        answer = self.fake.routes.get(path)
        try:
            if answer is None:
                self.json({"error": "not found"}, 404)
            else:
                answer(self, body)
        except (BrokenPipeError, ConnectionResetError, ConnectionAbortedError):
            self.fake.gone.set()

    def json(self, value: Any, status: int = 200) -> None:
        raw = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def begin_stream(self, kind: str = "text/event-stream") -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True

    def sse(self, value: Any) -> None:
        self.wfile.write(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode())
        self.wfile.flush()

    def ndjson(self, value: Any) -> None:
        self.wfile.write(json.dumps(value).encode() + b"\n")
        self.wfile.flush()


@contextlib.contextmanager
def serve(fake: Fake) -> Iterator[Fake]:
    """Serve until the block ends."""
    handler = type("Bound", (Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def prompt_tokens(body: dict[str, Any]) -> int:
    """What the fakes call a token: a word, and three for each message."""
    return sum(3 + len(one["content"].split()) for one in body["messages"])


def sse_reply(
    pieces: list[dict[str, Any]],
    *,
    delay: float = 0.0,
    finish: str = "stop",
    read: Callable[[dict[str, Any]], int] = prompt_tokens,
    done: bool = True,
) -> Answer:
    """A streamed chat completion; each piece is a delta (with "logprob" if it shall have one)."""

    def answer(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin_stream()
        for piece in pieces:
            time.sleep(delay)
            delta = {key: value for key, value in piece.items() if key != "logprob"}
            choice: dict[str, Any] = {"index": 0, "delta": delta, "finish_reason": None}
            if "logprob" in piece:
                choice["logprobs"] = {"content": [{"token": "x", "logprob": piece["logprob"], "top_logprobs": []}]}
            handler.sse({"choices": [choice]})
            handler.fake.sent += 1
        if not done:
            return
        handler.sse({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
        usage = {
            "prompt_tokens": read(body),
            "completion_tokens": len(pieces),
            "prompt_tokens_details": {"cached_tokens": 2},
        }
        handler.sse({"choices": [], "usage": usage})
        handler.sse("[DONE]")

    return answer


def silent(handler: Handler, body: dict[str, Any]) -> None:
    """Say nothing, like a long prefill, until the client goes away."""
    handler.connection.settimeout(20)
    if handler.connection.recv(1) == b"":
        handler.fake.gone.set()


def openai_routes(chat: Answer, models: list[dict[str, Any]] | None = None) -> dict[str, Answer]:
    """A plain OpenAI-compatible server."""
    listing = {"object": "list", "data": models or [{"id": "tiny", "object": "model"}]}
    return {"/v1/models": lambda handler, body: handler.json(listing), "/v1/chat/completions": chat}


def llama_routes(
    chat: Answer, window: int = 200, tops: Callable[[str], dict[str, float]] | None = None
) -> dict[str, Answer]:
    """llama.cpp's extras: words are tokens; `tops` gives the next tokens' log-probabilities after a prompt."""

    def template(handler: Handler, body: dict[str, Any]) -> None:
        last = body["messages"][-1]
        text = " ".join(f"<{one['role']}> {one['content']} </>" for one in body["messages"])
        ends = "" if last["role"] == "assistant" else " <assistant>"
        handler.json({"prompt": text.removesuffix(" </>") if last["role"] == "assistant" else text + ends})

    def completion(handler: Handler, body: dict[str, Any]) -> None:
        found = (tops or (lambda prompt: {}))(body["prompt"])
        best = sorted(found.items(), key=lambda one: -one[1])[: body["n_probs"]]
        entries = [{"token": token, "logprob": logprob} for token, logprob in best]
        handler.json({"content": "", "completion_probabilities": [{"top_logprobs": entries}]})

    return openai_routes(chat) | {
        "/props": lambda handler, body: handler.json({"default_generation_settings": {"n_ctx": window}}),
        "/apply-template": template,
        "/tokenize": lambda handler, body: handler.json({"tokens": body["content"].split()}),
        "/completion": completion,
    }


def ollama_model(name: str = "qwen2.5:1.5b", **more: Any) -> dict[str, Any]:
    """A model as /api/show tells it, with its size and name for /api/tags."""
    return {
        "name": name, "size": 1_000_000_000, "template": "{{ .Messages }}", "capabilities": ["completion"],
        "model_info": {"qwen2.context_length": 32768}, "license": "Apache License", **more,
    }  # fmt: skip


def ollama_routes(models: list[dict[str, Any]], chat: Answer, version: str = "0.17.4") -> dict[str, Answer]:
    """An Ollama with these models."""
    known = {one["name"]: one for one in models}

    def show(handler: Handler, body: dict[str, Any]) -> None:
        one = known.get(body["model"])
        if one is None:
            handler.json({"error": f"model '{body['model']}' not found"}, 404)
        else:
            handler.json({key: one[key] for key in ("template", "capabilities", "model_info", "license")})

    def delete(handler: Handler, body: dict[str, Any]) -> None:
        known.pop(body["model"], None)
        handler.json({})

    def pull(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin_stream("application/x-ndjson")
        handler.ndjson({"status": "pulling manifest"})
        for done in (100, 1000):
            handler.ndjson({"status": "pulling layer", "digest": "sha256:1", "completed": done, "total": 1000})
        known[body["model"]] = ollama_model(body["model"])
        handler.ndjson({"status": "success"})

    return {
        "/api/version": lambda handler, body: handler.json({"version": version}),
        "/api/tags": lambda handler, body: handler.json(
            {"models": [{"model": one["name"], "name": one["name"], "size": one["size"]} for one in known.values()]}
        ),
        "/api/ps": lambda handler, body: handler.json({"models": []}),
        "/api/show": show,
        "/api/delete": delete,
        "/api/pull": pull,
        "/api/chat": chat,
    }


def ndjson_reply(
    pieces: list[dict[str, Any]],
    *,
    delay: float = 0.0,
    reason: str = "stop",
    read: Callable[[dict[str, Any]], int] = prompt_tokens,
) -> Answer:
    """A streamed /api/chat; each piece is a message (with "logprob" if it shall have one)."""

    def answer(handler: Handler, body: dict[str, Any]) -> None:
        handler.begin_stream("application/x-ndjson")
        for piece in pieces:
            time.sleep(delay)
            chunk: dict[str, Any] = {"message": {"role": "assistant", "content": "", **piece}, "done": False}
            if "logprob" in piece:
                chunk["logprobs"] = [{"token": "x", "logprob": piece["logprob"]}]
            handler.ndjson(chunk)
            handler.fake.sent += 1
        handler.ndjson(
            {"message": {"content": ""}, "done": True, "done_reason": reason, "prompt_eval_count": read(body),
             "eval_count": len(pieces)}
        )  # fmt: skip

    return answer
