"""The entry point of the command line: `python -m lottery_chat COMMAND`."""

from __future__ import annotations

import atexit
import os
import sys
import threading

from lottery_chat import cli


def main() -> int:
    """Run the command line and return its exit code; end at once where a thread is still loading a library.

    A quick answer comes before the embedder is there. Python would take the interpreter down around that thread, and
    C++ libraries (torch) answer with abort(): exit code 134 after a right answer.
    """
    code = cli.main()
    if any(thread.daemon for thread in threading.enumerate() if thread is not threading.current_thread()):
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
