"""From a line of a data set's file to an Item: the question as a person pastes it, the gold in its judge's form.

Nothing is added that would tell a model how to answer ("answer with a letter"). Each reader takes the line only; what
it needs beside it (haystacks, documents, titles of articles) it is made with. Gold forms are described in
docs/lab_data.md and judged in judging.py.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from lottery_chat.lab.fields import Row, kind, number, objects, text, texts, truth
from lottery_chat.lab.values import Item

Read = Callable[[Row], Item | None]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LOCOMO = {1: "multi-hop", 2: "temporal", 3: "open knowledge", 4: "single-hop", 5: "adversarial"}


def arithmetic(row: Row) -> Item:
    """A word problem; gold: the number."""
    return Item(text(row, "id"), text(row, "question"), number(row, "answer"))


def logic(row: Row) -> Item:
    """Context, blank line, question, one option a line; gold: {"letter", "options"}."""
    options = texts(row, "options")
    question = "\n".join([text(row, "context").strip(), "", text(row, "question").strip(), *options])
    letter = text(row, "answer").strip("() .")
    if letter not in [option[0] for option in options]:
        raise ValueError(f"the field 'answer' is {letter!r}, which is none of the options")
    return Item(text(row, "id"), question, {"letter": letter, "options": options}, band=f"{len(options)} options")


def own_logic(row: Row) -> Item:
    """The lab's own logic texts: gold {"judge", "gold"}; "Unknown" is judged by whether the reply says so."""
    question, answer = text(row, "question"), text(row, "answer")
    gold: Any = [{"True": "yes", "False": "no"}.get(answer, answer)]
    judge = "open"
    if answer == "Unknown":
        judge, gold = "cannot_tell", []
    elif re.search(r"(?m)^A\) ", question):
        options = re.findall(r"(?m)^([A-Z]\) .+)$", question)
        judge, gold = "letter", {"letter": answer, "options": options}
    return Item(text(row, "id"), question, {"judge": judge, "gold": gold}, band=text(row, "kind"))


def bbh(row: Row) -> Item:
    """Tasks of several forms; gold: {"judge", "gold"}, found from the form of the answer."""
    question, answer, task = text(row, "question"), text(row, "answer").strip(), text(row, "task")
    gold: Any
    if re.fullmatch(r"\([A-Z]\)", answer):
        judge, gold = "letter", {"letter": answer[1], "options": lettered(question)}
    elif _NUMBER.fullmatch(answer):
        judge, gold = "numeric", float(answer) if "." in answer else int(answer)
    elif answer.lower() in ("yes", "no", "true", "false"):
        judge, gold = "open", [answer]
    elif re.fullmatch(r"[\[\](){}<>\s]+", answer):
        judge, gold = "sequence", {"kind": "brackets", "tokens": answer.split(), "after": question.rpartition(":")[2].split()}  # fmt: skip
    else:
        judge, gold = "sequence", {"kind": "words", "tokens": answer.split()}
    return Item(text(row, "id"), question, {"judge": judge, "gold": gold}, band=task)


def lettered(question: str) -> list[str]:
    """The options "(A) …" at the end of a question. Raises ValueError if there are none."""
    options = [
        f"{letter}) {words.strip()}" for letter, words in re.findall(r"(?m)^\s*\(([A-Z])\)[ \t]*(.+)$", question)
    ]
    if not options:
        raise ValueError("the field 'question' has no options '(A) …', but 'answer' is a letter")
    return options


def popularity(row: Row) -> Item:
    """PopQA; gold: accepted strings; band: how often the subject's page is read, in powers of ten."""
    power = int(math.log10(max(1, number(row, "s_pop"))))
    band = f"s_pop 10^{power} to 10^{power + 1}"
    return Item(text(row, "id"), text(row, "question"), texts(row, "possible_answers"), band=band)


def answers(row: Row) -> Item:
    """A question with its accepted answers."""
    return Item(text(row, "id"), text(row, "question"), texts(row, "answers"))


