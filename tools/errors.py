"""Every way a tool can fail, drawn as a tree; the message is an observation the planner can act on.

    ToolError                        a tool could not do what it was asked; says why and what to do instead
    ├── CalculationError             the calculator gives no value
    │   ├── NotAnExpression          the text is not an expression of the calculator's language
    │   └── CalculationRefused       it is one, but undefined, ambiguous or too large
    ├── EquationError            the relations give no single value
    │   ├── NotEquations         the text is not in the language of equations, or too large
    │   ├── NoSolution           no values meet all relations
    │   └── ManySolutions        several values meet all relations
    ├── ProgramsUnavailable          the sandbox for programs is missing, so running code is off
    ├── ToolBroke                    what does a tool's work died or gave garbage; its arguments were not the reason
    ├── FetchError                   a page could not be fetched
    │   ├── FetchRefused             the address, port, type or size is not allowed; nothing was contacted
    │   ├── FetchBusy                the site asks us to wait
    │   └── FetchTimedOut            the page did not come in time
    ├── SearchError                  a web search gave nothing usable
    │   ├── NoResults                the engines answered and found nothing
    │   ├── RateLimited              the engines ask us to wait
    │   └── SearchTimedOut           no engine answered in time
    └── Offline                      there is no network

A failure inside a program written by the model is not an exception but a `ProgramResult` with `error`.
"""

from __future__ import annotations


class ToolError(Exception):
    """A tool could not do what it was asked; says why and what to do instead."""


class CalculationError(ToolError):
    """The calculator gives no value."""


class NotAnExpression(CalculationError):
    """The text is not an expression of the calculator's language."""


class CalculationRefused(CalculationError):
    """It is an expression, but undefined, ambiguous or too large."""


class EquationError(ToolError):
    """The relations give no single value."""


class NotEquations(EquationError):
    """The text is not in the language of equations, or too large."""


class NoSolution(EquationError):
    """No values meet all relations."""


class ManySolutions(EquationError):
    """Several values meet all relations."""


class ProgramsUnavailable(ToolError):
    """The sandbox for programs is missing, so running code is off."""


class ToolBroke(ToolError):
    """What does a tool's work (a child, a solver) died or gave garbage; its arguments were not the reason."""


class FetchError(ToolError):
    """A page could not be fetched."""


class FetchRefused(FetchError):
    """The address, port, type or size is not allowed; nothing was contacted, or the body was dropped."""


class FetchBusy(FetchError):
    """The site asks us to wait; `seconds` is how long."""

    def __init__(self, text: str, seconds: float = 60.0) -> None:
        super().__init__(text)
        self.seconds = seconds


class FetchTimedOut(FetchError):
    """The page did not come in time."""


class SearchError(ToolError):
    """A web search gave nothing usable."""


class NoResults(SearchError):
    """The engines answered and found nothing."""


class RateLimited(SearchError):
    """The engines ask us to wait; `seconds` is how long."""

    def __init__(self, text: str, seconds: float = 60.0) -> None:
        super().__init__(text)
        self.seconds = seconds


class SearchTimedOut(SearchError):
    """No engine answered in time."""


class Offline(ToolError):
    """There is no network."""
