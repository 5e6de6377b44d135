"""Servers that a person named may be on their own network; they can send us nowhere else. A canary counts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import httpx
import httpx2
import pytest
from model_servers import Fake, ndjson_reply, ollama_model, ollama_routes, serve
from web_servers import HOSTS, SCHEMES, Canary, SiteServer, running, with_port

from lottery_chat.calls.mcp_http import one_host_client
from lottery_chat.errors import LotteryChatError, ModelMissing
from lottery_chat.messages import Message
from lottery_chat.models import http, probing
from lottery_chat.models.ollama import OllamaServer
from lottery_chat.models.openai_compatible import OpenAICompatible
from lottery_chat.models.protocol import ModelCard, Request

CODES = (301, 302, 303, 307, 308)
#: The forms that would reach the canary if anybody followed them.
LOOPBACK = "127.0.0.1 127.1 0.0.0.0 2130706433 0x7f000001 localhost [::1] [::ffff:127.0.0.1] user@127.0.0.1".split()


@pytest.fixture
def canary() -> Iterator[Canary]:
    one = Canary()
    yield one
    one.close()


class Elsewhere(BaseHTTPRequestHandler):
    """Sends every request on: the first part of the path is the code, `target` where to."""

    server: SiteServer
    target = ""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        code = self.path.split("/")[1]
        self.send_response(int(code) if code.isdigit() else 307)
        self.send_header("Location", self.target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    do_DELETE = do_POST

    def log_message(self, format: str, *args: object) -> None:
        return


def attempts(base: str) -> Iterator[Callable[[], object]]:
    """Everything that is asked of a model server, through its own client."""
    ollama, openai = OllamaServer(base), probing.server_at(base, "key")
    yield ollama.version
    yield ollama.models
    yield lambda: list(ollama.pull("tiny:1b", threading.Event()))
    yield lambda: ollama.remove("tiny")
    yield lambda: ollama.model("tiny", 1024)
    yield lambda: probing.model_names(openai)
    yield lambda: probing.connect(openai, "tiny", 1024, threading.Event())
    yield lambda: http.ask(openai, "v1/chat/completions", {"model": "tiny"}, seconds=5)
    yield lambda: list(http.lines(openai, "v1/chat/completions", {"model": "tiny"}, seconds=5, cancel=threading.Event()))  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_model_server_cannot_send_us_to_another_address(canary: Canary, code: int) -> None:
    with running(Elsewhere) as site:
        for host in LOOPBACK:
            Elsewhere.target = with_port(host, canary.port)
            for attempt in attempts(f"http://127.0.0.1:{site.server_address[1]}/{code}"):
                try:
                    attempt()
                except LotteryChatError as error:
                    assert "127.0.0.1" in str(error) or "Ollama" in str(error) or "server" in str(error), error
        assert len(site.asked) >= 8 * len(LOOPBACK), "each of them did ask"
    assert canary.count == 0


def test_a_client_that_follows_is_seen_by_the_canary(canary: Canary) -> None:
    with running(Elsewhere) as site:
        Elsewhere.target = with_port("127.0.0.1", canary.port)
        for code in CODES:
            httpx.get(f"http://127.0.0.1:{site.server_address[1]}/{code}/api/tags", follow_redirects=True)
    assert canary.count == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_tool_server_cannot_send_us_to_another_address(canary: Canary, code: int) -> None:
    async def ask(base: str, path: str, follow: bool) -> None:
        async with one_host_client(base) as client:
            client.follow_redirects = follow
            try:
                reply = await client.post(f"{base}/{code}", json={"jsonrpc": "2.0"})
            except httpx2.HTTPError as error:
                assert "another host" in str(error) or not follow
            else:
                assert reply.status_code == code and not follow

    with running(Elsewhere) as site:
        for host in LOOPBACK:
            Elsewhere.target = with_port(host, canary.port)
            for follow in (False, True):
                asyncio.run(ask(f"http://127.0.0.1:{site.server_address[1]}", "/", follow))
        assert len(site.asked) == 2 * len(LOOPBACK)
    assert canary.count == 0


def test_ollama_is_not_asked_to_fetch_from_an_address(canary: Canary) -> None:
    """Ollama goes to the host in a model's name, also on the network it stands in: no such name reaches it."""
    names = [with_port(host, canary.port) for host in HOSTS] + [
        url.format(port=canary.port) for url in SCHEMES if url != "blob:x"
    ]
    names += [f"{host}:{canary.port}/evil/model" for host in HOSTS] + [f"{host}/evil/model" for host in HOSTS]
    fake = Fake(ollama_routes([ollama_model("tiny")], ndjson_reply([{"content": "x"}])))
    with serve(fake):
        server = OllamaServer(fake.url)
        for name in names:
            with pytest.raises(ModelMissing, match="is not pulled"):
                list(server.pull(name, threading.Event()))
    assert len(names) > 250 and fake.requests == [] and canary.count == 0


@pytest.mark.parametrize("name", ["llama3.2:1b", "qwen2.5-coder:1.5b-instruct-q4_K_M", "someone/model:latest", "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "registry.ollama.ai/library/tiny"])  # fmt: skip
def test_ordinary_names_do_reach_ollama(name: str) -> None:
    fake = Fake({"/api/pull": ndjson_reply([])})
    with serve(fake):
        list(OllamaServer(fake.url).pull(name, threading.Event()))
    assert [path for path, _, _ in fake.requests] == ["/api/pull"]


def test_a_chat_with_a_server_that_moved_is_an_error_and_sends_the_words_nowhere(canary: Canary) -> None:
    with running(Elsewhere) as site:
        Elsewhere.target = with_port("127.0.0.1", canary.port)
        server = probing.server_at(f"http://127.0.0.1:{site.server_address[1]}/307", None)
        model = OpenAICompatible(lambda: server, ModelCard("tiny", "openai", 1024), model="tiny", flavour="plain")
        with pytest.raises(LotteryChatError):
            list(model.stream(Request((Message("user", "a secret"),), max_tokens=5), threading.Event()))
    assert canary.count == 0
