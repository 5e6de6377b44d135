"""Decide goals from premises by Z3 refutation, both ways, in a limited child; the only importer of Z3.

First-order formulas over an uninterpreted, non-empty domain, and places on an axis as whole numbers. "must" means
that premises and the goal's opposite cannot hold together, "cannot" that premises and the goal cannot, "can" that
both are possible, "undecided" that Z3 gave up or ran out of time. Z3's own time limit is soft: `solve_in_child` is
to be run only in a process that can be killed.

What this does not do: equality of individuals, arithmetic beyond places, and promise an end for every formula.
"""

from __future__ import annotations

import time
from typing import Any

import z3

from tools.logic.language import (
    And,
    Atom,
    Compare,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Name,
    Not,
    Or,
    Variable,
    Xor,
)
from tools.logic.notation import read

MEMORY_MB = 400  # Z3's own ceiling inside the child
MAX_TRIED = 60  # premises of a clash that are tried one by one


class _Encoder:
    """Formulas to Z3 terms; symbols are made once and shared."""

    def __init__(self) -> None:
        self.domain = z3.DeclareSort("Thing")
        self.names: dict[str, Any] = {}
        self.predicates: dict[tuple[str, int], Any] = {}
        self.places: dict[tuple[str, str], Any] = {}

    def term(self, term: Name | Variable, bound: dict[str, Any]) -> Any:
        if isinstance(term, Variable):
            if term.name not in bound:
                raise ValueError(f"The variable {term.name!r} is not bound by a quantifier.")
            return bound[term.name]
        return self.names.setdefault(term.name, z3.Const(f"n_{term.name}", self.domain))

    def place(self, axis: str, entity: str) -> Any:
        return self.places.setdefault((axis, entity), z3.Int(f"{axis}[{entity}]"))

    def atom(self, atom: Atom, bound: dict[str, Any]) -> Any:
        key = (atom.predicate, len(atom.args))
        if key not in self.predicates:
            sorts = [self.domain] * len(atom.args) + [z3.BoolSort()]
            self.predicates[key] = z3.Function(f"p_{atom.predicate}_{len(atom.args)}", *sorts)
        value = self.predicates[key](*(self.term(arg, bound) for arg in atom.args))
        return z3.Not(value) if atom.negated else value

    def compare(self, leaf: Compare) -> Any:
        left = self.place(leaf.axis, leaf.left)
        right = leaf.offset if leaf.right is None else self.place(leaf.axis, leaf.right) + leaf.offset
        return left < right if leaf.op == "<" else left == right

    def encode(self, formula: Formula, bound: dict[str, Any]) -> Any:
        if isinstance(formula, Atom):
            return self.atom(formula, bound)
        if isinstance(formula, Compare):
            return self.compare(formula)
        if isinstance(formula, (ForAll, Exists)):
            fresh = {v.name: z3.Const(f"v_{v.name}_{len(bound)}", self.domain) for v in formula.variables}
            body = self.encode(formula.body, bound | fresh)
            quantify = z3.ForAll if isinstance(formula, ForAll) else z3.Exists
            return quantify(list(fresh.values()), body) if fresh else body
        return self.connective(formula, bound)

    def connective(self, formula: Not | And | Or | Xor | Implies | Iff, bound: dict[str, Any]) -> Any:
        if isinstance(formula, Not):
            return z3.Not(self.encode(formula.body, bound))
        if isinstance(formula, (And, Or)):
            parts = [self.encode(part, bound) for part in formula.parts]
            return z3.And(*parts) if isinstance(formula, And) else z3.Or(*parts)
        if isinstance(formula, Implies):
            return z3.Implies(self.encode(formula.condition, bound), self.encode(formula.conclusion, bound))
        left, right = self.encode(formula.left, bound), self.encode(formula.right, bound)
        return z3.Xor(left, right) if isinstance(formula, Xor) else left == right


def solve_in_child(request: dict[str, Any]) -> dict[str, Any]:
    """Decide every goal; JSON both ways.

    request: {"premises": [formula text], "goals": [formula text], "seconds": float,
              "axes": {axis: {"entities": [name], "places": n or 0, "distinct": bool}}}
    result: {"consistent": true|false|null, "clash": [premise index],
             "goals": [{"verdict": "must"|"cannot"|"can"|"undecided", "used": [premise index]}]}
    Raises FormulaError for a text that is not a formula.
    """
    z3.set_param("memory_max_size", MEMORY_MB)
    goals = [str(text) for text in request["goals"]]
    milliseconds = int(1000 * float(request["seconds"]) / (2 * len(goals) + 1)) + 1
    encoder = _Encoder()
    solver = z3.Solver()
    solver.set("timeout", milliseconds)
    solver.set("core.minimize", True)
    for index, text in enumerate(request["premises"]):
        solver.assert_and_track(encoder.encode(read(str(text)), {}), f"premise_{index}")
    encoded = [encoder.encode(read(text), {}) for text in goals]
    for axis, shape in request.get("axes", {}).items():
        _arrange(solver, encoder, str(axis), shape)
    state = solver.check()
    if state == z3.unsat:
        return {"consistent": False, "clash": _core(solver), "goals": []}
    return {
        "consistent": True if state == z3.sat else None,
        "clash": [],
        "goals": [_decide(solver, goal) for goal in encoded],
    }


