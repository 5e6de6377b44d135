"""Everyday questions about money and visits: which are said in the table's words, and which are left as they are."""

from __future__ import annotations

import pytest

from tools.table_columns import Sheet, sheet_of
from tools.table_everyday import plainly

HEADER = ("Date", "Kind", "Payee", "Note", "Amount in marks", "Balance in marks")
ROWS = (
    ("01.03.", "Start", "", "Opening balance", "", "900.00"),
    ("02.03.", "Card payment", "Baker Thorn", "Card ending 17", "-6.80", "893.20"),
    ("05.03.", "Direct debit", "Doctor Ida Holm, dentist", "Invoice 88", "-96.20", "797.00"),
    ("09.03.", "Card payment", "Baker Thorn", "Card ending 17", "-4.40", "792.60"),
    ("12.03.", "Credit", "Kestrel Insurance", "Claim 902", "212.60", "1,005.20"),
    ("20.03.", "Credit", "Norby Shop", "Sale", "20.00", "1,025.20"),
    ("21.03.", "Card payment", "Norby Shop", "Purchase", "-9.00", "1,016.20"),
    ("31.03.", "End", "", "Closing balance", "", "1,016.20"),
)


@pytest.fixture(scope="module")
def statement() -> Sheet:
    return sheet_of("statement", HEADER, ROWS)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("How much did I spend at Baker Thorn?", 'What is the total Amount in marks where Payee is "Baker Thorn"?'),
        ("How much was spent at Baker Thorn in March altogether?", 'What is the total Amount in marks where Payee is "Baker Thorn"?'),
        ("How much have we paid by card payment in total?", 'What is the total Amount in marks where Kind is "Card payment"?'),
        ("What did the dentist take from the account?", 'What is the Amount in marks where Payee is "Doctor Ida Holm, dentist"?'),
        ("How much did I get from Kestrel Insurance?", 'What is the Amount in marks where Payee is "Kestrel Insurance"?'),
        ("How often did I shop at Baker Thorn?", 'How many rows are there where Payee is "Baker Thorn"?'),
        ("How many card payments were there?", 'How many rows are there where Kind is "Card payment"?'),
        ("When was the dentist paid?", 'What is the Date where Payee is "Doctor Ida Holm, dentist"?'),
        ("What was the closing balance?", 'What is the Balance in marks where Note is "Closing balance"?'),
        ("What was the balance at the end of March?", 'What is the Balance in marks where Note is "Closing balance"?'),
    ],
)  # fmt: skip
def test_a_whole_form_with_one_cell_is_said_in_the_tables_words(question: str, plain: str, statement: Sheet) -> None:
    assert plainly(question, statement) == plain


@pytest.mark.parametrize(
    "question",
    [
        "How much did I spend at the butcher's?",  # stands nowhere
        "How much did I spend at Norby Shop?",  # money went both ways
        "How much did I spend at Kestrel Insurance?",  # it came in
        "How much did I get from Baker Thorn?",  # it went out
        "How much did I spend on card?",  # in two columns
        "How much did I spend at Baker Thorn in April?",  # another month
        "How much did I spend at Baker Thorn after 5 March?",
        "How many people were there?",
        "What did Ida say about the account?",
    ],
)
def test_what_is_not_sure_is_left_as_it_is(question: str, statement: Sheet) -> None:
    assert plainly(question, statement) is None


def test_without_one_column_of_amounts_nothing_is_added_up() -> None:
    two = sheet_of("prices", ("Item", "Net amount", "Gross amount"), (("Lamp", "10", "12"), ("Chair", "20", "24")))
    assert plainly("How much did the lamp cost?", two) is None
    one = sheet_of("prices", ("Item", "Price"), (("Lamp", "10"), ("Chair", "20")))
    assert plainly("How much did the lamp cost?", one) == 'What is the Price where Item is "Lamp"?'


def test_what_went_out_and_what_came_in_stand_in_columns_of_their_own() -> None:
    rows = (("2025-05-01", "Mill shop", "6.80", "", "90"), ("2025-05-03", "Mill shop", "4.20", "", "86"), ("2025-05-09", "Pay", "", "900", "986"))  # fmt: skip
    sheet = sheet_of("statement", ("Date", "Details", "Paid out", "Paid in", "Balance"), rows)
    assert plainly("How much did I spend at Mill shop in May?", sheet) == 'What is the total Paid out where Details is "Mill shop"?'  # fmt: skip
    assert plainly("How much did I get from Pay?", sheet) == 'What is the Paid in where Details is "Pay"?'
    assert plainly("How much did I spend at Mill shop in June?", sheet) is None
    assert plainly("How much did I get from Mill shop?", sheet) is None


