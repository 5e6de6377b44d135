"""The one frozen Settings object and where it comes from: options of the command line, then environment, then defaults.

The only reader of os.environ. It refuses to know what the values are used for. What a person changes on the page
(model, web search, …) is not here: those are Preferences, kept in the home folder.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lottery_chat.errors import SettingsError, SetupError
from lottery_chat.settings_values import (
    data_folder_of,
    file_of,
    host_of,
    model_folder,
    number_of,
    ollama_url,
    text_of,
    url_of,
    whole_number,
    words_of,
    yes_or_no,
)

NAME = "lottery-chat"
MEGABYTE = 1000**2


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process was started. Secrets are left out of repr().

    `threads` 0 means as many as the machine has cores; `window` is in tokens for one request, `slots` are requests
    that compute at once (the lab may ask several items side by side), `size_limit` in bytes
    for one document. `model` is the one to begin with in this process (`ask --model`); None: the one that was chosen.
    `search` names the search engines in the order they are asked. `ollama_host` None means the default address is tried.
    `embedder_seconds` is the most for one reply of an embedder's server, which may load its model first.
    `embedder` None is the built-in one, else a folder, a name, `ollama:NAME` or `openai:NAME` (search_models.py).
    """

    home: Path
    models: Path
    host: str = "127.0.0.1"
    port: int = 7860
    password: str | None = field(default=None, repr=False)
    open_browser: bool = True
    ollama_host: str | None = None
    openai_url: str | None = None
    openai_key: str | None = field(default=None, repr=False)
    search: tuple[str, ...] = ("ddgs", "wikipedia")
    ddgs_engines: str = "duckduckgo,wikipedia,brave"
    wikipedia_language: str = "en"
    searxng_url: str | None = None
    proxy: str | None = None
    embedder: str | None = None
    embedder_url: str | None = None
    embedder_key: str | None = field(default=None, repr=False)
    embedder_seconds: float = 180.0
    reranker: Path | None = None
    search_by: Literal["hybrid", "vector", "text"] = "hybrid"
    mcp: Path | None = None
    threads: int = 0
    window: int = 4096
    slots: int = 2
    size_limit: int = 200 * MEGABYTE
    model: str | None = None


#: Every variable of the environment that is read, with one line for the README and `--help`.
VARIABLES: dict[str, str] = {
    "LOTTERY_CHAT_HOME": "folder of all data: conversations, documents, index (default: the user's data folder)",
    "LOTTERY_CHAT_MODELS": "folder of the models, shared by all homes (default: models/ in the user's data folder)",
    "LOTTERY_CHAT_HOST": "address the page is served on (default 127.0.0.1: this computer only)",
    "LOTTERY_CHAT_PORT": "port of the page (default 7860)",
    "LOTTERY_CHAT_PASSWORD": "password of the page; needed for any address other than loopback",
    "LOTTERY_CHAT_NO_BROWSER": "1: do not open the browser",
    "LOTTERY_CHAT_THREADS": "threads of the built-in engine (default: the physical cores)",
    "LOTTERY_CHAT_WINDOW": "context window in tokens for one question (default 4096)",
    "LOTTERY_CHAT_SIZE_LIMIT": "largest document in MB (default 200)",
    "LOTTERY_CHAT_SEARCH": "search engines in the order they are asked: ddgs, wikipedia, searxng (default: searxng alone"
    " where its address is set, else ddgs,wikipedia)",
    "LOTTERY_CHAT_SEARXNG_URL": "a SearXNG server to search the web with",
    "LOTTERY_CHAT_DDGS_ENGINES": "what ddgs asks (default duckduckgo,wikipedia,brave)",
    "LOTTERY_CHAT_WIKIPEDIA": "language of the Wikipedia that is searched (default en)",
    "LOTTERY_CHAT_PROXY": "proxy for web search and web pages (default: none)",
    "LOTTERY_CHAT_EMBEDDER": "what embeds documents: the folder or name of a sentence-transformers model, ollama:NAME or"
    " openai:NAME (default: all-MiniLM-L6-v2); a change embeds all documents anew in the background",
    "LOTTERY_CHAT_EMBEDDER_URL": "base URL of the server of openai:NAME (default: LOTTERY_CHAT_OPENAI_URL)",
    "LOTTERY_CHAT_EMBEDDER_KEY": "its key (default: LOTTERY_CHAT_OPENAI_KEY, if the URL is the same)",
    "LOTTERY_CHAT_RERANKER": "folder of a cross-encoder that orders the found passages anew (default: none)",
    "LOTTERY_CHAT_SEARCH_BY": "how documents are searched: hybrid, vector or text (default hybrid)",
    "LOTTERY_CHAT_MCP": 'a further file of MCP servers ({"mcpServers": …}); the home\'s own is mcp.json',
    "LOTTERY_CHAT_OPENAI_URL": "base URL of an OpenAI-compatible server; else OPENAI_BASE_URL",
    "LOTTERY_CHAT_OPENAI_KEY": "its key; else OPENAI_API_KEY",
    "OLLAMA_HOST": "address of a running Ollama (default 127.0.0.1:11434)",
}


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """The user's data folder for this app: where platformdirs puts it, told without importing platformdirs."""
    if platform == "win32":
        base = environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
        return Path(base) / NAME / NAME
    if platform == "darwin":
        return Path.home() / "Library" / "Application Support" / NAME
    base = environ.get("XDG_DATA_HOME", "").strip() or str(Path.home() / ".local" / "share")
    return Path(base) / NAME


