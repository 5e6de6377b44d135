"""knowledge's readers on what everyday files hold: titles above headers, merged cells, numbers of clauses, attachments."""

from __future__ import annotations

import email.message
import json
import sys
from pathlib import Path

import pytest

from knowledge.chunking import chunk_pages
from knowledge.embedding import HashingEmbedder
from knowledge.evidence import scored_sentences
from knowledge.kinds import is_read
from knowledge.merged_cells import Merged, unmerged
from knowledge.ocr import MARK, recognised_boxes
from knowledge.passage import Page, Passage, SearchHit
from knowledge.reading import load_pages, read_file, read_limited
from knowledge.table_rows import rows_of
from knowledge.tables import blocks_as_text, rows_as_text
from knowledge.web_page import read_html
from lottery_chat.children import run_limited
from lottery_chat.lab.office_files import docx, opendocument, paragraph, pdf, relations, sheet_row, xlsx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def text_of(folder: Path, name: str, data: bytes) -> str:
    (folder / "kept").write_bytes(data)
    return "\n\f".join(page.text for page in read_file(folder / "kept", name, name=name)[1])


# -- tables ----------------------------------------------------------------------------------------------------------


def test_titles_above_the_headers_are_lines_of_their_own() -> None:
    rows = [["Mill sales", "", ""], ["All in marks", "", ""], ["Shop", "May", "June"], ["North", "12", "14"]]
    assert rows_as_text(rows) == "Mill sales\nAll in marks\n\nShop: North; May: 12; June: 14"
    assert rows_as_text([["Shop", "May", "June"], ["North", "", ""]]) == "Shop: North"  # not every short row is a title


def test_years_name_columns_and_a_row_of_amounts_does_not() -> None:
    assert rows_as_text([["Colony", "2021", "2022"], ["Pier", "12", "14"]]) == "Colony: Pier; 2021: 12; 2022: 14"
    assert rows_as_text([["Varn", "1953"], ["Skar", "1931"]]) == "Varn: 1953\nSkar: 1931"
    facts = [["Power", "2,200 W"], ["Voltage", "220-240 V"], ["Weight", "1.1 kg"]]
    assert rows_as_text(facts) == "Power: 2,200 W\nVoltage: 220-240 V\nWeight: 1.1 kg"


def test_an_empty_row_parts_tables_where_headers_follow_and_not_within_one() -> None:
    first = [["Shop", "May"], ["North", "12"]]
    assert (
        blocks_as_text([*first, [], ["Oven", "Heat"], ["Deck", "230"]])
        == "Shop: North; May: 12\n\nOven: Deck; Heat: 230"
    )
    assert blocks_as_text([*first, [], ["South", "9"]]) == "Shop: North; May: 12\nShop: South; May: 9"


def test_merged_cells_stand_in_each_row_and_two_lines_of_headers_are_one() -> None:
    rows = [["Weight", "Dose", ""], ["", "morning", "evening"], ["10 kg", "2", "1"], ["", "4", "3"]]
    merged = [Merged(0, 0, 2, 1), Merged(0, 1, 1, 2), Merged(2, 0, 2, 1), Merged(99, 0, 2, 2)]
    assert unmerged(rows, merged) == [
        ["Weight", "Dose morning", "Dose evening"], ["10 kg", "2", "1"], ["10 kg", "4", "3"]
    ]  # fmt: skip
    values = [["Item", "May", "June"], ["rent", "900", ""], ["food", "80", "90"]]
    assert unmerged(values, [Merged(1, 1, 1, 2)]) == values  # what is merged across among values stands once


def test_a_workbook_with_a_title_and_merged_cells(tmp_path: Path) -> None:
    rows = sheet_row(1, ["Ovens of the mill"]) + sheet_row(3, ["Region", "Shop", "Heat"])
    rows += sheet_row(4, ["North", "Pier", 230.0]) + sheet_row(5, ["", "Quay", 210.0])
    data = xlsx({"Ovens": rows})
    folder = tmp_path / "x"
    folder.mkdir()
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith("sheet1.xml"):
                part = part.replace(b"</sheetData>", b'</sheetData><mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="A4:A5"/></mergeCells>')  # fmt: skip
            new.writestr(name, part)
    assert text_of(folder, "a.xlsx", made.getvalue()) == (
        "# Ovens\n\nOvens of the mill\n\nRegion: North; Shop: Pier; Heat: 230\nRegion: North; Shop: Quay; Heat: 210"
    )


