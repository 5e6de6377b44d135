"""The process that holds llama.cpp: load one model, serve it on a loopback port, end with the app.

Run as `python -m lottery_chat.models.embedded_child`. One JSON line on standard input says what to load (the key
among it, so that it stands in no list of processes); one JSON line on standard output says where it listens, or
why it cannot. The end of standard input is the end of this process: a killed app leaves nothing behind.

What this does not do: it reads the file with llama.cpp's own parser, which has had holes; only files of known
SHA-256 are given to it (catalogue.py).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from lottery_chat import machine, posix

#: Megabytes of earlier prompts' states that llama.cpp may keep beside its slots, for chats that come back.
_PROMPT_CACHE = 384
#: Tokens read at once. A request that was cancelled is dropped between two of these, so it bounds how long the
#: next one waits behind it: about a second for the 1.5B on two cores.
_CHUNK = 64
_BUSY = 1.25  # processes that want to run for each core


def main() -> None:
    """Read the order, load, say where, wait for the end."""
    order = json.loads(sys.stdin.readline() or "{}")
    posix.die_with_parent(order.get("parent"))
    threading.Thread(target=_end_with_stdin, name="end-with-stdin", daemon=True).start()
    if not machine.cpu_has_avx2():
        _say({"error": "avx2", "text": "This processor has no AVX2 instructions, which the built-in engine needs."})
        return
    try:
        server = _serve(order)
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        _say({"error": "load", "text": f"{type(error).__name__}: {error}"[:500]})
        return
    _say({"url": server.listening_address})
    threading.Event().wait()


def _serve(order: dict[str, Any]) -> Any:
    _sleep_if_busy()
    import xllamacpp  # here, because it takes a second and a machine without AVX2 must be told before

    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.n_parallel = order["slots"]
    params.n_ctx = order["slots"] * order["window"]  # llama.cpp divides it among the slots
    params.kv_unified = False
    params.n_batch = params.n_ubatch = _CHUNK
    params.cache_ram_mib = _PROMPT_CACHE
    for threads in (params.cpuparams, params.cpuparams_batch):
        threads.n_threads = order["threads"]
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [order["key"]]
    params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = params.ui = False
    params.warmup = False
    params.verbosity = -1
    return xllamacpp.Server(params)


def _sleep_if_busy() -> None:
    """On a machine that is busy already, let OpenMP's threads sleep while they wait instead of spinning.

    Measured with the 0.5B on two cores, tokens a second: idle 24 spinning, 14 sleeping; beside two busy processes
    2.7 spinning, 11.5 sleeping. OpenMP is told by a variable only, which it reads when llama.cpp's library is loaded.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > _BUSY * (os.cpu_count() or 1):
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def _say(values: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)  # llama.cpp's threads would not let an ordinary exit through while they compute


if __name__ == "__main__":
    main()
