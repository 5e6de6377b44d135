"""Install the pinned packages, with the small build of torch where it can be had.

Standard library only, and it parses on Python 3.6 (lottery_chat/bootstrap.py).
"""

import json
import platform
import sys
import time
from typing import Any, Dict

from lottery_chat.setup.environment import Environment
from lottery_chat.setup.machine import ROOM_CPU, ROOM_CUDA, answers, check_room, has_nvidia
from lottery_chat.setup.pip import pip
from lottery_chat.setup.told import SetupFailed, say

TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
TORCH_INDEX_SECONDS = 5.0


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
