"""A statement of the portal is read whatever its form, and a bad row costs itself alone."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pos_sync.mpesa.payer import Payer
from pos_sync.mpesa.statement import (
    BadRow,
    Fault,
    NotAStatement,
    Passed,
    PassedRow,
    Statement,
    StatementPayment,
    StatementReversal,
    StatementRow,
    read_statement,
)

HEADER = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,"
    "Balance,Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)
BEFORE = """Organization Name:,DUKA LA MAMA
Short Code:,600966
Time Period:,01-11-2026 - 30-11-2026
"""
PAID = (
    "TKO1AB2CD3,24-11-2026 12:00:05,24-11-2026 12:00:01,Pay Bill from 254712345678 - JANE DOE Acc. "
    'T1U7,Completed,"1,450.00",,"10,053.00",true,Pay Bill Online,254712345678 - JANE DOE,,T1U7'
)
TILL = (
    "TKO1AB2CD4,2026-11-24 12:01:00,,Merchant Payment from 2547****678 - JOHN,Completed,500.00,,,"
    "true,Customer Merchant Payment,0712****678 - JOHN DOE,,"
)
BANKED = (
    "TKO1AB2CD6,24-11-2026 13:00:00,,Funds received from KCB,Completed,600000,,,true,"
    "Organization Settlement,,,"
)
TO_BANK = (
    "TKO1AB2CD7,24-11-2026 13:00:00,,Merchant Account to Organization Settlement Account,"
    'Completed,,"-4,000.00",,,,,,'
)
LINKED = (
    "TKP0000001,25-11-2026 10:00:00,,Pay Utility Reversal,Completed,,-1450.00,,true,"
    "Pay Utility Reversal,254712345678 - JANE,TKO1AB2CD3,"
)
NAMED = "TKP0000001,25-11-2026 10:00:00,,Reversal of TKO1AB2CD3 by us,Completed,,1450.00,,,,,,"
AT = datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC)


def read(text: str) -> Statement:
    return read_statement(enumerate(csv.reader(text.splitlines()), 1))


def rows(*lines: str, header: str = HEADER) -> list[StatementRow]:
    return [*read("\n".join([header, *lines])).rows]


def test_what_stands_before_the_table_is_passed_over() -> None:
    statement = read("\n".join([BEFORE, HEADER, PAID]))
    assert statement.short_codes == {"600966"}
    assert [*statement.rows] == [
        StatementPayment(
            line=6,
            receipt="TKO1AB2CD3",
            amount_cents=1_450_00,
            at=AT,
            reference="T1U7",
            payer=Payer(phone="254712345678"),
            name="JANE DOE",
        )
    ]


def test_a_payment_to_a_till_has_no_reference_and_a_masked_payer() -> None:
    (found,) = rows(TILL)
    assert isinstance(found, StatementPayment)
    assert (found.reference, found.payer, found.name) == ("", Payer(mask="254712*678"), "JOHN DOE")
    assert found.at == datetime(2026, 11, 24, 9, 1, tzinfo=UTC)


def test_columns_come_in_any_order_and_under_other_names() -> None:
    (found,) = rows(
        "500.00,TKO1AB2CD4,24/11/26 12:00,Pay Bill from 254712345678 - JANE Acc. No. HSE 12",
        header="Paid In,Receipt No,Completion Time,Details",
    )
    assert isinstance(found, StatementPayment)
    assert (found.amount_cents, found.reference) == (500_00, "HSE 12")
    assert (found.payer, found.name) == (Payer(phone="254712345678"), "JANE")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (PAID.replace("Completed", "Failed"), Passed.NOT_DONE),
        (PAID.replace("Completed", ""), Passed.NOT_DONE),
        ("TKO1AB2CD5,24-11-2026 13:00:00,,Pay Bill Charge,Completed,,-15.00,,,,,,", Passed.OUT),
        (BANKED, Passed.OWN),
        (TO_BANK, Passed.OUT),
    ],
)
def test_what_is_no_payment_is_passed_over(line: str, why: Passed) -> None:
    assert rows(line) == [PassedRow(line=2, why=why)]


def test_a_customer_may_be_called_as_a_settlement() -> None:
    line = PAID.replace("JANE DOE", "SETTLEMENT HOUSE FLOAT")
    assert isinstance(rows(line)[0], StatementPayment)


@pytest.mark.parametrize("line", [LINKED, NAMED])
def test_a_reversal_names_the_payment_that_went_back(line: str) -> None:
    assert rows(line) == [StatementReversal(line=2, receipt="TKO1AB2CD3", amount_cents=1_450_00)]


@pytest.mark.parametrize(
    ("line", "fault", "value"),
    [
        (PAID.replace("TKO1AB2CD3", "TKO1"), Fault.RECEIPT, "TKO1"),
        (PAID.replace("24-11-2026 12:00:05", "11-24-2026 12:00"), Fault.TIME, "11-24-2026 12:00"),
        (PAID.replace("24-11-2026 12:00:05", "24-11-2026"), Fault.TIME, "24-11-2026"),
        (PAID.replace('"1,450.00"', "1.450.00"), Fault.AMOUNT, "1.450.00"),
        (
            "TKP0000001,25-11-2026 10:00:00,,Reversal,Completed,,-1450.00,,,,,,",
            Fault.REVERSED,
            "Reversal",
        ),
    ],
)
def test_a_bad_row_is_named_and_stops_no_other(line: str, fault: Fault, value: str) -> None:
    bad, good = rows(line, TILL)
    assert bad == BadRow(line=2, fault=fault, value=value)
    assert isinstance(good, StatementPayment)


def test_totals_blank_rows_and_headers_on_each_page_say_nothing() -> None:
    assert len(rows(PAID, ",,,,,,,,,,,,", ',,,Totals,,"1,785.00",15.00,,,,,,', HEADER, TILL)) == 2


def test_a_line_that_is_none_is_named() -> None:
    statement = read_statement([(1, HEADER.split(",")), (2, None)])
    assert [*statement.rows] == [BadRow(line=2, fault=Fault.LINE)]


def test_a_spreadsheet_has_kept_numbers_and_days() -> None:
    header = ["Receipt No.", "Completion Time", "Paid In"]
    statement = read_statement([(1, header), (2, ["TKO1AB2CD3", 46_350.5, 1_450.5])])
    (found,) = statement.rows
    assert isinstance(found, StatementPayment)
    assert (found.amount_cents, found.at) == (1_450_50, datetime(2026, 11, 24, 9, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "Name,Phone\nJane,0712345678", "Receipt No.,Paid In\nX,1"])
def test_another_table_is_no_statement(text: str) -> None:
    with pytest.raises(NotAStatement):
        read(text)


SIGNS = "\x00\"',;-/:.()*+ \t09AZaz\u00a0\u202e\ud800٣é"


def _spoilt(cells: list[str], chance: random.Random) -> list[object]:
    """Return a row as no portal has written it."""
    changed: list[object] = [*cells]
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(8):
            case 0 if changed:
                del changed[place]
            case 1:
                changed.insert(place, chance.choice(SIGNS) * chance.randint(0, 300))
            case 2 if changed:
                changed[place] = None
            case 3 if changed:
                changed[place] = chance.choice([1e300, -0.0, float("nan"), float("inf"), 45_000.5])
            case 4 if changed:
                text = str(changed[place])
                at = chance.randint(0, len(text))
                changed[place] = text[:at] + chance.choice(SIGNS) + text[at + 1 :]
            case 5 if changed:
                changed[place] = str(changed[place]) * chance.randint(2, 9)
            case 6:
                chance.shuffle(changed)
            case _ if changed:
                changed[place] = chance.choice([True, object(), 10**400, b"x", [], -1])
    return changed


def _spoilt_rows(seed: int, count: int) -> Iterator[tuple[int, list[object]]]:
    chance = random.Random(seed)
    samples = [next(csv.reader([line])) for line in (PAID, TILL, HEADER)]
    yield 1, [*samples[2]]
    for number in range(2, count + 2):
        yield number, _spoilt(chance.choice(samples), chance)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_a_row_becomes_it_is_read_or_named(seed: int) -> None:
    given = [*_spoilt_rows(seed, 2_000)]
    lines = {number for number, _cells in given}
    for row in read_statement(given).rows:
        assert row.line in lines
        if isinstance(row, StatementPayment):
            assert len(row.receipt) == 10
            assert row.amount_cents > 0
            assert row.at.tzinfo is UTC
            assert len(row.reference) <= 40
            assert len(row.name) <= 60


@pytest.mark.parametrize("reason", ["Pay Bill Online", ""])
@pytest.mark.parametrize("details", ["Pay Bill Acc. REVERS RKL51ZDR9Z", "REVERSAL OF RKL51ZDR9Z"])
def test_what_a_customer_types_gives_no_payment_back(details: str, reason: str) -> None:
    line = f"TKO1AB2CD3,24-11-2026 12:00:05,,{details},Completed,1450.00,,,true,{reason},,,"
    (found,) = rows(line)
    assert isinstance(found, StatementPayment)
    assert (found.receipt, found.amount_cents) == ("TKO1AB2CD3", 1_450_00)
