"""Web servers for tests: a canary that counts connections, a hostile site, and a transport that stands for the internet."""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import httpx

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


ARTICLE = (
    "<html><head><title>Rain</title><meta property='article:published_time' content='2026-03-05'></head><body><article>"
    + "<h1>Rain</h1>" + "<p>It rained in the valley for three days and the river rose by two metres.</p>" * 4
    + "<script>alert(1)</script></article></body></html>"
)  # fmt: skip


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


def to_this_machine(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def with_port(host: str, port: int) -> str:
    """The address with the canary's port, so that a connection that slips through is counted."""
    return f"http://{host}:{port}/" if "#" not in host else f"http://{host}:{port}/".replace("#", f":{port}/#", 1)


def _redirect(code: int, location: str) -> tuple[int, dict[str, str], bytes]:
    return code, {"Location": location}, b""


class HostileSite(BaseHTTPRequestHandler):
    """A hostile site."""

    server: SiteServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        path, _, query = self.path.partition("?")
        headers = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": "a=1"}
        packed = headers | {"Content-Encoding": "gzip"}
        answers: dict[str, Callable[[], tuple[int, dict[str, str], bytes]]] = {
            "/to": lambda: (302, {"Location": query}, b""),
            **{f"/to{code}": functools.partial(_redirect, code, query) for code in (301, 303, 307, 308)},
            "/loop": lambda: (307, {"Location": "/loop"}, b""),
            "/chain": lambda: (308, {"Location": f"/chain?{int(query) - 1}" if query != "0" else "/page"}, b""),
            "/page": lambda: (
                200,
                headers,
                f"cookie={self.headers.get('Cookie')} host={self.headers['Host']}".encode(),
            ),
            "/bomb": lambda: (200, packed, gzip.compress(b"0" * 50_000_000, 1)),
            "/article": lambda: (200, headers, ARTICLE.encode()),
            "/zipped": lambda: (200, packed, gzip.compress(b"<p>hello</p>")),
            "/brotli": lambda: (200, headers | {"Content-Encoding": "br"}, b"xx"),
            "/broken": lambda: (200, packed, b"no gzip"),
            "/big": lambda: (200, headers, b"0" * 6_000_000),
            "/image": lambda: (200, {"Content-Type": "image/png"}, b"x"),
            "/missing": lambda: (404, headers, b"no"),
            "/short": lambda: (200, headers | {"Content-Length": "1000"}, b"x"),
        }
        if path in answers:
            self.reply(*answers[path]())
        elif path == "/drip":
            self._drip()

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        for _ in range(100):
            if self.server.stopping.wait(0.1):
                return
            try:
                self.wfile.write(b"x")
                self.wfile.flush()
            except OSError:
                return

    def reply(self: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
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


@functools.cache
def _bomb() -> bytes:
    return gzip.compress(b" " * 50_000_000, 1)


@functools.cache
def _big() -> bytes:
    return b"[" + b" " * 50_000_000


class FaultySearch(BaseHTTPRequestHandler):
    """Wikipedia's API and a SearXNG server at once; the first part of the path names what goes wrong ("good": nothing)."""

    server: SiteServer

    def do_GET(self) -> None:
        fault = self.path.split("/")[1]
        self.server.asked.append(self.path)
        whole = self._good()
        plain = {"Content-Type": "application/json"}
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "good": (200, plain, whole),
            "article": (200, plain, whole.replace(b"public.net/page", b"public.net/article")),
            "429": (429, {"Retry-After": "120"}, b"slow down"),
            "500": (500, {}, b"oops"),
            "captcha": (200, {"Content-Type": "text/html"}, b"<html><form>Are you a robot? Tower: 95 m</form></html>"),
            "empty": (200, plain, b""),
            "none": (200, plain, json.dumps({"batchcomplete": True, "results": []}).encode()),
            "truncated": (200, plain, whole[: len(whole) // 2]),
            "length": (200, plain | {"Content-Length": str(len(whole) + 500)}, whole),
            "gzip-cut": (200, plain | {"Content-Encoding": "gzip"}, gzip.compress(whole)[:-20]),
            "bomb": (200, plain | {"Content-Encoding": "gzip"}, _bomb()),
            "big": (200, plain, _big()),
            "lies": (200, plain, b"\x89PNG\r\n\x1a\n" + bytes(200)),
            "deep": (200, plain, b"[" * 100_000),
            "odd": (200, plain, json.dumps({"query": {"pages": [3, None]}, "results": [7, {"title": []}]}).encode()),
            "private": (302, {"Location": f"http://127.0.0.2:{self.server.server_address[1]}/good"}, b""),
            "loop": (302, {"Location": self.path}, b""),
        }
        if fault in answers:
            HostileSite.reply(self, *answers[fault])
        elif fault == "drip":
            self._slowly([b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", *[b"x"] * 600], 0.1)
        elif fault == "headers":
            self._slowly([b"HTTP/1.1 200 OK\r\n", *[b"X-Filler: " + b"a" * 900 + b"\r\n"] * 200_000], 0.0)
        elif fault == "silence":
            self._slowly([b""] * 600, 0.1)
        self.close_connection = True

    def _good(self) -> bytes:
        host = "https://public.net"
        page = {"index": 1, "title": "Tower", "fullurl": f"{host}/page", "extract": "The tower is 95 m high."}
        page["revisions"] = [{"timestamp": "2026-11-01T08:00:00Z"}]
        row = {"title": "Tower", "url": f"{host}/page", "content": "The tower is 95 m high."}
        return json.dumps({"query": {"pages": [page]}, "results": [row | {"publishedDate": "2026-11-01"}]}).encode()

    def _slowly(self, pieces: Sequence[bytes], pause: float) -> None:
        for piece in pieces:
            if self.server.stopping.wait(pause):
                return
            try:
                self.wfile.write(piece)
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        return


def queries(server: SiteServer) -> list[str]:
    """What was searched for, as it reached the server."""
    found = [parse_qs(path.partition("?")[2]) for path in server.asked]
    return [one.get("gsrsearch", one.get("q", [""]))[0] for one in found]


class SiteServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.stopping = threading.Event()
        self.asked: list[str] = []

    def handle_error(self, request: object, client_address: object) -> None:
        return  # the fetcher hangs up on purpose


class Rewired(httpx.BaseTransport):
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


@contextlib.contextmanager
def running(handler: type[BaseHTTPRequestHandler]) -> Iterator[SiteServer]:
    """A server on a free port of this machine; what it was asked is in `asked`."""
    server = SiteServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()


def open_web(port: int, **options: object) -> Fetcher:
    options = {
        "resolve": lambda host, at: ["93.184.216.34"],
        "transport": lambda: Rewired(port),
        "seconds": 5.0,
    } | options
    return Fetcher(**options)  # type: ignore[arg-type]
