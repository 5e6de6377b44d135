"""Stories in which people swap what they have, and chains of who says who lies: followed step by step by code.

Every sentence must be understood, in order; otherwise nothing is answered.
"""

from __future__ import annotations

import re

from tools.logic.message import Message
from tools.logic.relations import Told

MAX_STEPS = 2_000
_NAME = r"[A-Z][\w'’-]*"
_HOLDS = re.compile(
    rf"^({_NAME}) (?:\w+ )??(?:has|gets|got|holds|is holding|is playing|plays|buys|bought|takes|took|receives|received|is dancing with|dances with|sits in|wears|owns|carries|picks|starts with|begins with|is given|drives) (?:an? |the )?([\w'’ .-]{{1,60}}?)$"
)
_SWAP = re.compile(
    rf"^(?:first|second|third|then|next|later|after that|afterwards|finally|lastly|at last|in the end)?,? ?({_NAME}) and ({_NAME}) (?:then )?(?:swap|trade|exchange|switch|swapped|traded|exchanged|switched|change|changed)(?: \w+){{0,3}}$",
    re.I,
)
_EVERYBODY = re.compile(
    r"\b(?:every(?:one|body)|each|all of them|they all)\b.*\b(?:gives?|pass(?:es)?|swaps?|moves?)\b", re.I
)
_END = re.compile(
    rf"^(?:at the end(?: of the [\w ]{{1,30}})?|in the end|finally|afterwards|now|after (?:all )?(?:this|that|the swaps)),? ({_NAME}) (?:has|is|gets|holds|owns|wears|drives|carries|sits in)(?: \w+ing)?(?: with)?(?: the| in)?$",
    re.I,
)
_ASKS = re.compile(
    rf"^(?:(?:at|in) the end(?: of the [\w ]{{1,30}})?,? |so,? |now,? |finally,? )?(?:(?:what|which \w+) (?:does|is|did) ({_NAME}) (?:\w+ )?(?:have|hold|own|holding|end up with|wear|get|drive|carry)(?: \w+){{0,4}}|who (?:has|holds|owns|wears|drives|carries|gets|ends up with) (?:the |an? )?([\w' -]{{1,60}}?)(?: (?:now|in the end|at the end))?)$",
    re.I,
)


def answer_exchanges(message: Message) -> Told | None:
    """Who has what after the swaps; None where a sentence is not understood or nothing is swapped."""
    sentences, asked = message.premises, message.asked
    holder: dict[str, str] = {}
    read, swaps = [], 0
    for sentence in sentences[:MAX_STEPS]:
        match = _SWAP.match(sentence.strip(" ."))
        if match:
            one, two = match[1], match[2]
            if one not in holder or two not in holder or one == two:
                return None
            holder[one], holder[two] = holder[two], holder[one]
            swaps += 1
            read.append((sentence, f"swap({one}, {two})"))
            continue
        given = _given(sentence)
        if given is None or swaps or any(name in holder for name in given):
            if swaps or _mentions(sentence, holder) or _EVERYBODY.search(sentence):
                return None
            read.append((sentence, "background"))
            continue
        holder |= given
        read.append((sentence, "; ".join(f"has({name}, {thing})" for name, thing in given.items())))
    if not swaps or len(sentences) > MAX_STEPS or len(set(holder.values())) != len(holder):
        return None
    return _held(message, asked, holder, tuple(read))


def _given(sentence: str) -> dict[str, str] | None:
    """Who has what at the start: "…: A has x, B has y, and C has z"."""
    body = sentence.strip(" .").rsplit(": ", 1)[-1]
    found: dict[str, str] = {}
    for part in re.split(rf",? and (?={_NAME} )|, (?={_NAME} )", body):
        match = _HOLDS.match(part.strip())
        if match is None:
            return None
        found[match[1]] = match[2]
    return found


