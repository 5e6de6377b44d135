"""Evidence of a question: both sides of a comparison, the bridge to a second passage, what the documents disagree on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.passage import Passage
from knowledge.passing import PassingLibrary
from lottery_chat.planner.gathering import disagreements, gather, gather_each
