"""English words for the grammar: closed classes, common verbs, and the morphology that makes forms of a word equal.

Forms are made equal by the text itself first (a plural is cut to a form that occurs in the text), then by rule. Two
different words must never become one: a missed proof is reported as unknown, a false one would be shown as proved.
"""

from __future__ import annotations

import re
from collections.abc import Collection

BE_PRESENT = frozenset("is are am".split())
BE_PAST = frozenset("was were".split())
BE = BE_PRESENT | BE_PAST
DO = frozenset("do does did".split())
MODAL = frozenset("can could will would must should may might".split())
AUXILIARY = DO | MODAL
ARTICLE = frozenset("a an".split())
RELATIVE = frozenset("who that which".split())
PRONOUN = frozenset("it they he she".split())
PRONOUN_OBJECT = frozenset("it them him her".split())
POSSESSIVE = frozenset("its their his her".split())
REFLEXIVE = frozenset("itself himself herself themselves themself".split())
UNIVERSAL = frozenset("each every all any".split())
UNIVERSAL_WHOLE = frozenset("everyone everybody everything anyone anybody anything whoever whatever".split())
NEGATIVE_WHOLE = frozenset("nobody nothing noone".split())
SOME_WHOLE = frozenset("someone somebody something".split())
INDEFINITE_WHOLE = SOME_WHOLE | frozenset("anyone anybody anything".split())
GENERIC = frozenset("thing person individual".split())
#: Words that change what a sentence claims; a phrase that holds one and was not analysed is left unread.
LOGICAL = (
    frozenset(
        """not no never none nor neither either both only if then unless or and but except most many few several more
        less than all every each some any anyone anybody anything everyone everybody everything someone somebody
        something nobody nothing noone who whom whose that which what when where while because although though since
        until other another others else same different such as hardly rarely seldom barely without almost nearly
        possibly probably perhaps maybe likely whether how why cannot there exactly least than be been being""".split()
    )
    | BE
    | DO
    | MODAL
)
PREPOSITION = frozenset(
    """in on at to from of with by for about into onto over under near behind beside inside outside through against
    among between across along toward towards around within""".split()
)
PLACING = frozenset("in on at under inside behind near beside over outside around".split())  # where something is
DROPPED = frozenset("also therefore thus hence so always indeed however moreover furthermore additionally".split())
TRAILING = DROPPED | {"too"}  # may be left out at the end only: "is too kind" says something else
PRIVATIVE = frozenset(
    "fake former toy alleged so-called supposed pretend false counterfeit artificial future potential ex mock near "
    "retired imaginary fictional dead non".split()
)
IRREGULAR_PLURAL = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse", "geese": "goose",
    "feet": "foot", "teeth": "tooth", "wolves": "wolf", "knives": "knife", "wives": "wife", "lives": "life",
    "leaves": "leaf", "halves": "half", "thieves": "thief", "loaves": "loaf", "shelves": "shelf", "oxen": "ox",
    "calves": "calf", "elves": "elf", "cacti": "cactus", "fungi": "fungus", "criteria": "criterion",
    "phenomena": "phenomenon", "dice": "die", "crises": "crisis", "theses": "thesis", "lice": "louse",
    "selves": "self", "scarves": "scarf", "hooves": "hoof", "media": "media", "series": "series",
    "species": "species", "news": "news", "movies": "movie", "cookies": "cookie", "zombies": "zombie",
    "sheep": "sheep", "fish": "fish", "deer": "deer", "pies": "pie", "ties": "tie", "lies": "lie", "axes": "axe", "shoes": "shoe", "toes": "toe",
    "gas": "gas", "lens": "lens", "lenses": "lens", "buses": "bus", "bus": "bus",
}  # fmt: skip
_E_NOUNS = frozenset(
    """house horse nurse blouse cause clause course purse nose rose case base vase phrase phase disease lease purchase
    exercise cruise franchise promise universe verse curse expense license response sense tense defense release excuse
    spouse warehouse goose use cheese noise pause prize size maze breeze bronze cache ache axe""".split()
)
VERBS = frozenset(
    """accept admire adopt adore afford agree allow answer appear apply approve argue arrive ask attack attend avoid
    bake bark be beat become believe belong bite blame bloom boil borrow break breathe bring build burn buy call care
    carry catch cause celebrate change chase cheer choose claim clean climb close collect come complain contain cook
    cost cough count cover crawl create cross cry dance defend deliver depend describe deserve design despise destroy
    dislike dive do draw dream drink drive drop earn eat employ enjoy enter envy escape examine exercise exist expect
    explain explore fail fall fear feed feel fight fill find finish fish fit fix float fly follow forget forgive gain
    gather get give glow go greet grow guard guess guide harm hate have hear heat help hide hire hit hold hope hug hunt
    hurt ignore imagine improve include invent invite join judge jump keep kick kill kiss knit know lack laugh lead
    leap learn leave lend lie lift like listen live lock look lose love make manage march marry meet melt mention mind
    move need notice obey observe occupy offer open order orbit owe own paint pass pay perform pick plan plant play
    please possess praise prefer prepare prevent produce promise protect provide pull punish push put rain read receive
    recognise recognize recommend refuse regret remember rent repair reply require rescue respect rest return ride ring
    rise roar rule run sail save say scare score see seek seem sell send serve share shine shout show sing sink sit
    skate skip sleep smell smile smoke sneeze solve speak spend spin stand start stay steal stop study suffer support
    swim take talk taste teach tease tell thank think throw touch train travel trust try turn understand use visit vote
    wait wake walk want warn wash waste watch water wear weigh win wish wonder work worry write yell

    acquire adapt affect analyse analyze announce arrange assist attract award broadcast collaborate compete compose
    conduct connect consist consume contribute cultivate decorate develop direct discover display download edit
    eliminate emit encourage establish evolve exceed exhibit export express extend found generate govern graduate
    handle host identify illustrate inhabit inspire install invest lay manufacture mentor migrate narrate nominate
    operate organise organize participate pilot premiere print promote publish purchase qualify reach reduce reject
    release rely represent reproduce require reside resemble retire reward select separate specialise specialize
    sponsor submit succeed supervise supply survive tend train translate transport treat upload vary volunteer""".split()
)
IRREGULAR_PAST = {
    "ate": "eat", "began": "begin", "bit": "bite", "broke": "break", "brought": "bring", "built": "build",
    "bought": "buy", "caught": "catch", "chose": "choose", "came": "come", "drew": "draw", "drank": "drink",
    "drove": "drive", "fell": "fall", "fed": "feed", "felt": "feel", "fought": "fight", "found": "find",
    "flew": "fly", "forgot": "forget", "got": "get", "gave": "give", "went": "go", "grew": "grow", "had": "have",
    "heard": "hear", "hid": "hide", "held": "hold", "kept": "keep", "knew": "know", "led": "lead", "left": "leave",
    "lent": "lend", "lost": "lose", "made": "make", "met": "meet", "paid": "pay", "ran": "run", "rode": "ride",
    "rose": "rise", "said": "say", "saw": "see", "sold": "sell", "sent": "send", "sang": "sing", "sat": "sit",
    "slept": "sleep", "spoke": "speak", "spent": "spend", "stood": "stand", "stole": "steal", "swam": "swim",
    "took": "take", "taught": "teach", "told": "tell", "thought": "think", "threw": "throw", "understood":
    "understand", "woke": "wake", "wore": "wear", "won": "win", "wrote": "write",
}  # fmt: skip
IRREGULAR_PARTICIPLE = {
    "eaten": "eat", "bitten": "bite", "broken": "break", "chosen": "choose", "drawn": "draw", "driven": "drive",
    "forgotten": "forget", "given": "give", "grown": "grow", "hidden": "hide", "hit": "hit", "hurt": "hurt",
    "known": "know", "beaten": "beat", "ridden": "ride", "seen": "see", "shown": "show", "stolen": "steal",
    "taken": "take", "thrown": "throw", "written": "write", "worn": "wear", "run": "run", "read": "read",
    **{past: base for past, base in IRREGULAR_PAST.items() if base in (
        "bring build buy catch feed fight find get hear hold keep lead leave lose make meet pay sell send teach tell "
        "understand win spend lend").split()},
}  # fmt: skip
_ADJECTIVES_IN_ING = frozenset(
    """boring caring charming daring demanding dying exciting entertaining fitting forgiving giving interesting knowing
    lasting living loving missing moving outstanding pleasing promising striking surprising touching trusting trying
    understanding willing""".split()
)
_CONTRACTION = re.compile(r"\b(\w+)n['’]t\b", re.IGNORECASE)
_CANNOT = re.compile(r"\bcan(?:not|['’]t)\b", re.IGNORECASE)
_WONT = re.compile(r"\bwon['’]t\b", re.IGNORECASE)
_IS = re.compile(r"\b(it|he|she|that|there|who|what)['’]s\b", re.IGNORECASE)
_ARE = re.compile(r"\b(they|we|you)['’]re\b", re.IGNORECASE)
_NO_ONE = re.compile(r"\bno[ -]one\b", re.IGNORECASE)
_TOKEN = re.compile(r"\"[^\"]{1,80}\"|[^\W_][\w'’$-]*(?:\.\d+)?|[,;:%$+=<>/*()]")


