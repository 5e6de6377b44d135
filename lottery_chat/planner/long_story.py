"""Answer a question about a story of simple facts by following it: decided only if every sentence about it was read.

What follows from several facts is proved, what one sentence says is quoted, what only resembles is said to be a guess.
Any unread sentence that names somebody the answer rests on leaves the question to the model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lottery_chat.planner import long_story_answers as answers
from lottery_chat.planner.long_material import Spoken, spoken
from lottery_chat.planner.long_story_moves import follow
from lottery_chat.planner.long_story_reading import COMPARATIVES, SOMEBODY, Story, read_story

#: Longest text that is read as a story, in letters.
LONGEST = 400_000


@dataclass(frozen=True, slots=True)
class Told:
    """An answer with the sentences it follows from; `sure` is False for a guess by likeness."""

    answer: str
    sentences: tuple[Spoken, ...]
    read: int
    sure: bool
    how: str

    @property
    def check(self) -> str:
        """How it is known, as a sentence."""
        tail = f"; {self.how}" if self.how else ""
        return f"followed by code through the {self.read} sentences that were read; nothing else is taken to have happened{tail}"


def tell(asked: str, text: str) -> Told | None:
    """Decide a question about a story; None where it is no such question, or not everything about it was read."""
    if len(text) > LONGEST or len(asked) > 200:
        return None
    question = " ".join(asked.split()).rstrip("? .")
    matched = [(match, answer) for pattern, answer in _QUESTIONS if (match := pattern.match(question))]
    if not matched:
        return None
    story = read_story(spoken(text))
    if len(story.facts) < 2:
        return None
    world = follow(story)
    for match, answer in matched:
        found = answer(story, world, match) if world is not None else None
        if found is not None and not _gap(story, found.about):
            numbers = sorted({fact.number for fact in found.facts})
            lines = tuple(story.sentence(number) for number in numbers)
            read = len({fact.number for fact in story.facts})
            return Told(found.answer, lines, read, found.sure, found.how)
    return None


#: An unread sentence about everybody, if it is short or begins so; or about a somebody that no sentence before names.
_ALL = re.compile(
    r"^ (?:\w+ )?(?:everyone|everybody|nobody|no one|none|all of|both|they all|each of|all the)\b"
    r"|^(?= (?:\S+ ){1,15}$).*\b(?:everyone|everybody|all of them|them all|both of them)\b"
)


def _gap(story: Story, about: frozenset[str]) -> bool:
    """Whether an unread sentence names somebody or something that the answer rests on."""
    for _, words in story.unread:
        if _ALL.search(words) or words.startswith(SOMEBODY):
            return True
        if any(f" {name} " in words for name in about if name):
            return True
    return False


_SIDE = r"(?P<side>north of|south of|east of|west of|(?:to the )?left of|(?:to the )?right of|above|below)"
_N = r"[\w'’ -]{1,40}"
_QUESTIONS: tuple[tuple[re.Pattern[str], answers.Answer], ...] = tuple(
    (re.compile(rf"^{pattern}$", re.IGNORECASE), answer)
    for pattern, answer in (
        (rf"where (?:was|were) (?P<who>{_N}) before (?:(?:he|she|it|they) (?:went|came|was|were|got) (?:in |to |at |into )?)?(?P<place>{_N})", answers.where_before),
        (rf"where (?:is|was|are) (?P<who>(?!.* before ){_N}?)(?: now| in the end| at the end)?", answers.where_is),
        (rf"(?:is|was|are) (?P<who>{_N}?) (?:now |still )?(?:in|at|inside|on) (?P<place>(?:the |a )?{_N})", answers.is_in),
        (rf"who is (?:now )?(?:in|at|inside) (?P<place>{_N})", answers.who_is_in),
        (rf"how many (?:objects|things|items) (?:is|does) (?P<who>{_N}) (?:carrying|carry|holding|hold|have)(?: now)?", answers.how_many),
        (rf"what (?:is|does) (?P<who>{_N}) (?:carrying|carry|holding|hold|have)(?: now)?", answers.what_held),
        (rf"who (?:has|holds|is carrying|is holding) (?P<what>{_N}?)(?: now)?", answers.who_has),
        (rf"what did (?P<giver>{_N}) give to (?P<to>{_N})", answers.gift),
        (rf"who gave (?P<what>{_N}) to (?P<to>{_N})", answers.gift),
        (rf"who did (?P<giver>{_N}) give (?P<what>{_N}) to", answers.gift),
        (rf"who gave (?P<what>(?!.* to ){_N})", answers.gift),
        (rf"who (?:received|got) (?P<what>(?!.* from ){_N})", answers.gift),
        (rf"(?:what|which \w+) (?:is|lies) {_SIDE} (?P<of>{_N})", answers.what_beside),
        (rf"what is (?P<of>{_N}?) {_SIDE}", answers.beside_what),
        (rf"is (?P<first>{_N}?) {_SIDE} (?P<of>{_N})", answers.is_beside),
        (rf"how (?:do|can|would|does) (?:you|i|we|one) (?:go|get|walk) from (?P<start>{_N}) to (?P<end>{_N})", answers.route),
        (rf"(?:does|do|will|can|would) (?P<first>{_N}?) fit (?:in|into|inside) (?P<of>{_N})", answers.is_more),
        (rf"is (?P<first>{_N}?) (?P<than>{COMPARATIVES}) than (?P<of>{_N})", answers.is_more),
        (rf"what is (?P<who>{_N}?) (?P<does>[a-z]+ (?:of|by))", answers.what_kind_does),
        (rf"what does (?P<who>{_N}?) (?P<does>fear|eat|chase|hunt|like|love|hate|avoid|follow)", answers.what_kind_does),
        (rf"what colou?r is (?P<who>{_N})", answers.colour),
        (rf"why did (?P<who>\w+) (?:go to|get|take|pick up|grab|fetch) (?P<what>{_N})", answers.why),
        (r"where will (?P<who>\w+) go(?: next)?", answers.where_next),
    )
)  # fmt: skip
