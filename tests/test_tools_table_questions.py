"""Questions over own tables: read whole by code and right, or not green, or not read; a wrong reading is worse than none."""

from __future__ import annotations

import pytest
from table_cases import DECLINED, DOUBTED, GREEN, TABLES
from table_cases_later import QUESTIONS
from table_cases_later import TABLES as LATER
from table_parts import asked as asked_of

from knowledge.table_rows import rows_of
from lottery_chat.tables import PlannerTables

PRODUCTS = """Product: Kettle; Category: Kitchen; Region: North; Price: 24.50; Units sold: 120; Launched: 2024-03-01
Product: Toaster; Category: Kitchen; Region: South; Price: 31.00; Units sold: 80; Launched: 2023-11-15
Product: Desk lamp; Category: Office; Region: North; Price: 18.90; Units sold: 200; Launched: 2024-03-20
Product: Chair; Category: Office; Region: South; Price: 89.00; Units sold: 45; Launched: 2022-06-30
Product: Pan; Category: Kitchen; Region: North; Price: 27.00; Units sold: 150; Launched: 2024-01-05
Product: Shelf; Category: Home; Region: West; Price: 55.00; Launched: 2021-09-09"""
RECHNUNGEN = """# Rechnungen

Nummer: R-1; Kunde: Holm; Ort: Chur; Betrag: 1.250,00 €; Bezahlt: ja
Nummer: R-2; Kunde: Lund; Ort: Bern; Betrag: 80,50 €; Bezahlt: nein
Nummer: R-3; Kunde: Holm; Ort: Chur; Betrag: 319,50 €; Bezahlt: nein
Nummer: R-4; Kunde: Berg; Ort: Basel; Betrag: 2.000,00 €; Bezahlt: ja"""
MEMBERS = """# Members

Name: Ida Holm; City: Chur; Country: Switzerland; Age: 34; Fee: 120; Joined: 2019-05-01
Name: Per Lund; City: Aarhus; Country: Denmark; Age: 51; Fee: 80; Joined: 2021-01-17
Name: Kari Berg; City: Oslo; Country: Norway; Age: 28; Fee: 120; Joined: 2019-08-09
Name: Ole Dahl; City: Oslo; Country: Norway; Age: 45; Joined: 2022-03-30"""
TIMES = """Station: Norby; Line: 4; Departure: 06:40; Platform: 2
Station: Chur; Line: 4; Departure: 07:15; Platform: 1
Station: Basel; Line: 9; Departure: 07:05; Platform: 1"""


def asked(question: str, text: str, title: str = "file") -> list[str]:
    tables = PlannerTables()
    hits = tables.read(question, "", title, lambda: [(None, text)])
    return [tables.answer(one).short for one in hits if one.reading.whole and one.reading.evidence]


