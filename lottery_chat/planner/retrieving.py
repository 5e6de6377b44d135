"""Retrieve_External_Knowledge: evidence for a question out of D as a node of the trace, and citations of it."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.passage import SearchHit, Sentence
from lottery_chat.events import Citation, FoundPassage, PassagesFound, Progress
from lottery_chat.planner.complexity import SAID
from lottery_chat.planner.gathering import Evidence, gather
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.run import Node, Run, Steps


def retrieve(run: Run, node: Node, knowledge: Knowledge, question: str, document_ids: Sequence[str]) -> Steps[Evidence]:
    """Retrieve_External_Knowledge(r, D, R): passages, then the sentences nearest to the question."""
    child = yield from run.open("retrieve", question, node)
    yield Progress("Looking in your documents")
    evidence = gather(knowledge, question, document_ids, whole="preprocess" in run.ask.without)
    hits, sentences = evidence.hits, evidence.sentences
    used = {sentence.passage_id for sentence in sentences}
    run.private(hit.passage.text for hit in hits)
    yield PassagesFound(child.id, question, tuple(_found(hit, hit.passage.id in used) for hit in hits))
    run.store_request(child, "knowledge", question, "\n".join(sentence.text for sentence in sentences))
    needs = evidence.complexity
    why = f"; {SAID[needs.steps]} needed ({needs.why})" if needs is not None else ""
    yield child.closed("done", f"{len(hits)} passages, nearest {evidence.best:.2f}{why}" if hits else "nothing found")
    return evidence


def _found(hit: SearchHit, used: bool) -> FoundPassage:
    passage = hit.passage
    return FoundPassage(
        passage=passage.id, document=passage.document_id, title=passage.title, page=passage.page, text=passage.text,
        score=round(hit.score, 4), score_vector=_rounded(hit.vector), score_text=_rounded(hit.text), used=used,
    )  # fmt: skip


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 4)


def citation(knowledge: Knowledge, sentence: Sentence) -> Citation:
    """A citation of a sentence, exactly as it stands on its page."""
    return Citation(
        "document", sentence.title, sentence.page, "", "", sentence.text, sentence.document_id, sentence.passage_id
    )
