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
