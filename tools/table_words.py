"""The words people use about tables, English and German: what each asks for, which are harmless, which mean a column.

A word that is not here and not in the table is unread, and what has an unread word is not answered by code.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

#: What a word or phrase asks for. A value after the slash: column words it implies.
_PHRASES = """
COUNT: how many|number of|the count of|count of|count|wie viele|wieviele|wie viel|anzahl der|anzahl von|anzahl
MUCH: how much is|how much are|how much|wieviel|wie hoch ist|wie hoch sind|wie hoch war|wie hoch|wie groß ist|wie teuer ist|wie alt ist
SUM: in total|in all|add up|all together|altogether|total of|sum of|total|totals|sum|overall|combined|summe der|summe von|summe|gesamt|insgesamt|zusammen|gesamte|gesamten|gesamter|gesamtsumme
MEAN: on average|average of|mean of|average|mean|avg|im durchschnitt|im schnitt|durchschnitt der|durchschnitt|durchschnittlich|durchschnittliche|durchschnittlichen|durchschnittlicher|mittelwert|mittlere
MEDIAN: median of|median
MAX: highest|largest|biggest|greatest|maximum|max|most|top|best|höchste|höchsten|höchster|höchstes|größte|größten|größter|meiste|meisten|am meisten|am höchsten|maximale
MIN: lowest|smallest|least|fewest|minimum|min|worst|niedrigste|niedrigsten|niedrigster|kleinste|kleinsten|wenigsten|am wenigsten|geringste|geringsten|minimale
MAX/price: most expensive|priciest|costliest|dearest|teuerste|teuersten|teuerster|teuerstes|am teuersten
MIN/price: cheapest|least expensive|billigste|billigsten|günstigste|günstigsten|günstigster|günstigstes|am billigsten|am günstigsten
MAX/age: oldest|älteste|ältesten|ältester
MIN/age: youngest|jüngste|jüngsten|jüngster
MAX/height: tallest
MAX/length: longest|längste|längsten|längster
MIN/length: shortest|kürzeste|kürzesten|kürzester
MAX/weight: heaviest|schwerste|schwersten|schwerster
MIN/weight: lightest|leichteste|leichtesten
MAX/speed: fastest|schnellste|schnellsten
MIN/speed: slowest|langsamste|langsamsten
MAX/date: latest|newest|most recent|neueste|neuesten|neuester|letzte|letzten|aktuellste
MIN/date: earliest|früheste|frühesten|erste bestellung
GT: more than|greater than|higher than|larger than|bigger than|over|above|exceeding|exceeds|exceed|mehr als|über|größer als|höher als|>
GT/price: more expensive than|costlier than|dearer than|teurer als
GT/age: older than|älter als
GT/length: longer than|länger als
GT/weight: heavier than|schwerer als
GT/height: taller than
GT/date: after|later than|nach dem|nach
GE: at least|no less than|not less than|mindestens|>=|≥
GE/date: since|seit|ab dem|ab
LT: less than|fewer than|lower than|smaller than|under|below|unter|weniger als|kleiner als|niedriger als|<
LT/price: cheaper than|billiger als|günstiger als
LT/age: younger than|jünger als
LT/length: shorter than|kürzer als
LT/weight: lighter than|leichter als
LT/date: before|earlier than|prior to|vor dem|vor
LE: at most|no more than|not more than|up to|höchstens|maximal|bis zu|<=|≤
LE/date: until|bis zum|bis
BETWEEN: between|zwischen
EQ: exactly|equal to|equals|genau|gleich|=
ORMORE: or more|or above|or higher|oder mehr
ORLESS: or less|or fewer|or below|oder weniger
GROUP: broken down by|grouped by|group by|per|by|for each|in each|of each|for every|each|every|je|pro|nach jeder|für jede|für jeden|für jedes|jede|jedes|jeden|jeder
NOT: not|isn't|aren't|don't|doesn't|didn't|haven't|hasn't|hadn't|wasn't|weren't|havent|hasnt|isnt|arent|didnt|except for|except|other than|excluding|apart from|outside|nicht|außer|ohne die
EMPTY: without an|without a|without any|without|missing a|missing|with no|has no|have no|no|ohne|fehlt|fehlende|kein|keine|keinen
DISTINCT: different|distinct|unique|various|verschiedene|verschiedenen|unterschiedliche|unterschiedlichen
LIST: list all|list|show me|show all|show|give me|give|name|display|which rows|welche zeilen|zeige mir|zeige|zeig mir|zeig|nenne|nenne mir|liste
WHICH: which|what|whose|welche|welcher|welches|welchen|welchem|was
WHO: who|whom|wer|wen|wem
WHEN: when|wann
WHERE: where|wo
OFTEN: appears most often|occurs most often|most often|most frequently|most common|most frequent|am häufigsten|häufigste|häufigsten
NOTHING: take part|takes part|took part
ORDER_DOWN: in descending order of|descending by|sorted by descending|absteigend nach
ORDER_UP: in ascending order of|in order of|sorted by|ordered by|sort by|ordered according to|sortiert nach|aufsteigend nach|geordnet nach
OR: or|oder|either
AND: and|und|as well as|sowie
"""
HARMLESS = frozenset(
    "a an the of in on at for from to is are was were be been do does did has have had there that these those this my our your"
    " me us i we you please all any with its it their them they s also can could tell find get know much long"
    " still ever already currently noch bereits got gave gives given received receives contain contains include includes belong belongs own owns called named listed"
    " recorded registered having whole entire please as so sind ist war waren der die das den dem des ein eine einen einem einer eines im am in"
    " an auf aus von vom zu zum zur mit für es gibt hat haben hatte hatten sich alle alles mir uns ich wir bitte kann kannst du man"
    " sein werden wird wurde wurden ihre ihr liegt liegen go goes".split()
)
#: Words for the table and its rows as such.
TABLE_WORDS = frozenset(
    "table tables sheet spreadsheet file csv list dataset data document row rows entry entries record records line lines"
    " tabelle datei zeile zeilen eintrag einträge datensatz datensätze liste dokument excel according following"
    " attached laut gemäß folgenden value values column columns field fields wert werte spalte spalten".split()
)
#: Words that stand for numbers as such: harmless only where a column of numbers is named too.
VALUE_WORDS = frozenset("value values wert werte".split())
ROW_WORDS = frozenset("row entry record line zeile eintrag datensatz".split())
#: Verbs that carry nothing beside what the value before or after them says; with the columns they contradict.
VERBS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("live", "lives", "living", "reside", "wohnen", "wohnt", "lebt", "leben"),
        frozenset({"work", "office", "employer", "birth", "born", "arbeitsort", "geburtsort", "büro"}),
    ),
    **dict.fromkeys(
        ("work", "works", "working", "arbeiten", "arbeitet"),
        frozenset({"home", "birth", "born", "residence", "wohnort", "geburtsort", "nationality"}),
    ),
    **dict.fromkeys(
        ("come", "comes", "came", "kommen", "kommt", "stammen", "stammt"),
        frozenset({"to", "destination", "nach", "ziel"}),
    ),
}
#: Verbs that say what a column holds: harmless beside a value of it.
SAYS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("write", "wrote", "written", "schrieb", "geschrieben"), ("author", "autor", "writer")),
    **dict.fromkeys(("buy", "bought", "kaufte", "gekauft"), ("customer", "kunde", "buyer", "client")),
    **dict.fromkeys(("lend", "borrow", "borrowed"), ("reader", "borrower", "member", "leser")),
}
#: Words in the name of a column whose numbers are not added up in earnest.
NOT_ADDED = frozenset(
    "unit per each rate ratio average avg mean percent percentage share age year rating alter jahr prozent anteil altitude"
    " temperature latitude longitude einzelpreis stückpreis".split()
)
#: Column words that mean the same to everybody; the first is the one that phrases imply.
SYNONYMS: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "price cost costs preis kosten kostet costing",
        "amount betrag",
        "revenue turnover umsatz",
        "quantity qty units pieces menge stückzahl stück",
        "salary pay wage earnings gehalt lohn earn earns verdient verdienen",
        "city town stadt ort",
        "country land staat",
        "age alter old alt",
        "weight gewicht weigh weighs wiegt wiegen heavy schwer",
        "height tall high höhe größe",
        "length duration long länge dauer",
        "speed geschwindigkeit fast schnell",
        "date day datum tag",
        "product article item artikel produkt ware",
        "category type kategorie",
        "department dept division abteilung",
        "customer client kunde kundin",
        "employee staff mitarbeiter mitarbeiterin angestellte",
        "supplier vendor lieferant",
        "region area gebiet",
        "stock inventory bestand lagerbestand",
        "year jahr",
        "month monat",
        "name namen",
        "status zustand",
        "sold sales verkauft verkäufe verkaufte absatz sell sells selling",
        "population inhabitants einwohner einwohnerzahl people",
        "email mail e-mail",
        "score points punkte punktzahl",
        "author autor writer",
        "rating bewertung rated",
    )
)
#: What an implied kind of size may be called in a table.
IMPLIED: dict[str, tuple[str, ...]] = {
    "price": ("price", "cost", "preis", "kosten"),
    "age": ("age", "alter"),
    "height": ("height", "höhe", "größe", "elevation"),
    "length": ("length", "duration", "länge", "dauer", "runtime", "minutes", "hours"),
    "weight": ("weight", "gewicht"),
    "speed": ("speed", "geschwindigkeit"),
    "date": ("date", "datum"),
}
PEOPLE = (
    "name",
    "person",
    "employee",
    "customer",
    "author",
    "owner",
    "member",
    "player",
    "student",
    "mitarbeiter",
    "kunde",
    "autor",
)
PLACES = (
    "city",
    "place",
    "location",
    "address",
    "room",
    "country",
    "stadt",
    "ort",
    "adresse",
    "raum",
    "land",
    "venue",
    "office",
)
WORD_NUMBERS = {
    word: number
    for number, words in enumerate(
        "zero null|one eins|two zwei|three drei|four vier|five fünf|six sechs|seven sieben|eight acht|nine neun|ten zehn".split(
            "|"
        )
    )
    for word in words.split()
}
ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "zweit": 2, "dritt": 3, "zweite": 2, "dritte": 3}
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{1,2})?|\d+(?:[.,'’]\d+)*(?:st|nd|rd|th)?|<=|>=|[<>=≤≥%€$£]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a question with its place; `stem` is what it is compared by."""

    text: str
    stem: str
    start: int
    end: int

    @property
    def low(self) -> str:
        """The word in lower case."""
        return self.text.casefold().replace("’", "'")


