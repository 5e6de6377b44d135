"""Functions that the tests of lottery_chat.children run inside a limited child."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

Values = dict[str, Any]


def echo(request: Values) -> Values:
    return {"back": request}


def chatter(request: Values) -> Values:
    """Print a great deal, on every way out that a program would use by accident."""
    print("x" * 200_000)
    sys.stderr.write("y" * 200_000)
    os.write(1, b"z" * 100_000)
    return {"ok": True}


def forge(request: Values) -> Values:
    """Write a frame of our shape, without the secret word, into every open file."""
    body = b'{"value": {"forged": true}}'
    for descriptor in range(1, 32):
        try:
            os.write(descriptor, b"0" * 32 + len(body).to_bytes(8, "big") + body)
        except OSError:
            continue
    return {"forged": False}


def print_forged(request: Values) -> Values:
    body = '{"value": {"forged": true}}'
    print("0" * 32 + "\0" * 7 + chr(len(body)) + body, flush=True)
    return {"forged": False}


def spin(request: Values) -> Values:
    while True:
        pass


def ignore_signals_and_sleep(request: Values) -> Values:
    for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    time.sleep(1000)
    return {}


def eat(request: Values) -> Values:
    return {"size": len(bytearray(request["bytes"]))}


def starve_import(request: Values) -> Values:
    raise ImportError("libbig.so: cannot map: Cannot allocate memory")


def segfault(request: Values) -> Values:
    ctypes.string_at(0)
    return {}


def leave(request: Values) -> Values:
    os._exit(int(request["code"]))


def system_exit(request: Values) -> Values:
    raise SystemExit("out")


def fail(request: Values) -> Values:
    raise ValueError("The file 'a.pdf' is empty.")


def give_list(request: Values) -> Values:
    return [1]  # type: ignore[return-value]


def give_nan(request: Values) -> Values:
    return {"x": float("nan")}


def give_nested(request: Values) -> Values:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    return {"x": value}


def give_much(request: Values) -> Values:
    return {"x": "a" * int(request["bytes"])}


def write_file(request: Values) -> Values:
    with open(request["path"], "wb") as file:
        file.write(b"a" * int(request["bytes"]))
    return {"written": os.path.getsize(request["path"])}


def environment(request: Values) -> Values:
    return {"names": sorted(os.environ), "values": list(os.environ.values()), "stdin": sys.stdin.read()}


def cores(request: Values) -> Values:
    import resource

    return {
        "core": list(resource.getrlimit(resource.RLIMIT_CORE)),
        "group": os.getpgid(0),
        "pid": os.getpid(),
        "nice": os.nice(0),
    }


def breed(request: Values) -> Values:
    """Start sleeping processes, each in a session of its own, twice removed; their pids go to a file."""
    code = "import os,sys,time\nif os.fork(): os._exit(0)\nos.setsid()\nopen(sys.argv[1],'a').write(f'{os.getpid()}\\n')\ntime.sleep(60)"
    open(request["path"], "a").close()
    for _ in range(int(request["count"])):
        subprocess.run([sys.executable, "-I", "-S", "-c", code, request["path"]], check=False)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with open(request["path"]) as file:
            if len(file.readlines()) >= int(request["count"]):
                break
        time.sleep(0.01)
    if request.get("stay"):
        threading.Event().wait(60)
    return {"bred": request["count"]}


def bomb(request: Values) -> Values:
    """Fork without end (slowly enough for a shared machine)."""
    while True:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        time.sleep(0.005)


def say_pid_and_sleep(request: Values) -> Values:
    with open(request["path"], "w") as file:
        file.write(str(os.getpid()))
    if request.get("hold"):
        ctypes.PyDLL(None).sleep(60)  # keeps the interpreter's lock: no thread of ours can run
    time.sleep(60)
    return {}