READ = [
    (PRODUCTS, "products.csv", "How many products are in the Kitchen category?", "3"),
    (PRODUCTS, "products.csv", "What is the average price of Office products?", "53.95"),
    (PRODUCTS, "products.csv", "Which product is the cheapest?", "Desk lamp"),
    (PRODUCTS, "products.csv", "Which product is the most expensive?", "Chair"),
    (PRODUCTS, "products.csv", "Which product has the highest price in the North region?", "Pan"),
    (PRODUCTS, "products.csv", "What is the price of the Desk lamp?", "18.90"),
    (PRODUCTS, "products.csv", "What does the Chair cost?", "89.00"),
    (PRODUCTS, "products.csv", "What is the total of units sold by region?", "North: 470; South: 125; West: 0"),
    (PRODUCTS, "products.csv", "Total units sold in the North", "470"),
    (PRODUCTS, "products.csv", "How many units of the Pan were sold?", "150"),
    (PRODUCTS, "products.csv", "How many products were launched in March?", "2"),
    (PRODUCTS, "products.csv", "How many products were launched in 2024?", "3"),
    (PRODUCTS, "products.csv", "List the three cheapest products", "Desk lamp, Kettle, Pan"),
    (PRODUCTS, "products.csv", "Which products cost more than 50?", "Chair, Shelf"),
    (PRODUCTS, "products.csv", "How many products have a price above 30?", "3"),
    (PRODUCTS, "products.csv", "How many products have a price of at most 27?", "3"),
    (PRODUCTS, "products.csv", "Which region sold the most units?", "North"),
    (PRODUCTS, "products.csv", "Average price per category", "Home: 55.00; Kitchen: 27.50; Office: 53.95"),
    (PRODUCTS, "products.csv", "What category is the Chair?", "Office"),
    (PRODUCTS, "products.csv", "When was the Pan launched?", "2024-01-05"),
    (PRODUCTS, "products.csv", "Which product has sold the fewest units?", "Chair"),
    (PRODUCTS, "products.csv", "List the products in the South region", "Toaster, Chair"),
    (RECHNUNGEN, "rechnungen.csv", "Wie viele Rechnungen hat der Kunde Holm?", "2"),
    (RECHNUNGEN, "rechnungen.csv", "Was ist die Summe der Betrag für Holm?", "1569.50 €"),
    (RECHNUNGEN, "rechnungen.csv", "Welche Nummer hat den höchsten Betrag?", "R-4"),
    (RECHNUNGEN, "rechnungen.csv", "Summe Betrag pro Ort", "Basel: 2000.00 €; Bern: 80.50 €; Chur: 1569.50 €"),
    (MEMBERS, "club.xlsx", "How many members are from Norway?", "2"),
    (MEMBERS, "club.xlsx", "Who is the oldest member?", "Per Lund"),
    (MEMBERS, "club.xlsx", "What is the average age of the members?", "39.5"),
    (MEMBERS, "club.xlsx", "Which member has the lowest age?", "Kari Berg"),
    (MEMBERS, "club.xlsx", "What is the age of Per Lund?", "51"),
    (MEMBERS, "club.xlsx", "In which city is Ida Holm?", "Chur"),
    (MEMBERS, "club.xlsx", "How many members joined in 2019?", "2"),
    (MEMBERS, "club.xlsx", "What is the total fee of the members from Norway?", "120"),
    (MEMBERS, "club.xlsx", "How many members per country?", "Denmark: 1; Norway: 2; Switzerland: 1"),
    (TIMES, "times.csv", "What is the departure at Chur?", "07:15"),
    (TIMES, "times.csv", "Which platform is Basel?", "1"),
    (TIMES, "times.csv", "How many stations are there?", "3"),
]


@pytest.mark.parametrize(("table", "title", "question", "answer"), READ, ids=[one[2] for one in READ])
def test_a_question_that_is_read_is_answered_rightly(table: str, title: str, question: str, answer: str) -> None:
    assert asked(question, table, title) == ([answer] if answer else [])


#: What a table must not answer: a word that is no column and no cell, a reason, an opinion, another subject.
NOT_READ = [
    "Who is the manager of the North region?",
    "What is the colour of the Toaster?",
    "Why is the Chair so expensive?",
    "Should I buy the Kettle?",
    "How many products were returned?",
    "What is the average price of red products?",
    "Which product is the best value for families?",
    "How many products are neither in the North nor cheap?",
    "How does a kettle work?",
    "Compare the Kettle with the Toaster",
    "What was the price of the Kettle last year?",
    "How many kitchen products are under 30?",
    "Is the Pan cheaper than the Kettle?",
    "What is 17 percent of the price of the Pan?",
]


@pytest.mark.parametrize("question", NOT_READ)
def test_what_is_not_understood_whole_is_not_asked_of_a_table(question: str) -> None:
    assert asked(question, PRODUCTS, "products.csv") == []


@pytest.mark.parametrize(("title", "question", "answer"), GREEN, ids=[one[1] for one in GREEN])
def test_what_is_read_whole_and_without_doubt_is_right(title: str, question: str, answer: str) -> None:
    found = asked_of(question, title, TABLES[title])
    assert found is not None and found[1:] == (answer, ())


@pytest.mark.parametrize(("title", "question", "answer"), DOUBTED, ids=[one[1] for one in DOUBTED])
def test_what_may_be_read_in_two_ways_carries_a_doubt(title: str, question: str, answer: str) -> None:
    found = asked_of(question, title, TABLES[title])
    assert found is not None and found[1] == answer and found[2]