def tokens_of(text: str) -> tuple[Token, ...]:
    """Cut a text into words, numbers and signs; hyphens and full stops part words."""
    return tuple(Token(match[0], stem(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text))


_FOLD = str.maketrans("äöüáàâéèêíóòôúñç", "aouaaaeeeiooounc")


@functools.lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without case, accents and its plural ending."""
    low = word.casefold().removesuffix("'s").removesuffix("’s").translate(_FOLD)
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 4 and low.endswith(("sses", "shes", "ches", "xes")):
        return low[:-2]
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    return low


_ENDINGS = ("n", "en", "e", "er", "s", "es")


def same(one: str, other: str) -> bool:
    """Whether two stems are forms of one word (Kunde, Kunden; Land, Länder)."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and long.startswith(short) and long[len(short) :] in _ENDINGS and not short.isdigit()


def synonyms(word: str) -> frozenset[str]:
    """The stems of the words that mean the same column as this stem; itself alone where there are none."""
    for group in _groups():
        if any(same(word, one) for one in group):
            return group
    return frozenset({word})


@functools.cache
def _groups() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(stem(one) for one in group) for group in SYNONYMS)


@functools.cache
def phrases() -> dict[tuple[str, ...], tuple[str, str]]:
    """{words: (what they ask for, the kind of size they imply)}."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for line in _PHRASES.strip().splitlines():
        head, _, said = line.partition(": ")
        tag, _, implied = head.partition("/")
        for phrase in said.split("|"):
            found.setdefault(tuple(phrase.casefold().split()), (tag, implied))
    return found
