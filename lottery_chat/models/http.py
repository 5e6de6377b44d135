"""HTTP to model servers and download sources: the one module of this package that imports httpx.

A stream can be cancelled from outside at any moment, also while the server says nothing (a long prefill): a
watcher shuts the socket down, which is what makes the server stop. Errors of httpx become ours here.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from lottery_chat.errors import ModelUnreachable

_LOOK = 0.05  # seconds between two looks of a watcher at the cancel event
#: What a library built on httpx lets through when a connection fails.
BROKEN: tuple[type[Exception], ...] = (httpx.HTTPError, httpx.StreamError)
_MOST_ERROR = 4000  # letters of a server's error text that are kept


class Refused(ModelUnreachable):
    """The server answered with an error status; `status` and its own words in `text`."""

    def __init__(self, message: str, status: int, text: str) -> None:
        super().__init__(message)
        self.status = status
        self.text = text


class Cancelled(Exception):
    """The caller's cancel was set while a request was under way (control flow, never shown)."""


class TooSlow(ModelUnreachable):
    """The request's own time ran out."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is: base URL without a slash at its end, key or empty; `name` for sentences."""

    url: str
    key: str = field(default="", repr=False)
    name: str = "the model's server"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}


def is_loopback(url: str) -> bool:
    """Whether the URL names this machine; proxies of the environment are not used for it."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def ask(
    server: Server,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    seconds: float,
    cancel: threading.Event | None = None,
) -> Any:
    """GET (no body) or POST and return the JSON reply.

    Raises:
        Refused: an error status. ModelUnreachable: no answer, or no JSON. Cancelled: `cancel` was set.
    """
    with _Call(server, seconds, cancel or threading.Event()) as call:
        response = call.send(path, body)
        text = response.read().decode("utf-8", errors="replace")
    try:
        return json.loads(text)
    except ValueError as error:
        raise ModelUnreachable(
            f"{server.name} at {server.url!r} sent something that is not JSON: {text[:80]!r}. Check its address."
        ) from error


def lines(
    server: Server, path: str, body: Mapping[str, Any], *, seconds: float, cancel: threading.Event
) -> Iterator[str]:
    """POST and yield the reply line by line as it comes. Closing the generator closes the connection.

    Args:
        seconds: for the whole reply, from now.

    Raises:
        Refused: an error status. TooSlow: the time is over. ModelUnreachable: it broke off. Cancelled.
    """
    with _Call(server, seconds, cancel) as call:
        yield from call.send(path, body).iter_lines()


class _Call:
    """One request on a connection of its own, with a watcher that can cut it."""

    def __init__(self, server: Server, seconds: float, cancel: threading.Event) -> None:
        self._server, self._seconds, self._cancel = server, seconds, cancel
        self._until = time.monotonic() + seconds
        self._over = threading.Event()
        self._socket: socket.socket | None = None
        self._stack = contextlib.ExitStack()
        self._late = False

    def __enter__(self) -> _Call:
        if self._cancel.is_set():
            raise Cancelled
        client = _client(
            self._server.url,
            base_url=self._server.url,
            headers=self._server.headers,
            timeout=httpx.Timeout(self._seconds, connect=min(5.0, self._seconds)),
            # Certificates are read from disk for https only; building that context costs 20 ms.
            verify=self._server.url.startswith("https:"),
        )
        self._stack.callback(self._over.set)
        self._stack.enter_context(client)
        self._client = client
        threading.Thread(target=self._watch, name="model-call-watch", daemon=True).start()
        return self

    def send(self, path: str, body: Mapping[str, Any] | None) -> httpx.Response:
        method = "GET" if body is None else "POST"
        request = self._client.build_request(method, path.lstrip("/"), json=body, extensions={"trace": self._trace})
        response = self._client.send(request, stream=True)
        self._stack.callback(response.close)
        if response.is_error:
            text = response.read().decode("utf-8", errors="replace")[:_MOST_ERROR]
            raise Refused(_refusal(self._server, response.status_code, text), response.status_code, text)
        return response

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        if name == "connection.connect_tcp.complete":
            self._socket = info["return_value"].get_extra_info("socket")

    def _watch(self) -> None:
        while not self._over.is_set():
            if self._cancel.wait(_LOOK) or time.monotonic() > self._until:
                self._late = not self._cancel.is_set()
                if self._socket is not None:
                    with contextlib.suppress(OSError):
                        # Past TLS as well: nothing more shall be said, only the blocked read shall wake up.
                        socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
                    return
                self._over.wait(_LOOK)  # still connecting; that ends by itself within 5 s

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._stack.close()
        if kind is not None and issubclass(kind, (GeneratorExit, Refused)):
            return
        if self._cancel.is_set() and (kind is None or issubclass(kind, (httpx.HTTPError, httpx.StreamError))):
            raise Cancelled from error
        if self._late or isinstance(error, (httpx.ReadTimeout, httpx.WriteTimeout)):
            raise TooSlow(
                f"{self._server.name} did not finish within {self._seconds:.0f} s. Ask for less, or choose a smaller model."
            ) from error
        if isinstance(error, httpx.ConnectTimeout | httpx.ConnectError | httpx.UnsupportedProtocol | httpx.InvalidURL):
            raise ModelUnreachable(
                f"{self._server.name} does not answer at {self._server.url!r}. Start it, or choose another model."
            ) from error
        if isinstance(error, httpx.HTTPError | httpx.StreamError):
            raise ModelUnreachable(
                f"{self._server.name} at {self._server.url!r} broke off ({type(error).__name__}). Ask again."
            ) from error


def _client(url: str, **options: Any) -> httpx.Client:
    """A client that uses the proxies of the environment, except for this machine."""
    try:
        return httpx.Client(trust_env=not is_loopback(url), **options)
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        raise ModelUnreachable(f"{url!r} cannot be reached through the proxy of the environment: {error}.") from error


def _refusal(server: Server, status: int, text: str) -> str:
    words = text
    with contextlib.suppress(ValueError, AttributeError):
        told = json.loads(text).get("error", text)
        words = str(told.get("message", told)) if isinstance(told, dict) else str(told)
    if status in (401, 403):
        return f"{server.name} at {server.url!r} refused the key ({status}). Check LOTTERY_CHAT_OPENAI_KEY."
    step = "Ask again in a minute." if status in (429, 503) else "Look at its log, or choose another model."
    return f"{server.name} at {server.url!r} answered {status}: {words[:200]!r}. {step}"


@dataclass(frozen=True, slots=True)
class Bytes:
    """The start of a download: `total` of the whole file (0 unknown), `start` where these bytes begin."""

    start: int
    total: int
    chunks: Iterator[bytes]


@contextlib.contextmanager
def fetch(url: str, start: int, *, seconds: float) -> Iterator[Bytes]:
    """GET a file from byte `start` on, redirects followed. A server that ignores the range gives `start` 0.

    Args:
        seconds: for connecting, for the first answer, and the longest pause in between.

    Raises:
        ModelUnreachable: no answer, an error status, or it broke off.
    """
    name = urlsplit(url).netloc
    headers = {"Range": f"bytes={start}-"} if start else {}
    try:
        with _client(url, timeout=seconds, follow_redirects=True) as client:
            with client.stream("GET", url, headers={**headers, "Accept-Encoding": "identity"}) as response:
                if response.status_code == 416:
                    yield Bytes(start, start, iter(()))
                    return
                if response.is_error:
                    raise Refused(f"{name} answered {response.status_code} for {url!r}.", response.status_code, "")
                begun = start if response.status_code == 206 else 0
                length = response.headers.get("content-length", "")
                total = begun + int(length) if length.isdigit() else 0
                yield Bytes(begun, total, response.iter_raw())
    except httpx.HTTPError as error:
        raise ModelUnreachable(f"{name} does not answer ({type(error).__name__}).") from error
