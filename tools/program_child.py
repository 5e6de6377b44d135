"""The limited child process that runs model-written programs in pydantic-monty; JSON lines in and out.

The only importer of pydantic_monty. Started by programs.py as a process of its own; dies when its standard input
ends (the app is gone) or when the app kills its process group. Limits of the operating system hold for it and for
the sandbox's worker, which it starts. Monty itself gives no files, no network, no environment and no modules of ours.
"""

from __future__ import annotations

import calendar
import json
import math
import os
import signal
import statistics
import string
import sys
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from queue import SimpleQueue
from typing import Any

import pydantic_monty as monty

from tools.limits import limit_this_process
from tools.program_forms import FRACTION_SOURCE, prepare

ADDRESS_SPACE = 3 * 1024**3
CPU_SECONDS = 900
MAX_ITEMS = 10_000
MAX_DEPTH = 20
_STATISTICS = ("mean", "median", "mode", "stdev", "pstdev", "variance", "pvariance", "fmean", "geometric_mean",
               "harmonic_mean", "median_low", "median_high", "multimode", "quantiles")  # fmt: skip
_LETTERS = ("ascii_letters", "ascii_lowercase", "ascii_uppercase", "digits", "punctuation", "hexdigits", "octdigits")


def main() -> None:
    """Serve requests until standard input ends.

    The kernel's death signal (PR_SET_PDEATHSIG) is not used: it fires when the *thread* that started us ends.
    """
    enforced = limit_this_process(ADDRESS_SPACE, CPU_SECONDS)
    # Nothing but our own lines may reach the parent: the channel is kept apart from standard output.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    requests: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    with monty.Monty(max_processes=1, feed_duration_limit_grace=0.5) as pool:
        with pool.checkout() as session:
            session.feed_run("1")
        _send(channel, {"ready": True, "limits": enforced})
        while True:
            request = json.loads(requests.get())
            _send(channel, _answer(pool, request))


def _listen(requests: SimpleQueue[str]) -> None:
    """Pass requests on; when the app is gone, end at once with the worker, even in the middle of a program."""
    for line in sys.stdin:
        requests.put(line)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(0)


def _send(channel: Any, message: dict[str, Any]) -> None:
    channel.write(json.dumps(message, ensure_ascii=True, allow_nan=False) + "\n")
    channel.flush()


def _answer(pool: Any, request: dict[str, Any]) -> dict[str, Any]:
    started = time.perf_counter()
    prepared = prepare(request["code"])
    reply: dict[str, Any] = {"id": request["id"], "form": prepared.form, "value": None, "text": "", "printed": ""}
    reply |= {"error": prepared.problem, "display": prepared.problem, "code": prepared.code}
    if not prepared.problem:
        printed = monty.CollectString(max_bytes=request["output"])
        try:
            value = _run(pool, prepared, request, printed)
            reply["value"], reply["text"] = encode(value), text_of(value)
            if len(reply["text"]) > request["output"]:
                raise Unreadable(f"The result is longer than {request['output']:,} characters; return a short one.")
        except monty.MontyError as error:
            reply |= {"error": _short(error), "display": _display(error)}
        except (Unreadable, RecursionError) as error:
            reply |= {"error": str(error), "display": str(error), "value": None, "text": ""}
        reply["printed"] = printed.output
    reply["seconds"] = time.perf_counter() - started
    return reply


def _run(pool: Any, prepared: Any, request: dict[str, Any], printed: Any) -> Any:
    limits = {
        "max_feed_duration_secs": request["seconds"],
        "max_memory": request["memory"],
        "max_recursion_depth": 500,
        "max_suspensions": 20_000,
        "max_total_sleep_secs": 0.0,
    }
    policy = {"sleep": "zero"}
    with pool.checkout(limits=limits, os_policy=policy, external_modules=_modules()) as session:
        if prepared.uses_fractions:
            session.feed_run(FRACTION_SOURCE, print_callback=printed)
        value = session.feed_run(prepared.code, print_callback=printed)
        if prepared.ask:
            value = session.feed_run(prepared.ask, print_callback=printed)
    return value


def _modules() -> dict[str, Any]:
    """Modules the sandbox lacks; their functions take and give plain values and run under this child's limits."""
    supplied = {name: _plain_errors(getattr(statistics, name)) for name in _STATISTICS}
    days = {name: list(getattr(calendar, name)) for name in ("month_name", "month_abbr", "day_name", "day_abbr")}
    functions = {
        name: _plain_errors(getattr(calendar, name)) for name in ("isleap", "leapdays", "monthrange", "weekday")
    }
    return {
        "statistics": monty.ExternalModule(supplied),
        "calendar": monty.ExternalModule({**functions, **days}),
        "string": monty.ExternalModule({name: getattr(string, name) for name in _LETTERS}),
    }


