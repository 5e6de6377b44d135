"""Whether this machine can run the app: its Python, its room on the disk, its graphics card, its network.

Standard library only, and it parses on Python 3.6 (lottery_chat/bootstrap.py).
"""

import os
import shutil
import subprocess
from typing import Optional, Tuple

from lottery_chat.setup.told import SetupFailed

OLDEST = (3, 10)
GIGABYTE = 1000**3
#: Free space asked for before the packages are fetched (installed size, plus downloads while they are unpacked).
ROOM_CPU = 4 * GIGABYTE
ROOM_CUDA = 9 * GIGABYTE


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
