"""Which of the caller's functions to call, and with what: chosen and checked by code, written by g_φ. Nothing is run.

Sources: R finds the candidates (paper.md 1, line 29); form constrained late (paper.md 3): the model writes in the
form it was trained on, after a lead of code's, and code fits what it wrote to the schema. Small models write one call
and take any function for fitting; so whether a function fits and how many calls it takes is not left to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.errors import TextTooLong
from lottery_chat.events import Progress
from lottery_chat.messages import Message
from lottery_chat.planner.calls_cover import MOST, about, asked_for, parts, spread, uncovered
from lottery_chat.planner.calls_fit import Fitted, fit
from lottery_chat.planner.calls_form import Call, Function, read_calls, read_functions, shown, written
from lottery_chat.planner.calls_kept import inherited, invented, is_new, is_outdone, judged, solution_of
from lottery_chat.planner.calls_said import Said
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.prompts import render
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution

#: Tokens kept for a reply with calls; a call has about 40.
ROOM = 320
#: So many functions at most are shown to the model.
SHOWN = 4
#: Calls that are asked for one by one after the first reply.
FURTHER = 4
#: Likeness (0 to 1) times the weight and the model's log-odds of "yes" together, against the gate `fits` (gates.py):
#: below it no function fits. Fitted on the lab's own requests (own_calls, 40 items, half of which fit nothing), where
#: it tells 39 apart for the 0.5B and 40 for the 1.5B; a model that was not measured takes what lies between.
LIKENESS_WEIGHT = 3.0
#: So little above it, a value that was not said is enough for no call.
DOUBTFUL = 0.4
#: So little below it, a function still fits when the person's own words give at least two of its required values and
#: lack none.
NEARLY, VALUES = 0.6, 2
#: From this likeness on the model is not asked whether the function fits.
SURELY = 0.6
#: After the two braces that close a call: anything but another bracket, a comma or a mark.
_GONE_ON = re.compile(r"\}\s*\}\s*(?:</tool_call>)?\s*[^\s<>,\[\]{}]")
_LEAD = '<tool_call>\n{"name": "'


@dataclass(frozen=True, slots=True)
class Offer:
    """An offered function with how near the request is to it, 0 to 1, and the part of the request that is nearest."""

    function: Function
    near: float
    part: str


def bare_calls(run: Run, node: Node, words: str, tools: Sequence[Mapping[str, Any]]) -> Steps[Solution]:
    """The baseline: one call of g_φ in its family's own form for tools, taken as it comes. No call found is no call."""
    functions = read_functions(tools)
    reply = yield from run.generate(node, "write the calls", _asked(words, functions), room=ROOM)
    calls = read_calls(reply.text, functions, any_name=True)
    return solution_of(calls, "one call of the model; nothing was checked", "" if calls else "the model wrote no call")


def by_calling(run: Run, node: Node, words: str, tools: Sequence[Mapping[str, Any]]) -> Steps[Solution]:
    """The calls the request needs, each of which fits its function's schema, or none with the reason."""
    _, solution = yield from calls_for(run, node, words, tools)
    return solution


def calls_for(
    run: Run, node: Node, words: str, tools: Sequence[Mapping[str, Any]]
) -> Steps[tuple[Sequence[Fitted], Solution]]:
    """The same, with the calls as they were fitted; none where no call is made."""
    functions = read_functions(tools)
    if not functions:
        return (), solution_of((), "read by code", "no function is offered")
    offers = _offers(run, words, functions)
    margin = yield from _margin(run, node, words, offers[0])
    if margin < -NEARLY:
        return (), solution_of(
            (), "the request was compared with each function", "no offered function fits the request"
        )
    said = Said(words)
    kept = list(functions) if "shortlist" in run.ask.without else _kept(offers, said)
    nearest = {one.function.name: one.part for one in offers}
    child = yield from run.open("function", "write the calls", node)
    yield Progress("Choosing what to call")
    fitted = yield from _first(run, child, words, kept, said, nearest)
    good = [one for one in fitted if not one.problems]
    good = [one for one in good if one is good[0] or not one.unfounded]
    if good and margin < 0 and (good[0].unfounded or len(good[0].founded) < VALUES):
        return (), solution_of(
            (), "the request was compared with each function", "no offered function fits the request"
        )
    if good and invented(good, margin < DOUBTFUL):
        lacking = ", ".join(dict.fromkeys(name for one in good for name in one.unfounded))
        fitted, good = [Fitted(good[0].call, (f"the request does not say {lacking}",))], []
    if good:
        good = yield from _further(run, child, words, kept, said, good, nearest)
    by_name = {one.name: one for one in kept}
    calls = spread([one.call for one in good], by_name, words)
    checked = [fit(call, by_name[call.name], said) for call in calls]
    solution = judged(checked, fitted)
    yield from run.verified(child, solution.check, bool(calls))
    run.store_request(child, "functions", solution.answer or "[]", solution.check)
    yield child.closed("done" if calls else "failed", solution.text)
    return checked if calls else (), solution