def tokens_of(sentence: str) -> tuple[str, ...]:
    """Words and marks of a sentence, contractions opened, the final stop dropped."""
    text = sentence.strip().replace("“", '"').replace("”", '"').rstrip(".!? ")
    text = _NO_ONE.sub("nobody", _CANNOT.sub("can not", _WONT.sub("will not", text)))
    text = _ARE.sub(r"\1 are", _IS.sub(r"\1 is", _CONTRACTION.sub(r"\1 not", text)))
    return tuple(_TOKEN.findall(text))


def singular(word: str, words: Collection[str]) -> str:
    """The singular of a lower-case noun; a word that is none comes back as it is. `words`: those of the text."""
    if word in IRREGULAR_PLURAL:
        return IRREGULAR_PLURAL[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s", "’s")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("es"):
        stem = word[:-2]
        if stem + "e" in words or stem + "e" in _E_NOUNS:
            return stem + "e"
        if stem.endswith(("s", "x", "z", "ch", "sh", "o")):
            return stem
        return stem + "e"
    return word[:-1]


def third_person(word: str, words: Collection[str]) -> str:
    """The base of a verb in -s ("likes" → "like", "studies" → "study"); a base form comes back as it is."""
    special = {"has": "have", "does": "do", "goes": "go", "lies": "lie", "dies": "die", "ties": "tie"}
    if word in special:
        return special[word]
    if word in VERBS or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("es") and (word[:-2] in VERBS or word[:-2] in words):
        return word[:-2] if word[:-1] not in VERBS and word[:-1] not in words else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def past_base(word: str, verbs: Collection[str], participle: bool = False) -> str | None:
    """The base of a past form or participle, None where the form is not surely one."""
    irregular = IRREGULAR_PARTICIPLE if participle else IRREGULAR_PAST
    if word in irregular:
        return irregular[word]
    if not word.endswith("ed") or len(word) < 5:
        return None
    stem = word[:-2]
    doubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
    options = (stem, stem + "e", stem[:-1] + "y" if stem.endswith("i") else stem, doubled)
    return next((base for base in options if base in verbs), None)


def progressive_base(word: str, verbs: Collection[str]) -> str | None:
    """The verb of "is barking"; None where it is none of `verbs`, or the word is an adjective as well ("caring")."""
    if not word.endswith("ing") or len(word) < 6 or word in _ADJECTIVES_IN_ING:
        return None
    stem = word[:-3]
    doubled = stem[:-1] if stem[-1] == stem[-2] else stem
    return next((base for base in (stem, stem + "e", doubled) if base in verbs), None)


def is_name(token: str) -> bool:
    """Whether the token is written like a name: a capital, a figure or quotation marks."""
    return token[:1].isupper() or token[:1].isdigit() or token[:1] == '"'


def key_of(tokens: Collection[str]) -> str:
    """A symbol of the formal language made from words: lower case, joined by underscores."""
    return re.sub(r"[^\w.'-]+", "_", "_".join(token.lower().replace("’", "'") for token in tokens)).strip("_.'-")
