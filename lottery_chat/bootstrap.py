"""Set-up: make .venv, install the pinned requirements, say what is going on; then start the app or the tests.

Run by `make` with whatever Python the system has, so: standard library only, and it parses on Python 3.6, which is
told in one sentence what it lacks. A stamp in .venv says whether it is whole; a half-made one is made anew. Every
failure is one sentence with the next step, and leaves nothing half-made behind.

It does not fetch the model: the app does that while the page is already there.
"""

import hashlib
import json
import os
import platform
import shutil
import struct
import subprocess
import sys
import time
from typing import Any, Dict, List, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OLDEST = (3, 10)
GIGABYTE = 1000**3
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH_INDEX_SECONDS = 5.0
#: Free space asked for before the packages are fetched (installed size, plus downloads while they are unpacked).
ROOM_CPU = 4 * GIGABYTE
ROOM_CUDA = 9 * GIGABYTE

STAMP = "lottery-chat.json"
AGAIN = "Then run the same command again."

#: What pip says when it fails, and the sentence a person is told; the first match holds.
PIP_FAILURES = (
    (
        ("no space left", "errno 28", "winerror 112"),
        "The disk is full. Free about {room:.0f} GB (packages and pip's cache).",
    ),
    (
        ("certificate_verify_failed", "sslerror", "ssl: "),
        "The package index was reached, but its certificate is not trusted here. Set PIP_CERT to your"
        " organisation's certificate file.",
    ),
    (
        ("do not match the hashes", "badzipfile", "bad zip", "not a zip file", "is corrupted", "has an invalid wheel"),
        "A downloaded package is damaged. Remove pip's cache with `{python} -m pip cache purge`.",
    ),
    (
        (
            "failed to establish a new connection",
            "name resolution",
            "getaddrinfo failed",
            "nodename nor servname",
            "network is unreachable",
            "connection refused",
            "proxyerror",
            "max retries exceeded",
            "connecttimeout",
            "newconnectionerror",
            "nameresolutionerror",
        ),
        "The Python package index cannot be reached. Check the network, or set PIP_INDEX_URL (a mirror) or"
        " HTTPS_PROXY.",
    ),
    (
        ("incompleteread", "connection broken: ", "connectionreset", "readtimeout", "read timed out", "protocolerror"),
        "A download broke off. Check the connection.",
    ),
    (("permission denied", "errno 13"), "A file cannot be written: {last}. Check who owns {folder!r}."),
    (
        ("no matching distribution", "could not find a version", "requires a different python", "requires-python"),
        "The package index has no fitting package for Python {version} on this machine: {last}. Use Python 3.11,"
        " 3.12 or 3.13, for example `make PYTHON=python3.12 run`.",
    ),
)


class SetupFailed(Exception):
    """One sentence for the person, with the next step."""


def say(text: str) -> None:
    """Print a line at once, also when the output is a file."""
    print(text, flush=True)


# --- the machine ------------------------------------------------------------------------------------------------


def check_python(version: Tuple[int, int], bits: int) -> None:
    """Refuse a Python that cannot run the app.

    Raises:
        SetupFailed: older than OLDEST, or 32 bits.
    """
    if version < OLDEST:
        raise SetupFailed(
            "Lottery Chat needs Python {}.{} or newer; this one is {}.{}. Install a newer one (https://python.org,"
            " Debian and Ubuntu: `sudo apt install python3 python3-venv`), or name one: `make PYTHON=python3.12 run`.".format(
                *(OLDEST + version)
            )
        )
    if bits < 64:
        raise SetupFailed("This Python is a 32-bit one. Install the 64-bit Python from https://python.org.")


