"""The routes about documents over a complete app in memory: no Gradio, no browser; and the views over a real library."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_app import State, fake_app
from fastapi import FastAPI
from fastapi.testclient import TestClient

from lottery_chat.ui.live import LiveRuns
from lottery_chat.ui.routes import add_routes


@pytest.fixture
def client(tmp_path: Path) -> Iterator[tuple[TestClient, State, Path]]:
    web, state, uploads = FastAPI(), State(), tmp_path / "uploads"
    uploads.mkdir()
    app = fake_app(tmp_path, state=state)
    add_routes(web, app, LiveRuns(app), uploads)
    with TestClient(web) as opened:
        yield opened, state, uploads


def sent(uploads: Path, name: str = "a.pdf", **more: str) -> dict[str, str]:
    (uploads / name).write_bytes(b"%PDF-")
    return {"path": str(uploads / name), "title": name, **more}


def added(client: TestClient, uploads: Path, **more: str) -> dict[str, Any]:
    return dict(client.post("/page/api/documents", json=sent(uploads, **more)).json())


def test_a_file_can_be_added_into_a_collection_taken_out_and_the_collection_renamed_and_removed(
    client: tuple[TestClient, State, Path],
) -> None:
    page, _, uploads = client
    made = page.post("/page/api/collections", json={"name": "  Con \n tracts "}).json()
    assert made["name"] == "Con tracts"
    info = added(page, uploads, collection=made["id"])
    all_of = page.get("/page/api/documents/all").json()
    assert all_of["collections"][1]["documents"] == [info["id"]] and not all_of["collections"][0]["documents"]
    assert page.post(f"/page/api/collections/{made['id']}/take", json={"documents": [info["id"]]}).status_code == 200
    assert page.get("/page/api/collections").json()[0]["documents"] == [info["id"]]
    assert page.patch(f"/page/api/collections/{made['id']}", json={"name": "B"}).json()["name"] == "B"
    page.delete(f"/page/api/collections/{made['id']}")
    assert len(page.get("/page/api/collections").json()) == 1


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_collection_without_a_name_is_refused_with_a_sentence(
    client: tuple[TestClient, State, Path], name: object
) -> None:
    reply = client[0].post("/page/api/collections", json={"name": name} if name is not None else {})
    assert reply.status_code == 400 and "needs a name" in reply.json()["error"]


@pytest.mark.parametrize("ids", ["d1", [1], None, {"a": 1}])
def test_ids_that_are_no_list_of_words_are_refused(client: tuple[TestClient, State, Path], ids: object) -> None:
    reply = client[0].post("/page/api/collections/default/put", json={"documents": ids})
    assert reply.status_code == 400 and "list of ids" in reply.json()["error"]


def test_a_chat_looks_only_into_the_chosen_collections_until_all_are_chosen_again(
    client: tuple[TestClient, State, Path],
) -> None:
    page, state, _ = client
    chat = page.post("/page/api/conversations").json()["id"]
    made = page.post("/page/api/collections", json={"name": "B"}).json()["id"]
    said = page.post(f"/page/api/conversations/{chat}/collections", json={"collections": [made]}).json()
    assert [one["used"] for one in said] == [False, True]
    assert [one["used"] for one in page.get(f"/page/api/collections?conversation={chat}").json()] == [False, True]
    assert [one["used"] for one in page.get("/page/api/collections").json()] == [True, True]
    page.post(f"/page/api/conversations/{chat}/collections", json={"collections": None})
    assert state.used[chat] is None


def test_a_file_of_one_chat_is_kept_apart(client: tuple[TestClient, State, Path]) -> None:
    page, _, uploads = client
    chat = page.post("/page/api/conversations").json()["id"]
    info = added(page, uploads, conversation=chat)
    assert [one["id"] for one in page.get(f"/page/api/conversations/{chat}/attachments").json()] == [info["id"]]
    assert page.get("/page/api/collections").json()[0]["documents"] == []
    assert page.get("/page/api/conversations/other/attachments").json() == []


def test_a_page_comes_with_its_passages_and_its_picture_with_the_boxes_of_the_quote(
    client: tuple[TestClient, State, Path],
) -> None:
    page, _, uploads = client
    info = added(page, uploads)
    look = page.get(f"/page/api/documents/{info['id']}/look?page=3&quote=It opens at 06:40").json()
    text = look["page"]["text"]
    assert text[look["page"]["start"] : look["page"]["end"]] == "It opens at 06:40" and look["drawn"]
    assert [one["heading"] for one in look["passages"]] == [["Depots", "Hours"]] * 2
    drawn = page.get(f"/page/api/documents/{info['id']}/picture?page=3&quote=x").json()
    assert base64.b64decode(drawn["picture"].removeprefix("data:image/png;base64,")).startswith(b"\x89PNG")
    assert drawn["boxes"] == [[0.1, 0.2, 0.8, 0.23]]


def test_what_would_be_found_names_scores_and_sentences_and_looks_only_where_it_is_told(
    client: tuple[TestClient, State, Path],
) -> None:
    page = client[0]
    found = page.get("/page/api/documents/found?query=when").json()
    first = found["hits"][0]["passage"]
    assert (first["score"], first["score_vector"], first["score_text"]) == (0.86, 0.81, 0.74)
    assert found["sentences"][0]["page"] == 3 and found["covers"] == "clearly"
    assert page.get("/page/api/documents/found?query=when&collection=other").json()["hits"] == []
    by_words = page.get("/page/api/documents/found?query=when&by=text").json()
    assert by_words["sentences"][0]["text"] == "Searched by text."
    assert page.get("/page/api/documents/found?query=when&by=magic").status_code == 422


def test_an_address_is_kept_and_a_private_one_refused_with_a_sentence(client: tuple[TestClient, State, Path]) -> None:
    page = client[0]
    assert (
        page.post("/page/api/documents/address", json={"url": "https://a.example/b"}).json()["title"] == "a.example/b"
    )
    reply = page.post("/page/api/documents/address", json={"url": "http://127.0.0.1/x"})
    assert reply.status_code == 400 and "private" in reply.json()["error"]
    assert "Paste one" in page.post("/page/api/documents/address", json={"url": " "}).json()["error"]


def test_a_version_is_replaced_only_by_a_fresh_upload(client: tuple[TestClient, State, Path]) -> None:
    page, _, uploads = client
    info = added(page, uploads)
    assert page.post(f"/page/api/documents/{info['id']}/replace", json=sent(uploads)).json()["id"] == info["id"]
    assert not list(uploads.iterdir())
    reply = page.post(f"/page/api/documents/{info['id']}/replace", json={"path": "/etc/passwd", "title": "x"})
    assert reply.status_code == 404


def test_taking_in_can_be_paused_and_goes_on(client: tuple[TestClient, State, Path]) -> None:
    page = client[0]
    assert page.post("/page/api/documents/pause").json()["paused"] is True
    assert page.get("/page/api/documents/all").json()["work"]["paused"] is True
    assert page.post("/page/api/documents/continue").json()["paused"] is False


def test_an_export_is_sent_whole_and_nothing_of_it_stays(
    client: tuple[TestClient, State, Path], tmp_path: Path
) -> None:
    page, _, uploads = client
    assert "Add some first" in page.get("/page/api/documents/export").json()["error"]
    added(page, uploads)
    reply = page.get("/page/api/documents/export")
    assert reply.status_code == 200 and reply.headers["content-type"] == "application/zip" and reply.text == "a.pdf"
    assert reply.headers["content-disposition"].startswith('attachment; filename="lottery-chat-documents-')
    assert list((tmp_path / "exports").iterdir()) == []


def test_an_import_tells_what_became_of_each_and_takes_only_what_was_just_uploaded(
    client: tuple[TestClient, State, Path], tmp_path: Path
) -> None:
    page, _, uploads = client
    (uploads / "base.zip").write_text("one.txt\n<two>\n")
    told = page.post("/page/api/documents/import", json={"path": str(uploads / "base.zip"), "title": "base.zip"}).json()
    assert (told["new"], told["there already"], told["refused"]) == (1, 0, 1)
    assert told["problems"] == ["<two>: its hash does not fit"] and not (uploads / "base.zip").exists()
    outside = tmp_path / "secret.zip"
    outside.write_text("x")
    refused = page.post("/page/api/documents/import", json={"path": str(outside)})
    assert refused.status_code == 404 and outside.exists()


def test_a_check_gives_its_sentences(client: tuple[TestClient, State, Path]) -> None:
    assert client[0].post("/page/api/documents/check").json() == {"found": []}
