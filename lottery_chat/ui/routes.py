"""The page's own JSON routes: conversations, traces, documents, models, settings. Answers are asked through Gradio.

Every route calls the interface and returns its frozen values as JSON; an error of ours is {"error": sentence}.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI
from fastapi.responses import FileResponse, JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from lottery_chat.errors import LotteryChatError, NotFound, PageRefused
from lottery_chat.interface import App, DocumentInfo
from lottery_chat.ui.live import LiveRuns

STATIC = Path(__file__).parent / "static"
SAMPLE = "harbour-depots.pdf"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}
Values = Annotated[dict[str, Any], Body()]


def add_routes(web: FastAPI, app: App, live: LiveRuns, uploads: Path) -> None:
    """Add index, static files and JSON routes to the FastAPI app; `uploads` is where Gradio puts files."""
    web.add_exception_handler(LotteryChatError, _sentence)
    web.include_router(_files())
    web.include_router(_chat(app, live), prefix="/page/api")
    web.include_router(_documents(app, uploads), prefix="/page/api/documents")
    web.include_router(_choices(app), prefix="/page/api")


def _sentence(_: Request, problem: Exception) -> Response:
    code = 404 if isinstance(problem, NotFound) else 403 if isinstance(problem, PageRefused) else 400
    return JSONResponse({"error": str(problem)}, code)


def _plain(values: Any) -> Any:
    if dataclasses.is_dataclass(values) and not isinstance(values, type):
        return dataclasses.asdict(values)
    return [_plain(one) for one in values]


def _files() -> APIRouter:
    router = APIRouter()
    known = {one.name: one for one in STATIC.iterdir() if one.suffix in _TYPES}

    @router.get("/", include_in_schema=False)
    def index() -> Response:
        return FileResponse(known["index.html"], media_type=_TYPES[".html"], headers={"Cache-Control": "no-cache"})

    @router.get("/page/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if name not in known:  # a fixed table: no path is ever put together from a request
            return JSONResponse({"error": "There is no such file."}, 404)
        kind = _TYPES[known[name].suffix]
        return FileResponse(known[name], media_type=kind, headers={"Cache-Control": "no-cache"})

    return router


def _chat(app: App, live: LiveRuns) -> APIRouter:
    router = APIRouter()

    @router.get("/conversations")
    def conversations(search: str = "") -> JSONResponse:
        return JSONResponse(_plain(app.conversations.list(search[:200])))

    @router.patch("/conversations/{conversation}")
    def rename(conversation: str, body: Values) -> JSONResponse:
        title = " ".join(str(body.get("title", "")).split())[:200]
        if not title:
            raise LotteryChatError("A conversation needs a name: write one.")
        app.conversations.rename(conversation, title)
        return JSONResponse({"title": title})

    @router.delete("/conversations/{conversation}")
    def delete(conversation: str) -> JSONResponse:
        app.conversations.delete(conversation)
        return JSONResponse({})

    @router.get("/conversations/{conversation}/turns")
    def turns(conversation: str) -> JSONResponse:
        return JSONResponse(_plain(app.conversations.turns(conversation)))

    @router.get("/runs/{run}/events")
    def events(run: str, after: int = 0, wait: float = 0.0) -> JSONResponse:
        return JSONResponse(live.after(run, max(after, 0), min(max(wait, 0.0), 2.0)))

    @router.post("/runs/{run}/stop")
    def stop(run: str) -> JSONResponse:
        return JSONResponse({"stopped": app.chat.stop(run)})

    @router.post("/permissions/{request}")
    def permit(request: str, body: Values) -> JSONResponse:
        query = body.get("query")
        app.chat.permit(request, str(query)[:20_000] if query is not None else None)
        return JSONResponse({})

    return router


def _documents(app: App, uploads: Path) -> APIRouter:
    router = APIRouter()

    @router.get("")
    def documents() -> JSONResponse:
        return JSONResponse(_plain(app.documents.list()))

    @router.post("")
    def add(body: Values) -> JSONResponse:
        """Keep a file that Gradio's upload route has just put into the passing folder."""
        path = Path(str(body.get("path", ""))).resolve()
        if uploads not in path.parents or not path.is_file():
            raise NotFound(f"There is no upload {path.name!r}. Send the file again.")
        title = str(body.get("title", "")).replace("\\", "/").rpartition("/")[2].strip()[:200]
        try:
            return JSONResponse(_plain(app.documents.add(path, title or path.name)))
        finally:
            path.unlink(missing_ok=True)  # the original is kept by the app; nothing passing stays

    @router.post("/sample")
    def sample() -> JSONResponse:
        return JSONResponse(_plain(app.documents.add(STATIC / SAMPLE, SAMPLE)))

    @router.post("/rebuild")
    def rebuild() -> JSONResponse:
        return JSONResponse(_last(app.documents.rebuild()))

    @router.get("/search")
    def search(query: str) -> JSONResponse:
        return JSONResponse(_plain(app.documents.search(query[:1000])))

    @router.get("/{document}/page")
    def page(document: str, page: int | None = None, quote: str = "") -> JSONResponse:
        return JSONResponse(_plain(app.documents.page(document, page, quote[:5000])))

    @router.delete("/{document}")
    def remove(document: str) -> JSONResponse:
        app.documents.remove(document)
        return JSONResponse({})

    return router


def _last(documents: Iterator[DocumentInfo]) -> dict[str, int]:
    return {"documents": sum(1 for _ in documents)}


def _choices(app: App) -> APIRouter:
    router = APIRouter()

    @router.get("/state")
    def state() -> JSONResponse:
        parts = _plain(app.parts()) if app.parts else []
        told = {"version": app.version, "home": str(app.home), "parts": parts}
        return JSONResponse({**told, "preferences": _plain(app.options.read())})

    @router.get("/models")
    def models() -> JSONResponse:
        return JSONResponse(_plain(app.models.list()))

    @router.post("/models/choose")
    def choose(body: Values) -> JSONResponse:
        app.models.choose(str(body.get("name", "")))
        return JSONResponse({})

    @router.patch("/options")
    def change(body: Values) -> JSONResponse:
        return JSONResponse(_plain(app.options.change(**body)))

    return router
