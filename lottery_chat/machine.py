"""What this machine has: its memory, its cores, what its processor can do."""

from __future__ import annotations

import ctypes
import os
import platform
import subprocess
from typing import Any

from lottery_chat.posix import LINUX, optional_module, read_system_file

_AVX2_ON_WINDOWS = 40


def memory_available() -> int:
    """Bytes that can still be used without swapping, the container's limit included; 0 when unknown."""
    if LINUX:
        free = _meminfo("MemAvailable")
        room = _container_room()
        return free if room is None else min(free, room)
    if os.name == "nt":
        return _memory_on_windows()
    try:  # macOS: half of what is built in, since it tells only through vm_stat
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (ValueError, OSError, AttributeError):
        return 0


def memory_held(pid: int | None = None) -> int:
    """Bytes of memory a process (None: this one) holds now; 0 when unknown.

    Elsewhere than on Linux only this one's are known, and they are the most it ever held.
    """
    for line in read_system_file(f"/proc/{pid or 'self'}/status").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    resource: Any = optional_module("resource")
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) if resource is not None and pid is None else 0


def _meminfo(field: str) -> int:
    for line in read_system_file("/proc/meminfo").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0


def _container_room() -> int | None:
    """What the control group (version 2) leaves; pages of the file cache can be had back, so they count."""
    most, used = (
        read_system_file("/sys/fs/cgroup/memory.max").strip(),
        read_system_file("/sys/fs/cgroup/memory.current").strip(),
    )
    if not most.isdigit() or not used.isdigit():
        return None
    cached = 0
    for line in read_system_file("/sys/fs/cgroup/memory.stat").splitlines():
        if line.startswith("inactive_file "):
            cached = int(line.split()[1])
    return max(0, int(most) - int(used) + cached)


def _memory_on_windows() -> int:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "tp", "fp", "tv", "fv", "ev")),
        )

    status: Any = Status()
    status.length = ctypes.sizeof(Status)
    kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (the attribute exists on Windows only)
    return int(status.free) if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else 0


def cpu_has_avx2() -> bool:
    """Whether an x86 processor has AVX2; True as well where the question does not arise (ARM) or is unanswered."""
    if platform.machine().lower() not in ("x86_64", "amd64", "i686", "x86"):
        return True
    if LINUX:
        flags = [line for line in read_system_file("/proc/cpuinfo").splitlines() if line.startswith("flags")]
        return not flags or "avx2" in flags[0].split()
    if os.name == "nt":
        kernel: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (the attribute exists on Windows only)
        return bool(kernel.IsProcessorFeaturePresent(_AVX2_ON_WINDOWS))
    try:
        told = subprocess.run(["sysctl", "-n", "machdep.cpu.leaf7_features"], capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.SubprocessError):
        return True
    return told.returncode != 0 or "AVX2" in told.stdout.upper().split()


def physical_cores() -> int:
    """Cores this process may really use: no hyper-threads twice, affinity and the container's share included."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
    pairs, package = set(), "0"
    for line in read_system_file("/proc/cpuinfo").splitlines():
        key, _, value = (part.strip() for part in line.partition(":"))
        if key == "physical id":
            package = value
        elif key == "core id":
            pairs.add((package, value))
    quota, _, period = read_system_file("/sys/fs/cgroup/cpu.max").strip().partition(" ")
    share = -(-int(quota) // int(period)) if quota.isdigit() and period.isdigit() and int(period) else allowed
    return max(1, min(len(pairs) or allowed, allowed, share))
