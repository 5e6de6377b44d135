"""The entry point of the command line: `python -m lottery_chat COMMAND`."""

from __future__ import annotations

import sys

from lottery_chat.cli import main

if __name__ == "__main__":
    sys.exit(main())
