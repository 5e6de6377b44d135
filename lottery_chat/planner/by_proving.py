"""Solve by proving: a logic text read by the pattern grammar and decided by the solver (paper.md 2.3, 2.7)."""

from __future__ import annotations

import re
from typing import Any

from lottery_chat.events import Progress
from lottery_chat.planner.by_formalising import formalised
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.values import Solution
from tools.errors import ToolError

#: Verdicts that the solver stands behind.
DECIDED = ("proved", "disproved", "unknown")


def by_proof(run: Run, node: Node, text: str) -> Steps[Solution]:
    """Answer a logic text.

    Raises:
        ToolError: a sentence could not be read and the answer depends on it, or time ran out.
    """
    function = yield from run.open("function", "prove", node)
    yield Progress("Reading the premises")
    try:
        result = yield from run.call(
            function,
            "logic",
            text,
            lambda: run.resources.prove.solve(text, run.budget.cancel, None, run.ask.prove),
            _shown,
        )
    except ToolError as error:
        yield function.closed("failed", str(error))
        raise
    result = yield from _completed(run, function, text, result)
    unread = [sentence.text for sentence in result.sentences if sentence.formula is None]
    by_model = _by_model(result)
    if unread:
        yield from run.notice(
            "Not read by the grammar, so not used in the proof: " + " · ".join(f"“{one}”" for one in unread[:4])
        )
    if result.verdict == "contradiction":
        yield function.closed("done", "the premises contradict each other")
        return Solution(
            text="The premises contradict each other, so anything would follow. " + (result.note or ""), known="proved", checked=not unread and not by_model,
            check="the solver found no way to make all premises true", method="proof", answer="contradiction",
        )  # fmt: skip
    if result.verdict not in DECIDED:
        detail = result.note or f"verdict: {result.verdict}"
        yield function.closed("failed", detail)
        raise ToolError(detail)
    confirmed = (yield from _roles(run, function, result)) if "roles" in run.ask.prove else None
    if confirmed is False:
        yield function.closed("failed", "the verifier does not confirm the proof")
        raise ToolError("A second method does not confirm the proof, so it is not used.")
    yield from run.verified(function, _verification(result, by_model), not by_model and not result.presumed)
    answer = _answer(text, result)
    yield function.closed("done", f"{result.verdict}: {answer}")
    run.store_request(function, "logic", text, answer)
    if run.resources.symbols is not None and "memory" not in run.ask.without:
        run.resources.symbols.keep(run.id, result)
    return Solution(
        text=_text(result, answer), answer=answer, known="proved",
        checked=result.verdict in ("proved", "disproved") and not by_model and not result.presumed,
        check=_check(result, bool(unread), by_model) + ("; a second method confirms it" if confirmed else ""),
        method="proof",
    )  # fmt: skip


def _roles(run: Run, node: Node, result: Any) -> Steps[bool | None]:
    """The four roles of SymbCoT as nodes of the trace; the Verifier is a second solver, not a second opinion."""
    read = [one for one in result.sentences if one.formula]
    shown = {
        "Translator": (
            "\n".join(f"{one.formula} ::: {one.text}" for one in read),
            f"{len(read)} sentences as formulas",
        ),
        "Planner": (
            "\n".join((*result.ranking, *result.visited)) or f"by {result.kind}",
            f"{result.kind}, {len(result.ranking) or len(read)} premises, {len(result.visited)} sub-goals walked",
        ),
        "Solver": ("\n".join(step.text for step in result.steps), f"{result.verdict} in {len(result.steps)} steps"),
    }
    for role, (text, outcome) in shown.items():
        child = yield from run.open("function", role, node)
        run.store_request(child, role.lower(), result.statement, text)
        yield child.closed("done", outcome)
    child = yield from run.open("function", "Verifier", node)
    confirmed = yield from run.call(
        child, "logic check", result.goal or result.statement,
        lambda: run.resources.prove.recheck(result, run.budget.cancel), str,
    )  # fmt: skip
    said = {
        None: "nothing to check again",
        True: "confirmed by Z3 from the premises used alone",
        False: "not confirmed",
    }
    yield child.closed("failed" if confirmed is False else "done", said[confirmed])
    return confirmed