def newer_python() -> Optional[str]:
    """Another Python on the PATH that is new enough and can make an environment; None when there is none."""
    for minor in (13, 12, 11, 10, 14):
        found = shutil.which("python3.{}".format(minor))
        if not found:
            continue
        try:
            works = subprocess.call(
                [found, "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, {}))".format(minor)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            continue
        if works == 0:
            return found
    return None


def check_venv_module() -> None:
    """Refuse a Python without venv or ensurepip (Debian splits them off).

    Raises:
        SetupFailed: one of them is missing.
    """
    try:
        import ensurepip  # noqa: F401  (inside, because its absence is what we look for)
        import venv  # noqa: F401
    except ImportError as error:
        raise SetupFailed(
            "This Python cannot make environments: its module {!r} is missing. Debian and Ubuntu: `sudo apt install"
            " python3-venv`. Then run the same command again.".format(error.name)
        ) from error


def check_room(folder: str, needed: int, free: Optional[int] = None) -> None:
    """Refuse to begin what would fill the disk.

    Args:
        needed: bytes that must be free.
        free: bytes that are; asked of the system when None.

    Raises:
        SetupFailed: there is less.
    """
    there = shutil.disk_usage(folder).free if free is None else free
    if there < needed:
        raise SetupFailed(
            "There are {:.1f} GB free where {!r} lies; the packages need {:.0f} GB. Free some space, then run the"
            " same command again.".format(there / GIGABYTE, folder, needed / GIGABYTE)
        )


def has_nvidia() -> bool:
    """Whether an NVIDIA driver is at work here."""
    return os.path.exists("/proc/driver/nvidia/version") or shutil.which("nvidia-smi") is not None


def answers(url: str, seconds: float) -> bool:
    """Whether this address answers an HTTP request in time (the system's proxy settings hold)."""
    import urllib.request  # inside, like tempfile below: the second start needs neither, and shall cost nothing

    try:
        with urllib.request.urlopen(url, timeout=seconds) as reply:
            return int(reply.status) == 200
    except (OSError, ValueError):  # URLError is an OSError
        return False


# --- the environment --------------------------------------------------------------------------------------------


def fingerprint(files: List[str]) -> str:
    """The hash of these requirements as they are now, their comments included."""
    hashed = hashlib.sha256()
    for name in files:
        with open(name, "rb") as file:
            hashed.update(file.read() + b"\0")
    return hashed.hexdigest()


class Environment:
    """The folder .venv with its stamp.

    The stamp: {"state": "making" | "ready", "requirements": {name: hash}, "python": version, "made_here": whether
    this program made the folder; what a person made is filled but never removed}.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self.folder = os.path.join(root, ".venv")
        self.stamp = os.path.join(self.folder, STAMP)
        windows = os.name == "nt"
        self.python = os.path.join(self.folder, "Scripts" if windows else "bin", "python.exe" if windows else "python")

    def read(self) -> Dict[str, Any]:
        """The stamp; empty when there is none or it cannot be read."""
        try:
            with open(self.stamp, encoding="utf-8") as file:
                found = json.load(file)
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write(self, state: str, requirements: Dict[str, str]) -> None:
        """Write the stamp in one step, so that it is the old or the new one, never half of one."""
        ours = bool(self.read().get("made_here")) or (state == "making" and not os.path.exists(self.python))
        stamp = {"state": state, "requirements": requirements, "python": platform.python_version(), "made_here": ours}
        new = self.stamp + ".new"
        with open(new, "w", encoding="utf-8") as file:
            json.dump(stamp, file)
        os.replace(new, self.stamp)

    def ready(self, name: str, hashed: str) -> bool:
        """Whether these requirements are installed; looks at two files only, so that it costs nothing."""
        stamp = self.read()
        installed = stamp.get("requirements") or {}
        return stamp.get("state") == "ready" and installed.get(name) == hashed and os.path.exists(self.python)

    def works(self) -> bool:
        """Whether its Python starts and has pip."""
        if not os.path.exists(self.python):
            return False
        try:
            return subprocess.call([self.python, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0  # fmt: skip
        except OSError:
            return False

    def remove(self) -> None:
        """Remove the folder: first out of the way in one step, then file by file."""
        if os.path.isdir(self.folder):
            aside = "{}.removing-{}".format(self.folder, os.getpid())
            os.rename(self.folder, aside)
            shutil.rmtree(aside, ignore_errors=True)

    def make(self) -> None:
        """Make it anew with its stamp saying so first, so that a half-made one is known as such.

        Raises:
            SetupFailed: venv failed.
        """
        say("Making the environment .venv with Python {}…".format(platform.python_version()))
        os.makedirs(self.folder)
        self.write("making", {})
        done = subprocess.run(
            [sys.executable, "-m", "venv", self.folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            told = done.stdout.decode("utf-8", "replace").strip().splitlines() or ["no message"]
            if any("ensurepip" in line for line in told):
                raise SetupFailed("This Python cannot make environments. Debian and Ubuntu: `sudo apt install python3-venv`. " + AGAIN)  # fmt: skip
            raise SetupFailed("The environment could not be made: {}. Remove '.venv', then run again.".format(told[-1]))


# --- packages ---------------------------------------------------------------------------------------------------


def reason(told: str, python: str, folder: str, room: int) -> str:
    """Turn what pip said on failing into one sentence with the next step."""
    lower = told.lower()
    errors = [line.strip() for line in told.splitlines() if line.strip().startswith("ERROR:")]
    last = errors[-1][len("ERROR:") :].strip() if errors else (told.strip().splitlines() or ["pip gave no reason"])[-1]
    for signs, sentence in PIP_FAILURES:
        if any(sign in lower for sign in signs):
            version = "{}.{}".format(*sys.version_info[:2])
            return sentence.format(python=python, folder=folder, version=version, last=last, room=room / GIGABYTE) + " " + AGAIN  # fmt: skip
    return "The packages could not be installed: {}. {}".format(last, AGAIN)


#: Lines of pip worth showing where it cannot draw its own progress bar.
SHOWN = ("Downloading ", "Using cached ", "Installing collected", "Successfully installed", "Building wheel")


def pip(env: Environment, arguments: List[str], room: int = ROOM_CPU, quiet: bool = False) -> str:
    """Run pip of the environment and show its progress: its own bars on a terminal, a line a package elsewhere.

    Returns:
        Its standard output when quiet, else an empty string.

    Raises:
        SetupFailed: pip failed; the sentence says why.
    """
    import tempfile

    command = [env.python, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    own_bars = sys.stdout.isatty() and not quiet
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(command, stdout=None if own_bars else subprocess.PIPE, stderr=errors, cwd=env.root)
        kept = []  # type: List[str]
        try:
            for raw in child.stdout or []:
                line = raw.decode("utf-8", "replace").rstrip()
                kept.append(line)
                if not quiet and line.strip().startswith(SHOWN) and ".metadata" not in line:
                    say("  " + line.strip()[:110])
            code = child.wait()
        except BaseException:  # Ctrl-C included: pip must not go on behind our back
            child.terminate()
            child.wait()
            raise
        errors.seek(0)
        told = errors.read().decode("utf-8", "replace")
    if code:
        raise SetupFailed(reason("\n".join(kept) + "\n" + told, env.python, env.root, room))
    return "\n".join(kept)


def pinned(file: str, package: str) -> str:
    """The line of a requirements file that pins this package, without its comment."""
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(package + "=="):
                return line.split("#")[0].strip()
    raise SetupFailed("{!r} does not pin {!r}. Take the file as it is in the repository.".format(file, package))


def check_index(env: Environment, requirement: str) -> None:
    """Fetch one small package first, so that a missing network is known in seconds and under pip's own settings.

    Raises:
        SetupFailed: it cannot be had.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        pip(env, ["download", "--quiet", "--no-deps", "--retries", "1", "--timeout", "10", "-d", folder, requirement], quiet=True)  # fmt: skip


def is_cuda_build(report: Dict[str, Any], machine: str) -> bool:
    """Whether pip's report of `pip install --report` says that it would take a build of torch with CUDA."""
    for item in report.get("install", []):
        metadata = item.get("metadata", {})
        if metadata.get("name") != "torch" or "+cpu" in metadata.get("version", ""):
            continue
        for needed in metadata.get("requires_dist") or []:
            name, _, marker = needed.partition(";")
            elsewhere = "platform_machine ==" in marker and machine not in marker
            if name.strip().startswith(("nvidia-", "cuda-")) and "extra ==" not in marker and not elsewhere:
                return True
    return False


def install_torch(env: Environment, requirement: str) -> int:
    """Get the small build of torch where it can be had; say so before the big one is taken.

    Returns:
        Bytes that the rest of the set-up needs.
    """
    if sys.platform != "linux":
        return ROOM_CPU  # the index has no CUDA builds for macOS and Windows
    if not has_nvidia():
        say(
            "Looking for the CPU build of torch at download.pytorch.org (at most {:.0f} s)…".format(TORCH_INDEX_SECONDS)
        )
        if answers(TORCH_INDEX + "/torch/", TORCH_INDEX_SECONDS):
            say("Getting the CPU build of torch (about 200 MB)…")
            try:
                pip(env, ["install", "--no-compile", "--no-deps", "--index-url", TORCH_INDEX, requirement])
                return ROOM_CPU
            except SetupFailed as failed:
                say("It did not come: {} Trying the package index.".format(failed))
        else:
            say("It does not answer; the package index is used.")
    if not index_has_only_cuda(env, requirement):
        return ROOM_CPU
    check_room(env.root, ROOM_CUDA)
    say(
        "The package index has torch only with CUDA: about 2.6 GB to download, 5.8 GB on disk, 3 minutes or more.\n"
        "(It works without a graphics card too. To avoid it, put a CPU wheel of {} into a folder and set"
        " PIP_FIND_LINKS to that folder; Ctrl-C stops here.)".format(requirement)
    )
    return ROOM_CUDA


def index_has_only_cuda(env: Environment, requirement: str) -> bool:
    """Ask pip which build of torch it would take, without taking it; False when it cannot say."""
    say("Asking the package index for {}…".format(requirement))
    try:
        told = pip(env, ["install", "--quiet", "--dry-run", "--no-deps", "--report", "-", requirement], quiet=True)
        return is_cuda_build(json.loads(told[told.index("{") :]), platform.machine())
    except (SetupFailed, ValueError):
        return True  # an old pip without --report: assume the worst, and say so


def install(env: Environment, name: str, file: str) -> None:
    """Install one requirements file into the environment.

    Raises:
        SetupFailed: with one sentence.
    """
    started = time.monotonic()
    room = ROOM_CPU
    if name == "app":
        check_room(env.root, ROOM_CPU)
        check_index(env, pinned(file, "ollama"))
        say("Installing the packages into .venv: about 0.6 GB to download, 2.3 GB on disk with the CPU build of torch.")
        room = install_torch(env, pinned(file, "torch"))
    else:
        say("Installing what the tests need: about 80 MB to download.")
    # Byte-compiling all of it takes longer than fetching it; what is imported gets compiled then, once.
    pip(env, ["install", "--no-compile", "-r", file], room)
    say("Packages are in ({:.0f} s).".format(time.monotonic() - started))


def warn_about_processor() -> None:
    """Say before the downloads that the built-in engine needs AVX2."""
    from lottery_chat.posix import cpu_has_avx2  # inside: that module does not parse on old Pythons

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


# --- what is started --------------------------------------------------------------------------------------------


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
