"""cli.py, commands.py, terminal.py, doctor.py: what can be typed, what is printed where, and the exit codes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fake_app import Run, State, downloading, fake_app

from knowledge.kinds import is_read
from lottery_chat import cli, commands_ingest, doctor
from lottery_chat.errors import LotteryChatError, ModelMissing, NotFound
from lottery_chat.events import Answered, Citation, Event, Started, TextDelta, TextReplaced
from lottery_chat.interface.app import App
from lottery_chat.interface.documents import DocumentInfo
from lottery_chat.interface.part import Part
from lottery_chat.plain_text import plain
from lottery_chat.settings import Settings, read_settings
from lottery_chat.terminal import citation_lines, known_line, part_line, show_run

ROOT = Path(__file__).resolve().parent.parent


class Opened:
    """Opens the scripted app and remembers with which settings, and whether its parts were started."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.settings: Settings | None = None
        self.started: bool | None = None
        self.closed = False

    @contextlib.contextmanager
    def __call__(self, settings: Settings, started: bool) -> Iterator[App]:
        self.settings, self.started = settings, started
        yield self.app
        self.closed = True


@pytest.fixture
def opened(home: Path) -> Opened:
    return Opened(fake_app(home))


def run(opened: Opened, *arguments: str) -> int:
    return cli.main(["--home", str(opened.app.home), *arguments], opener=opened)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


# --- ask --------------------------------------------------------------------------------------------------------


def test_ask_prints_the_answer_then_how_it_is_known(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "ask", "What is 17% of 2,340?") == 0
    out, err = capsys.readouterr()
    assert "456.3" in out
    assert any(line.startswith("— Computed, checked: ") for line in out.splitlines())
    assert "calls of" in err and "tokens" in err
    assert opened.started is True and opened.closed


def test_ask_prints_a_line_for_each_citation(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "ask", "When does the blue depot open?") == 0
    out = capsys.readouterr().out
    assert any(line.startswith("  [1] ") and ", p. 3: “" in line for line in out.splitlines())


def test_a_document_that_was_fetched_is_cited_with_its_address_and_the_day() -> None:
    fetched = Citation("document", "a.example/ferry", None, "https://a.example/ferry", "", "It leaves at nine.", "d" * 32, fetched="2026-11-23T10:11:12+00:00")  # fmt: skip
    web = Citation("web", "Ferries", None, "https://b.example/", "2026-11-20", "It leaves at ten.")
    said = citation_lines(Answered("answered", None, "x", "quoted", True, "", citations=(fetched, web)))
    assert said[0] == "  [1] a.example/ferry <https://a.example/ferry> (fetched 2026-11-23): “It leaves at nine.”"
    assert said[1] == "  [2] Ferries <https://b.example/> (2026-11-20): “It leaves at ten.”"


def test_free_writing_claims_nothing(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "ask", "Write a letter") == 0
    assert "—" not in [line[:1] for line in capsys.readouterr().out.splitlines()]


