"""Algorithm 1 of arXiv 2502.17535, function for function; the settings of Ask choose among its readings.

Line numbers in the docstrings are those of paper.md 1.1; repairs of the letter are listed in paper.md 1.2 and in
docs/architecture.md. Two kinds of schedule: parts that are put together (AND) and alternatives (OR); `strict`
reads line 14 to the letter: the first sub-problem that passes ends the loop.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from knowledge.errors import KnowledgeError
from knowledge.passage import Document
from lottery_chat.errors import LotteryChatError, ModelError, PromptTooLong
from lottery_chat.events import Answered, Event, Progress, TextDelta, TextReplaced
from lottery_chat.messages import Message
from lottery_chat.planner.about_collection import by_collection
from lottery_chat.planner.aggregating import in_comparison, in_list, last_of, with_answers
from lottery_chat.planner.baselines import baseline
from lottery_chat.planner.budget import BudgetSpent, Stopped
from lottery_chat.planner.by_calling import by_calling
from lottery_chat.planner.by_choosing import by_choosing, options_in
from lottery_chat.planner.by_computing import by_calculation, by_equations, by_program
from lottery_chat.planner.by_documents import by_reading, normalised, retrieve
from lottery_chat.planner.by_json import by_json, json_for
from lottery_chat.planner.by_memory import by_memory
from lottery_chat.planner.by_proving import by_proof
from lottery_chat.planner.by_shelf import by_shelf
from lottery_chat.planner.by_summing_up import by_summary
from lottery_chat.planner.by_table import by_table, pasted_table, table_for
from lottery_chat.planner.by_tools import by_tools
from lottery_chat.planner.by_web import by_web
from lottery_chat.planner.by_writing import by_model, by_naming, by_transforming, resolve
from lottery_chat.planner.closed_book import by_heart
from lottery_chat.planner.collection_questions import AboutCollection, read_collection
from lottery_chat.planner.gathering import CLEARLY_COVERS, COVERS, Evidence
from lottery_chat.planner.ledger import Block
from lottery_chat.planner.long_by_code import Decided, by_code, decided_by_code, decided_in_document
from lottery_chat.planner.long_material import PASTED, Material
from lottery_chat.planner.long_pasted import long_text, writes
from lottery_chat.planner.long_reading import by_long_text
from lottery_chat.planner.long_sections import by_pieces
from lottery_chat.planner.prompts import render
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.routing import Candidate, candidates
from lottery_chat.planner.run import Node, Run, Steps
from lottery_chat.planner.splitting import schedule_for
from lottery_chat.planner.understanding import (
    Understood,
    asks_for_web,
    fill_in,
    is_explanation,
    names_document,
    points_back,
    speaks_of_document,
    understand,
)
from lottery_chat.planner.values import BASELINES, Schedule, Solution, weakest
from tools.errors import ToolError


class Engine:
    """Answers one question; `answer` yields every event and ends with Answered."""

    def __init__(self, run: Run, knowledge: Knowledge | None = None) -> None:
        self.run = run
        self._given = knowledge
        self._knowledge: Knowledge | None = knowledge
        self._documents: tuple[str, ...] = run.ask.documents
        self._text = ""
        self._parts: list[tuple[str, Solution]] = []
        self._understood = Understood("question", "")
        #: A text too long to be read whole that came with the message, and what it was asked for.
        self._pasted: Material | None = None
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
                self._text += event.text
            elif isinstance(event, TextReplaced):
                self._text = event.text
            yield event
        if solution.text != self._text:
            yield TextReplaced(solution.text) if self._text else TextDelta(solution.text)
        yield self._answered(solution)

    def _guarded(self) -> Steps[Solution]:
        try:
            return (yield from self._trials())
        except Stopped:
            return self._unfinished("stopped", "You stopped it.")
        except BudgetSpent as spent:
            return self._unfinished("partial", f"The time or number of steps for one answer is over: {spent}.")
        except (LotteryChatError, ToolError, KnowledgeError) as error:
            text = (self._text + "\n\n" if self._text else "") + str(error)
            fault = "model" if isinstance(error, ModelError) and not isinstance(error, PromptTooLong) else ""
            return Solution(text=text, status="failed", reason=str(error), passed=False, method="none", fault=fault)

    def _unfinished(self, status: str, reason: str) -> Solution:
        lines = [
            f"{question} {solution.answer or solution.text}" for question, solution in self._parts if solution.passed
        ]
        text = self._text or "\n\n".join(lines)
        if not text and status == "partial":
            text = "There is no answer yet."
        known = "model" if self._text else weakest([solution.known for _, solution in self._parts if solution.passed])
        return Solution(
            text=text, status=status, known=known, reason=reason, passed=False,  # type: ignore[arg-type]
            free_writing=self._understood.kind in ("writing", "talk", "transform"), can_continue=True, method="unfinished",
        )  # fmt: skip

    def _trials(self) -> Steps[Solution]:
        """Lines 1-3: trials, then Select_Solution. A checked answer cannot be beaten, so it ends the loop."""
        if self.run.ask.mode in BASELINES:
            return (yield from self._baseline())
        question = yield from self._prepare()
        if isinstance(question, Solution):
            return question
        solutions: list[Solution] = []
        for _trial in range(max(1, self.run.budget.limits.trials)):
            solution = yield from self.divide_and_conquer(question, None, ())
            solutions.append(solution)
            if solution.checked or solution.streamed or solution.status != "answered":
                break
        return self.select_solution(solutions)

    def _baseline(self) -> Steps[Solution]:
        """One call of g_φ and nothing of A, for comparison (the lab's arms bare, cot, pal, rag-always)."""
        ask = self.run.ask
        knowledge = self._knowledge
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

    # -- before the tree -----------------------------------------------------------------------------------

    def _prepare(self) -> Steps[str | Solution]:
        """Understand the message: pasted text, follow-up, something missing, remembered."""
        run, ask = self.run, self.run.ask
        question = ask.words.strip()
        if (noted := (yield from by_memory(run, question))) is not None:
            return noted
        if ask.documents and self._given is None:
            yield Progress("Reading the file")
            for problem in run.resources.settled(ask.documents, run.budget.nearly_over()):
                yield from run.notice(problem)
            run.budget.check()
            if ask.retrieval != "closed-book":
                self._knowledge = self._knowledge or run.resources.knowledge()
        self._pasted = long_text(run, question) if self._decided(question) is None else None
        if self._pasted is not None:
            self._knowledge = run.resources.passing("your text", self._pasted.text)
            self._given, self._documents = self._knowledge, ()
            question = self._pasted.asked
            if not writes(question):
                words = len(self._pasted.text.split())
                yield from run.notice(
                    f"Your text is long ({words:,} words), so it was searched sentence by sentence, not read whole."
                )
        elif self._knowledge is None and ask.retrieval != "closed-book":
            self._knowledge = run.resources.knowledge()
        attached = self._given is not None or bool(self._documents)
        self._understood = self._about_collection(
            question, understand(question, history=ask.history, documents=self._has_documents(), attached=attached)
        )
        if self._understood.kind == "lacks":
            return Solution(
                text=self._understood.why,
                status="asked_back",
                known="none",
                reason="the question lacks something",
                method="asked back",
            )
        self._name_documents(question)
        if self._understood.kind == "question" and ask.history:
            question = yield from self._stand_alone(question)
            if question != ask.words.strip():
                self._understood = self._about_collection(
                    question,
                    understand(question, history=ask.history, documents=self._has_documents(), attached=attached),
                )
        if "preprocess" in ask.without:
            question = ask.words.strip()
        remembered = yield from self._recall(question)
        return remembered or question

    def _decided(self, question: str) -> Decided | None:
        """What code alone decides about the text that came with the question."""
        if "preprocess" in self.run.ask.without or self.run.ask.tools or self.run.ask.retrieval == "closed-book":
            return None
        if (decided := decided_by_code(question)) is not None:
            return decided
        if self._knowledge is not None and (self._given is not None or self._documents):
            return decided_in_document(question, self._knowledge, self._documents)
        return None

    def _has_documents(self) -> bool:
        return bool(self._ready())

    def _ready(self) -> list[Document]:
        """The documents that can be searched now."""
        if self._knowledge is None:
            return []
        return [one for one in self._knowledge.documents() if one.state == "ready"]

    def _name_documents(self, question: str) -> None:
        """A question that names a document is about it (design.md 9: the person's intent comes first)."""
        if self._knowledge is None or self._documents or self._given is not None:
            return
        documents = self._ready()
        named = names_document(question, tuple(one.title for one in documents))
        self._documents = tuple(documents[index].id for index in named)

    def _undivided(self, question: str) -> bool:
        return "divide" in self.run.ask.without or schedule_for(question) is None

    def _must(self, question: str) -> bool:
        if self.run.ask.retrieval == "closed-book" or self._knowledge is None:
            return False
        return (
            self._given is not None or bool(self._documents) or (self._has_documents() and speaks_of_document(question))
        )

    def _stand_alone(self, question: str) -> Steps[str]:
        """Fill a follow-up in: by code, else (only where documents are searched) by one step of g_φ."""
        filled = fill_in(question, self.run.ask.history)
        if filled:
            yield Progress(f"Understood as: {filled}")
            return filled
        if (
            not self._has_documents()
            or not points_back(question)
            or self.run.resources.compute.read(question) is not None
        ):
            return question
        node = yield from self.run.open("model", "make the question stand alone", None)
        try:
            resolved = yield from resolve(self.run, node, question)
        except ModelError as error:
            yield node.closed("failed", str(error))
            return question
        yield node.closed("done", resolved)
        return resolved

    def _recall(self, question: str) -> Steps[Solution | None]:
        """M across runs: only checked results of exactly this question over the same documents."""
        run = self.run
        if not run.ask.use_memory or self._given is not None or self._understood.kind not in ("question", "problem"):
            return None
        version = self._knowledge.version() if self._knowledge is not None else ""
        found = run.resources.notes.recall(question, version + ",".join(self._documents))
        if found is None:
            return None
        node = yield from run.open("memory", question, None)
        yield node.closed("done", found.answer)
        return Solution(
            text=found.text, answer=found.answer, known="remembered", checked=True, citations=tuple(found.citations), method="memory",
            check=f"remembered from {found.when}, when it was {found.known}: {found.check}",
        )  # fmt: skip

    # -- Divide_and_Conquer (lines 6-22) -------------------------------------------------------------------

    def divide_and_conquer(self, question: str, parent: Node | None, ancestors: tuple[str, ...]) -> Steps[Solution]:
        """Lines 6-22: externals before dividing, dividing before the model alone; every node verified and stored."""
        key = normalised(question)
        resources = self.can_use_external(question, root=parent is None)
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
        solution = yield from self.verify_solution(node, question, solution)
        self.store(node, solution)
        yield node.closed("done" if solution.passed else "failed", solution.answer or solution.text[:80])
        return solution

    def can_use_external(self, question: str, *, root: bool) -> tuple[Candidate, ...]:
        """Line 7: which of D and C may answer, by rules and R; no model call."""
        understood = (
            self._understood
            if root
            else self._about_collection(
                question,
                understand(question, history=(), documents=self._has_documents(), attached=self._given is not None),
            )
        )
        if root and (decided := self._decided(question)) is not None:
            return (Candidate("stated", "a list of facts or a story that code reads", decided, must=True),)
        if root and "preprocess" in self.run.ask.without and len(question) >= PASTED and not self.run.ask.tools:
            return ()  # measured without any reduction: the whole text goes to the model
        found = candidates(self.run, question, understood, has_documents=self._has_documents())
        if self._must(question) and not self.run.ask.tools:
            # The person's intent: evidence first, whatever else might answer; the web where they ask for it by name.
            web = ("web",) if asks_for_web(question) else ()
            found = tuple(
                one
                for one in found
                if one.resource in ("calculator", "equations", "logic", "summary", "collection", "documents", *web)
            )
            if not found and self._undivided(question) and understood.kind not in ("writing", "talk", "transform"):
                found = (Candidate("documents", "the question is about a document"),)
            found = tuple(
                Candidate(one.resource, one.why, one.data, True) if one.resource == "documents" else one
                for one in found
            )
        return (*self._table(question, understood, found), *found)

    def _about_collection(self, question: str, understood: Understood) -> Understood:
        """The same, but a question about the collection itself exactly where its rules read the whole message."""
        asks = not self.run.ask.tools and read_collection(question, [one.title for one in self._ready()]) is not None
        if asks and understood.kind not in ("talk", "transform", "lacks"):
            return Understood("collection", "asks about the collection itself")
        return Understood("question", "a question") if understood.kind == "collection" else understood

    def _table(self, question: str, understood: Understood, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """A table of a document, or in the message itself, over which code reads the question."""
        ask = self.run.ask
        certain = {one.resource for one in found} & {"functions", "calculator", "equations"}
        other = ("writing", "talk", "transform", "summary", "lacks", "collection")
        if certain or understood.kind in other or ask.tools:
            return ()
        if "preprocess" in ask.without:
            return ()
        hits = pasted_table(self.run, question)
        if not hits and self._has_documents() and ask.retrieval != "closed-book":
            assert self._knowledge is not None
            attached = self._given is not None or ask.must_use_documents
            hits = table_for(self.run, self._knowledge, question, self._documents, attached=attached)
            if not hits and (
                place := json_for(self.run, self._knowledge, question, self._documents, attached=attached)
            ):
                return (Candidate("json", f"a path in {place.document.title}", place),)
        return (Candidate("table", f"the table in {hits[0].title}: {hits[0].reading.said}", hits),) if hits else ()

    def need_divide(self, question: str, parent: Node | None, seen: bool) -> Schedule | None:
        """Line 9: the schedule of a question that has parts; None at the depth limit or in a loop."""
        depth = 0 if parent is None else parent.depth + 1
        if (
            seen
            or depth >= self.run.budget.limits.depth
            or "divide" in self.run.ask.without
            or self._understood.kind in ("writing", "talk", "transform", "problem")
        ):
            return None
        return self.generate_schedule(question)

    def generate_schedule(self, question: str) -> Schedule | None:
        """Line 10: S, parts with what they need of each other; made by rules."""
        return schedule_for(question)

    def _divide(self, node: Node, question: str, schedule: Schedule, ancestors: tuple[str, ...]) -> Steps[Solution]:
        """Lines 11-18: solve each sub-problem, once more by another way if it fails, then put together."""
        outer, self.run.quiet = self.run.quiet, True
        solutions: list[Solution] = []
        for number, part in enumerate(schedule.parts):
            if any(not solutions[need].passed for need in part.needs):
                break  # what it is asked about was not found
            asked = with_answers(part, solutions)
            yield Progress(f"Part {number + 1} of {len(schedule.parts)}: {asked}")
            self._brief = part.brief
            solution = yield from self.divide_and_conquer(asked, node, ancestors)
            if not solution.passed and solution.status not in ("not_in_documents", "asked_back"):
                retried = yield from self._retry(node, asked, solution)
                solution = retried
            solutions.append(solution)
            self._parts.append((asked, solution))
            if not outer and schedule.together == "list":
                yield TextDelta(("\n\n" if number else "") + solution.text)
            if self.run.ask.mode == "strict" and solution.passed:
                return solution  # line 14 to the letter
        self.run.quiet = outer
        if len(solutions) < len(schedule.parts):
            return (yield from self._undivided_after(node, question, solutions[-1]))
        solution = yield from self.aggregate_solve(node, question, schedule, solutions)
        if not solution.passed and schedule.together == "compare":
            whole = yield from self._undivided_after(node, question, solution)
            return whole.but(text=f"{whole.text}\n\n{solution.text}") if whole.passed and solution.text else solution
        return solution

    def _undivided_after(self, node: Node, question: str, failed: Solution) -> Steps[Solution]:
        """A question whose parts led nowhere is answered as a whole: by the documents, else by the model alone."""
        outer, self.run.quiet, self._brief = self.run.quiet, True, False
        if self._has_documents() and self.run.ask.retrieval != "closed-book":
            candidate = Candidate("documents", "its parts were not found", must=self._must(question))
            solution = yield from self.solve_with_external(node, question, (candidate,))
        else:
            solution = yield from self.solve_with_llm(node, question)
        self.run.quiet = outer
        return solution.but(streamed=False) if solution.passed else failed

    def _retry(self, node: Node, question: str, failed: Solution) -> Steps[Solution]:
        """Lines 16-17: one more try, by the model alone; verified and stored like the first."""
        child = yield from self.run.open("model", question, node, question)
        solution = yield from self.solve_with_llm(child, question)
        solution = yield from self.verify_solution(child, question, solution)
        self.store(child, solution)
        yield child.closed("done" if solution.passed else "failed", solution.answer or "")
        return solution if solution.passed else failed

    def store(self, node: Node, solution: Solution) -> None:
        """Line 13: Store(q, ans, ver, pass, M), under the node and its parent."""
        self.run.store(node, solution)

    # -- Solve_with_External (lines 23-33) -----------------------------------------------------------------

    def solve_with_external(self, node: Node, question: str, resources: tuple[Candidate, ...]) -> Steps[Solution]:
        """Lines 23-33: try the resources in order; what fails is contained and the next one tried."""
        last: Solution | None = None
        for candidate in resources:
            try:
                solution = yield from self._execute(node, question, candidate)
            except (ToolError, KnowledgeError) as error:
                if candidate.must and isinstance(error, KnowledgeError):
                    # It is about their document, which could not be looked into: the model's belief is no answer to that.
                    return _unsearched(error)
                yield from self._said(candidate, error)
                continue
            if solution.passed:
                return solution
            last = solution
            if candidate.must:
                return (yield from self._belief(node, question, solution))
        # Fault containment: any stage may fall back on the model alone (paper.md, features 136).
        solution = yield from self._fall_back(node, question)
        if last is not None and last.status == "not_in_documents" and last.citations:
            yield from self.run.notice("Your documents do not say; this is the model's own knowledge.")
        return solution

    def _said(self, candidate: Candidate, error: Exception) -> Steps[None]:
        if candidate.resource == "shelf":
            return  # a tool that R proposed and that does not fit is no news for the person
        offline = type(error).__name__ == "Offline"
        if not offline or self.run.resources.offline():
            yield from self.run.notice(str(error))
        if candidate.resource == "web":
            yield from self.run.notice("Nothing was looked up, so this may be out of date.")

    def _fall_back(self, node: Node, question: str) -> Steps[Solution]:
        if self._text and not self.run.quiet:
            yield TextReplaced("")
        child = yield from self.run.open("model", question, node, question)
        solution = yield from self.solve_with_llm(child, question)
        yield child.closed("done" if solution.passed else "failed", solution.answer or solution.text[:80])
        return solution

    def _execute(self, node: Node, question: str, candidate: Candidate) -> Steps[Solution]:
        """Lines 24-32 for one resource: the requests, what they gave, and the answer from it."""
        by_function = self._by_function(node, question, candidate)
        if by_function is not None:
            return (yield from by_function)
        run, knowledge = self.run, self._knowledge
        if knowledge is None:
            raise ToolError("There are no documents yet. Drop a file here to ask about it.")
        if candidate.resource == "collection":
            wanted = read_collection(question, [one.title for one in self._ready()]) or AboutCollection("list")
            return (yield from by_collection(run, node, knowledge, wanted, self._documents))
        if candidate.resource == "json":
            return (yield from by_json(run, node, knowledge, candidate.data))
        if candidate.resource == "summary":
            return (yield from self._summary(node, knowledge, question))
        if candidate.must and (self._given is not None or self._documents) and "preprocess" not in run.ask.without:
            return (yield from by_long_text(run, node, knowledge, question, self._documents))
        evidence = yield from self.retrieve_external_knowledge(node, knowledge, question)
        if not candidate.must and evidence.best < COVERS:
            return Solution(
                text="",
                known="none",
                passed=False,
                method="documents",
                check=f"nearest passage {evidence.best:.2f}, below {COVERS}",
            )
        if not candidate.must and "gate" not in run.ask.without and self._may_be_known(question, evidence):
            known = yield from by_heart(run, node, question)
            if known is not None:
                return known
        return (yield from by_reading(run, node, knowledge, question, evidence))

    def _may_be_known(self, question: str, evidence: Evidence) -> bool:
        """Whether the model is asked what it knows: the documents do not clearly cover a question for a fact."""
        if evidence.best >= CLEARLY_COVERS or is_explanation(question) or self._brief:
            return False
        try:
            return math.isfinite(self.run.gates().knows)
        except (ModelError, ToolError):
            return False

    def _by_function(self, node: Node, question: str, candidate: Candidate) -> Steps[Solution] | None:
        """Lines 29-30: what solves by an external function; None where documents are asked."""
        run, data = self.run, candidate.data
        cross_check = run.ask.mode != "fast" and "verify" not in run.ask.without
        ways: dict[str, Callable[[], Steps[Solution]]] = {
            "functions": lambda: by_calling(run, node, run.ask.words, run.ask.tools),
            "stated": lambda: by_code(run, node, data),
            "calculator": lambda: by_calculation(run, node, question, data),
            "equations": lambda: by_equations(run, node, data),
            "tools": lambda: by_tools(run, node, question, data),
            "logic": lambda: by_proof(run, node, question),
            "program": lambda: by_program(
                run, node, question, cross_check=cross_check, votes=3 if run.ask.mode == "deliberate" else 1
            ),
            "shelf": lambda: by_shelf(run, node, question, data),
            "table": lambda: by_table(run, node, question, data),
            "web": lambda: by_web(run, node, question, self._knowledge or run.resources.knowledge()),
        }
        return ways[candidate.resource]() if candidate.resource in ways else None

    def retrieve_external_knowledge(self, node: Node, knowledge: Knowledge, question: str):  # type: ignore[no-untyped-def]
        """Line 27: R over D."""
        return (yield from retrieve(self.run, node, knowledge, question, self._documents))

    def _summary(self, node: Node, knowledge: Knowledge, question: str) -> Steps[Solution]:
        documents = [one for one in self._ready() if not self._documents or one.id in self._documents]
        if not documents:
            raise ToolError("There is no document to sum up yet. Drop a file here first.")
        if len(documents) > 1 and not self._documents:
            titles = ", ".join(one.title for one in documents[:8])
            return Solution(
                text=f"Which file do you mean? There are: {titles}.",
                status="asked_back",
                known="none",
                reason="several files",
                method="asked back",
            )
        sections = not re.search(r"\babout\b|worum", question, re.IGNORECASE)
        document = documents[-1]
        return (yield from by_summary(self.run, node, knowledge, document.id, document.title, sections=sections))

    def _belief(self, node: Node, question: str, solution: Solution) -> Steps[Solution]:
        """The documents do not say: that is the answer; the model's belief stands below a line as such."""
        if self.run.ask.retrieval == "always" or is_explanation(question) or solution.method != "documents":
            return solution
        child = yield from self.run.open("model", "the model's own belief", node)
        blocks = [
            Block("system", Message("system", render("chat_system"))),
            Block("question", Message("user", question)),
        ]
        try:
            reply = yield from self.run.generate(child, "the model's own belief", blocks, room=60)
        except (ModelError, BudgetSpent) as error:
            yield child.closed("skipped", str(error))
            return solution
        belief = " ".join(reply.text.split())
        yield child.closed("done", belief)
        return solution.but(
            text=f"{solution.text}\n\n---\n\nNot from your documents, the model alone believes: {belief}"
        )

    # -- the model, putting together, verifying ------------------------------------------------------------

    def solve_with_llm(self, node: Node, question: str) -> Steps[Solution]:
        """Line 20: g_φ alone with the conversation from M in its prompt."""
        kind = self._understood.kind
        if node.parent is None and kind == "transform":
            return (yield from by_transforming(self.run, node, self.run.ask.words))
        whole = not self.run.quiet
        if whole and kind == "writing" and self._pasted is not None:
            return (yield from by_pieces(self.run, node, self._pasted.asked, self._pasted.text))
        free = whole and kind in ("writing", "talk")
        words = self.run.ask.words if whole and self._given is None else question
        if self._brief:
            return (yield from by_naming(self.run, node, question))
        options = options_in(question) if whole and kind in ("question", "problem") else {}
        if options:
            return (yield from by_choosing(self.run, node, question, options))
        return (
            yield from by_model(
                self.run, node, words, purpose="answer", free=free, long=free or is_explanation(question)
            )
        )

    def aggregate_solve(
        self, node: Node, question: str, schedule: Schedule, solutions: list[Solution]
    ) -> Steps[Solution]:
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

    def verify_solution(self, node: Node, question: str, solution: Solution) -> Steps[Solution]:
        """Line 21: (ver, pass) of a node. Each way of solving made its own check; here it is said."""
        if not solution.text.strip():
            solution = solution.but(passed=False, check=solution.check or "there is no answer")
        if solution.check:
            passed = solution.passed and (solution.checked or solution.known in ("model", "quoted"))
            yield from self.run.verified(node, solution.check, passed, solution.checked)
        return solution

    # -- the last event ------------------------------------------------------------------------------------

    def _answered(self, solution: Solution) -> Answered:
        run, spent = self.run, self.run.budget.spent
        if (
            solution.checked
            and solution.status == "answered"
            and solution.known in ("computed", "proved", "quoted")
            and run.ask.use_memory
        ):
            version = self._knowledge.version() if self._knowledge is not None else ""
            if self._given is None and self._understood.kind in ("question", "problem") and not run.ask.history:
                run.resources.notes.remember(
                    question=run.ask.words, answer=solution.answer or "", text=solution.text, known=solution.known, check=solution.check,
                    citations=solution.citations, documents_version=version + ",".join(self._documents), run=run.id,
                )  # fmt: skip
        return Answered(
            status=solution.status, answer=solution.answer, text=solution.text, known=solution.known, checked=solution.checked,
            check=solution.check, citations=solution.citations, reason=solution.reason, calls=spent.calls, tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out, seconds=round(run.budget.seconds, 3), run=run.id, free_writing=solution.free_writing,
            notices=tuple(run.notices), can_continue=solution.can_continue, fault=solution.fault,
        )  # fmt: skip


def _unsearched(error: KnowledgeError) -> Solution:
    """Documents that had to be looked into and could not be: the sentence that says why is the answer."""
    said = f"Your documents could not be searched: {error}"
    return Solution(text=said, status="failed", reason=str(error), passed=False, method="documents")
