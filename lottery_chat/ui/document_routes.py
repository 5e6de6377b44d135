"""The page's JSON routes about documents: files, versions, collections, pages beside their passages, what is found.

Text from documents goes out as JSON and is shown as text nodes; a page's picture goes out as a PNG in a data address.
"""

from __future__ import annotations

import base64
import dataclasses
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask

from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.interface.app import App

STATIC = Path(__file__).parent / "static"
SAMPLE = "harbour-depots.pdf"
#: Ids in one request, and characters of a query.
MANY, LONG = 10_000, 1_000
#: An export so old (seconds) belongs to a download that was broken off or to a program that was killed.
_LEFT_BEHIND = 3600.0
Values = Annotated[dict[str, Any], Body()]


def plain(values: Any) -> Any:
    """Frozen values (one, or a sequence of them) as JSON-ready dictionaries."""
    if dataclasses.is_dataclass(values) and not isinstance(values, type):
        return dataclasses.asdict(values)
    return [plain(one) for one in values]


def document_routes(app: App, uploads: Path) -> APIRouter:
    """Routes under /page/api/documents; `uploads` is where Gradio puts files."""
    router = APIRouter()
    _all_of_them(router, app)
    _taking_in(router, app, uploads)
    _looking(router, app)
    return router


@contextmanager
def _sent(body: dict[str, Any], uploads: Path) -> Iterator[tuple[Path, str]]:
    """A file that Gradio's upload route has just put into the passing folder, and its name; then it goes."""
    path = Path(str(body.get("path", ""))).resolve()
    if uploads not in path.parents or not path.is_file():
        raise NotFound(f"There is no upload {path.name!r}. Send the file again.")
    title = str(body.get("title", "")).replace("\\", "/").rpartition("/")[2].strip()[:200]
    try:
        yield path, title or path.name
    finally:
        path.unlink(missing_ok=True)  # the original is kept by the app; nothing passing stays


def _all_of_them(router: APIRouter, app: App) -> None:
    @router.get("")
    def documents() -> JSONResponse:
        return JSONResponse(plain(app.documents.list()))

    @router.get("/all")
    def everything() -> JSONResponse:
        """All that the Documents tab shows, in one answer: it is asked for again and again."""
        told = {"documents": plain(app.documents.list()), "collections": plain(app.documents.collections())}
        return JSONResponse({**told, "work": plain(app.documents.work())})

    @router.post("/rebuild")
    def rebuild() -> JSONResponse:
        return JSONResponse({"documents": sum(1 for _ in app.documents.rebuild())})

    @router.post("/check")
    def check() -> JSONResponse:
        """A sentence for each thing that was found and mended."""
        return JSONResponse({"found": list(app.documents.check())})

    @router.get("/export")
    def export() -> FileResponse:
        """The whole knowledge base as one file; it is made beside the documents and goes when it was sent."""
        if not app.documents.list():
            raise LotteryChatError("There are no documents to export. Add some first.")
        folder = Path(tempfile.mkdtemp(prefix="export-", dir=export_room(app.home)))
        path = folder / f"lottery-chat-documents-{date.today().isoformat()}.zip"
        try:
            for _ in app.documents.export(path):
                pass
        except (LotteryChatError, OSError):
            shutil.rmtree(folder, ignore_errors=True)
            raise
        gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        return FileResponse(path, media_type="application/zip", filename=path.name, background=gone)

    @router.post("/pause")
    def pause() -> JSONResponse:
        app.documents.pause()
        return JSONResponse(plain(app.documents.work()))

    @router.post("/continue")
    def go_on() -> JSONResponse:
        app.documents.go_on()
        return JSONResponse(plain(app.documents.work()))


def export_room(home: Path) -> Path:
    """Where an export is made: on the disk of the documents, not in a small /tmp; what a kill left there goes."""
    room = home / "exports"
    room.mkdir(mode=0o700, exist_ok=True)
    for old in room.iterdir():
        if old.stat().st_mtime < time.time() - _LEFT_BEHIND:
            shutil.rmtree(old, ignore_errors=True)
    return room