def test_a_sheet_whose_styles_hold_texts_is_read_and_its_dates_are_plain(tmp_path: Path) -> None:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    dated = '<table:table-cell office:value-type="date" office:date-value="2025-03-04"><text:p>04/03/25</text:p></table:table-cell>'
    row = "<table:table-row>{}</table:table-row>"
    body = '<table:table table:name="T">' + row.format(cell.format("Name") + cell.format("Begun")) + row.format(cell.format("Ida") + dated) + "</table:table>"  # fmt: skip
    plain = opendocument(body, "spreadsheet")
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name).replace(
                b"<office:body>", b"<office:styles><text:text>/</text:text></office:styles><office:body>"
            )
            new.writestr(name, part)
    assert text_of(tmp_path, "a.ods", made.getvalue()) == "# T\n\nName: Ida; Begun: 2025-03-04"


def test_a_table_goes_on_over_pages_on_which_a_column_is_empty() -> None:
    pages = [(1, "Date: 1 May; Out: 3; In: 2; Left: 9\nDate: 2 May; Out: 1; In: 5; Left: 13"), (2, "Date: 3 May; Out: 2; Left: 11\nDate: 4 May; Out: 4; Left: 7")]  # fmt: skip
    (table,) = rows_of(pages)
    assert table.header == ("Date", "Out", "In", "Left") and table.rows[2] == ("3 May", "2", "", "11")
    other = [pages[0], (2, "Name: Ida; Age: 3\nName: Per; Age: 4")]
    assert len(rows_of(other)) == 2


# -- Word ------------------------------------------------------------------------------------------------------------


