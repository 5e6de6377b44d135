"""knowledge.languages: which tokeniser a text gets."""

from __future__ import annotations

import pytest

from knowledge.languages import PLAIN, STEMMED, language_of, language_of_parts, plain_words


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The lamp was lit by the keeper, and the boats came in from the bay.", "english"),
        ("Die Lampe wurde von dem Wärter angezündet, und die Boote kamen in den Hafen.", "german"),
        ("La lampe est allumée par le gardien et les bateaux sont dans le port.", "french"),
        ("La lámpara es encendida por el guarda y los barcos están en el puerto.", "spanish"),
        ("De lamp wordt door de wachter aangestoken en het schip is in de haven.", "dutch"),
        ("Лампу зажигает смотритель, и лодки приходят в гавань.", "russian"),
        ("Ліхтар запалює доглядач, і човни їдуть до гавані.", PLAIN),
        ("يشعل الحارس المصباح وتعود القوارب إلى الميناء", "arabic"),
        ("Ο φύλακας ανάβει το φανάρι και τα πλοία μπαίνουν στο λιμάνι", "greek"),
        ("守夜人点亮了灯,船只回到港口。", PLAIN),
        ("ผู้ดูแลจุดตะเกียงและเรือกลับเข้าท่า", PLAIN),
        ("Đèn được thắp bởi người gác và những chiếc thuyền đã về trong cảng.", PLAIN),
        ("4711 0815 99", "english"),
        ("", "english"),
        ("Smith Baker Jones", "english"),
    ],
)
def test_a_language_is_told_by_script_and_function_words(text: str, language: str) -> None:
    assert language_of(text) == language
    assert language in (*STEMMED, PLAIN)


def test_a_long_document_is_told_by_more_than_its_beginning() -> None:
    english = "The first page of this file is in English, as it is with all of them. "
    german = "Aber alles andere ist auf Deutsch, und das ist für den Leser auch nicht schlimm. "
    assert language_of_parts([english, german * 2000]) == "german"


def test_marks_of_a_query_are_kept_and_what_would_be_syntax_is_not() -> None:
    assert plain_words('price AND (kettle" OR *:"') == "price AND kettle OR"
    assert plain_words("रक्षा की") == "रक्षा की"
    assert plain_words("?!\x00") == ""