def _mentions(sentence: str, holder: dict[str, str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", sentence) for name in holder)


def _held(message: Message, asked: str, holder: dict[str, str], read: tuple[tuple[str, str], ...]) -> Told | None:
    end, asks = _END.match(asked.strip(" .?:")), _ASKS.match(asked.strip(" .?:"))
    used = tuple(sentence for sentence, formula in read if formula != "background")
    thing = ""
    if end or asks and asks[1]:
        name = end[1] if end else asks[1] if asks else ""
        if name not in holder:
            return None
        thing = holder[name]
    elif asks:
        wanted = asks[2].lower()
        owners = [name for name, held in holder.items() if held.lower() == wanted]
        if len(owners) != 1:
            return None
        thing = owners[0]
    else:
        return None
    if not message.options:
        return Told(thing, used, read)
    fitting = [option.letter for option in message.options if option.text.strip(" .").lower() == thing.lower()]
    return Told(fitting[0], used, read, thing) if len(fitting) == 1 else None


# Who says who lies --------------------------------------------------------------------------------------------------

_TRUTH = r"(tells? the truth|lies|lie|is lying|is a liar|is truthful|is honest|is telling the truth|always lies|always tells the truth)"
_FACT = re.compile(rf"^({_NAME}) {_TRUTH}$")
_SAYS = re.compile(rf"^({_NAME}) (?:says|claims|states|asserts)(?: that)?,? ({_NAME}) {_TRUTH}$")
_DOES = re.compile(
    rf"^(?:does|is) ({_NAME}) (tell the truth|lie|lying|a liar|truthful|honest|telling the truth)$", re.I
)


def answer_liars(message: Message) -> Told | None:
    """Whether somebody tells the truth, where all say the truth or all lie; None where the text is another one."""
    asked = _DOES.match(message.asked.strip(" ?."))
    if message.kind != "question" or asked is None or len(message.premises) > MAX_STEPS:
        return None
    links: dict[str, list[tuple[str, bool, str]]] = {}
    known: dict[str, tuple[bool, tuple[str, ...]]] = {}
    read = []
    for sentence in message.premises:
        plain = re.sub(r"^Question: ", "", sentence).strip(" .")
        fact, says = _FACT.match(plain), _SAYS.match(plain)
        if fact:
            truth = _truthful(fact[2])
            if fact[1] in known and known[fact[1]][0] != truth:
                return None
            known[fact[1]] = (truth, (sentence,))
            read.append((sentence, f"{'' if truth else 'not '}truthful({fact[1]})"))
        elif says:
            same = _truthful(says[3])
            for one, two in ((says[1], says[2]), (says[2], says[1])):
                links.setdefault(one, []).append((two, same, sentence))
            read.append((sentence, f"truthful({says[1]}) iff {'' if same else 'not '}truthful({says[2]})"))
        else:
            return None
    return _spread(asked, known, links, tuple(read)) if links else None


def _truthful(words: str) -> bool:
    return "truth" in words or "honest" in words


def _spread(
    asked: re.Match[str], known: dict[str, tuple[bool, tuple[str, ...]]],
    links: dict[str, list[tuple[str, bool, str]]], read: tuple[tuple[str, str], ...],
) -> Told | None:  # fmt: skip
    """Carry what is known along the sayings; a contradiction means the text is not of this kind."""
    queue = list(known)
    while queue:
        one = queue.pop()
        truth, used = known[one]
        for two, same, sentence in links.get(one, ()):
            other = truth if same else not truth
            if two in known:
                if known[two][0] != other:
                    return None
                continue
            known[two] = (other, (*used, sentence))
            queue.append(two)
    if asked[1] not in known:
        return (
            Told("Unknown", (), read, "Nothing says whether one of them tells the truth.")
            if asked[1] in links
            else None
        )
    truth, used = known[asked[1]]
    return Told(str(truth == _truthful(asked[2].lower())), used, read, "Each is taken to lie always or never.")
