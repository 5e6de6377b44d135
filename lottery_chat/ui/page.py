"""The Gradio app: the events through which every question is asked, and a plain page made of Gradio's own parts.

`/ask` is public (gradio_client: `Client(url).submit("question", api_name="/ask")`), `/begin` is what our page calls.
Our page at `/` and the plain one at `/plain` ask through the same app. The only module that imports gradio.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import gradio as gr
from gradio.events import api

from lottery_chat.errors import LotteryChatError
from lottery_chat.events import Answered, Event, Notice, Progress, Started, TextDelta, TextReplaced, to_json
from lottery_chat.interface.app import App
from lottery_chat.ui.live import LiveRuns
from lottery_chat.ui.plain import as_text

#: Runs that may stream at once through Gradio's queue, and how many may wait; the model has its own fair queue.
AT_ONCE, WAITING = 8, 64
UPLOAD_LIMIT = "200mb"
_BEGIN = {"question", "conversation", "attachments", "model", "mode", "retry_of", "continue_of"}


def build(app: App, live: LiveRuns) -> gr.Blocks:
    """Return the Gradio Blocks with the events `/ask` and `/begin` and the plain page at `/plain`."""

    def ask(question: str, conversation: str = "", mode: str = "", retrieval: str = "") -> Iterator[dict[str, Any]]:
        """Answer a question. Yields {"text", "progress", "run"} while it streams; the last is the whole answer."""
        wanted = {"conversation": conversation, "mode": mode, "retrieval": retrieval}
        yield from _told(app.chat.ask(question, **{name: value for name, value in wanted.items() if value}))  # type: ignore[arg-type]

    def begin(request: dict[str, Any]) -> dict[str, Any]:
        """Ask and return the run's id at once; its events are then read by number."""
        chosen = {name: value for name, value in request.items() if name in _BEGIN and value}
        if not str(chosen.get("question", "")).strip():
            return {"error": "Write a question first."}
        try:
            begun = live.begin(**chosen)
        except LotteryChatError as problem:
            return {"error": str(problem)}
        return {"run": begun.run, "conversation": begun.conversation}

    blocks: gr.Blocks
    with gr.Blocks(title="Lottery Chat", analytics_enabled=False, delete_cache=(3600, 86400)) as blocks:
        api(ask, concurrency_limit=AT_ONCE, concurrency_id="ask")
        api(begin, queue=False, api_visibility="undocumented")
    with blocks.route("Plain", "/plain"):
        _plain_page(app)
    blocks.queue(max_size=WAITING, api_open=False)
    return blocks


def mount(web: Any, blocks: gr.Blocks, host: str, port: int) -> None:
    """Mount the Blocks at the root of a FastAPI app that has its own CORSMiddleware."""
    with warnings.catch_warnings():
        # Said for every app of more than one page, also where server-side rendering is off, as it is here.
        warnings.filterwarnings("ignore", "SSR mode is not supported")
        _mount(web, blocks, host, port)


def _mount(web: Any, blocks: gr.Blocks, host: str, port: int) -> None:
    gr.mount_gradio_app(
        web,
        blocks,
        path="",
        server_name=host,
        server_port=port,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=UPLOAD_LIMIT,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        allowed_paths=[],
        blocked_paths=[],
    )


def _told(events: Iterator[Event]) -> Iterator[dict[str, Any]]:
    text, run = "", ""
    for event in events:
        if isinstance(event, Started):
            run = event.run
        elif isinstance(event, TextDelta):
            text += event.text
        elif isinstance(event, TextReplaced):
            text = event.text
        elif isinstance(event, Answered):
            yield {**to_json(event), "done": True}
            return
        elif not isinstance(event, Progress | Notice):
            continue
        yield {"run": run, "text": text, "progress": event.text if isinstance(event, Progress) else "", "done": False}


def _plain_page(app: App) -> None:
    """A page without our own script: for a browser in which ours does not run."""
    gr.Markdown("# Lottery Chat\nThe plain page. [Open the full one](/).")
    shown = gr.Textbox(label="Answer", lines=12, interactive=False, elem_id="plain-answer")
    asked = gr.Textbox(label="Question", placeholder="Ask, then press Enter")
    conversation = gr.Textbox(visible=False)  # not gr.State: that would hold a connection open for each window

    def reply(question: str, before: str) -> Iterator[tuple[str, str]]:
        text = ""
        for event in app.chat.ask(question, conversation=before or None):
            if isinstance(event, Started):
                before = event.conversation
            text = as_text(event, text)
            yield text, before

    asked.submit(
        reply,
        [asked, conversation],
        [shown, conversation],
        api_visibility="private",
        concurrency_limit=AT_ONCE,
        concurrency_id="ask",
        show_progress="hidden",
    )
