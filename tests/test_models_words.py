"""counting.py, thinking.py, labels.py and scripted.py: what needs no server."""

from __future__ import annotations

import math
import random
import threading
import time

import pytest

from lottery_chat.errors import ModelUnreachable, PromptTooLong
from lottery_chat.messages import Message
from lottery_chat.models.counting import continued, upper_guess, without_marks
from lottery_chat.models.labels import chosen, score
from lottery_chat.models.protocol import Piece, Reply, Request
from lottery_chat.models.scripted import ScriptedModel
from lottery_chat.models.thinking import ThoughtSplitter

ASK = (Message("user", "one two three"),)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # Counted with the tokeniser of Qwen2.5 (llama.cpp's /tokenize).
        ("The quick brown fox jumps over the lazy dog.", 10),
        ("31415926535897932384626433832795", 32),
        ("def f(x):\n    return x * (x + 1) // 2\n", 19),
        ("Donaudampfschifffahrtsgesellschaftskapitän", 14),
        ("你好，世界！今天天气怎么样？", 10),
        ("🙂🙃🚀", 5),
        ("Die Übergabe erfolgte gestern Nachmittag, obwohl die Verhandlungen schwierig waren. " * 50, 1250),
        ("".join(chr(65 + (i * 7919) % 26) if i % 3 else chr(97 + (i * 31) % 26) for i in range(4000)), 2821),
        ("".join("0123456789abcdef"[(i * 7919 + i // 3) % 16] for i in range(4000)), 3165),
    ],
)
def test_the_count_from_above_is_above_but_not_far(text: str, tokens: int) -> None:
    guess = upper_guess([Message("user", text)]) - 48
    assert tokens <= guess <= 3 * tokens + 8


@pytest.mark.parametrize(
    "mark", ["<|im_start|>", "<|im_end|>", "<|eot_id|>", "<start_of_turn>", "[INST]", "<|fim_prefix|>"]
)
def test_marks_of_a_chat_template_are_broken(mark: str) -> None:
    assert mark not in without_marks(f"a {mark} b")
    assert mark in f"a {mark} b"


@pytest.mark.parametrize("text", ["a <b> | c |> d", "if a <| b", "x[INSTANCE]", "<think>", "1 < 2 | 3 > 2"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert without_marks(text) == text


def test_the_beginning_of_a_reply_is_added_to_the_assistants_own_or_made() -> None:
    assert continued(ASK, "") == ASK
    assert continued(ASK, "no")[-1] == Message("assistant", "no")
    assert continued((*ASK, Message("assistant", "It is")), " no")[-1] == Message("assistant", "It is no")


def split(text: str, seed: int) -> tuple[str, str]:
    """Feed the text in random slices; the answer and the thoughts."""
    splitter, chooser, pieces = ThoughtSplitter(), random.Random(seed), []
    while text:
        size = chooser.randint(1, 4)
        pieces += splitter.feed(text[:size])
        text = text[size:]
    pieces += splitter.end()
    return "".join(one.text for one in pieces if not one.thought), "".join(one.text for one in pieces if one.thought)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    ("text", "answer", "thoughts"),
    [
        ("<think>\na < b\n</think>\n\nYes.", "Yes.", "\na < b\n"),
        ("<think></think>Yes.", "Yes.", ""),
        ("  <think>hm</think> Yes.", "Yes.", "hm"),
        ("Yes, the <think> tag </think> is a tag.", "Yes, the <think> tag </think> is a tag.", ""),
        ("<thin air", "<thin air", ""),
        ("<think>never ends", "", "never ends"),
        ("<think>a</thin</think>b", "b", "a</thin"),
        ("  two spaces stay", "  two spaces stay", ""),
    ],
)
def test_thoughts_are_told_from_the_answer_however_the_text_is_cut(
    text: str, answer: str, thoughts: str, seed: int
) -> None:
    assert split(text, seed) == (answer, thoughts)


def test_a_label_that_begins_another_is_found_by_the_end_of_the_reply() -> None:
    def following(said: str) -> dict[str, float]:
        if said.lower() == "no":
            return {"": math.log(0.5), "t": math.log(0.4), ".": math.log(0.1)}
        if said.lower() == "not":
            return {" sure": 0.0}
        return {"no": math.log(0.9), "x": math.log(0.1)}

    scores = score(("no", "not sure"), following)
    assert scores is not None
    assert math.exp(scores["no"]) == pytest.approx(0.6, abs=0.02)
    assert sum(math.exp(value) for value in scores.values()) == pytest.approx(1.0)


def test_a_label_that_was_not_seen_gets_little_but_not_nothing() -> None:
    scores = score(("yes", "no"), lambda said: {"yes": math.log(0.9), "x": math.log(0.01)})
    assert scores is not None and -10 < scores["no"] < math.log(0.01)


def test_no_label_among_the_tokens_is_none_and_not_a_guess() -> None:
    assert score(("yes", "no"), lambda said: {"The": -0.1, "It": -2.0}) is None


def test_white_space_before_the_label_is_walked_through() -> None:
    def following(said: str) -> dict[str, float]:
        return {"B": math.log(0.9), "A": math.log(0.1)} if said else {"\n": math.log(0.95)}

    scores = score(("A", "B"), following)
    assert scores is not None and scores["B"] > scores["A"]


def test_a_server_that_repeats_itself_does_not_make_the_walk_endless() -> None:
    calls: list[str] = []

    def following(said: str) -> dict[str, float]:
        calls.append(said)
        return {" ": 0.0}

    assert score(("a", "b"), following) is None
    assert len(calls) < 10


@pytest.mark.parametrize("labels", [("yes",), ("yes", "Yes"), ("yes", ""), ()])
def test_labels_that_cannot_be_told_apart_are_refused(labels: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="two or more different"):
        score(labels, lambda said: {})


def test_a_choice_without_a_measure() -> None:
    assert chosen(("yes", "no"), ' "No." ')["no"] == pytest.approx(math.log(0.9))
    assert chosen(("yes", "no"), "no, because")["no"] == pytest.approx(math.log(0.9))
    assert len(set(chosen(("yes", "no"), "who knows").values())) == 1


# -- ScriptedModel ---------------------------------------------------------------------------------------------


def run(model: ScriptedModel, request: Request, cancel: threading.Event | None = None) -> Reply:
    last = list(model.stream(request, cancel or threading.Event()))[-1]
    assert isinstance(last, Reply)
    return last


def test_scripted_replies_come_in_order_and_the_last_one_stays() -> None:
    model = ScriptedModel(["one", "two words"])
    said = [run(model, Request(ASK, max_tokens=9)).text for _ in range(3)]
    assert said == ["one", "two words", "two words"] and len(model.calls) == 3


def test_scripted_stops_at_stop_strings_and_at_max_tokens() -> None:
    model = ScriptedModel(lambda messages: f"said: {messages[-1].text} END more")
    stopped = run(model, Request(ASK, max_tokens=50, stop=("END",)))
    assert (stopped.text, stopped.finish) == ("said: one two three ", "stop")
    short = run(model, Request(ASK, max_tokens=2))
    assert (short.text, short.finish, short.tokens_out) == ("said: one", "length", 2)


def test_scripted_honours_cancel_and_counts_what_it_sent() -> None:
    model, cancel = ScriptedModel(["word " * 500], delay=0.005), threading.Event()
    for item in model.stream(Request(ASK, max_tokens=1000), cancel):
        if isinstance(item, Piece):
            cancel.set()
    assert isinstance(item, Reply) and item.finish == "cancelled" and model.pieces_sent <= 3


def test_scripted_refuses_what_does_not_fit() -> None:
    with pytest.raises(PromptTooLong):
        run(ScriptedModel(window=10), Request(ASK, max_tokens=9))


def test_scripted_can_hang_die_and_garble() -> None:
    begun = time.thread_time()
    with pytest.raises(ModelUnreachable, match="did not finish"):
        run(ScriptedModel(fault="hang"), Request(ASK, max_tokens=9, timeout=0.1))
    assert time.thread_time() - begun < 2
    cancel = threading.Event()
    cancel.set()
    assert run(ScriptedModel(["a b c"], fault="hang"), Request(ASK, max_tokens=9), cancel).finish == "cancelled"
    with pytest.raises(ModelUnreachable, match="broke off"):
        run(ScriptedModel(["a b c d"], fault="die"), Request(ASK, max_tokens=9))
    assert "\x00" in run(ScriptedModel(["a"], fault="garble"), Request(ASK, max_tokens=9)).text
    later = ScriptedModel(["a b c d"], fault="die", fault_from=1)
    assert run(later, Request(ASK, max_tokens=9)).text == "a b c d"


def test_scripted_labels_are_what_was_configured() -> None:
    model = ScriptedModel(labels={"no": -0.1, "yes": -3.0})
    scores = model.labels(ASK, ("yes", "no"), threading.Event())
    assert max(scores, key=lambda one: scores[one]) == "no"
    assert sum(math.exp(value) for value in scores.values()) == pytest.approx(1.0)
    by_text = ScriptedModel(labels=lambda messages, labels: {labels[-1]: 0.0})
    scores = by_text.labels(ASK, ("a", "b", "c"), threading.Event())
    assert max(scores, key=lambda one: scores[one]) == "c"
