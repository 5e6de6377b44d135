"""Connections to MCP servers, processes (stdio) or over HTTP: the only module that knows the `mcp` package.

Each connection has its own thread with its own event loop, so that a server that keeps one busy stops no other. A
server is asked for its tools and called, nothing else: it gets no model, no files, no answers to questions of its
own. What it says is untrusted: cut, cleaned and passed on as data (calls.context.untrusted).
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CONNECTION_CLOSED

from lottery_chat.calls.context import untrusted
from lottery_chat.calls.mcp_http import one_host_client
from lottery_chat.calls.mcp_servers import Server
from lottery_chat.calls.values import CallStopped, ToolFault
from tools.errors import ToolError

T = TypeVar("T")

#: Seconds until a server must be there with its tools.
CONNECT_SECONDS = 15.0
#: Characters of a result that are taken; tools of one server.
MOST_TEXT, MOST_TOOLS = 200_000, 200
_PAGES = 20
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool as its server offers it: its own name, description and JSON schema, all of them untrusted."""

    name: str
    about: str
    schema: Mapping[str, Any]


class Connection:
    """One server: connected at its first use, and again after it died. Safe to use from any thread."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.version = ""
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Client | None = None
        self._task: concurrent.futures.Future[None] | None = None
        self._closing: asyncio.Event | None = None
        self._last = ""
        self._thread: threading.Thread | None = None
        self._ending: list[threading.Thread] = []

    def tools(self, seconds: float = CONNECT_SECONDS) -> tuple[Offered, ...]:
        """The tools it offers, at most 200.

        Raises:
            ToolFault: it cannot be started or reached, or does not answer in time.
        """
        listed = self._ask(self._list(), seconds, None)
        return tuple(Offered(one.name, one.description or "", one.input_schema) for one in listed[:MOST_TOOLS])

    def call(
        self, tool: str, arguments: Mapping[str, Any], seconds: float, cancel: threading.Event | None = None
    ) -> str:
        """Call a tool and give its result as text, never twice for one call.

        Raises:
            ToolError: the tool's own error. ToolFault: the server died, hung or sent garbage. CallStopped.
        """
        result = self._ask(self._call(tool, dict(arguments)), seconds, cancel)
        text = _text(result)
        if result.is_error:
            raise ToolError(f"{self.server.name}.{tool} refused: {untrusted(text, 400) or 'without a reason'}")
        if not text.strip():
            raise ToolError(f"{self.server.name}.{tool} gave an empty result. Try other arguments.")
        return untrusted(text, MOST_TEXT)

    def close(self) -> None:
        """End the connection, its process and its thread; returns when they are gone, after 11 s at the latest."""
        with self._lock:
            self._end()
        for thread in self._ending:
            thread.join(11.0)
        self._ending.clear()

    # -- on the caller's thread ----------------------------------------------------------------------------

    def _ask(self, work: Coroutine[Any, Any, T], seconds: float, cancel: threading.Event | None) -> T:
        """Run a coroutine on the connection's loop and wait for it; a broken connection is ended."""
        until = time.monotonic() + seconds
        try:
            loop = self._connected(min(seconds, CONNECT_SECONDS), cancel)
        except ToolError:
            work.close()
            raise
        future = asyncio.run_coroutine_threadsafe(work, loop)
        error = _wait([future], until - time.monotonic(), cancel)
        if error is None:
            return future.result()
        if isinstance(error, CallStopped):
            raise error
        with self._lock:
            # An answer that says no leaves the connection as it is; after everything else it begins anew.
            closed = isinstance(error, MCPError) and error.code == CONNECTION_CLOSED
            thread = self._thread
            if closed or not isinstance(error, MCPError):
                self._end()
        if closed and thread is not None:
            thread.join(0.8)  # its last words come with its end
        raise ToolFault(f"The server {self.server.name!r} {_said(error, seconds)}{self._words()}") from error

    def _connected(self, seconds: float, cancel: threading.Event | None) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is not None and self._client is not None and self._task is not None:
                if not self._task.done():
                    return self._loop
                self._end()
            return self._connect(seconds, cancel)

    def _connect(self, seconds: float, cancel: threading.Event | None) -> asyncio.AbstractEventLoop:
        """Start the thread and the connection. Raises ToolFault, CallStopped."""
        loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=_turn, args=(loop,), name=f"mcp-{self.server.name}", daemon=True)
        self._thread.start()
        self._loop, self._last = loop, ""
        ready: concurrent.futures.Future[None] = concurrent.futures.Future()
        self._task = asyncio.run_coroutine_threadsafe(self._live(ready), loop)
        error = _wait([ready, self._task], seconds, cancel)
        if ready.done():
            return loop
        said = _said(error or TimeoutError(), seconds)
        self._end()
        if isinstance(error, CallStopped):
            raise error
        raise ToolFault(f"The server {self.server.name!r} {said}{self._words()} (It is {self.server.where[:120]!r}.)")

    def _end(self) -> None:
        """Let go of what there is; it ends in the background, because nobody shall wait for a server that hangs."""
        loop, task, closing, thread = self._loop, self._task, self._closing, self._thread
        self._loop = self._client = self._task = self._closing = self._thread = None
        if loop is not None and task is not None and thread is not None:
            threading.Thread(target=_wind_down, args=(loop, task, closing), name="mcp-end", daemon=True).start()
            self._ending = [*(one for one in self._ending if one.is_alive()), thread]

    def _words(self) -> str:
        """The last words of a process, as an end of a sentence."""
        said = " ".join(untrusted(self._last, 300).split())
        return f" Its last words: {said}" if said else ""

    # -- on the loop ---------------------------------------------------------------------------------------

    async def _live(self, ready: concurrent.futures.Future[None]) -> None:
        closing = asyncio.Event()
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
            try:
                async with contextlib.AsyncExitStack() as stack:
                    client = await stack.enter_async_context(Client(await self._transport(stack, words), cache=None))
                    info = client.server_info
                    self.version = untrusted(f"{info.name} {info.version}" if info else "", 80)
                    self._client, self._closing = client, closing
                    ready.set_result(None)
                    await closing.wait()
            finally:
                words.seek(0)
                self._last = words.read(600)

    async def _transport(self, stack: contextlib.AsyncExitStack, words: Any) -> Any:
        if self.server.url:
            http = await stack.enter_async_context(one_host_client(self.server.url))
            return streamable_http_client(self.server.url, http_client=http)
        # From our folder, so that the relay is found; the server itself is started where we were.
        relay = ["-m", "lottery_chat.calls.mcp_relay", os.getcwd(), *self.server.command]
        how = StdioServerParameters(
            command=sys.executable, args=relay, env=dict(self.server.env), cwd=_ROOT, encoding_error_handler="replace"
        )
        return stdio_client(how, errlog=words)

    async def _list(self) -> list[Any]:
        assert self._client is not None
        found: list[Any] = []
        cursor: str | None = None
        for _ in range(_PAGES):
            page = await self._client.list_tools(cursor=cursor)
            found += page.tools
            cursor = page.next_cursor
            if cursor is None or len(found) >= MOST_TOOLS:
                break
        return found

    async def _call(self, tool: str, arguments: dict[str, Any]) -> Any:
        assert self._client is not None
        return await self._client.call_tool(tool, arguments)


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    """Turn an event loop until it is stopped. What the package logs about broken servers we say ourselves."""
    for name in ("mcp", "client", "httpx2"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.set_event_loop(loop)
    loop.run_forever()
    # What is left was told to end; told twice, it would leave its process behind.
    for patience in (6.0, 1.0):
        left = asyncio.all_tasks(loop)
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=patience))
        for task in asyncio.all_tasks(loop):
            task.cancel()
    loop.close()


