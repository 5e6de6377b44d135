"""Read a school problem whose unknown must be solved for as a text of equations, or None where code is not sure.

    read_equations("Ann is 5 years older than Ben. Together they are 31. How old is Ben?")
        ann = ben + 5
        ann + ben = 31
        nonnegative ann, ben
        ? ben

Every sentence must be read whole; one word outside the shapes and nothing is read. A reading of words counts only if
its equations have one solution; equations that stand written (reading_written.py) are taken as they are.
"""

from __future__ import annotations

from tools.equation_text import read_system
from tools.equations import solve_equations
from tools.errors import EquationError
from tools.numerals import plain_text
from tools.reading_classics import classic_puzzle
from tools.reading_number_puzzles import number_puzzle
from tools.reading_relations import relations
from tools.reading_written import written_equations

MAX_QUESTION = 700


def read_equations(question: str) -> str | None:
    """Return the equations (the language of `solve_equations`) that the whole question states, or None.

    Args:
        question: a problem as a person typed it.
    """
    if len(question) > MAX_QUESTION:
        return None
    text = " ".join(plain_text(question).replace("’", "'").split())
    written = written_equations(text)
    if written:
        return written if _readable(written) else None
    for equations in (relations(text), number_puzzle(text.lower()), classic_puzzle(text.lower())):
        if equations and _solvable(equations):
            return equations
    return None


def _readable(equations: str) -> bool:
    """Whether the language takes them; that they have no solution, or many, is then the answer."""
    try:
        read_system(equations)
    except EquationError:
        return False
    return True


def _solvable(equations: str) -> bool:
    try:
        solve_equations(equations)
    except EquationError:
        return False
    return True
