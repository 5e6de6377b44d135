"""One value of the environment as a text, a number, a folder, an address: read, or refused with what would do.

Each raises SettingsError where the value cannot be used; the variables are handed in.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from lottery_chat.errors import SettingsError


def ollama_url(value: str) -> str | None:
    """The forms that Ollama itself takes (`host`, `:port`, `host:port`, a URL) as a URL; None when empty.

    0.0.0.0 is where a server listens, not where one calls it: it becomes 127.0.0.1.

    Raises:
        SettingsError: none of these forms.
    """
    text = value.strip().strip("\"'")
    if not text:
        return None
    with_scheme = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(with_scheme)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(f"OLLAMA_HOST is {value!r}, which is no address. Use for example '127.0.0.1:11434'.")
    host = parts.hostname or "127.0.0.1"
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    if port is None:
        port = (443 if parts.scheme == "https" else 80) if "://" in text else 11434
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}:{port}{parts.path.rstrip('/')}"


def text_of(env: Mapping[str, str], name: str) -> str | None:
    """Its text without the spaces around it; None where it is empty or not set."""
    return env.get(name, "").strip() or None


def yes_or_no(env: Mapping[str, str], name: str) -> bool:
    """1, yes, true or on; 0, no, false, off or nothing."""
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "false", "off"):
        return False
    if value in ("1", "yes", "true", "on"):
        return True
    raise SettingsError(f"{name} is {value!r}. Use 1 or 0.")


def data_folder_of(value: str | None, default: Path) -> Path:
    """The folder, absolute; it need not be there, but it must not be a file."""
    path = Path(value).expanduser() if value else default
    folder = Path(os.path.abspath(path))
    if folder.exists() and not folder.is_dir():
        raise SettingsError(
            f"The data folder {str(folder)!r} is a file. Name a folder with --home or LOTTERY_CHAT_HOME."
        )
    return folder


def file_of(env: Mapping[str, str], name: str) -> Path | None:
    """A file that is there; None where it is not set."""
    value = text_of(env, name)
    if value is None:
        return None
    path = Path(os.path.abspath(Path(value).expanduser()))
    if not path.is_file():
        raise SettingsError(f'{name} is {value!r}, which is no file. Name a JSON file with "mcpServers", or unset it.')
    return path


def number_of(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number within its limits; the default where it is not set."""
    value = text_of(env, name)
    return default if value is None else whole_number(name, value, least, most)


def whole_number(name: str, value: str, least: int, most: int) -> int:
    """The whole number that a text is; `name` is told where it is none or not within its limits."""
    if not value.isascii() or not value.isdigit() or not least <= int(value[:12]) <= most:
        raise SettingsError(f"{name} is {value!r}. Use a whole number from {least} to {most}.")
    return int(value)


def model_folder(env: Mapping[str, str], name: str) -> Path | None:
    """A model's folder that is there; None where it is not set."""
    value = text_of(env, name)
    if value is None:
        return None
    path = Path(os.path.abspath(Path(value).expanduser()))
    if not path.is_dir():
        raise SettingsError(f"{name} is {value!r}, which is no folder. Name the folder of a model, or unset it.")
    return path


def words_of(env: Mapping[str, str], name: str, default: str, form: str) -> tuple[str, ...]:
    """Names with commas between, each once."""
    value = text_of(env, name) or default
    words = tuple(dict.fromkeys(word.strip().lower() for word in value.split(",") if word.strip()))
    if not words or not all(re.fullmatch(form, word) for word in words):
        raise SettingsError(f"{name} is {value!r}. Use for example {default!r}.")
    return words


def url_of(env: Mapping[str, str], name: str, schemes: tuple[str, ...] = ("http", "https")) -> str | None:
    """An address with one of these schemes, without a slash at its end; None where it is not set."""
    value = text_of(env, name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise SettingsError(
            f"{name} is {value!r}, which is no URL. Use for example '{schemes[0]}://127.0.0.1:8000/v1'."
        )
    return value.rstrip("/")


def host_of(value: str) -> str:
    """An address to listen on: localhost, an IP address without brackets, or a name."""
    if value == "localhost":
        return value
    try:
        return str(ipaddress.ip_address(value.strip("[]")))
    except ValueError:
        pass
    if not value or any(not (letter.isalnum() or letter in "-.") for letter in value):
        raise SettingsError(f"The host is {value!r}, which is no address. Use 127.0.0.1 for this computer only.")
    return value
