"""Where a question's evidence is looked for: the knowledge base, the documents it is confined to, the text it came with."""

from __future__ import annotations

import re

from knowledge.passage import Document
from lottery_chat.planner.collection_questions import read_collection
from lottery_chat.planner.long_by_code import Decided, decided_by_code, decided_in_document
from lottery_chat.planner.long_material import Material
from lottery_chat.planner.resources import Knowledge
from lottery_chat.planner.understanding import Understood, names_document, speaks_of_document, understand
from lottery_chat.planner.values import Ask, PastTurn


class Scope:
    """What one run may search. It narrows while the message is prepared and stays as it is once the tree begins.

    Attributes:
        given: the knowledge base that came with the message (a file in passing, a long pasted text), searched in
            place of the kept one; None where none came.
        knowledge: the knowledge base that is searched; None where there is none or none may be searched.
        documents: ids in `knowledge` that the question is confined to; empty means all of them.
        pasted: a text too long to be read whole that came with the message, and what was asked for.
    """

    def __init__(self, ask: Ask, given: Knowledge | None = None) -> None:
        self._ask = ask
        self.given = given
        self.knowledge = given
        self.documents: tuple[str, ...] = ask.documents
        self.pasted: Material | None = None

    # -- narrowing -----------------------------------------------------------------------------------------

    def confine_to_pasted(self, material: Material, knowledge: Knowledge) -> None:
        """Search nothing but the long text of the message, which `knowledge` holds."""
        self.pasted = material
        self.given = self.knowledge = knowledge
        self.documents = ()

    def confine_to_named(self, question: str) -> None:
        """A question that names a document is about it (design.md 9: the person's intent comes first)."""
        if self.knowledge is None:
            return
        documents = self._searched()
        if len(documents) < 2 and self.attached:
            return
        named = names_document(question, tuple(one.title for one in documents))
        self.documents = tuple(documents[index].id for index in named) or self.documents

    def without_file_names(self, question: str) -> str:
        """The question without "in report.pdf", where that file is what is searched: no text holds its own file's name."""
        left = question
        for title in (one.title for one in self._searched()):
            if "." in title:
                said = rf",?\s*\b(?:in|from|of|on|according to)\s+(?:the\s+)?(?:file\s+|document\s+)?[\"“]?{re.escape(title)}[\"”]?"
                left = re.sub(said, "", left, flags=re.IGNORECASE)
        return left.strip() if self.attached and len(left.split()) > 2 else question

    # -- what is in it -------------------------------------------------------------------------------------

    def ready(self) -> list[Document]:
        """The documents that can be searched now."""
        if self.knowledge is None:
            return []
        return [one for one in self.knowledge.documents() if one.state == "ready"]

    def _searched(self) -> list[Document]:
        """Those of them that the question is confined to, else all."""
        return [one for one in self.ready() if not self.documents or one.id in self.documents]

    def has_documents(self) -> bool:
        """Whether any document can be searched now."""
        return bool(self.ready())

    @property
    def attached(self) -> bool:
        """Whether the question came with a text or file, or is confined to documents."""
        return self.given is not None or bool(self.documents)

    def version(self) -> str:
        """Changes with the documents that are searched: an answer kept under it was found in the same ones."""
        version = self.knowledge.version() if self.knowledge is not None else ""
        return version + ",".join(self.documents)

    # -- what a question means here ------------------------------------------------------------------------

    def must(self, question: str) -> bool:
        """Whether the person wants this answered from documents, whatever else might answer it."""
        if self._ask.retrieval == "closed-book" or self.knowledge is None:
            return False
        return self.attached or (self.has_documents() and speaks_of_document(question))

    def understand(self, question: str, *, history: tuple[PastTurn, ...], attached: bool) -> Understood:
        """What kind of help a question asks for; about the collection itself only where its rules read all of it."""
        understood = understand(question, history=history, documents=self.has_documents(), attached=attached)
        asks = not self._ask.tools and read_collection(question, [one.title for one in self.ready()]) is not None
        if asks and understood.kind not in ("talk", "transform", "lacks"):
            return Understood("collection", "asks about the collection itself")
        return Understood("question", "a question") if understood.kind == "collection" else understood

    def decided(self, question: str) -> Decided | None:
        """What code alone decides about the text that came with the question."""
        if "preprocess" in self._ask.without or self._ask.tools or self._ask.retrieval == "closed-book":
            return None
        if (decided := decided_by_code(question)) is not None:
            return decided
        if self.knowledge is not None and self.attached:
            return decided_in_document(question, self.knowledge, self.documents)
        return None
