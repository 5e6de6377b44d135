"""Our own server fetches nothing for anybody: forbidden addresses through every route that takes a text, a canary counts."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from fake_app import fake_app
from web_servers import Canary, with_port

from lottery_chat.ui.server import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    one = Server(fake_app(tmp_path_factory.mktemp("home")), port=0)
    one.start()
    try:
        yield one
    finally:
        one.stop()


@pytest.fixture
def canary() -> Iterator[Canary]:
    one = Canary()
    yield one
    one.close()


def call(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> int:
    raw = None if body is None else json.dumps(body).encode()
    connection.request(method, path, raw, {"Content-Type": "application/json"})
    reply = connection.getresponse()
    reply.read()
    return reply.status


def file_data(url: str) -> dict[str, Any]:
    """A file as Gradio's client names it, but with an address in place of an upload (CVE-2024-47167)."""
    return {"path": url, "url": url, "orig_name": "a.txt", "meta": {"_type": "gradio.FileData"}}


#: The forms that would reach the canary if anybody followed them; the others could not be counted here.
LOOPBACK = "127.0.0.1 127.1 0.0.0.0 2130706433 0x7f000001 localhost [::1] [::ffff:127.0.0.1] user@127.0.0.1".split()
GETS = ("/gradio_api/file=", "/file=", "/gradio_api/proxy=", "/gradio_api/stream/", "/page/static/")
POSTS = ("/gradio_api/queue/join", "/gradio_api/run/begin", "/gradio_api/call/begin", "/page/api/documents")


def test_no_route_of_the_page_contacts_a_forbidden_address(server: Server, canary: Canary) -> None:
    urls = [with_port(host, canary.port) for host in LOOPBACK]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        for url in urls:
            for door in GETS:
                quoted = urllib.parse.quote(door + url, safe="/=%:?@[]")
                assert call(connection, "GET", quoted) >= 300, (door, url)
    finally:
        connection.close()
    assert canary.count == 0


def test_a_file_named_by_an_address_is_not_fetched(server: Server, canary: Canary) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        for url in [with_port(host, canary.port) for host in LOOPBACK]:
            for door in POSTS:
                body: dict[str, Any] = {"data": [file_data(url)], "fn_index": 0, "session_hash": "s", "path": url}
                call(connection, "POST", door, body | ({"title": "a"} if door.endswith("documents") else {}))
    finally:
        connection.close()
    assert canary.count == 0


def test_the_canary_counts_who_does_come(canary: Canary) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", canary.port, timeout=5)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"hi"
    connection.close()
    assert canary.count == 1
