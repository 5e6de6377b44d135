"""knowledge's PDF reader on what everyday files hold: wrapped cells, running lines, forms, rules, notes, stretched lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.page_layout import lay_out
from knowledge.page_rows import Word
from knowledge.pdf import quote_boxes, read_pdf
from knowledge.running_lines import without_running_lines
from lottery_chat.lab.office_files import pdf, pdf_of, written


def text_of(folder: Path, *pages: bytes) -> list[str]:
    (folder / "a.pdf").write_bytes(pdf(pages))
    return list(read_pdf(folder / "a.pdf", "a.pdf", 2000))


def cells(*given: tuple[float, float, list[str]], step: float = 13) -> bytes:
    """Each cell's lines one after the other, as programs write them: (x, y of the first line, lines)."""
    return b"".join(written([(x, y - step * at, line) for at, line in enumerate(lines)]) for x, y, lines in given)


def test_cells_of_several_lines_are_one_cell_each_in_rows_with_their_headers(tmp_path: Path) -> None:
    page = cells(
        (60, 700, ["Date"]), (130, 700, ["Details"]), (260, 700, ["Amount"]),
        (60, 680, ["01", "May"]), (130, 680, ["Card paid to", "the miller"]), (260, 680, ["67.84"]),
        (60, 648, ["02", "May"]), (130, 648, ["Rent of", "the lane"]), (260, 648, ["90.46"]),
    )  # fmt: skip
    (text,) = text_of(tmp_path, page)
    assert text.split("\n") == [
        "Date: 01 May; Details: Card paid to the miller; Amount: 67.84",
        "Date: 02 May; Details: Rent of the lane; Amount: 90.46",
    ]
    assert len(quote_boxes(tmp_path / "a.pdf", 1, text.split("\n")[1])) >= 3  # each line of each cell is marked


def test_columns_of_running_text_that_jump_up_the_page_are_no_table(tmp_path: Path) -> None:
    left = ["The first column tells of the weir", "and of the two sluices below it,"]
    right = ["while the second column tells of", "all the eels that were caught in it."]
    page = cells((50, 700, left), (320, 700, right), (50, 660, left), (320, 660, right))
    (text,) = text_of(tmp_path, page)
    assert ": " not in text and ";" not in text


def test_a_rule_between_near_words_parts_cells_and_without_it_they_are_a_line(tmp_path: Path) -> None:
    rows = [("oak table", "good"), ("elm chair", "worn"), ("ash bench", "new")]
    words = b"".join(
        written([(60, 700 - 14 * at, one), (114, 700 - 14 * at, other)]) for at, (one, other) in enumerate(rows)
    )
    ruled = words + b"".join(b"%d 660 m %d 715 l S\n" % (x, x) for x in (56, 111, 150))
    assert text_of(tmp_path, ruled)[0] == "oak table: elm chair; good: worn\noak table: ash bench; good: new"
    assert ":" not in text_of(tmp_path, words)[0]


def test_names_beside_the_columns_they_stand_above_stop_no_reader(tmp_path: Path) -> None:
    head = [(30, 700, "Code"), (150, 700, "Meaning of it"), (300, 700, "What to do")]
    body = [
        (60.0 + 120 * x, 686.0 - 14 * y, f"{one} {y}") for y in range(3) for x, one in enumerate(("e", "dry", "cool"))
    ]
    (text,) = text_of(tmp_path, written([*head, *body]))
    assert "cool 2" in text


