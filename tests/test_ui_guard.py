"""The guard: foreign hosts, origins and passwords are refused, and every reply carries its headers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from lottery_chat.ui.guard import Guard, is_loopback

HOSTS: tuple[tuple[str, ...], ...] = (
    ("localhost:7860",),
    ("127.0.0.1:7860",),
    ("192.168.1.20:7860",),
    ("evil.com",),
    ("",),
    ("localhost.evil.com:7860",),
    ("evil.com:7860",),
    ("127.0.0.1:7860", "evil.com"),
)
ORIGINS = ("null", "http://evil.com", "http://localhost:3000")


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    page = scope["path"] == "/plain"
    kind = HTMLResponse if page else PlainTextResponse
    reply = kind("<script>1</script>" if page else "inside", headers={"Access-Control-Allow-Origin": "http://evil.com"})
    await reply(scope, receive, send)


def call(
    guard: Any,
    method: str = "GET",
    path: str = "/",
    hosts: tuple[str, ...] = ("127.0.0.1:7860",),
    body: bytes = b"",
    **headers: str,
) -> tuple[int, dict[str, str], bytes]:
    """One request through ASGI, with as many Host headers as wanted."""
    raw = [(b"host", one.encode()) for one in hosts]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": raw,
        "scheme": "http",
        "http_version": "1.1",
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.fixture
def guard() -> Guard:
    return Guard(behind, host="127.0.0.1", port=7860, password=None)


@pytest.mark.parametrize("hosts", HOSTS)
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize(
    "path", ["/gradio_api/run/begin", "/gradio_api/queue/join", "/gradio_api/upload", "/page/api/options"]
)
def test_no_foreign_page_can_send_anything_under_any_host(
    guard: Guard, hosts: tuple[str, ...], origin: str, path: str
) -> None:
    status, headers, body = call(guard, "POST", path, hosts, origin=origin)
    assert status == 403 and b"inside" not in body
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("hosts", HOSTS)
def test_only_our_own_names_are_answered_so_that_dns_rebinding_finds_nothing(
    guard: Guard, hosts: tuple[str, ...]
) -> None:
    ours = hosts in (("localhost:7860",), ("127.0.0.1:7860",))
    status, headers, _ = call(guard, "GET", "/", hosts)
    assert status == (200 if ours else 403)
    assert "access-control-allow-origin" not in headers


def test_our_own_page_may_send(guard: Guard) -> None:
    status, _, body = call(guard, "POST", "/gradio_api/run/begin", origin="http://127.0.0.1:7860")
    assert (status, body) == (200, b"inside")


@pytest.mark.parametrize("to", ["script", "image", "iframe", "empty", ""])
def test_another_site_cannot_load_our_files(guard: Guard, to: str) -> None:
    assert call(guard, "GET", "/page/api/conversations", sec_fetch_site="cross-site", sec_fetch_dest=to)[0] == 403


def test_a_link_on_another_site_may_open_the_page(guard: Guard) -> None:
    assert call(guard, "GET", "/", sec_fetch_site="cross-site", sec_fetch_dest="document")[0] == 200


@pytest.mark.parametrize("path", ["/", "/plain", "/page/api/state", "/gradio_api/proxy=http://x"])
def test_every_reply_carries_the_security_headers(guard: Guard, path: str) -> None:
    _, headers, _ = call(guard, "GET", path)
    policy = headers["content-security-policy"]
    for wanted in ("default-src 'self'", "img-src 'self' data: blob:", "frame-ancestors 'none'", "object-src 'none'"):
        assert wanted in policy
    assert "unsafe-eval" not in policy and "script-src 'self' 'unsafe-inline'" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"


def test_only_gradios_page_has_the_relaxed_policy_and_its_nonce_is_new_each_time(guard: Guard) -> None:
    first, second = (call(guard, "GET", "/plain") for _ in range(2))
    nonce = first[2].decode().partition('nonce="')[2].partition('"')[0]
    assert len(nonce) >= 20 and f"'nonce-{nonce}'" in first[1]["content-security-policy"]
    assert nonce not in second[1]["content-security-policy"]
    assert first[1]["content-length"] == str(len(first[2]))
    assert "unsafe-inline" not in call(guard, "GET", "/")[1]["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/vibe-edit/",
        "/file=/etc/passwd",
        "/gradio_api/component_server",
        "/monitoring/x",
        "/gradio_api/stream/x",
        "/static//windows/win.ini",
        "/static/../app.py",
        "/docs",
        "/openapi.json",
        "/robots.txt",
    ],
)
def test_parts_of_gradio_that_the_page_does_not_need_are_not_there(guard: Guard, path: str) -> None:
    assert call(guard, "GET", path)[0] == 404
    assert call(guard, "POST", path)[0] == 404


def test_a_websocket_is_refused(guard: Guard) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard({"type": "websocket", "path": "/", "headers": []}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.fixture
def shared() -> Guard:
    return Guard(behind, host="0.0.0.0", port=7860, password="open sesame")


@pytest.mark.parametrize(
    "path", ["/page/api/state", "/page/api/conversations", "/gradio_api/info", "/config", "/page/static/page.js"]
)
def test_without_the_password_nothing_is_told(shared: Guard, path: str) -> None:
    status, _, body = call(shared, "GET", path, ("192.168.1.20:7860",))
    assert status == 401 and b"inside" not in body


def test_the_password_opens_the_page_by_a_cookie_that_scripts_cannot_read(shared: Guard) -> None:
    status, headers, _ = call(shared, "POST", "/page/login", body=b"password=open+sesame")
    cookie = headers["set-cookie"]
    assert status == 303 and "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert call(shared, "GET", "/", cookie=cookie.partition(";")[0])[0] == 200
    assert call(shared, "GET", "/", authorization="Bearer open sesame")[0] == 200


def test_a_wrong_password_opens_nothing_and_takes_a_second(shared: Guard) -> None:
    import time

    since = time.monotonic()
    status, headers, _ = call(shared, "POST", "/page/login", body=b"password=wrong")
    assert status == 401 and "set-cookie" not in headers and time.monotonic() - since > 0.9
    assert call(shared, "GET", "/page/api/state", authorization="Bearer wrong")[0] == 401


def test_a_shared_page_answers_to_addresses_but_not_to_unknown_names(shared: Guard) -> None:
    allowed = {"authorization": "Bearer open sesame"}
    assert call(shared, "GET", "/", ("192.168.1.20:7860",), **allowed)[0] == 200
    assert call(shared, "GET", "/", ("evil.com:7860",), **allowed)[0] == 403


@pytest.mark.parametrize(
    ("host", "alone"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("127.9.9.9", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_which_hosts_only_this_machine_can_reach(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone
