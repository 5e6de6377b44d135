"""An answer as plain text: what is shown where no markup can be (the plain page, a screen reader's line).

Pure: events in, text out; imports nothing but events.
"""

from __future__ import annotations

from lottery_chat.events import Answered, Citation, Event, TextDelta, TextReplaced

#: The badge in words; `model` and `none` say honestly that nothing was checked.
BADGES = {
    "computed": "Computed",
    "proved": "Proved",
    "quoted": "Quoted",
    "remembered": "Remembered",
    "model": "Model only",
    "none": "",
}


def badge(answered: Answered) -> str:
    """Return how the answer is known in one line; empty for free writing, which carries no badge."""
    word = "" if answered.free_writing else BADGES[answered.known]
    if not word:
        return ""
    return f"[{word}, checked: {answered.check}]" if answered.checked else f"[{word}] {answered.check}".rstrip()


def cited(citation: Citation) -> str:
    """Return a citation as one line: title, page or address, and the quote."""
    place = f", p. {citation.page}" if citation.page is not None else f", {citation.url}" if citation.url else ""
    return f"{citation.title}{place}: “{' '.join(citation.quote.split())}”"


def as_text(event: Event, before: str) -> str:
    """Return the answer's text after this event."""
    if isinstance(event, TextDelta):
        return before + event.text
    if isinstance(event, TextReplaced):
        return event.text
    if not isinstance(event, Answered):
        return before
    numbered = [f"{number}. {cited(one)}" for number, one in enumerate(event.citations, 1)]
    return "\n".join(line for line in (event.text, badge(event), *numbered, *event.notices) if line)
