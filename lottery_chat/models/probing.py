"""Reach an OpenAI-compatible server: which models it has, which software it is, what it can do. Asked once."""

from __future__ import annotations

import re
import threading
from typing import Any

from lottery_chat.errors import ModelMissing, ModelUnreachable
from lottery_chat.models import http
from lottery_chat.models.openai_compatible import Flavour, OpenAICompatible
from lottery_chat.models.protocol import Abilities, ModelCard

_THINKS = re.compile(r"qwen3|qwq|deepseek-r1|-r1\b|gpt-oss|think|reason|magistral", re.I)
_LIST_SECONDS = 3.0
_TRY_SECONDS = 120.0  # the first request may load the model


def server_at(url: str, key: str | None) -> http.Server:
    """The server whose base URL a person gave, with or without `/v1` at its end."""
    return http.Server(url.rstrip("/").removesuffix("/v1"), key or "", "The OpenAI-compatible server")


def model_names(server: http.Server) -> tuple[str, ...]:
    """The models it offers. Raises ModelUnreachable."""
    return tuple(_listing(server))


def connect(server: http.Server, name: str, window: int, cancel: threading.Event) -> OpenAICompatible:
    """g_φ on this server, probed with two requests of a few tokens.

    Args:
        name: the model; empty takes the first one it has. window: at most this many tokens are used.

    Raises:
        ModelMissing: it does not have the model. ModelUnreachable: it does not answer.
    """
    listing = _listing(server)
    name = name or next(iter(listing), "")
    if name not in listing:
        raise ModelMissing(f"{server.name} has no model {name!r}. It has {', '.join(listing) or 'none'}.")
    flavour: Flavour = "plain"
    room = listing[name].get("max_model_len")
    if listing[name].get("owned_by") == "vllm":
        flavour = "vllm"
    elif (slot := _llama_window(server)) is not None:
        flavour, room = "llama", slot
    abilities = Abilities(
        logprobs=_takes(server, name, cancel, {"logprobs": True, "top_logprobs": 5}, "logprobs"),
        schema=_takes(server, name, cancel, {"response_format": _TINY}, ""),
        grammar=flavour == "llama",
        refuses_long=flavour != "plain",
    )
    card = ModelCard(
        name, "openai", min(window, int(room)) if room else window, 0, bool(_THINKS.search(name)), "cod" in name.lower(),
        abilities,
    )  # fmt: skip
    return OpenAICompatible(lambda: server, card, model=name, flavour=flavour)


_TINY: dict[str, Any] = {
    "type": "json_schema",
    "json_schema": {"name": "reply", "strict": True, "schema": {
        "type": "object", "properties": {"a": {"type": "boolean"}}, "required": ["a"], "additionalProperties": False,
    }},
}  # fmt: skip


def _listing(server: http.Server) -> dict[str, dict[str, Any]]:
    told = http.ask(server, "v1/models", seconds=_LIST_SECONDS)
    entries = told.get("data") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise ModelUnreachable(f"{server.name} at {server.url!r} lists no models. Check LOTTERY_CHAT_OPENAI_URL.")
    return {str(one["id"]): one for one in entries if isinstance(one, dict) and "id" in one}


def _llama_window(server: http.Server) -> int | None:
    """Tokens of one slot where llama.cpp answers; None elsewhere."""
    try:
        told = http.ask(server, "props", seconds=_LIST_SECONDS)
    except ModelUnreachable:
        return None
    try:
        return int(told["default_generation_settings"]["n_ctx"])
    except (KeyError, TypeError, ValueError):
        return None


def _takes(server: http.Server, name: str, cancel: threading.Event, fields: dict[str, Any], wanted: str) -> bool:
    """Whether a request with these fields is taken, and (if `wanted`) its choice has that field."""
    body = {"model": name, "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4, "temperature": 0.0}
    try:
        told = http.ask(server, "v1/chat/completions", body | fields, seconds=_TRY_SECONDS, cancel=cancel)
    except http.Refused as error:
        if error.status in (400, 404, 422, 501):
            return False
        raise
    return not wanted or bool(((told.get("choices") or [{}])[0]).get(wanted))
