"""Fetch a public web page, guarded: the address is checked at every hop, and what comes back is limited.

http and https on ports 80 and 443; a name is resolved once, every address it has must be public, and the connection
goes to the checked address and no other. At most 5 redirects, 10 s, 5 MB unpacked; HTML, plain text and PDF only; no
cookies, no proxy but the one given (names are then still looked up here, and the proxy is told the address).
Page text is untrusted. What this does not do: run scripts, log in.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import urljoin

import httpx

from tools.addresses import checked_host, why_not_public
from tools.errors import FetchBusy, FetchError, FetchRefused, FetchTimedOut, Offline
from tools.targets import Target, split_url

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf")
USER_AGENT = "Mozilla/5.0 (compatible; lottery-chat)"

Resolve = Callable[[str, int], Sequence[str]]
Guard = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched: `url` after redirects, `type` without parameters, `charset` as declared or ""."""

    url: str
    type: str
    charset: str
    body: bytes
    fetched_at: str


def resolve_name(host: str, port: int) -> Sequence[str]:
    """Return all addresses of a name.

    Raises:
        OSError: it cannot be resolved.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Fetcher:
    """Fetches pages within limits. `resolve`, `guard` and `transport` may be given (tests); `proxy` is an http(s) URL.

    `allow_hosts` names hosts ("searx.lan:8888") a person allowed by hand: for them neither address nor port is checked.
    """

    def __init__(
        self,
        *,
        resolve: Resolve = resolve_name,
        guard: Guard = why_not_public,
        transport: Callable[[], httpx.BaseTransport] | None = None,
        ports: frozenset[int] = frozenset({80, 443}),
        allow_hosts: frozenset[str] = frozenset(),
        proxy: str | None = None,
        seconds: float = 10.0,
        max_bytes: int = 5_000_000,
        redirects: int = 5,
    ) -> None:
        self._resolve = resolve
        self._guard = guard
        # A fresh transport for each fetch: no connection of one question is reused by another.
        self._transport = transport or self._plain_transport
        self._certificates: ssl.SSLContext | None = None
        self._ports = ports
        self._allow_hosts = allow_hosts
        self._proxy = proxy
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._redirects = redirects

    def _plain_transport(self) -> httpx.BaseTransport:
        # Reading the certificates takes 0.1 s, so once; a refused address never needs them.
        self._certificates = self._certificates or httpx.create_ssl_context(trust_env=False)
        try:
            return httpx.HTTPTransport(verify=self._certificates, trust_env=False, retries=0, proxy=self._proxy)
        except (ImportError, ValueError) as error:
            # Going around the proxy would show this computer's address to the site: rather nothing is read.
            raise FetchRefused(
                "Pages cannot be read through this kind of proxy; set LOTTERY_CHAT_PROXY to an http:// address."
            ) from error

    def fetch(self, url: str, *, types: Sequence[str] = PAGE_TYPES, cancel: threading.Event | None = None) -> Page:
        """Fetch one page.

        Raises:
            FetchRefused: address, port, redirect, type or size not allowed.
            FetchTimedOut: it took longer than the limit.
            FetchError: the server failed or answered with an error.
            Offline: there is no network.
        """
        clients: list[httpx.Client] = []
        outcome: list[Page | FetchError | Offline] = []
        worker = threading.Thread(target=self._work, args=(url, types, clients, outcome), daemon=True)
        # The limit is on the whole: a server that drips one byte at a time passes every limit on a single read.
        deadline = time.monotonic() + self._seconds
        worker.start()
        while worker.is_alive() and time.monotonic() < deadline and not (cancel and cancel.is_set()):
            worker.join(min(0.05 if cancel else self._seconds, max(deadline - time.monotonic(), 0)))
        if not outcome and clients:
            clients[0].close()  # ends the read the worker waits in
        if not outcome:
            stopped = "was cancelled" if cancel and cancel.is_set() else f"took longer than {self._seconds:g} s"
            raise FetchTimedOut(f"Fetching {url!r} {stopped}; use another source.")
        if isinstance(outcome[0], Page):
            return outcome[0]
        raise outcome[0]

    def _work(
        self, url: str, types: Sequence[str], clients: list[httpx.Client], outcome: list[Page | FetchError | Offline]
    ) -> None:
        """Fetch in a thread of its own; the client is handed out, so that closing it ends the thread."""
        try:
            first = self.check(url)
            limit = min(5.0, self._seconds)
            client = httpx.Client(transport=self._transport(), trust_env=False, follow_redirects=False, timeout=limit)
            clients.append(client)
            with client:
                outcome.append(self._hops(client, first, types))
        except (FetchError, Offline) as error:
            outcome.append(error)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError, ValueError) as error:
            # RuntimeError: the client was closed under it, after the time limit or a cancel.
            outcome.append(FetchError(f"{url!r} could not be fetched: {_reason(error)}; use another source."))

    def _hops(self, client: httpx.Client, target: Target, types: Sequence[str]) -> Page:
        for _ in range(self._redirects + 1):
            request = client.build_request(
                "GET",
                target.pinned,
                headers={"Host": target.authority, "User-Agent": USER_AGENT, "Accept": ", ".join(types)},
                # The certificate must be the name's, although the connection goes to the address.
                extensions={"sni_hostname": target.host},
            )
            request.headers["Accept-Encoding"] = "gzip, deflate"
            request.headers.pop("Cookie", None)
            client.cookies.clear()
            response = client.send(request, stream=True)
            try:
                self._check_peer(response, target)
                if not response.is_redirect:
                    return self._page(response, target, types)
                after = self.check(urljoin(target.url, response.headers["location"]))
                if target.scheme == "https" and after.scheme == "http":
                    raise FetchRefused(f"{target.url!r} redirects to an unencrypted page; it is not followed.")
                target = after
            finally:
                response.close()
        raise FetchRefused(f"{target.url!r} is behind more than {self._redirects} redirects; they are not followed.")

    def check(self, url: str) -> Target:
        """Return where a URL really goes, with its name resolved once and all its addresses checked.

        Raises:
            FetchRefused: it goes somewhere that is not allowed.
            Offline: the name cannot be resolved.
        """
        scheme, host, port, path = split_url(url)
        try:
            plain = checked_host(host) if not self._allowed(host, port) else host
        except (ValueError, UnicodeError) as error:
            raise FetchRefused(f"{url!r} is not fetched: {error}.") from error
        if self._allowed(host, port):
            return Target(scheme, plain, port, path, self._addresses(plain, port, url)[0])
        if port not in self._ports:
            raise FetchRefused(f"{url!r} is not fetched: port {port} is not a web server's.")
        addresses = self._addresses(plain, port, url)
        for address in addresses:
            reason = self._guard(address)
            if reason:
                raise FetchRefused(f"{url!r} is not fetched: {reason}.")
        return Target(scheme, plain, port, path, addresses[0])

    def _allowed(self, host: str, port: int) -> bool:
        return f"{host}:{port}" in self._allow_hosts

    def _addresses(self, host: str, port: int, url: str) -> Sequence[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass  # a name
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Offline(f"The name of {url!r} cannot be found; there is no network, or no such site.") from error
        if not addresses:
            raise FetchError(f"The name of {url!r} has no address.")
        return addresses

    def _check_peer(self, response: httpx.Response, target: Target) -> None:
        """The socket must have ended where it was sent: no rebinding in between. With a proxy, it ends there."""
        if self._proxy:
            return
        stream = response.extensions.get("network_stream")
        try:
            peer = stream.get_extra_info("server_addr") if stream is not None else None
        except OSError:
            return  # the server has hung up already; the connection was made to the address itself, not to a name
        if peer is not None and ipaddress.ip_address(peer[0]) != ipaddress.ip_address(target.address):
            raise FetchRefused(f"{target.url!r} was answered by {peer[0]} instead of {target.address}.")

    def _page(self, response: httpx.Response, target: Target, types: Sequence[str]) -> Page:
        if response.status_code == 429 or (response.status_code == 503 and "retry-after" in response.headers):
            wait = _seconds(response.headers.get("retry-after", ""))
            raise FetchBusy(f"{target.url!r} asks to wait {wait:.0f} s before it is asked again; use another.", wait)
        if response.status_code != 200:
            raise FetchError(
                f"{target.url!r} answered {response.status_code} {response.reason_phrase}; use another source."
            )
        kind, _, parameters = response.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        if kind not in types:
            raise FetchRefused(f"{target.url!r} is of type {kind or 'unknown'!r}; only {', '.join(types)} are read.")
        body = self._body(response, target)
        charset = parameters.partition("charset=")[2].partition(";")[0].strip(" \"'").lower()
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        return Page(target.url, kind, charset, body, now)

    def _body(self, response: httpx.Response, target: Target) -> bytes:
        """Unpack as it comes, never past the limit: a small body may unpack to gigabytes."""
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise FetchRefused(f"{target.url!r} is packed with {encoding!r}, which was not asked for.")
        unpacker = None if encoding in ("identity", "") else zlib.decompressobj(zlib.MAX_WBITS | 32)
        body, packed = bytearray(), 0
        for chunk in response.iter_raw():
            packed += len(chunk)
            room = self._max_bytes + 1 - len(body)
            try:
                body += unpacker.decompress(chunk, room) if unpacker else chunk
            except zlib.error as error:
                raise FetchError(f"{target.url!r} sent a body that cannot be unpacked.") from error
            if len(body) > self._max_bytes or packed > self._max_bytes:
                raise FetchRefused(f"{target.url!r} is larger than {self._max_bytes // 1_000_000} MB.")
        if unpacker and not unpacker.eof:
            raise FetchError(f"{target.url!r} broke off in the middle of its body; use another source.")
        return bytes(body)


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _seconds(retry_after: str) -> float:
    """How long a Retry-After header asks to wait, at most an hour; a minute where it says nothing useful."""
    text = retry_after.strip()
    return float(min(max(int(text), 1), 3_600)) if text.isascii() and text.isdigit() and len(text) < 8 else 60.0
