"""The command line: what can be typed, and which part of the app each command calls.

It receives the whole app as one narrow interface and chooses no part itself. Errors that a person can do something
about are one sentence on stderr and exit code 1, never a traceback; wrong options are exit code 2.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lottery_chat import __version__, commands, commands_documents, commands_ingest, commands_memory, commands_tools
from lottery_chat.commands import Opener
from lottery_chat.errors import LotteryChatError, NotFound, SettingsError
from lottery_chat.events import Event
from lottery_chat.interface.app import App
from lottery_chat.lab.options import add_options as lab_options
from lottery_chat.plain_text import plain
from lottery_chat.settings import VARIABLES, Settings, make_folders, read_settings
from lottery_chat.terminal import GOOD, part_line, show_run


@contextlib.contextmanager
def open_app(settings: Settings, started: bool) -> Iterator[App]:
    """The app on its real parts, closed at the end."""
    # Inside, so that `--help` and usage errors are instant and need no package.
    from lottery_chat import assembly

    make_folders(settings)
    app = assembly.build(settings)
    try:
        if started:
            assembly.start(app)
        yield app
    finally:
        assembly.close(app)


def main(arguments: Sequence[str] | None = None, *, opener: Opener = open_app) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: without the program's name; sys.argv when None.
        opener: how the app is built; tests give one on scripted parts.
    """
    options = _parser().parse_args(arguments)
    try:
        settings = read_settings(
            home=options.home,
            host=getattr(options, "host", None),
            port=getattr(options, "port", None),
            open_browser=False if getattr(options, "no_browser", False) else None,
        )
        code: int = options.command(options, settings, opener)
        sys.stdout.flush()
        return code
    except LotteryChatError as error:
        print(f"lottery-chat: {plain(str(error))}", file=sys.stderr)
        return 2 if isinstance(error, SettingsError) else 1
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in ("lottery_chat", "knowledge", "tools"):
            raise  # a fault of ours, not of the set-up
        print(
            f"lottery-chat: the package {error.name!r} is not installed for {sys.executable}. Run `make run` in the"
            " project's folder, or `python -m pip install -r requirements.txt`.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); keep Python from complaining when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


# --- options ----------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    home = argparse.ArgumentParser(add_help=False)
    home.add_argument("--home", metavar="DIR", default=argparse.SUPPRESS, help="folder of all data")
    variables = "\n".join(f"  {name:25} {text}" for name, text in VARIABLES.items())
    parser = argparse.ArgumentParser(
        prog="lottery-chat",
        description="A small local model that looks things up, computes, proves and remembers, and shows its work.",
        epilog=f"environment:\n{variables}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--home", metavar="DIR", default=None, help="folder of all data (or LOTTERY_CHAT_HOME)")
    parser.add_argument("--version", action="version", version=f"lottery-chat {__version__}")
    all_commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, function: Callable[..., int], text: str) -> argparse.ArgumentParser:
        command = all_commands.add_parser(name, parents=[home], help=text, description=text)
        command.set_defaults(command=function)
        return command

    _add_serve(add("serve", _serve, "open the page in the browser"))
    _add_ask(add("ask", _ask, "answer one question here"))
    ingesting = add(
        "ingest", commands_ingest.ingest, "read files and folders into the knowledge base; again: what changed"
    )
    ingesting.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    ingesting.add_argument("--collection", metavar="NAME", help="put them into this collection, made when missing")
    text = "list, replace, remove, check, export or import what is in the knowledge base, its collections and facts"
    documents = add("documents", commands_documents.documents, text)
    _add_actions(documents, *commands_documents.ACTIONS)
    documents.add_argument("--about", metavar="NAME", help="facts: of this entity, or one whose name has these words")
    documents.add_argument("--relation", metavar="R", help="facts: with this relation, in any of its words (author, written by)")  # fmt: skip
    searching = add("search", commands_documents.search, "show which passages would be found")
    searching.add_argument("query", metavar="QUERY")
    searching.add_argument("--collection", metavar="NAME", action="append", default=[], help="only in this collection; may be repeated")  # fmt: skip
    searching.add_argument("--by", choices=["vector", "text", "hybrid"], help="how to search (default: as set, else hybrid)")  # fmt: skip
    _add_actions(add("models", commands.models, "list, pull or remove models"), "list", "pull", "remove")
    _add_actions(
        add("runs", commands.runs, "list, show or export runs, or their statistics"), "list", "show", "export", "stats"
    )
    text = "show or forget what is remembered: notes, cells, checked answers"
    _add_actions(add("memory", commands_memory.memory, text), "list", "forget")
    _add_tools(add("tools", commands_tools.tools, "list, add, remove or call the tools of your MCP servers"))
    lab_options(add("lab", _lab, "measure: tasks in arms, the panel, reports, the bench"))
    add("doctor", _doctor, "check every part and say what to do")
    return parser


def _add_serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", help="address to serve on (default 127.0.0.1; others need LOTTERY_CHAT_PASSWORD)")
    command.add_argument("--port", type=int, help="port (default 7860)")
    command.add_argument("--no-browser", action="store_true", help="do not open the browser")


