"""Fault cells: the table has 130 experiments, a quick subset ends honestly, and the judge sees when a defence is off."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path

import pytest

from lottery_chat.errors import SettingsError
from lottery_chat.lab import fault_plans, faults
from lottery_chat.lab.fault_judging import Cell
from lottery_chat.lab.fault_server import FaultServer, as_json
from lottery_chat.lab.fault_table import FAULTS, TABLE

QUICK = [
    ("search", "500"),
    ("model", "dies"),
    ("embedder", "html"),
    ("vector store", "truncated"),
    ("memory DB", "dies"),
    ("Python", "truncated"),
    ("Z3", "dies"),
    ("calculator", "html"),
    ("converter", "50MB"),
]


def test_there_are_130_cells_and_none_is_another_by_a_second_name() -> None:
    assert len(TABLE) == 10 and len(FAULTS) == 13
    for part, meant in TABLE.items():
        assert meant.keys() == FAULTS.keys(), part
        assert len(set(meant.values())) == 13, part
    assert len(faults.chosen([], [])) == 130


def test_there_are_20_planner_faults_by_20_names() -> None:
    assert len(fault_plans.PLANS) == len(set(fault_plans.names())) == 20


def besides_time(cell: Cell) -> list[str]:
    """What was missed; seconds are the lab's to judge, on a machine that has nothing else to do."""
    return [missed for missed in cell.missed if not missed.startswith("it took")]


@pytest.mark.parametrize(("part", "fault"), QUICK)
def test_a_fault_ends_honestly(part: str, fault: str) -> None:
    (cell,) = faults.run_cells([(part, fault)])
    assert besides_time(cell) == [], cell


def test_with_the_defences_off_the_judge_finds_what_is_missed() -> None:
    cells = list(faults.run_cells([("calculator", "500"), ("calculator", "html")], guarded=False))
    assert [one.how for one in cells] == ["missed", "missed"]
    assert all(any("inner workings" in missed for missed in one.missed) for one in cells)
    assert all(any("fourth time" in missed for missed in one.missed) for one in cells)


@pytest.mark.parametrize(
    "name", ["parts within parts", "the same tool call a thousand times", "a ramble of 1e5 tokens"]
)
def test_a_planner_fault_stays_within_the_caps(name: str) -> None:
    (cell,) = fault_plans.run_plans([name])
    assert besides_time(cell) == [], cell


def test_without_a_budget_the_judge_sees_the_caps_broken() -> None:
    (cell,) = fault_plans.run_plans(["parts within parts"], guarded=False)
    assert any("model calls; the cap is 12" in missed for missed in cell.missed)


def test_names_that_do_not_exist_are_told_with_those_that_do() -> None:
    with pytest.raises(SettingsError, match="'modem'; one of model, embedder"):
        faults.chosen(["modem"], [])
    with pytest.raises(SettingsError, match="'slow'; one of refused"):
        faults.chosen([], ["slow"])


def test_results_are_kept_a_line_each_and_a_torn_one_is_run_again(tmp_path: Path) -> None:
    cell = Cell("search", "500", "error", 0.1, 15.0, 1, ("it took too long",), "No.")
    out = tmp_path / "cells.jsonl"
    faults.keep(out, cell)
    faults.keep(out, cell)
    out.write_text(out.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    assert faults.kept(out) == [cell]
    assert "it took too long" in faults.as_markdown([cell])


@pytest.fixture
def server() -> object:
    made = FaultServer(lambda path, body: as_json({"path": path}))
    yield made
    made.close()


def asked(server: FaultServer, seconds: float = 1.0) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as at:
        at.sendall(b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
        data = b""
        while part := at.recv(65536):
            data += part
        return data


def test_the_server_is_well_before_and_after_each_fault(server: FaultServer) -> None:
    for fault in ("500", "429", "html", "truncated", "empty", "dies"):
        server.fault = fault
        assert not asked(server).endswith(b'{"path": "/x"}'), fault
        server.fault = ""
        assert asked(server).endswith(b'{"path": "/x"}'), fault
    assert len(server.asked) == server.connections == 12


def test_the_server_refuses_hangs_in_the_handshake_says_nothing_and_resets(server: FaultServer) -> None:
    server.fault = "refused"
    with pytest.raises(ConnectionRefusedError):
        asked(server)
    server.fault = "connect-hang"
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        asked(server, 0.5)
    assert time.monotonic() - begun < 5.0 and server.connections == 0
    server.fault = "silence"
    with pytest.raises(TimeoutError):
        asked(server, 0.5)
    server.fault = "reset"
    with pytest.raises(ConnectionResetError):
        asked(server)
    server.fault = ""
    assert json.loads(asked(server).partition(b"\r\n\r\n")[2]) == {"path": "/x"}
