"""A message: who speaks and what is said; what a prompt is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt. A last message of the assistant is continued, not answered."""

    role: Role
    text: str