# -- which functions ---------------------------------------------------------------------------------------------


def _offers(run: Run, words: str, functions: Sequence[Function]) -> list[Offer]:
    """The functions, nearest first: a request for several things is as near as the nearest of its parts."""
    asked = [words, *parts(words)][:12]
    cards = [f"{re.sub(r'[._]+', ' ', one.name)}: {one.about}"[:600] for one in functions]
    try:
        likeness = run.resources.similar([one[:600] for one in asked], cards)
    except TextTooLong:  # 600 letters are at most the embedder's 254 tokens in nearly all writing, not in all
        likeness = None
    if likeness is None:
        likeness = [[_shared(one, card) for card in cards] for one in asked]
    offers = []
    for index, function in enumerate(functions):
        column = [row[index] for row in likeness]
        part = max(range(1, len(asked)), key=lambda at: column[at], default=0)
        offers.append(Offer(function, max(column), asked[part]))
    return sorted(offers, key=lambda one: -one.near)


def _shared(request: str, card: str) -> float:
    """The share of the card's words that stand in the request, while there is no embedder."""
    said = Said(request)
    words = {word for word in re.findall(r"[a-z]{4,}", card.lower())}
    return sum(said.speaks_of(word) for word in words) / max(4, len(words))


def _margin(run: Run, node: Node, words: str, best: Offer) -> Steps[float]:
    """By how much the nearest function does what is asked: likeness, and one word of g_φ by its probability."""
    if best.near >= SURELY:
        return 1.0
    child = yield from run.open("model", f"does {best.function.name} fit?", node)
    function = f"{best.function.name}({', '.join(best.function.properties)}): {best.function.about}"
    blocks = [
        Block("system", Message("system", render("calls_fits_system"))),
        Block("question", Message("user", render("calls_fits", function=function, request=words.strip()))),
    ]
    scores = yield from run.labels(child, "does the function fit?", blocks, ("yes", "no"))
    sure = scores["yes"] - scores["no"] + LIKENESS_WEIGHT * best.near
    yield child.closed("done", f"likeness {best.near:.2f}, yes {scores['yes']:.2f}, no {scores['no']:.2f}")
    return sure - run.gates().fits


def _kept(offers: Sequence[Offer], said: Said) -> list[Function]:
    """The functions that are shown to the model: near ones, and those whose own words stand in the request."""
    functions = [one.function for one in offers]
    best = offers[0].near
    near = [
        one.function for one in offers
        if one.near >= max(0.25, 0.6 * best) or one is offers[0] or asked_for(one.function, functions, said)
    ]  # fmt: skip
    return near[:SHOWN]


# -- writing -----------------------------------------------------------------------------------------------------


def _asked(words: str, functions: Sequence[Function]) -> list[Block]:
    declared = "\n".join(one.declared() for one in functions)
    return [
        Block("tools", Message("system", render("calls_system", tools=declared))),
        Block("question", Message("user", words.strip())),
    ]


