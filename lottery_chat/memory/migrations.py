"""Every change to the schema of M, in order. Append to the end; never edit one that was released.

A change is a tuple of SQL statements, run in one transaction with its number. `number` columns are the rowids
that full-text search refers to, so they must be declared (an undeclared rowid changes with VACUUM).
Everything carries an owner; today there is one, 'me' (design.md 13).
"""

from __future__ import annotations

_OWNER = "owner TEXT NOT NULL DEFAULT 'me'"
_RUN = "run TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE"


def _indexed(table: str, columns: str) -> tuple[str, ...]:
    """A full-text index over columns of a table, kept in step by triggers."""
    new = ", ".join(f"new.{name.strip()}" for name in columns.split(","))
    old = ", ".join(f"old.{name.strip()}" for name in columns.split(","))
    add = f"INSERT INTO {table}_words (rowid, {columns}) VALUES (new.number, {new});"
    drop = f"INSERT INTO {table}_words ({table}_words, rowid, {columns}) VALUES ('delete', old.number, {old});"
    return (
        f"CREATE VIRTUAL TABLE {table}_words USING fts5({columns}, content='{table}', content_rowid='number', "
        'tokenize="unicode61 remove_diacritics 2")',
        f"CREATE TRIGGER {table}_words_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_words_dropped AFTER DELETE ON {table} BEGIN {drop} END",
        f"CREATE TRIGGER {table}_words_changed AFTER UPDATE OF {columns} ON {table} BEGIN {drop} {add} END",
    )


#: 1: conversations, runs and their events; the paper's M (nodes, requests, results); the logic solver's working
#: memory (facts, rules, names); preferences. `runs.status` is '' while a run goes on; `keeper` names the process
#: that answers it (journal.py).
_FIRST = (
    f"CREATE TABLE conversations (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, {_OWNER}, "
    "title TEXT NOT NULL DEFAULT '', created_at TEXT NOT NULL, changed_at TEXT NOT NULL)",
    f"CREATE TABLE runs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, {_OWNER}, "
    "conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE CASCADE, question TEXT NOT NULL, "
    "asked_at TEXT NOT NULL, model TEXT NOT NULL, mode TEXT NOT NULL, attachments TEXT NOT NULL DEFAULT '[]', "
    "settings TEXT NOT NULL DEFAULT '{}', keeper TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT '', "
    "known TEXT NOT NULL DEFAULT '', checked INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0, "
    "tokens_in INTEGER NOT NULL DEFAULT 0, tokens_out INTEGER NOT NULL DEFAULT 0, seconds REAL NOT NULL DEFAULT 0, "
    "text TEXT NOT NULL DEFAULT '', answered TEXT)",
    "CREATE INDEX runs_of_conversation ON runs (conversation, number)",
    "CREATE INDEX runs_going_on ON runs (status) WHERE status = ''",
    f"CREATE TABLE events (number INTEGER PRIMARY KEY, {_RUN}, {_OWNER}, seconds REAL NOT NULL, kind TEXT NOT NULL, "
    "body TEXT NOT NULL)",
    "CREATE INDEX events_of_run ON events (run, number)",
    f"CREATE TABLE nodes (number INTEGER PRIMARY KEY, {_RUN}, {_OWNER}, node TEXT NOT NULL, parent TEXT, "
    "question TEXT NOT NULL, key TEXT NOT NULL, answer TEXT NOT NULL, ver TEXT NOT NULL, passed INTEGER NOT NULL, "
    "known TEXT NOT NULL, checked INTEGER NOT NULL, method TEXT NOT NULL, logprob REAL, stored_at TEXT NOT NULL)",
    "CREATE INDEX nodes_of_run ON nodes (run, key)",
    f"CREATE TABLE requests (number INTEGER PRIMARY KEY, {_RUN}, {_OWNER}, node TEXT NOT NULL, kind TEXT NOT NULL, "
    "request TEXT NOT NULL, data TEXT NOT NULL, stored_at TEXT NOT NULL)",
    "CREATE INDEX requests_of_run ON requests (run, node)",
    f"CREATE TABLE results (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, {_RUN}, {_OWNER}, key TEXT NOT NULL, "
    "marks TEXT NOT NULL, documents_version TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, "
    "text TEXT NOT NULL, known TEXT NOT NULL, check_made TEXT NOT NULL, citations TEXT NOT NULL DEFAULT '[]', "
    "disputed INTEGER NOT NULL DEFAULT 0, times INTEGER NOT NULL DEFAULT 0, kept_at TEXT NOT NULL)",
    "CREATE UNIQUE INDEX results_by_key ON results (owner, key, marks, documents_version)",
    f"CREATE TABLE facts (number INTEGER PRIMARY KEY, {_RUN}, {_OWNER}, sentence TEXT NOT NULL, symbols TEXT NOT NULL, "
    "rule TEXT NOT NULL DEFAULT '', premises TEXT NOT NULL DEFAULT '[]', UNIQUE (run, symbols))",
    f"CREATE TABLE rules (number INTEGER PRIMARY KEY, {_RUN}, {_OWNER}, sentence TEXT NOT NULL, symbols TEXT NOT NULL, "
    "UNIQUE (run, symbols))",
    f"CREATE TABLE names (number INTEGER PRIMARY KEY, {_RUN}, {_OWNER}, name TEXT NOT NULL, kind TEXT NOT NULL, "
    "arity INTEGER NOT NULL, words TEXT NOT NULL DEFAULT '[]', UNIQUE (run, name, kind, arity))",
    "CREATE INDEX results_of_run ON results (run)",
    f"CREATE TABLE options ({_OWNER}, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (owner, name))",
    *_indexed("conversations", "title"),
    *_indexed("runs", "question, text"),
)

#: 2: results of tools that may be served again for a while (calls/storage.py). They go with the run they were made in.
_SECOND = (
    f"CREATE TABLE tool_results (number INTEGER PRIMARY KEY, key TEXT NOT NULL, {_RUN}, {_OWNER}, tool TEXT NOT NULL, "
    "version TEXT NOT NULL, result TEXT NOT NULL, made_at TEXT NOT NULL, UNIQUE (owner, key))",
    "CREATE INDEX tool_results_of_run ON tool_results (run)",
)

#: 3: which collections of documents a conversation looks into; no row: all, one row '': none.
_THIRD = (
    "CREATE TABLE conversation_collections (number INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES "
    f"conversations(id) ON DELETE CASCADE, {_OWNER}, collection TEXT NOT NULL, UNIQUE (conversation, collection))",
)

#: 4: the tape, rows of texts by name kept for a conversation: cells, stacks, and what the person noted.
_FOURTH = (
    "CREATE TABLE tape (number INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations(id) ON DELETE "
    f"CASCADE, {_OWNER}, name TEXT NOT NULL, value TEXT NOT NULL, kept_at TEXT NOT NULL)",
    "CREATE INDEX tape_of_conversation ON tape (conversation, name, number)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SECOND, _THIRD, _FOURTH)

#: Tables that hold what people said and got, owners before what they own.
TABLES = (
    "conversations", "runs", "events", "nodes", "requests", "results", "facts", "rules", "names", "options", "tool_results",
    "conversation_collections", "tape",
)  # fmt: skip

#: The full-text indexes over them.
WORDS = ("conversations_words", "runs_words")
