"""What kind of help a message asks for, read by rules without a model call.

Rules claim only plain cases (paper.md 3.3: code decides first). What no rule claims is left to retrieval
scores and, last, to the model alone. Words of conversation are English, with the commonest German forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lottery_chat.planner.values import PastTurn

Kind = Literal["transform", "writing", "talk", "summary", "collection", "web", "problem", "lacks", "question"]

_TALK = re.compile(
    r"^\s*(?:(?:hi|hello|hey|hallo|servus|moin|guten (?:tag|morgen|abend)|good (?:morning|evening|afternoon|night)|thanks?(?: you)?(?: so much| a lot)?"
    r"|thank you|thx|ty|danke(?: schön)?|cheers|bye|goodbye|see you|tschüss|ok(?:ay)?|great|nice|cool|perfect|awesome|lol|haha"
    r"|how are you(?: doing)?(?: today)?|how's it going|how do you do|nice to meet you"
    r"|who are you|what are you|what(?:'s| is) your name|what can you do|are you (?:a |an )?(?:human|robot|bot|ai|real|person)(?: or (?:a |an )?\w+)?|what's up"
    r"|there|everyone|all|bot|assistant|you|again|sir|madam|friend|so much|very much|a lot|(?:that|this|it) (?:helped|helps|works|worked|was (?:helpful|great|it))"
    r"|good (?:job|work|one)|well done|mate|dear|my friend|lottery chat)\b[\W_]*){1,5}$",
    re.IGNORECASE,
)
_WRITE_VERB = (
    r"write|draft|compose|rewrite|rephrase|paraphrase|translate|improve|proofread|polish|correct|reword|shorten|expand"
    r"|brainstorm|invent|create|imagine|continue|suggest|come up with|tell me (a|another|some) (joke|story|tale|riddle)"
    r"|make (this|it|the text|my text)|give me (a|an|some|three|five|ten) (poem|story|joke|idea|ideas|slogan|title|titles|name|names)"
    r"|schreib|schreibe|verfasse|übersetze|formuliere|erfinde|verbessere|korrigiere"
)
_ASK = r"(?:please |can you |could you |would you |i want you to |i'd like you to |bitte |kannst du |könntest du )*"
_TEXT_KIND = (
    r"(?:poem|haiku|limerick|sonnet|story|tale|joke|riddle|song|rap|lyrics|speech|toast|letter|e-?mail|mail|message|text message|note|post|tweet|caption"
    r"|slogan|tagline|motto|invitation|bio|biography|essay|article|blog post|review|reply|response|apology|advert|script|dialogue|résumé|resume|cv"
    r"|gedicht|brief|geschichte|rede|einladung|nachricht|witz|aufsatz)"
)
_MANY = (
    r"(?:\d{1,3}|a few|some|a couple of|two|three|four|five|six|seven|eight|nine|ten|several|ein paar|drei|fünf|zehn)"
)
_LISTED = r"(?:ideas?|tips|suggestions|names for|titles|jokes|slogans|captions|hashtags|rhymes|sentences|puns|ideen|tipps|vorschläge|sätze|titel)"
_CODE = r"(?:sql|regex|regular expression|python|javascript|java|bash|shell|excel|html|css|rust|typescript|latex)"
_CODED = r"(?:morse|binary|hex(?:adecimal)?|octal|roman|base ?\d+|rot ?13|upper ?case|lower ?case|capitals|title case|snake case|camel case|reverse)"
_WRITING = re.compile(
    rf"^\s*{_ASK}(?:help me (?:to )?)?(?:"
    # "Write 13 in binary" is a question about a number, "write 'sos' in Morse code" one about a code.
    rf"(?!write (?:down )?[\d.,/]+ (?:in|as)\b)(?!(?:write|spell|put) .{{1,60}} (?:in|as|to|into) {_CODED}\b)(?:{_WRITE_VERB})\b"
    r"|(?:fix|check) (?:the |my |this )?(?:grammar|spelling|punctuation|typos)\b"
    rf"|(?:give|tell|show|list|gib|nenne?) (?:me |us |mir )?{_MANY} (?:[\w-]+ ){{0,3}}?{_LISTED}\b"
    rf"|(?:{_MANY} )(?:[\w-]+ ){{0,2}}?{_LISTED} (?:for|about|to|für|zu)\b"
    rf"|(?:(?:i|we) (?:need|want)|i'd like|ich (?:brauche|möchte)) (?:an? |some |eine?n? )?(?:[\w-]+ ){{0,3}}?{_TEXT_KIND}\b"
    rf"|(?!(?:wh|is |are |was |were |do |does |did |can |has |have |the |my |in |on |how|according))(?:an? |one |eine? )?(?:[\w-]+ ){{0,3}}?{_TEXT_KIND} (?:about|for|to|über|für|an)\b"
    r"|make (?:me |us )?(?:an? )?(?:[\w-]+ ){0,3}?(?:list|plan|menu|itinerary|outline|agenda|mind map)\b"
    rf"|(?:an? )?{_CODE} (?:query|function|script|code|command|one-liner|formula|pattern|program|snippet)\b"
    r"|(?:plan|design) (?:me )?(?:a|an|my|our)\b"
    r"|(?:what|how) (?:should|could|can|do|would) (?:i|we) (?:write|reply|answer|respond|phrase|word)\b"
    r")",
    re.IGNORECASE,
)
_TRANSFORM = re.compile(
    r"^\s*(please |now |and |bitte |can you |could you )*(("
    r"(make (it|this|that) )?(much |a bit |a little |even )?(shorter|longer|simpler|more (formal|detailed|casual|friendly|polite|concise)"
    r"|less formal|friendlier|clearer|funnier)|(in|into|auf) (german|english|french|spanish|italian|dutch|polish|portuguese|turkish|russian"
    r"|chinese|japanese|deutsch|englisch|französisch|spanisch|italienisch)|kürzer|länger|einfacher|förmlicher"
    r"|(translate|rewrite|rephrase|shorten|summari[sz]e|expand|simplify|repeat|explain|improve|continue) (it|this|that|the above|your answer"
    r"|the last answer)( (again|please|in|into|to|as|for|more|less)\b.{0,60})?|(say|put) (it|that) (again|differently|in other words|in simple words).{0,40}"
    r"|as (a )?(list|bullet points|bullets|table|poem|one sentence)|in (one|two|three|a few) (sentence|sentences|words)|in other words|go on|continue"
    r"|(shorter|simpler|longer)( and .{1,40})?"
    r")\s*(please|bitte)?\s*[.!?]*\s*)$",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(what('s| is| does) (this|the|that|my|it) ?(file|document|pdf|paper|text|book|article|report|page)?s? ?(all )?(about|say|cover)"
    r"|what (is|are) (this|these|the) (file|document|pdf|paper|text|article|report|book)s? about"
    r"|summari[sz]e|summary of|(give|write|make) (me )?(a |an |the )?(short |brief |quick )?(summary|overview|gist|abstract)|tl;?dr|main points|key points"
    r"|worum geht es|fasse? .{0,60}zusammen|zusammenfassung)\b",
    re.IGNORECASE,
)
_COLLECTION = re.compile(
    r"\b((which|what|list|show)( me)?( all)?( of)?( the| my)? (files|documents|pdfs)( (do (i|you|we) have|are there|have i|did i|exist|are in|you have))?"
    r"|how many (files|documents|pdfs|pages)( (do (i|we|you)|are there|does|has|have|is|in)))\b|\bwhat(?:'s| is| does it say) on page (?P<page>\d+)",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\bon page (\d{1,5})\b", re.IGNORECASE)
_WEB = re.compile(
    r"\b(search (the )?(web|internet|online)|google( for| it)?\b|look (it |this |that )?up (online|on the web|on the internet)|on the (web|internet)|online search"
    r"|(latest|newest|current|recent|today'?s|tonight'?s|yesterday'?s|this (week|month|year)'?s) (news|price|prices|version|release|weather|score|scores|president"
    r"|exchange rate|rate|results?|headlines|ceo|prime minister|chancellor|champion)|weather (in|for|today|tomorrow)|stock price|news (about|on|from)"
    r"|exchange rate|(?:is|are|will) there (?:an? |any )?[^?.!\n]{2,60}\b(?:today|tonight|tomorrow|this week(?:end)?)\b|who won .{1,60}(yesterday|today|last night|this year)|right now|as of today|im internet|neueste[nrs]?)\b",
    re.IGNORECASE,
)
#: An explicit wish to have the web searched, as a request and not as a topic ("Google was founded …").
_ASKS_FOR_WEB = re.compile(
    r"(?:^|[.!?,;:]\s|\n|\b(?:please|bitte|and|then|also|you|und|dann)\s)\s*"
    r"(?:(?:search|browse) (?:on )?(?:the )?(?:web|internet|online)\b"
    r"|(?:search|look|find|check)\b(?! through| in (?:the|this|my) (?:file|document))[^.?!\n]{0,80}?\b(?:on the (?:web|internet)|online)\b"
    r"|google (?:for |it\b|this\b|that\b|[\"“'])"
    r"|(?:suche?|such) (?:[^.?!\n]{0,60}? )?(?:im (?:internet|web|netz)|online)\b)",
    re.IGNORECASE,
)
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen|half|once|twice|thrice|double|triple|quarter|third|thirds|quarters"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|hälfte|doppelt)"
)
_NUMBER = re.compile(rf"(?:(?<![\w.])[$€£]?\d[\d,.]*%?|\b{_NUMBER_WORD}\b)", re.IGNORECASE)
_QUANTITY = (
    r"(?:total|sum|average|mean(?! (?:for|to|that|by|when|if)\b)|costs?|price|profit|area|perimeter|volume|speed|distance|age|number|amount|percentage|percent|probability|difference|ratio"
    r"|weight|length|width|height|depth|change|salary|balance|time|rate|value|score|temperature|fraction|earnings|income|bill)"
)
_ASKS_QUANTITY = re.compile(
    r"\b(how (many|much|long|old|far|fast|tall|big|heavy|often|high|wide|deep|late|early)"
    rf"|what(?: is| was| are| were| will| would|['’]?s)[^?.!\n]{{0,60}}?\b{_QUANTITY}\b|what (?:do|does|did|will|would|must|should) [^?.!\n]{{1,40}}?\b(?:pay|owe|earn|cost|weigh|make|get back|save)\b|what (percentage|percent|fraction|number|amount)|at what (time|speed|price|rate)"
    r"|calculate|compute|find|determine|solve|wie ?viele?|wie (lange|alt|weit|hoch|schwer|oft)|berechne)\b",
    re.IGNORECASE,
)
#: The place something moved to: a problem only where the moves are told first, in sentences of their own.
_ASKS_PLACE = re.compile(
    r"[.!]\s+(?:what|which|on what|on which|in what|in which) (?:floor|place|position|level|page|step)\b[^.!?]{0,60}\?\s*$",
    re.I,
)
#: Words of the web that a problem's own story also uses ("how old is she right now?").
_TOLD = re.compile(r"[.!]\s+[^.!?]*\?\s*$")
_EXPLAIN = re.compile(
    r"^\s*(please |can you |could you )*(explain|describe|tell me about|what does .{1,60} mean|how do i|how can i|how to|why)\b",
    re.I,
)
_DOCUMENT_WORD = re.compile(
    r"\b(in|from|according to|does|did|of|per|within|by|nach|laut|in der|im)\s+(the|this|that|my|these|those|our|attached|dieser|diesem|der|dem)?\s*"
    r"(attached |uploaded |above )?(file|document|pdf|paper|report|article|text|contract|manual|letter|spreadsheet|csv|notes?|book|page|datei|dokument|bericht)s?\b",
    re.IGNORECASE,
)
_NEEDS_OBJECT = re.compile(
    r"^\s*(please |can you |could you |bitte )*(translate|summari[sz]e|rewrite|rephrase|proofread|correct|shorten|explain|improve|paraphrase|fix|analy[sz]e|check)"
    r"( (this|it|that|the text|the following|my text|the document|the file|this text|this file|this document|this sentence))?"
    r"( (to|into|in) (german|english|french|spanish|italian|simple words|plain english))?( for me)?( please)?\s*[.:!?]*\s*$",
    re.IGNORECASE,
)
_MISSING_NUMBERS = re.compile(
    r"^\s*(what('s| is)|calculate|compute|find|how much is) (the |my )?(total|sum|average|mean|difference|percentage|result)\s*\??\s*$",
    re.I,
)
#: Asks for a fact of the person's own life that only the person can have told.
_PERSONAL = re.compile(
    r"^\s*(what|when|where|who|which|how (many|much|long|old))\b.*\b(did i|have i|was i|am i|do i have(?! to)|(is|are|was|were) my)\b.*\?\s*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """The kind of a message, and why the rule claimed it; `page` where one is named."""

    kind: Kind
    why: str
    page: int | None = None


def understand(text: str, *, history: tuple[PastTurn, ...], documents: bool, attached: bool) -> Understood:
    """Read what kind of help a message asks for.

    Args:
        documents: whether there is any document at all.
        attached: whether documents were given with this question or this conversation.
    """
    if _TALK.match(text):
        return Understood("talk", "a greeting or small talk")
    if history and _TRANSFORM.match(text):
        return Understood("transform", "asks for the last answer in another form")
    lacks = _lacks(text, history, attached or documents)
    if lacks:
        return Understood("lacks", lacks)
    if asks_for_web(text):
        return Understood("web", "asks for a web search")
    if documents and (page := _PAGE.search(text)) and _COLLECTION.search(text):
        return Understood("collection", "names a page", int(page.group(1)))
    if documents and _COLLECTION.search(text):
        return Understood("collection", "asks about the collection itself")
    if _SUMMARY.search(text) and len(text) < 300 and (attached or documents):
        return Understood("summary", "asks what a document is about")
    if _WRITING.match(text):
        return Understood("writing", "asks for a text to be written")
    told = not attached and is_problem(text) and _TOLD.search(text) is not None
    if _WEB.search(text) and len(text) < 400 and not told:
        return Understood("web", "asks for something current or for a web search")
    if not attached and is_problem(text):
        return Understood("problem", "a quantity is asked for and numbers are given")
    return Understood("question", "explains" if _EXPLAIN.match(text) else "a question")


def _lacks(text: str, history: tuple[PastTurn, ...], documents: bool) -> str:
    """What is missing so that the message can be answered at all; empty when nothing is."""
    if _NEEDS_OBJECT.match(text) and not history and not documents:
        return "Which text do you mean? Paste it here, or drop a file."
    if _MISSING_NUMBERS.match(text) and not history and not documents:
        return "Of which numbers? Write them here, for example: the average of 3, 5 and 10."
    if _SUMMARY.search(text) and len(text) < 60 and not history and not documents:
        return "Which text do you mean? Paste it here, or drop a file."
    if _PERSONAL.match(text) and not history and not documents and not numbers_in(text):
        return "I cannot know that about you: nothing here says it. Tell me, or drop a file that does."
    return ""


def asks_for_web(text: str) -> bool:
    """Whether a message asks in so many words that the web be searched; that wish wins over an attached document."""
    return len(text) < 400 and _ASKS_FOR_WEB.search(text) is not None


def is_problem(text: str) -> bool:
    """Whether a text gives at least two quantities and asks for one (a word problem)."""
    asks = _ASKS_QUANTITY.search(text) or _ASKS_PLACE.search(text)
    return len(numbers_in(text)) >= 2 and bool(asks) and len(text.split()) >= 8


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text, digits and words, as written."""
    return [match.group(0) for match in _NUMBER.finditer(text)]


