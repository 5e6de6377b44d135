"""What depends on the system: locks that die with their holder, processes that can be told apart and ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lottery_chat import posix

ROOT = Path(__file__).resolve().parent.parent
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tested on Linux")


def python(code: str, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, **more)  # type: ignore[call-overload, no-any-return]


def test_a_lock_has_one_holder_between_objects_and_threads(tmp_path: Path) -> None:
    first, second = posix.FileLock(tmp_path / "l"), posix.FileLock(tmp_path / "l")
    assert first.acquire() and first.acquire() and first.held
    assert not second.acquire() and not second.held
    threading.Timer(0.1, first.release).start()
    assert second.acquire(5.0)
    second.release()


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    code = "import time; from pathlib import Path; from lottery_chat.posix import FileLock; "
    code += f"lock = FileLock(Path({str(tmp_path / 'l')!r})); print(lock.acquire(), flush=True); time.sleep(60)"
    holder = python(code)
    assert holder.stdout is not None and holder.stdout.readline() == "True\n"
    lock = posix.FileLock(tmp_path / "l")
    assert not lock.acquire()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert lock.acquire(2.0)
    lock.release()


def test_a_lock_whose_file_was_removed_is_not_held_on_the_old_file(tmp_path: Path) -> None:
    first, second = posix.FileLock(tmp_path / "l"), posix.FileLock(tmp_path / "l")
    assert first.acquire()
    threading.Timer(0.1, lambda: ((tmp_path / "l").unlink(), first.release())).start()
    assert second.acquire(5.0)
    third = posix.FileLock(tmp_path / "l")
    assert not third.acquire()
    second.release()


def test_a_lock_held_by_another_is_said_with_its_path(tmp_path: Path) -> None:
    with (
        posix.FileLock(tmp_path / "l"),
        pytest.raises(TimeoutError, match="held by another process"),
        posix.FileLock(tmp_path / "l", patience=0.05),
    ):
        pass


@linux
def test_a_process_is_told_from_a_later_one_and_a_zombie_is_dead() -> None:
    child = python("import time; time.sleep(60)")
    born = posix.birth(child.pid)
    assert born and born == posix.birth(child.pid) != posix.birth(os.getpid())
    assert posix.is_alive(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not posix.is_alive(child.pid) and posix.birth(child.pid) == ""
    child.wait()
    assert child.stdout is not None
    child.stdout.close()


@linux
@pytest.mark.parametrize("grace", [0.0, 0.5])
def test_a_group_is_ended_with_everything_below_it(grace: float) -> None:
    code = "import signal,subprocess,sys,time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    code += "p=subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)'], start_new_session=True)\n"
    code += "print(p.pid, flush=True)\ntime.sleep(60)"
    leader = python(code, **posix.own_group())
    assert leader.stdout is not None
    below = int(leader.stdout.readline())
    assert posix.descendants(leader.pid) == {below}
    started = time.monotonic()
    posix.terminate_group(leader.pid, grace=grace)
    assert leader.wait() == -signal.SIGKILL
    assert time.monotonic() - started < grace + 1.0
    until = time.monotonic() + 5
    while posix.is_alive(below) and time.monotonic() < until:
        time.sleep(0.01)
    assert not posix.is_alive(below)
    leader.stdout.close()


@linux
def test_a_polite_request_is_enough_for_a_polite_process() -> None:
    code = "import signal,sys,time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(5))\nprint(1, flush=True)\ntime.sleep(60)"
    child = python(code, **posix.own_group())
    assert child.stdout is not None
    child.stdout.readline()
    posix.terminate_group(child.pid, grace=5.0)
    assert child.wait() == 5
    child.stdout.close()


@linux
def test_ending_a_process_that_is_gone_is_no_error() -> None:
    child = python("pass")
    child.wait()
    assert child.stdout is not None
    child.stdout.close()
    posix.terminate_group(child.pid)
    assert posix.descendants(child.pid) == set()


@linux
def test_a_child_whose_parent_is_not_the_expected_one_ends_at_once() -> None:
    child = python("from lottery_chat import posix; posix.die_with_parent(1); print('still here')")
    assert child.communicate(timeout=20)[0] == "" and child.returncode == 1
    child = python(f"from lottery_chat import posix; posix.die_with_parent({os.getpid()}); print('still here')")
    assert child.communicate(timeout=20)[0] == "still here\n"  # negative control


def test_a_signal_has_its_name_or_its_number() -> None:
    assert posix.signal_name(int(signal.SIGTERM)) == "SIGTERM" and posix.signal_name(4242) == "4242"


@pytest.mark.skipif(not posix.LINUX, reason="threads have priorities of their own on Linux only")
def test_a_thread_that_gives_way_takes_along_what_it_starts_and_nothing_else() -> None:
    def mine() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def work(found: list[int]) -> None:
        assert posix.give_way()
        inner = threading.Thread(target=lambda: found.append(mine()))
        inner.start()
        inner.join()
        found.append(mine())

    before, found = mine(), list[int]()
    thread = threading.Thread(target=work, args=(found,))
    thread.start()
    thread.join()
    assert found == [max(before, 10)] * 2 and mine() == before


@pytest.mark.skipif(sys.platform == "win32" or sys.version_info < (3, 11), reason="needs process_group of Popen")
@pytest.mark.parametrize("same", [True, False])
def test_a_child_has_its_own_group_in_our_session_or_in_its_own(same: bool) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, **posix.own_group(same_session=same)) as child:  # fmt: skip
        assert os.getpgid(child.pid) == child.pid != os.getpgid(0)
        assert (os.getsid(child.pid) == os.getsid(0)) is same
        child.kill()
