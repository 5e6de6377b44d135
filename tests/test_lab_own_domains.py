"""The lab's own documents: each is read as its kind, and its questions rest on words that stand, or do not, in its text."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.library import Library
from knowledge.reading import read_file
from lottery_chat.children import run_limited
from lottery_chat.errors import LotteryChatError, NotFound
from lottery_chat.lab import evidence, own_domains
from lottery_chat.lab.answers import compared
from lottery_chat.lab.bases import Bases
from lottery_chat.lab.judging import judge
from lottery_chat.lab.loading import OWN, read_items, rows_of
from lottery_chat.lab.own_domains import DOMAINS, documents, question
from lottery_chat.lab.tasks import tasks
from lottery_chat.lab.values import Document, Replied

NOWHERE = Path("nowhere")
FILES = {one.title: one for domain in DOMAINS for one in documents(f"own_{domain}")}
ROWS = [(domain, row) for domain in DOMAINS for _, row in rows_of(OWN / f"own_{domain}.jsonl")]
KINDS = {"md": "md", "txt": "text", "html": "html", "csv": "csv", "docx": "docx", "pdf": "pdf"}


@functools.cache
def text_of(title: str, folder: Path) -> str:
    """What the app reads of a file."""
    path = folder / title
    content = FILES[title].content
    assert content is not None
    path.write_bytes(content)
    kind, pages = read_file(path, title)
    assert kind == KINDS[title.rpartition(".")[2]]
    return "\n".join(page.text for page in pages)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def stands(words: str, text: str) -> bool:
    return compared(text, [words]).contains > 0


def test_each_domain_has_five_files_in_at_least_three_kinds_of_a_few_pages(folder: Path) -> None:
    for domain in DOMAINS:
        titles = [one.title for one in documents(f"own_{domain}")]
        assert len(titles) == 5 and len({one.rpartition(".")[2] for one in titles}) >= 3
        assert all(400 <= len(text_of(one, folder).split()) <= 1500 for one in titles)


def test_each_domain_has_twenty_questions_of_all_kinds() -> None:
    for domain in DOMAINS:
        kinds = [row["kind"] for each, row in ROWS if each == domain]
        assert [kinds.count(kind) for kind in own_domains.KINDS] == [12, 3, 2, 3]
        assert len({row["question"] for _, row in ROWS}) == 60
        assert {row["file"] for each, row in ROWS if each == domain} == {
            one.title for one in documents(f"own_{domain}")
        }


@pytest.mark.parametrize("row", [row for _, row in ROWS if row["kind"] != "unsaid"], ids=lambda row: row["id"])
def test_what_an_answer_rests_on_stands_in_the_file_named(row: Mapping[str, Any], folder: Path) -> None:
    text = text_of(row["file"], folder)
    assert [words for words in row["rests_on"] if not stands(words, text)] == []
    if row["kind"] == "fact":
        assert any(stands(answer, text) for answer in row["answers"])
    assert not stands("a word that stands nowhere", text)


@pytest.mark.parametrize("row", [row for _, row in ROWS if row["kind"] == "unsaid"], ids=lambda row: row["id"])
def test_the_key_words_of_an_unanswerable_question_do_not_stand_in_its_file(row: Mapping[str, Any], folder: Path) -> None:  # fmt: skip
    text = text_of(row["file"], folder).casefold()
    assert row["absent"] and not row["answers"]
    assert [words for words in row["absent"] if words.casefold() in text] == []


def test_a_right_reply_to_each_question_is_judged_right_and_a_made_up_one_wrong() -> None:
    for domain in DOMAINS:
        task = tasks(NOWHERE)[f"own_{domain}"]
        for item in read_items(task, NOWHERE):
            said = item.gold[0] if item.gold else "The documents do not say."
            status = "answered" if item.gold else "not_in_documents"
            assert judge(task, item, Replied(said, None, status)).outcome == "right", item.id
            wrong = {"yes": "No.", "no": "Yes."}.get(item.gold[0] if item.gold else "", "It is 77 guilders.")
            assert judge(task, item, Replied(wrong, None, "answered")).outcome == "wrong", item.id


def test_all_files_of_the_domain_are_dropped_in_with_a_question() -> None:
    for domain in DOMAINS:
        task = tasks(NOWHERE)[f"own_{domain}"]
        assert task.corpus is not None
        titles = tuple(one.title for one in task.corpus(NOWHERE))
        assert all(item.attached == titles for item in read_items(task, NOWHERE))


@pytest.mark.parametrize(
    "change", [{"kind": "riddle"}, {"kind": "unsaid"}, {"answers": []}, {"file": "elsewhere.md"}, {"rests_on": []}]
)
def test_a_line_that_does_not_fit_is_refused_with_its_field(change: Mapping[str, Any]) -> None:
    read = question("law")
    good = next(row for domain, row in ROWS if domain == "law")
    assert read(good) is not None
    with pytest.raises(ValueError, match="the field"):
        read({**good, **change})


def test_a_package_without_the_files_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(own_domains, "FOLDER", tmp_path)
    with pytest.raises(NotFound, match="install it again"):
        documents("own_law")


def test_marks_of_a_source_become_headings_rows_and_paragraphs_of_word_and_pdf(tmp_path: Path) -> None:
    source = "# Lock & weir\nThe weir is < 3 m high.\n\n## Gates\n| Gate | Width |\n| upper | 2.4 |\n| lower | 3.1 |\nOpen on Mondays."
    for name, content in (("a.docx", own_domains.word_document(source)), ("b.pdf", own_domains.pages(source))):
        (tmp_path / name).write_bytes(content)
        _, pages = read_file(tmp_path / name, name)
        text = "\n".join(page.text for page in pages)
        assert "# Lock & weir" in text and "The weir is < 3 m high." in text and "Open on Mondays." in text
        assert text.index("# Gates") < text.index("Gate: lower; Width: 3.1") < text.index("Open on")


def test_a_page_mark_begins_a_page_of_the_pdf(tmp_path: Path) -> None:
    (tmp_path / "two.pdf").write_bytes(own_domains.pages("The lower mill.\n== page ==\nThe upper mill."))
    _, pages = read_file(tmp_path / "two.pdf", "two.pdf")
    assert [page.text.strip() for page in pages] == ["The lower mill.", "The upper mill."]


# -- taken in by the app's library ------------------------------------------------------------------------------------


@pytest.fixture
def bases(tmp_path: Path) -> Iterator[Bases]:
    opened: dict[Path, Library] = {}

    def library(folder: Path) -> Library:
        return opened.setdefault(folder, Library(folder, HashingEmbedder, run_limited))

    yield Bases(tmp_path, library, lambda said: None)
    for one in opened.values():
        one.close()


def test_files_are_taken_in_under_their_names_and_in_their_kinds(bases: Bases) -> None:
    chosen = [
        FILES[name] for name in ("employment_contract.docx", "lab_report_thornbury.pdf", "bank_statement_march.csv")
    ]
    base = bases.base("mixed", chosen)
    library = bases.knowledge(base)
    assert set(base.ids) == {one.title for one in chosen}
    assert {one.kind for one in library.documents()} == {"docx", "pdf", "csv"}
    item = replace(read_items(tasks(NOWHERE)["own_medicine"], NOWHERE)[0], rests_on=("Ferritin", "haemolysed"))
    found = evidence.measure(library, replace(item, question="ferritin potassium haemolysed"), list(base.ids.values()))
    assert found.held["5 passages"]


def test_a_changed_file_is_another_base(bases: Bases) -> None:
    one = Document("note.txt", "same", content=b"The mill stands.")
    first = bases.base("first", [one])
    again = bases.base("first again", [replace(one, content=b"The mill fell.")])
    assert first.folder.name.split("-")[1] != again.folder.name.split("-")[-1]


def test_evidence_is_enough_only_when_everything_the_answer_rests_on_is_there() -> None:
    (item, *_) = read_items(tasks(NOWHERE)["own_law"], NOWHERE)
    two = replace(item, rests_on=("€ 90.00", "three days"))
    assert evidence.answerable(two) and evidence.answerable(replace(two, gold=["yes"]))
    assert not evidence.answerable(replace(two, gold=["yes"], rests_on=()))
    assert evidence._sufficient("It is 90.00, within three days.", two)
    assert not evidence._sufficient("It is 90.00.", two)
    assert evidence._sufficient("It is 90.", replace(two, rests_on=()))


# -- in three wordings ---------------------------------------------------------------------------------------------


def test_forty_questions_stand_in_three_wordings_with_one_gold_each() -> None:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for _, row in rows_of(OWN / "own_words.jsonl"):
        groups.setdefault(row["id"].rpartition("/")[0], []).append(row)
    assert len(groups) == 40
    for rows in groups.values():
        assert [row["id"][-2:] for row in rows] == ["/a", "/b", "/c"]
        assert len({row["question"] for row in rows}) == 3
        assert len({json.dumps([row["kind"], row["judge"], row["gold"], row.get("file")]) for row in rows}) == 1


def test_the_facts_asked_for_in_three_wordings_stand_in_their_files(folder: Path) -> None:
    for item in read_items(tasks(NOWHERE)["own_words"], NOWHERE):
        if item.attached:
            assert any(stands(answer, text_of(item.attached[0], folder)) for answer in item.gold["gold"]), item.id


def test_a_wording_without_its_gold_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "own_words.jsonl").write_text('{"id": "a/a", "kind": "k", "question": "Who?", "judge": "open"}\n')
    monkeypatch.setattr("lottery_chat.lab.loading.OWN", tmp_path)
    with pytest.raises(LotteryChatError, match="'gold' is missing"):
        read_items(tasks(NOWHERE)["own_words"], NOWHERE)
