"""Read a school problem whose unknown must be solved for as a text of equations, or None where code is not sure.

    read_equations("Ann is 5 years older than Ben. Together they are 31. How old is Ben?")
        ann = ben + 5
        ann + ben = 31
        nonnegative ann, ben
        ? ben

Every sentence must be read whole; one word outside the shapes and nothing is read. A reading counts only if its
equations have one solution.
"""

from __future__ import annotations

from tools.equations import solve_equations
from tools.errors import EquationError
from tools.numerals import plain_text
from tools.reading_number_puzzles import number_puzzle
from tools.reading_relations import relations

MAX_QUESTION = 700


def read_equations(question: str) -> str | None:
    """Return the equations (the language of `solve_equations`) that the whole question states, or None.

    Args:
        question: a problem as a person typed it.
    """
    if len(question) > MAX_QUESTION:
        return None
    text = " ".join(plain_text(question).replace("’", "'").split())
    for equations in (relations(text), number_puzzle(text.lower())):
        if equations and _solvable(equations):
            return equations
    return None


def _solvable(equations: str) -> bool:
    try:
        solve_equations(equations)
    except EquationError:
        return False
    return True
