"""The guarded fetcher against addresses and behaviours of a hostile web; the oracle is a canary that counts connections."""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from web_servers import (
    HOSTS,
    SCHEMES,
    Canary,
    HostileSite,
    Rewired,
    SiteServer,
    open_web,
    running,
    to_this_machine,
    with_port,
)

from tools.addresses import why_not_public
from tools.errors import FetchError, FetchRefused, FetchTimedOut, Offline, ToolError
from tools.fetching import Fetcher

PUBLIC = """
8.8.8.8 1.1.1.1 172.32.0.1 172.15.255.255 100.128.0.1 100.63.255.255 11.0.0.1 9.255.255.255 192.169.0.1 198.20.0.1 223.255.255.254
[2606:4700:4700::1111] [2a00:1450:4001:81b::200e] [::ffff:8.8.8.8] public.net www.public.net xn--bcher-kva.net bücher.net
""".split()


@pytest.fixture
def canary() -> Iterator[Canary]:
    one = Canary()
    yield one
    one.close()


def test_no_forbidden_address_is_ever_connected(canary: Canary) -> None:
    own = socket.gethostname()
    urls = [with_port(host, canary.port) for host in [*HOSTS, own]] + [url.format(port=canary.port) for url in SCHEMES]
    assert len(urls) >= 100
    fetcher = Fetcher(resolve=to_this_machine, ports=frozenset({80, 443, canary.port}), seconds=3)
    passed = []
    for url in urls:
        try:
            passed.append((url, fetcher.fetch(url)))
        except ToolError as error:
            assert str(error).endswith(".")
    assert passed == []
    assert canary.count == 0


def test_with_the_guard_off_the_canary_counts_connections(canary: Canary) -> None:
    fetcher = Fetcher(resolve=to_this_machine, guard=lambda address: "", ports=frozenset({canary.port}), seconds=3)
    for host in ("127.0.0.1", "localtest.me", "127.0.0.1.nip.io", "public.net"):
        assert fetcher.fetch(with_port(host, canary.port)).body == b"hi"
    assert canary.count == 4


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses_are_allowed(host: str) -> None:
    target = Fetcher(resolve=lambda name, port: ["93.184.216.34"]).check(f"https://{host}/a?b#c")
    assert target.url.endswith("/a?b")
    assert ipaddress.ip_address(target.address)


def test_the_standard_library_alone_would_let_addresses_through() -> None:
    for address in ("64:ff9b::a9fe:a9fe", "2002:7f00:1::", "224.0.0.1", "fec0::1"):
        assert ipaddress.ip_address(address).is_global, "the trap of reliability.md 1.10"
        assert why_not_public(address)


@pytest.fixture
def site() -> Iterator[int]:
    with running(HostileSite) as server:
        yield server.server_address[1]


def test_a_page_comes_whole_with_its_type_and_no_cookie_is_sent(site: int) -> None:
    page = open_web(site).fetch("http://public.net/chain?3")
    assert page.body == b"cookie=None host=public.net"
    assert (page.url, page.type, page.charset) == ("http://public.net/page", "text/html", "utf-8")
    assert open_web(site).fetch("http://public.net/zipped").body == b"<p>hello</p>"


def test_no_redirect_leads_to_a_forbidden_address(site: int, canary: Canary) -> None:
    fetcher = open_web(site, ports=frozenset({80, 443, canary.port}), resolve=lambda host, port: (
        ["93.184.216.34"] if host == "public.net" else ["127.0.0.1"]))  # fmt: skip
    followed = []
    for host in HOSTS:
        if "#" in host or not host.isascii():
            continue
        try:
            followed.append((host, fetcher.fetch(f"http://public.net/to?{with_port(host, canary.port)}")))
        except ToolError:
            continue
    assert followed == []
    assert canary.count == 0


@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        ("/loop", FetchRefused, "more than 5 redirects"),
        ("/chain?6", FetchRefused, "more than 5 redirects"),
        ("/bomb", FetchRefused, "larger than 5 MB"),
        ("/big", FetchRefused, "larger than 5 MB"),
        ("/image", FetchRefused, "image/png"),
        ("/brotli", FetchRefused, "packed with 'br'"),
        ("/broken", FetchError, "cannot be unpacked"),
        ("/missing", FetchError, "404"),
        ("/short", FetchError, "could not be fetched"),
        ("/to?file:///etc/passwd", FetchRefused, "only http"),
        ("/to?//127.0.0.1/", FetchRefused, "private network"),
        ("/to?http://public.net:22/", FetchRefused, "port 22"),
    ],
)
def test_a_hostile_answer_is_refused_with_its_reason(site: int, path: str, error: type[FetchError], said: str) -> None:
    with pytest.raises(error, match=said.replace(".", r"\.")):
        open_web(site).fetch("http://public.net" + path)


