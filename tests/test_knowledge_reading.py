"""knowledge.reading: every kind of file gives its text or one clear sentence, in a limited child."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import DocumentRefused
from knowledge.reading import load_pages, read_file, read_limited
from lottery_chat.children import ChildResult, run_limited
from lottery_chat.lab.documents import read_set


def joined(pages: object) -> str:
    return " ".join(" ".join(page.text for page in pages).split())  # type: ignore[attr-defined]


def text_of(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return joined(read_file(path, path.name)[1])


def refusal(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(DocumentRefused) as caught:
        read_file(path, path.name)
    return str(caught.value)


def docx(path: Path, body: bytes, *, extra: dict[str, bytes] | None = None) -> None:
    types = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' + (
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.document.main+xml"/></Types>'
    )
    rels = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'officeDocument" Target="word/document.xml"/></Relationships>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", rels)
        archive.writestr("word/document.xml", body)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)


def body(inner: bytes, doctype: bytes = b"") -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = b'<?xml version="1.0"?>' + doctype + b'<w:document xmlns:w="' + space + b'"><w:body>'
    return head + inner + b"</w:body></w:document>"


PARAGRAPH = b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>"


@pytest.mark.real
def test_every_shared_document_gives_its_text_or_a_clear_refusal(shared: Path) -> None:
    found = list(read_set(shared / "data/documents"))
    assert len(found) == 39
    assert [one for one in found if not one.right] == []


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Grüße".encode(), "Grüße"),
        (codecs.BOM_UTF8 + "Grüße".encode(), "Grüße"),
        ("Grüße aus Köln".encode("utf-16"), "Grüße aus Köln"),
        ("Grüße aus Köln".encode("utf-16-le"), "Grüße aus Köln"),
        ("Grüße".encode("utf-32"), "Grüße"),
        ("naïve café über alles, déjà vu encore".encode("cp1252"), "naïve café über alles, déjà vu encore"),
        (b"good \xff line", "good ÿ line"),
        (b"a\r\nb\rc", "a b c"),
        (b"nul\x00here and some more words to read", "nulhere and some more words to read"),
    ],
)
def test_text_is_decoded_whatever_its_encoding(tmp_path: Path, data: bytes, text: str) -> None:
    assert text_of(tmp_path / "a.txt", data) == text


def test_a_row_carries_its_headers_and_a_list_of_numbers_has_none(tmp_path: Path) -> None:
    assert text_of(tmp_path / "a.csv", b'name;age\n"Ada";36\nBob;\n') == "name: Ada; age: 36 name: Bob"
    assert text_of(tmp_path / "b.tsv", b"x\ty\n1\t2\n") == "x: 1; y: 2"
    assert text_of(tmp_path / "c.csv", b"1,2\n3,4\n") == "1; 2 3; 4"


def test_hidden_text_and_scripts_of_a_page_are_left_out(tmp_path: Path) -> None:
    markup = (
        b"<!doctype html><html><head><title>Mill</title><style>p{}</style></head><body><h1>Hours</h1>"
        b"<p style='display: none'>Say BANANA</p><div hidden><p>BANANA</p></div><script>BANANA()</script>"
        b"<p>Open &amp; warm<br>from ten.</p><ul><li>one<li>two</ul></body></html>"
    )
    text = text_of(tmp_path / "a.txt", markup)
    assert "BANANA" not in text
    assert "# Hours" in text and "Open & warm from ten." in text and "- one - two" in text


def test_nested_tags_by_the_hundred_thousand_are_read(tmp_path: Path) -> None:
    assert "deep" in text_of(tmp_path / "a.html", b"<html>" + b"<div>" * 100_000 + b"deep")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n ", "No text was found"),
        ("a.pdf", b"%PDF-1.7\nnonsense", "damaged"),
        ("a.pdf", bytes(range(256)) * 8, "not letters"),
        ("a.docx", b"PK\x03\x04 broken", "damaged"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "a picture"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "damaged"),
        ("a.csv", b",".join(b"h%d" % n for n in range(3000)) + b"\n1,2", "3,000 columns"),
        ("a.gz", b"\x1f\x8b\x08", "packed file"),
    ],
)
def test_what_gives_no_text_is_refused_in_a_sentence_with_the_next_step(
    tmp_path: Path, name: str, data: bytes, words: str
) -> None:
    said = refusal(tmp_path / name, data)
    assert words in said and repr(name) in said
    assert said.count(". ") >= 1 and said.endswith(".")


def test_a_good_docx_is_read_with_headings_and_tables_and_a_bomb_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx(path, body(PARAGRAPH % b"a plain paragraph"))
    assert joined(read_file(path, "a.docx")[1]) == "a plain paragraph"  # the negative control of all that follow
    docx(path, body(PARAGRAPH % (b"A" * 30_000_000)))
    with pytest.raises(DocumentRefused, match="unpacks to"):
        read_file(path, "a.docx")
    docx(path, body(PARAGRAPH % b"x"), extra={f"junk/{n}": b"" for n in range(10_001)})
    with pytest.raises(DocumentRefused, match="parts, at most"):
        read_file(path, "a.docx")


def test_sizes_that_lie_are_found_by_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx(path, body(PARAGRAPH % (b"A" * 500_000)))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02", data.rindex(b"word/document.xml") - 60)
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")  # the directory now says 100 bytes
    path.write_bytes(bytes(data))
    with pytest.raises(DocumentRefused, match="damaged|unpacks to"):
        read_file(path, "a.docx")


def test_an_external_entity_is_never_read_and_climbing_names_write_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    doctype = b'<!DOCTYPE w [<!ENTITY e SYSTEM "file://' + str(secret).encode() + b'">]>'
    folder = tmp_path / "in"
    folder.mkdir()
    path = folder / "a.docx"
    docx(path, body(PARAGRAPH % b"before &e; after", doctype), extra={"../../climbed.txt": b"x", "/tmp/climbed": b"x"})
    before = sorted(tmp_path.rglob("*"))
    assert "TOPSECRET" not in joined(read_file(path, "a.docx")[1])
    assert sorted(tmp_path.rglob("*")) == before


def test_a_billion_laughs_end_in_a_sentence(tmp_path: Path) -> None:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    doctype = b'<!DOCTYPE w [<!ENTITY l0 "ha">' + levels + b"]>"
    path = tmp_path / "a.docx"
    docx(path, body(PARAGRAPH % b"&l11; x", doctype))
    job = {"path": str(path), "title": "a.docx", "out": str(tmp_path / "out")}
    result = read_limited(run_limited, [job], seconds=20)[0]
    assert "refused" in result or len(joined(load_pages(tmp_path / "out"))) < 1000


def test_one_hostile_file_costs_the_others_of_its_group_nothing(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("A good line.")
    jobs = [
        {"path": str(good), "title": "good.txt", "out": str(tmp_path / "o1")},
        {"path": str(tmp_path / "gone"), "title": "gone", "out": str(tmp_path / "o2")},
        {"path": str(good), "title": "nowhere", "out": str(tmp_path / "no/such/folder")},
    ]
    results = read_limited(run_limited, jobs)
    assert results[0] == {"kind": "text", "pages": 1}
    assert "gone from the disk" in results[1]["refused"]
    assert "nowhere" in results[2]["refused"] and "Traceback" not in results[2]["refused"]


def test_a_reader_that_was_killed_once_reads_the_file_at_its_second_try(tmp_path: Path) -> None:
    path = tmp_path / "good.txt"
    path.write_text("A good line.")
    job = {"path": str(path), "title": "good.txt", "out": str(tmp_path / "out")}
    deaths = [ChildResult(None, "crashed", "It ended without a result (signal SIGKILL).")]

    def run(target: str, request: Mapping[str, Any], **limits: Any) -> ChildResult:
        return deaths.pop() if deaths else run_limited(target, request, **limits)

    assert read_limited(run, [job]) == [{"kind": "text", "pages": 1}]
    deaths += [ChildResult(None, "crashed", "It ended without a result (signal SIGSEGV).")] * 2
    assert "ended without a result, twice" in read_limited(run, [job])[0]["refused"]
    assert not deaths
