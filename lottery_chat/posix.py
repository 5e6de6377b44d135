"""What differs between operating systems: limits, locks, process groups.

The one module that touches `resource`, `fcntl`, signals and prctl. Linux is tested. Elsewhere each function
says which weaker thing it does instead; none of them raises because of the system it runs on.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
_PR_SET_CHILD_SUBREAPER = 36
#: Nice value of work in the background: a tenth of a processor for which something else contends.
_BEHIND = 10


def optional_module(name: str) -> ModuleType | None:
    """A module of the standard library that only some systems have."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def read_system_file(path: str) -> str:
    """The text of a file in /proc or /sys; empty where it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


# --- limits of this process -------------------------------------------------------------------------------------


def limit_self(*, memory: int, cpu_seconds: int, file_bytes: int) -> bool:
    """Lower this process's limits for good: address space and file size in bytes, CPU seconds, no core files.

    Returns:
        Whether every limit holds. Windows has none of them (False); macOS ignores the address space.
    """
    resource: Any = optional_module("resource")
    if resource is None:
        return False
    wanted = (("RLIMIT_AS", memory), ("RLIMIT_CPU", cpu_seconds), ("RLIMIT_FSIZE", file_bytes), ("RLIMIT_CORE", 0))
    held = True
    for name, value in wanted:
        which = getattr(resource, name, None)
        if which is None:
            held = False
            continue
        _soft, hard = resource.getrlimit(which)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(which, (most, most))
        except (OSError, ValueError):
            held = False
    return held


def _prctl(option: int, value: int) -> bool:
    if not LINUX:
        return False
    try:
        return int(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)) == 0
    except (OSError, AttributeError):
        return False


def die_with_parent(parent: int | None = None) -> bool:
    """Ask the kernel to kill this process when its parent dies; call it in the child, first thing.

    Linux ties this to the *thread* that started the child: start long-lived children from a thread that
    lives as long as they shall. Elsewhere nothing is set (False): watch standard input for its end.

    Args:
        parent: the expected parent's pid; when it is already gone this process ends at once.
    """
    held = _prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if parent is not None and hasattr(os, "getppid") and os.getppid() != parent:
        os._exit(1)
    return held


def adopt_orphans() -> bool:
    """Make this process the parent of its descendants' orphans, so that `descendants` finds them (Linux only)."""
    return _prctl(_PR_SET_CHILD_SUBREAPER, 1)


# --- other processes --------------------------------------------------------------------------------------------


def own_group(*, same_session: bool = False) -> dict[str, Any]:
    """Arguments for subprocess.Popen that put the child into a group of its own (no Ctrl-C from our terminal).

    Args:
        same_session: for a child that calls `give_way`. Linux may share the processors out by session (autogroup), and
            then a lower priority counts only inside of one. Before Python 3.11 it has a session of its own all the same.
    """
    if os.name == "nt":
        return {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if same_session and sys.version_info >= (3, 11):
        return {"process_group": 0}
    return {"start_new_session": True}


def give_way() -> bool:
    """Lower the priority of this thread, and of threads that it starts, for good; whether that was possible.

    Whoever waits for a disk or a lock is then given a processor at once, where it waited for up to 30 ms before.
    Linux only, where a thread has a priority of its own.
    """
    if not LINUX:
        return False
    try:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BEHIND)
    except OSError:
        return False
    return True


def descendants(pid: int) -> set[int]:
    """The pids of all processes below this one; empty where the system does not tell (only Linux does)."""
    found: set[int] = set()
    queue = [pid]
    while queue:
        one = queue.pop()
        try:
            tasks = os.listdir(f"/proc/{one}/task")
        except OSError:
            continue
        for task in tasks:
            for child in read_system_file(f"/proc/{one}/task/{task}/children").split():
                if int(child) not in found:
                    found.add(int(child))
                    queue.append(int(child))
    return found


def terminate_group(pid: int, *, grace: float = 0.0) -> None:
    """End a process, its group and everything below it; the caller still has to wait() for it.

    With `grace` (seconds) it is first asked politely. The descendants are frozen before they are killed, so
    that one which forks all the time cannot outrun us. On Windows only the process itself is ended, by force.

    Args:
        pid: a process started with `own_group()` and not yet waited for (its number cannot be another's).
    """
    if grace > 0:
        _signal(pid, signal.SIGTERM, group=True)
        until = time.monotonic() + grace
        while is_alive(pid) and time.monotonic() < until:
            time.sleep(0.02)
    seen: set[int] = set()
    for _ in range(50):
        fresh = descendants(pid) - seen
        if not fresh:
            break
        for one in fresh:
            _signal(one, getattr(signal, "SIGSTOP", signal.SIGTERM))
        seen |= fresh
    for one in seen:
        _signal(one, getattr(signal, "SIGKILL", signal.SIGTERM))
    _signal(pid, getattr(signal, "SIGKILL", signal.SIGTERM), group=True)


def _signal(pid: int, number: int, *, group: bool = False) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError, OSError):
        if group and hasattr(os, "killpg"):
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def signal_name(number: int) -> str:
    """`SIGSEGV` for 11; the number itself where it has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def birth(pid: int) -> str:
    """A word that tells this process from a later one with the same pid; empty when it is gone or unknown.

    On Linux boot id and start time; elsewhere empty: trust a held lock instead.
    """
    parts = read_system_file(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if len(parts) < 20 or parts[0] in ("Z", "X"):
        return ""
    return f"{read_system_file('/proc/sys/kernel/random/boot_id').strip()}/{parts[19]}"


def is_alive(pid: int) -> bool:
    """Whether a process with this pid runs (a zombie does not)."""
    if LINUX:
        return bool(birth(pid))
    if os.name == "nt":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _alive_on_windows(pid: int) -> bool:
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (the attribute exists on Windows only)
    handle = kernel.OpenProcess(0x1000, False, pid)
    if not handle:
        return False
    code = ctypes.c_ulong(0)
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259


# --- files ------------------------------------------------------------------------------------------------------


class FileLock:
    """A lock on a file that the system drops when its holder dies, kill -9 included.

    Works between processes and, because each lock opens the file anew, between threads. fcntl.flock on POSIX,
    msvcrt.locking on Windows. Whoever removes the file must hold the lock.
    """

    __slots__ = ("_file", "path", "patience")

    def __init__(self, path: Path, patience: float = 10.0) -> None:
        """Name the file; nothing is opened yet. `with` waits for at most `patience` seconds, then TimeoutError."""
        self.path = path
        self.patience = patience
        self._file: int | None = None

    @property
    def held(self) -> bool:
        return self._file is not None

    def acquire(self, seconds: float = 0.0) -> bool:
        """Try for at most `seconds`; whether this object holds the lock afterwards. OSError: no such folder…"""
        if self._file is not None:
            return True
        until = time.monotonic() + seconds
        while True:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            if _lock(file) and _still_there(file, self.path):
                self._file = file
                return True
            os.close(file)
            if time.monotonic() >= until:
                return False
            time.sleep(0.02)

    def release(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def __del__(self) -> None:
        self.release()

    def __enter__(self) -> FileLock:
        if not self.acquire(self.patience):
            raise TimeoutError(f"{str(self.path)!r} is held by another process. Close the other one, then try again.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _still_there(file: int, path: Path) -> bool:
    """Whether the path still names this open file: its last holder may have removed it while we waited."""
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except OSError:
        return False


def _lock(file: int) -> bool:
    fcntl: Any = optional_module("fcntl")
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt: Any = importlib.import_module("msvcrt")
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
