"""A hundred files made to hurt a reader: packed bombs, XML entities, loops in PDFs, text without end, evil names."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lottery_chat.lab.office_files import (
    docx,
    epub,
    good_files,
    opendocument,
    packed,
    paragraph,
    pdf,
    pdf_of,
    pptx,
    relations,
    sheet_row,
    written,
    xlsx,
)  # fmt: skip

#: Names that must be refused; the others may be read too, as long as nothing else happens.
REFUSED = frozenset(
    "nest.zip zeros.docx zeros.xlsx zeros.pptx zeros.odt zeros.epub entries.docx lying.docx encrypted.docx cut.docx "
    "jar.docx empty.docx one_byte.pdf empty.pdf random.pdf no_text.pdf columns.csv picture.txt program.txt blank.txt "
    "noise.txt broken_xml.docx broken_xml.pptx broken_xml.xlsx no_body.docx old_word.doc ole_cut.xls drm.epub".split()
)


def hostile_files(*, size: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of 100 hostile files; `size` 1 makes them small enough for a fast test, 10 as big as uploads."""
    yield from _packed_ones(size)
    yield from _xml_ones(size)
    yield from _pdf_ones(size)
    yield from _text_ones(size)
    yield from _named_ones()


# -- packed --------------------------------------------------------------------------------------------------------


