"""Stand between us and an MCP server's process: bounded lines, and no server that outlives us.

Started as `python -m lottery_chat.calls.mcp_relay FOLDER COMMAND …`. What the server writes is passed on line by line, at
most LONGEST bytes each; what it writes to standard error is kept to its last words. When our end closes (we closed
it, or we died) the server gets a second to end, then everything it started is ended with it.
What this does not do: it is no sandbox. A server is a program that the person chose to run.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from typing import IO

from lottery_chat import posix

#: The longest message of a server (bytes).
LONGEST = 4_000_000
_TAIL = 600
_PATIENCE = 1.0


class _Relay:
    def __init__(self, folder: str, command: list[str]) -> None:
        self.last = b""
        self.server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
        )

    def feed(self) -> None:
        """Pass on what we are told, until our end closes; then end the server."""
        assert self.server.stdin is not None
        with contextlib.suppress(OSError):
            while part := os.read(0, 65536):
                self.server.stdin.write(part)
                self.server.stdin.flush()
        with contextlib.suppress(OSError):
            self.server.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.server.wait(_PATIENCE)
        self.end("")

    def drain(self, pipe: IO[bytes]) -> None:
        """Keep the last words of its standard error."""
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(pipe.fileno(), 65536):
                self.last = (self.last + part)[-_TAIL:]

    def pass_on(self, pipe: IO[bytes]) -> str:
        """Pass on its lines; the sentence that says why it ended."""
        length = 0
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(pipe.fileno(), 65536):
                newest = part.rfind(b"\n")
                length = length + len(part) if newest < 0 else len(part) - newest - 1
                if length > LONGEST:
                    return f"It sent a message of more than {LONGEST:,} bytes and was ended."
                view = memoryview(part)
                while view:
                    view = view[os.write(1, view) :]
        return ""

    def end(self, sentence: str) -> None:
        """Say the last words, then end the whole group, this process included."""
        words = sentence or self.last.decode("utf-8", "replace").strip()
        with contextlib.suppress(OSError):
            os.write(2, words.encode())
        with contextlib.suppress(OSError):
            self.server.kill()
        posix.terminate_group(os.getpid())
        os._exit(1)


def main(folder: str, command: list[str]) -> None:
    """Run the command in the folder until it or our end closes."""
    posix.adopt_orphans()
    try:
        relay = _Relay(folder, command)
    except (OSError, ValueError) as error:
        os.write(2, f"{command[0]!r} cannot be started: {error}".encode())
        os._exit(1)
    assert relay.server.stdout is not None and relay.server.stderr is not None
    drained = threading.Thread(target=relay.drain, args=(relay.server.stderr,), daemon=True)
    drained.start()
    threading.Thread(target=relay.feed, daemon=True).start()
    why = relay.pass_on(relay.server.stdout)
    drained.join(0.2)
    relay.end(why)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
