"""The arms of the lab: names for settings of `ask`, each part of A off in one of them."""

from __future__ import annotations

from collections.abc import Mapping

from lottery_chat.errors import SettingsError
from lottery_chat.lab.values import Arm

#: Parts that `ask(without=…)` knows, with what is left then.
_PARTS: Mapping[str, str] = {
    "python": "no programs",
    "retrieval": "no documents",
    "solver": "no logic solver",
    "formalise": "sentences the grammar cannot read stay unread",
    "gate": "the model is never asked what it knows by heart",
    "verify": "no second program, no support gate",
    "divide": "questions stay whole",
    "memory": "no conversation, nothing kept",
    "preprocess": "long texts and passages whole, follow-ups as written",
    "triples": "nothing is answered from (entity, relation, object) that code read",
    "shortlist": "every offered function in the prompt, none chosen by R",
    "model": "what code answers alone; the rest fails",
}
_PROOFS: Mapping[str, str] = {
    "ordered": "premises ordered by relevance and determinacy (DetermLR)",
    "goals": "from the goal backwards over sub-goals (recursion)",
    "roles": "translator, planner, solver, verifier; each proof checked by a second method (SymbCoT)",
}
_MODES = ("fast", "deliberate", "strict")

ARMS: Mapping[str, Arm] = {
    one.name: one
    for one in (
        Arm("bare", "bare", about="one call, the question as it is"),
        Arm("cot", "cot", about="one call, “Let's think step by step”"),
        Arm("pal", "pal", about="one program, run once"),
        Arm("rag-always", "rag", retrieval="always", about="one call, five passages before the question"),
        Arm("by-heart", "heart", about="one call, the gate's own prompt: a short phrase of at most twelve tokens"),
        Arm("planner", "auto", about="A as it answers people"),
        *(Arm(f"planner:no-{part}", "auto", (part,), about=f"A, {what}") for part, what in _PARTS.items()),
        *(
            Arm(f"prove:{name}", "auto", ("model",), about=f"planner:no-model, {what}", prove=(name,))
            for name, what in _PROOFS.items()
        ),
        *(Arm(f"planner:{mode}", mode, about=f"A in the mode {mode}") for mode in _MODES),
    )
}
#: The arm that a retrieval task has: no setting of `ask`, because no model is asked.
SEARCH = Arm("search", "search", about="R alone: which passages it finds; no model is asked")


def arm(name: str) -> Arm:
    """Return the arm of this name; `planner:no-python+no-solver` has several parts off.

    Raises:
        SettingsError: there is no such arm.
    """
    if name in ARMS:
        return ARMS[name]
    if name == SEARCH.name:
        raise SettingsError(
            "The arm 'search' belongs to tasks that end in ':search', which have no other: leave out --arm."
        )
    head, _, rest = name.partition(":")
    parts = rest.split("+")
    if head == "planner" and len(parts) > 1 and all(part[:3] == "no-" and part[3:] in _PARTS for part in parts):
        # One setting has one name, whatever the order it was typed in: the name is part of a record's key.
        without = tuple(sorted({part[3:] for part in parts}))
        name = f"planner:{'+'.join(f'no-{part}' for part in without)}"
        return ARMS.get(name) or Arm(name, "auto", without, about=f"A without {', '.join(without)}")
    raise SettingsError(f"Unknown arm {name!r}; one of {', '.join(ARMS)}, or several as planner:no-python+no-solver.")