@pytest.mark.parametrize(("title", "question"), DECLINED, ids=[one[1] for one in DECLINED])
def test_what_is_not_in_the_table_is_not_answered_from_it(title: str, question: str) -> None:
    assert asked_of(question, title, TABLES[title]) is None


@pytest.mark.parametrize(("title", "question", "answers"), QUESTIONS, ids=[one[1] for one in QUESTIONS])
def test_what_was_not_written_for_the_rules_is_right_or_declined(
    title: str, question: str, answers: tuple[str, ...] | None
) -> None:
    found = asked_of(question, title, LATER[title])
    assert found is None or (answers is not None and found[1] in answers)


def test_most_of_it_is_answered() -> None:
    answerable = [one for one in QUESTIONS if one[2] is not None]
    assert sum(asked_of(one[1], one[0], LATER[one[0]]) is not None for one in answerable) >= 0.75 * len(answerable)


SALES = """# Sales by shop

Shop: Pier; January: 120; March: 90
Shop: Quay; January: 80; March: 140"""
FEES = """# Club members

Name: Ida; City: Chur; Fee paid: yes; Status: open
Name: Per; City: Bern; Fee paid: no; Status: closed
Name: Ole; City: Chur; Fee paid: no; Status: open"""


@pytest.mark.parametrize(
    ("table", "question", "short"),
    [
        (SALES, "Which shop sold the most in March?", "Quay"),
        (SALES, "What did Pier sell in January?", "120"),
        (FEES, "How many members have paid their fee?", "1"),
        (FEES, "How many members haven't paid their fee?", "2"),
        (FEES, "How many members have not paid the fee?", "2"),
        (FEES, "How many members from Chur have not paid the fee?", "1"),
        (FEES, "Which members are still open?", "Ida, Ole"),
    ],
)
def test_verbs_of_the_title_and_columns_of_marks_are_read(table: str, question: str, short: str) -> None:
    assert asked(question, table) == [short]


@pytest.mark.parametrize(
    ("table", "question"),
    [
        (SALES, "Which shop bought the most in March?"),
        (FEES, "How many members paid late?"),
        (FEES, "How many members have paid twice?"),
    ],
)
def test_other_verbs_and_marks_with_more_to_them_are_not(table: str, question: str) -> None:
    assert asked(question, table) == []


def test_a_whole_name_of_several_words_is_enough_evidence() -> None:
    text = "Name: Ida; Hourly wage: 17\nName: Per; Hourly wage: 19"
    (hit,) = PlannerTables().read("Who has the highest hourly wage?", "", "staff", lambda: [(None, text)])
    assert hit.reading.whole and hit.reading.evidence >= 2
    text = "Name: Ida; Wage: 17\nName: Per; Wage: 19"
    (hit,) = PlannerTables().read("Who has the highest wage?", "", "staff", lambda: [(None, text)])
    assert hit.reading.evidence == 1


def test_rows_come_back_out_of_a_page_with_what_stands_around_them() -> None:
    text = f"Our prices\n\n{PRODUCTS}\n\nNote: closed on Sundays\n\n{MEMBERS}"
    tables = rows_of([(3, text)])
    assert [(one.pages[0], one.caption, len(one.rows), one.header[0]) for one in tables] == [
        (3, "Our prices", 6, "Product"),
        (3, "Members", 4, "Name"),
    ]
    assert tables[1].lines[2] in text and "Kari Berg" in tables[1].lines[2]
    assert tables[0].rows[5][4] == ""  # the empty cell is empty, not the next one's


def test_a_table_that_goes_on_over_a_page_is_one_table() -> None:
    one, two = PRODUCTS.split("\n")[:3], PRODUCTS.split("\n")[3:]
    tables = rows_of([(1, "\n".join(one)), (2, "\n".join(two))])
    assert len(tables) == 1 and tables[0].pages == (1, 1, 1, 2, 2, 2)


def test_prose_with_colons_is_no_table() -> None:
    text = "He said: yes; she said: no.\nLater: they met; nobody knew: why.\nThe end."
    assert rows_of([(1, "Note: a\nRemark: b")]) == ()
    assert all(asked(question, text) == [] for question in ("How many were there?", "Who said no?"))
