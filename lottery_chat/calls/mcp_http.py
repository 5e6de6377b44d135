"""The HTTP client of an MCP connection: it reaches the one host that the person typed, and takes bounded answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2

#: The most bytes of one answer.
MOST_BYTES = 8_000_000


def one_host_client(url: str) -> httpx2.AsyncClient:
    """A client for the host of this URL, wherever it is (the person may name their own network), and for no other."""
    return httpx2.AsyncClient(transport=_OneHost(url), timeout=60.0, trust_env=False)


class _Bounded(httpx2.AsyncByteStream):
    """The body of an answer, up to MOST_BYTES."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._stream:
            size += len(part)
            if size > MOST_BYTES:
                raise httpx2.ReadError(f"It sent more than {MOST_BYTES:,} bytes.")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def _origin(url: httpx2.URL) -> tuple[str, int | None]:
    """Host and port: another port of the same machine is another server."""
    return url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


class _OneHost(httpx2.AsyncHTTPTransport):
    """Reaches the one host that the person typed, wherever it is, and no other; answers are bounded."""

    def __init__(self, url: str) -> None:
        # One connection kept, no proxy, nothing of the environment.
        super().__init__(trust_env=False, retries=0)
        self._typed = _origin(httpx2.URL(url))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if _origin(request.url) != self._typed:
            raise httpx2.ConnectError(f"It led to another host, {request.url.netloc.decode()!r}; that is not followed.")
        request.headers["Accept-Encoding"] = "identity"  # no bombs
        response = await super().handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.ReadError("It sent a compressed answer that was not asked for.")
        response.stream = _Bounded(response.stream)
        return response
