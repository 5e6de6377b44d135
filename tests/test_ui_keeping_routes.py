"""The routes about what is kept: memory, tool servers, everything exported and deleted; and who may start programs."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_app import State, fake_app
from fastapi import FastAPI
from starlette.testclient import TestClient

from lottery_chat.errors import LotteryChatError
from lottery_chat.ui.keeping_routes import LOW, disk_low, keeping_routes
from lottery_chat.ui.routes import _sentence


def client(home: Path, local: bool = True) -> TestClient:
    web = FastAPI()
    web.add_exception_handler(LotteryChatError, _sentence)
    app = fake_app(home, state=State())
    web.include_router(keeping_routes(app, local), prefix="/page/api")
    made = TestClient(web)
    made.kept_app = app  # type: ignore[attr-defined]
    return made


@pytest.fixture
def page(home: Path) -> Iterator[TestClient]:
    with client(home) as made:
        yield made


def add(page: TestClient, **body: Any) -> Any:
    return page.post("/page/api/tools", json={"name": "shop", **body})


def test_memory_is_listed_and_forgotten_once(page: TestClient) -> None:
    kept = page.get("/page/api/memory").json()
    assert [one["id"] for one in kept["kept"]] == ["1", "2"] and len(kept["answers"]) == 1
    assert page.delete("/page/api/memory/a1b2c3").status_code == 200
    assert page.delete("/page/api/memory/a1b2c3").status_code == 404
    assert page.get("/page/api/memory").json()["answers"] == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "Write the command"),
        ({"command": "a", "url": "http://127.0.0.1/mcp"}, "Write the command"),
        ({"command": "python 'unclosed"}, "Close its quotes"),
        ({"command": "python broken.py"}, "was not added"),
    ],
)
def test_a_server_that_cannot_be_added_is_refused_with_a_sentence(page: TestClient, body: Any, said: str) -> None:
    reply = add(page, **body)
    assert reply.status_code == 400 and said in reply.json()["error"]
    assert page.get("/page/api/tools").json() == []


def test_a_command_is_split_as_a_shell_would_and_no_shell_sees_it(page: TestClient) -> None:
    assert add(page, command="python 'my server.py' ; rm -rf /").status_code == 200
    assert page.get("/page/api/tools").json()[0]["where"] == "python my server.py ; rm -rf /"


def test_whoever_has_the_password_of_a_page_on_the_network_starts_no_program_here(home: Path) -> None:
    with client(home, local=False) as page:
        reply = add(page, command="python server.py")
        assert reply.status_code == 403 and "lottery-chat tools add" in reply.json()["error"]
        assert add(page, url="http://127.0.0.1:8000/mcp").status_code == 200
    with client(home, local=True) as page:  # the control: on this computer the same command is taken
        assert add(page, command="python server.py").status_code == 200


@pytest.mark.parametrize("permit", ["always", "", None, ["allow"]])
def test_a_permission_is_one_of_three(page: TestClient, permit: Any) -> None:
    add(page, command="python server.py")
    assert page.patch("/page/api/tools", json={"tool": "shop.add", "permit": permit}).status_code == 400
    assert page.patch("/page/api/tools", json={"tool": "shop.add", "permit": "never"}).status_code == 200
    assert page.get("/page/api/tools").json()[0]["permit"] == "never"


def test_the_export_holds_chats_memory_settings_and_leaves_nothing_behind(page: TestClient, home: Path) -> None:
    list(page.kept_app.chat.ask("write a letter"))  # type: ignore[attr-defined]
    reply = page.get("/page/api/everything")
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as whole:
        assert sorted(whole.namelist()) == ["chats.json", "memory.json", "settings.json"]
        (chat,) = json.loads(whole.read("chats.json"))
        assert chat["turns"][0]["answered"]["text"].startswith("Dear Ms Okafor")
    assert list((home / "exports").iterdir()) == []


@pytest.mark.parametrize("sure", ["", "Delete everything", "delete everything ", None, True, ["delete everything"]])
def test_nothing_is_deleted_without_the_exact_words(page: TestClient, sure: Any) -> None:
    assert page.post("/page/api/everything/delete", json={"sure": sure}).status_code == 400
    assert len(page.get("/page/api/memory").json()["kept"]) == 2
    told = page.post("/page/api/everything/delete", json={"sure": "delete everything"})  # the control
    assert told.json() == {"chats": 0, "documents": 0, "memories": 3}
    assert page.get("/page/api/memory").json() == {"kept": [], "answers": []}


def test_a_nearly_full_disk_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=LOW - 1))
    assert "499 MB are free" in disk_low(home) and "Free some space" in disk_low(home)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=LOW))
    assert disk_low(home) == ""
    monkeypatch.undo()
    assert disk_low(home / "is" / "not" / "there") == ""