def _lead(done: Sequence[Call], function: Function | None) -> str:
    """What the model goes on from: the calls there are, and the beginning of the next."""
    calls = "".join(f"<tool_call>\n{written([call])[1:-1]}\n</tool_call>\n" for call in done)
    return calls + _LEAD + (f'{function.name}", "arguments": {{' if function else "")


def _write(
    run: Run, node: Node, purpose: str, words: str, functions: Sequence[Function], lead: str, said: Said
) -> Steps[list[Fitted]]:
    """The calls the model writes from a lead on, fitted; those of the lead are not among them."""
    blocks = [*_asked(words, functions), Block("tools", Message("assistant", lead))]
    reply = yield from run.generate(node, purpose, blocks, room=ROOM, watch=_enough)
    open_call = lead[lead.rindex("<tool_call>") :]
    by_name = {one.name: one for one in functions}
    return [fit(call, by_name[call.name], said) for call in read_calls(open_call + reply.text, functions)]


def _enough(text: str) -> bool:
    """Whether a reply has gone on to something that is no call."""
    return text.count('"arguments"') > MOST or _GONE_ON.search(text) is not None


def _first(
    run: Run, node: Node, words: str, functions: Sequence[Function], said: Said, nearest: Mapping[str, str]
) -> Steps[list[Fitted]]:
    """The first calls: from the part of the request that is about one function where several are asked for."""
    asked = [one for one in functions if asked_for(one, functions, said)]
    if len({nearest[one.name] for one in asked}) > 1:
        # From the whole, small models mix the values of the parts.
        part = nearest[asked[0].name]
        some = yield from _write(run, node, "write a call", part, functions, _lead((), asked[0]), Said(part))
        if some and not some[0].problems and not (whole := fit(some[0].call, asked[0], said)).unfounded:
            return [whole]
    only = functions[0] if len(functions) == 1 else None
    lead = _lead((), only)
    fitted = yield from _write(run, node, "write the calls", words, functions, lead, said)
    bad = next((one for one in fitted if one.problems), None)
    if fitted and bad is None:
        return fitted
    error = "; ".join(bad.problems) if bad else "no call could be read"
    wrong = shown(bad.call) if bad else lead
    blocks = [
        *_asked(words, functions),
        Block("tools", Message("assistant", wrong)),
        Block("tools", Message("user", render("calls_repair", error=error))),
        Block("tools", Message("assistant", lead)),
    ]
    reply = yield from run.generate(node, "repair the call", blocks, room=ROOM, watch=_enough)
    by_name = {one.name: one for one in functions}
    again = [fit(call, by_name[call.name], said) for call in read_calls(lead + reply.text, functions)]
    mended = [one for one in again if not one.problems]
    return [one for one in fitted if not one.problems] + mended or fitted


def _further(
    run: Run, node: Node, words: str, functions: Sequence[Function], said: Said, good: list[Fitted],
    nearest: Mapping[str, str],
) -> Steps[list[Fitted]]:  # fmt: skip
    """Have more calls written while a function is asked for that none names, or values stand in none.

    Each is written from the part of the request that is left, alone: small models asked again for the whole write the
    same again. What that part leaves unsaid is as in the call before.
    """
    by_name = {one.name: one for one in functions}
    tried: set[str] = set()
    for _ in range(FURTHER):
        calls = spread([one.call for one in good], by_name, words)
        left = uncovered(words, calls)
        named = {call.name for call in calls}
        unnamed = [one for one in functions if one.name not in named and asked_for(one, functions, said)]
        wanted = [one for one in unnamed if one.name not in tried]
        clause = nearest[wanted[0].name] if wanted else about(words, left, tried)
        target = wanted[0] if wanted else functions[0] if len(functions) == 1 else None
        if not clause or run.budget.spent.calls + 1 >= run.budget.limits.calls:
            break
        tried |= {clause, wanted[0].name if wanted else clause}
        lead = _lead((), target)
        more = yield from _write(run, node, "is there another call?", clause, functions, lead, Said(clause))
        more = [inherited(one, good, by_name, words) for one in more]
        good = good + [one for one in more if is_new(one, calls, left, unnamed)]
    return [one for one in good if not is_outdone(one, good)]