def _wind_down(
    loop: asyncio.AbstractEventLoop, task: concurrent.futures.Future[None], closing: asyncio.Event | None
) -> None:
    """Close a connection in order, then stop its loop, which waits for what is left. A process is ended by its relay."""
    if closing is not None and not task.done():
        loop.call_soon_threadsafe(closing.set)
        concurrent.futures.wait([task], 4.0)
    loop.call_soon_threadsafe(loop.stop)


def _wait(
    futures: Sequence[concurrent.futures.Future[Any]], seconds: float, cancel: threading.Event | None
) -> BaseException | None:
    """Wait for the first of some futures; what went wrong, None when nothing did. Given up, the last is cancelled."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        done = concurrent.futures.wait(futures, min(left, 0.05), concurrent.futures.FIRST_COMPLETED).done
        if done:
            first = done.pop()
            return concurrent.futures.CancelledError() if first.cancelled() else first.exception()
        if cancel is not None and cancel.is_set():
            futures[-1].cancel()
            return CallStopped("The call was stopped.")
    futures[-1].cancel()
    return TimeoutError()


def _said(error: BaseException, seconds: float) -> str:
    """What went wrong with a server, as the end of a sentence."""
    while inner := getattr(error, "exceptions", ()):  # a group, of anyio's or of Python's
        error = inner[0]
    if isinstance(error, TimeoutError):
        return f"gave no answer within {seconds:g} s and was left."
    words = " ".join(untrusted(str(error), 200).split()).rstrip(".")
    if isinstance(error, MCPError):
        return f"ended or refused ({words or error.code}). Check that it works, then ask again."
    return f"cannot be used ({type(error).__name__}: {words}). Check its command or address."


def _text(result: Any) -> str:
    """The result's texts; what is no text is named, and structured content is JSON where there is no text."""
    parts: list[str] = []
    for block in result.content[:200]:
        text = getattr(block, "text", None)
        if text is None:
            text = getattr(getattr(block, "resource", None), "text", None)
        parts.append(text if isinstance(text, str) else f"(left out: {getattr(block, 'type', 'a block')})")
    structured = result.structured_content
    if isinstance(structured, dict) and list(structured) == ["result"]:
        structured = structured["result"]  # the wrapping that the protocol asks for
    if not any(part.strip() for part in parts) and structured not in (None, "", [], {}):
        parts = [structured if isinstance(structured, str) else json.dumps(structured, ensure_ascii=False, default=str)]
    return "\n".join(parts)[: MOST_TEXT + 1]
