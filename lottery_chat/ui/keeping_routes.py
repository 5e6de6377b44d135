"""The page's JSON routes about what is kept for good: memory, tool servers, everything as one file, everything deleted.

And what the lab measured. Every route calls the interface and returns its frozen values as JSON.
"""

from __future__ import annotations

import json
import shlex
import shutil
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse, JSONResponse
from starlette.background import BackgroundTask

from lottery_chat.errors import LotteryChatError, PageRefused, SettingsError
from lottery_chat.interface.app import App
from lottery_chat.ui.document_routes import Values, export_room, plain

#: What a person writes before everything is deleted.
SURE = "delete everything"
#: Below so many free bytes the page warns: a file, its text and its index may not fit any more.
LOW = 500_000_000


def keeping_routes(app: App, local: bool) -> APIRouter:
    """Routes under /page/api; `local`: the page is reachable from this computer only, so it may start programs."""
    router = APIRouter()
    _memory(router, app)
    _tools(router, app, local)
    _everything(router, app)
    _lab(router, app)
    return router


def disk_low(home: Path) -> str:
    """A sentence when the disk of the data folder is nearly full, else empty."""
    try:
        free = shutil.disk_usage(home).free
    except OSError:
        return ""
    if free >= LOW:
        return ""
    return (
        f"Only {free // 1_000_000} MB are free on the disk of {str(home)!r}: new files and answers may not be kept."
        " Free some space; nothing that is kept already is lost."
    )


def _memory(router: APIRouter, app: App) -> None:
    @router.get("/memory")
    def memory() -> JSONResponse:
        return JSONResponse({"kept": plain(app.memory.kept()), "answers": plain(app.memory.answers())})

    @router.delete("/memory/{id}")
    def forget(id: str) -> JSONResponse:
        app.memory.forget(id)
        return JSONResponse({})


def _tools(router: APIRouter, app: App, local: bool) -> None:
    @router.get("/tools")
    def tools() -> JSONResponse:
        return JSONResponse(plain(app.tools.list()))

    @router.post("/tools")
    def add(body: Values) -> JSONResponse:
        name, command, url = (str(body.get(key, "")).strip() for key in ("name", "command", "url"))
        if bool(command) == bool(url):
            raise SettingsError("Write the command that starts the server, or its address.")
        if command and not local:  # whoever knows the page's password may read its data, not run programs here
            raise PageRefused(
                "Programs are not started from another computer. On the chat's own computer:"
                " `lottery-chat tools add NAME --command …`."
            )
        return JSONResponse(plain(app.tools.add(name, command=_words(command), url=url)))

    @router.patch("/tools")
    def permit(body: Values) -> JSONResponse:
        app.tools.permit(str(body.get("tool", "")), body.get("permit"))  # type: ignore[arg-type]  # checked there
        return JSONResponse({})

    @router.delete("/tools/{name}")
    def remove(name: str) -> JSONResponse:
        app.tools.remove(name)
        return JSONResponse({})


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        raise SettingsError(f"The command {command[:80]!r} cannot be read: {error}. Close its quotes.") from error


def _lab(router: APIRouter, app: App) -> None:
    @router.get("/lab")
    def runs() -> JSONResponse:
        return JSONResponse(plain(app.lab.runs()))

    @router.get("/lab/{run}")
    def report(run: str) -> JSONResponse:
        return JSONResponse({"report": app.lab.report(run)})


def _everything(router: APIRouter, app: App) -> None:
    @router.get("/everything")
    def everything() -> FileResponse:
        """One zip: documents.zip (which the Documents page imports again), chats.json, memory.json, settings.json."""
        folder = Path(tempfile.mkdtemp(prefix="export-", dir=export_room(app.home)))
        try:
            file = _zipped(app, folder)
        except (LotteryChatError, OSError):
            shutil.rmtree(folder, ignore_errors=True)
            raise
        gone = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
        return FileResponse(file, media_type="application/zip", filename=file.name, background=gone)

    @router.get("/everything/room")
    def room() -> JSONResponse:
        """Whether an export fits: asked before a download begins, which cannot show a sentence."""
        needed, free = 2 * sum(one.size for one in app.documents.list()), shutil.disk_usage(app.home).free
        if needed + LOW // 10 > free:
            raise LotteryChatError(
                f"An export needs about {needed // 1_000_000 + 1:,} MB for a while, but only {free // 1_000_000:,} MB are free"
                f" on the disk of {str(app.home)!r}. Free some space, then export again."
            )
        return JSONResponse({})

    @router.post("/everything/delete")
    def delete(body: Values) -> JSONResponse:
        if body.get("sure") != SURE:
            raise LotteryChatError(f"Nothing was deleted. To delete all chats, documents and memories write: {SURE}")
        return JSONResponse(_deleted(app))


def _zipped(app: App, folder: Path) -> Path:
    chats = [{**plain(one), "turns": plain(app.conversations.turns(one.id))} for one in app.conversations.list()]
    told: dict[str, Any] = {"chats": chats, "settings": plain(app.options.read())}
    told["memory"] = {"kept": plain(app.memory.kept()), "answers": plain(app.memory.answers())}
    file = folder / f"lottery-chat-{date.today().isoformat()}.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, values in told.items():
            whole.writestr(f"{name}.json", json.dumps(values, ensure_ascii=False, indent=1))
        if app.documents.list():
            documents = folder / "documents.zip"
            for _ in app.documents.export(documents):
                pass
            whole.write(documents, "documents.zip", zipfile.ZIP_STORED)
    return file


def _deleted(app: App) -> dict[str, int]:
    """Delete all that a person put in; models and settings stay. How many of each went."""
    chats, memories = app.conversations.list(), (*app.memory.kept(), *app.memory.answers())
    for memory in memories:
        app.memory.forget(memory.id)
    for chat in chats:
        app.conversations.delete(chat.id)  # its own files go with it
    documents = app.documents.list()
    for document in documents:
        app.documents.remove(document.id)
    for collection in app.documents.collections():
        if collection.id != "default":
            app.documents.remove_collection(collection.id)
    return {"chats": len(chats), "documents": len(documents), "memories": len(memories)}
