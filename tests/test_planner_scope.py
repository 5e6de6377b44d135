"""Which of several files a question is about, and that the name of the file is not looked for in its text."""

from __future__ import annotations

from pathlib import Path

import pytest
from planner_parts import Bench

from lottery_chat.planner.scope import Scope
from lottery_chat.planner.values import Ask


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    bench = Bench(tmp_path)
    given = bench.documents(**{"lease.pdf": "The rent is 900 euros.", "wages_may.pdf": "Ida Holm got 2,100 euros."})
    return Scope(Ask("?"), given)


def _titles(scope: Scope) -> list[str]:
    return [one.title for one in scope.ready() if not scope.documents or one.id in scope.documents]


@pytest.mark.parametrize(
    ("question", "titles", "left"),
    [
        ("How high is the rent in lease.pdf?", ["lease.pdf"], "How high is the rent?"),
        ("According to the file “wages_may.pdf” what did Ida get?", ["wages_may.pdf"], "what did Ida get?"),
        ("How high is the rent in the lease?", ["lease.pdf"], "How high is the rent in the lease?"),
        ("What did Ida get?", ["lease.pdf", "wages_may.pdf"], "What did Ida get?"),
        ("What is in lease.pdf?", ["lease.pdf"], "What is in lease.pdf?"),
    ],
)
def test_a_question_that_names_one_of_several_files_is_about_it(
    scope: Scope, question: str, titles: list[str], left: str
) -> None:
    scope.confine_to_named(question)
    assert _titles(scope) == titles
    assert scope.without_file_names(question) == left
