"""The page's own JSON routes: conversations, traces, models, settings. Answers are asked through Gradio.

Documents have theirs in document_routes.py. Every route calls the interface and returns its frozen values as JSON; an error of ours is {"error": sentence}.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, JSONResponse
from starlette.requests import Request
from starlette.responses import Response

from lottery_chat.errors import LotteryChatError, NotFound, PageRefused
from lottery_chat.interface.app import App
from lottery_chat.ui.document_routes import STATIC, Values, collection_routes, document_routes, plain
from lottery_chat.ui.keeping_routes import disk_low, keeping_routes
from lottery_chat.ui.live import LiveRuns

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}


def add_routes(web: FastAPI, app: App, live: LiveRuns, uploads: Path, local: bool = True) -> None:
    """Add index, static files and JSON routes; `uploads` is where Gradio puts files, `local` as in keeping_routes."""
    web.add_exception_handler(LotteryChatError, _sentence)
    web.include_router(_files())
    web.include_router(_chat(app, live), prefix="/page/api")
    web.include_router(document_routes(app, uploads), prefix="/page/api/documents")
    web.include_router(collection_routes(app), prefix="/page/api")
    web.include_router(_choices(app), prefix="/page/api")
    web.include_router(keeping_routes(app, local), prefix="/page/api")


def _sentence(_: Request, problem: Exception) -> Response:
    code = 404 if isinstance(problem, NotFound) else 403 if isinstance(problem, PageRefused) else 400
    return JSONResponse({"error": str(problem)}, code)


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
        return JSONResponse(plain(app.conversations.list(search[:200])))

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
        return JSONResponse(plain(app.conversations.turns(conversation)))

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


def _choices(app: App) -> APIRouter:
    router = APIRouter()

    @router.get("/state")
    def state() -> JSONResponse:
        parts = plain(app.parts()) if app.parts else []
        told = {"version": app.version, "home": str(app.home), "parts": parts, "disk_low": disk_low(app.home)}
        return JSONResponse({**told, "preferences": plain(app.options.read())})

    @router.get("/models")
    def models() -> JSONResponse:
        return JSONResponse(plain(app.models.list()))

    @router.get("/line")
    def line(conversation: str) -> JSONResponse:
        """How many turns of other windows the model serves before this chat's."""
        return JSONResponse({"before": app.models.before(conversation)})

    @router.post("/models/choose")
    def choose(body: Values) -> JSONResponse:
        app.models.choose(str(body.get("name", "")))
        return JSONResponse({})

    @router.patch("/options")
    def change(body: Values) -> JSONResponse:
        return JSONResponse(plain(app.options.change(**body)))

    return router