def _plain_errors(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*values: Any, **named: Any) -> Any:
        if sum(len(value) for value in values if isinstance(value, (list, tuple))) > 1_000_000:
            raise ValueError("too many values")
        try:
            return function(*values, **named)
        except statistics.StatisticsError as error:
            raise ValueError(str(error)) from None

    return call


class Unreadable(Exception):
    """The program's result is no plain value that JSON can carry."""


def encode(value: Any, depth: int = 0) -> Any:
    """Turn a result into JSON values; exact types only, so that nothing of the program's runs here.

    Raises:
        Unreadable: a function, an object, or too large.
    """
    if depth > MAX_DEPTH:
        raise Unreadable("The result is nested too deeply; return a number, a text or a flat list.")
    kind = type(value)
    if value is None or kind in (bool, str, int, float, Decimal):
        return _encode_scalar(value)
    if kind in (date, datetime):
        return value.isoformat()
    if kind is timedelta:
        return value.days if value == timedelta(days=value.days) else value.total_seconds()
    if kind in (list, tuple, set, frozenset, dict):
        if len(value) > MAX_ITEMS:
            raise Unreadable(f"The result has {len(value):,} items; return at most {MAX_ITEMS:,}.")
        if kind is dict:
            return {text_of(key): encode(one, depth + 1) for key, one in value.items()}
        return [encode(one, depth + 1) for one in (_sorted(value) if kind in (set, frozenset) else value)]
    if kind is monty.MontyClassProxy and value.name == "Fraction":
        top, bottom = value.attributes.get("numerator"), value.attributes.get("denominator")
        if type(top) is int and type(bottom) is int and bottom:
            return _encode_scalar(top) if bottom == 1 else top / bottom
    raise Unreadable(f"The result is {_kind_name(value)}; return a number, a text, True or False, or a list of these.")


def _encode_scalar(value: Any) -> Any:
    kind = type(value)
    if kind is str and value.startswith("<function "):
        # Monty hands a function over as this text.
        raise Unreadable("The result is a function; call it.")
    if kind is int and value.bit_length() > 14_000:
        raise Unreadable("The result is a number of more than 4,200 digits; return a shorter one.")
    if kind is Decimal and value.is_finite():
        whole = value == value.to_integral_value() and value.adjusted() < 300
        return int(value) if whole else float(value)
    if kind in (float, Decimal) and not math.isfinite(value):
        return str(value)
    return value


def _sorted(values: Any) -> list[Any]:
    """A set has no order of its own: plain values of one kind are sorted, so that two runs agree."""
    return sorted(values) if all(type(one) in (int, float) for one in values) else sorted(values, key=text_of)


def _kind_name(value: Any) -> str:
    if type(value) is monty.MontyClassProxy:
        return f"an object of class {value.name[:60]!r}"
    return f"of type {type(value).__name__!r}"


def text_of(value: Any) -> str:
    """Return the result as a person reads it: floats to 12 digits, exact decimals and fractions as they are."""
    kind = type(value)
    if kind is float:
        if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
            return str(int(value))
        return format(value, ".12g")
    if kind is Decimal:
        return format(value, "f") if value.is_finite() and abs(value.adjusted()) < 40 else str(value)
    if kind is timedelta:
        return f"{value.days} days" if value == timedelta(days=value.days) else f"{value.total_seconds():.12g} seconds"
    if kind in (list, tuple, set, frozenset):
        return ", ".join(text_of(one) for one in (_sorted(value) if kind in (set, frozenset) else value))
    if kind is dict:
        return ", ".join(f"{text_of(key)}: {text_of(one)}" for key, one in value.items())
    if kind is monty.MontyClassProxy:
        top, bottom = value.attributes.get("numerator"), value.attributes.get("denominator")
        return f"{top}/{bottom}" if value.name == "Fraction" and bottom != 1 else str(top)
    if kind is int and value.bit_length() > 14_000:
        raise Unreadable("The result holds a number of more than 4,200 digits; return a shorter one.")
    return "" if value is None else str(value)


def _short(error: Any) -> str:
    if isinstance(error, monty.MontyCrashedError):
        return (
            "TimeoutError: the program was stopped"
            if error.timed_out
            else "The program broke its sandbox and was stopped."
        )
    display = getattr(error, "display", None)
    return str(display("type-msg") if display and not isinstance(error, monty.MontyTypingError) else error)[:2_000]


def _display(error: Any) -> str:
    display = getattr(error, "display", None)
    return str(display() if display else error)[:4_000]
