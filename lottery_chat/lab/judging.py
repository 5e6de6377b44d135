"""Whether a reply is right: one judge a kind of task, from the item's gold and what came back.

Four outcomes: right, wrong, no_answer (nothing came, it was stopped or asked back, or it says that it does not know)
and unjudged (there is a reply, but no answer was found in it: the extractor's fault or the model's, so it is counted
apart). docs/lab_data.md describes the gold of each judge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lottery_chat.errors import SettingsError
from lottery_chat.lab.answers import compared, normalised
from lottery_chat.lab.extracting_letters import letter
from lottery_chat.lab.extracting_numbers import last_number
from lottery_chat.lab.extracting_unsaid import not_said
from lottery_chat.lab.extracting_yes_no import yes_no
from lottery_chat.lab.judging_calls import judge_calls
from lottery_chat.lab.judging_everyday import judge_everyday
from lottery_chat.lab.values import Item, Replied, Task, Verdict

#: A status with which nothing was answered, whatever text came with it.
_UNANSWERED = ("failed", "stopped", "asked_back")
_SHOWN = 200
_DEPTHS = (1, 5, 10)
_BELIEF = "\n---\n"


def judge(task: Task, item: Item, reply: Replied) -> Verdict:
    """Judge a reply to an item of a task.

    Raises:
        SettingsError: the task names a judge that does not exist.
    """
    if task.judge not in JUDGES:
        raise SettingsError(f"The task {task.name!r} names the judge {task.judge!r}; there are {', '.join(JUDGES)}.")
    return JUDGES[task.judge](item, reply)


def _unanswered(reply: Replied) -> bool:
    return reply.status in _UNANSWERED or not (reply.text.strip() or (reply.answer or "").strip())


def _texts(reply: Replied) -> list[str]:
    """What may hold a number or a letter: the short answer first, then the whole."""
    return [one for one in (reply.answer, reply.text) if one and one.strip()]


def _short(reply: Replied) -> str:
    return reply.text if reply.answer is None else reply.answer


def _nothing(reply: Replied, measures: Mapping[str, float] | None = None) -> Verdict:
    """No answer was found in a reply: it says that it does not know, or nobody can tell."""
    says = reply.status == "not_in_documents" or any(map(not_said, _texts(reply)))
    return Verdict("no_answer" if says else "unjudged", 0.0, measures=measures or {})


def _verdict(right: bool, extracted: str, measures: Mapping[str, float] | None = None, score: float | None = None) -> Verdict:  # fmt: skip
    value = float(right) if score is None else score
    return Verdict("right" if right else "wrong", value, " ".join(extracted.split())[:_SHOWN], measures or {})


_NO_ANSWER = Verdict("no_answer", 0.0)
_NONE_MATCHED = {"em": 0.0, "f1": 0.0, "contains": 0.0}
_ALL_MATCHED = {"em": 1.0, "f1": 1.0, "contains": 1.0}


# -- numbers and letters -----------------------------------------------------------------------------------------


def judge_numeric(item: Item, reply: Replied) -> Verdict:
    """Gold: a number. Whole numbers must be met exactly, others within 1e-6 of their size."""
    if _unanswered(reply):
        return _NO_ANSWER
    for text in _texts(reply):
        value = last_number(text)
        if value is not None:
            whole = float(item.gold).is_integer()
            right = value == float(item.gold) if whole else math.isclose(value, item.gold, rel_tol=1e-6)
            return _verdict(right, repr(value))
    return _nothing(reply)


def judge_letter(item: Item, reply: Replied) -> Verdict:
    """Gold: {"letter": "B", "options": ["A) …", …]}."""
    if _unanswered(reply):
        return _NO_ANSWER
    for text in _texts(reply):
        found = letter(text, item.gold["options"])
        if found is not None:
            return _verdict(found == item.gold["letter"], found)
    return _nothing(reply)


# -- words -------------------------------------------------------------------------------------------------------


def judge_open(item: Item, reply: Replied) -> Verdict:
    """Gold: accepted answers; right when one of them stands in the reply as whole words. Yes and no are read."""
    if _unanswered(reply) or reply.status == "not_in_documents":
        return Verdict("no_answer", 0.0, measures=_without_documents(item, reply))
    if all(answer.strip().casefold() in ("yes", "no", "true", "false") for answer in item.gold):
        return _judge_yes_no(item, reply)
    text = _short(reply)
    match = compared(text, item.gold)
    measures = {"em": match.em, "f1": match.f1, "contains": match.contains}
    if match.contains:
        return _verdict(True, match.answer, measures)
    if not normalised(text) or not_said(text):
        return _nothing(reply, measures)
    return _verdict(False, text, measures)


_CANNOT = re.compile(
    r"\b(?:unknown|uncertain|undetermined|cannot be (?:known|said|told|determined|decided|proved)|can(?:not|'t) (?:say|tell|know)"
    r"|not (?:known|enough)|neither it nor its opposite|maybe|contradict)",
    re.IGNORECASE,
)


def judge_cannot_tell(item: Item, reply: Replied) -> Verdict:
    """Gold: []. The premises do not decide it (or contradict each other): right when the reply says so of them."""
    if _unanswered(reply):
        return _NO_ANSWER
    texts = _texts(reply)
    if any(map(_CANNOT.search, texts)):
        return _verdict(True, "cannot be told")
    if any(re.search(r"\bI (?:do not|don['’]t) know\b", text) for text in texts):
        return _NO_ANSWER  # it says that of itself, not of the premises
    if any(map(not_said, texts)):
        return _verdict(True, "cannot be told")
    return _verdict(False, _short(reply)) if any(map(str.isalnum, _short(reply))) else _nothing(reply)


def _without_documents(item: Item, reply: Replied) -> dict[str, float]:
    """For "the documents do not say" with a belief below a line: whether the belief was right. It does not count."""
    belief = reply.text.partition(_BELIEF)[2]
    return _NONE_MATCHED | ({"believed": compared(belief, item.gold).contains} if belief and item.gold else {})


def _judge_yes_no(item: Item, reply: Replied) -> Verdict:
    accepted = {yes_no(answer) for answer in item.gold}
    for text in _texts(reply):
        said = yes_no(text, item.question)
        if said is not None:
            right = said in accepted
            return _verdict(right, said, _ALL_MATCHED if right else _NONE_MATCHED)
    if re.search(r"\b(?:maybe|perhaps|possibly)\b", reply.text, re.IGNORECASE):
        return _verdict(False, "maybe", _NONE_MATCHED)
    return _nothing(reply, _NONE_MATCHED)


def judge_open_or_not_said(item: Item, reply: Replied) -> Verdict:
    """Gold: accepted answers, or none: then the reply must say that the text does not say."""
    if item.gold:
        return judge_open(item, reply)
    if _unanswered(reply):
        return Verdict("no_answer", 0.0, measures=_NONE_MATCHED)
    if reply.status == "not_in_documents" or not_said(_short(reply)) or not_said(reply.text):
        return _verdict(True, "not said", _ALL_MATCHED)
    if not normalised(_short(reply)):
        return Verdict("unjudged", 0.0, measures=_NONE_MATCHED)
    return _verdict(False, _short(reply), _NONE_MATCHED)


def judge_all_contained(item: Item, reply: Replied) -> Verdict:
    """Gold: strings that must all be in the reply; none: the reply must say that the text does not say."""
    if not item.gold:
        return judge_open_or_not_said(item, reply)
    if _unanswered(reply) or reply.status == "not_in_documents":
        return _NO_ANSWER
    best: list[str] = []
    for text in _texts(reply):
        held = [answer for answer in item.gold if compared(text, [answer]).contains]
        best = max(best, held, key=len)
    if not best and (not normalised(_short(reply)) or not_said(reply.text)):
        return _nothing(reply)
    share = len(best) / len(item.gold)
    return _verdict(share == 1, ", ".join(best) or _short(reply), {"contained": share}, share)


def judge_short_answers(item: Item, reply: Replied) -> Verdict:
    """Gold: for each reading of an ambiguous question its accepted answers (ASQA). Right: each is in the whole reply.

    `str-em` is the share of the readings, `hit` whether it is all of them, as ALCE's and ASQA's scorers count: an
    answer may stand inside a longer word, and the whole text is judged, not the short answer.
    """
    if _unanswered(reply):
        return Verdict("no_answer", 0.0, measures={"str-em": 0.0, "hit": 0.0})
    said = normalised(reply.text)
    held = [
        next((one for one in accepted if normalised(one) and normalised(one) in said), "") for accepted in item.gold
    ]
    share = sum(map(bool, held)) / len(held)
    measures = {"str-em": share, "hit": float(share == 1)}
    if not share and (reply.status == "not_in_documents" or not said or not_said(reply.text)):
        return _nothing(reply, measures)
    return _verdict(share == 1, ", ".join(filter(None, held)) or reply.text, measures, share)


# -- sequences ---------------------------------------------------------------------------------------------------

_COMPASS = re.compile(r"\b(north|south|east|west)\b|(?<![\w'])([nsew])(?![\w'])", re.IGNORECASE)
_BRACKETS = re.compile(r"[\[\](){}<>](?:[ \t,]*[\[\](){}<>])*")
_CLOSING = frozenset(")]}>")


def judge_sequence(item: Item, reply: Replied) -> Verdict:
    """Gold: {"kind": words, brackets or compass, "tokens": in order, "after": brackets before them}."""
    if _unanswered(reply):
        return _NO_ANSWER
    read = {"words": _words, "brackets": _brackets, "compass": _directions}[item.gold["kind"]]
    extracted = ""
    for text in _texts(reply):
        found, right = read(text, item.gold)
        if right:
            return _verdict(True, found)
        extracted = extracted or found
    return _verdict(False, extracted) if extracted else _nothing(reply)


def _words(text: str, gold: Mapping[str, Any]) -> tuple[str, bool]:
    """The words of the list in the reply, and whether they stand there in order with nothing between."""
    tokens = [word.strip("'") for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text.casefold().replace("’", "'"))]
    wanted = [str(one).casefold() for one in gold["tokens"]]
    kept = [one for one in tokens if one != "and" or "and" in wanted]
    spread = any(kept[at : at + len(wanted)] == wanted for at in range(len(kept) - len(wanted) + 1))
    return " ".join(one for one in kept if one in set(wanted)), spread


def _brackets(text: str, gold: Mapping[str, Any]) -> tuple[str, bool]:
    """The last run of brackets that closes something; the whole sequence, completed, is as good as its end."""
    runs = [re.sub(r"[^\[\](){}<>]", "", run) for run in _BRACKETS.findall(re.sub(r"</?\w+>", " ", text))]
    runs = [run for run in runs if run[-1] in _CLOSING and run not in ("()", "[]", "{}", "<>")]
    if not runs:
        return "", False
    wanted, before = "".join(gold["tokens"]), "".join(gold.get("after", ()))
    return " ".join(runs[-1]), runs[-1] in (wanted, before + wanted)


def _directions(text: str, gold: Mapping[str, Any]) -> tuple[str, bool]:
    """The last directions that are named, as many as are asked for."""
    named = [(long or short)[0].lower() for long, short in _COMPASS.findall(text)]
    last = named[-len(gold["tokens"]) :]
    return ",".join(last), last == list(gold["tokens"])


# -- retrieval, and items that carry their judge -----------------------------------------------------------------


def judge_retrieval(item: Item, reply: Replied) -> Verdict:
    """Gold: {"relevant": {passage: grade}, "score": "recall@5" or "ndcg@10"}, against the passages in `found`.

    Right: with recall@5 all of them are among the first five; with graded passages one is among the first ten.
    """
    relevant: Mapping[str, float] = item.gold["relevant"]
    found = list(dict.fromkeys(reply.found))
    measures = {f"recall@{depth}": sum(one in relevant for one in found[:depth]) / len(relevant) for depth in _DEPTHS}
    measures["hit@5"] = float(any(one in relevant for one in found[:5]))
    measures["ndcg@10"] = _ndcg(found, relevant, 10)
    score = measures[item.gold["score"]]
    if not found:
        return Verdict("no_answer", 0.0, measures=measures)
    right = score == 1 if item.gold["score"] == "recall@5" else measures["ndcg@10"] > 0
    return _verdict(right, " ".join(found[:10]), measures, score)


def _ndcg(found: Sequence[str], relevant: Mapping[str, float], depth: int) -> float:
    def gain(grades: Sequence[float]) -> float:
        return sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades[:depth]))

    best = gain(sorted(relevant.values(), reverse=True))
    return gain([relevant.get(one, 0.0) for one in found]) / best if best else 0.0


def judge_each(item: Item, reply: Replied) -> Verdict:
    """Gold: {"judge": its name, "gold": in that judge's form}, for sets whose items have several forms."""
    name = item.gold["judge"]
    if name not in JUDGES:
        raise SettingsError(f"The item {item.id!r} names the judge {name!r}; there are {', '.join(JUDGES)}.")
    inner = Item(item.id, item.question, item.gold["gold"], item.attached, item.tools, item.band)
    return JUDGES[name](inner, reply)


JUDGES: Mapping[str, Callable[[Item, Replied], Verdict]] = {
    "numeric": judge_numeric,
    "letter": judge_letter,
    "open": judge_open,
    "cannot_tell": judge_cannot_tell,
    "open_or_not_said": judge_open_or_not_said,
    "memory": judge_open_or_not_said,
    "all_contained": judge_all_contained,
    "short_answers": judge_short_answers,
    "sequence": judge_sequence,
    "calls": judge_calls,
    "retrieval": judge_retrieval,
    "everyday": judge_everyday,
    "each": judge_each,
}