def numbered(text: str, level: int, style: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{named}<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def test_clauses_carry_the_numbers_that_word_shows(tmp_path: Path) -> None:
    def level(at: int, form: str, text: str) -> str:
        return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'

    levels = level(0, "decimal", "%1.") + level(1, "decimal", "%1.%2") + level(2, "lowerLetter", "(%3)")
    numbering = f'<w:numbering {W}><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    body = numbered("Rent", 0, "Heading1") + numbered("It is due in May.", 1) + numbered("It may rise.", 1)
    body += (
        numbered("by post", 2) + numbered("Pets", 0, "Heading1") + numbered("None are kept.", 1) + paragraph("Signed.")
    )
    parts = {
        "word/numbering.xml": numbering,
        "word/_rels/document.xml.rels": relations([("numbering", "numbering.xml")]),
    }
    text = text_of(tmp_path, "a.docx", docx(body, parts=parts))
    assert text.startswith("# 1. Rent\n\n1.1 It is due in May.")
    assert "1.2 It may rise." in text and "(a) by post" in text
    assert text.endswith("# 2. Pets\n\n2.1 None are kept.\n\nSigned.")


def test_a_text_box_is_read_once_after_its_paragraph(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Extension 47</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    held = f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    body = f"<w:p><w:r><w:t>Call the desk.</w:t></w:r><w:r>{held}</w:r></w:p>"
    assert text_of(tmp_path, "a.docx", docx(body)) == "Call the desk.\n\nExtension 47"


# -- messages and pages ------------------------------------------------------------------------------------------------


def test_the_files_of_a_message_are_read_under_their_names_and_quotes_without_marks(tmp_path: Path) -> None:
    letter = email.message.EmailMessage()
    letter["From"], letter["Subject"] = "Ida <ida@mill.example>", "Offers"
    letter.set_content("See below.\n\nPer wrote:\n> Which one is\n> the best?\n")
    letter.add_attachment(b"firm;weeks\nHolm;14\nLund;30\n", maintype="text", subtype="csv", filename="offers.csv")
    letter.add_attachment(b"\x7fELF\x00", maintype="application", subtype="octet-stream", filename="tool.bin")
    text = text_of(tmp_path, "a.eml", letter.as_bytes())
    assert "Which one is\nthe best?" in text and "\n>" not in text
    assert text.endswith("## Attachment: offers.csv\n\nfirm: Holm; weeks: 14\nfirm: Lund; weeks: 30")
    assert "(not read; add them by themselves): tool.bin" in text


def test_a_message_that_says_only_that_it_is_in_html_is_read_there(tmp_path: Path) -> None:
    letter = email.message.EmailMessage()
    letter["From"], letter["Subject"] = "shop@mill.example", "Order"
    letter.set_content("Please view this in HTML.")
    letter.add_alternative(f"<p>Your flour comes on Saturday.</p><p>{'Thank you. ' * 9}</p>", subtype="html")
    assert "Your flour comes on Saturday." in text_of(tmp_path, "a.eml", letter.as_bytes())


def test_what_stands_beside_an_article_is_left_out_and_its_own_notes_stay() -> None:
    page = '<title>Tram opens - The Courier</title><div class="cookie-banner">Accept all?</div><aside>Most read</aside><article class="cookie-recipes"><h1>Tram opens</h1><p>In spring.</p></article>'
    assert read_html(page) == "# Tram opens\n\nIn spring."


# -- passages, scans, folders ------------------------------------------------------------------------------------------


def test_headings_of_the_next_page_stand_on_their_own_level() -> None:
    pages = [Page(1, "# Manual\n\n### Codes\n\nE1 is dry."), Page(2, "### Warranty\n\nIt lasts long.")]
    found = list(chunk_pages("0" * 32, "t", pages, HashingEmbedder().count_tokens))
    assert found[-1].heading == ("Manual", "Warranty")


def test_the_mark_of_a_recognised_page_is_no_evidence() -> None:
    text = f"{MARK}\n\nThe clock was mended."
    hit = SearchHit(Passage("a" * 32, "b" * 32, "t", 1, (), text, 0, len(text), 0), 1.0, 0.5, None)
    assert [one.text for one in scored_sentences("What was mended?", [hit], HashingEmbedder())] == [
        "The clock was mended."
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the program is a shell script")
def test_a_picture_is_recognised_and_a_quote_marked_on_a_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo, out = tmp_path / "photo.png", tmp_path / "out"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n rest of a picture")
    job = {"path": str(photo), "title": "photo.png", "out": str(out)}
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    (refused,) = read_limited(run_limited, [job])
    assert "Install the program Tesseract" in refused["refused"]
    program = tmp_path / "tesseract"
    head = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
    rows = ["1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t"]
    rows += [
        f"5\t1\t1\t1\t1\t{at}\t{100 * at}\t200\t95\t20\t96\t{word}"
        for at, word in enumerate(("The", "clock", "rests"), 1)
    ]
    said = json.dumps("\n".join([head, *rows])).strip('"')
    program.write_text(
        f'#!/bin/sh\nif [ "$1" = "--list-langs" ]; then echo List; echo eng; exit; fi\ncat >/dev/null\ncase "$*" in *tsv*) printf "{said}";; *) echo "letters of a photo";; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert read_limited(run_limited, [job]) == [{"kind": "picture", "pages": 1}]
    assert [page.text for page in load_pages(out)] == [f"{MARK}\n\nletters of a photo"]
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(pdf([b"0 0 m 300 300 l S"]))
    (box,) = recognised_boxes(scan, 1, "clock rests", title="scan.pdf")
    assert box == pytest.approx((0.2, 0.1, 0.395, 0.11))
    assert recognised_boxes(scan, 1, "not there", title="scan.pdf") == ()


@pytest.mark.parametrize("name", ["a.PDF", "b.xlsx", "c.pptx", "d.epub", "e.eml", "f.ods", "g.rtf", "h.ts", "i.ipynb"])
def test_a_folder_gives_every_kind_that_is_read(name: str) -> None:
    assert is_read(name)


@pytest.mark.parametrize("name", ["photo.png", "film.mp4", "a.exe", "Makefile.bak", "noending"])
def test_a_folder_does_not_give_other_files(name: str) -> None:
    assert not is_read(name)
