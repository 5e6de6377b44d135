"""Of which day a document says it is: its own date, and not every date that stands in it."""

from __future__ import annotations

import time

import pytest

from knowledge.dating import own_date


@pytest.mark.parametrize(
    ("title", "opening", "wanted"),
    [
        ("report_2024-05-03.pdf", "Harbour report\n\nAll went well.", "2024-05-03"),
        ("Minutes 14 March 2025", "Those present: all.", "2025-03-14"),
        ("Prices May 2026.xlsx", "", "2026-05"),
        ("letter", "Dear all,\nDate: 7 June 2023\nWe meet at noon.", "2023-06-07"),
        ("letter", "Oban, 7 June 2023\n\nDear Ms. Berg,", "2023-06-07"),
        ("letter", "Tuesday, 3 May 2022\n\nDear Ms. Berg,", "2022-05-03"),
        ("rules", "Rules of the club\n(as of January 2024)\n1. Be kind.", "2024-01"),
        ("rules", "Rules\nIssued: 2021-02-03\nLast updated: 2024-04-05\n", "2024-04-05"),
        ("Satzung", "Satzung\nStand: 03.04.2024\n", "2024-04-03"),
        ("form", "Revision of 12 August 2020. All earlier forms end.", "2020-08-12"),
    ],
)
def test_a_date_in_the_title_or_marked_in_the_opening_is_the_documents_own(
    title: str, opening: str, wanted: str
) -> None:
    assert own_date(title, opening) == wanted


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        ("history", "The bridge was opened on 3 May 1901 and fell on 4 June 1950."),
        ("contract", "Valid from 03/04/2024 between both."),  # two ways to read it
        ("from 2024-01-01 to 2024-02-01", "A month."),
        ("report", "Date: 31 February 2024"),
        ("report", "An update on 3 May 2024 changed the rules. " * 3),
        ("Model 2024", "It has wheels."),
        ("part 2024-05-03-17", "A part."),
        ("", ""),
        ("late", "x" * 2000 + "\nDate: 3 May 2024\n"),
    ],
)
def test_a_date_that_only_occurs_or_reads_two_ways_is_none(title: str, opening: str) -> None:
    assert own_date(title, opening) == ""


def test_hostile_openings_take_no_time() -> None:
    begun = time.thread_time()
    for text in ("Date: " * 300, "\n" * 1_500, "jan " * 400, "9" * 1_500, "Oban, " * 250, "as of " * 250):
        own_date(text[:200], text)
    assert time.thread_time() - begun < 5
