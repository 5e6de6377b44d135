"""`lottery-chat lab …`: which action is meant, and what there is to be measured.

The lab has a home of its own below the app's (`lab/`): its journal keeps every item's trace, its bases keep the
corpora, and a person's conversations and documents are neither read nor touched.
"""

from __future__ import annotations

import argparse
import sys

from lottery_chat.commands import Opener
from lottery_chat.lab import command_checks as checks
from lottery_chat.lab import command_measuring as measuring
from lottery_chat.lab import command_parts as parts
from lottery_chat.lab import command_records as records
from lottery_chat.lab import panel
from lottery_chat.lab.arms import ARMS, SEARCH
from lottery_chat.lab.tasks import NAMES
from lottery_chat.settings import Settings
from lottery_chat.terminal import line, table


def lab(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """Run one action and return its exit code; `opener` builds the app (cli.open_app, or a test's)."""
    actions = {
        "list": _list,
        "run": measuring.run_tasks,
        "panel": measuring.run_panel,
        "niah": measuring.run_niah,
        "report": records.show_report,
        "compare": records.show_comparison,
        "judge": records.judge_again,
        "entropy": _entropy,
        "gates": _gates,
        "complexity": parts.measure_complexity,
        "evidence": parts.measure_evidence,
        "triples": parts.measure_triples,
        "programs": parts.measure_programs,
        "routes": parts.measure_routes,
        "bench": checks.time_bench,
        "tools": checks.time_tools,
        "documents": checks.try_documents,
        "hostile": checks.try_hostile,
        "durable": checks.try_durability,
        "faults": checks.try_faults,
    }
    return actions[options.action](options, settings, opener)


def _gates(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    from lottery_chat.lab.command_gates import measure_gates  # arrays, for one action

    return measure_gates(options, settings, opener)


def _entropy(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    from lottery_chat.lab.command_gates import measure_entropy

    return measure_entropy(options, settings, opener)


def _list(options: argparse.Namespace, settings: Settings, opener: Opener) -> int:
    """What there is to be measured: tasks, arms, the panel."""
    line("Tasks:")
    table([(name, family, about) for name, family, about in NAMES], sys.stdout)
    line("\nArms:")
    table([(one.name, one.about) for one in (*ARMS.values(), SEARCH)], sys.stdout)
    line("\nThe panel:")
    table([(family, ", ".join(f"{task} {count[0]} ({count[1]})" for task, count in parts.items())) for family, parts in panel.COUNTS.items()], sys.stdout)  # fmt: skip
    return 0
