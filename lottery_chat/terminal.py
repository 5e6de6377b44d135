"""What a run looks like in a terminal: progress on stderr, the answer on stdout, then how it is known.

Also the plain words for it (`known_line`, `citation_lines`) and `as_json` for machines. Everything shown comes from
models, documents and the web: control characters are taken out, so that text cannot steer the terminal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from lottery_chat.errors import LotteryChatError
from lottery_chat.events import (
    Answered,
    Event,
    PermissionAsked,
    Progress,
    Started,
    TextDelta,
    TextReplaced,
    to_json,
)
from lottery_chat.interface.chat import Chat
from lottery_chat.interface.part import Part
from lottery_chat.plain_text import plain
from lottery_chat.terminal_lines import Answer, ProgressLine

_KNOWN = {
    "computed": "Computed",
    "proved": "Proved",
    "quoted": "Quoted",
    "remembered": "Remembered",
    "model": "Model only",
    "none": "No answer",
}
GOOD = ("answered", "not_in_documents", "asked_back")


def known_line(answered: Answered) -> str:
    """How the answer is known, in one line; empty for free writing, which claims nothing."""
    if answered.free_writing or answered.known == "none":
        return ""
    name = _KNOWN[answered.known]
    if answered.checked:
        return f"— {name}, checked: {answered.check}"
    if answered.known == "model":
        return f"— {name}: {answered.check or 'nothing confirmed it'}"
    return f"— {name}, not cross-checked" + (f": {answered.check}" if answered.check else "")


def citation_lines(answered: Answered) -> list[str]:
    """One line a citation: where it stands, and the quote."""
    lines = []
    for number, one in enumerate(answered.citations, 1):
        page = f", p. {one.page}" if one.page is not None else ""
        where = f"{one.title}{page}"
        if one.kind == "web":
            where += f" <{one.url}> ({one.date or 'no date'})"
        elif one.url:
            where += f" <{one.url}> (fetched {one.fetched[:10] or 'at an unknown time'})"
        quote = " ".join(one.quote.split())
        lines.append(f"  [{number}] {where}: “{quote}”" if quote else f"  [{number}] {where}")
    return lines


def part_line(part: Part) -> str:
    """One part of the app in one line; with megabytes while it is downloaded."""
    text = part.text or f"{part.name}: {part.state}"
    if part.state != "downloading" or part.total <= 0:
        return text
    left = f", about {part.seconds_left:.0f} s left" if part.seconds_left is not None else ""
    return f"{text} {part.done / 1e6:,.0f} of {part.total / 1e6:,.0f} MB{left}"


def ask_for_permission(asked: PermissionAsked, progress: ProgressLine) -> str | None:
    """Ask on the terminal whether this query may leave the computer; without a terminal it may not."""
    progress.clear()
    if not sys.stdin.isatty() or not sys.stderr.isatty():
        web = "Use --web on, or set web search to “on” in the page's settings"
        how = web if asked.tool == "web search" else f"Use `lottery-chat tools permit {asked.tool} --permit allow`"
        sys.stderr.write(
            f"Not sent: {asked.tool} would have sent {plain(asked.query)!r}, and nobody can be asked here. {how},"
            " or ask in a terminal.\n"
        )
        return None
    sys.stderr.write(f"{asked.tool} wants to send exactly this: {plain(asked.query)}\nSend it? [y/N/edit] ")
    sys.stderr.flush()
    said = sys.stdin.readline().strip().lower()
    if said in ("y", "yes"):
        return asked.query
    if said in ("e", "edit"):
        sys.stderr.write("Send instead: ")
        sys.stderr.flush()
        return sys.stdin.readline().strip() or None
    return None


def as_json(event: Event) -> str:
    """One event in one line."""
    return json.dumps(to_json(event), ensure_ascii=False)


def show_run(
    events: Iterator[Event],
    chat: Chat,
    *,
    out: TextIO,
    err: TextIO,
    machine: bool = False,
    waiting: Callable[[], str] | None = None,
    permission: Callable[[PermissionAsked, ProgressLine], str | None] = ask_for_permission,
) -> Answered:
    """Show a run until it ends; Ctrl-C stops it and shows what it had.

    Args:
        machine: one event a line on `out` instead of text; the last is always `answered`.
        waiting: what to say while nothing happens.

    Returns:
        The last event; a failed one when the run could not begin.
    """
    progress, answer, run = ProgressLine(err, waiting), Answer(out), ""
    try:
        try:
            for event in events:
                run = event.run if isinstance(event, Started) else run
                if machine:
                    out.write(as_json(event) + "\n")
                    out.flush()
                if isinstance(event, Answered):
                    return _ended(event, answer, progress, out, err, machine)
                _show(event, chat, answer, progress, permission, machine)
        except KeyboardInterrupt:
            progress.show("Stopping…")
            stopped = _stopped(chat, run)
            if machine:
                out.write(as_json(stopped) + "\n")
            return _ended(stopped, answer, progress, out, err, machine)
        raise LotteryChatError("The run ended without an answer. Ask again; `lottery-chat doctor` checks the parts.")
    except LotteryChatError as error:
        failed = Answered("failed", None, "", "none", False, "", reason=str(error), run=run)
        if machine:
            out.write(as_json(failed) + "\n")
        return _ended(failed, answer, progress, out, err, machine)
    except BrokenPipeError:
        if run:
            chat.stop(run)  # nobody reads any more
        raise
    finally:
        progress.end()


def _show(
    event: Event,
    chat: Chat,
    answer: Answer,
    progress: ProgressLine,
    permission: Callable[[PermissionAsked, ProgressLine], str | None],
    machine: bool,
) -> None:
    if isinstance(event, PermissionAsked):
        chat.permit(event.request, permission(event, progress))
    elif isinstance(event, Progress):
        progress.show(event.text)
    elif isinstance(event, TextDelta | TextReplaced) and not machine:
        progress.clear()
        if isinstance(event, TextDelta):
            answer.add(event.text)
        else:
            answer.replace(event.text)


def _stopped(chat: Chat, run: str) -> Answered:
    """Stop the run and wait for its last event, which the journal has in any case."""
    if run:
        chat.stop(run)
        for event in chat.follow(run):
            if isinstance(event, Answered):
                return event
    return Answered("stopped", None, "", "none", False, "", reason="Stopped before it began.", run=run)


def _ended(
    answered: Answered, answer: Answer, progress: ProgressLine, out: TextIO, err: TextIO, machine: bool
) -> Answered:
    progress.end()
    if machine:
        out.flush()
        return answered
    # A run that failed carries the reason as its text: it is no answer, so a pipe does not read it as one.
    failed_only = answered.status == "failed" and answered.text.strip() == answered.reason.strip()
    answer.end("" if failed_only else answered.text)
    below = [known_line(answered), *citation_lines(answered)]
    out.write("".join(f"{plain(line)}\n" for line in below if line))
    out.flush()
    if answered.status not in GOOD:
        err.write(f"{answered.status.capitalize()}: {plain(answered.reason) or 'no reason was given'}\n")
    for notice in answered.notices:
        err.write(f"Note: {plain(notice)}\n")
    if answered.calls or answered.seconds:
        tokens = f"{answered.tokens_in:,} → {answered.tokens_out:,} tokens"
        err.write(f"{answered.seconds:.1f} s · {answered.calls} calls of {answered.model or 'the model'} · {tokens}\n")
    err.flush()
    return answered


def table(rows: Sequence[Sequence[str]], out: TextIO) -> None:
    """Rows in columns as wide as they need; the last one is not padded."""
    if not rows:
        return
    cleaned = [[" ".join(plain(cell).split()) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cleaned) for column in range(len(cleaned[0]))]
    for row in cleaned:
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths)] + [row[-1]]
        out.write("  ".join(cells).rstrip() + "\n")


def line(text: str) -> None:
    """A line on stdout: what was asked for."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line on stderr: what is said beside it."""
    sys.stderr.write(text + "\n")
