"""tasks.py, rows*.py, corpora.py: every task's question, gold and documents from own fixtures, and from the real data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lab_oracle import oracle

from knowledge.reading import read_file
from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.lab import panel, rows
from lottery_chat.lab.corpora import plain
from lottery_chat.lab.judging import JUDGES, judge
from lottery_chat.lab.loading import read_items
from lottery_chat.lab.tasks import NAMES, PUBLISHED_WHOLE, tasks
from lottery_chat.lab.values import Item, Replied

PASSAGES = [
    {"id": "m-1", "title": "Mill\nof Odd", "text": "# Not a heading\n\n\nThe mill stands\tin Odd.\x07 ", "lang": "de"},
    {"id": "m-2", "title": "Mill\nof Odd", "text": "It grinds spelt.", "lang": "de"},
    {"id": "f-1", "title": "Ferry", "text": "The ferry leaves at seven.", "lang": "en"},
]
QUESTION = {"id": "q1", "question": "Where does the mill stand?"}
OPTIONS = ["A) True", "B) False"]
FUNCTION = {
    "name": "boat.rent",
    "description": "Rents a boat.",
    "parameters": {"type": "dict", "properties": {"type": {"type": "string"}, "hours": {"type": "float"}, "more": {"type": "any"}}},
}  # fmt: skip
LINES: Mapping[str, dict[str, Any]] = {
    "gsm8k": QUESTION | {"answer": 4},
    "prontoqa": QUESTION | {"context": "Odd is a village.", "options": OPTIONS, "answer": "B"},
    "bbh": {"id": "q1", "task": "sort", "question": "Sort: pear fig", "answer": "fig pear"},
    "popqa": QUESTION | {"possible_answers": ["Odd"], "s_pop": 420},
    "strategyqa": QUESTION | {"answer": "no"},
    "musique": QUESTION | {"answer": "Odd", "answer_aliases": ["Odde"], "hops": 3, "gold_ids": ["m-1"]},
    "musique:search": QUESTION | {"answer": "Odd", "answer_aliases": [], "hops": 3, "gold_ids": ["m-1"]},
    "squad2": QUESTION | {"answers": ["in Odd"], "answerable": True, "gold_ids": ["m-1"]},
    "xquad": QUESTION | {"answers": ["in Odd"], "lang": "de", "gold_ids": ["m-1"]},
    "cranfield": {"id": "q1", "query": "mills", "relevant": {"m-1": 4}},
    "kv_retrieval": {"id": "q1", "records": [["k1", "v1"], ["k2", "v2"]], "key": "k2", "answer": "v2"},
    "babi": {"id": "q1", "task": "qa7", "facts": ["Ida took a nut.", "Ida ate it."], "question": "How many?", "answer": "none"},
    "leval": {"id": "q1", "task": "t", "doc_id": "d1", "question": "Who?\n (A) Ida\n (B) Ola", "answer": "(B) Ola", "format": "choice", "letter": "B"},
    "bfcl": {"id": "q1", "category": "c", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "A punt for 2 hours"}], "functions": [FUNCTION], "expect_call": True, "answer": [{"boat.rent": {"type": ["punt"], "hours": [2]}}]},
    "bfcl:many": {"id": "q1", "category": "c", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "A punt for 2 hours"}], "functions": [FUNCTION], "expect_call": True, "answer": [{"boat.rent": {"type": ["punt"], "hours": [2]}}]},
    "memory_bfcl": QUESTION | {"scenario": "garden", "answers": ["Odd"]},
    "locomo": QUESTION | {"conversation": "c1", "category": 5, "answer": None, "answerable": False},
    "niah": {"id": "q1", "kind": "fact", "haystack": "news_from_nowhere", "start": 0, "n_chars": 12, "needles": [{"text": "Key 1.", "depth": 0.0}, {"text": "Key 2.", "depth": 0.9}], "question": "Which?", "answers": ["1"]},
}  # fmt: skip


def lines(path: Path, *made: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in made), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, line in LINES.items():
        lines(tmp_path / name.split(":")[0] / "public.jsonl", line)
    for name in ("musique", "squad2", "xquad", "cranfield"):
        made = [{key: one[key] for key in one if key != "lang" or name == "xquad"} for one in PASSAGES]
        lines(tmp_path / name / "corpus.jsonl", *made)
    lines(tmp_path / "leval" / "docs.jsonl", {"id": "d1", "text": "Ola rowed home.\n"})
    (tmp_path / "niah").mkdir(exist_ok=True)
    (tmp_path / "niah" / "news_from_nowhere.txt").write_text("\n One. Two. Three. Four.\n", encoding="utf-8")
    turns = [[{"role": "user", "content": "I live in Odd."}, {"role": "assistant", "content": "Lovely."}]]
    lines(tmp_path / "memory_bfcl" / "conversations.jsonl", {"id": "g1", "scenario": "garden", "topic": "Moving", "turns": turns})  # fmt: skip
    session = {"session": 1, "date_time": "1 May", "turns": [{"id": "D1:1", "speaker": "Ida", "text": "Hello", "image_caption": "a mill"}]}  # fmt: skip
    lines(tmp_path / "locomo" / "conversations.jsonl", {"id": "c1", "speaker_a": "Ida", "speaker_b": "Ola", "sessions": [session]})  # fmt: skip
    return tmp_path


def item(data: Path, name: str) -> Item:
    (one,) = read_items(tasks(data)[name], data)
    return one


def test_every_task_has_one_name_a_judge_and_a_line_in_the_list() -> None:
    made = tasks(Path("nowhere"))
    assert [(one.name, one.family, one.about) for one in made.values()] == list(NAMES)
    assert len({name for name, _, _ in NAMES}) == len(NAMES)
    assert all(one.judge in JUDGES for one in made.values())
    assert {name for counts in panel.COUNTS.values() for name in counts} <= set(made)


def test_only_tasks_with_a_corpus_have_its_name_and_those_of_r_are_retrieval() -> None:
    for one in tasks(Path("nowhere")).values():
        assert (one.corpus is None) == (one.corpus_name == "")
        assert (one.kind == "retrieval") == (one.judge == "retrieval") == (one.family == "retrieval")
        assert one.corpus_name == one.name.split(":")[0] or one.corpus is None


@pytest.mark.parametrize("name", LINES)
def test_the_gold_of_each_form_is_judged_right_and_silence_is_not(data: Path, name: str) -> None:
    task, one = tasks(data)[name], item(data, name)
    assert judge(task, one, oracle(task.judge, one)).outcome == "right"
    assert judge(task, one, Replied(" \n", None, "answered")).outcome == "no_answer"


def test_a_field_that_is_left_out_of_a_line_is_named(data: Path) -> None:
    # Aliases are optional, an unanswerable question has no answer, a choice has its letter, only search needs gold_ids.
    unused = {("locomo", "answer"), ("leval", "answer"), ("musique", "gold_ids")}
    for name, line in LINES.items():
        for field in line.keys() - {"answer_aliases"}:
            if (name, field) in unused:
                continue
            lines(data / name.split(":")[0] / "public.jsonl", {key: line[key] for key in line if key != field})
            with pytest.raises(LotteryChatError, match=f"'{field}' is missing"):
                item(data, name)


def test_a_logic_question_is_context_question_and_an_option_a_line(data: Path) -> None:
    one = item(data, "prontoqa")
    assert one.question == "Odd is a village.\n\nWhere does the mill stand?\nA) True\nB) False"
    assert one.gold == {"letter": "B", "options": OPTIONS}


def test_popularity_is_grouped_by_powers_of_ten(data: Path) -> None:
    assert item(data, "popqa").band == "s_pop 10^2 to 10^3"


def test_long_prompts_are_the_text_a_blank_line_and_the_question(data: Path) -> None:
    assert item(data, "kv_retrieval").question.endswith(
        '"k2": "v2"\n}\n\nWhat is the value of "k2" in this JSON object?'
    )
    assert item(data, "babi").question == "Ida took a nut.\nIda ate it.\n\nHow many?"
    assert item(data, "leval").question == "Ola rowed home.\n\nWho?\n (A) Ida\n (B) Ola"


def test_needles_stand_after_the_first_full_stop_at_their_depth(data: Path) -> None:
    # "One. Two. Th": the second needle finds no full stop after 0.9 and comes at the end.
    assert item(data, "niah").question == "One. Key 1.  Two. Th Key 2. \n\nWhich?"


def test_an_unknown_haystack_document_or_passage_is_named(data: Path) -> None:
    for name, change in (
        ("niah", {"haystack": "hay"}),
        ("leval", {"doc_id": "d9"}),
        ("squad2", {"gold_ids": ["x-9"]}),
    ):
        lines(data / name / "public.jsonl", LINES[name] | change)
        with pytest.raises(LotteryChatError, match=r"line 1 .*'(hay|d9|x-9)'"):
            item(data, name)


def test_a_haystack_that_is_not_there_is_named(data: Path) -> None:
    lines(data / "niah" / "public.jsonl", LINES["niah"] | {"haystack": "paul_graham"})
    with pytest.raises(NotFound, match="PaulGrahamEssays"):
        item(data, "niah")


def test_functions_are_offered_in_json_schema_also_where_an_argument_is_called_type(data: Path) -> None:
    one = item(data, "bfcl")
    assert one.question == "Be brief.\n\nA punt for 2 hours"
    assert one.tools[0]["parameters"] == {
        "type": "object",
        "properties": {"type": {"type": "string"}, "hours": {"type": "number"}, "more": {}},
    }


def test_an_item_about_a_document_is_attached_to_it(data: Path) -> None:
    for name, title in (("squad2", "Mill of Odd"), ("xquad", "Mill of Odd (de)"), ("memory_bfcl", "garden"), ("locomo", "c1")):  # fmt: skip
        task = tasks(data)[name]
        assert item(data, name).attached == (title,)
        assert task.corpus is not None and title in {one.title for one in task.corpus(data)}


def test_an_unanswerable_question_has_no_gold_and_is_not_searched_for(data: Path) -> None:
    lines(data / "squad2" / "public.jsonl", LINES["squad2"] | {"answers": [], "answerable": False})
    assert item(data, "squad2").gold == [] and item(data, "squad2").band == "unanswerable"
    with pytest.raises(LotteryChatError, match="no item"):
        item(data, "squad2:search")


def test_a_collection_is_one_document_with_a_heading_a_passage(data: Path) -> None:
    task = tasks(data)["musique"]
    assert task.corpus is not None
    (document,) = task.corpus(data)
    assert document.text == (
        "## Mill of Odd\n\n\\# Not a heading\nThe mill stands\tin Odd.\n\n## Mill of Odd\n\nIt grinds spelt.\n\n"
        "## Ferry\n\nThe ferry leaves at seven.\n"
    )
    assert [key for key, _ in document.passages] == ["m-1", "m-2", "f-1"]
    assert task.corpus(data) is task.corpus(data)  # made once


def test_who_published_a_passage_stands_with_it(tmp_path: Path) -> None:
    row = {"id": "n-1", "title": "Mill sold", "text": "It was sold.", "source": "The Odd Paper", "author": None, "published_at": "2021-03-04T05:06"}  # fmt: skip
    lines(tmp_path / "multihop_rag" / "corpus.jsonl", row)
    task = tasks(tmp_path)["multihop_rag"]
    assert task.corpus is not None
    assert task.corpus(tmp_path)[0].passages == (
        ("n-1", "Source: The Odd Paper. Published: 2021-03-04.\nIt was sold."),
    )


def test_a_conversation_has_a_heading_a_session_with_its_date(data: Path) -> None:
    locomo, memory = tasks(data)["locomo"].corpus, tasks(data)["memory_bfcl"].corpus
    assert locomo is not None and memory is not None
    assert locomo(data)[0].text == "# Ida and Ola\n\n## Session 1, 1 May\n\nIda: Hello (shows a mill)\n"
    assert memory(data)[0].text == "# garden\n\n## Moving\n\nuser: I live in Odd.\n\nassistant: Lovely.\n"


def test_a_broken_corpus_is_named_with_its_line(tmp_path: Path) -> None:
    for broken, sentence in (
        ({"id": "m-2", "text": "x"}, "line 2: the field 'title' is missing"),
        ({"id": "m-2", "title": "t", "text": 3}, "line 2: the field 'text' is 3"),
        (PASSAGES[0], "line 2: the id 'm-1' comes twice"),
    ):
        lines(tmp_path / "musique" / "corpus.jsonl", PASSAGES[0], broken)
        task = tasks(tmp_path)["musique"]
        assert task.corpus is not None
        with pytest.raises(LotteryChatError, match=sentence):
            task.corpus(tmp_path)


HOSTILE = [
    "a\r\nb\rc",
    "\x00x\u2028y",
    "  # one\n###### six\n#seven",
    "```\ncode\n```",
    "\n\n\n\nfar\n\n\n\napart",
    "\ufeffmarked",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_passage_stands_in_what_the_app_reads_exactly_as_it_is_listed(tmp_path: Path, text: str) -> None:
    body = plain(text)
    path = tmp_path / "one.md"
    path.write_text(f"## Title\n\n{body}\n\n## Next\n\nend\n", encoding="utf-8")
    _, pages = read_file(path, "one")
    assert f"\n\n{body}\n\n" in pages[0].text
    assert text not in pages[0].text  # negative control: as it came it would not be found


def test_the_form_of_an_own_prompt_may_only_have_known_keys() -> None:
    good = {"id": "e1", "question": "Hello?", "must": [["hello", "hi"]], "form": {"words": [1, 5]}}
    assert rows.everyday(good).gold == {"must": [["hello", "hi"]], "must_not": [], "form": {"words": [1, 5]}}
    for change in ({"form": {"colour": 1}}, {"must": ["hello"]}, {"must": [[]]}, {"must_not": [1]}):
        with pytest.raises(ValueError, match="field"):
            rows.everyday(good | change)


# -- the real data -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def real(shared: Path) -> Path:
    if not (shared / "data").is_dir():
        pytest.skip(f"no benchmark items at {shared / 'data'}: set LOTTERY_CHAT_SHARED")
    return shared / "data"


@pytest.mark.parametrize("name", [name for name, _, _ in NAMES if name not in PUBLISHED_WHOLE])
def test_all_real_items_are_read_and_their_gold_is_right_and_silence_never(real: Path, name: str) -> None:
    task = tasks(real)[name]
    items = read_items(task, real)
    assert len(items) >= 20
    if name != "everyday":  # a reply that meets facts and form needs a person: test_lab_everyday.py
        assert [one.id for one in items if judge(task, one, oracle(task.judge, one)).outcome != "right"] == []
    for reply in (Replied("", None, "answered"), Replied("", "", "answered"), Replied("Yes 1 (A)", None, "failed")):
        assert {judge(task, one, reply).outcome for one in items} == {"no_answer"}


WITH_CORPUS = [one.name for one in tasks(Path("nowhere")).values() if one.corpus is not None]


@pytest.mark.parametrize("name", WITH_CORPUS)
def test_all_real_attachments_and_gold_passages_are_in_the_real_corpus(real: Path, name: str) -> None:
    task = tasks(real)[name]
    assert task.corpus is not None
    documents = task.corpus(real)
    titles = [one.title for one in documents]
    passages = {key for one in documents for key, _ in one.passages}
    assert len(set(titles)) == len(titles)
    for one in read_items(task, real):
        assert set(one.attached) <= set(titles)
        assert task.kind != "retrieval" or set(one.gold["relevant"]) <= passages
