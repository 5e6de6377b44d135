"""When two questions are the same question, and when an answer may be kept for later: decided by code alone.

Two safeguards must agree before a remembered answer is used: the same `key` (the words in their order, without
differences of case, spacing and the last mark) and the same `marks` (what a small change of which changes the
answer: numbers with their units, names, negations, words of comparison, signs). Missing a repetition costs
seconds; a false one costs a wrong answer, so every doubt counts as "different".
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+(?:['’.,]\w+)*", re.UNICODE)
_NUMBER = re.compile(r"[-−+]?\d+(?:[.,:/]\d+)*")
_SIGNS = re.compile(r"[^\w\s.,;?'\"’“”‘„«»]", re.UNICODE)
_SENTENCE = re.compile(r"(?:^|[.!?:;])[\s\"'“(]*(\w+)", re.UNICODE)

_NEGATION = frozenset(
    "not no never none nobody nothing neither nor without except cannot unless unlike false untrue "
    "nicht kein keine keinen keiner nie niemals ohne außer ne pas jamais sans aucun aucune nunca sin ningún ninguna".split()
)
_COMPARISON = frozenset(
    "more most less least fewer fewest greater greatest larger largest bigger biggest smaller smallest higher highest "
    "lower lowest longer longest shorter shortest older oldest younger youngest earlier earliest later before after "
    "above below over under than between maximum minimum max min first last left right north south east west "
    "at-least at-most exactly increase decrease rise fall up down from to "
    "mehr weniger größer kleiner höher niedriger älter jünger vor nach über unter als "
    "plus moins avant après más menos mayor menor antes después".split()
)
_TIME = re.compile(
    r"\b(?:today|yesterday|tomorrow|tonight|now|nowadays|current|currently|latest|newest|recent|recently|lately|"
    r"present|presently|at the moment|right now|these days|so far|until now|up to date|as of|ago|still|yet|upcoming|"
    r"(?:this|last|next|past|coming) (?:second|minute|hour|day|night|morning|afternoon|evening|week|weekend|month|"
    r"quarter|year|decade|century|season|summer|winter|spring|autumn|fall|few|couple|\d+|"
    r"mon|tues|wednes|thurs|fri|satur|sun)\w*|"
    r"what time|time is it|what day|what date|which (?:day|date|year) is|days? (?:until|till|since|left)|how old is|"
    r"how long (?:until|till|since)|weather|forecast|news|random\w*|"
    r"heute|gestern|morgen|jetzt|aktuell\w*|derzeit\w*|neueste\w*|momentan|gerade|"
    r"(?:diese|letzte|nächste|vorige)[nrsm]? (?:woche|monat|jahr|quartal|tag|stunde)\w*|zufällig\w*|wie spät|wetter|"
    r"aujourd['’]hui|hier|demain|maintenant|actuel\w*|actuellement|récemment|dernière?s?|"
    r"hoy|ayer|mañana|ahora|actual|actualmente|últim[oa]s?|recientemente)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:it|its|this|that|these|those|he|she|they|them|him|her|his|their|theirs|here|there|former|latter|above|"
    r"previous|again|instead|same|another|other|else|ones?|you|your|we|us|our|my|me|i|"
    r"es|er|sie|das|dies\w*|jene\w*|ihm|ihr\w*|sein\w*|dort|hier|ich|mein\w*|il|elle|ça|cela|eso|esto|ella)\b",
    re.IGNORECASE,
)
_LEANING = re.compile(r"\s*(?:and|but|so|or|then|also|what about|how about|und|aber|et|mais|y|pero)\b", re.IGNORECASE)
_IMPERSONAL = re.compile(
    r"\b(?:can|could|would|will) you\b|\b(?:tell|give|show|help) (?:me|us)\b|\bi (?:want|need|would like)\b|"
    r"\bthere (?:is|are|was|were|be)\b|\b(?:is|are|was|were) there\b|\bis it (?:true|possible)(?: that)?\b|"
    r"\b(?:does|will|did) it take\b|\bdo (?:i|we|you) (?:get|have|need)\b",
    re.IGNORECASE,
)
#: Words that open a question without naming anything.
_OPENERS = frozenset(
    "what who where when why how which is are was were the a an please find solve does do did can could would will "
    "should may might shall has have had if in on at of for from to by with about calculate compute tell give show "
    "list explain describe name write translate summarise summarize make take put add multiply divide subtract count "
    "sort rewrite shorten use say let suppose assume was wie wer wo wann warum ist sind quel quelle qui où qué quién "
    "cuál".split()
)


def key(question: str) -> str:
    """The question's words in their order: case, spacing and one last mark (. or ?) do not count.

    Canonical composition only: compatibility forms would turn 5² into 52.
    """
    text = unicodedata.normalize("NFC", question).replace("’", "'").replace("−", "-").casefold()
    line = " ".join(text.split())
    if line.endswith((".", "?")) and not line.endswith((". .", "..", "??", ".?", "?.")):
        line = line[:-1].rstrip()
    return line


def marks(question: str) -> str:
    """What must be the same as it stands: numbers with the word after, names, negations, comparisons, signs.

    Returns:
        One line, for comparing only.
    """
    text = unicodedata.normalize("NFC", question).replace("’", "'").replace("−", "-")
    openers = {match.start(1) for match in _SENTENCE.finditer(text)}
    told: list[str] = []
    after_number = False
    for match in _WORD.finditer(text):
        word, low = match.group(), match.group().casefold()
        number = any(letter.isnumeric() for letter in word)
        opens = match.start() in openers and word[1:] == word[1:].lower()  # a capital that says nothing
        named = word != low and not opens
        if number or after_number or named or (len(word) == 1 and not opens):
            told.append(word)
        elif low in _NEGATION or low in _COMPARISON or low.endswith("n't"):
            told.append(low)
        after_number = number
    numbers = _NUMBER.findall(text)
    return "|".join((" ".join(told), " ".join(numbers), "".join(_SIGNS.findall(text))))


def needs_a_date(question: str) -> bool:
    """Whether the answer changes with time or chance: it must not be used again."""
    return bool(_TIME.search(question))


def needs_a_conversation(question: str) -> bool:
    """Whether the question seems to point at something said before ("and the red one?", "what is its price?").

    A pointing word is taken to point inside the question when a name, a number or a whole sentence stands before it.
    """
    if _LEANING.match(question) or (len(question.split()) < 3 and not re.search(r"\d", question)):
        return True
    text = _IMPERSONAL.sub(" ", question)
    match = _POINTING.search(text)
    if match is None:
        return False
    before = text[: match.start()]
    names = [one.group() for one in _WORD.finditer(before) if one.start() > 0 and one.group()[0].isupper()]
    opener = _WORD.search(before)
    if opener and opener.group()[0].isupper() and opener.group().casefold() not in _OPENERS:
        names.append(opener.group())
    return not (names or re.search(r"\d", before) or re.search(r"[.!?;:]\s", before))
