"""Serve the page: our FastAPI app behind the guard at once, Gradio behind it as soon as it is imported.

The box accepts text before Gradio is there: only FastAPI is imported for `/` and its files; Gradio (2 s) is
imported in a thread meanwhile, and a question sent early waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from lottery_chat.errors import PageRefused
from lottery_chat.interface.app import App
from lottery_chat.ui.environment import prepare
from lottery_chat.ui.guard import Guard, is_loopback
from lottery_chat.ui.live import LiveRuns
from lottery_chat.ui.routes import add_routes


class Server:
    """The page on a socket. `start` returns when it answers, `stop` when it is gone; `url` is its address.

    Args:
        port: 0 takes a free one.

    Raises:
        PageRefused: a host that others can reach without a password, or a port that is taken.
    """

    def __init__(self, app: App, *, host: str = "127.0.0.1", port: int = 7860, password: str | None = None) -> None:
        if not is_loopback(host) and not password:
            raise PageRefused(
                f"{host!r} can be reached from other machines, and the page has no password. "
                "Set LOTTERY_CHAT_PASSWORD, or serve on 127.0.0.1."
            )
        self._socket = _listen(host, port)
        self.host, self.port = host, int(self._socket.getsockname()[1])
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        web = _web(app, prepare(app.home), host, self.port)
        guarded = Guard(web, host=host, port=self.port, password=password)
        config = uvicorn.Config(guarded, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
        self._server = _Announcing(config, self._ready.set)

    def start(self, seconds: float = 20.0) -> str:
        """Serve in a thread; return the address when the page answers."""
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="page", daemon=True)
        self._thread.start()
        if not self._ready.wait(seconds):
            raise PageRefused(f"The page did not start within {seconds:g} s at {self.url!r}. See the lines above.")
        return self.url

    def stop(self) -> None:
        """End the server and wait for its thread."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(10)
        self._socket.close()

    def run(self, on_ready: Callable[[], None]) -> None:
        """Serve in this thread until it is interrupted."""
        self._server.announce = on_ready
        try:
            self._server.run([self._socket])
        finally:
            self._socket.close()


def serve(
    app: App,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    password: str | None = None,
    open_browser: bool = True,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the page until it is interrupted; `on_ready` is called with its address when it answers.

    Raises:
        PageRefused: see Server.
    """
    server = Server(app, host=host, port=port, password=password)

    def ready() -> None:
        if on_ready is not None:
            on_ready(server.url)
        if open_browser:  # in a thread: some browsers' launchers block
            threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()

    server.run(ready)


class _Announcing(uvicorn.Server):
    """A uvicorn server that says when it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.announce()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would let two programs share a port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host.strip("[]"), port))
        taken.listen(128)
    except (OSError, OverflowError) as problem:
        taken.close()
        raise PageRefused(
            f"Port {port} on {host!r} cannot be used ({problem}). Is the chat already open at "
            f"http://{host}:{port}/? Otherwise choose another port, e.g. --port {port + 1 if port < 65535 else 7860}."
        ) from problem
    return taken


def _web(app: App, uploads: Path, host: str, port: int) -> FastAPI:
    live = LiveRuns(app)
    behind = _Gradio(app, live, host, port)
    web = FastAPI(title="Lottery Chat", docs_url=None, redoc_url=None, openapi_url=None, lifespan=behind.lifespan)
    add_routes(web, app, live, uploads, is_loopback(host))
    web.mount("/", behind)
    return web


class _Gradio:
    """Gradio as an ASGI app that is imported in a thread; requests that come early wait for it."""

    def __init__(self, app: App, live: LiveRuns, host: str, port: int) -> None:
        self._app, self._live, self._host, self._port = app, live, host, port
        self._ready: asyncio.Future[ASGIApp] | None = None

    @contextlib.asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Import and start Gradio while the page already answers; end it with the page."""
        self._ready = asyncio.get_running_loop().create_future()
        ended = asyncio.Event()
        task = asyncio.create_task(self._live_until(ended))
        try:
            yield
        finally:
            ended.set()
            await task

    async def _live_until(self, ended: asyncio.Event) -> None:
        assert self._ready is not None
        try:
            inner = await asyncio.to_thread(self._build)
            async with inner.router.lifespan_context(inner):
                self._ready.set_result(inner)
                await ended.wait()
        finally:
            if not self._ready.done():  # Gradio could not start: whoever waits for it is told, not left waiting
                self._ready.set_exception(PageRefused("Gradio could not start; see the lines above."))
                self._ready.exception()

    def _build(self) -> FastAPI:
        # Here, not above: importing gradio takes 2 s, and prepare() must have run before.
        from lottery_chat.ui.page import build, mount

        inner = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        # Gradio stands down with its own CORS (which reflects every origin) where the app has one: ours allows none.
        inner.add_middleware(CORSMiddleware, allow_origins=[])
        # Inside a loop of this thread: without one Gradio opens a new loop for each of its locks and leaves it open.
        asyncio.run(_inside(lambda: mount(inner, build(self._app, self._live), self._host, self._port)))
        return inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._ready is not None
        inner = await asyncio.shield(self._ready)
        await inner({**scope, "root_path": "", "app_root_path": ""}, receive, send)


async def _inside(make: Callable[[], None]) -> None:
    make()
