"""What the machine has: memory and cores as a container limits them, AVX2 as the processor says."""

from __future__ import annotations

import os
import sys

import pytest

from lottery_chat import machine

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="tested on Linux")


def test_what_the_machine_has_is_plausible() -> None:
    assert 2**26 < machine.memory_available() < 2**45
    assert 1 <= machine.physical_cores() <= (os.cpu_count() or 1)
    assert machine.cpu_has_avx2() in (True, False)


@linux
def test_avx2_is_read_from_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    for flags, expected in (("fpu sse2 avx2 bmi", True), ("fpu sse2 avx bmi", False)):
        monkeypatch.setattr(
            machine, "read_system_file", lambda path, flags=flags: f"processor: 0\nflags\t\t: {flags}\n"
        )
        monkeypatch.setattr(machine.platform, "machine", lambda: "x86_64")
        assert machine.cpu_has_avx2() is expected
        monkeypatch.setattr(machine.platform, "machine", lambda: "aarch64")
        assert machine.cpu_has_avx2()


@linux
def test_the_limits_of_a_container_count(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "/proc/meminfo": "MemTotal: 8000000 kB\nMemAvailable:    4000000 kB\n",
        "/sys/fs/cgroup/memory.max": "1000000000\n",
        "/sys/fs/cgroup/memory.current": "600000000\n",
        "/sys/fs/cgroup/memory.stat": "anon 1\ninactive_file 100000000\n",
        "/sys/fs/cgroup/cpu.max": "50000 100000\n",
        "/proc/cpuinfo": "physical id: 0\ncore id: 0\nphysical id: 0\ncore id: 0\nphysical id: 0\ncore id: 1\n",
    }
    monkeypatch.setattr(machine, "read_system_file", lambda path: files.get(path, ""))
    assert machine.memory_available() == 500_000_000
    assert machine.physical_cores() == 1
    files["/sys/fs/cgroup/memory.max"] = "max\n"
    assert machine.memory_available() == 4_096_000_000
