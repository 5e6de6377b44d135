"""Start the chat: `python app.py` is `lottery-chat serve` with the same options (--host, --port, --no-browser, --home)."""

from __future__ import annotations

import sys

from lottery_chat.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