def names_document(text: str, titles: tuple[str, ...]) -> tuple[int, ...]:
    """Return the indices of the documents that a question names by (most of) their title."""
    low = text.lower()
    found = []
    for index, title in enumerate(titles):
        stem = re.sub(r"\.\w{1,5}$", "", title).lower()
        words = [word for word in re.split(r"[\W_]+", stem) if len(word) > 2]
        if (
            title.lower() in low
            or (len(stem) > 3 and stem in low)
            or (len(words) > 1 and all(word in low for word in words))
        ):
            found.append(index)
    # A file named in full ("bakery_sales.xlsx") does not name "bakery.ods", too.
    full = [titles[index].lower() for index in found if titles[index].lower() in low]
    stems = {index: re.sub(r"\.\w{1,5}$", "", titles[index]).lower() for index in found}
    return tuple(
        index for index in found if titles[index].lower() in full or not any(stems[index] in title for title in full)
    )


def speaks_of_document(text: str) -> bool:
    """Whether a question says that a document is to answer it ("in the file", "according to the report")."""
    return bool(_DOCUMENT_WORD.search(text))


def is_explanation(text: str) -> bool:
    """Whether the answer wanted is a text of several sentences rather than a fact."""
    return bool(_EXPLAIN.match(text))


def split_pasted(text: str) -> tuple[str, str]:
    """Split a long message into (what is asked, the pasted text).

    The request is the short first or last paragraph (or line) that asks or commands; with neither, the
    whole message is the text and the request is to say what it is about.
    """
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    if len(blocks) < 2:
        lines = text.strip().split("\n")
        blocks = [lines[0], "\n".join(lines[1:-1]), lines[-1]] if len(lines) > 2 else blocks
        blocks = [block for block in blocks if block.strip()]
    for at in (-1, 0):
        block = blocks[at].strip()
        asks = (
            block.endswith("?")
            or block.endswith(":")
            or _WRITING.match(block)
            or _SUMMARY.search(block)
            or _ASKS_QUANTITY.match(block)
        )
        if len(blocks) > 1 and len(block) <= 600 and asks:
            rest = "\n\n".join(blocks[:-1] if at == -1 else blocks[1:])
            return block.rstrip(":"), rest
    sentence = re.search(r"[^.!?\n]{8,300}\?\s*$", text)
    if sentence:
        return sentence.group(0).strip(), text[: sentence.start()].strip()
    return "What is this text about?", text
