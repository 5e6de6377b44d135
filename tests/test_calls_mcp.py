"""calls/mcp_*: a real server process and a real HTTP one become tools; what they do wrong ends in time with a sentence."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from planner_parts import Bench, answer

from lottery_chat import cli, posix
from lottery_chat.calls.access import Access
from lottery_chat.calls.layer import CallLayer
from lottery_chat.calls.mcp_client import MOST_TEXT, Connection, Offered
from lottery_chat.calls.mcp_servers import Server, ServerFile, server
from lottery_chat.calls.mcp_tools import McpTools, card_of
from lottery_chat.calls.registry import Registry
from lottery_chat.calls.values import CallStopped, ToolFault
from lottery_chat.errors import NotFound, SettingsError
from lottery_chat.events import Event, PermissionAsked, ToolCalled, ToolReturned
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.planner.resources import Resources
from tools.errors import ToolError

HERE = Path(__file__).resolve().parent
COMMAND = (sys.executable, str(HERE / "mcp_server.py"))


@contextlib.contextmanager
def connected(*more: str, url: str = "") -> Iterator[Connection]:
    connection = Connection(Server("shop", url=url) if url else Server("shop", (*COMMAND, *more)))
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture(scope="module")
def shop() -> Iterator[Connection]:
    """One real server process for the calls that leave it alive."""
    with connected() as connection:
        yield connection


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A real HTTP server on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([*COMMAND, "--http", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.kill()
        process.wait()


# -- connections -------------------------------------------------------------------------------------------------


def test_a_process_is_started_lists_its_tools_and_is_called(shop: Connection) -> None:
    names = [one.name for one in shop.tools()]
    assert {"add", "price", "refuse"} <= set(names)
    assert shop.call("add", {"a": 2, "b": 40}, 10.0) == "42"
    assert shop.version == "shop 1.2.3"


def test_a_server_over_http_is_called_on_the_host_that_was_typed(address: str) -> None:
    with connected(url=address) as connection:
        assert "price" in [one.name for one in connection.tools()]
        assert connection.call("price", {"lamp": "moon", "count": 3}, 10.0) == "3 × moon: 57 euros"


def test_a_tools_own_error_is_told_and_the_connection_stays(shop: Connection) -> None:
    with pytest.raises(ToolError, match="shop.add refused") as raised:
        shop.call("add", {"a": "x"}, 10.0)
    assert not isinstance(raised.value, ToolFault)
    with pytest.raises(ToolError, match="gave an empty result"):
        shop.call("empty", {}, 10.0)
    with pytest.raises(ToolError, match="nosuch"):
        shop.call("nosuch", {}, 10.0)
    assert shop.call("add", {"a": 1, "b": 1}, 10.0) == "2"


def test_a_server_gets_no_variables_of_ours_only_those_that_were_set_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTTERY_CHAT_PASSWORD", "secret")
    connection = Connection(Server("shop", COMMAND, env={"OWN_KEY": "k"}))
    try:
        assert connection.call("variables", {}, 15.0) == "OWN_KEY"
    finally:
        connection.close()


def test_a_large_result_is_cut_and_says_so(shop: Connection) -> None:
    text = shop.call("huge", {"letters": 1_000_000}, 10.0)
    assert len(text) < MOST_TEXT + 100 and "cut, " in text[-60:]


#: (how the server behaves, tool, limit in seconds, words of the sentence)
CELLS = [
    ((), "hang", 1.5, "gave no answer within 1.5 s"),
    ((), "die", 9.0, "ended or refused"),
    ((), "huge", 9.0, "more than 4,000,000 bytes"),
    (("--fault", "silent"), "add", 1.5, "gave no answer within 1.5 s"),
    (("--fault", "garbage"), "add", 1.5, "gave no answer within 1.5 s"),
    (("--fault", "endless"), "add", 9.0, "more than 4,000,000 bytes"),
    (("--fault", "dead"), "add", 9.0, "no licence on this machine"),
]


@pytest.mark.parametrize(("more", "tool", "seconds", "words"), CELLS)
def test_a_broken_server_ends_in_time_with_a_sentence(
    more: tuple[str, ...], tool: str, seconds: float, words: str
) -> None:
    with connected(*more) as connection:
        if not more:
            connection.tools()
        started = time.monotonic()
        with pytest.raises(ToolFault) as raised:
            connection.call(tool, {}, seconds)
        assert time.monotonic() - started <= seconds + 1.0
        assert "The server 'shop'" in str(raised.value) and words in str(raised.value)
        if not more:
            # The next question works: the server is started anew.
            assert connection.call("add", {"a": 1, "b": 2}, 15.0) == "3"


@pytest.mark.parametrize(
    "bad",
    [
        Server("shop", ("no-such-command-at-all",)),
        Server("shop", (sys.executable, "-c", "raise SystemExit(3)")),
        Server("shop", (str(HERE),)),
        Server("shop", url="http://127.0.0.1:9/mcp"),
        Server("shop", url="http://no-such-host.invalid/mcp"),
    ],
)
def test_a_server_that_is_not_there_is_said_at_once(bad: Server) -> None:
    connection = Connection(bad)
    started = time.monotonic()
    with pytest.raises(ToolFault, match="The server 'shop'"):
        connection.tools()
    assert time.monotonic() - started < 10.0
    connection.close()


def test_a_web_page_is_no_server(address: str) -> None:
    with (
        connected(url=address.replace("/mcp", "/elsewhere")) as connection,
        pytest.raises(ToolFault, match="The server 'shop'"),
    ):
        connection.tools()


@contextlib.contextmanager
def raw_server(reply: bytes, endless: bytes = b"", pause: float = 0.0) -> Iterator[tuple[str, list[str]]]:
    """An HTTP server that says the same to everybody: its address, and the first lines of what it was asked."""
    seen: list[str] = []

    def say(peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer:
            seen.append(peer.recv(65536).decode("latin-1").splitlines()[0])
            peer.sendall(reply)
            while endless:
                peer.sendall(endless)
                time.sleep(pause)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=say, args=(listening.accept()[0],), daemon=True).start()

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/mcp", seen
        listening.shutdown(socket.SHUT_RDWR)


def test_a_redirect_to_another_host_is_not_followed(address: str) -> None:
    """A server on loopback that sends us to localhost: the same machine, another name, so not what was typed."""
    place = address.replace("127.0.0.1", "localhost")
    reply = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
    with raw_server(reply) as (url, seen), connected(url=url) as connection:
        with pytest.raises(ToolFault, match="The server 'shop'"):
            connection.tools()
        assert seen, "the server that redirects was asked"


OK, JSON = b"HTTP/1.1 200 OK\r\n", b"Content-Type: application/json\r\n"
BAD_HTTP = {
    "500": (b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nsick", b"", 0.0),
    "429": (b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n", b"", 0.0),
    "401": (b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n", b"", 0.0),
    "web page": (OK + b"Content-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>", b"", 0.0),
    "cut json": (OK + JSON + b'Content-Length: 90\r\n\r\n{"jsonrpc": ', b"", 0.0),
    "wrong json": (OK + JSON + b'Content-Length: 13\r\n\r\n{"id": [1,2]}', b"", 0.0),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", b"", 0.0),
    "not http": (b"220 mail.example.org ESMTP\r\n", b"", 0.0),
    "endless": (OK + JSON + b"\r\n", b" " * 1_000_000, 0.0),
    "endless events": (OK + b"Content-Type: text/event-stream\r\n\r\n", b"data: x" * 100_000, 0.0),
    "a byte at a time": (OK + JSON + b"\r\n", b" ", 0.1),
    "zip bomb": (OK + JSON + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"\0" * 50_000_000), 0.1),
    "reset": (b"", b"", 0.0),
}


@pytest.mark.parametrize("fault", BAD_HTTP)
def test_a_broken_http_server_ends_in_time_with_a_sentence(fault: str) -> None:
    with raw_server(*BAD_HTTP[fault]) as (url, seen), connected(url=url) as connection:
        started = time.monotonic()
        with pytest.raises(ToolFault, match="The server 'shop'") as raised:
            connection.call("add", {"a": 1, "b": 2}, 3.0)
        assert time.monotonic() - started <= 4.0
        assert len(str(raised.value)) < 500 and seen


def test_stop_ends_a_call_within_a_second(shop: Connection) -> None:
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    started = time.monotonic()
    with pytest.raises(CallStopped):
        shop.call("hang", {}, 20.0, cancel)
    assert time.monotonic() - started < 8.0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lets a relay find every descendant")
def test_a_server_and_what_it_started_die_with_us() -> None:
    code = (
        "import sys, time; from lottery_chat.calls.mcp_client import Connection; from lottery_chat.calls.mcp_servers import Server;"
        f"c = Connection(Server('shop', {COMMAND!r})); print(c.call('spawn', {{}}, 20.0), flush=True); time.sleep(600)"
    )
    ours = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=HERE.parent)
    assert ours.stdout is not None
    grandchild = int(ours.stdout.readline())
    family = posix.descendants(ours.pid)
    assert grandchild in family and len(family) >= 3
    os.kill(ours.pid, signal.SIGKILL)
    ours.wait()
    ours.stdout.close()
    until = time.monotonic() + 6.0
    while any(posix.is_alive(one) for one in family) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [one for one in family if posix.is_alive(one)]


# -- cards -------------------------------------------------------------------------------------------------------


def test_a_description_is_data_cut_and_without_hidden_letters(shop: Connection) -> None:
    offered = next(one for one in shop.tools() if one.name == "add")
    assert "\u202e" in offered.about and "<tool_call>" in offered.about and len(offered.about) > 5_000
    card = card_of("shop", offered)
    assert card is not None and card.name == "shop.add"
    assert len(card.purpose) < 500 and "\u202e" not in card.purpose and "<tool_call>" not in card.text()
    assert [(one.name, one.schema["type"], one.required) for one in card.arguments] == [
        ("a", "integer", True),
        ("b", "integer", True),
    ]


@pytest.mark.parametrize(
    ("name", "schema", "there"),
    [
        ("ok", {}, True),
        ("ok", {"properties": "x", "required": 3}, True),
        ("a b", {}, False),
        ("x" * 65, {}, False),
        ("../../etc", {}, False),
        ("ok", {"properties": {"bad name!": {}}, "required": ["bad name!"]}, False),
        ("ok", {"properties": {"bad name!": {}, "a": {}}, "required": ["a"]}, True),
        ("ok", {"required": ["not there"]}, False),
        (
            "ok",
            {
                "properties": {
                    "a": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
                    "b": {"type": ["null", "string"]},
                    "c": 5,
                }
            },
            True,
        ),
        ("ok", {"properties": {f"a{n}": {"enum": ["x" * 999] * 999} for n in range(999)}}, True),
    ],
)
def test_a_hostile_schema_gives_a_small_card_or_none(name: str, schema: dict[str, object], there: bool) -> None:
    card = card_of("s", Offered(name, "", schema))
    assert (card is not None) == there
    assert card is None or len(json.dumps(card.json_schema())) < 200_000


# -- the file ----------------------------------------------------------------------------------------------------


def test_servers_are_kept_in_the_form_other_programs_use_and_only_for_the_owner(home: Path) -> None:
    file = ServerFile(home / "mcp.json")
    file.add(Server("shop", ("python", "-m", "shop"), env={"KEY": "k"}))
    file.add(Server("far", url="http://10.0.0.7:9/mcp"))
    file.permit("shop.*", "allow")
    assert json.loads((home / "mcp.json").read_text())["mcpServers"]["shop"] == {
        "command": "python",
        "args": ["-m", "shop"],
        "env": {"KEY": "k"},
    }
    assert [one.name for one in ServerFile(home / "mcp.json").servers()] == ["far", "shop"]
    assert file.permissions() == {"shop.*": "allow"} and "k" not in repr(file.servers()[1]).replace("mcp", "")[-5:]
    if os.name == "posix":
        assert (home / "mcp.json").stat().st_mode & 0o077 == 0
    file.remove("shop")
    assert [one.name for one in file.servers()] == ["far"] and file.permissions() == {}
    with pytest.raises(NotFound, match="no server 'shop'"):
        file.remove("shop")


@pytest.mark.parametrize("text", ["{", "[]", '{"mcpServers": 3}', "\x00", '{"mcpServers": {}, "permissions": []}'])
def test_a_file_that_cannot_be_read_is_said_and_never_written_over(home: Path, text: str) -> None:
    (home / "mcp.json").write_text(text)
    file = ServerFile(home / "mcp.json")
    assert file.servers() == () and file.problems and str(home) in file.problems[0]
    with pytest.raises(SettingsError, match="Mend or remove"):
        file.add(Server("shop", ("python",)))
    assert (home / "mcp.json").read_text() == text


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("", {"command": "x"}), ("1a", {"command": "x"}), ("a.b", {"command": "x"}), ("a b", {"command": "x"}), ("x" * 40, {"command": "x"}),
        ("a", {}), ("a", {"command": ""}), ("a", {"command": 3}), ("a", {"command": "x", "args": "y"}), ("a", {"command": "x\0y"}),
        ("a", {"url": "ftp://h/"}), ("a", {"url": "http://"}), ("a", {"url": "file:///etc/passwd"}), ("a", {"url": "http://h:99999/"}),
        ("a", {"url": "http://h/ x"}), ("a", {"command": "x", "url": "http://h/"}), ("a", {"command": "x", "args": [1]}),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_used_is_refused_with_the_reason(name: str, entry: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="Use|needs"):
        server(name, entry)


# -- as tools ----------------------------------------------------------------------------------------------------


class ToolBench(Bench):
    """A planner that has the tools of a real server."""

    def __init__(self, folder: Path, *, replies: tuple[str, ...] = ("I do not know.",)) -> None:
        super().__init__(folder, ScriptedModel(replies))
        self.file = ServerFile(folder / "mcp.json")
        self.layer = CallLayer(Registry(), access=Access(self.file.permissions))
        self.servers = McpTools(self.file, self.layer.registry)

    def resources(self) -> Resources:
        import dataclasses

        return dataclasses.replace(super().resources(), calls=self.layer)

    def close(self) -> None:
        self.servers.close()
        super().close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolBench]:
    made = ToolBench(tmp_path_factory.mktemp("tools"))
    assert made.servers.add(Server("shop", COMMAND)).state == "ready"
    yield made
    made.close()


def called(events: list[Event]) -> list[tuple[str, str]]:
    return [(one.tool, one.input) for one in events if isinstance(one, ToolCalled)]


QUESTION = 'Ask the shop for the price: lamp "moon", count 3'


def test_a_question_that_names_the_server_is_asked_for_permission_with_exactly_what_would_leave(
    bench: ToolBench,
) -> None:
    bench.permission = None
    bench.model = ScriptedModel(['"lamp": "moon", "count": 3}}\n</tool_call>'])
    events = bench.ask(QUESTION)
    (asked,) = [one for one in events if isinstance(one, PermissionAsked)]
    assert asked.tool == "shop.price" and json.loads(asked.query) == {"lamp": "moon", "count": 3}
    assert called(events) == [] and any("did not allow" in one for one in answer(events).notices)


def test_what_was_allowed_perhaps_edited_is_what_is_called(bench: ToolBench) -> None:
    bench.permission = '{"count": 2, "lamp": "sun"}'
    bench.model = ScriptedModel(['"lamp": "moon", "count": 3}}\n</tool_call>'])
    events = bench.ask(QUESTION)
    assert called(events) == [("shop.price", '{"count": 2, "lamp": "sun"}')]
    ended = answer(events)
    assert "2 × sun: 38 euros" in ended.text and ended.known == "quoted" and not ended.checked
    assert "shop 1.2.3" in ended.check
    (returned,) = [one for one in events if isinstance(one, ToolReturned)]
    assert returned.version == "shop 1.2.3" and returned.made_at


def test_arguments_that_code_reads_need_no_model(bench: ToolBench) -> None:
    bench.permission = '{"city": "Graz"}'
    bench.model = model = ScriptedModel(["never asked"])
    events = bench.ask("What are the opening hours in Graz?")
    assert called(events) == [("shop.opening_hours", '{"city": "Graz"}')] and model.calls == []
    assert answer(events).answer == "Graz: from 9 to 17"


@pytest.mark.parametrize("permission", ["no json", "[1]", '{"a": 1} and more'])
def test_permission_edited_into_something_else_calls_nothing(bench: ToolBench, permission: str) -> None:
    bench.permission = permission
    bench.model = ScriptedModel(['"lamp": "moon", "count": 3}}\n</tool_call>'])
    assert called(bench.ask(QUESTION)) == []


def test_a_tool_set_to_never_is_not_even_proposed_and_one_set_to_allow_asks_nothing(bench: ToolBench) -> None:
    bench.permission = None
    bench.model = ScriptedModel(['"lamp": "moon", "count": 3}}\n</tool_call>'])
    bench.file.permit("shop.*", "never")
    events = bench.ask(QUESTION)
    assert called(events) == [] and not any(isinstance(one, PermissionAsked) for one in events)
    bench.file.permit("shop.*", "allow")
    events = bench.ask(QUESTION)
    assert [name for name, _ in called(events)] == ["shop.price"]
    assert not any(isinstance(one, PermissionAsked) for one in events)
    bench.file.permit("shop.*", "ask")


def test_questions_about_other_things_reach_no_server(bench: ToolBench) -> None:
    for words in ("What is 12 * 7?", "Write a poem about rain.", "All cats purr. Tom is a cat. Does Tom purr?"):
        assert not [name for name, _ in called(bench.ask(words)) if name.startswith("shop.")]


# -- the command -------------------------------------------------------------------------------------------------


def test_the_command_adds_lists_calls_permits_and_removes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["--home", str(home), "tools", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    assert run("list")[0] == 0
    code, out, err = run("add", "shop", "--command", f"{COMMAND[0]} {COMMAND[1]}")
    assert code == 0 and "shop.price" in out and "ask" in out
    assert run("call", "shop.add", '{"a": 2, "b": 40}')[:2] == (0, "42\n")
    assert run("permit", "shop.add", "--permit", "never")[0] == 0
    code, _, err = run("call", "shop.add", '{"a": 2, "b": 40}')
    assert code == 1 and "switched off" in err
    for arguments, words in (
        (("call", "shop.add", "[1]"), "no JSON object"), (("call", "shop.add", "{"), "no JSON"), (("call", "shop.add"), "needs a tool"),
        (("call", "nowhere.add", "{}"), "no server"), (("call", "shop.prize", "{}"), "Did you mean shop.price"), (("add", "x"), "needs either"),
        (("add", "x", "--command", "'"), "cannot be read"), (("add", "x", "--command", "no-such-thing"), "was not added"),
        (("remove", "other"), "no server"), (("add", "x", "--url", "nonsense"), "no URL"),
    ):  # fmt: skip
        code, _, err = run(*arguments)
        assert code != 0 and words in err, (arguments, err)
    assert run("remove", "shop")[0] == 0
    assert run("list")[1] == ""
