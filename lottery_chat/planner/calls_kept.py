"""Which of the written calls are kept: what a further call may leave unsaid, what was invented, how far it was checked.

Pure code, no model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lottery_chat.planner.calls_cover import is_common
from lottery_chat.planner.calls_fit import Fitted, fit
from lottery_chat.planner.calls_form import Call, Function, shown, written
from lottery_chat.planner.calls_said import Said
from lottery_chat.planner.values import Solution


def is_outdone(one: Fitted, good: Sequence[Fitted]) -> bool:
    """Whether another call of the function says the same with values that were all said, where this one invents."""
    own = {json.dumps(one.call.arguments[name]) for name in one.founded}
    return bool(one.unfounded) and any(
        other.call.name == one.call.name and not other.unfounded
        and own & {json.dumps(other.call.arguments[name]) for name in other.founded}
        for other in good
    )  # fmt: skip


def inherited(one: Fitted, good: Sequence[Fitted], functions: Mapping[str, Function], words: str) -> Fitted:
    """What a part of the request leaves unsaid is as in an earlier call of the same function."""
    earlier = next((other for other in reversed(good) if other.call.name == one.call.name), None)
    function = functions[one.call.name]
    arguments = dict(one.call.arguments)
    if earlier is not None:
        before = earlier.call.arguments
        unsaid = [*one.unfounded, *(name for name in function.required if name not in arguments)]
        unsaid += [name for name in before if name not in arguments and is_common(name, before, words)]
        arguments |= {name: before[name] for name in unsaid if name in before and name not in earlier.unfounded}
    return fit(Call(one.call.name, arguments), function, Said(words))


def invented(good: Sequence[Fitted], doubtful: bool) -> bool:
    """Whether the request lacks what the calls need: nothing of it stands there, or, in doubt, some of it does not."""
    if doubtful:
        return any(one.unfounded for one in good)
    return all(one.unfounded and not one.founded for one in good)


def is_new(one: Fitted, calls: Sequence[Call], left: Sequence[str], unnamed: Sequence[Function]) -> bool:
    """A further call counts when it fits, says nothing that nobody said, and takes in something that was left."""
    if one.problems or one.call in calls:
        return False
    if any(one.call.name == function.name for function in unnamed):
        return len(one.founded) > len(one.unfounded) or not one.unfounded
    if one.unfounded:
        return False
    own = Said(json.dumps(list(one.call.arguments.values()), ensure_ascii=False))
    return any(own.has(value) for value in left)


def judged(good: Sequence[Fitted], fitted: Sequence[Fitted]) -> Solution:
    """The result for the kept calls; `fitted` says why there are none."""
    if not good:
        problems = [problem for one in fitted for problem in one.problems]
        return solution_of((), "the call that the model wrote did not fit the schema", "; ".join(problems) or "no call")
    check = "every argument fits the schema"
    doubts = sorted({name for one in good for name in one.unfounded})
    left_out = sorted({name for one in good for name in one.left_out})
    if doubts:
        check += f"; not in the question, so guessed: {', '.join(doubts)}"
    else:
        check += ", the values stand in the question"
    if left_out:
        check += f"; left out: {', '.join(left_out)}"
    return solution_of([one.call for one in good], check, "")


def solution_of(calls: Sequence[Call], check: str, reason: str) -> Solution:
    """The calls as an answer, or that none is made and why."""
    text = "\n".join(shown(call) for call in calls) or f"No call: {reason}."
    return Solution(text=text, answer=written(calls), known="model", check=check, reason=reason, method="functions")
