"""What each of the 13 faults means for each of the 10 parts: 130 experiments, none of them twice.

Four parts are reached over a network and get the faults themselves (fault_server.py). Six are local: what is at fault
there is a child, a file or a function, and each fault has its counterpart, which does the same harm in the same place
of the exchange: cannot be reached, is not found, does not begin, does not answer, answers slowly, breaks off, says it
failed, says it is busy, answers something else, half, nothing, far too much, dies.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Names of the faults, in the order of reliability.md G, with what they are on a network.
FAULTS: Mapping[str, str] = {
    "refused": "the connection is refused",
    "dns": "the server's name cannot be found",
    "connect-hang": "the connection is never made",
    "silence": "the connection is taken, and nothing is said",
    "drip": "one byte a second",
    "reset": "the connection is reset in the middle of the body",
    "500": "500",
    "429": "429 with Retry-After",
    "html": "200 with a page of HTML in place of the answer",
    "truncated": "the answer is cut in the middle of its JSON",
    "empty": "200 with an empty body",
    "50MB": "the answer does not end before 50 MB",
    "dies": "the server dies after ten tokens",
}
_CHILD: Mapping[str, str] = {
    "refused": "the system starts no process (EAGAIN)",
    "dns": "its module is not installed",
    "connect-hang": "it is stopped (SIGSTOP) before it begins",
    "silence": "it computes for ever",
    "drip": "its right result comes one byte a second",
    "reset": "half of its result, then it exits",
    "500": "it raises an error of its own",
    "429": "it starts more processes than are allowed",
    "html": "its result is HTML",
    "truncated": "its result is cut in the middle of the JSON",
    "empty": "it ends in order and has written nothing",
    "50MB": "its result has 50 MB of something else",
    "dies": "it is killed (SIGKILL, as when memory is out)",
}
_PYTHON: Mapping[str, str] = {
    "refused": "its interpreter may not be executed",
    "dns": "its interpreter is not there",
    "connect-hang": "it starts and never says that it is ready",
    "silence": "ready, then no reply",
    "drip": "ready, then its right reply one byte a second",
    "reset": "ready, then half a reply, and it exits",
    "500": "it ends with a traceback before it is ready",
    "429": "it says that it is busy and not ready",
    "html": "ready, then a page of HTML",
    "truncated": "ready, then a line of JSON that is cut",
    "empty": "ready, then an empty line",
    "50MB": "ready, then a reply of 50 MB",
    "dies": "ready, then it is killed (SIGKILL)",
}
_CALCULATOR: Mapping[str, str] = {
    "refused": "its module cannot be imported (ImportError)",
    "dns": "its function is not found (AttributeError)",
    "connect-hang": "it waits for a lock that is never free",
    "silence": "it computes for ever",
    "drip": "its right value comes a digit at a time, after the limit",
    "reset": "it ends its thread (SystemExit)",
    "500": "it raises an error of its own (RuntimeError)",
    "429": "it refuses: too much at once",
    "html": "it gives HTML in place of a value",
    "truncated": "it gives a value without its text",
    "empty": "it gives nothing",
    "50MB": "it gives a text of 50 MB",
    "dies": "it is out of memory (MemoryError)",
}
_STORE: Mapping[str, str] = {
    "refused": "a file is where the index's folder should be",
    "dns": "the index's folder is gone",
    "connect-hang": "opening a data file never ends (a pipe without a writer)",
    "silence": "another process holds the writing lock, and the index is gone",
    "drip": "a data file gives one byte a second (a pipe)",
    "reset": "the data files are cut to half",
    "500": "the data files are full of random bytes",
    "429": "the data files are gone, the manifests are not",
    "html": "the manifests are HTML",
    "truncated": "the manifests are cut to half",
    "empty": "data files and manifests are empty (power cut)",
    "50MB": "the manifests are 50 MB of zeros",
    "dies": "killed in a commit: a torn newer manifest beside the good one",
}
_MEMORY: Mapping[str, str] = {
    "refused": "a folder is where the file should be",
    "dns": "the home folder's disk is not mounted (a link that leads nowhere)",
    "connect-hang": "another process holds it, for readers too (EXCLUSIVE)",
    "silence": "another process holds it for writing (IMMEDIATE)",
    "drip": "another process takes it again and again, free for a moment only",
    "reset": "the file is cut to half while it is open",
    "500": "the middle third of the file is random bytes",
    "429": "a newer version of the program has written it",
    "html": "the file is HTML",
    "truncated": "the file is cut in its first page",
    "empty": "the file is empty",
    "50MB": "its log is 50 MB of zeros",
    "dies": "the disk is full (SQLITE_FULL) in the middle of a run",
}
#: Part to what each fault is for it.
TABLE: Mapping[str, Mapping[str, str]] = {
    "model": FAULTS,
    "embedder": FAULTS,
    "vector store": _STORE,
    "memory DB": _MEMORY,
    "search": FAULTS,
    "fetch": FAULTS,
    "Python": _PYTHON,
    "Z3": _CHILD,
    "calculator": _CALCULATOR,
    "converter": _CHILD,
}
