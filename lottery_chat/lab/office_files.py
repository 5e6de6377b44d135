"""Small good files of every kind that is read, made by code: what mutations start from and tests read."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument."
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAW = "http://schemas.openxmlformats.org/drawingml/2006/main"


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of these parts, in their order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 2, 3, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _package(main: str, kind: str, parts: Mapping[str, str | bytes], extra: Sequence[tuple[str, str]] = ()) -> bytes:
    """An Office package: its main part, further parts, and (part, type) of those that need saying."""
    said = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPE}{one}+xml"/>' for name, one in [(main, kind), *extra]
    )
    types = (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/>{said}</Types>'
    )
    return packed({"[Content_Types].xml": types, "_rels/.rels": relations([("officeDocument", main)]), **parts})


def relations(to: Sequence[tuple[str, str]]) -> str:
    """Return a part of relations: (kind, target) of each, with ids r1, r2, …"""
    inner = "".join(
        f'<Relationship Id="r{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(to, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def docx(body: str, *, doctype: str = "", parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a Word document of this body (elements with the prefix w)."""
    space = f'xmlns:w="{_WORD}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    main = f'<?xml version="1.0"?>{doctype}<w:document {space}><w:body>{body}</w:body></w:document>'
    return _package("word/document.xml", "wordprocessingml.document.main", {"word/document.xml": main, **(parts or {})})


def paragraph(text: str, style: str = "") -> str:
    """Return a paragraph of Word."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:t>{text}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a table of Word."""
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    return f"<w:tbl>{cells}</w:tbl>"


def xlsx(sheets: Mapping[str, str], *, hidden: Sequence[str] = (), styles: str = "") -> bytes:
    """Return a workbook: {name: its rows as XML (row and c elements)}."""
    parts: dict[str, str] = {}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"{" state=" + chr(34) + "hidden" + chr(34) if name in hidden else ""}/>'
        for at, name in enumerate(sheets, 1)
    )
    parts["xl/workbook.xml"] = (
        f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    targets = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
    extra = [(f"xl/worksheets/sheet{at}.xml", "spreadsheetml.worksheet") for at in range(1, len(sheets) + 1)]
    for at, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/sheet{at}.xml"] = (
            f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetData>{rows}</sheetData></worksheet>'
        )
    if styles:
        parts["xl/styles.xml"] = f'{_HEAD}<styleSheet xmlns="{_SHEET}">{styles}</styleSheet>'
        targets.append(("styles", "styles.xml"))
        extra.append(("xl/styles.xml", "spreadsheetml.styles"))
    parts["xl/_rels/workbook.xml.rels"] = relations(targets)
    return _package("xl/workbook.xml", "spreadsheetml.sheet.main", parts, extra)


def sheet_row(number: int, cells: Sequence[str | float | tuple[float, int]]) -> str:
    """Return a row: text, numbers, or (number, its style)."""
    made = []
    for at, cell in enumerate(cells):
        place = f"{chr(65 + at)}{number}"
        if isinstance(cell, str):
            made.append(f'<c r="{place}" t="inlineStr"><is><t>{cell}</t></is></c>' if cell else "")
        else:
            value, style = cell if isinstance(cell, tuple) else (cell, 0)
            made.append(f'<c r="{place}" s="{style}"><v>{value}</v></c>')
    return f'<row r="{number}">{"".join(made)}</row>'


def pptx(slides: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """Return a presentation: (title, lines) of each slide."""
    parts: dict[str, str] = {}
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + at}" r:id="r{at}"/>' for at in numbers)
    space = f'xmlns:p="{_SLIDE}" xmlns:a="{_DRAW}" xmlns:r="{_OFFICE}"'
    parts["ppt/presentation.xml"] = f"{_HEAD}<p:presentation {space}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>"
    parts["ppt/_rels/presentation.xml.rels"] = relations([("slide", f"slides/slide{at}.xml") for at in numbers])
    for at, (title, lines) in enumerate(slides, 1):
        shapes = _shape(2, "title", [title]) + _shape(3, "body", lines)
        tree = f"<p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{shapes}</p:spTree></p:cSld>"  # fmt: skip
        parts[f"ppt/slides/slide{at}.xml"] = f"{_HEAD}<p:sld {space}>{tree}</p:sld>"
    extra = [(f"ppt/slides/slide{at}.xml", "presentationml.slide") for at in numbers]
    return _package("ppt/presentation.xml", "presentationml.presentation.main", parts, extra)


def _shape(number: int, kind: str, lines: Sequence[str]) -> str:
    words = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    place = (
        f'<p:nvSpPr><p:cNvPr id="{number}" name="{kind}"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
    )
    return f"<p:sp>{place}<p:spPr/><p:txBody><a:bodyPr/>{words}</p:txBody></p:sp>"


