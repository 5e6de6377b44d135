"""lottery_chat.search_child: a search model in another process gives the same vectors, and its death loses nothing."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import HashingEmbedder
from knowledge.errors import EmbedderMissing, TextTooLong
from lottery_chat import posix
from lottery_chat.search_child import ChildEmbedder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
TEXTS = ["a lamp on the pier", "Öl für die Lampe", "\ud800 half a sign", "wind from the north"]


@pytest.fixture
def child(tmp_path: Path) -> Iterator[ChildEmbedder]:
    made = ChildEmbedder(tmp_path, kind="hashing", seconds=20.0)
    yield made
    made.close()


def gone(pid: int) -> bool:
    until = time.monotonic() + 10
    while posix.is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not posix.is_alive(pid)


def test_vectors_and_counts_are_those_of_the_model_inside(child: ChildEmbedder) -> None:
    inside = HashingEmbedder()
    assert np.array_equal(child.encode(TEXTS), inside.encode(TEXTS))
    assert np.array_equal(child.encode_questions(TEXTS), inside.encode(TEXTS))
    assert np.array_equal(child.encode_behind(TEXTS), inside.encode(TEXTS))
    assert child.count_tokens(TEXTS) == inside.count_tokens(TEXTS)
    assert (child.name, child.dimensions, child.limit) == (inside.name, inside.dimensions, inside.limit)
    assert child.encode([]).shape == (0, inside.dimensions) and child.count_tokens([]) == []


def test_many_texts_come_back_in_their_order(child: ChildEmbedder) -> None:
    texts = [f"entry {n}" for n in range(5000)]
    vectors = child.encode(texts)
    assert np.array_equal(
        vectors[[0, 2047, 2048, 4999]], HashingEmbedder().encode([texts[n] for n in (0, 2047, 2048, 4999)])
    )


def test_what_the_model_refuses_is_refused_here(child: ChildEmbedder) -> None:
    with pytest.raises(TextTooLong, match="has 300 tokens, the embedder reads 254"):
        child.encode(["word " * 300])
    assert child.count_tokens(["still there"]) == [2]


def test_a_question_does_not_wait_behind_a_document(child: ChildEmbedder) -> None:
    document = threading.Thread(target=child.encode, args=([f"entry {n} of the long log" for n in range(40_000)],))
    document.start()
    answered = 0
    while document.is_alive():
        child.encode(["a question"])
        answered += 1
    document.join()
    assert answered > 3


@pytest.mark.skipif(not posix.LINUX, reason="threads have priorities of their own on Linux only")
def test_only_what_nobody_waits_for_gives_way(child: ChildEmbedder) -> None:
    assert 10 not in nice_values(child.pid)
    child.encode(TEXTS)
    assert 10 not in nice_values(child.pid)
    child.encode_behind(TEXTS)
    assert nice_values(child.pid).count(10) == 1 and 0 in nice_values(child.pid)


def nice_values(pid: int) -> list[int]:
    """The nice value of each thread of a process."""
    return [os.getpriority(os.PRIO_PROCESS, int(thread)) for thread in os.listdir(f"/proc/{pid}/task")]


def test_a_death_is_survived_and_the_request_is_answered(child: ChildEmbedder) -> None:
    first = child.pid
    os.kill(first, signal.SIGKILL)
    assert child.count_tokens(["one more lamp"]) == [3]
    assert child.pid != first and gone(first)


def test_a_request_during_which_the_child_dies_is_asked_again(child: ChildEmbedder) -> None:
    first = child.pid
    os.kill(first, signal.SIGSTOP)  # it cannot answer any more
    found: list[list[int]] = []
    asking = threading.Thread(target=lambda: found.append(child.count_tokens(["three small words"])))
    asking.start()
    time.sleep(0.2)
    os.kill(first, signal.SIGKILL)
    asking.join(30)
    assert found == [[3]]


def test_a_child_that_hangs_is_stopped_said_and_replaced(tmp_path: Path) -> None:
    child = ChildEmbedder(tmp_path, kind="hashing", seconds=-1.5)  # two more for the text: half a second
    first = child.pid
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(EmbedderMissing, match="did not answer for .* the next question starts it again"):
        child.count_tokens(["one"])
    assert gone(first)
    assert child.count_tokens(["one"]) == [1]
    child.close()


def test_too_little_memory_is_said_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissing, match="could not be started .* Free some memory"):
        ChildEmbedder(tmp_path, kind="hashing", memory=24 * 2**20)


def test_a_folder_without_a_model_is_said_by_the_child(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissing, match="model.safetensors is missing"):
        ChildEmbedder(tmp_path)


def test_the_child_ends_when_it_is_closed_or_forgotten(tmp_path: Path) -> None:
    closed, forgotten = (ChildEmbedder(tmp_path, kind="hashing") for _ in range(2))
    pids = closed.pid, forgotten.pid
    closed.close()
    assert gone(pids[0])
    with pytest.raises(EmbedderMissing, match="the program is ending"):
        closed.encode(["late"])
    del forgotten
    gc.collect()
    assert gone(pids[1])


def test_the_child_ends_when_we_die(tmp_path: Path) -> None:
    import subprocess

    code = (
        "import sys, os, time; from pathlib import Path; from lottery_chat.search_child import ChildEmbedder\n"
        f"child = ChildEmbedder(Path({str(tmp_path)!r}), kind='hashing'); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    assert gone(pid)


def test_the_program_itself_does_not_load_torch(tmp_path: Path) -> None:
    child = ChildEmbedder(tmp_path, kind="hashing")
    child.encode(["a lamp"])
    child.close()
    import subprocess

    code = "import sys, lottery_chat.search_child, lottery_chat.search_models; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
