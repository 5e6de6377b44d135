"""Questions over own JSON documents: a path where every word is read, nothing where one is not or two places fit."""

from __future__ import annotations

import json

import pytest

from tools.errors import ToolError
from tools.json_questions import ask_json

CONFIG = json.dumps(
    {
        "name": "harbour",
        "version": "2.4.1",
        "database": {"host": "db.inner", "port": 5432, "maxConnections": 20},
        "servers": [
            {"name": "web-1", "port": 8080, "region": "north", "tags": ["blue", "fast"]},
            {"name": "web-2", "port": 8081, "region": "south", "tags": []},
            {"name": "mail", "port": 25, "region": "north", "tags": ["old"]},
        ],
        "retry_policy": {"max_retries": 5, "delay seconds": 1.5},
        "users": {
            "ida": {"role": "admin", "email": "ida@example.org"},
            "per": {"role": "guest", "email": "per@example.org"},
        },
        "debug": False,
    }
)

READ = [
    ("What is the port of the second server in config.json?", "8081"),
    ("What is the port of the last server?", "25"),
    ("What is the name of the first server?", "web-1"),
    ("What is the port of web-2?", "8081"),
    ("Which region is the mail server in?", "north"),
    ("What is the database port?", "5432"),
    ("What is the host of the database?", "db.inner"),
    ("What is the max connections of the database?", "20"),
    ("How many servers are there?", "3"),
    ("How many tags does the first server have?", "2"),
    ("What are the max retries?", "5"),
    ("What is the delay seconds?", "1.5"),
    ("What is the role of ida?", "admin"),
    ("What is the email of per?", "per@example.org"),
    ("List the names of all servers", "web-1, web-2, mail"),
    ("What is the version?", "2.4.1"),
    ("What is debug set to?", "false"),
    ("Wie lautet der Port des zweiten Servers?", "8081"),
]
NOT_READ = [
    "What is the port?",
    "What is the port of the fourth server?",
    "What is the password of the database?",
    "Why is the port 8080?",
    "Is debug on?",
    "What is the port of the southern server?",
    "What is the average port of the servers?",
    "Who runs the servers?",
    "What is the role?",
    "How many users are admins?",
]


@pytest.mark.parametrize(("question", "short"), READ, ids=[one[0] for one in READ])
def test_a_question_that_is_read_whole_is_a_path(question: str, short: str) -> None:
    found = ask_json(question, CONFIG, "config.json")
    assert (found.short if found else None) == short


@pytest.mark.parametrize("question", NOT_READ)
def test_what_is_not_read_whole_or_fits_twice_is_not_answered(question: str) -> None:
    assert ask_json(question, CONFIG, "config.json") is None


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(ToolError, match="no JSON"):
        ask_json("What is the port?", "port = 3")