@pytest.mark.parametrize(
    "question", ["What does one sherry cask cost on the cooper's invoice?", "What is the price of a sherry cask?"]
)
def test_the_price_of_one_is_the_unit_price_not_the_amount(question: str) -> None:
    rows = (("Oak barrel, new", "24", "410.00", "9,840.00"), ("Sherry cask 500 litres", "3", "690.00", "2,070.00"))
    bill = sheet_of("bill", ("Description", "Quantity", "Unit price", "Amount"), rows)
    assert plainly(question, bill) == 'What is the Unit price where Description is "Sherry cask 500 litres"?'


ACCOUNT = (
    ("2024-05-01", "Opening balance", "", "", "900.00"),
    ("2024-05-02", "Alder Rent", "Rent", "-600.00", "300.00"),
    ("2024-05-03", "Baker Thorn", "Food", "-6.50", "293.50"),
    ("2024-05-05", "Mill Works", "Wages", "1,500.00", "1,793.50"),
    ("2024-05-12", "Fish Hall", "Food", "-13.50", "1,780.00"),
    ("2024-05-20", "Norby Shop", "Clothes", "-40.00", "1,740.00"),
    ("2024-05-21", "Norby Shop", "Clothes", "15.00", "1,755.00"),
)
ACCOUNT_HEADER = ("Date", "Payee", "Category", "Amount", "Balance")


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("How much did I spend in total?", "What is the total Amount where Amount is less than 0?"),
        ("What are my total expenses?", "What is the total Amount where Amount is less than 0?"),
        ("How much money came in?", "What is the total Amount where Amount is greater than 0?"),
        ("What is our income?", "What is the total Amount where Amount is greater than 0?"),
        ("How much did we spend in May?", "What is the total Amount where Amount is less than 0 in May?"),
        ("What did I pay on 12 May?", "What is the total Amount where Amount is less than 0 and Date is 2024-05-12?"),
        ("How much did I spend between 1 May and May 10, 2024?", "What is the total Amount where Amount is less than 0 and Date is from 2024-05-01 to 2024-05-10?"),
        ("What was my largest expense?", "Which Payee has the lowest Amount?"),
        ("What was the biggest deposit?", "Which Payee has the highest Amount?"),
        ("How much did I spend per category?", "What is the total Amount for each Category where Amount is less than 0?"),
        ("Which category did I spend the most on?", "Which Category has the lowest total Amount where Amount is less than 0?"),
        ("How much was the rent?", 'What is the Amount where Category is "Rent"?'),
        ("How much rent did we pay?", 'What is the Amount where Category is "Rent"?'),
        ("How much went to Fish Hall?", 'What is the Amount where Payee is "Fish Hall"?'),
        ("How much did I spend on food and rent?", 'What is the total Amount where Category is "Food" or "Rent"?'),
        ("How much did I spend on food after 10 May?", 'What is the total Amount where Category is "Food" and Date is after 2024-05-10?'),
    ],
)  # fmt: skip
def test_a_whole_account_is_asked_about_in_the_tables_words(question: str, plain: str) -> None:
    assert plainly(question, sheet_of("account", ACCOUNT_HEADER, ACCOUNT)) == plain


@pytest.mark.parametrize(
    "question",
    [
        "How much did I spend on clothes?",  # some of it came back
        "How much were the clothes?",
        "How much did I spend on food and drink?",  # no cell of the second
        "How much did I spend on 12 May 2023?",  # of another year
        "What did I pay on 40 May?",
        "How much did I spend until 12 May?",
        "What was the largest ship?",
        "How much did I spend per person?",  # no such column
        "What is my balance?",
    ],
)
def test_what_of_an_account_is_not_sure_is_left(question: str) -> None:
    assert plainly(question, sheet_of("account", ACCOUNT_HEADER, ACCOUNT)) is None


def test_amounts_of_one_sign_and_two_years_are_left() -> None:
    prices = sheet_of("prices", ("Item", "Price"), (("Lamp", "10"), ("Chair", "20")))
    assert plainly("How much did I spend in total?", prices) is None
    years = (*ACCOUNT, ("2025-05-12", "Fish Hall", "Food", "-9.00", "1,746.00"))
    assert plainly("How much did I spend on food after 10 May?", sheet_of("account", ACCOUNT_HEADER, years)) is None


TWO_WAYS = (
    ("2025-05-02", "Rent Tannery Lane", "1,285.00", "", "867.10"),
    ("2025-05-03", "Cafe Lumen", "15.82", "", "851.28"),
    ("2025-05-03", "Salary", "", "2,870.00", "3,721.28"),
)


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("What did I spend in total?", "What is the total Paid out?"),
        ("How much came in altogether?", "What is the total Paid in?"),
        ("What was my largest expense?", "Which Details has the highest Paid out?"),
        ("How much did I spend in total in May?", "What is the total Paid out in May?"),
        ("What did I think of the bank?", None),
    ],
)
def test_an_account_with_a_column_each_way_is_asked_as_a_whole(question: str, plain: str | None) -> None:
    sheet = sheet_of("statement", ("Date", "Details", "Paid out", "Paid in", "Balance"), TWO_WAYS)
    assert plainly(question, sheet) == plain