def epub(chapters: Sequence[str]) -> bytes:
    """Return a book of these chapters (the inside of their HTML bodies)."""
    names = [f"c{at}.xhtml" for at in range(1, len(chapters) + 1)]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    spine = "".join(f'<itemref idref="{name}"/>' for name in names)
    about = '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The lower mill</dc:title></metadata>'
    return packed(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<?xml version="1.0"?><container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": f'<?xml version="1.0"?><package>{about}<manifest>{items}</manifest><spine>{spine}</spine></package>',
            **{f"OPS/{name}": f"<html><body>{body}</body></html>" for name, body in zip(names, chapters)},
        }
    )


def opendocument(body: str, kind: str = "text") -> bytes:
    """Return an OpenDocument file of this body; `kind` is text, spreadsheet or presentation."""
    spaces = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "text", "table")
    )
    content = f'<?xml version="1.0"?><office:document-content {spaces}><office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>'
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content})


def pdf(pages: Sequence[bytes], *, rotate: int = 0, fonts: Sequence[str] = ("Helvetica", "Helvetica-Bold")) -> bytes:
    """Return a PDF of these content streams; the fonts are /F0, /F1, …"""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    named = []
    for at, font in enumerate(fonts):
        objects.append(b"<</Type/Font/Subtype/Type1/BaseFont/%s>>" % font.encode())
        named.append(b"/F%d %d 0 R" % (at, len(objects)))
    kids = []
    for content in pages:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Rotate %d/Contents %d 0 R/Resources<</Font<<%s>>>>>>"
            % (rotate, len(objects), b"".join(named))
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    return pdf_of(objects)


def pdf_of(objects: Sequence[bytes], *, root: int = 1) -> bytes:
    """Return a PDF of these objects, with a table of their places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for at, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (at, one)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, table)
    return bytes(out)


def written(lines: Sequence[tuple[float, float, str]], *, size: float = 11, font: int = 0) -> bytes:
    """Return a content stream: (x, y, text) of each piece, page units from the lower left corner."""
    return b"".join(
        b"BT /F%d %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n"
        % (font, size, x, y, text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("latin-1"))
        for x, y, text in lines
    )


def good_files() -> dict[str, bytes]:
    """Return {name: bytes} of one good file a kind, two where a kind has two faces."""
    prose = "The mill stands below the weir. Its wheel was mended in 1921 and turns to this day."
    rows = [["Name", "Depth"], ["upper weir", "2.4"], ["lower weir", "3.1"]]
    page = written([(72, 700, "The lower mill")], size=20) + written([(72, 660, prose[:31]), (72, 646, prose[32:])])
    grid = [(72.0 + 150 * x, 600.0 - 20 * y, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    body = paragraph("The lower mill", "Heading1") + paragraph(prose) + word_table(rows)
    cells = "".join(sheet_row(at, row) for at, row in enumerate(rows, 1))
    markup = f"<h1>The lower mill</h1><p>{prose}</p><ul><li>one</li></ul><table><tr><th>Name</th><th>Depth</th></tr><tr><td>weir</td><td>2.4</td></tr></table>"
    table = "<table:table table:name='Weirs'><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>weir</text:p></table:table-cell></table:table-row></table:table>"
    record = {"name": "upper weir", "depth": 2.4, "marks": [1, 2], "at": {"x": 1}}
    mail = f"From: Ada <ada@example.org>\r\nTo: mill@example.org\r\nSubject: The wheel\r\nDate: Mon, 3 Feb 2025 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{prose}\r\n"
    return {
        "good.pdf": pdf([page, written(grid)]),
        "turned.pdf": pdf([page], rotate=90),
        "good.docx": docx(body),
        "good.pptx": pptx([("The lower mill", [prose, "A second point"])]),
        "good.xlsx": xlsx({"Weirs": cells, "More": cells}),
        "good.epub": epub([markup, markup]),
        "good.odt": opendocument(f'<text:h text:outline-level="1">The lower mill</text:h><text:p>{prose}</text:p>{table}'),
        "good.ods": opendocument(table, "spreadsheet"),
        "good.html": f"<!doctype html><html><body>{markup}</body></html>".encode(),
        "good.md": f"# The lower mill\n\n{prose}\n\n| Name | Depth |\n|---|---|\n| weir | 2.4 |\n".encode(),
        "good.txt": prose.encode(),
        "wide.txt": prose.encode("utf-16"),
        "good.csv": "\n".join(",".join(row) for row in rows).encode(),
        "good.tsv": "\n".join("\t".join(row) for row in rows).encode(),
        "good.json": json.dumps({"weirs": [record, record], "place": "Lower Mill"}).encode(),
        "good.jsonl": "\n".join(json.dumps(record) for _ in range(3)).encode(),
        "good.ipynb": json.dumps({"cells": [{"cell_type": "markdown", "source": [prose]}, {"cell_type": "code", "source": "x = 1", "outputs": [{"text": "1"}]}]}).encode(),  # fmt: skip
        "good.eml": mail.encode(),
        "good.rtf": (r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 " + prose + r"\par caf\'e9 \u8364?\par}").encode(),
        "good.py": b'"""Weirs."""\n\n\ndef depth(name):\n    # how deep\n    return {"upper": 2.4}[name]\n',
    }  # fmt: skip
