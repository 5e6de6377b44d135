"""turns.py: fair turns, cancellable waiting, no more at once than there are slots."""

from __future__ import annotations

import threading

import pytest

from lottery_chat.models.turns import TurnQueue


class Line:
    """Requests that queue behind one that holds the only slot; their order is kept."""

    def __init__(self, queue: TurnQueue) -> None:
        self.queue = queue
        self.order: list[str] = []
        self.threads: list[threading.Thread] = []

    def join(self, owner: str, name: str, cancel: threading.Event | None = None) -> None:
        before = self.queue.waiting()

        def work() -> None:
            with self.queue.turn(owner, cancel or threading.Event()) as got:
                if got:
                    self.order.append(name)

        thread = threading.Thread(target=work)
        thread.start()
        self.threads.append(thread)
        tick = threading.Event()
        while self.queue.waiting() == before:
            tick.wait(0.001)

    def finish(self) -> list[str]:
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()
        return self.order


def test_owners_take_turns_and_not_requests() -> None:
    queue = TurnQueue(1)
    line = Line(queue)
    with queue.turn("x", threading.Event()):
        for number in range(4):
            line.join("a", f"a{number}")
        line.join("b", "b0")
        line.join("b", "b1")
        line.join("c", "c0")
        assert (queue.place("a"), queue.place("b"), queue.place("c"), queue.place("nobody")) == (1, 2, 3, 0)
    assert line.finish() == ["a0", "b0", "c0", "a1", "b1", "a2", "a3"]


def test_an_owner_who_comes_late_waits_for_one_turn_of_each_other_only() -> None:
    queue = TurnQueue(1)
    line = Line(queue)
    with queue.turn("a", threading.Event()):
        for number in range(10):
            line.join("a", f"a{number}")
        line.join("b", "b")
    assert line.finish().index("b") <= 1


def test_never_more_at_once_than_slots_and_all_slots_are_used() -> None:
    queue, lock = TurnQueue(3), threading.Lock()
    now, most = 0, 0
    together = threading.Barrier(3, timeout=10)

    def work(owner: str) -> None:
        nonlocal now, most
        with queue.turn(owner, threading.Event()):
            with lock:
                now += 1
                most = max(most, now)
            together.wait()
            with lock:
                now -= 1

    threads = [threading.Thread(target=work, args=(f"o{number % 4}",)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert most == 3 and queue.waiting() == 0


def test_waiting_can_be_cancelled_and_leaves_no_trace() -> None:
    queue = TurnQueue(1)
    line, cancel = Line(queue), threading.Event()
    with queue.turn("x", threading.Event()):
        line.join("a", "a", cancel)
        line.join("b", "b")
        cancel.set()
        line.threads[0].join(5)
        assert not line.threads[0].is_alive() and queue.place("a") == 0 and queue.place("b") == 1
    assert line.finish() == ["b"]


def test_an_error_during_a_turn_gives_it_back() -> None:
    queue = TurnQueue(1)
    with pytest.raises(RuntimeError):
        with queue.turn("a", threading.Event()):
            raise RuntimeError
    with queue.turn("b", threading.Event()) as got:
        assert got


def test_a_queue_without_slots_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one slot"):
        TurnQueue(0)