def ambiguous(row: Row) -> Item:
    """ASQA: an ambiguous question; gold: for each of its readings the accepted short answers; band: how many readings."""
    name = "ambiguous_question" if "ambiguous_question" in row else "question"
    pairs = objects(row, "qa_pairs")
    gold = [texts(pair, "short_answers") for pair in pairs]
    return Item(text(row, "id"), text(row, name), gold, band=f"{len(gold)} readings")


def answer(band: str = "") -> Read:
    """A question with one answer and perhaps `answer_aliases`; `band` names the field that groups items."""

    def read(row: Row) -> Item:
        accepted = [text(row, "answer"), *row.get("answer_aliases", ())]
        group = str(row[band]) + (" hops" if band == "hops" else "") if band else ""
        return Item(text(row, "id"), text(row, "question"), list(dict.fromkeys(accepted)), band=group)

    return read


def squad2(titles: Callable[[], Mapping[str, str]]) -> Read:
    """A question about an article that was dropped in; gold: accepted spans, none where the text does not say."""

    def read(row: Row) -> Item:
        answerable = truth(row, "answerable")
        gold = texts(row, "answers", empty=not answerable)
        attached = titles()[texts(row, "gold_ids")[0]]
        band = "answerable" if answerable else "unanswerable"
        return Item(text(row, "id"), text(row, "question"), gold if answerable else [], (attached,), band=band)

    return read


def xquad(titles: Callable[[], Mapping[str, str]]) -> Read:
    """A question about an article in the same language; band: the language."""

    def read(row: Row) -> Item:
        attached = titles()[texts(row, "gold_ids")[0]]
        return Item(text(row, "id"), text(row, "question"), texts(row, "answers"), (attached,), band=text(row, "lang"))

    return read


def search(asked: Read) -> Read:
    """The same questions for R alone; gold: the passages that hold the answer. Unanswerable ones are left out."""

    def read(row: Row) -> Item | None:
        if row.get("answerable") is False:
            return None
        item = asked(row)
        assert item is not None, "readers of questions with passages use every line"
        gold = {"relevant": dict.fromkeys(texts(row, "gold_ids"), 1), "score": "recall@5"}
        return Item(item.id, item.question, gold, band=item.band)

    return read


def judged_passages(row: Row) -> Item:
    """A query with passages graded by people."""
    relevant = row["relevant"]
    if not isinstance(relevant, dict) or not relevant:
        raise ValueError(f"the field 'relevant' is {kind(relevant)}, not an object of passages and grades")
    gold = {"relevant": {key: number(relevant, key) for key in relevant}, "score": "ndcg@10"}
    return Item(text(row, "id"), text(row, "query"), gold)


def remembered(row: Row) -> Item:
    """A question about what one said in earlier conversations of a scenario."""
    scenario = text(row, "scenario")
    return Item(text(row, "id"), text(row, "question"), texts(row, "answers"), (scenario,), band=scenario)


def conversation(row: Row) -> Item:
    """A question about a very long conversation; gold: the answer, none where the conversation does not say."""
    category = row["category"]
    if category not in _LOCOMO:
        raise ValueError(f"the field 'category' is {kind(category)}, not 1 to 5")
    gold = [text(row, "answer")] if truth(row, "answerable") else []
    attached = (text(row, "conversation"),)
    return Item(text(row, "id"), text(row, "question"), gold, attached, band=_LOCOMO[category])


def everyday(row: Row) -> Item:
    """One of the lab's own prompts; gold: {"must", "must_not", "form"}."""
    must = row["must"]
    if not isinstance(must, list) or not all(_group(one) for one in must):
        raise ValueError(f"the field 'must' is {kind(must)}, not a list of lists of texts")
    form = row.get("form", {})
    unknown = sorted(set(form) - set(FORMS)) if isinstance(form, dict) else [str(form)]
    if unknown:
        raise ValueError(f"the field 'form' has {unknown[0]!r}; it may have {', '.join(FORMS)}")
    must_not = texts(row, "must_not", empty=True) if "must_not" in row else []
    return Item(text(row, "id"), text(row, "question"), {"must": must, "must_not": must_not, "form": form})


#: What a reply's form can be asked to be; judged in judging_everyday.py.
FORMS = ("sentences", "words", "lines", "items", "language", "json", "starts")


def _group(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)
