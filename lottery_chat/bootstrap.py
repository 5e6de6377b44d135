"""Set-up: make .venv, install the pinned requirements, say what is going on; then start the app or the tests.

Run by `make` with whatever Python the system has, so: standard library only, and it parses on Python 3.6, which is
told in one sentence what it lacks. A stamp in .venv says whether it is whole; a half-made one is made anew. Every
failure is one sentence with the next step, and leaves nothing half-made behind.

It does not fetch the model: the app does that while the page is already there.
"""

import hashlib
import os
import struct
import subprocess
import sys
from typing import Any, Dict, List

from lottery_chat.setup.environment import Environment, fingerprint
from lottery_chat.setup.machine import OLDEST, ROOM_CPU, check_python, check_room, check_venv_module, newer_python
from lottery_chat.setup.packages import install
from lottery_chat.setup.told import AGAIN, SetupFailed, say

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def warn_about_processor() -> None:
    """Say before the downloads that the built-in engine needs AVX2."""
    from lottery_chat.machine import cpu_has_avx2  # inside: that module does not parse on old Pythons

    if not cpu_has_avx2():
        say(
            "Note: this processor has no AVX2, which the built-in model engine needs. Everything else works; for"
            " answers by a model install Ollama (https://ollama.com), it is found by itself."
        )


def prepare(env: Environment, wanted: Dict[str, str]) -> None:
    """Bring .venv to what `wanted` ({name: requirements file}) says, whole or not at all.

    Raises:
        SetupFailed: with one sentence; a .venv that this call began is removed again.
    """
    hashes = {name: fingerprint([file]) for name, file in wanted.items()}
    if all(env.ready(name, hashes[name]) for name in wanted):
        return
    check_venv_module()
    from lottery_chat.posix import FileLock  # inside: that module does not parse on old Pythons

    lock = FileLock(_lock_path(env.root))
    if not lock.acquire(0):
        say("Another set-up is at work in this folder; waiting for it…")
        lock.acquire(1800)
    try:
        _prepare(env, wanted, hashes)
    finally:
        lock.release()


def _lock_path(root: str) -> Any:
    import tempfile
    from pathlib import Path  # inside, with the rest of what only the slow way needs

    name = "lottery-chat-{}.lock".format(hashlib.sha256(root.encode("utf-8")).hexdigest()[:16])
    return Path(tempfile.gettempdir()) / name


def _prepare(env: Environment, wanted: Dict[str, str], hashes: Dict[str, str]) -> None:
    before = _clear_ground(env)
    fresh = not os.path.isdir(env.folder)
    try:
        if fresh:
            warn_about_processor()
            check_room(env.root, ROOM_CPU)
            env.make()
        for name, file in wanted.items():
            if before.get(name) == hashes[name]:
                continue
            env.write("making", before)
            install(env, name, file)
            before[name] = hashes[name]
            env.write("ready", before)
            fresh = False  # a later failure costs only the later part
    except (SetupFailed, OSError, KeyboardInterrupt) as failed:
        if fresh:
            env.remove()
        elif isinstance(failed, SetupFailed):
            env.write("ready", before)  # pip fails before it changes anything; what was installed still holds
        if isinstance(failed, OSError):
            raise SetupFailed("The set-up failed at a file: {}. {}".format(failed, AGAIN)) from failed
        raise


def _clear_ground(env: Environment) -> Dict[str, str]:
    """Remove a .venv that is half-made or broken, if we made it; return what is installed in the one that stays."""
    stamp = env.read()
    ours = bool(stamp.get("made_here"))
    if ours and stamp.get("state") == "making":
        say("The last set-up was interrupted; making the environment anew.")
        env.remove()
        return {}
    if os.path.isdir(env.folder) and not env.works():
        if not ours:
            raise SetupFailed(
                "{!r} has no working Python and was not made by this program. Remove it, then run again.".format(
                    env.folder
                )
            )
        say("The environment's Python is gone; making it anew.")
        env.remove()
        return {}
    return dict(stamp.get("requirements") or {}) if stamp.get("state") == "ready" else {}


def become(command: List[str]) -> int:
    """Replace this process by the command (on Windows: run it and return its exit code)."""
    if os.name == "nt":
        return subprocess.call(command)
    sys.stdout.flush()
    os.execv(command[0], command)
    return 1  # never reached; execv returns only by raising


def run_tests(env: Environment, arguments: List[str]) -> int:
    """Run the fast set, then the real one; 0 only when both passed."""
    sets = (("the fast tests", ["-m", "not real", "-n", "2"]), ("the tests with real parts", ["-m", "real"]))
    codes = []
    for name, chosen in sets:
        say("\nRunning {}…".format(name))
        code = subprocess.call([env.python, "-m", "pytest", *chosen, *arguments], cwd=env.root)
        if code == 5 and arguments:
            code = 0  # the person's own choice (-k …) left nothing over in this set
        codes.append(code)
    return next((code for code in codes if code), 0)


def run_checks(env: Environment, arguments: List[str]) -> int:
    """Style and types; 0 only when all are clean."""
    commands = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
    return max(subprocess.call([env.python, "-m", *one, *arguments], cwd=env.root) for one in commands)


def main(arguments: List[str]) -> int:
    """`run`, `test`, `check` or `bench`, each with the arguments that follow it. Returns the exit code."""
    action, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    env = Environment(ROOT)
    app = {"app": os.path.join(ROOT, "requirements.txt")}
    tests = {"tests": os.path.join(ROOT, "tests", "requirements.txt")}
    try:
        if sys.version_info[:2] < OLDEST:
            other = newer_python()
            if other:
                say("Python {}.{} is too old; using {}.".format(sys.version_info[0], sys.version_info[1], other))
                return become([other, "-m", "lottery_chat.bootstrap", *arguments])
        check_python(sys.version_info[:2], struct.calcsize("P") * 8)
        prepare(env, dict(app, **tests) if action in ("test", "check") else app)
    except SetupFailed as failed:
        print("Set-up: {}".format(failed), file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing half-made is left; run the same command to go on.", file=sys.stderr, flush=True)
        return 130
    if action == "test":
        return run_tests(env, rest)
    if action == "check":
        return run_checks(env, rest)
    if action == "bench":
        return become([env.python, "-m", "lottery_chat", "lab", "bench", *rest])
    return become([env.python, os.path.join(ROOT, "app.py"), *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
