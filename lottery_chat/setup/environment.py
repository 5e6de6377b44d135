"""The folder .venv with its stamp, which says whether it is whole.

Standard library only, and it parses on Python 3.6 (lottery_chat/bootstrap.py).
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from typing import Any, Dict, List

from lottery_chat.setup.told import AGAIN, SetupFailed, say

STAMP = "lottery-chat.json"


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
