"""Does the answer stand in the evidence: comparing what a model says with the sentences it was to copy from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from knowledge.passage import Sentence
from lottery_chat.planner.gathering import Evidence
from lottery_chat.planner.notes_shown import notes


def normalised(text: str) -> str:
    """Lower case, no accents, no punctuation, single spaces: how strings are compared."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w%$€£]+", " ", plain).split())


def holder(answer: str, sentences: Sequence[Sentence]) -> Sentence | None:
    """The best sentence in which the answer stands, whole words in order; None when it stands in none."""
    wanted = normalised(answer)
    if not wanted:
        return None
    holding = [sentence for sentence in sentences if f" {wanted} " in f" {normalised(sentence.text)} "]
    return max(holding, key=lambda sentence: sentence.score, default=None)


_DIGITS = dict(
    zip("two three four five six seven eight nine ten eleven twelve".split(), map(str, range(2, 13)), strict=True)
)


def _keyed(text: str) -> str:
    """As compared with a reply: a small model writes "6 weeks" where the text has "six weeks"."""
    return " ".join(_DIGITS.get(word, word) for word in normalised(text).split())


#: Share of what a reply says beyond the question that a run of a sentence must hold.
SAID = 0.6


def said_in(
    reply: str, question: str, sentences: Sequence[Sentence], *, least: float = SAID
) -> tuple[str, Sentence | None]:
    """The run of words in a sentence that says what a reply says beyond the question, as the sentence writes it.

    A small model wraps what it was to copy ("As an astronomer", "His job is astronomer"); the words of the question
    and small words at the ends are not part of the answer. ("", None) when no run holds `least` of it.
    """
    asked = set(_keyed(question).split())
    new = {word for word in _keyed(reply).split() if word not in asked and word not in _EMPTY}
    best: tuple[float, float, str, Sentence | None] = (0.0, 0.0, "", None)
    for sentence in sentences if new else ():
        theirs, ours = sentence.text.split(), reply.split()
        keys = [[_keyed(word) for word in words] for words in (theirs, ours)]
        for block in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks():
            start, end = block.a, block.a + block.size
            while start < end and (keys[0][start] in asked or keys[0][start] in _EMPTY):
                start += 1
            while end > start and (keys[0][end - 1] in asked or keys[0][end - 1] in _EMPTY):
                end -= 1
            held = len(new & set(" ".join(keys[0][start:end]).split())) / len(new)
            if held >= max(least, 1e-9) and (held, sentence.score) > best[:2]:
                run = " ".join(theirs[start:end]).strip(" .,;:()\"“”'")
                best = (held, sentence.score, run, sentence)
    return best[2], best[3]


_ASKING = frozenset(
    "what when where which whose whom does have many much long name called there about file document text page "
    "this that these those they them with from into your their some anyone could would should tell give know".split()
)


def shares_a_word(question: str, evidence: Evidence) -> bool:
    """Whether any word of substance of the question stands (by its beginning) in the evidence or its titles.

    Only a doubt of the model makes this decide: a question in quite other words may still be answered.
    """
    wanted = {word[:5] for word in normalised(question).split() if len(word) > 3 and word not in _ASKING}
    text = normalised(notes(evidence.sentences, evidence.hits))
    there = {word[:5] for word in text.split()}
    return not wanted or bool(wanted & there)


#: A sentence that begins so goes on about what its passage is about, which it need not name.
_GOES_ON = re.compile(
    r"\W*(?:he|she|it|they|his|her|its|their|this|that|these|those|the|born|there|here|both|such|also|later)\b",
    re.IGNORECASE,
)


def beside_the_point(question: str, sentence: Sentence) -> bool:
    """Whether a sentence that stands for itself has no word of substance (by its beginning) of the question.

    Only a doubt of the model makes this decide. Of 17 quotes without such a word 7 were right, all of them in sentences
    that go on from the one before ("It was written by …"); those are let through (lab/LOG.md).
    """
    wanted = {word[:5] for word in normalised(question).split() if len(word) > 3 and word not in _ASKING}
    there = {word[:5] for word in normalised(sentence.text).split()}
    return bool(wanted) and not wanted & there and _GOES_ON.match(sentence.text) is None


_EMPTY = frozenset("a an the at in on of to is was are were be by for from with and it its that this as".split())


def answers(answer: str, question: str) -> bool:
    """Whether a phrase says something that the question did not; a choice between two names may repeat one."""
    if re.search(r"\bor\b|^(?:is|are|was|were|does|do|did|can|has|have|will)\b", question, re.IGNORECASE):
        return bool(answer)
    return bool(set(normalised(answer).split()) - set(normalised(question).split()) - _EMPTY)


def tidied(text: str) -> str:
    """The phrase alone: no quotes, no "The answer is", no leading dash or title."""
    phrase = text.strip().strip("-• ").strip()
    phrase = re.sub(r"^(?:the )?(?:answer|span|phrase)(?: is)?\s*:?\s*", "", phrase, flags=re.IGNORECASE)
    return phrase.strip().strip("\"“”'`*").rstrip(".").strip()