def _packed_ones(size: int) -> Iterator[tuple[str, bytes]]:
    zeros = b"<w:t>" + b"0" * (3_000_000 * size)
    nest = b"x" * 1000
    for _ in range(10):
        nest = packed({"inner.zip": nest})
    yield "nest.zip", nest
    yield "zeros.docx", docx(paragraph("A" * (3_000_000 * size)))
    yield "zeros.xlsx", _with("good.xlsx", {"xl/sharedStrings.xml": zeros})
    yield "zeros.pptx", _with("good.pptx", {"ppt/slides/slide1.xml": zeros})
    yield "zeros.odt", _with("good.odt", {"content.xml": zeros})
    yield "zeros.epub", _with("good.epub", {"OPS/c1.xhtml": zeros})
    yield "entries.docx", _with("good.docx", {f"junk/{at}": b"" for at in range(10_001)})
    yield "lying.docx", _lying(_with("good.docx", {"word/media/x": b"A" * 500_000}))
    yield "overlap.docx", _overlapping(_good("good.docx"))
    names = ("../../climbed", "/etc/climbed", "C:\\climbed", "a\x01b", "..\\..\\climbed", "CON", "a" * 300)
    yield "names.docx", _with("good.docx", dict.fromkeys(names, b"x"))
    yield "encrypted.docx", _encrypted(_good("good.docx"))
    yield "cut.docx", _good("good.docx")[:-80]
    yield "jar.docx", packed({"META-INF/MANIFEST.MF": "Main-Class: a", "a.class": b"\xca\xfe\xba\xbe"})
    yield "empty.docx", packed({})
    yield "twice.docx", _with("good.docx", {"word/document.xml ": b"x"})
    yield "cells.xlsx", xlsx({"S": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'})
    yield "far_row.xlsx", xlsx({"S": '<row r="999999999"><c r="A999999999"><v>1</v></c></row>'})
    yield "sheets.xlsx", xlsx({f"S{at}": sheet_row(1, ["a"]) for at in range(60)})
    yield "drm.epub", _with("good.epub", {"META-INF/rights.xml": b"<rights/>"})
    yield "climbing.epub", _with("good.epub", {"OPS/book.opf": b'<p><manifest><item id="a" href="../../../../etc/passwd"/></manifest><spine><itemref idref="a"/></spine></p>'})  # fmt: skip
    yield "repeat.ods", opendocument('<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell></table:table-row></table:table>', "spreadsheet")  # fmt: skip
    yield "old_word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
    yield "ole_cut.xls", b"\xd0\xcf\x11\xe0"


def _good(name: str) -> bytes:
    return good_files()[name]


def _with(name: str, parts: dict[str, bytes]) -> bytes:
    """A good packed file with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(_good(name))) as archive:
        old = {one: archive.read(one) for one in archive.namelist()}
    return packed({**old, **parts})


def _lying(data: bytes) -> bytes:
    """The directory says the last part is 100 bytes long."""
    made = bytearray(data)
    at = made.rindex(b"PK\x01\x02")
    made[at + 24 : at + 28] = struct.pack("<I", 100)
    return bytes(made)


def _encrypted(data: bytes) -> bytes:
    made = bytearray(data)
    at = 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        made[at + 8] |= 1
        at += 4
    return bytes(made)


def _overlapping(data: bytes) -> bytes:
    """All entries of the directory point at the first part."""
    made = bytearray(data)
    at = 0
    while (at := made.find(b"PK\x01\x02", at)) >= 0:
        made[at + 42 : at + 46] = bytes(4)
        at += 4
    return bytes(made)


# -- XML -----------------------------------------------------------------------------------------------------------


def _xml_ones(size: int) -> Iterator[tuple[str, bytes]]:
    laughs = '<!DOCTYPE w [<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield "laughs.docx", docx(paragraph("&l11; x"), doctype=laughs + "]>")
    yield "quadratic.docx", docx(paragraph("&a;" * 20_000), doctype=f'<!DOCTYPE w [<!ENTITY a "{"a" * 20_000}">]>')
    yield (
        "entity_file.docx",
        docx(paragraph("x &e; y"), doctype='<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    )
    yield (
        "entity_web.docx",
        docx(paragraph("x &e; y"), doctype='<!DOCTYPE w [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]>'),
    )
    yield "dtd.docx", docx(paragraph("x"), doctype='<!DOCTYPE w SYSTEM "http://127.0.0.1:9/x.dtd">')
    yield "deep.docx", docx("<w:p>" * (10_000 * size) + "x" + "</w:p>" * (10_000 * size))
    yield "deep_table.docx", docx("<w:tbl><w:tr><w:tc>" * 300 + paragraph("x") + "</w:tc></w:tr></w:tbl>" * 300)
    yield "broken_xml.docx", docx("<w:p>")
    yield "broken_xml.pptx", _with("good.pptx", {"ppt/slides/slide1.xml": b"<a><b></a>"})
    yield "broken_xml.xlsx", _with("good.xlsx", {"xl/workbook.xml": b"<a><b></a>"})
    yield "no_body.docx", _with("good.docx", {"word/document.xml": b"<a/>"})
    remote = relations([("attachedTemplate", "http://127.0.0.1:9/t.dotm"), ("image", "http://127.0.0.1:9/i.png")])
    yield "template.docx", _with("good.docx", {"word/_rels/document.xml.rels": remote.replace('dotm"', 'dotm" TargetMode="External"').replace('png"', 'png" TargetMode="External"').encode()})  # fmt: skip
    yield "dde.xlsx", xlsx({"S": '<row r="1"><c r="A1" t="str"><f>DDE("cmd";"/c calc";"x")</f><v>1</v></c></row>'})
    yield "laughs.epub", epub(["&l9;" * 100])
    yield "laughs.odt", _with("good.odt", {"content.xml": (laughs + "]><w>&l11;</w>").encode()})
    yield "laughs.xlsx", _with("good.xlsx", {"xl/worksheets/sheet1.xml": (laughs + "]><worksheet>&l11;</worksheet>").encode()})  # fmt: skip
    yield "groups.pptx", _with("good.pptx", {"ppt/slides/slide1.xml": _grouped(2000)})
    yield (
        "script.svg",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><foreignObject>x</foreignObject></svg>',
    )
    yield "many.pptx", pptx([(f"Slide {at}", ["a line"]) for at in range(40)])


def _grouped(deep: int) -> bytes:
    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    open_, close = "<p:grpSp><p:nvGrpSpPr><p:cNvPr id='9' name=''/></p:nvGrpSpPr><p:grpSpPr/>", "</p:grpSp>"
    inner = open_ * min(deep, 100) + close * min(deep, 100)
    return f"<p:sld {space}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id='1' name=''/></p:nvGrpSpPr><p:grpSpPr/>{inner}</p:spTree></p:cSld></p:sld>".encode()


# -- PDF -----------------------------------------------------------------------------------------------------------


def _pdf_ones(size: int) -> Iterator[tuple[str, bytes]]:
    good = _good("good.pdf")
    table = good.rindex(b"xref")
    yield "prev_loop.pdf", good.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % table)
    yield "pages_loop.pdf", pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 3/Kids[2 0 R 2 0 R]>>"])
    yield "outline_loop.pdf", pdf_of([b"<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>", b"<</First 3 0 R/Next 3 0 R/Title(x)>>"])  # fmt: skip
    bomb = zlib.compress(b"BT (x) Tj ET " * (200_000 * size), 9)
    yield "flate_bomb.pdf", _one_stream(b"<</Length %d/Filter/FlateDecode>>" % len(bomb), bomb)
    twice = zlib.compress(zlib.compress(b"0" * (20_000_000 * size), 9), 9)
    yield "chained.pdf", _one_stream(b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>" % len(twice), twice)
    yield "hex_bomb.pdf", _one_stream(b"<</Length 2000000/Filter/ASCIIHexDecode>>", b"41" * 1_000_000)
    run = b"\x81A" * 100_000
    yield "runs.pdf", _one_stream(b"<</Length %d/Filter/RunLengthDecode>>" % len(run), run)
    yield "length.pdf", _one_stream(b"<</Length 2147483648>>", b"BT (x) Tj ET")
    yield "minus.pdf", _one_stream(b"<</Length -5>>", b"BT (x) Tj ET")
    yield "many_pages.pdf", good.replace(b"/Count 2", b"/Count 1000000")
    yield "operators.pdf", pdf([b"0 0 m 1 1 l S " * (50_000 * size)])
    yield "deep_saves.pdf", pdf([b"q " * 50_000 + written([(72, 700, "deep")]) + b"Q " * 50_000])
    yield "nested_arrays.pdf", pdf_of([b"<</Type/Catalog/Pages 2 0 R/X" + b"[" * 50_000 + b"]" * 50_000 + b">>", b"<</Type/Pages/Count 0/Kids[]>>"])  # fmt: skip
    yield "script.pdf", good.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
    yield "uri.pdf", good.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>")
    yield "cmap.pdf", good.replace(b"/BaseFont/Helvetica>>", b"/BaseFont/Helvetica/Encoding/..#2f..#2fx.pickle.gz>>")
    yield "wide_page.pdf", good.replace(b"[0 0 612 792]", b"[0 0 9e9 9e9]")
    yield "no_size.pdf", good.replace(b"[0 0 612 792]", b"[0 0 0 0    ]")
    yield "no_text.pdf", pdf([b"0 0 m 9 9 l S"])
    yield "polyglot.pdf", b"<html><script>alert(1)</script>" + good
    yield "empty.pdf", b""
    yield "one_byte.pdf", b"%"
    yield "random.pdf", bytes((at * 7919 + at // 255) % 256 for at in range(50_000))


def _one_stream(head: bytes, content: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, head + b"stream\n" + content + b"\nendstream"])  # fmt: skip


# -- text ----------------------------------------------------------------------------------------------------------


def _text_ones(size: int) -> Iterator[tuple[str, bytes]]:
    yield "one_line.txt", b"word " * (100_000 * size)
    yield "lines.txt", b"\n".join(b"line %d" % at for at in range(20_000 * size))
    yield "not_utf8.txt", "grüße ".encode("cp1252") * 50 + b"\xff\xfe\xfd"
    yield "wide.txt", "letters without a mark ".encode("utf-16-le") * 20
    yield "nul.txt", b"some words\x00 and more words\x01 to be read" * 3
    yield "surrogates.txt", b"ab" + b"\xed\xa0\x80\xed\xbf\xbf" + b" and good words after them" * 4
    yield "blank.txt", b" \n\t" * 1000
    yield "noise.txt", bytes(range(256)) * 40
    yield "picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(200)
    yield "program.txt", b"\x7fELF" + bytes(200)
    yield "columns.csv", b",".join(b"h%d" % at for at in range(100_000)) + b"\n1"
    yield "quotes.csv", b'a,b\n"never closed,1\n' * 2000
    yield "formulas.csv", b'a,b\n=cmd|"/c calc"!A1,+1\n@SUM(1),-2\n'
    yield "deep.json", b"[" * 100_000 + b"1" + b"]" * 100_000
    yield "long_number.json", b'{"a": ' + b"9" * 20_000 + b"}"
    yield "deep.html", b"<html>" + b"<div>" * (20_000 * size) + b"deep"
    yield "tables.html", b"<html>" + b"<table><tr><td>x" * (5_000 * size)
    yield "one_tag.html", b"<html><p " + b"a=1 " * (100_000 * size) + b">words"
    yield "spaces.html", b"<html><p>words" + b" \t" * (200_000 * size) + b"</p>"
    yield "comments.html", b"<html>" + b"<!--" * (20_000 * size) + b"words"
    yield "quoted.md", b">" * 10_000 + b" words\n" + b"[" * 10_000 + b"\n" + b"*" * 10_000 + b"\n# end of it"
    yield "pipes.md", b"|" * 50_000 + b"\n" + b"|-" * 25_000 + b"\n" + b"|x" * 25_000
    yield "groups.rtf", b"{\\rtf1 " + b"{" * 50_000 + b"words" + b"}" * 50_000
    yield "parts.eml", b"From: a@b\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 500  # fmt: skip
    yield "definitions.py", b"async " * 20_000 + b"def f():\n    pass\n" + b"@x\n" * 5000 + b"def g(): pass"


def _named_ones() -> Iterator[tuple[str, bytes]]:
    words = b"Words that stand in a file with an evil name."
    for name in ("CON.txt", "..", "-rf", "a'; DROP TABLE x", "x' OR 1=1 --.txt", "<img src=x onerror=alert(1)>.txt",
                 "\u202egpj.txt", "zero\u200bwidth.txt", "n" * 300 + ".txt", "C:\\x.txt"):  # fmt: skip
        yield name, words
