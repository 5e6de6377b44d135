"""`lottery-chat documents facts`: what the documents state as (entity, relation, object), each with its source."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from lottery_chat.interface.app import App
from lottery_chat.interface.documents import FactInfo
from lottery_chat.plain_text import plain
from lottery_chat.terminal import line, note

_SHOWN = 200


def facts(app: App, options: argparse.Namespace, documents: Sequence[str]) -> int:
    """Print the facts about a name, with a relation, in these documents (none named: all); 1 where there is none."""
    found = app.documents.facts(about=options.about or "", relation=options.relation or "", documents=documents)
    for one in found[:_SHOWN]:
        line(_line(one))
    if len(found) > _SHOWN:
        note(f"{len(found) - _SHOWN} more; name them more exactly with --about NAME or --relation R.")
    if not found:
        note("No statement in a plain form was found. `lottery-chat search` finds passages by their meaning.")
    return 0 if found else 1


def _line(one: FactInfo) -> str:
    page = f", p. {one.page}" if one.page is not None else ""
    said = " ".join(plain(one.sentence).split())
    return (
        f"{plain(one.entity)} | {plain(one.relation)} | {plain(one.object)}   [{plain(one.title)}{page}]\n"
        f"   “{said[:200]}{'…' if len(said) > 200 else ''}”"
    )
