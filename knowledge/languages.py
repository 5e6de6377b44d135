"""Which tokeniser full text needs: the language of a text by its script, and in Latin script by its function words.

What this does not do: name a language. Polish, Czech or Vietnamese are "plain": cut into words, not stemmed, because
the index has no stemmer for them; a mixed document goes with what is most in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: Languages that the index has a stemmer and stop words for.
STEMMED = tuple(
    "arabic danish dutch english finnish french german greek hungarian italian norwegian portuguese romanian russian "
    "spanish swedish tamil turkish".split()
)
#: Cut by ICU's dictionaries, neither stemmed nor without stop words: Chinese, Japanese, Thai, Hindi, Korean, …
PLAIN = "plain"
#: What a text is taken for that tells nothing (a table of numbers, a list of names).
UNTOLD = "english"
#: Letters looked at, from several places of a text.
_LOOKED_AT = 12_000

_FUNCTION_WORDS = {
    "english": "the of and to in is that for it was on are as with be by this have from or had not but which were",
    "german": "der die und das ist von zu den mit nicht sich auf ein eine dem des im für als auch wird wurde werden",
    "french": "le la les de des et est une un du dans que qui pour pas sur au avec par ce il ne se sont été aux",
    "spanish": "el la los las de y que en un una es por con para del se no su al lo como más fue son entre",
    "portuguese": "o a os as de e que em um uma do da dos das é por com para não se no na ao mais foi são",
    "italian": "il lo la i gli le di e che è un una in per con del della dei non si da sono nel alla anche come più",
    "dutch": "de het een en van is dat op te in voor met zijn niet aan er om ook als bij door naar wordt werd",
    "danish": "og i at det er en til på som af for den med der ikke de et har var fra blev også",
    "norwegian": "og i det er en til på som av for den med ikke de et har var fra ble også å etter",
    "swedish": "och i att det är en på som av för den med till inte de ett har var från om också blev",
    "finnish": "ja on ei se että oli hän joka ovat mutta myös kun tai sen ole olivat niin kuin vuonna jotka sekä",
    "hungarian": "a az és hogy nem is egy van volt meg de ez ha csak mint már vagy még azt lesz amely után",
    "romanian": "de și în a la cu pe o este că din un care nu pentru mai fost au ale sunt al într prin sau",
    "turkish": "ve bir bu da de için ile olarak çok daha olan en gibi kadar sonra ne var değil ancak tarafından ya",
    PLAIN: (
        "w i na z się do że nie jest o to jak po od przez są oraz która a v se je že s do ve které jako by pro "
        "và của là có được trong cho không người một những các với năm này đã để ở từ yang dan di itu dengan untuk "
        "dari ini adalah dalam tidak pada"
    ),
}
_VOCABULARY = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_SCRIPTS = (
    (re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"), "greek"),
    (re.compile(r"[\u0400-\u04ff]"), "russian"),
    (re.compile(r"[\u0600-\u06ff\u0750-\u077f]"), "arabic"),
    (re.compile(r"[\u0b80-\u0bff]"), "tamil"),
    (
        re.compile(r"[\u0590-\u05ff\u0900-\u0b7f\u0c00-\u109f\u10a0-\u11ff\u1780-\u17ff\u3040-\u9fff\uac00-\ud7af]"),
        PLAIN,
    ),
    (re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"), "latin"),
)
#: Letters that Russian and Arabic do not have: Ukrainian, Serbian, …; Persian, Urdu.
_OTHERS = {"russian": re.compile(r"[іїєґђјљњћџў]", re.I), "arabic": re.compile(r"[پچژگکیےۀ]")}
#: CJK characters say more than a Latin letter each.
_DENSE = 3
_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str:
    """Return the name of a stemmer ("german", …), or PLAIN where there is none for the text's language."""
    looked = _some_of(text)
    letters = {name: len(script.findall(looked)) * (_DENSE if name == PLAIN else 1) for script, name in _SCRIPTS}
    script = max(letters, key=letters.__getitem__)
    if not letters[script]:
        return UNTOLD
    if script == "latin":
        return _latin(looked)
    strange = _OTHERS.get(script)
    return PLAIN if strange and len(strange.findall(looked)) * 50 > letters[script] else script


def _latin(text: str) -> str:
    """By the share of function words; each is counted for every language that has it."""
    words = _WORD.findall(text.lower())
    if not words:
        return UNTOLD
    counted = {name: sum(word in known for word in words) for name, known in _VOCABULARY.items()}
    best = max(counted, key=counted.__getitem__)
    return best if counted[best] * 20 >= len(words) and counted[best] > counted[UNTOLD] else UNTOLD


def language_of_parts(texts: Iterable[str]) -> str:
    """Return the language of a document that comes in parts; see `language_of`."""
    return language_of("\n".join(texts))


def _some_of(text: str) -> str:
    """The text itself, or pieces of it from its beginning, middle and end."""
    if len(text) <= _LOOKED_AT:
        return text
    piece = _LOOKED_AT // 3
    middle = (len(text) - piece) // 2
    return "\n".join((text[:piece], text[middle : middle + piece], text[-piece:]))


def plain_words(query: str) -> str:
    """Return the words of a query with nothing that would be syntax to an index; marks of Thai or Hindi are kept."""
    kept = (char if char.isalnum() or unicodedata.category(char).startswith("M") else " " for char in query)
    return " ".join("".join(kept).split())