def read_settings(
    *,
    home: str | None = None,
    host: str | None = None,
    port: int | None = None,
    open_browser: bool | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Build the Settings from the options given (None: not given), the environment and the defaults.

    Raises:
        SettingsError: a value that cannot be used, named with what would do.
    """
    env = os.environ if environ is None else environ
    default_home = data_folder(env)
    openai_url = url_of(env, "LOTTERY_CHAT_OPENAI_URL") or url_of(env, "OPENAI_BASE_URL")
    return Settings(
        home=data_folder_of(home or text_of(env, "LOTTERY_CHAT_HOME"), default_home),
        models=data_folder_of(text_of(env, "LOTTERY_CHAT_MODELS"), default_home / "models"),
        host=host_of(host or text_of(env, "LOTTERY_CHAT_HOST") or "127.0.0.1"),
        port=whole_number("--port", str(port), 0, 65535)
        if port is not None
        else number_of(env, "LOTTERY_CHAT_PORT", 7860, 0, 65535),
        password=text_of(env, "LOTTERY_CHAT_PASSWORD"),
        open_browser=not yes_or_no(env, "LOTTERY_CHAT_NO_BROWSER") if open_browser is None else open_browser,
        ollama_host=ollama_url(env.get("OLLAMA_HOST", "")),
        openai_url=openai_url,
        openai_key=(text_of(env, "LOTTERY_CHAT_OPENAI_KEY") or text_of(env, "OPENAI_API_KEY")) if openai_url else None,
        search=_search(env),
        ddgs_engines=",".join(
            words_of(env, "LOTTERY_CHAT_DDGS_ENGINES", "duckduckgo,wikipedia,brave", r"[a-z_]{2,20}")
        ),
        wikipedia_language=words_of(env, "LOTTERY_CHAT_WIKIPEDIA", "en", r"[a-z]{2,12}(?:-[a-z]{2,12})*")[0],
        searxng_url=url_of(env, "LOTTERY_CHAT_SEARXNG_URL"),
        proxy=url_of(env, "LOTTERY_CHAT_PROXY", ("http", "https", "socks5", "socks5h")),
        embedder=_embedder(env),
        embedder_url=url_of(env, "LOTTERY_CHAT_EMBEDDER_URL") or openai_url,
        embedder_key=_embedder_key(env, openai_url),
        reranker=model_folder(env, "LOTTERY_CHAT_RERANKER"),
        search_by=_search_by(env),
        mcp=file_of(env, "LOTTERY_CHAT_MCP"),
        threads=number_of(env, "LOTTERY_CHAT_THREADS", 0, 0, 1024),
        window=number_of(env, "LOTTERY_CHAT_WINDOW", 4096, 1024, 131072),
        size_limit=number_of(env, "LOTTERY_CHAT_SIZE_LIMIT", 200, 1, 100_000) * MEGABYTE,
    )


def make_folders(settings: Settings) -> None:
    """Make home (for its owner alone) and the models folder.

    Raises:
        SetupError: one of them cannot be made or written to.
    """
    for folder, variable in ((settings.home, "LOTTERY_CHAT_HOME"), (settings.models, "LOTTERY_CHAT_MODELS")):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(
                f"The data folder {str(folder)!r} cannot be made: {error.strerror or error}. Set {variable} to a"
                " folder that can be written to."
            ) from error
        if not os.access(folder, os.W_OK | os.X_OK):
            raise SetupError(
                f"The data folder {str(folder)!r} cannot be written to. Change its owner, or set {variable} to"
                " another folder."
            )


def quieten(environ: MutableMapping[str, str] | None = None) -> None:
    """Keep libraries from looking things up in the network and from printing warnings that mean nothing to a person."""
    env = os.environ if environ is None else environ
    for name, value in (("LANCE_LOG", "error"), ("HF_HUB_OFFLINE", "1"), ("TOKENIZERS_PARALLELISM", "false")):
        env.setdefault(name, value)


def _search(env: Mapping[str, str]) -> tuple[str, ...]:
    """The engines in order. Whoever runs an own server named no others, so no others are told what is asked."""
    own = text_of(env, "LOTTERY_CHAT_SEARXNG_URL") is not None
    names = words_of(env, "LOTTERY_CHAT_SEARCH", "searxng" if own else "ddgs,wikipedia", "ddgs|wikipedia|searxng")
    if "searxng" in names and not own:
        raise SettingsError("LOTTERY_CHAT_SEARCH names 'searxng'. Set LOTTERY_CHAT_SEARXNG_URL to its address, too.")
    return names


def _embedder(env: Mapping[str, str]) -> str | None:
    """Only the form; whether it is there is told when it is loaded."""
    name = "LOTTERY_CHAT_EMBEDDER"
    value = text_of(env, name)
    if value is None:
        return None
    kind, colon, model = value.partition(":")
    if colon and kind in ("ollama", "openai"):
        if not re.fullmatch(r"[\w./:@+-]{1,200}", model):
            raise SettingsError(f"{name} is {value!r}. Use for example 'ollama:nomic-embed-text'.")
        if kind == "openai" and not (url_of(env, "LOTTERY_CHAT_EMBEDDER_URL") or text_of(env, "LOTTERY_CHAT_OPENAI_URL") or text_of(env, "OPENAI_BASE_URL")):  # fmt: skip
            raise SettingsError(f"{name} is {value!r}. Set LOTTERY_CHAT_EMBEDDER_URL to the server's base URL, too.")
        return value
    if re.fullmatch(r"hashing:[1-9]\d{0,3}", value):
        return value
    if value.startswith(("/", "~", ".")) or "\\" in value or os.path.isdir(value):
        return str(model_folder(env, name))
    if not re.fullmatch(r"[\w.-]{1,100}(?:/[\w.-]{1,100})?", value):
        raise SettingsError(
            f"{name} is {value!r}. Use a folder, a model's name, 'ollama:NAME' or 'openai:NAME'; unset it for the default."
        )
    return value


def _embedder_key(env: Mapping[str, str], openai_url: str | None) -> str | None:
    """A key goes to the server it was given for, to no other."""
    own = text_of(env, "LOTTERY_CHAT_EMBEDDER_KEY")
    url = url_of(env, "LOTTERY_CHAT_EMBEDDER_URL")
    if own or (url and url != openai_url):
        return own
    return (text_of(env, "LOTTERY_CHAT_OPENAI_KEY") or text_of(env, "OPENAI_API_KEY")) if openai_url else None


def _search_by(env: Mapping[str, str]) -> Literal["hybrid", "vector", "text"]:
    value = text_of(env, "LOTTERY_CHAT_SEARCH_BY") or "hybrid"
    known: dict[str, Literal["hybrid", "vector", "text"]] = {"hybrid": "hybrid", "vector": "vector", "text": "text"}
    if value not in known:
        raise SettingsError(f"LOTTERY_CHAT_SEARCH_BY is {value!r}. Use hybrid, vector or text.")
    return known[value]
