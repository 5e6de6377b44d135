"""From a line of a data set's file to an Item: the question as a person pastes it, the gold in its judge's form.

Nothing is added that would tell a model how to answer ("answer with a letter"). Each reader takes the line only; what
it needs beside it (haystacks, documents, titles of articles) it is made with. Gold forms are described in
docs/lab_data.md and judged in judging.py.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from lottery_chat.lab.fields import Row, kind, number, objects, text, texts, truth
from lottery_chat.lab.heat_maps import band_of
from lottery_chat.lab.values import Item

Read = Callable[[Row], Item | None]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
#: What babi writes for counts and for nothing, and what else says the same.
_SAME = {
    "none": ["none", "0", "zero", "nothing", "no objects", "not carrying any", "not carrying anything"],
    "nothing": ["nothing", "none", "not carrying any", "not carrying anything"],
    "one": ["one", "1"], "two": ["two", "2"], "three": ["three", "3"],
}  # fmt: skip
_LOCOMO = {1: "multi-hop", 2: "temporal", 3: "open knowledge", 4: "single-hop", 5: "adversarial"}
#: Names of types as lists of functions carry them, and as JSON Schema calls them; "any" is no type.
_TYPES = {"dict": "object", "float": "number", "tuple": "array", "list": "array", "int": "integer", "str": "string"}


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


def key_value(row: Row) -> Item:
    """A JSON object of random keys, then the question for one of them."""
    records = row["records"]
    if not isinstance(records, list) or not all(isinstance(one, list) and len(one) == 2 for one in records):
        raise ValueError("the field 'records' is not a list of [key, value]")
    key = text(row, "key")
    pasted = json.dumps(dict(records), indent=1)
    question = f'What is the value of "{key}" in this JSON object?'
    return Item(text(row, "id"), f"{pasted}\n\n{question}", [text(row, "answer")], band=f"{len(records)} keys")


def needle(haystack: Callable[[str], str]) -> Read:
    """A long text with sentences hidden in it, then the question; gold: every string, none where it is absent."""

    def read(row: Row) -> Item:
        start, length = int(number(row, "start")), int(number(row, "n_chars"))
        long = haystack(text(row, "haystack"))[start : start + length]
        for one in sorted(objects(row, "needles"), key=lambda one: -number(one, "depth")):
            long = _hidden(long, text(one, "text"), int(number(one, "depth") * length))
        hidden = text(row, "kind")
        gold = [] if hidden == "absent" else texts(row, "answers")
        return Item(text(row, "id"), f"{long}\n\n{text(row, 'question')}", gold, band=hidden)

    return read


def needle_map(haystack: Callable[[str], str], kind: str) -> Read:
    """A cell of a heat map: a text of so many tokens (four letters each) with the needles at their depths."""

    def read(row: Row) -> Item | None:
        if text(row, "kind") != kind:
            return None
        tokens, depth, start = (int(number(row, name)) for name in ("tokens", "depth", "start"))
        length = 4 * tokens
        long = haystack("paul_graham")[start : start + length]
        for one in sorted(objects(row, "needles"), key=lambda one: -number(one, "depth")):
            long = _hidden(long, text(one, "text"), int(number(one, "depth") * length))
        band = band_of(tokens, depth)
        return Item(text(row, "id"), f"{long}\n\n{text(row, 'question')}", texts(row, "answers"), band=band)

    return read


def _hidden(long: str, sentence: str, at: int) -> str:
    """The sentence after the first full stop at or after `at`, or at the end if there is none."""
    stop = long.find(".", at)
    cut = stop + 1 if stop >= 0 else len(long)
    return f"{long[:cut]} {sentence} {long[cut:]}"


def babi(row: Row) -> Item:
    """A story, a fact a line, then the question; gold: {"judge", "gold"}."""
    task, said = text(row, "task"), text(row, "answer").strip().lower()
    question = "\n".join([*texts(row, "facts"), "", text(row, "question")])
    gold: Any = _SAME.get(said, [said])
    judge = "open"
    if task == "qa19":
        judge, gold = "sequence", {"kind": "compass", "tokens": said.split(",")}
    elif "," in said:
        judge, gold = "all_contained", said.split(",")
    return Item(text(row, "id"), question, {"judge": judge, "gold": gold}, band=task)


def long_document(documents: Callable[[], Mapping[str, str]]) -> Read:
    """A real document, then the question about it; gold: {"judge", "gold"}."""

    def read(row: Row) -> Item:
        asked = text(row, "question")
        question = f"{documents()[text(row, 'doc_id')].strip()}\n\n{asked}"
        gold: dict[str, Any]
        if text(row, "format") == "choice":
            gold = {"judge": "letter", "gold": {"letter": text(row, "letter"), "options": lettered(asked)}}
        else:
            said = text(row, "answer")
            gold = {"judge": "open_or_not_said", "gold": [] if said.lower().strip(" .") == "unanswerable" else [said]}
        return Item(text(row, "id"), question, gold, band=text(row, "task"))

    return read


def functions(row: Row) -> Item:
    """A request with offered functions; gold: {"expect", "calls"}, each call {name: {argument: accepted values}}."""
    said = [text(message, "content").strip() for message in objects(row, "messages")]
    expect = truth(row, "expect_call")
    calls = objects(row, "answer", empty=not expect)
    for call in calls:
        if len(call) != 1 or not all(isinstance(one, dict) for one in call.values()):
            raise ValueError("the field 'answer' is not a list of {function: {argument: [accepted values]}}")
    tools = tuple(_declared(one) for one in objects(row, "functions"))
    return Item(text(row, "id"), "\n\n".join(said), {"expect": expect, "calls": calls}, tools=tools, band=text(row, "category"))  # fmt: skip


#: So many functions an item of `among_many` is offered.
MANY = 12


def among_many(pool: Callable[[], Sequence[Row]]) -> Read:
    """Like `functions`, with functions of other items put beside the offered ones, in an order by hash.

    Left out are those that share a word of their name with an offered function or with the request: they might fit.
    """

    def read(row: Row) -> Item:
        item = functions(row)
        own = {str(one["name"]) for one in item.tools}
        taken = _name_words(" ".join([*own, item.question]))
        others = [one for one in pool() if one["name"] not in own and not _name_words(str(one["name"])) & taken]
        others.sort(key=lambda one: _place(item.id, str(one["name"])))
        offered = [*item.tools, *map(_declared, others[: MANY - len(item.tools)])]
        offered.sort(key=lambda one: _place(f"{item.id} order", str(one["name"])))
        return replace(item, tools=tuple(offered))

    return read


def _name_words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{3,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower())}


def _place(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed} {name}".encode()).hexdigest()


def _declared(function: Row) -> dict[str, Any]:
    parameters = function.get("parameters")
    return {
        "name": text(function, "name"), "description": str(function.get("description") or ""),
        "parameters": _schema(parameters) if isinstance(parameters, dict) else {"type": "object", "properties": {}},
    }  # fmt: skip


def _schema(schema: Row) -> dict[str, Any]:
    """A schema with the type names of JSON Schema, at every depth; an argument may itself be called "type"."""
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            if value != "any":
                made[key] = _TYPES.get(value, value)
        elif key == "properties" and isinstance(value, dict):
            made[key] = {name: _schema(one) if isinstance(one, dict) else one for name, one in value.items()}
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            made[key] = _schema(value)
        else:
            made[key] = value
    return made


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
