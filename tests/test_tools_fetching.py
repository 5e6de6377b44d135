"""The guarded fetcher against addresses and behaviours of a hostile web; the oracle is a canary that counts connections."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tools.addresses import why_not_public
from tools.errors import FetchError, FetchRefused, FetchTimedOut, Offline, ToolError
from tools.fetching import Fetcher

HOSTS = """
127.0.0.1 127.1 127.0.1 0 0.0.0.0 2130706433 0x7f000001 0x7f.1 017700000001 0177.0.0.1 127.000.000.001 localhost LOCALHOST.
localhost.localdomain ip6-localhost x.localhost 127.0.0.1.nip.io localtest.me [::1] [::] [0:0:0:0:0:0:0:1] [::127.0.0.1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe]
[64:ff9b:1::a00:1] [2002:7f00:1::] [2002:c0a8:101::1] [2001:0:4136:e378:8000:63bf:80ff:fffe] [fe80::1%25eth0] [fe80::1]
[fec0::1] [fc00::1] [fd00:ec2::254] [ff02::1] 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.170.2
100.100.100.200 100.64.0.1 192.0.0.192 198.18.0.1 192.0.2.1 203.0.113.9 192.88.99.1 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 host.docker.internal metadata.google.internal router.lan router ⑫⑦.⓪.⓪.① 127。0。0。1
127.0.0.1%00.example.com example.com@127.0.0.1 user:pw@public.net 127.0.0.1#@public.net 127.0.0.1\\@public.net
public.net\\@127.0.0.1 evil.net[::1] [::1 127.0.0.1. 127.0.0.1.. .127.0.0.1 public..net -public.net 0:0 1e3 ::1
[::ffff:10.0.0.1] [::ffff:a9fe:a9fe] 0.0.0.1 [100::1] [2001:db8::1] [3fff::1] [::1]x
""".split()

SCHEMES = """
file:///etc/passwd FILE:///etc/passwd ftp://public.net/ gopher://127.0.0.1:{port}/ dict://127.0.0.1:{port}/ data:text/html,x
jar:http://127.0.0.1:{port}!/ unix:/tmp/x blob:x javascript:alert(1) //127.0.0.1:{port}/ http:127.0.0.1:{port}
http:///127.0.0.1:{port} http:/127.0.0.1:{port}/ http://:{port}/ ws://127.0.0.1:{port}/ http://127.0.0.1:{port}:80/
http://public.net:22/ http://public.net:25/ http://public.net:6379/ http://public.net:11434/ http://public.net:7860/
http://public.net:99999/ http://public.net:٨٠/ http://public.net:-1/ http://public.net:80a/
""".split()

PUBLIC = """
8.8.8.8 1.1.1.1 172.32.0.1 172.15.255.255 100.128.0.1 100.63.255.255 11.0.0.1 9.255.255.255 192.169.0.1 198.20.0.1 223.255.255.254
[2606:4700:4700::1111] [2a00:1450:4001:81b::200e] [::ffff:8.8.8.8] public.net www.public.net xn--bcher-kva.net bücher.net
""".split()


class Canary:
    """Counts connections to this machine."""

    def __init__(self) -> None:
        self.count = 0
        four = socket.create_server(("127.0.0.1", 0))
        self.port = four.getsockname()[1]
        self._servers = [four]
        if socket.has_dualstack_ipv6():
            six = socket.socket(socket.AF_INET6)
            six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            six.bind(("::1", self.port))
            six.listen()
            self._servers.append(six)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._listen, args=(server,)) for server in self._servers]
        for thread in self._threads:
            thread.start()

    def _listen(self, server: socket.socket) -> None:
        server.settimeout(0.05)
        while not self._stop.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            self.count += 1
            with connection:
                connection.settimeout(1)
                try:
                    connection.recv(4096)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi")
                except OSError:
                    continue

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        for server in self._servers:
            server.close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    one = Canary()
    yield one
    one.close()


def to_this_machine(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def with_port(host: str, port: int) -> str:
    """The address with the canary's port, so that a connection that slips through is counted."""
    return f"http://{host}:{port}/" if "#" not in host else f"http://{host}:{port}/".replace("#", f":{port}/#", 1)


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


class _Web(BaseHTTPRequestHandler):
    """A hostile site."""

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": "a=1"}
        packed = headers | {"Content-Encoding": "gzip"}
        answers: dict[str, Callable[[], tuple[int, dict[str, str], bytes]]] = {
            "/to": lambda: (302, {"Location": query}, b""),
            "/loop": lambda: (307, {"Location": "/loop"}, b""),
            "/chain": lambda: (308, {"Location": f"/chain?{int(query) - 1}" if query != "0" else "/page"}, b""),
            "/page": lambda: (
                200,
                headers,
                f"cookie={self.headers.get('Cookie')} host={self.headers['Host']}".encode(),
            ),
            "/bomb": lambda: (200, packed, gzip.compress(b"0" * 50_000_000, 1)),
            "/zipped": lambda: (200, packed, gzip.compress(b"<p>hello</p>")),
            "/brotli": lambda: (200, headers | {"Content-Encoding": "br"}, b"xx"),
            "/broken": lambda: (200, packed, b"no gzip"),
            "/big": lambda: (200, headers, b"0" * 6_000_000),
            "/image": lambda: (200, {"Content-Type": "image/png"}, b"x"),
            "/missing": lambda: (404, headers, b"no"),
            "/short": lambda: (200, headers | {"Content-Length": "1000"}, b"x"),
        }
        if path in answers:
            self._reply(*answers[path]())
        elif path == "/drip":
            self._drip()

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        for _ in range(100):
            if self.server.stopping.wait(0.1):  # type: ignore[attr-defined]
                return
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return

    def _reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:
        return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        return  # the fetcher hangs up on purpose


class _Rewired(httpx.BaseTransport):
    """Stands for the public internet: whatever public address is asked for, the hostile site answers."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._inner = httpx.HTTPTransport(verify=False, trust_env=False)
        self.asked: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.host)
        plain = httpx.URL(scheme="http", host="127.0.0.1", port=self._port, raw_path=request.url.raw_path)
        response = self._inner.handle_request(httpx.Request("GET", plain, headers=request.headers))
        # The peer is this machine by design, so the peer check has nothing to look at here.
        return httpx.Response(response.status_code, headers=response.headers, stream=response.stream)

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def site() -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), _Web)
    server.stopping = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_address[1]
    server.stopping.set()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def open_web(port: int, **options: object) -> Fetcher:
    options = {
        "resolve": lambda host, at: ["93.184.216.34"],
        "transport": lambda: _Rewired(port),
        "seconds": 5.0,
    } | options
    return Fetcher(**options)  # type: ignore[arg-type]


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
    assert time.perf_counter() - started < 1.5


def test_a_fetch_can_be_cancelled(site: int) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(FetchTimedOut, match="cancelled"):
        open_web(site).fetch("http://public.net/drip", cancel=cancel)


def test_a_name_is_resolved_once_so_a_second_private_answer_is_never_used(site: int) -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    transport = _Rewired(site)
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
