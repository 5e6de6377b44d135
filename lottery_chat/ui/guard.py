"""Who may talk to the page: Host, Origin and password are checked, and every reply carries its security headers.

Pure ASGI, in front of everything (our routes and Gradio's). What this does not do: accounts; whoever knows the
password sees the one set of data.

Relaxed for Gradio's own page (`/plain`) only, because its frontend needs it: `style-src 'unsafe-inline'` (Svelte
writes style elements), `base-uri 'self'` (its index has a <base>), and its inline scripts run under a nonce that is
new for each reply. Our page needs none of that. Nowhere is `unsafe-eval` allowed.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Iterable
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_COMMON = "object-src 'none'; frame-ancestors 'none'; form-action 'self'; img-src 'self' data: blob:"
OWN_POLICY = f"default-src 'self'; script-src 'self'; style-src 'self'; base-uri 'none'; {_COMMON}"
_GRADIO_POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    f"font-src 'self' data:; base-uri 'self'; {_COMMON}"
)
#: The only paths of Gradio that are reachable; its file, proxy, stream, profiling and editing routes are not.
_GRADIO_PATHS = ("/plain", "/plain/", "/config", "/config/", "/theme.css", "/favicon.ico", "/manifest.json")
_GRADIO_TREES = (
    "/assets/",
    "/static/",
    "/gradio_api/call/",
    "/gradio_api/run/",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
)
_GRADIO_API = ("info", "upload", "startup-events", "cancel", "reset", "app_id")

_LOGIN_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Lottery Chat</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/page/static/page.css">
<body class="login"><form method="post" action="/page/login"><h1>Lottery Chat</h1><p>{said}</p>
<label>Password <input type="password" name="password" autocomplete="current-password" autofocus required></label>
<button class="button primary">Open</button></form></body></html>"""


def is_loopback(host: str) -> bool:
    """Whether a server bound to this host is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware: refuse what does not come from our own page, then add the headers.

    Args:
        app: what lies behind.
        host: the address the server is bound to; other names are refused, so DNS rebinding finds nothing.
        port: the port in the Host header, when one is given.
        password: the one password, or None on loopback.
    """

    def __init__(self, app: ASGIApp, *, host: str, port: int, password: str | None) -> None:
        self._app = app
        self._port = port
        self._host = host
        self._password = password
        self._cookie = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":  # We use no websockets: a page elsewhere could open one without CORS.
            return await send({"type": "websocket.close", "code": 1008})
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is None and self._password is not None and not self._knows_password(scope, headers):
            refusal = await self._ask_password(scope, receive)
        gradio = _is_gradio_page(scope["path"])
        wrapped = _Headed(send, gradio)
        if refusal is not None:
            await refusal(scope, receive, wrapped)
        else:
            await self._app(scope, receive, wrapped)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or not self._host_allowed(hosts[0]):
            return PlainTextResponse(f"Refused: unknown host {', '.join(hosts)[:100]!r}.", 403)
        if origins and origins not in ([f"http://{hosts[0]}"], [f"https://{hosts[0]}"]):
            return PlainTextResponse(f"Refused: the request comes from another page, {origins[0][:100]!r}.", 403)
        site, to = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-dest", "")
        if site not in ("same-origin", "none") and not (scope["method"] == "GET" and to == "document"):
            return PlainTextResponse("Refused: the request comes from another site.", 403)
        if not _reachable(scope["path"]):
            return PlainTextResponse("Not found.", 404)
        return None

    def _host_allowed(self, value: str) -> bool:
        name, port = _split_host(value)
        if port is not None and port != self._port:
            return False
        if name in _LOOPBACK or name == self._host.strip("[]"):
            return True
        # An address is not a name: it cannot be rebound by DNS. Only where we listen beyond loopback.
        return not is_loopback(self._host) and _is_address(name)

    def _knows_password(self, scope: Scope, headers: Headers) -> bool:
        if scope["path"] == "/page/static/page.css":
            return True
        sent = Request(scope).cookies.get("lottery_chat", "")
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return _same(sent, self._cookie) or _same(bearer, self._password or "")

    async def _ask_password(self, scope: Scope, receive: Receive) -> Response:
        path, method = scope["path"], scope["method"]
        if path == "/page/login" and method == "POST":
            return await self._log_in(Request(scope, receive))
        if method == "GET" and path in ("/", "/plain", "/page/login"):
            return HTMLResponse(_LOGIN_PAGE.format(said="This page asks for its password."), 401)
        return JSONResponse({"error": "The password is needed: open the page again."}, 401)

    async def _log_in(self, request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > 4096:
                return PlainTextResponse("Too long.", 413)
        given = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
        if not _same(given, self._password or ""):
            return await self._slowly()
        reply = RedirectResponse("/", 303)
        reply.set_cookie("lottery_chat", self._cookie, httponly=True, samesite="strict", path="/")
        return reply

    async def _slowly(self) -> Response:
        import asyncio

        if not hasattr(self, "_turn"):
            self._turn = asyncio.Lock()  # made here: it belongs to the running loop
        async with self._turn:  # one guess a second, however many connections
            await asyncio.sleep(1)
        return HTMLResponse(_LOGIN_PAGE.format(said="That password is not right."), 401)


class _Headed:
    """`send` that adds the security headers, and the nonce to the inline scripts of Gradio's page."""

    def __init__(self, send: Send, gradio: bool) -> None:
        self._send, self._gradio = send, gradio
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            policy = _GRADIO_POLICY.format(nonce=self._nonce) if self._gradio else OWN_POLICY
            message = {**message, "headers": _with(message["headers"], policy)}
            kind = Headers(raw=message["headers"]).get("content-type", "")
            if self._gradio and kind.startswith("text/html"):
                self._start = message  # held back: its length changes with the nonces
                return
        elif self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = self._body.replace(b"<script", b'<script nonce="' + self._nonce.encode() + b'"')
            kept = [(k, v) for k, v in self._start["headers"] if k.lower() != b"content-length"]
            await self._send({**self._start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
            message = {"type": "http.response.body", "body": body}
        await self._send(message)


def _with(headers: Iterable[tuple[bytes, bytes]], policy: str) -> list[tuple[bytes, bytes]]:
    ours = {
        b"content-security-policy": policy.encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"x-frame-options": b"DENY",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
        b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    }
    dropped = set(ours) | {b"server"}
    kept = [(k, v) for k, v in headers if k.lower() not in dropped and not k.lower().startswith(b"access-control-")]
    return [*kept, *ours.items()]


def _reachable(path: str) -> bool:
    if path == "/" or path.startswith("/page/") or path in _GRADIO_PATHS:
        return True
    if path.startswith("/gradio_api/") and path.split("/")[2] in _GRADIO_API:
        return True
    return path.startswith(_GRADIO_TREES) and ".." not in path and "//" not in path and "\\" not in path


def _is_gradio_page(path: str) -> bool:
    return path.rstrip("/") == "/plain"


def _split_host(value: str) -> tuple[str, int | None]:
    name, sign, port = value.rpartition(":")
    if value.startswith("["):
        name, _, rest = value[1:].partition("]")
        sign, port = rest[:1], rest[1:]
    elif not sign:
        name = value
    if not sign:
        return name.lower(), None
    return name.lower(), int(port) if port.isascii() and port.isdigit() else -1


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(given: str, right: str) -> bool:
    digests = (hashlib.sha256(one.encode("utf-8", "surrogateescape")).digest() for one in (given, right))
    return hmac.compare_digest(*digests)