def _completed(run: Run, node: Node, text: str, result: Any) -> Steps[Any]:
    """The result with the unread sentences written by g_φ, where that decides it; else the result as it was."""
    if result.verdict in (*DECIDED, "contradiction"):
        return result
    formulas = yield from formalised(run, node, text)
    if not formulas:
        return result
    child = yield from run.open("function", "Solver: with the model's formulas", node)
    try:
        again = yield from run.call(
            child, "logic", "\n".join(f"{formula} ::: {sentence}" for sentence, formula in formulas.items()),
            lambda: run.resources.prove.solve(text, run.budget.cancel, formulas), _shown,
        )  # fmt: skip
    except ToolError as error:
        yield child.closed("failed", str(error))
        return result
    # A contradiction, or that nothing follows, may only be what the model left out of its formulas.
    decided = again.verdict in ("proved", "disproved")
    yield child.closed("done" if decided else "failed", again.note or f"{again.verdict}: {again.answer}")
    return again if decided else result


def _by_model(result: Any) -> list[str]:
    """The sentences the model read that the answer rests on."""
    read = [sentence.text for sentence in result.sentences if sentence.reader == "model"]
    used = [text for text in read if text in result.premises_used]
    asked = [text for text in read if text == result.statement]
    return [*used, *asked]


def _verification(result: Any, by_model: list[str]) -> str:
    if by_model:
        return "Verifier: the model read " + " · ".join(f"“{one}”" for one in by_model)
    if result.presumed:
        return "Verifier: the text does not say: " + " ".join(result.presumed)
    return "every premise used was read by code"


def _shown(result: Any) -> str:
    readers = {"grammar": "", "model": "(read by the model) ", None: ""}
    lines = [f"{readers[one.reader]}{one.formula or 'NOT READ'} ::: {one.text}" for one in result.sentences]
    lines += ["", f"{result.verdict}: {result.answer}"]
    lines += [f"{number}. {step.text}" for number, step in enumerate(result.steps, 1)]
    return "\n".join(lines)


#: The last sentence asks yes or no.
_YES_NO = re.compile(
    r"(?:^|[.!?:]\s+|\n)(?:is|are|was|were|does|do|did|can|could|will|would|has|have|must|should)\b[^.!?]*\?\s*$",
    re.IGNORECASE,
)


def _answer(text: str, result: Any) -> str:
    """The short answer: an option's letter, a name, or yes and no where that was asked."""
    if result.option:
        return str(result.option)
    if _YES_NO.search(text.strip()):
        return {"True": "Yes", "False": "No"}.get(result.answer, str(result.answer))
    return str(result.answer)


def _text(result: Any, answer: str) -> str:
    head = f"**{result.option}) {result.statement}**" if result.option and result.statement else f"**{answer}**"
    why = {
        "proved": "It follows from the premises:",
        "disproved": "The opposite follows from the premises:",
        "unknown": "Neither it nor its opposite follows from the premises.",
    }[result.verdict]
    if result.kind in ("ordering", "arrangement"):
        why = (
            "This is the only possibility that satisfies every statement:"
            if result.steps
            else "It holds in every arrangement that satisfies the statements."
        )
    if result.presumed:
        why = f"This presumes what the text does not say: {' '.join(result.presumed)}\n\n{why}"
    steps = "\n".join(f"{number}. {step.text}" for number, step in enumerate(result.steps, 1))
    return f"{head}\n\n{why}" + (f"\n\n{steps}" if steps else "")


def _check(result: Any, unread: bool, by_model: list[str]) -> str:
    how = {
        "chaining": "forward chaining",
        "first-order": "Z3, by refutation",
        "ordering": "the solver, over every arrangement",
        "arrangement": "the solver, over every arrangement",
        "relations": "rules for kinship, places, swaps and liars",
    }.get(result.kind, "the solver")
    read = "the premises used were read by code" if unread else "all premises were read by code"
    if by_model:
        read = (
            f"the model read {' and '.join(f'“{one}”' for one in by_model[:4])}, so this is no proof of the text itself"
        )
    if result.presumed:
        read += f"; presumed, though the text does not say it: {' '.join(result.presumed)}"
    return f"Decided by {how}; {read}"
