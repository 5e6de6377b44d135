"""knowledge.pdf: pages read as one reads them, and a quote marked on the picture of its page."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path

import PIL.Image
import pytest

from knowledge.errors import DocumentMissing
from knowledge.ocr import MARK, tesseract
from knowledge.pdf import quote_boxes, read_pdf, render_page
from knowledge.pdf_pictures import picture_limited
from knowledge.png import png
from knowledge.reading import load_pages, read_file, read_limited
from lottery_chat.children import run_limited
from lottery_chat.lab.office_files import pdf, written

LEFT = ["The first column tells of the weir and of", "the two sluices that were built below it in", "the year in which the river changed its bed."]  # fmt: skip
RIGHT = ["The second column tells of the mill pond and", "of all the eels that were caught there by the", "miller and by his seven sons in one winter."]  # fmt: skip


def text_of(folder: Path, data: bytes) -> list[str]:
    (folder / "a.pdf").write_bytes(data)
    return list(read_pdf(folder / "a.pdf", "a.pdf", 2000))


def test_columns_that_the_file_writes_line_by_line_are_read_one_after_the_other(tmp_path: Path) -> None:
    lines = [(x, 700 - 14 * at, one[at]) for at in range(3) for x, one in ((50, LEFT), (330, RIGHT))]
    (text,) = text_of(tmp_path, pdf([written(lines)]))
    assert text == "\n".join([*LEFT, *RIGHT])


def grid(rows: list[list[str]], top: float, **form: int) -> bytes:
    cells = [(60.0 + 140 * x, top - 13 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    return written(cells, **form)


def test_a_bold_line_between_two_tables_is_a_heading_and_no_cell_that_goes_on(tmp_path: Path) -> None:
    rows = [["Test", "Result"], ["iron", "11"], ["zinc", "12"]]
    first, second = grid(rows, 700), grid([["Test", "Result"], ["ALT", "52"], ["TSH", "2.3"]], 641.5)
    prose = written([(60, 760 - 13 * n, "Words of the report that stand above its two tables.") for n in range(3)])
    (text,) = text_of(tmp_path, pdf([prose + first + grid([["Liver"]], 654.5, font=1) + second]))
    assert "Test: zinc; Result: 12\n\n### Liver\n\nTest: ALT; Result: 52\nTest: TSH; Result: 2.3" in text
    (text,) = text_of(tmp_path, pdf([prose + first + grid([["oxide"]], 660) + second]))
    assert "Test: zinc oxide; Result: 12" in text  # in the cell's own letters: the cell goes on


def test_heads_that_a_table_repeats_are_no_row_of_it(tmp_path: Path) -> None:
    rows = [["Test", "Result"], ["iron", "11"], ["zinc", "12"], ["Test", "Result"], ["lead", "0.2"]]
    (text,) = text_of(tmp_path, pdf([grid(rows, 700)]))
    assert text == "Test: iron; Result: 11\nTest: zinc; Result: 12\nTest: lead; Result: 0.2"


def test_rows_of_a_table_carry_their_headers_and_empty_cells_shift_nothing(tmp_path: Path) -> None:
    rows = [["Product", "Place", "Count"], ["oak", "", "12"], ["", "yard", "7"], ["elm", "shed", ""]]
    cells = [(60.0 + 140 * x, 600.0 - 22 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell]
    (text,) = text_of(
        tmp_path, pdf([written([(60, 700, "What is left of the timber is listed here.")]) + written(cells)])
    )
    assert text.split("\n")[2:] == ["Product: oak; Count: 12", "Place: yard; Count: 7", "Product: elm; Place: shed"]


def test_larger_and_bold_lines_are_headings_and_a_form_is_none(tmp_path: Path) -> None:
    body = written(
        [(60, 640, "Running text of the page, in letters of the usual size."), (60, 626, "And one more line.")]
    )
    page = written([(60, 700, "Weirs")], size=20) + written([(60, 660, "Upper weir")], font=1) + body
    form = written([(60, 500, "Name:"), (160, 500, "Ada"), (60, 486, "Place:"), (160, 486, "Mill"), (60, 472, "Year:"), (160, 472, "1803")])  # fmt: skip
    (text,) = text_of(tmp_path, pdf([page + form]))
    assert text.startswith("# Weirs\n\n### Upper weir\n\nRunning text")
    assert text.endswith("Name: Ada\nPlace: Mill\nYear: 1803")


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_page_lying_on_its_side_is_read_from_its_first_line(tmp_path: Path, rotate: int) -> None:
    lines = [(60.0, 700.0 - 14 * at, f"Line {at} of a page.") for at in range(5)]
    (text,) = text_of(tmp_path, pdf([written(lines)], rotate=rotate))
    assert text == "\n".join(f"Line {at} of a page." for at in range(5))


@pytest.mark.parametrize("rotate", [0, 90])
def test_a_quote_is_marked_where_it_stands_on_the_picture(tmp_path: Path, rotate: int) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([written([(61.2, 712.8, "The wheel turns."), (61.2, 79.2, "It was mended.")])], rotate=rotate))
    (box,) = quote_boxes(path, 1, "it was  mended")
    if rotate == 0:  # 61.2/612 from the left; just above 1 - 79.2/792 from the top
        assert box[0] == pytest.approx(0.1, abs=0.01) and box[1] < 0.9 < box[3] and box[3] - box[1] < 0.03
    else:  # turned with the page: its foot is at the left
        assert box[0] < 0.1 < box[2] and box[1] == pytest.approx(0.1, abs=0.01)
    assert quote_boxes(path, 1, "not on this page") == ()
    assert len(quote_boxes(path, 1, "The wheel turns. It was mended.")) == 2


def test_a_page_is_drawn_and_what_cannot_be_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([written([(60, 700, "words")])]))
    picture, boxes = picture_limited(run_limited, path, "a.pdf", 1, "words")
    assert struct.unpack(">II", picture[16:24]) == (1200, 1553) and len(boxes) == 1
    with pytest.raises(DocumentMissing, match="has no page 7"):
        picture_limited(run_limited, path, "a.pdf", 7)
    path.write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(DocumentMissing, match="damaged"):
        picture_limited(run_limited, path, "a.pdf", 1)


def test_a_page_of_ten_kilometres_is_drawn_small(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([written([(60, 700, "x")])]).replace(b"[0 0 612 792]", b"[0 0 14 9e6]"))
    width, height = struct.unpack(">II", render_page(path, 1)[16:24])
    assert width * height < 7_000_000


def test_pixels_become_a_png_that_unpacks_to_them() -> None:
    made = png(bytes(range(8)), 2, 2, 4, channels=1)
    at = made.index(b"IDAT")
    size = struct.unpack(">I", made[at - 4 : at])[0]
    assert zlib.decompress(made[at + 4 : at + 4 + size]) == bytes([0, 0, 1, 0, 4, 5])
    with pytest.raises(ValueError, match="No picture"):
        png(b"", 2, 2, 2, channels=1)


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the program is a shell script")
def test_a_scan_is_recognised_where_the_program_is_and_said_to_be_one_where_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = tmp_path / "scan.pdf", tmp_path / "out"
    path.write_bytes(pdf([b"0 0 m 300 300 l S", written([(60, 700, "real letters")])]))
    job = {"path": str(path), "title": "scan.pdf", "out": str(out)}
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert read_limited(run_limited, [job]) == [{"kind": "pdf", "pages": 2}]
    assert [page.text for page in load_pages(out)] == ["", "real letters"]
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\nif [ "$1" = "--list-langs" ]; then echo List; echo eng; exit; fi\ncat >/dev/null; echo "letters of a picture"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert read_limited(run_limited, [job]) == [{"kind": "pdf", "pages": 2}]
    assert [page.text for page in load_pages(out)] == [f"{MARK}\n\nletters of a picture", "real letters"]


@pytest.mark.real
@pytest.mark.skipif(not tesseract(), reason="Tesseract is not installed")
def test_a_real_scan_is_read_by_the_real_program(tmp_path: Path) -> None:
    drawn, scan, out = tmp_path / "drawn.pdf", tmp_path / "scan.pdf", tmp_path / "out"
    drawn.write_bytes(pdf([written([(60, 700, "The lamp of the lighthouse burns 40 litres of oil.")])]))
    picture = PIL.Image.open(io.BytesIO(render_page(drawn, 1))).convert("L")
    picture.save(scan, "PDF", resolution=150)
    job = {"path": str(scan), "title": "scan.pdf", "out": str(out)}
    assert read_limited(run_limited, [job]) == [{"kind": "pdf", "pages": 1}]
    (page,) = load_pages(out)
    assert page.text.startswith(MARK) and "lighthouse burns 40 litres of oil" in page.text


def test_a_pdf_without_any_text_names_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf([b"0 0 m 300 300 l S"]))
    with pytest.raises(Exception, match="seems to be a scan. Install the program Tesseract"):
        read_file(path, "scan.pdf")