def test_a_redirect_from_https_to_http_is_not_followed(site: int) -> None:
    with pytest.raises(FetchRefused, match="unencrypted"):
        open_web(site).fetch("https://public.net/to?http://public.net/page")


def test_a_server_that_drips_ends_at_the_limit_on_the_whole(site: int) -> None:
    started = time.perf_counter()
    with pytest.raises(FetchTimedOut, match="longer than 0.5 s"):
        open_web(site, seconds=0.5).fetch("http://public.net/drip")
    assert time.perf_counter() - started < 8


def test_a_fetch_can_be_cancelled(site: int) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(FetchTimedOut, match="cancelled"):
        open_web(site).fetch("http://public.net/drip", cancel=cancel)


def test_a_name_is_resolved_once_so_a_second_private_answer_is_never_used(site: int) -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    transport = Rewired(site)
    fetcher = open_web(site, resolve=lambda host, port: answers.pop(0), transport=lambda: transport)
    assert fetcher.fetch("http://public.net/page").body
    assert len(answers) == 1 and transport.asked == ["93.184.216.34"]


@pytest.mark.parametrize(
    "addresses", [["93.184.216.34", "10.0.0.1"], ["93.184.216.34", "::1"], ["fd00::1", "93.184.216.34"]]
)
def test_one_private_address_among_public_ones_refuses_the_name(addresses: list[str]) -> None:
    with pytest.raises(FetchRefused, match="private network"):
        Fetcher(resolve=lambda host, port: addresses).check("http://public.net/")


def test_a_peer_that_is_not_the_checked_address_is_refused() -> None:
    class Stream:
        def get_extra_info(self, name: str) -> tuple[str, int]:
            return ("10.0.0.7", 80)

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"Content-Type": "text/plain"}, text="x", extensions={"network_stream": Stream()}
        )

    fetcher = Fetcher(resolve=lambda host, port: ["93.184.216.34"], transport=lambda: httpx.MockTransport(answer))
    with pytest.raises(FetchRefused, match="answered by 10.0.0.7"):
        fetcher.fetch("http://public.net/")


def test_a_name_that_does_not_resolve_is_said_as_offline() -> None:
    def fails(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror("no name")

    with pytest.raises(Offline, match="no network"):
        Fetcher(resolve=fails).fetch("http://public.net/")


def test_a_host_allowed_by_hand_is_reached_and_only_on_its_port(canary: Canary) -> None:
    fetcher = Fetcher(allow_hosts=frozenset({f"127.0.0.1:{canary.port}"}))
    assert fetcher.fetch(f"http://127.0.0.1:{canary.port}/").body == b"hi"
    with pytest.raises(FetchRefused):
        fetcher.fetch("http://127.0.0.1/")


class _Proxy(BaseHTTPRequestHandler):
    """A proxy that answers itself and notes what it was asked for."""

    server: SiteServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        HostileSite.reply(self, 200, {"Content-Type": "text/plain"}, b"through the proxy")

    def log_message(self, format: str, *args: object) -> None:
        return


def test_a_proxy_gets_the_checked_address_and_never_a_forbidden_one() -> None:
    with running(_Proxy) as proxy:
        own = f"http://127.0.0.1:{proxy.server_address[1]}"
        fetcher = Fetcher(proxy=own, resolve=lambda host, port: ["93.184.216.34"])
        assert fetcher.fetch("http://public.net/a?b").body == b"through the proxy"
        with pytest.raises(FetchRefused):
            Fetcher(proxy=own, resolve=to_this_machine).fetch("http://public.net/")
        assert proxy.asked == ["http://93.184.216.34/a?b"]


def test_a_proxy_of_a_kind_that_pages_cannot_use_is_never_gone_around(canary: Canary) -> None:
    fetcher = Fetcher(
        proxy=f"socks5://127.0.0.1:{canary.port}", resolve=to_this_machine, guard=lambda address: "",
        ports=frozenset({canary.port}),
    )  # fmt: skip
    with pytest.raises(FetchRefused, match="LOTTERY_CHAT_PROXY"):
        fetcher.fetch(f"http://public.net:{canary.port}/")
    assert canary.count == 0
