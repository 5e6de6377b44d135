"""A running Ollama: which of its models can chat, pull, remove, make, and a ChatModel over its native /api/chat.

The one module that imports the `ollama` package (list, show, ps, pull, create, delete). The chat itself is posted
by us, because the package's chat() can send neither `truncate:false` nor `shift:false`, without which Ollama drops
the oldest messages, or cuts the last one, and answers 200.

What it lacks, and what is done: no tokeniser, so tokens are counted from above; no grammar, so a request with one
is refused; log-probabilities only for the 20 most probable tokens, labels outside them are chosen by constraint.
"""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx  # noqa: TID253  (only its exceptions: the ollama package lets them through)

