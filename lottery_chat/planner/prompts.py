"""Load the prompt files and fill them in strictly: an unknown or missing variable is an error."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@lru_cache(maxsize=64)
def template(name: str) -> str:
    """Return the text of `prompts/NAME.md`; FileNotFoundError names a prompt that does not exist."""
    return (resources.files("lottery_chat.planner") / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip("\n")


def variables(name: str) -> frozenset[str]:
    """Return the names of the variables a prompt declares."""
    return frozenset(_VARIABLE.findall(template(name)))


def render(name: str, **values: str) -> str:
    """Fill a prompt in.

    Raises:
        KeyError: a variable is missing, or one is given that the prompt does not have.
    """
    wanted = variables(name)
    if wanted != set(values):
        raise KeyError(f"prompt {name!r} takes {sorted(wanted)}, got {sorted(values)}")
    return _VARIABLE.sub(lambda match: values[match.group(1)], template(name))
