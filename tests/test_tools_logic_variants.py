"""The logic texts in words of our own (lottery_chat/lab/own_logic.jsonl): each with the answer a careful reader gives."""

from __future__ import annotations

import pytest

from lottery_chat.children import run_limited
from lottery_chat.lab.loading import OWN, rows_of
from tools.logic.recognising import looks_like_logic
from tools.logic.tool import solve

T, F = "True", "False"
#: (text with its question, answer); "" means: the tool must say that it cannot tell, and name no answer.
TEXTS = [
    (str(row["question"]), "" if row.get("silence") else str(row["answer"]))
    for _, row in rows_of(OWN / "own_logic.jsonl")
]


def test_there_are_sixty_and_more_of_them_of_every_kind() -> None:
    kinds = {str(row["kind"]) for _, row in rows_of(OWN / "own_logic.jsonl")}
    wanted = {"only", "unless", "either … or", "active and passive", "relative clause", "order", "cannot be told"}
    assert len(TEXTS) >= 60 and wanted <= kinds


@pytest.mark.parametrize(("text", "answer"), TEXTS)
def test_a_text_in_our_own_words_is_answered_as_a_careful_reader_would(text: str, answer: str) -> None:
    result = solve(text, run_limited=run_limited, seconds=20)
    assert result.answer in ({answer} if answer else {"", "Unknown"}), result
    if answer in (T, F):
        assert result.verdict == ("proved" if answer == T else "disproved")
        assert result.steps and result.premises_used and all(used in text for used in result.premises_used)


@pytest.mark.parametrize("text", [text for text, answer in TEXTS if answer])
def test_the_router_recognises_these_texts(text: str) -> None:
    assert looks_like_logic(text)
