"""bootstrap.py and setup/: whole or not at all, one sentence a failure, instant the second time."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lottery_chat import bootstrap
from lottery_chat.setup.environment import STAMP, Environment, fingerprint
from lottery_chat.setup.machine import check_python, check_room
from lottery_chat.setup.packages import is_cuda_build, pinned
from lottery_chat.setup.pip import reason
from lottery_chat.setup.told import AGAIN, SetupFailed

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "lottery_chat" / "bootstrap.py", *sorted((ROOT / "lottery_chat" / "setup").glob("*.py")))


def made_environment(root: Path) -> Environment:
    """A ready environment whose Python is a link to this one."""
    env = Environment(str(root))
    Path(env.python).parent.mkdir(parents=True)
    os.symlink(sys.executable, env.python)
    return env


def requirements(root: Path, text: str = "# nothing\n") -> str:
    file = root / "requirements.txt"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_it_parses_on_python_3_6_and_needs_nothing_but_the_standard_library(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"), feature_version=(3, 6))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in top for alias in node.names if isinstance(node, ast.Import)}
    names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
    others = {name for name in names if not name.startswith("lottery_chat.setup.")}
    assert {name.split(".")[0] for name in others} <= set(sys.stdlib_module_names) - {"__future__"}  # 3.7 has it
    for node in ast.walk(tree):
        assert not isinstance(node, ast.NamedExpr | ast.Match)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_its_annotations_can_be_evaluated_on_python_3_6(source: Path) -> None:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            annotated = [argument.annotation for argument in node.args.args] + [node.returns]
            for one in annotated:
                shown = ast.unparse(one) if one is not None else ""
                assert "|" not in shown and not shown.startswith(("list[", "dict[", "tuple[")), f"{node.name}: {shown}"


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 9)])
def test_an_old_python_is_told_in_one_sentence_what_to_do(version: tuple[int, int]) -> None:
    with pytest.raises(SetupFailed, match=r"needs Python 3\.10 or newer; this one is .*python3-venv"):
        check_python(version, 64)
    check_python((3, 10), 64)


def test_a_32_bit_python_is_refused() -> None:
    with pytest.raises(SetupFailed, match="64-bit"):
        check_python((3, 12), 32)


def test_too_little_room_is_said_with_both_numbers(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed, match=r"1\.5 GB free.*need 4 GB"):
        check_room(str(tmp_path), 4 * 10**9, free=1_500_000_000)
    check_room(str(tmp_path), 4 * 10**9, free=4_000_000_000)


PIP_SAID = [
    ("OSError: [Errno 28] No space left on device", "The disk is full"),
    ("ERROR: Could not install packages due to an OSError: [WinError 112] There is not enough space", "The disk is full"),
    ("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/ollama/\nERROR: Could not find a version that satisfies the requirement ollama==0.6.3 (from versions: none)\nERROR: No matching distribution found for ollama==0.6.3", "cannot be reached"),
    ("ProxyError('Cannot connect to proxy.')", "cannot be reached"),
    ("pip._vendor.urllib3.exceptions.IncompleteRead: IncompleteRead(10 bytes read)", "broke off"),
    ("ReadTimeoutError: Read timed out.", "broke off"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "is damaged"),
    ("zipfile.BadZipFile: File is not a zip file", "is damaged"),
    ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "certificate is not trusted"),
    ("ERROR: Could not find a version that satisfies the requirement torch==2.13.0 (from versions: none)\nERROR: No matching distribution found for torch==2.13.0", "no fitting package for Python"),
    ("PermissionError: [Errno 13] Permission denied: '/work/x'", "cannot be written"),
    ("ERROR: something nobody has seen", "something nobody has seen"),
    ("", "pip gave no reason"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "sentence"), PIP_SAID, ids=[sentence for _, sentence in PIP_SAID])
def test_what_pip_says_becomes_one_sentence_with_the_next_step(told: str, sentence: str) -> None:
    said = reason(told, "/x/python", "/x", 4 * 10**9)
    assert sentence in said
    assert said.endswith(AGAIN)
    assert "\n" not in said and "Traceback" not in said


CUDA = {"metadata": {"name": "torch", "version": "2.13.0", "requires_dist": ['nvidia-cublas==13.1; platform_system == "Linux" and platform_machine == "x86_64"', "filelock"]}}  # fmt: skip
CPU = {"metadata": {"name": "torch", "version": "2.13.0+cpu", "requires_dist": ["filelock"]}}


def test_the_cuda_build_of_torch_is_told_from_the_cpu_build() -> None:
    assert is_cuda_build({"install": [CUDA]}, "x86_64")
    assert not is_cuda_build({"install": [CUDA]}, "aarch64")
    assert not is_cuda_build({"install": [CPU]}, "x86_64")
    assert not is_cuda_build({"install": []}, "x86_64")


def test_a_ready_environment_costs_nothing_the_second_time(tmp_path: Path) -> None:
    env, file = made_environment(tmp_path), requirements(tmp_path)
    env.write("ready", {"app": fingerprint([file])})
    started = time.perf_counter()
    for _ in range(20):
        bootstrap.prepare(env, {"app": file})
    assert (time.perf_counter() - started) / 20 < 0.05


def test_changed_requirements_are_installed_into_the_environment_that_is_there(tmp_path: Path) -> None:
    env, file = made_environment(tmp_path), requirements(tmp_path)
    env.write("ready", {"app": fingerprint([file])})
    requirements(tmp_path, "# something else\n")
    assert not env.ready("app", fingerprint([file]))


def test_a_half_made_environment_of_ours_is_made_anew_and_a_persons_own_is_never_removed(tmp_path: Path) -> None:
    env = Environment(str(tmp_path))
    os.makedirs(env.folder)
    env.write("making", {})
    assert env.read()["made_here"] is True
    assert bootstrap._clear_ground(env) == {}
    assert not os.path.exists(env.folder)
    theirs = made_environment(tmp_path)
    theirs.write("making", {})
    assert theirs.read()["made_here"] is False
    assert bootstrap._clear_ground(theirs) == {}
    assert os.path.exists(theirs.python)


def test_a_broken_environment_that_is_not_ours_is_named_and_left_alone(tmp_path: Path) -> None:
    env, file = Environment(str(tmp_path)), requirements(tmp_path)
    os.makedirs(env.folder)
    with pytest.raises(SetupFailed, match="has no working Python and was not made by this program"):
        bootstrap.prepare(env, {"app": file})
    assert os.path.isdir(env.folder)


def clone(tmp_path: Path, app: str) -> tuple[Path, dict[str, str]]:
    """A small clone with its own requirements, and an environment in which pip reaches no index."""
    for name in ("__init__.py", "bootstrap.py", "machine.py", "posix.py"):
        (tmp_path / "lottery_chat").mkdir(exist_ok=True)
        shutil.copy(ROOT / "lottery_chat" / name, tmp_path / "lottery_chat" / name)
    shutil.copytree(ROOT / "lottery_chat" / "setup", tmp_path / "lottery_chat" / "setup")
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "requirements.txt").write_text(app, encoding="utf-8")
    (tmp_path / "tests" / "requirements.txt").write_text("", encoding="utf-8")
    (tmp_path / "app.py").write_text("import sys; print('app', sys.argv[1:])\n", encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environ.update(
        PIP_CONFIG_FILE=os.devnull, PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_CACHE_DIR=str(tmp_path / "cache")
    )
    return tmp_path, environ


def test_without_a_network_make_run_says_so_in_one_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    root, environ = clone(tmp_path, "torch==2.13.0\nollama==0.6.3\n")
    command = ["make", "-s", "run", f"PYTHON={sys.executable}"]
    done = subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, timeout=110)
    assert done.returncode != 0
    assert "The Python package index cannot be reached." in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not [name for name in os.listdir(root) if name.startswith(".venv")]


def test_make_without_python_says_what_to_install(tmp_path: Path) -> None:
    root, environ = clone(tmp_path, "")
    done = subprocess.run(
        ["make", "-s", "run", "PYTHON=no-such-python"], cwd=root, env=environ, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Install Python 3.10 or newer" in done.stderr


def test_a_killed_set_up_is_made_anew_and_a_ready_one_starts_the_app_with_its_arguments(tmp_path: Path) -> None:
    root, environ = clone(tmp_path, "# no packages\n")
    killed = subprocess.Popen(
        [sys.executable, "-m", "lottery_chat.bootstrap", "run"],
        cwd=root, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    stamp = root / ".venv" / STAMP
    until = time.monotonic() + 30
    while not stamp.exists() and time.monotonic() < until:
        time.sleep(0.005)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert json.loads(stamp.read_text())["state"] == "making"
    env = Environment(str(root))
    bootstrap._clear_ground(env)
    assert not stamp.exists()
    os.makedirs(os.path.dirname(env.python))
    os.symlink(sys.executable, env.python)
    env.write("ready", {"app": fingerprint([str(root / "requirements.txt")])})
    done = subprocess.run(
        ["make", "-s", "run", f"PYTHON={sys.executable}", "ARGS=--port 7861 --no-browser"],
        cwd=root, env=environ, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.strip() == "app ['--port', '7861', '--no-browser']"


def test_two_sets_of_tests_give_one_exit_code(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    env = made_environment(tmp_path)
    os.unlink(env.python)
    Path(env.python).write_text(
        '#!/bin/sh\ncase "$*" in *"not real"*) exit 0;; *) exit ${LOTTERY_REAL_CODE:-1};; esac\n'
    )
    os.chmod(env.python, 0o755)
    assert bootstrap.run_tests(env, []) == 1
    out = capfd.readouterr().out
    assert "the fast tests" in out and "the tests with real parts" in out


def test_every_requirement_is_pinned_exactly_and_has_its_reason() -> None:
    for file in (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                exact, _, why = line.partition("#")
                assert "==" in exact and why.strip(), line
    assert pinned(str(ROOT / "requirements.txt"), "torch") == "torch==2.13.0"
    with pytest.raises(SetupFailed, match="does not pin 'nothing'"):
        pinned(str(ROOT / "requirements.txt"), "nothing")
