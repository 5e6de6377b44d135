"""Run pip of the environment, show its progress, and turn its failures into one sentence.

Standard library only, and it parses on Python 3.6 (lottery_chat/bootstrap.py).
"""

import subprocess
import sys
from typing import List

from lottery_chat.setup.environment import Environment
from lottery_chat.setup.machine import GIGABYTE, ROOM_CPU
from lottery_chat.setup.told import AGAIN, SetupFailed, say

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