def test_a_heading_of_two_words_above_a_table_is_none_of_its_columns(tmp_path: Path) -> None:
    rows = [["Code", "Meaning", "Remedy"], ["E1", "dry", "wait"], ["E2", "open", "close"]]
    grid = [(60.0 + 110 * x, 680.0 - 14 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    (text,) = text_of(tmp_path, written([(60, 700, "Error codes")]) + written(grid))
    assert text == "Error codes\n\nCode: E1; Meaning: dry; Remedy: wait\nCode: E2; Meaning: open; Remedy: close"


def test_what_was_filled_into_a_form_is_read_beside_its_label_and_marked(tmp_path: Path) -> None:
    labels = written([(60, 700, "Full name:"), (60, 670, "Boat class:"), (60, 640, "Due in May.")])
    look = b"BT /F0 10 Tf 1 0 0 1 2 4 Tm (Ida Holm) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>",
        b"<</Type/Pages/Count 1/Kids[4 0 R]>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Annots[6 0 R]/Resources<</Font<</F0 3 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(labels), labels),
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Ida Holm)/F 4/Rect[190 696 400 714]/AP<</N 7 0 R>>>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 210 18]/Resources<</Font<</F0 3 0 R>>>>/Length %d>>stream\n%s\nendstream" % (len(look), look),
    ]  # fmt: skip
    (tmp_path / "a.pdf").write_bytes(pdf_of(objects))
    assert list(read_pdf(tmp_path / "a.pdf", "a.pdf", 9)) == ["Full name: Ida Holm\nBoat class:\nDue in May."]
    assert quote_boxes(tmp_path / "a.pdf", 1, "Full name: Ida Holm")


def line(top: float, *words: tuple[str, float, float], start: int = 0, high: float = 12.0) -> list[Word]:
    """A line of words as (text, left, right)."""
    made = []
    for text, left, right in words:
        made.append(Word(text, start, left, top, right, top + high, 11.0))
        start += len(text) + 1
    return made


def shown(*lines: list[Word]) -> str:
    return "".join(text for text, _ in lay_out(lines))


FULL = line(100, ("preliminary", 50, 130), ("observations", 134, 200))


def test_a_line_stretched_to_the_column_is_text_and_a_row_with_uneven_gaps_is_not() -> None:
    even = [("work", 50, 80), ("should", 95, 125), ("find", 140, 160), ("more", 175, 200)]
    uneven = [("work", 50, 80), ("should", 110, 140), ("find", 155, 172), ("more", 188, 200)]
    assert (
        shown(FULL, line(113, *even), line(126, *even))
        == "preliminary observations\nwork should find more\nwork should find more"
    )
    other = [("oak", 50, 70), ("elm", 110, 132), ("ash", 155, 172), ("yew", 188, 200)]
    assert ";" in shown(FULL, line(113, *uneven), line(126, *other))


def test_the_mark_of_an_item_is_no_column() -> None:
    first, second = line(100, ("•", 50, 54), ("Trains:", 70, 100)), line(113, ("•", 50, 54), ("Meals", 70, 95))
    assert shown(first, second) == "- Trains:\n- Meals"


def test_the_raised_number_of_a_note_stands_in_brackets() -> None:
    note = line(98, ("1", 100.2, 104), high=7.0)
    assert shown(line(100, ("warranted", 50, 100)), note, line(100, (".", 104.2, 106))) == "warranted[1]."
    same = line(100, ("1", 104, 110))
    assert shown(line(100, ("warranted", 50, 100)), same) == "warranted 1"


HEAD, TEXT = "Register of the line, 2024", "Words that stand on page {} alone, "


def test_lines_that_come_again_on_each_page_stand_on_the_first_alone() -> None:
    pages = [f"{HEAD}\n{TEXT.format(one * 'x')}of it.\n\nPage {one} of 9" for one in range(1, 10)]
    read = without_running_lines(pages)
    assert read[0] == f"{HEAD}\n\n{TEXT.format('x')}of it."
    assert read[1] == f"{TEXT.format('xx')}of it." and all("Page" not in one and HEAD not in one for one in read[1:])


@pytest.mark.parametrize(
    "pages",
    [
        ["Total: 12\nnext", "Total: 15\nother", "Total: 11\nlast"],  # numbers that do not count the pages
        [f"{HEAD}\none", "two\nthree", "four", "five", "six", f"{HEAD}\nseven"],  # on two of six pages
        ["first\nthe same line\nlast one", "second\nanother line"],
    ],
)
def test_lines_that_only_look_alike_stay(pages: list[str]) -> None:
    assert without_running_lines(pages) == pages


def test_a_page_that_says_nothing_else_keeps_its_line() -> None:
    assert without_running_lines([HEAD, HEAD, HEAD])[2] == HEAD