def test_ask_json_prints_one_event_a_line_and_the_last_is_the_answer(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(opened, "ask", "--json", "What is 17% of 2,340?") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["type"] == "started"
    assert [line["type"] for line in lines].count("answered") == 1
    last = lines[-1]
    assert (last["type"], last["status"], last["known"], last["checked"]) == ("answered", "answered", "computed", True)


@pytest.mark.parametrize(
    ("status", "code"),
    [("answered", 0), ("not_in_documents", 0), ("asked_back", 0), ("partial", 1), ("stopped", 1), ("failed", 1)],
)
def test_the_exit_code_says_how_it_ended(
    home: Path, status: Any, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def script(run: Run) -> Iterator[Event]:
        yield Answered(status, None, "text", "model", False, "", reason="because")

    app = Opened(fake_app(home, script=script))
    assert run(app, "ask", "x") == code
    assert ("because" in capsys.readouterr().err) == (code == 1)


def test_a_failing_run_says_why_on_stderr(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "ask", "please fail") == 1
    out, err = capsys.readouterr()
    assert "Failed: The model's server" in err
    assert out.strip() == ""


class Broken:
    """A chat that cannot begin."""

    def ask(self, *_: object, **__: object) -> Iterator[Event]:
        raise ModelMissing("The model 'x' is not on this machine. Run `lottery-chat models pull x`.")


@pytest.mark.parametrize("machine", [False, True])
def test_a_run_that_cannot_begin_still_ends_with_an_answer(
    home: Path, machine: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    app = Opened(replace(fake_app(home), chat=Broken()))  # type: ignore[arg-type]
    assert run(app, "ask", "x", *(["--json"] if machine else [])) == 1
    out, err = capsys.readouterr()
    if machine:
        last = json.loads(out.splitlines()[-1])
        assert (last["type"], last["status"]) == ("answered", "failed")
        assert "models pull x" in last["reason"]
    else:
        assert "models pull x" in err


def test_a_conversation_is_found_by_its_name_or_begun(opened: Opened) -> None:
    assert run(opened, "ask", "--conversation", "Taxes", "Write a letter") == 0
    assert run(opened, "ask", "--conversation", "taxes", "Write a letter again") == 0
    assert run(opened, "ask", "--conversation", "Other", "Write a letter") == 0
    found = {one.title: one.turns for one in opened.app.conversations.list()}
    assert found == {"Taxes": 2, "Other": 1}


def test_a_document_that_is_not_there_is_named_before_anything_starts(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(opened, "ask", "x", "--document", "/no/such.pdf") == 1
    assert "There is no file '/no/such.pdf'" in capsys.readouterr().err
    assert opened.started is None


def test_all_options_of_ask_reach_the_chat(home: Path, tmp_path: Path) -> None:
    seen: dict[str, object] = {}

    class Listening:
        def ask(self, question: str, **options: object) -> Iterator[Event]:
            seen.update(options, question=question)
            yield Answered("answered", "1", "1", "model", False, "")

    file = tmp_path / "a.txt"
    file.write_text("x")
    app = Opened(replace(fake_app(home), chat=Listening()))  # type: ignore[arg-type]
    options = "--model m --mode deliberate --retrieval always --web on --seed 7 --prove roles --prove ordered".split()
    assert run(app, "ask", "why", "--document", str(file), "--document", str(file), *options) == 0
    assert seen == {"question": "why", "conversation": None, "documents": (file, file), "model": "m", "mode": "deliberate", "retrieval": "always", "web_search": "on", "seed": 7, "prove": ("roles", "ordered"), "collections": None}  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["ask"],
        ["ask", "x", "--mode", "wild"],
        ["nothing"],
        [],
        ["memory", "eat"],
        ["demo", "x"],
        ["serve", "--port", "x"],
    ],
)
def test_what_cannot_be_typed_is_exit_code_2(
    words: list[str], opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(opened, *words)
    assert ended.value.code == 2
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["ask", "  "], ["serve", "--port", "70000"], ["runs", "show"], ["models", "pull"], ["documents", "remove"]],
)
def test_a_value_that_cannot_be_used_is_exit_code_2_without_a_traceback(
    words: list[str], opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(opened, *words) == 2
    assert capsys.readouterr().err.startswith("lottery-chat: ")


# --- permission -------------------------------------------------------------------------------------------------


def test_without_a_terminal_nothing_leaves_the_computer(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "ask", "When does the museum open?") == 0
    out, err = capsys.readouterr()
    assert "Not sent: web search" in err
    assert "searched for" not in out


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("y\n", "opening hours harbour museum 2026"),
        ("n\n", None),
        ("\n", None),
        ("", None),
        ("edit\nmuseum hours\n", "museum hours"),
        ("e\n\n", None),
    ],
)
def test_on_a_terminal_the_exact_query_is_shown_and_can_be_edited(
    opened: Opened, typed: str, sent: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    err, out = Terminal(), io.StringIO()
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(sys, "stdout", out)
    assert run(opened, "ask", "When does the museum open?") == 0
    assert "send exactly this: opening hours harbour museum 2026" in err.getvalue()
    assert (f"(searched for: {sent})" in out.getvalue()) == (sent is not None)


# --- the terminal -----------------------------------------------------------------------------------------------


def shown(home: Path, *events: Event, tty: bool = True) -> tuple[str, str]:
    out, err = (Terminal(), Terminal()) if tty else (io.StringIO(), io.StringIO())
    show_run(iter(events), fake_app(home).chat, out=out, err=err)
    return out.getvalue(), err.getvalue()


END = Answered("answered", "b", "ab", "model", False, "")


def test_text_streams_once_and_is_not_repeated_at_the_end(home: Path) -> None:
    out, _ = shown(home, TextDelta("a"), TextDelta("b"), END)
    assert out.splitlines()[0] == "ab"
    assert out.count("ab") == 1


def test_a_text_that_is_replaced_is_said_to_be(home: Path) -> None:
    out, _ = shown(home, TextDelta("wrong try"), TextReplaced("ab"), END)
    assert out.splitlines()[:4] == ["wrong try", "", "(replaced by:)", "ab"]


def test_in_a_pipe_only_the_final_text_is_written(home: Path) -> None:
    out, _ = shown(home, TextDelta("wrong try"), TextReplaced("ab"), END, tty=False)
    assert out.splitlines()[0] == "ab" and "wrong" not in out


NASTY = "\x1b]0;owned\x07\x1b[2J\x9b31mred\r\x08\x7f\x00text\tand\nlines"


def test_text_of_models_and_documents_cannot_steer_the_terminal(home: Path) -> None:
    cite = Citation("document", NASTY, 1, "", "", NASTY)
    end = Answered("failed", None, NASTY, "quoted", True, NASTY, (cite,), reason=NASTY, notices=(NASTY,))
    out, err = shown(home, Started("r", "c", "q", "m", "auto"), TextDelta(NASTY), end)
    for written in (out, err.replace("\r\x1b[K", "")):
        assert "text" in written
        assert not [letter for letter in written if letter < " " and letter not in "\n\t" or "\x7f" <= letter <= "\x9f"]
    assert plain(NASTY) != NASTY, "the list would show a defence that is off"


def test_the_line_below_an_answer_is_as_strong_as_its_check() -> None:
    say = replace(END, known="computed", checked=True, check="two programs agree")
    assert known_line(say) == "— Computed, checked: two programs agree"
    assert known_line(replace(say, checked=False, check="")) == "— Computed, not cross-checked"
    assert known_line(replace(say, known="model", checked=False, check="")) == "— Model only: nothing confirmed it"
    assert known_line(replace(say, free_writing=True)) == known_line(replace(say, known="none")) == ""
    web = Citation("web", "Museum", None, "https://m.example/", "2026-01-02", "open")
    assert citation_lines(replace(say, citations=(web,))) == ["  [1] Museum <https://m.example/> (2026-01-02): “open”"]


def test_a_download_shows_bytes_and_time_left(home: Path) -> None:
    assert (
        part_line(Part("model", "downloading", "Getting it:", 5_000_000, 10_000_000, 9.6))
        == "Getting it: 5 of 10 MB, about 10 s left"
    )
    assert part_line(Part("model", "ready", "here")) == "here"
    assert "MB" in cli._model_on_its_way(fake_app(home, parts=downloading()))
    assert cli._model_on_its_way(fake_app(home)) == ""


# --- stopping ---------------------------------------------------------------------------------------------------

DRIVER = """
    import contextlib, signal, sys
    from pathlib import Path
    # A shell gives background jobs an ignored SIGINT, which children inherit; Ctrl-C is tested in `make test &` too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path[:0] = [{tests!r}, {root!r}]
    from fake_app import fake_app
    from lottery_chat import cli

    @contextlib.contextmanager
    def opener(settings, started):
        yield fake_app(Path({home!r}))

    sys.exit(cli.main(["--home", {home!r}, *sys.argv[1:]], opener=opener))
"""


def started(home: Path, *arguments: str) -> subprocess.Popen[str]:
    code = textwrap.dedent(DRIVER).format(tests=str(ROOT / "tests"), root=str(ROOT), home=str(home))
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1)


