"""Algorithm 1 of arXiv 2502.17535, function for function; the settings of Ask choose among its readings.

Line numbers in the docstrings are those of paper.md 1.1; repairs of the letter are listed in paper.md 1.2 and in
docs/architecture.md. The parts of a schedule are put together; alternatives are the resources of one question. `strict`
reads line 14 to the letter: the first sub-problem that passes ends the loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from knowledge.errors import KnowledgeError
from lottery_chat.errors import LotteryChatError
from lottery_chat.events import Event, Progress, TextDelta, TextReplaced
from lottery_chat.planner import ending
from lottery_chat.planner.aggregating import in_comparison, in_list, last_of, names_something, with_answers
from lottery_chat.planner.baselines import baseline
from lottery_chat.planner.budget import BudgetSpent, Stopped
from lottery_chat.planner.by_choosing import by_choosing, options_in
from lottery_chat.planner.by_writing import by_model, by_naming, by_transforming
from lottery_chat.planner.closed_book import with_belief
from lottery_chat.planner.copied import normalised
from lottery_chat.planner.executing import execute
from lottery_chat.planner.externals import can_use_external
from lottery_chat.planner.long_sections import by_pieces
from lottery_chat.planner.preparing import prepare
from lottery_chat.planner.recalling import remember
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.routing import Candidate
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.scope import Scope
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.understanding import Understood, is_explanation
from lottery_chat.planner.values import BASELINES, Schedule, Solution
from tools.errors import Offline, ToolError


class Engine:
    """Answers one question; `answer` yields every event and ends with Answered."""

    def __init__(self, run: Run, knowledge: Knowledge | None = None) -> None:
        self.run = run
        self._scope = Scope(run.ask, knowledge)
        #: What the reader has of the answer so far.
        self._shown = ""
        self._parts: list[tuple[str, Solution]] = []
        self._understood = Understood("question", "")
        #: The part that is solved now is wanted as a name alone, because another part takes it in.
        self._brief = False

    # -- the outer loop (lines 1-4) ------------------------------------------------------------------------

    def answer(self) -> Iterator[Event]:
        """Answer; whatever happens, the last event is Answered (house style 15)."""
        solution = Solution(text="", status="failed")
        steps = self._guarded()
        while True:
            try:
                event = next(steps)
            except StopIteration as done:
                solution = done.value
                break
            if isinstance(event, TextDelta):
                self._shown += event.text
            elif isinstance(event, TextReplaced):
                self._shown = event.text
            yield event
        if solution.text != self._shown:
            yield TextReplaced(solution.text) if self._shown else TextDelta(solution.text)
        remember(self.run, self._scope, self._understood, solution)
        yield ending.answered(self.run, solution)

    def _guarded(self) -> Steps[Solution]:
        try:
            return (yield from self._trials())
        except Stopped:
            return self._unfinished("stopped", "You stopped it.")
        except BudgetSpent as spent:
            return self._unfinished("partial", f"The time or number of steps for one answer is over: {spent}.")
        except (LotteryChatError, ToolError, KnowledgeError) as error:
            return ending.failed(self._shown, error)

    def _unfinished(self, status: Literal["stopped", "partial"], reason: str) -> Solution:
        free = self._understood.kind in ("writing", "talk", "transform")
        return ending.unfinished(self._shown, self._parts, status, reason, free=free)

    def _trials(self) -> Steps[Solution]:
        """Lines 1-3: trials, then Select_Solution. A checked answer cannot be beaten, so it ends the loop."""
        if self.run.ask.mode in BASELINES:
            return (yield from self._baseline())
        prepared = yield from prepare(self.run, self._scope)
        if isinstance(prepared, Solution):
            return prepared
        self._understood = prepared.understood
        solutions: list[Solution] = []
        for _trial in range(max(1, self.run.budget.limits.trials)):
            solution = yield from self.divide_and_conquer(prepared.question, None, ())
            solutions.append(solution)
            if solution.checked or solution.streamed or solution.status != "answered":
                break
        return self.select_solution(solutions)

    def _baseline(self) -> Steps[Solution]:
        """One call of g_φ and nothing of A, for comparison (the lab's arms bare, cot, pal, rag-always)."""
        ask = self.run.ask
        knowledge = self._scope.knowledge
        if ask.mode == "rag":
            self.run.resources.settled(ask.documents, self.run.budget.cancel)
            knowledge = knowledge or self.run.resources.knowledge()
        node = yield from self.run.open("model", ask.words, None, ask.words)
        solution = yield from baseline(self.run, node, knowledge)
        yield node.closed("done" if solution.passed else "failed", solution.answer or solution.text[:80])
        return solution

    def select_solution(self, solutions: list[Solution]) -> Solution:
        """Line 3: the majority of the trials' answers, passed ones first (paper.md 1.2)."""
        good = [one for one in solutions if one.passed] or solutions
        counts: dict[str, int] = {}
        for one in good:
            key = normalised(one.answer or one.text)
            counts[key] = counts.get(key, 0) + 1
        return max(good, key=lambda one: (one.checked, counts[normalised(one.answer or one.text)]))

    # -- Divide_and_Conquer (lines 6-22) -------------------------------------------------------------------

    def divide_and_conquer(self, question: str, parent: Node | None, ancestors: tuple[str, ...]) -> Steps[Solution]:
        """Lines 6-22: externals before dividing, dividing before the model alone; every node verified and stored."""
        key = normalised(question)
        resources = self._externals(question, root=parent is None)
        schedule = None if resources else self.need_divide(question, parent, key in ancestors)
        if resources:
            node = yield from self.run.open("externals", question, parent, question)
            solution = yield from self.solve_with_external(node, question, resources)
        elif schedule is not None:
            node = yield from self.run.open("divide", question, parent, question)
            solution = yield from self._divide(node, question, schedule, (*ancestors, key))
        else:
            node = yield from self.run.open("model", question, parent, question)
            solution = yield from self.solve_with_llm(node, question)
        solution = yield from self.verify_solution(node, solution)
        self.run.store(node, solution)  # line 13, under the node and its parent
        yield node.closed("done" if solution.passed else "failed", solution.answer or solution.text[:80])
        return solution

    def _externals(self, question: str, *, root: bool) -> tuple[Candidate, ...]:
        """Line 7; a part is understood for itself, without the conversation."""
        scope = self._scope
        understood = self._understood
        if not root:
            understood = scope.understand(question, history=(), attached=scope.given is not None)
        return can_use_external(self.run, scope, question, understood, root=root)

    def need_divide(self, question: str, parent: Node | None, seen: bool) -> Schedule | None:
        """Lines 9-10: the schedule of a question that has parts; None at the depth limit or in a loop."""
        depth = 0 if parent is None else parent.depth + 1
        if (
            seen
            or depth >= self.run.budget.limits.depth
            or "divide" in self.run.ask.without
            or self._understood.kind in ("writing", "talk", "transform", "problem")
        ):
            return None
        return schedule_for(question)

    def _divide(self, node: Node, question: str, schedule: Schedule, ancestors: tuple[str, ...]) -> Steps[Solution]:
        """Lines 11-18: solve each sub-problem, once more by another way if it fails, then put together."""
        outer, self.run.quiet = self.run.quiet, True
        solutions: list[Solution] = []
        for number, part in enumerate(schedule.parts):
            if any(not solutions[need].passed or not names_something(solutions[need]) for need in part.needs):
                break  # what it is asked about was not found
            asked = with_answers(part, solutions)
            yield Progress(f"Part {number + 1} of {len(schedule.parts)}: {asked}")
            self._brief = part.brief
            solution = yield from self.divide_and_conquer(asked, node, ancestors)
            if not solution.passed and solution.status not in ("not_in_documents", "asked_back"):
                solution = yield from self._retry(node, asked, solution)
            solutions.append(solution)
            self._parts.append((asked, solution))
            if not outer and schedule.together == "list":
                yield TextDelta(("\n\n" if number else "") + solution.text)
            if self.run.ask.mode == "strict" and solution.passed:
                return solution  # line 14 to the letter
        self.run.quiet = outer
        if len(solutions) < len(schedule.parts):
            return (yield from self._undivided_after(node, question, solutions[-1]))
        if schedule.together == "last" and solutions[-1].known in ("model", "none") and self._scope.has_documents():
            # The documents may say of the whole what they do not say of its last part; a quote beats a belief and silence.
            whole = yield from self._undivided_after(node, question, solutions[-1])
            if whole.passed and whole.known == "quoted":
                return whole
        solution = yield from self.aggregate_solve(node, schedule, solutions)
        if not solution.passed and schedule.together == "compare":
            whole = yield from self._undivided_after(node, question, solution)
            return whole.but(text=f"{whole.text}\n\n{solution.text}") if whole.passed and solution.text else solution
        return solution

    def _undivided_after(self, node: Node, question: str, failed: Solution) -> Steps[Solution]:
        """A question whose parts led nowhere is answered as a whole: by the documents, else by the model alone."""
        outer, self.run.quiet, self._brief = self.run.quiet, True, False
        if self._scope.has_documents() and self.run.ask.retrieval != "closed-book":
            must = self._scope.must(question)
            candidate = Candidate("documents", "its parts were not found", must=must)
            solution = yield from self.solve_with_external(node, question, (candidate,))
        else:
            solution = yield from self.solve_with_llm(node, question)
        self.run.quiet = outer
        return solution.but(streamed=False) if solution.passed else failed

    def _retry(self, node: Node, question: str, failed: Solution) -> Steps[Solution]:
        """Lines 16-17: one more try, by the model alone; verified and stored like the first."""
        child = yield from self.run.open("model", question, node, question)
        solution = yield from self.solve_with_llm(child, question)
        solution = yield from self.verify_solution(child, solution)
        self.run.store(child, solution)
        yield child.closed("done" if solution.passed else "failed", solution.answer or "")
        return solution if solution.passed else failed

    # -- Solve_with_External (lines 23-33) -----------------------------------------------------------------

    def solve_with_external(self, node: Node, question: str, resources: tuple[Candidate, ...]) -> Steps[Solution]:
        """Lines 23-33: try the resources in order; what fails is contained and the next one tried."""
        last: Solution | None = None
        for candidate in resources:
            try:
                solution = yield from execute(self.run, self._scope, node, question, candidate, brief=self._brief)
            except (ToolError, KnowledgeError) as error:
                if candidate.must and isinstance(error, KnowledgeError):
                    # It is about their document, which could not be looked into: the model's belief is no answer to that.
                    return ending.unsearched(error)
                yield from self._failure_noticed(candidate, error)
                continue
            if solution.passed:
                return solution
            last = solution
            if candidate.must:
                if self.run.ask.retrieval == "always" or is_explanation(question) or solution.method != "documents":
                    return solution
                return (yield from with_belief(self.run, node, question, solution))
        # Fault containment: any stage may fall back on the model alone (paper.md, features 136).
        solution = yield from self._fall_back(node, question)
        if last is not None and last.status == "not_in_documents" and last.citations:
            yield from self.run.notice("Your documents do not say; this is the model's own knowledge.")
        return solution

    def _failure_noticed(self, candidate: Candidate, error: ToolError | KnowledgeError) -> Steps[None]:
        if candidate.resource == "shelf":
            return  # a tool that R proposed and that does not fit is no news for the person
        if not isinstance(error, Offline) or self.run.resources.offline():
            yield from self.run.notice(str(error))
        if candidate.resource == "web":
            yield from self.run.notice("Nothing was looked up, so this may be out of date.")

    def _fall_back(self, node: Node, question: str) -> Steps[Solution]:
        if self._shown and not self.run.quiet:
            yield TextReplaced("")
        child = yield from self.run.open("model", question, node, question)
        solution = yield from self.solve_with_llm(child, question)
        yield child.closed("done" if solution.passed else "failed", solution.answer or solution.text[:80])
        return solution

    # -- the model, putting together, verifying ------------------------------------------------------------

    def solve_with_llm(self, node: Node, question: str) -> Steps[Solution]:
        """Line 20: g_φ alone with the conversation from M in its prompt."""
        run, kind, pasted = self.run, self._understood.kind, self._scope.pasted
        if node.parent is None and kind == "transform":
            return (yield from by_transforming(run, node, run.ask.words))
        whole = not run.quiet
        if whole and kind == "writing" and pasted is not None:
            return (yield from by_pieces(run, node, pasted.asked, pasted.text))
        if self._brief:
            return (yield from by_naming(run, node, question))
        options = options_in(question) if whole and kind in ("question", "problem") else {}
        if options:
            return (yield from by_choosing(run, node, question, options))
        free = whole and kind in ("writing", "talk")
        words = run.ask.words if whole and self._scope.given is None else question
        long = free or is_explanation(question)
        return (yield from by_model(run, node, words, purpose="answer", free=free, long=long))

    def aggregate_solve(self, node: Node, schedule: Schedule, solutions: list[Solution]) -> Steps[Solution]:
        """Line 18: put the parts' answers together, by code where they can be compared or listed."""
        child = yield from self.run.open("aggregate", "compare" if schedule.compare else "put together", node)
        if schedule.compare is not None:
            solution = in_comparison(schedule, solutions)
        elif schedule.together == "last":
            solution = last_of(schedule, solutions)
        else:
            solution = in_list(schedule, solutions)
        yield from self.run.verified(child, solution.check, solution.passed, solution.checked)
        yield child.closed("done" if solution.passed else "failed", solution.answer or solution.check)
        return solution

    def verify_solution(self, node: Node, solution: Solution) -> Steps[Solution]:
        """Line 21: (ver, pass) of a node. Each way of solving made its own check; here it is said."""
        if not solution.text.strip():
            solution = solution.but(passed=False, check=solution.check or "there is no answer")
        if solution.check:
            confirmed = solution.passed and (solution.checked or solution.known in ("model", "quoted"))
            yield from self.run.verified(node, solution.check, confirmed, solution.checked)
        return solution