def _taking_in(router: APIRouter, app: App, uploads: Path) -> None:
    @router.post("")
    def add(body: Values) -> JSONResponse:
        """Keep a file: for all chats, in a collection, or (`conversation`) for one chat alone."""
        conversation, collection = str(body.get("conversation", "")), str(body.get("collection", ""))
        with _sent(body, uploads) as (path, title):
            if conversation:
                info = app.documents.attach(conversation, path, title)
            else:
                info = app.documents.add(path, title)
                if collection:
                    app.documents.put(collection, [info.id])
        return JSONResponse(plain(info))

    @router.post("/import")
    def import_(body: Values) -> JSONResponse:
        """Take in an exported knowledge base; what is there already stays."""
        with _sent(body, uploads) as (path, _):
            taken = list(app.documents.import_(path))
        told = {state: sum(one.state == state for one in taken) for state in ("new", "there already", "refused")}
        refused = [f"{one.title}: {one.problem}" for one in taken if one.state == "refused"]
        return JSONResponse({**told, "problems": refused[:20]})

    @router.post("/address")
    def add_address(body: Values) -> JSONResponse:
        url = str(body.get("url", "")).strip()[:4_000]
        if not url:
            raise LotteryChatError("There is no address. Paste one, for example https://example.org/page.")
        info = app.views.add_address(url, str(body.get("conversation", "")) or None)
        if (collection := str(body.get("collection", ""))) and not body.get("conversation"):
            app.documents.put(collection, [info.id])
        return JSONResponse(plain(info))

    @router.post("/sample")
    def sample() -> JSONResponse:
        return JSONResponse(plain(app.documents.add(STATIC / SAMPLE, SAMPLE)))

    @router.post("/{document}/replace")
    def replace(document: str, body: Values) -> JSONResponse:
        with _sent(body, uploads) as (path, _):
            return JSONResponse(plain(app.documents.replace(document, path)))

    @router.post("/{document}/supersede")
    def supersede(document: str, body: Values) -> JSONResponse:
        return JSONResponse(plain(app.documents.supersede(document, str(body.get("by", "")))))

    @router.delete("/{document}")
    def remove(document: str) -> JSONResponse:
        app.documents.remove(document)
        return JSONResponse({})


def _looking(router: APIRouter, app: App) -> None:
    @router.get("/search")
    def search(query: str) -> JSONResponse:
        return JSONResponse(plain(app.documents.search(query[:LONG])))

    @router.get("/found")
    def found(
        query: str,
        collection: Annotated[list[str] | None, Query()] = None,
        by: Literal["", "hybrid", "vector", "text"] = "",
    ) -> JSONResponse:
        """What would be found and read; no collection named means all, `by` empty means as the settings say."""
        inside = collection[:MANY] if collection else None
        return JSONResponse(plain(app.views.would_find(query[:LONG], inside, by or None)))

    @router.get("/{document}/page")
    def page(document: str, page: int | None = None, quote: str = "") -> JSONResponse:
        return JSONResponse(plain(app.documents.page(document, page, quote[:5000])))

    @router.get("/{document}/look")
    def look(document: str, page: int | None = None, quote: str = "") -> JSONResponse:
        return JSONResponse(plain(app.views.look(document, page, quote[:5000])))

    @router.get("/{document}/picture")
    def picture(document: str, page: int, quote: str = "") -> JSONResponse:
        drawn = app.views.picture(document, page, quote[:5000])
        address = f"data:image/png;base64,{base64.b64encode(drawn.png).decode()}"
        return JSONResponse({"picture": address, "boxes": drawn.boxes})


def collection_routes(app: App) -> APIRouter:
    """Routes under /page/api: collections, and what one conversation looks into and carries."""
    router = APIRouter()

    @router.get("/collections")
    def collections(conversation: str = "") -> JSONResponse:
        return JSONResponse(plain(app.documents.collections(conversation or None)))

    @router.post("/collections")
    def make(body: Values) -> JSONResponse:
        return JSONResponse(plain(app.documents.make_collection(_name(body))))

    @router.patch("/collections/{collection}")
    def rename(collection: str, body: Values) -> JSONResponse:
        return JSONResponse(plain(app.documents.rename_collection(collection, _name(body))))

    @router.delete("/collections/{collection}")
    def remove(collection: str) -> JSONResponse:
        app.documents.remove_collection(collection)
        return JSONResponse({})

    @router.post("/collections/{collection}/put")
    def put(collection: str, body: Values) -> JSONResponse:
        return _changed(app.documents.put, collection, body)

    @router.post("/collections/{collection}/take")
    def take(collection: str, body: Values) -> JSONResponse:
        return _changed(app.documents.take, collection, body)

    @router.post("/conversations")
    def create() -> JSONResponse:
        return JSONResponse({"id": app.conversations.create()})

    @router.post("/conversations/{conversation}/collections")
    def use(conversation: str, body: Values) -> JSONResponse:
        """Look only into these from now on; null: into all, also those made later."""
        wanted = body.get("collections")
        app.documents.use(conversation, None if wanted is None else _ids(wanted))
        return JSONResponse(plain(app.documents.collections(conversation)))

    @router.get("/conversations/{conversation}/attachments")
    def attachments(conversation: str) -> JSONResponse:
        return JSONResponse(plain(app.documents.attachments(conversation)))

    return router


def _changed(change: Callable[[str, Sequence[str]], None], collection: str, body: dict[str, Any]) -> JSONResponse:
    change(collection, _ids(body.get("documents")))
    return JSONResponse({})


def _name(body: dict[str, Any]) -> str:
    name = " ".join(str(body.get("name", "")).split())[:100]
    if not name:
        raise LotteryChatError("A collection needs a name: write one.")
    return name


def _ids(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise LotteryChatError("A list of ids is expected. Reload the page.")
    return values[:MANY]