def test_ctrl_c_stops_the_run_and_shows_what_it_had(home: Path) -> None:
    child = started(home, "ask", "--json", "a slow question")
    assert child.stdout is not None
    for line in child.stdout:
        if "text_delta" in line:
            break
    child.send_signal(signal.SIGINT)
    begun = time.monotonic()
    rest, err = child.communicate(timeout=20)
    last = json.loads(rest.splitlines()[-1])
    assert (last["type"], last["status"]) == ("answered", "stopped")
    assert last["text"].startswith("word1 ")
    assert child.returncode == 1
    assert "Traceback" not in err
    assert time.monotonic() - begun < 5


def test_a_reader_that_goes_away_ends_the_run_quietly(home: Path) -> None:
    child = started(home, "ask", "--json", "a slow question")
    assert child.stdout is not None and child.stderr is not None
    child.stdout.readline()
    child.stdout.close()
    assert child.wait(timeout=20) == 1
    err = child.stderr.read()
    child.stderr.close()
    assert "Traceback" not in err and "BrokenPipe" not in err


# --- documents, models, runs ------------------------------------------------------------------------------------


def test_ingest_reads_files_and_folders_a_line_a_file(
    opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "docs"
    (folder / "deeper").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("a.pdf", "deeper/b.md", ".hidden.txt", ".git/config.txt", "photo.png", "c.pptx", "d.EML", "e.xls"):
        (folder / name).write_text("text")
    assert run(opened, "ingest", str(folder)) == 0
    out, err = capsys.readouterr()
    assert [line.split("/")[-1] for line in out.splitlines()] == [
        "a.pdf: 8 pages, 21 passages",
        "c.pptx: 8 pages, 21 passages",
        "d.EML: 8 pages, 21 passages",
        "e.xls: 8 pages, 21 passages",
        "b.md: 8 pages, 21 passages",
    ]
    assert "5 of 5 files are ready." in err and "Passed over 1 file of kinds that are not read: photo.png." in err
    assert opened.started is False


class Ahead:
    """Documents that tell what was done with them; a file that came in before ("left.txt") was not read then."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def _info(self, name: str, state: Any) -> DocumentInfo:
        return DocumentInfo(name, name, "text", 1, 1, 1, state, 0.0, "", "")

    def reads(self, name: str) -> bool:
        return is_read(name)

    def unchanged(self, source: Path) -> DocumentInfo | None:
        return {"left.txt": self._info("left.txt", "waiting"), "old.txt": self._info("old.txt", "ready")}.get(
            source.name
        )

    def add(self, path: Path, *, source: Path) -> DocumentInfo:
        self.done.append(f"add {path.name}")
        return self._info(path.name, "waiting")

    def wait(self, document: str, seconds: float) -> DocumentInfo:
        self.done.append(f"wait {document}")
        return self._info(document, "ready")


def test_files_are_kept_ahead_so_that_small_ones_are_read_together_and_what_was_left_is_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = Ahead()
    for name in ("a.txt", "b.txt", "left.txt", "old.txt"):
        (tmp_path / name).write_text("text")

    @contextlib.contextmanager
    def opener(settings: Settings, started: bool) -> Iterator[Any]:
        yield SimpleNamespace(documents=documents)

    assert cli.main(["--home", str(tmp_path / "home"), "ingest", str(tmp_path)], opener=opener) == 0
    assert documents.done == ["add a.txt", "add b.txt", "wait a.txt", "wait b.txt", "wait left.txt"]
    assert "1 file has not changed" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_costs_nothing_else(
    opened: Opened, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "good.txt").write_text("text")
    assert run(opened, "ingest", str(tmp_path / "empty.txt"), str(tmp_path / "good.txt")) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("failed  ") and "is empty" in lines[0]
    assert lines[1].startswith("ready   ")


def test_a_path_that_does_not_exist_is_named() -> None:
    with pytest.raises(NotFound, match="There is no file or folder '/no/such'"):
        commands_ingest.files_in([Path("/no/such")], is_read)


def document(identity: str, title: str) -> DocumentInfo:
    return DocumentInfo(identity, title, "pdf", 1_000_000, 3, 9, "ready", 1.0, "", "2026-01-01")


def test_documents_are_listed_and_removed_by_title_or_beginning_of_the_id(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state = State(
        documents={
            one.id: one
            for one in (document("abcdef12", "a.pdf"), document("abcdef99", "b.pdf"), document("123456aa", "b.pdf"))
        }
    )
    app = Opened(fake_app(home, state=state))
    assert run(app, "documents") == 0
    assert "a.pdf" in capsys.readouterr().out
    assert run(app, "documents", "remove", "b.pdf") == 1
    assert "2 documents are called 'b.pdf'" in capsys.readouterr().err
    assert run(app, "documents", "remove", "a.pdf", "nothing") == 1
    assert len(state.documents) == 3, "all must exist before one is removed"
    assert run(app, "documents", "remove", "a.pdf", "123456") == 0
    assert list(state.documents) == ["abcdef99"]
    assert run(app, "documents", "rebuild") == 0


def test_facts_are_listed_with_their_source_and_said_to_be_none(
    opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(opened, "documents", "facts", "--about", "handbook") == 0
    out = capsys.readouterr().out
    assert out.startswith("The handbook | editor | Ada Penrose   [handbook.pdf, p. 3]\n   “The handbook's editor")
    assert run(opened, "documents", "facts", "--about", "nobody") == 1
    assert run(opened, "documents", "facts", "--relation", "owner") == 1
    assert "No statement" in capsys.readouterr().err


def test_search_shows_where_each_passage_stands(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "search", "depot") == 0
    assert capsys.readouterr().out.startswith("1. 0.")


def test_models_are_listed_with_size_licence_and_what_fits(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "models") == 0
    out = capsys.readouterr().out
    assert "1.12 GB" in out and "Apache-2.0" in out and "too big for this machine's memory" in out
    assert run(opened, "models", "pull", "qwen2.5-coder:0.5b") == 0
    assert run(opened, "models", "remove", "x") == 1


def test_a_download_that_fails_is_exit_code_1(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    class Failing:
        def pull(self, name: str) -> Iterator[Part]:
            yield Part("model", "downloading", name, 1, 2)
            yield Part("model", "failed", "No source answers. Check the network.")

    assert run(Opened(replace(fake_app(home), models=Failing())), "models", "pull", "x") == 1  # type: ignore[arg-type]
    assert "No source answers" in capsys.readouterr().err


def test_runs_are_listed_shown_and_exported(opened: Opened, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(opened, "ask", "What is 17% of 2,340?") == 0
    capsys.readouterr()
    assert run(opened, "runs") == 0
    identity = capsys.readouterr().out.split()[0]
    assert run(opened, "runs", "export", identity) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["type"] == "answered" and "seconds" in lines[0]
    assert run(opened, "runs", "show", identity) == 0
    assert "tool_called" in capsys.readouterr().out
    assert run(opened, "runs", "stats") == 0
    assert run(opened, "runs", "show", "nothing-like-it") == 1
    assert "`lottery-chat runs list`" in capsys.readouterr().err


# --- set-up -----------------------------------------------------------------------------------------------------


def test_a_missing_package_is_one_sentence_with_the_next_step(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    @contextlib.contextmanager
    def opener(settings: Settings, started: bool) -> Iterator[App]:
        raise ModuleNotFoundError("No module named 'gradio'", name="gradio")
        yield

    assert cli.main(["--home", str(home), "documents"], opener=opener) == 1
    err = capsys.readouterr().err
    assert "'gradio' is not installed" in err and "make run" in err


def test_our_own_faults_are_not_dressed_up_as_set_up_problems(home: Path) -> None:
    @contextlib.contextmanager
    def opener(settings: Settings, started: bool) -> Iterator[App]:
        raise ModuleNotFoundError("No module named 'tools.gone'", name="tools.gone")
        yield

    with pytest.raises(ModuleNotFoundError):
        cli.main(["--home", str(home), "documents"], opener=opener)


def test_help_needs_no_package_and_names_every_command_that_works() -> None:
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-S", "-m", "lottery_chat", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for command in ("serve", "ask", "ingest", "documents", "search", "models", "runs", "memory", "lab", "doctor"):
        assert f"\n    {command}" in done.stdout
    assert time.monotonic() - begun < 10


def test_doctor_says_what_to_do_about_each_part_that_fails(home: Path) -> None:
    probe = doctor.run_probe(doctor.Probe("x", "import no_such_package_here", "nothing works"))
    assert (probe.state, probe.name) == ("failed", "x")
    assert "no_such_package_here" in probe.text and "make run" in probe.text
    crashed = doctor.run_probe(doctor.Probe("x", "import os, signal; os.kill(os.getpid(), signal.SIGILL)", "it is off"))
    assert "it crashed with SIGILL: it is off" in crashed.text
    slow = doctor.run_probe(
        doctor.Probe("x", "input() if 0 else __import__('time').sleep(60)", "it is off", seconds=0.5)
    )
    assert "No result after" in slow.text
    assert doctor.run_probe(doctor.Probe("x", "print('fine')", "")).state == "ok"


def test_doctor_sees_a_damaged_memory_and_an_ollama_that_is_not_there(home: Path) -> None:
    (home / "memory.sqlite").write_bytes(b"SQLite format 3\x00" + os.urandom(8000))
    environ = {
        "OLLAMA_HOST": "127.0.0.1:9",
        "LOTTERY_CHAT_OPENAI_URL": "http://127.0.0.1:9/v1",
        "LOTTERY_CHAT_MODELS": str(home / "m"),
    }
    settings = read_settings(home=str(home), environ=environ)
    found = {check.name: check for quick in doctor._QUICK if (check := quick(settings)) is not None}
    assert found["memory database"].state == "failed" and "damaged" in found["memory database"].text
    assert found["ollama"].state == "warning" and "ollama serve" in found["ollama"].text
    assert found["openai server"].state == "failed"
    assert found["model files"].state == "warning" and "models pull" in found["model files"].text
    assert found["python"].state == "ok"


def test_doctor_compares_what_is_installed_with_what_is_pinned() -> None:
    text = "# x\na==1.0  # why\nb==2 ; python_version >= '3.11' # why\nb==1 ; python_version < '3.11' # why\n"
    newer = sys.version_info >= (3, 11)
    assert list(doctor.pins(text)) == [("a", "1.0"), ("b", "2" if newer else "1")]


def test_an_unknown_error_of_ours_is_one_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    @contextlib.contextmanager
    def opener(settings: Settings, started: bool) -> Iterator[App]:
        raise LotteryChatError("The disk is full. Free some space.")
        yield

    assert cli.main(["--home", str(home), "runs"], opener=opener) == 1
    assert capsys.readouterr().err == "lottery-chat: The disk is full. Free some space.\n"
