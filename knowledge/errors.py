"""Every way looking something up can fail, drawn as a tree.

    KnowledgeError                   a document or the store of documents
    ├── DocumentRefused              this file gives no text: broken, empty, encrypted, scanned, too big, unknown kind
    ├── DocumentMissing              no document, page or passage with this id
    ├── TextTooLong                  a text is longer than the embedder reads; nothing was cut
    ├── EmbedderMissing              the embedder's files or its server are not where they were said to be, or are broken
    ├── RerankerMissing              the reranker's files are not where they were said to be, or are broken
    ├── NotKept                      the disk is full or refuses: this was not written, what was kept before stays
    ├── StoreDamaged                 the index cannot be read; it is set aside and built again from the originals
    └── StoreBusy                    another process kept the store for too long

A message is one sentence for the person: it names the value and the next step.
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """A document or the store of documents."""


class DocumentRefused(KnowledgeError):
    """This file gives no text: broken, empty, encrypted, scanned, too big, unknown kind."""


class DocumentMissing(KnowledgeError):
    """No document, page or passage with this id."""


class TextTooLong(KnowledgeError):
    """A text is longer than the embedder reads; nothing was cut."""


class EmbedderMissing(KnowledgeError):
    """The embedder's files or its server are not where they were said to be, or are broken."""


class RerankerMissing(KnowledgeError):
    """The reranker's files are not where they were said to be, or are broken."""


class NotKept(KnowledgeError):
    """The disk is full or refuses: this was not written, what was kept before stays."""


class StoreDamaged(KnowledgeError):
    """The index cannot be read; it is set aside and built again from the originals."""


class StoreBusy(KnowledgeError):
    """Another process kept the store for too long."""
