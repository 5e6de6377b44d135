"""The list of forbidden addresses through every door a text could open; the oracle is a canary and a watched socket.

Doors: the fetch tool, addresses of search results, redirects, what a page or a document refers to, a SearXNG server's
redirect, and names that resolve to forbidden addresses (rebinding, several records, an alias).
"""

from __future__ import annotations

import functools
import ipaddress
import socket
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pytest
from web_servers import HOSTS, SCHEMES, Canary, HostileSite, Rewired, SiteServer, open_web, running, with_port

from knowledge.errors import DocumentRefused
from knowledge.reading import read_file
from lottery_chat.adapters import PlannerWeb
from tools.addresses import why_not_public
from tools.errors import ToolError
from tools.fetching import Fetcher, Page
from tools.search_engines import searxng_engine
from tools.web_pages import read_page
from tools.web_search import WebSearch

PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    one = Canary()
    yield one
    one.close()


@pytest.fixture(scope="module")
def site() -> Iterator[SiteServer]:
    with running(HostileSite) as server:
        yield server


@pytest.fixture(autouse=True)
def nobody_knocked(canary: Canary) -> Iterator[None]:
    before = canary.count
    yield
    assert canary.count == before, "a forbidden address was contacted"


def urls(canary: Canary) -> list[str]:
    """Every forbidden address, with the canary's port so that a connection that slips through is counted."""
    return [with_port(host, canary.port) for host in HOSTS] + [url.format(port=canary.port) for url in SCHEMES]


def addresses() -> list[str]:
    """The forbidden addresses that a name server can give."""
    found = []
    for host in HOSTS:
        try:
            found.append(str(ipaddress.ip_address(host.strip("[]"))))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def to_this_machine(host: str, port: int) -> Sequence[str]:
    return [PUBLIC] if host == "public.net" else ["127.0.0.1"]


def fetcher(canary: Canary, site: SiteServer, **options: Any) -> Fetcher:
    """The public internet is the hostile site, all other names are this machine, and the canary's port is allowed."""
    ports = frozenset({80, 443, canary.port})
    return open_web(site.server_address[1], **({"resolve": to_this_machine, "ports": ports} | options))


def not_run(*arguments: object, **options: object) -> Any:
    raise AssertionError("nothing was read, so no child starts")


def test_the_fetch_tool(canary: Canary) -> None:
    tool = Fetcher(resolve=lambda host, port: ["127.0.0.1"], ports=frozenset({80, 443, canary.port}), seconds=3)
    assert [url for url in urls(canary) if fetched(tool, url)] == []


def test_addresses_of_search_results(canary: Canary) -> None:
    tool = Fetcher(resolve=lambda host, port: ["127.0.0.1"], ports=frozenset({80, 443, canary.port}), seconds=3)
    rows = [{"title": "T", "href": url, "body": "b"} for url in urls(canary)]
    web = PlannerWeb(WebSearch([("it", lambda query, count: rows)], pause=0), tool.fetch, not_run)
    found = web.search("x", len(rows)).results
    assert len(found) > 90, "they look like addresses; only the fetcher refuses them"
    for at in range(0, len(found), 3):
        read = web.read([one.url for one in found[at : at + 3]])
        assert all(one.page is None and one.problem for one in read)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirects(canary: Canary, site: SiteServer, code: int) -> None:
    tool = fetcher(canary, site)
    path = "/to" if code == 302 else f"/to{code}"
    targets = [url for url in urls(canary) if url.isascii() and "#" not in url]
    assert len(targets) > 100
    assert [url for url in targets if fetched(tool, f"http://public.net{path}?{url}")] == []


def test_with_the_guard_off_the_same_doors_reach_the_canary(site: SiteServer) -> None:
    own = Canary()
    try:
        tool = Fetcher(resolve=lambda host, port: ["127.0.0.1"], guard=lambda address: "", ports=frozenset({own.port}))
        web = PlannerWeb(WebSearch([("it", lambda query, count: ())], pause=0), tool.fetch, not_run)
        assert web.read([f"http://public.net:{own.port}/"])[0].page is not None
        with running(HostileSite) as other:
            port = other.server_address[1]
            open_ports = Fetcher(
                resolve=lambda host, at: ["127.0.0.1"], guard=lambda address: "", ports=frozenset({own.port, port})
            )
            for code in (301, 302, 303, 307, 308):
                path = "/to" if code == 302 else f"/to{code}"
                assert open_ports.fetch(f"http://public.net:{port}{path}?http://private.net:{own.port}/").body == b"hi"
        assert own.count == 6
    finally:
        own.close()


REFERENCES = (
    '<meta http-equiv="refresh" content="0;url={0}"><base href="{0}"><link rel="stylesheet" href="{0}">'
    '<script src="{0}"></script><iframe src="{0}"></iframe><img src="{0}" srcset="{0} 2x"><object data="{0}"></object>'
    '<embed src="{0}"><a href="{0}">more</a><video src="{0}" poster="{0}"></video><form action="{0}"></form>'
)


def referring(canary: Canary) -> str:
    """An HTML page that refers to every forbidden address in every way HTML knows."""
    body = "".join(REFERENCES.format(escape(url, quote=True)) for url in urls(canary))
    doctype = f'<!DOCTYPE html [<!ENTITY x SYSTEM "http://127.0.0.1:{canary.port}/dtd">]>'
    text = "<p>The river rose by two metres in three days of rain, the mayor said.</p>" * 5
    return f"{doctype}<html><body><article><h1>Rain</h1>{text}&x;{body}</article></body></html>"