def _arrange(solver: Any, encoder: _Encoder, axis: str, shape: dict[str, Any]) -> None:
    places = [encoder.place(axis, str(entity)) for entity in shape["entities"]]
    count = int(shape["places"])
    if count:
        solver.add(*(z3.And(place >= 1, place <= count) for place in places))
    if shape["distinct"] and len(places) > 1:
        solver.add(z3.Distinct(*places))


def _decide(solver: Any, goal: Any) -> dict[str, Any]:
    against = _check(solver, z3.Not(goal))
    if against[0] == z3.unsat:
        return {"verdict": "must", "used": against[1]}
    in_favour = _check(solver, goal)
    if in_favour[0] == z3.unsat:
        return {"verdict": "cannot", "used": in_favour[1]}
    both_possible = against[0] == z3.sat and in_favour[0] == z3.sat
    return {"verdict": "can" if both_possible else "undecided", "used": []}


def _check(solver: Any, extra: Any) -> tuple[Any, list[int]]:
    solver.push()
    try:
        solver.add(extra)
        state = solver.check()
        return state, _core(solver) if state == z3.unsat else []
    finally:
        solver.pop()


def _core(solver: Any) -> list[int]:
    return sorted(int(str(name).removeprefix("premise_")) for name in solver.unsat_core())


# Cardinalities over truth values: arrangements ------------------------------------------------------------------


def arrange_in_child(request: dict[str, Any]) -> dict[str, Any]:
    """Decide which of the checks can hold together with the premises; JSON both ways.

    A tree is a variable's number (from 1), ["not", t], ["and", t, …], ["or", t, …] or ["count", low, high, t, …].
    request: {"hard": [tree], "premises": [tree], "seconds": float,
              "checks": [{"extra": [tree], "without": [premise index], "solutions": n, "shown": [variable]}]}
    result: {"checks": [{"state": "sat"|"unsat"|"undecided", "core": [premise index], "solutions": [[true variables]],
             "whole": whether these are all solutions}]}; solutions differ in the variables of "shown".
    """
    z3.set_param("memory_max_size", MEMORY_MB)
    deadline = time.monotonic() + float(request["seconds"])
    solver = z3.Solver()
    solver.set("core.minimize", True)
    for tree in request["hard"]:
        solver.add(_truth(tree))
    marks = [z3.Bool(f"premise_{index}") for index in range(len(request["premises"]))]
    for mark, tree in zip(marks, request["premises"]):
        solver.add(z3.Implies(mark, _truth(tree)))
    return {"checks": [_arranged(solver, marks, check, deadline) for check in request["checks"]]}


def _truth(tree: Any) -> Any:
    """A tree as a Z3 formula."""
    if isinstance(tree, int):
        return z3.Bool(f"x{tree}")
    kind, *parts = tree
    if kind == "not":
        return z3.Not(_truth(parts[0]))
    if kind == "and":
        return z3.And(*map(_truth, parts))
    if kind == "or":
        return z3.Or(*map(_truth, parts))
    low, high, *counted = parts
    weighed = [(_truth(part), 1) for part in counted]
    bounds = []
    if low > 0:
        bounds.append(z3.PbGe(weighed, low) if low <= len(weighed) else z3.BoolVal(False))
    if high < len(weighed):
        bounds.append(z3.PbLe(weighed, high) if high >= 0 else z3.BoolVal(False))
    return z3.And(*bounds)


def _arranged(solver: Any, marks: list[Any], check: dict[str, Any], deadline: float) -> dict[str, Any]:
    left = set(check["without"])
    assumed = [mark for index, mark in enumerate(marks) if index not in left]
    found: list[list[int]] = []
    solver.push()
    try:
        solver.add(*(_truth(tree) for tree in check["extra"]))
        while True:
            solver.set("timeout", max(1, int(1000 * (deadline - time.monotonic()))))
            state = solver.check(*assumed)
            if state != z3.sat or len(found) >= check["solutions"]:
                break
            model = solver.model()
            true = [x for x in check["shown"] if z3.is_true(model.eval(z3.Bool(f"x{x}"), model_completion=True))]
            found.append(true)
            held = set(true)
            solver.add(z3.Or(*(z3.Not(z3.Bool(f"x{x}")) if x in held else z3.Bool(f"x{x}") for x in check["shown"])))
        first = z3.sat if found else state
        core = _smallest(solver, marks, _core(solver), deadline) if first == z3.unsat else []
        name = "sat" if first == z3.sat else "unsat" if first == z3.unsat else "undecided"
        return {"state": name, "core": core, "solutions": found, "whole": state == z3.unsat}
    finally:
        solver.pop()


def _smallest(solver: Any, marks: list[Any], core: list[int], deadline: float) -> list[int]:
    """The core without every premise it does not need; as it stands where time runs out."""
    kept = list(core)
    for index in core if len(core) <= MAX_TRIED else []:
        solver.set("timeout", max(1, int(1000 * (deadline - time.monotonic()) / 4)))
        rest = [one for one in kept if one != index]
        if solver.check(*(marks[one] for one in rest)) == z3.unsat:
            kept = rest
    return kept
