"""knowledge's readers: structure of every kind is kept: headings, lists, rows with headers, pages, notes, code."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.chunking import chunk_pages
from knowledge.embedding import HashingEmbedder
from knowledge.errors import DocumentRefused
from knowledge.number_formats import shown
from knowledge.reading import read_file
from lottery_chat.lab.office_files import (
    docx,
    epub,
    good_files,
    opendocument,
    packed,
    paragraph,
    pptx,
    relations,
    sheet_row,
    word_table,
    xlsx,
)  # fmt: skip


def pages_of(folder: Path, name: str, data: bytes) -> list[str]:
    (folder / "kept").write_bytes(data)  # originals are kept under names without an ending
    return [page.text for page in read_file(folder / "kept", name, name=name)[1]]


@pytest.mark.parametrize("name", sorted(good_files()))
def test_every_kind_is_read_from_a_file_without_an_ending(tmp_path: Path, name: str) -> None:
    text = " ".join(pages_of(tmp_path, name, good_files()[name]))
    assert any(word in text for word in ("weir", "mill", "depth")), text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.256, "0.0%", "25.6%"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (5, '"€" #,##0', "€5"),
        (-12.5, "0.00;(0.00)", "(12.50)"),
        (1200, "#,##0 [$€-407]", "1,200€"),
        (True, "General", "TRUE"),
        (float("inf"), "0.00", "inf"),
        (None, "0", ""),
    ],
)
def test_a_number_is_written_as_its_cell_shows_it(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_a_workbook_gives_a_page_a_sheet_and_says_which_is_hidden(tmp_path: Path) -> None:
    rows = sheet_row(1, ["Item", "Price"]) + sheet_row(2, ["oak beam", (12.5, 1)])
    styles = '<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="2"/></cellXfs>'
    found = pages_of(tmp_path, "a.xlsx", xlsx({"Timber": rows, "Notes": rows}, hidden=["Notes"], styles=styles))
    assert found[0] == "# Timber\n\nItem: oak beam; Price: 12.50"
    assert found[1].startswith("# Notes (hidden sheet)")


def test_slides_keep_title_list_and_order(tmp_path: Path) -> None:
    found = pages_of(tmp_path, "a.pptx", pptx([("First", ["one", "two"]), ("Second", ["only"])]))
    assert found == ["# First\n\n- one\n- two", "# Second\n\nonly"]


def test_word_keeps_headings_tables_notes_and_formulas(tmp_path: Path) -> None:
    note = '<w:p><w:r><w:t>Said in the deed</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    formula = "<w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f></m:oMath></w:p>"
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f'<w:footnotes {space}><w:footnote w:id="2"><w:p><w:r><w:t>Deed of 1803.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    body = paragraph("Rights", "Heading2") + note + formula + word_table([["Year", "Owner"], ["1803", "Hale"]])
    parts = {"word/footnotes.xml": notes, "word/_rels/document.xml.rels": relations([("footnotes", "footnotes.xml")])}
    assert pages_of(tmp_path, "a.docx", docx(body, parts=parts)) == [
        "## Rights\n\nSaid in the deed[1]\n[1] Deed of 1803.\n\n(a+b)/c\n\nYear: 1803; Owner: Hale"
    ]


def test_a_book_gives_a_page_a_chapter_and_a_protected_one_is_refused(tmp_path: Path) -> None:
    found = pages_of(tmp_path, "a.epub", epub(["<h1>One</h1><p>Text.</p>", "<h2>Two</h2>"]))
    assert found == ["Title: The lower mill\n\n# One\n\nText.", "## Two"]


def test_open_document_keeps_headings_notes_and_sheets(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="2">Rights</text:h><text:p>Held<text:s/>since'
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>the deed</text:p></text:note-body></text:note> 1803.</text:p>"
        "<text:list><text:list-item><text:p>water</text:p></text:list-item></text:list>"
    )
    assert pages_of(tmp_path, "a.odt", opendocument(body)) == ["## Rights\n\nHeld since [the deed] 1803.\n\n- water"]


def test_a_mail_gives_its_headers_its_letter_and_the_names_of_attachments(tmp_path: Path) -> None:
    mail = (
        b"From: =?utf-8?q?J=C3=BCrgen?= <j@example.org>\nSubject: Wheel\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
        b"<p>It <b>turns</b>.</p><script>BANANA</script>\n--b\nContent-Type: application/pdf\n"
        b'Content-Disposition: attachment; filename="plan.pdf"\n\nxx\n--b--\n'
    )
    (text,) = pages_of(tmp_path, "a.eml", mail)
    assert text.startswith("# Wheel\n\nFrom: Jürgen <j@example.org>")
    assert "It turns." in text and "plan.pdf" in text and "BANANA" not in text


def test_json_says_the_path_of_each_value_and_broken_json_is_text(tmp_path: Path) -> None:
    data = b'{"mill": {"weirs": [{"name": "upper", "depth": 2.4}], "open": true}}'
    assert pages_of(tmp_path, "a.json", data) == ["mill.weirs[0]: name: upper; depth: 2.4\nmill.open: true"]
    assert pages_of(tmp_path, "a.json", b'{"mill": 1') == ['{"mill": 1']
    assert pages_of(tmp_path, "a.jsonl", b'{"a": 1, "b": 2}\n{"a": 3}\n') == ["a: 1; b: 2\na: 3"]


def test_code_has_its_definitions_as_headings_and_its_comments_are_none(tmp_path: Path) -> None:
    (text,) = pages_of(
        tmp_path, "a.py", b"import x\n\n@mark\ndef wheel(turns):\n    # not a heading\n    return turns\n"
    )
    assert (
        text
        == "```\nimport x\n```\n\n## def wheel\n\n```\n@mark\ndef wheel(turns):\n    # not a heading\n    return turns\n```"
    )


def test_tables_of_markdown_and_html_carry_their_headers_in_each_row(tmp_path: Path) -> None:
    assert pages_of(tmp_path, "a.md", b"| a | b |\n|---|:-:|\n| 1 | 2 |\n\nAfter.") == ["a: 1; b: 2\n\nAfter."]
    markup = b"<html><table><tr><td>layout<table><tr><th>x<th>y<tr><td>1<td>2</table></table>"
    assert "x: 1; y: 2" in pages_of(tmp_path, "a.html", markup)[0]


def test_rich_text_is_read_with_letters_of_its_code_page_and_without_its_fonts(tmp_path: Path) -> None:
    data = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator X;}caf\'e9 \u8364?5\par next}"
    assert pages_of(tmp_path, "a.rtf", data) == ["café €5\n\nnext"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.epub", packed({"META-INF/container.xml": "<a/>"}), "does not say where its text is"),
        ("a.odt", packed({"mimetype": "x", "content.xml": "<a/>"}), "no text part"),
        ("a.pages", packed({"Index/Document.iwa": "x"}), "iWork"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_said_with_the_next_step(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(DocumentRefused, match=words) as caught:
        pages_of(tmp_path, name, data)
    assert repr(name) in str(caught.value) and str(caught.value).endswith(".")


def test_every_row_of_a_long_table_is_a_passage_with_its_header(tmp_path: Path) -> None:
    rows = "".join(sheet_row(at, [f"item {at}", "fair. Kept dry.", float(at)]) for at in range(2, 200))
    data = xlsx({"Stock": sheet_row(1, ["Name", "State", "Pieces"]) + rows})
    (tmp_path / "kept").write_bytes(data)
    pages = read_file(tmp_path / "kept", "a.xlsx")[1]
    passages = list(chunk_pages("0" * 32, "a", pages, HashingEmbedder().count_tokens))
    assert len(passages) > 5
    for one in passages:
        assert pages[0].text[one.start : one.end] == one.text and one.heading == ("Stock",)
        for line in one.text.split("\n")[0 if one.ordinal else 2 :]:
            assert line.startswith("Name: item ") and line.rpartition("; ")[2].startswith("Pieces: ")
