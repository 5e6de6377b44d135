"""What the operating system enforces on a process of ours that runs untrusted work; the weaker rest is stated.

On Linux: address space, file size 0, no core files, few open files. On macOS the
address space is not enforced by the kernel; on Windows none of these exist, and only time and the sandbox's own
memory limit hold. `enforced` names what is in force, so that nobody promises more.
"""

from __future__ import annotations

OPEN_FILES = 64


def limit_this_process(memory: int, cpu_seconds: int) -> tuple[str, ...]:
    """Limit the calling process and all it starts; return the names of the limits in force.

    Args:
        memory: bytes of address space for each process.
        cpu_seconds: seconds of processor time for each process.
    """
    enforced: list[str] = []
    try:
        import resource  # inside the function: the module does not exist on Windows
    except ImportError:
        return ()
    wanted = (
        ("address space", resource.RLIMIT_AS, memory),
        ("processor time", resource.RLIMIT_CPU, cpu_seconds),
        ("file size", resource.RLIMIT_FSIZE, 0),
        ("core files", resource.RLIMIT_CORE, 0),
        ("open files", resource.RLIMIT_NOFILE, OPEN_FILES),
    )
    for name, kind, value in wanted:
        try:
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            continue  # macOS refuses some; the caller sees it missing from the list
        enforced.append(name)
    return tuple(enforced)
