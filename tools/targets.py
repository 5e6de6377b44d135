"""Take a URL apart by one strict rule, so that what is checked and what is contacted cannot differ. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from tools.errors import FetchRefused


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL: where it really goes."""

    scheme: str
    host: str
    port: int
    path: str
    address: str

    @property
    def url(self) -> str:
        """The address as a person would read it: with the name, without a port that goes without saying."""
        return f"{self.scheme}://{self._host_text}{self._port_text}{self.path}"

    @property
    def authority(self) -> str:
        """What the Host header says."""
        return f"{self._host_text}{self._port_text}"

    @property
    def pinned(self) -> str:
        """The URL with the checked address in place of the name: nothing is left to be resolved again."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.port}{self.path}"

    @property
    def _host_text(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def _port_text(self) -> str:
        return "" if self.port == {"http": 80, "https": 443}[self.scheme] else f":{self.port}"


def split_url(url: str) -> tuple[str, str, int, str]:
    """Take a URL apart: scheme, host as written, port, path with query.

    Raises:
        FetchRefused: not http(s), or written so that two programs might read it differently.
    """
    if len(url) > 2_000 or any(ord(one) < 33 or one in "\\\x7f" for one in url):
        raise FetchRefused(f"{url[:200]!r} is not fetched: it is too long or holds a space, backslash or control sign.")
    scheme, mark, rest = url.partition("://")
    scheme = scheme.lower()
    if not mark or scheme not in ("http", "https"):
        raise FetchRefused(f"{url!r} is not fetched: only http:// and https:// addresses are.")
    end = min((rest.find(sign) for sign in "/?#" if sign in rest), default=len(rest))
    authority, path = rest[:end], rest[end:].partition("#")[0]
    if "@" in authority:
        raise FetchRefused(f"{url!r} is not fetched: it holds a user name.")
    if not authority:
        raise FetchRefused(f"{url!r} is not fetched: it names no host.")
    host, port_text = _host_and_port(authority)
    if not host or (port_text and not (port_text.isascii() and port_text.isdigit() and len(port_text) < 6)):
        raise FetchRefused(f"{url!r} is not fetched: its host or port cannot be read.")
    port = int(port_text) if port_text else {"http": 80, "https": 443}[scheme]
    return scheme, host, port, path if path.startswith("/") else "/" + path


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, rest = authority.partition("]")
        return host + "]", rest.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port
