"""The server with Gradio behind it and a complete app in memory: routes, refusals, files, the Gradio client."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_app import State, fake_app

from lottery_chat.errors import PageRefused
from lottery_chat.ui.environment import UPLOADS, prepare
from lottery_chat.ui.server import Server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, State, Path]]:
    home = tmp_path_factory.mktemp("home")
    (home / "secret.txt").write_text("TOP-SECRET")
    state = State()
    server = Server(fake_app(home, state=state), port=0)
    server.start()
    try:
        yield server, state, home
    finally:
        server.stop()


def call(
    server: Server, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    raw = json.dumps(body).encode() if not isinstance(body, bytes | type(None)) else body
    kinds = {"Content-Type": "application/json"} if not isinstance(body, bytes) else {}
    connection.request(method, path, raw, {**kinds, **(headers or {})})
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, json.loads(text) if reply.headers.get_content_type() == "application/json" else text


def begin(server: Server, **request: Any) -> dict[str, Any]:
    status, reply = call(server, "POST", "/gradio_api/run/begin", {"data": [request]})
    assert status == 200, reply
    return dict(reply["data"][0])


def events(server: Server, run: str) -> list[dict[str, Any]]:
    got: list[dict[str, Any]] = []
    while True:
        status, page = call(server, "GET", f"/page/api/runs/{run}/events?after={len(got)}&wait=1")
        assert status == 200, page
        if page["done"] and not page["events"]:
            return got
        got += page["events"]


def upload(server: Server, name: str, content: bytes) -> tuple[int, Any]:
    body = (
        f'--b\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n--b--\r\n"
    )
    return call(server, "POST", "/gradio_api/upload", body, {"Content-Type": "multipart/form-data; boundary=b"})


def test_a_question_goes_through_gradio_and_its_events_can_be_read_by_number(
    served: tuple[Server, State, Path],
) -> None:
    server, _, _ = served
    begun = begin(server, question="What is 17 % of 2,340?")
    got = events(server, begun["run"])
    assert got[0]["type"] == "started" and got[-1]["type"] == "answered" and got[-1]["answer"] == "456.3"
    assert events(server, begun["run"]) == got  # a page that reloads reads the same again


def test_the_gradio_client_can_ask(served: tuple[Server, State, Path]) -> None:
    from gradio_client import Client

    server, _, _ = served
    client = Client(server.url, verbose=False, analytics_enabled=False)
    job = client.submit("Which depot opens earlier?", api_name="/ask")
    last = job.result(timeout=30)
    assert last["done"] and last["known"] == "quoted" and len(job.outputs()) > 3
    client.close()


def test_an_empty_question_and_an_unknown_conversation_are_refused_in_a_sentence(
    served: tuple[Server, State, Path],
) -> None:
    server, _, _ = served
    assert begin(server, question="  ")["error"] == "Write a question first."
    assert "'nowhere'" in begin(server, question="hi", conversation="nowhere")["error"]


def test_an_old_run_is_read_from_the_journal_after_a_restart(
    served: tuple[Server, State, Path], tmp_path: Path
) -> None:
    server, state, _ = served
    run = begin(server, question="17 % of 100")["run"]
    before = events(server, run)
    again = Server(fake_app(tmp_path, state=state), port=0)
    again.start()
    try:
        assert [one["type"] for one in events(again, run)] == [one["type"] for one in before]
    finally:
        again.stop()


def test_stop_ends_a_run_within_a_second(served: tuple[Server, State, Path]) -> None:
    import time

    server, _, _ = served
    run = begin(server, question="be slow")["run"]
    since = time.monotonic()
    assert call(server, "POST", f"/page/api/runs/{run}/stop", {}) == (200, {"stopped": True})
    last = events(server, run)[-1]
    assert last["status"] == "stopped" and time.monotonic() - since < 6.0


def test_a_permission_is_answered_with_the_edited_words(served: tuple[Server, State, Path]) -> None:
    server, _, _ = served
    run = begin(server, question="when does the museum open")["run"]
    asked: list[Any] = []
    while not asked:
        asked = [
            one
            for one in call(server, "GET", f"/page/api/runs/{run}/events?wait=1")[1]["events"]
            if one["type"] == "permission_asked"
        ]
    call(server, "POST", f"/page/api/permissions/{asked[0]['request']}", {"query": "museum hours"})
    assert "museum hours" in events(server, run)[-1]["text"]


def test_conversations_are_listed_searched_renamed_and_deleted(served: tuple[Server, State, Path]) -> None:
    server, _, _ = served
    chat = begin(server, question="a letter about zebras")["conversation"]
    found = call(server, "GET", "/page/api/conversations?search=zebras")[1]
    assert [one["id"] for one in found] == [chat]
    assert call(server, "PATCH", f"/page/api/conversations/{chat}", {"title": " Stripes  \n x "})[1] == {
        "title": "Stripes x"
    }
    assert call(server, "PATCH", f"/page/api/conversations/{chat}", {"title": " "})[0] == 400
    assert call(server, "GET", f"/page/api/conversations/{chat}/turns")[1][0]["question"] == "a letter about zebras"
    assert call(server, "DELETE", f"/page/api/conversations/{chat}")[0] == 200
    status, reply = call(server, "GET", f"/page/api/conversations/{chat}/turns")
    assert status == 404 and chat in reply["error"]


def test_an_upload_is_kept_under_its_own_name_and_nothing_passing_stays(served: tuple[Server, State, Path]) -> None:
    server, _, home = served
    status, paths = upload(server, "notes.txt", b"hello")
    assert status == 200 and Path(paths[0]).is_relative_to(home / UPLOADS)
    status, info = call(server, "POST", "/page/api/documents", {"path": paths[0], "title": "notes.txt"})
    assert status == 200 and info["title"] == "notes.txt" and not Path(paths[0]).exists()


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "secret.txt", "../secret.txt", "", "page-uploads/../secret.txt", "/proc/self/environ"]
)
def test_only_a_fresh_upload_can_become_a_document(served: tuple[Server, State, Path], path: str) -> None:
    server, _, home = served
    for wanted in (path, str(home / path.lstrip("/")), str(home / UPLOADS / path.lstrip("/"))):
        status, reply = call(server, "POST", "/page/api/documents", {"path": wanted, "title": "x"})
        assert status == 404 and "upload" in reply["error"]
    assert (home / "secret.txt").exists()


OUTSIDE = (
    "/etc/passwd",
    "../../etc/passwd",
    "..%2f..%2fetc/passwd",
    "%252e%252e/etc/passwd",
    "..\\etc\\passwd",
    "//etc/passwd",
    "/windows/win.ini",
    "/proc/self/environ",
    "%00",
    "{home}/secret.txt",
    "secret.txt",
    "config",
    ".env",
    "http://127.0.0.1/",
    "lottery.sqlite",
    "../routes.py",
)
DOORS = (
    "/gradio_api/file=",
    "/file=",
    "/static/",
    "/assets/",
    "/gradio_api/proxy=",
    "/page/static/",
    "/gradio_api/upload_progress?upload_id=",
    "/gradio_api/custom_component/",
)


@pytest.mark.parametrize("door", DOORS)
def test_no_file_outside_the_page_can_be_read(served: tuple[Server, State, Path], door: str) -> None:
    server, _, home = served
    for name in OUTSIDE:
        path = urllib.parse.quote(door + name.replace("{home}", str(home)), safe="/=%:?\\")
        status, text = call(server, "GET", path)
        assert status in (400, 403, 404, 405, 422, 500), (path, status)
        assert b"root:" not in str(text).encode() and "TOP-SECRET" not in str(text)


def test_the_pages_own_files_can_be_read(served: tuple[Server, State, Path]) -> None:
    server, _, _ = served
    for name in ("page.js", "page.css", "markdown.js", "harbour-depots.pdf"):
        assert call(server, "GET", f"/page/static/{name}")[0] == 200
    assert b"page.js" in call(server, "GET", "/")[1]


def test_an_upload_with_a_path_for_a_name_stays_in_its_folder(served: tuple[Server, State, Path]) -> None:
    server, _, home = served
    status, paths = upload(server, "../../../escaped.txt", b"x")
    if status == 200:
        assert Path(paths[0]).resolve().is_relative_to(home / UPLOADS)
        info = call(server, "POST", "/page/api/documents", {"path": paths[0], "title": "../../../escaped.txt"})[1]
        assert info["title"] == "escaped.txt"
    assert not list(home.parent.glob("escaped*"))


def test_the_plain_page_is_gradios_and_gradio_keeps_no_history_of_runs(served: tuple[Server, State, Path]) -> None:
    server, _, _ = served
    assert b"gradio-app" in call(server, "GET", "/plain")[1]
    config = call(server, "GET", "/config")[1]
    told = {name: config.get(name) for name in ("analytics_enabled", "run_history", "connect_heartbeat")}
    assert told == {"analytics_enabled": False, "run_history": False, "connect_heartbeat": False}


def test_settings_and_models_are_changed_through_the_interface(served: tuple[Server, State, Path]) -> None:
    server, state, _ = served
    assert call(server, "PATCH", "/page/api/options", {"theme": "dark"})[1]["theme"] == "dark"
    assert call(server, "PATCH", "/page/api/options", {"nonsense": 1})[0] == 400
    call(server, "POST", "/page/api/models/choose", {"name": "qwen2.5-coder:0.5b"})
    assert state.preferences.model == "qwen2.5-coder:0.5b"
    assert call(server, "POST", "/page/api/models/choose", {"name": "none"})[0] == 404


def test_a_taken_port_is_said_with_the_next_step(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PageRefused, match=rf"Port {port} .*--port {port + 1}"):
            Server(fake_app(home), port=port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.7.7", "example.org"])
def test_a_host_that_others_reach_needs_a_password(home: Path, host: str) -> None:
    with pytest.raises(PageRefused, match="LOTTERY_CHAT_PASSWORD"):
        Server(fake_app(home), host=host, port=0)


def test_the_passing_folder_is_ours_alone_and_empty_at_each_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", "/tmp/elsewhere")
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    (home / UPLOADS).mkdir()
    (home / UPLOADS / "left").write_text("x")
    folder = prepare(home)
    import os

    assert list(folder.iterdir()) == [] and os.environ["GRADIO_TEMP_DIR"] == str(folder)
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