def test_nothing_that_a_page_refers_to_is_fetched(canary: Canary, watched: list[object]) -> None:
    asked: list[str] = []

    def fetch(url: str) -> Page:
        asked.append(url)
        return Page(url, "text/html", "utf-8", referring(canary).encode(), "now")

    read = read_page("https://public.net/rain", fetch)
    assert "river" in read.text and asked == ["https://public.net/rain"]
    assert watched == []


def documents(canary: Canary, folder: Path) -> dict[str, Path]:
    page, links = referring(canary), urls(canary)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><text>River</text><image href="http://127.0.0.1:{canary.port}/"/>'
    )
    made = {
        "html": page,
        "md": "# Rain\n" + "\n".join(f"The river ![p]({url}) [more]({url}) <{url}>" for url in links),
        "txt": "The river\n" + "\n".join(links),
        "csv": "name,address\n" + "\n".join(f'river,"{url}"' for url in links),
        "svg": picture + "</svg>",
    }
    paths = {kind: folder / f"rain.{kind}" for kind in [*made, "docx"]}
    for kind, text in made.items():
        paths[kind].write_text(text, encoding="utf-8")
    paths["pdf"] = folder / "rain.pdf"
    paths["pdf"].write_bytes(pdf(links))
    with zipfile.ZipFile(paths["docx"], "w") as archive:
        for name, text in word(links).items():
            archive.writestr(name, text)
    return paths


def pdf(links: Sequence[str]) -> bytes:
    """A PDF whose links, opening action, forms and embedded files lead to the addresses."""
    escaped = [url.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for url in links]
    text = b"BT /F1 12 Tf 72 700 Td (The river rose by two metres in three days of rain.) Tj ET"
    numbers = range(6, 6 + len(links))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI ({escaped[0]}) >> >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
        f" /Annots [{' '.join(f'{number} 0 R' for number in numbers)}] >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(f"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /{kind} /{key} ({url}) /F ({url}) >> >>".encode()
          for url, (kind, key) in zip(escaped, [("URI", "URI"), ("GoToR", "D"), ("SubmitForm", "Fields"), ("Launch", "Win")] * len(links))),
    ]  # fmt: skip
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(body)


def word(links: Sequence[str]) -> dict[str, str]:
    """A Word file whose template, pictures and links are all outside it."""
    kinds = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    outside = "".join(
        f'<Relationship Id="r{at}" Type="{office}/{kind}" Target="{escape(url, quote=True)}" TargetMode="External"/>'
        for at, (url, kind) in enumerate((url, kind) for url in links for kind in ("image", "hyperlink", "attachedTemplate"))
    )  # fmt: skip
    return {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{kinds}/relationships">{outside}</Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        "<w:p><w:r><w:t>The river rose by two metres.</w:t></w:r></w:p></w:body></w:document>",
    }


@pytest.mark.parametrize("kind", ["html", "md", "txt", "csv", "svg", "docx", "pdf"])
def test_nothing_that_a_document_refers_to_is_fetched(
    canary: Canary, watched: list[object], tmp_path: Path, kind: str
) -> None:
    path = documents(canary, tmp_path)[kind]
    try:
        _, pages = read_file(path, path.name)
        assert any("iver" in page.text for page in pages)
    except DocumentRefused as refusal:
        assert kind == "svg", refusal
    assert watched == []


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every name looked up and every connection tried from Python in this process."""
    tried: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    def look_up(host: object, *rest: object, **options: object) -> list[object]:
        tried.append(host)
        raise socket.gaierror

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return tried


def test_the_watched_socket_sees_a_fetch(watched: list[object]) -> None:
    with pytest.raises(ToolError):
        Fetcher(resolve=lambda host, port: [PUBLIC]).fetch("http://public.net/")
    assert watched == [PUBLIC]


def test_a_searxng_server_cannot_send_the_search_elsewhere(canary: Canary, site: SiteServer) -> None:
    own = f"127.0.0.1:{site.server_address[1]}"
    tool = Fetcher(
        resolve=lambda host, port: ["127.0.0.1"],
        allow_hosts=frozenset({own}),
        ports=frozenset({80, 443, canary.port}),
        seconds=3,
    )
    for url in [one for one in urls(canary) if one.isascii() and "#" not in one]:
        with pytest.raises(ToolError):
            searxng_engine(f"http://{own}/to?{url}&", tool.fetch)("x", 3)


@pytest.mark.parametrize("how", ["alias", "two records", "the other order", "rebinding"])
def test_names_that_resolve_to_forbidden_addresses(canary: Canary, site: SiteServer, how: str) -> None:
    listed = addresses()
    assert len(listed) >= 40
    for address in listed:
        answers = {
            "alias": [[address]],
            "two records": [[PUBLIC, address]],
            "the other order": [[address, PUBLIC]],
            # Public when it is first asked, private when the redirect asks again.
            "rebinding": [[PUBLIC], [address], [address]],
        }[how]
        transport = Rewired(site.server_address[1])
        tool = fetcher(canary, site, resolve=in_turn(answers), transport=functools.partial(given, transport))
        path = f"/to?http://public.net:{canary.port}/" if how == "rebinding" else "/page"
        assert not fetched(tool, f"http://public.net{path}"), address
        assert transport.asked == ([PUBLIC] if how == "rebinding" else []), address
        assert why_not_public(address)


def in_turn(answers: Sequence[list[str]]) -> Any:
    """A name server that answers differently each time."""
    left = list(answers)
    return lambda host, port: left.pop(0)


def given(transport: Rewired) -> Rewired:
    return transport


def fetched(tool: Fetcher, url: str) -> bool:
    """Whether a page came; a refusal is a sentence."""
    try:
        tool.fetch(url)
    except ToolError as error:
        assert str(error).endswith("."), error
        return False
    return True
