"""A server of raw sockets on this machine that can fail in thirteen ways, switched while it runs.

It knows the good answer of each path; a fault is what becomes of that answer on its way. The headers are written by
hand, because a library would not send what a broken server sends. `asked` counts connections, so that what is tried
again, and what rests, is seen.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

#: A page that bears a number, which nobody may take for an answer.
HTML = b"<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1><p>Use your account number 7431.</p></body></html>"
#: The same without a number.
SIGN_IN = HTML.replace(b" Use your account number 7431.", b"Please sign in to go on.").replace(
    b"Use your account number 7431.", b"Please sign in to go on."
)
MEGABYTES = 50
_BACKLOG = 1
_TICK = 0.02


@dataclass(frozen=True, slots=True)
class Good:
    """An answer as it should be: its type and its pieces (a stream has many; each is a token of a model)."""

    kind: str
    pieces: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


#: Path and JSON body (empty for GET) to an answer; None is 404.
Answer = Callable[[str, Mapping[str, Any]], Good | None]


def as_json(value: Any) -> Good:
    """A JSON answer in one piece."""
    return Good("application/json", (json.dumps(value).encode(),))


class FaultServer:
    """One port of 127.0.0.1; `fault` is "" or one of the names below and may be set at any time.

    Args:
        answer: what a healthy server says.
        faulty: the paths that are hit by a fault; the others are answered well (a model server's list of models).
        html: what comes instead of an answer for "html".
    """

    def __init__(self, answer: Answer, faulty: Callable[[str], bool] = lambda path: True, html: bytes = HTML) -> None:
        self._answer, self._faulty, self._html = answer, faulty, html
        self.asked: list[str] = []
        self.connections = 0
        self._fault = ""
        self._stop = threading.Event()
        self._listener: socket.socket | None = self._listening(0)
        self.port = int(self._listener.getsockname()[1])
        self._fillers: list[socket.socket] = []
        self._lock = threading.RLock()
        self._threads: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._accept, name="fault-server", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def fault(self) -> str:
        """What is wrong now."""
        return self._fault

    @fault.setter
    def fault(self, name: str) -> None:
        with self._lock:
            before, self._fault = self._fault, name
            if before == "connect-hang":
                self._drain()
            if name == "refused":
                self._close_listener()
            elif before == "refused":
                self._listener = self._listening(self.port)
            if name == "connect-hang":
                self._fill()

    def close(self) -> None:
        """End it and its connections."""
        self._stop.set()
        self._thread.join(5.0)
        self._drain()
        self._close_listener()
        for thread in self._threads:
            thread.join(5.0)

    # -- listening ---------------------------------------------------------------------------------------------

    def _listening(self, port: int) -> socket.socket:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(64)
        listener.settimeout(_TICK)
        return listener

    def _close_listener(self) -> None:
        if self._listener is not None:
            with contextlib.suppress(OSError):  # at once, although a thread still waits in accept()
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _fill(self) -> None:
        """Nobody takes a connection, and the queue is full: a handshake is not even answered."""
        assert self._listener is not None
        time.sleep(3 * _TICK)  # whoever still waits in accept() comes back first
        self._listener.listen(_BACKLOG)
        for _ in range(_BACKLOG + 3):
            filler = socket.socket()
            filler.settimeout(0.2)
            self._fillers.append(filler)
            try:
                filler.connect(("127.0.0.1", self.port))
            except OSError:
                return

    def _drain(self) -> None:
        for filler in self._fillers:
            filler.close()
        self._fillers.clear()
        if self._listener is not None:
            self._listener.listen(64)

    def _accept(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                listener = None if self._fault == "connect-hang" else self._listener
            if listener is None:
                time.sleep(_TICK)
                continue
            try:
                connection, _ = listener.accept()
            except OSError:  # the time-out of a look, or closed meanwhile
                continue
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection,), name="fault-connection", daemon=True)
            self._threads.append(thread)
            thread.start()

    # -- one connection ----------------------------------------------------------------------------------------

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError, ValueError):
            connection.settimeout(30.0)
            path, body = _request(connection)
            self.asked.append(path)
            fault = self._fault if self._faulty(path) else ""
            good = self._answer(path, body)
            for chunk in self._reply(fault, good):
                if self._stop.is_set():
                    return
                connection.sendall(chunk)
            if fault == "reset":
                # Unsent data is thrown away and the other side gets RST instead of an end.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _reply(self, fault: str, good: Good | None) -> Iterator[bytes]:
        if good is None and not fault:
            yield _head(404, "application/json", 2) + b"{}"
            return
        whole = good or as_json({})
        faults: dict[str, Callable[[], Iterator[bytes]]] = {
            "": lambda: _good(whole),
            "silence": self._silence,
            "drip": lambda: self._drip(whole),
            "reset": lambda: iter((_head(200, whole.kind, len(whole.body)) + whole.body[: len(whole.body) // 2],)),
            "500": lambda: iter((_plain(500, b'{"error": "internal error"}'),)),
            "429": lambda: iter((_plain(429, b'{"error": "slow down"}', "Retry-After: 120\r\n"),)),
            "html": lambda: iter((_head(200, "text/html", len(self._html)) + self._html,)),
            "truncated": lambda: _cut(whole),
            "empty": lambda: iter((_head(200, whole.kind, 0),)),
            "50MB": lambda: _big(whole),
            "dies": lambda: _dies(whole),
        }
        yield from faults[fault]() if fault in faults else iter(())

    def _silence(self) -> Iterator[bytes]:
        while not self._stop.wait(_TICK) and self._fault == "silence":
            yield b""

    def _drip(self, good: Good) -> Iterator[bytes]:
        yield _head(200, good.kind, len(good.body))
        for at in range(len(good.body)):
            until = time.monotonic() + 1.0
            while time.monotonic() < until:
                if self._stop.wait(_TICK) or self._fault != "drip":
                    return
            yield good.body[at : at + 1]


def _request(connection: socket.socket) -> tuple[str, Mapping[str, Any]]:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            raise ValueError("no request")
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    size = next((int(one.partition(":")[2]) for one in lines if one.lower().startswith("content-length:")), 0)
    while len(body) < size:
        part = connection.recv(65536)
        if not part:
            raise ValueError("half a request")
        body += part
    told = json.loads(body) if body else {}
    return lines[0].split(" ")[1], told if isinstance(told, dict) else {}


def _head(status: int, kind: str, length: int | None, more: str = "") -> bytes:
    size = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{size}\r\n{more}Connection: close\r\n\r\n".encode()


def _plain(status: int, body: bytes, more: str = "") -> bytes:
    return _head(status, "application/json", len(body), more) + body


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def _good(good: Good) -> Iterator[bytes]:
    if len(good.pieces) == 1:
        yield _head(200, good.kind, len(good.body)) + good.body
        return
    yield _head(200, good.kind, None)
    for piece in good.pieces:
        yield _chunk(piece)
    yield b"0\r\n\r\n"


def _cut(good: Good) -> Iterator[bytes]:
    """A whole HTTP answer whose body is cut in the middle of its JSON."""
    half = good.body[: max(1, len(good.body) // 2)]
    yield _head(200, good.kind, len(half)) + half


def _big(good: Good) -> Iterator[bytes]:
    """The first half of the good answer, then 50 MB that never close it."""
    half = good.body[: len(good.body) // 2]
    yield _head(200, good.kind, len(half) + MEGABYTES * 10**6) + half
    block = b"9" * 10**6
    for _ in range(MEGABYTES):
        yield block


def _dies(good: Good) -> Iterator[bytes]:
    """Ten tokens of a stream (or ten bytes of a body), then the process is gone."""
    yield _head(200, good.kind, None)
    yield from map(_chunk, good.pieces[:10] if len(good.pieces) > 1 else (good.body[:10],))