def _add_ask(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", metavar="QUESTION")
    command.add_argument("--document", metavar="PATH", type=Path, action="append", default=[], help="only this file, for this question; may be repeated")  # fmt: skip
    command.add_argument("--collection", metavar="NAME", action="append", default=[], help="only this collection of documents, for this question; may be repeated")  # fmt: skip
    command.add_argument("--conversation", metavar="NAME", help="go on in this conversation, or begin it")
    command.add_argument("--model", metavar="NAME", help="this model, for this question")
    command.add_argument("--mode", metavar="PRESET", choices=["auto", "fast", "deliberate", "strict"], help="auto, fast, deliberate, strict")  # fmt: skip
    command.add_argument("--retrieval", choices=["closed-book", "auto", "always"], help="whether documents are searched")  # fmt: skip
    command.add_argument("--web", choices=["off", "ask", "on"], help="whether the web is searched: off, ask first, on")
    command.add_argument("--prove", choices=["ordered", "goals", "roles"], action="append", default=[], help="logic: premises ordered, from the goal backwards, roles in the trace and a second check; may be repeated")  # fmt: skip
    command.add_argument("--seed", type=int, default=0, help="seed of the model (default 0)")
    command.add_argument("--json", action="store_true", help="one event a line; the last is `answered`")


def _add_actions(command: argparse.ArgumentParser, *names: str) -> None:
    command.add_argument("action", choices=names, nargs="?", default="list")
    command.add_argument("names", metavar="NAME", nargs="*", help="id or name, where the action needs one")


def _add_tools(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", choices=["list", "add", "remove", "permit", "call"], nargs="?", default="list")
    command.add_argument("names", metavar="NAME", nargs="*", help="server, or server.tool; for `call` also the arguments as JSON")  # fmt: skip
    command.add_argument("--command", dest="program", metavar="LINE", help="add: the command that starts the server, in quotes")  # fmt: skip
    command.add_argument("--url", metavar="URL", help="add: the address of a server that runs already")
    command.add_argument("--env", metavar="NAME=VALUE", action="append", default=[], help="add: a variable the command gets; may be repeated")  # fmt: skip
    command.add_argument("--permit", choices=["allow", "ask", "never"], default="ask", help="add, permit: whether it may be called (default: ask)")  # fmt: skip


# --- serve and ask ----------------------------------------------------------------------------------------------


def _serve(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    # Inside, because gradio takes seconds to import and only this command needs it.
    from lottery_chat import assembly
    from lottery_chat.ui import server

    with opener(settings, False) as app:

        def ready(url: str) -> None:
            print(f"Lottery Chat is at {url}\nData: {settings.home}\nCtrl-C ends it.", flush=True)

            # Only now: the box shall accept text before models and solvers are loaded.
            assembly.start(app, patient=False, say=lambda line: print(line, flush=True))

        server.serve(
            app,
            host=settings.host,
            port=settings.port,
            password=settings.password,
            open_browser=settings.open_browser,
            on_ready=ready,
        )
    return 0


def _ask(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    if not options.question.strip():
        raise SettingsError("The question is empty. Put it in quotes after `ask`.")
    missing = [str(path) for path in options.document if not path.is_file()]
    if missing:
        raise NotFound(f"There is no file {missing[0]!r}. Check the path.")
    # The model that was asked for is the only one that is loaded.
    with opener(dataclasses.replace(settings, model=options.model), True) as app:

        def events() -> Iterator[Event]:
            yield from app.chat.ask(
                options.question,
                conversation=_conversation(app, options.conversation),
                documents=tuple(options.document),
                model=options.model,
                mode=options.mode,
                retrieval=options.retrieval,
                web_search=options.web,
                prove=tuple(options.prove),
                seed=options.seed,
                collections=[app.documents.collection(name).id for name in options.collection] or None,
            )

        answered = show_run(
            events(),
            app.chat,
            out=sys.stdout,
            err=sys.stderr,
            machine=options.json,
            waiting=lambda: _model_on_its_way(app),
        )
    return 0 if answered.status in GOOD else 1


def _model_on_its_way(app: App) -> str:
    for part in app.parts():
        if part.name == "model" and part.state in ("waiting", "loading", "downloading"):
            return part_line(part)
    return ""


def _conversation(app: App, name: str | None) -> str | None:
    """The id of the conversation with this title or id; a new one with this title when there is none."""
    if name is None:
        return None
    everyone = app.conversations.list()
    for one in everyone:
        if name in (one.title, one.id):
            return one.id
    for one in everyone:
        if name.casefold().strip() == one.title.casefold().strip():
            return one.id
    made = app.conversations.create()
    app.conversations.rename(made, name)
    return made


# --- lab and doctor ---------------------------------------------------------------------------------------------


def _lab(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    # Inside, because only this command measures.
    from lottery_chat.lab.command import lab

    return lab(options, settings, opener)


def _doctor(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    # Inside, because only this command needs it.
    from lottery_chat import doctor

    return doctor.report(settings, sys.stdout)
