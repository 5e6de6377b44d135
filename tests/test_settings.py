"""settings.py: where each value comes from, and the sentence for each that cannot be used."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from lottery_chat.errors import SettingsError, SetupError
from lottery_chat.settings import VARIABLES, data_folder, make_folders, read_settings
from lottery_chat.settings_values import ollama_url


def test_without_options_and_environment_everything_is_on_this_computer_only(tmp_path: Path) -> None:
    settings = read_settings(environ={"XDG_DATA_HOME": str(tmp_path)})
    assert settings.host == "127.0.0.1"
    assert settings.port == 7860
    assert settings.password is None
    assert settings.ollama_host is None
    assert settings.openai_url is None
    assert settings.open_browser is True
    assert settings.size_limit == 200_000_000
    assert settings.models.parent == data_folder({"XDG_DATA_HOME": str(tmp_path)})


def test_an_option_wins_over_the_environment_and_the_environment_over_the_default(tmp_path: Path) -> None:
    environ = {"LOTTERY_CHAT_PORT": "8001", "LOTTERY_CHAT_HOME": str(tmp_path / "env"), "LOTTERY_CHAT_NO_BROWSER": "1"}
    from_env = read_settings(environ=environ)
    assert (from_env.port, from_env.home, from_env.open_browser) == (8001, tmp_path / "env", False)
    given = read_settings(port=8002, home=str(tmp_path / "flag"), open_browser=True, environ=environ)
    assert (given.port, given.home, given.open_browser) == (8002, tmp_path / "flag", True)


def test_the_models_folder_is_shared_by_all_homes(tmp_path: Path) -> None:
    environ = {"XDG_DATA_HOME": str(tmp_path)}
    one = read_settings(home=str(tmp_path / "a"), environ=environ)
    other = read_settings(home=str(tmp_path / "b"), environ=environ)
    assert one.models == other.models == tmp_path / "lottery-chat" / "models"


@pytest.mark.parametrize(
    ("platform", "end"),
    [
        ("linux", ("share", "lottery-chat")),
        ("darwin", ("Application Support", "lottery-chat")),
        ("win32", ("lottery-chat", "lottery-chat")),
    ],
)
def test_the_data_folder_is_where_each_system_keeps_user_data(platform: str, end: tuple[str, str]) -> None:
    assert data_folder({}, platform).parts[-2:] == end


BAD = [
    ({"LOTTERY_CHAT_PORT": "abc"}, "LOTTERY_CHAT_PORT is 'abc'"),
    ({"LOTTERY_CHAT_PORT": "-1"}, "from 0 to 65535"),
    ({"LOTTERY_CHAT_PORT": "65536"}, "from 0 to 65535"),
    ({"LOTTERY_CHAT_PORT": "9" * 5000}, "from 0 to 65535"),
    ({"LOTTERY_CHAT_PORT": "٧٨٦٠"}, "whole number"),
    ({"LOTTERY_CHAT_EMBEDDER": "ollama:"}, "ollama:nomic-embed-text"),
    ({"LOTTERY_CHAT_EMBEDDER": "openai:m"}, "Set LOTTERY_CHAT_EMBEDDER_URL"),
    ({"LOTTERY_CHAT_EMBEDDER": "hashing:0"}, "'hashing:0'"),
    ({"LOTTERY_CHAT_EMBEDDER": "/no/such/folder"}, "which is no folder"),
    ({"LOTTERY_CHAT_EMBEDDER": "a b; rm"}, "unset it for the default"),
    ({"LOTTERY_CHAT_EMBEDDER_URL": "ftp://x"}, "which is no URL"),
    ({"LOTTERY_CHAT_RERANKER": "/no/such/folder"}, "which is no folder"),
    ({"LOTTERY_CHAT_SEARCH_BY": "smell"}, "Use hybrid, vector or text"),
    ({"LOTTERY_CHAT_THREADS": "1.5"}, "LOTTERY_CHAT_THREADS is '1.5'"),
    ({"LOTTERY_CHAT_WINDOW": "100"}, "from 1024"),
    ({"LOTTERY_CHAT_SIZE_LIMIT": "0"}, "from 1"),
    ({"LOTTERY_CHAT_NO_BROWSER": "perhaps"}, "Use 1 or 0"),
    ({"LOTTERY_CHAT_OPENAI_URL": "localhost:8000"}, "no URL"),
    ({"LOTTERY_CHAT_OPENAI_URL": "file:///etc/passwd"}, "no URL"),
    ({"OPENAI_BASE_URL": "http://"}, "OPENAI_BASE_URL is 'http://'"),
    ({"LOTTERY_CHAT_SEARXNG_URL": "http://x:99999/"}, "no URL"),
    ({"LOTTERY_CHAT_PROXY": "127.0.0.1:8080"}, "no URL"),
    ({"LOTTERY_CHAT_HOST": "my host"}, "no address"),
    ({"LOTTERY_CHAT_HOST": "http://127.0.0.1"}, "no address"),
    ({"OLLAMA_HOST": "ftp://127.0.0.1"}, "OLLAMA_HOST is"),
    ({"OLLAMA_HOST": "127.0.0.1:port"}, "OLLAMA_HOST is"),
    ({"LOTTERY_CHAT_HOME": __file__}, "is a file"),
]


@pytest.mark.parametrize(("environ", "said"), BAD, ids=[said for _, said in BAD])
def test_a_value_that_cannot_be_used_is_named_with_what_would_do(environ: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(environ=environ)
    assert said in str(caught.value)
    assert str(caught.value).endswith((".", "'"))


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("", None),
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("127.0.0.1:11500", "http://127.0.0.1:11500"),
        (":11500", "http://127.0.0.1:11500"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("http://gpu.lan", "http://gpu.lan:80"),
        ("https://gpu.lan", "https://gpu.lan:443"),
        ("https://gpu.lan:8443/ollama/", "https://gpu.lan:8443/ollama"),
        (' "127.0.0.1:1" ', "http://127.0.0.1:1"),
    ],
)
def test_the_forms_of_ollama_host_that_ollama_takes_are_taken(given: str, url: str | None) -> None:
    assert ollama_url(given) == url


def test_secrets_are_not_in_what_is_printed(tmp_path: Path) -> None:
    environ = {
        "LOTTERY_CHAT_PASSWORD": "hunter-hush",
        "LOTTERY_CHAT_OPENAI_URL": "http://127.0.0.1:8000/v1",
        "OPENAI_API_KEY": "sk-hush",
    }
    settings = read_settings(home=str(tmp_path), environ=environ)
    assert (settings.password, settings.openai_key) == ("hunter-hush", "sk-hush")
    assert "hush" not in repr(settings)


def test_a_key_alone_turns_no_server_on() -> None:
    assert read_settings(environ={"OPENAI_API_KEY": "sk-x"}).openai_key is None


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_settings(environ={}).port = 1  # type: ignore[misc]


def test_the_home_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    settings = read_settings(home=str(tmp_path / "new" / "home"), environ={"LOTTERY_CHAT_MODELS": str(tmp_path / "m")})
    make_folders(settings)
    make_folders(settings)
    assert settings.home.stat().st_mode & 0o777 == 0o700


def test_a_home_that_cannot_be_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = read_settings(home=str(tmp_path / "file" / "home"), environ={})
    with pytest.raises(SetupError, match="cannot be made.*LOTTERY_CHAT_HOME"):
        make_folders(settings)


def test_every_variable_in_the_help_is_read_and_the_other_way_round() -> None:
    asked: set[str] = set()

    class Watched(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            asked.add(name)
            return default

    read_settings(environ=Watched())
    system = {"XDG_DATA_HOME", "LOCALAPPDATA", "OPENAI_BASE_URL", "OPENAI_API_KEY"}
    key = {"LOTTERY_CHAT_OPENAI_KEY"}  # asked only once there is a server
    assert asked - system | key == set(VARIABLES)


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOTTERY_CHAT_PORT", "7999")
    assert os.environ["LOTTERY_CHAT_PORT"] == "7999"
    assert read_settings().port == 7999


@pytest.mark.parametrize(
    ("environ", "engines"),
    [
        ({}, ("ddgs", "wikipedia")),
        ({"LOTTERY_CHAT_SEARXNG_URL": "http://127.0.0.1:8888"}, ("searxng",)),
        ({"LOTTERY_CHAT_SEARCH": " Wikipedia, ddgs ,wikipedia"}, ("wikipedia", "ddgs")),
        ({"LOTTERY_CHAT_SEARXNG_URL": "http://searx.lan", "LOTTERY_CHAT_SEARCH": "searxng,ddgs"}, ("searxng", "ddgs")),
    ],
)
def test_whoever_names_an_own_search_server_has_no_others_told(
    environ: dict[str, str], engines: tuple[str, ...]
) -> None:
    assert read_settings(environ=environ).search == engines


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOTTERY_CHAT_SEARCH", "bing"),
        ("LOTTERY_CHAT_SEARCH", "searxng"),
        ("LOTTERY_CHAT_SEARCH", ","),
        ("LOTTERY_CHAT_WIKIPEDIA", "evil.example/"),
        ("LOTTERY_CHAT_WIKIPEDIA", "en@127.0.0.1"),
        ("LOTTERY_CHAT_DDGS_ENGINES", "duck duck"),
    ],
)
def test_a_search_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read_settings(environ={name: value})


def test_the_key_of_one_server_is_not_sent_to_another() -> None:
    environ = {
        "LOTTERY_CHAT_OPENAI_URL": "https://models.example/v1",
        "LOTTERY_CHAT_OPENAI_KEY": "chat-key",
        "LOTTERY_CHAT_EMBEDDER": "openai:small",
    }
    assert read_settings(environ=environ).embedder_url == "https://models.example/v1"
    assert read_settings(environ=environ).embedder_key == "chat-key"
    other = read_settings(environ={**environ, "LOTTERY_CHAT_EMBEDDER_URL": "https://other.example/v1"})
    assert (other.embedder_url, other.embedder_key) == ("https://other.example/v1", None)
    own = read_settings(environ={**environ, "LOTTERY_CHAT_EMBEDDER_KEY": "own"})
    assert own.embedder_key == "own" and "own" not in repr(own) and "chat-key" not in repr(own)


@pytest.mark.parametrize("value", ["ollama:nomic-embed-text:v1.5", "intfloat/multilingual-e5-small", "hashing:256"])
def test_an_embedder_is_named_by_where_it_is(value: str) -> None:
    assert read_settings(environ={"LOTTERY_CHAT_EMBEDDER": value}).embedder == value
    assert read_settings(environ={}).embedder is None
