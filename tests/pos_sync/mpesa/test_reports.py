"""What M-Pesa reports by itself is read by the names of its parts, each of which may be missing."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pos_sync.mpesa.callbacks import (
    PaidIn,
    ResultReport,
    StkReport,
    TimeoutReport,
    read_report,
    read_status,
)
from pos_sync.mpesa.payer import Payer
from pos_sync.mpesa.results import Meaning

from tests.pos_sync.mpesa import samples


def read(body: Any) -> Any:
    return read_report(json.dumps(body).encode())


def stk(**changes: Any) -> Any:
    body = copy.deepcopy(samples.STK_PAID)
    items = body["Body"]["stkCallback"]["CallbackMetadata"]["Item"]
    for name, value in changes.items():
        place = next(item for item in items if item["Name"] == name)
        place.pop("Value", None)
        if value is not None:
            place["Value"] = value
    items.reverse()
    return body


def test_a_payment_by_push() -> None:
    assert read(samples.STK_PAID) == StkReport(
        checkout_id="ws_CO_191220191020363925",
        merchant_id="29115-34620561-1",
        code="0",
        words="The service request is processed successfully.",
        receipt="NLJ7RT61SV",
        amount_cents=100,
        paid_at=datetime(2019, 12, 19, 7, 21, 15, tzinfo=UTC),
        payer=Payer(phone="254708374149"),
    )


def test_the_order_of_its_parts_does_not_matter() -> None:
    assert read(stk()) == read(samples.STK_PAID)


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("Amount", "1450.50", "amount_cents", 145_050),
        ("Amount", None, "amount_cents", None),
        ("Amount", "1,450", "amount_cents", None),
        ("Amount", 10.005, "amount_cents", None),
        ("TransactionDate", "20191219102115", "paid_at", datetime(2019, 12, 19, 7, 21, 15, 0, UTC)),
        ("TransactionDate", 20191319102115, "paid_at", None),
        ("PhoneNumber", "254708***430", "payer", Payer(mask="254708*430")),
        ("PhoneNumber", None, "payer", Payer()),
        ("MpesaReceiptNumber", "nlj7rt61sv", "receipt", None),
        ("MpesaReceiptNumber", 1234567890, "receipt", "1234567890"),
    ],
)
def test_a_part_of_another_type_or_none(name: str, value: Any, field: str, expected: Any) -> None:
    assert getattr(read(stk(**{name: value})), field) == expected


@pytest.mark.parametrize(
    ("body", "code", "meaning"),
    [
        (samples.STK_CANCELLED, "1032", Meaning.ENDED),
        (samples.STK_TEXT_CODE, "SFC_IC0003", Meaning.ENDED),
    ],
)
def test_a_push_that_ended_without_money(body: Any, code: str, meaning: Meaning) -> None:
    report = read(body)
    assert (report.code, report.meaning) == (code, meaning)
    assert (report.receipt, report.amount_cents, report.payer) == (None, None, Payer())


def test_money_that_came_in() -> None:
    assert read(samples.PAID_IN) == PaidIn(
        receipt="RKL51ZDR4F",
        amount_cents=500,
        short_code="600966",
        paid_at=datetime(2023, 11, 21, 9, 13, 25, tzinfo=UTC),
        reference="Sample Transaction",
        kind="Pay Bill",
        payer=Payer(mask="2547*126"),
        name="NICHOLAS",
    )


@pytest.mark.parametrize(
    "changes",
    [{"TransID": "short"}, {"TransAmount": "0"}, {"TransAmount": "-5"}, {"BusinessShortCode": ""}],
)
def test_money_without_receipt_amount_or_number_is_no_report(changes: dict[str, str]) -> None:
    assert read({**samples.PAID_IN, **changes}) is None


def test_results_with_one_value_or_many() -> None:
    reversed_, told = read(samples.REVERSED), read(samples.BALANCE_TOLD)
    assert isinstance(reversed_, ResultReport)
    assert reversed_.has_succeeded
    assert reversed_.values["OriginalTransactionID"] == "SKC82PACB8"
    assert told.values == {"AccountBalance": "Working Account|KES|700000.00|700000.00|0.00|0.00"}


def test_a_result_that_failed_has_no_values() -> None:
    report = read(samples.REVERSAL_FAILED)
    assert (report.code, report.has_succeeded, report.values) == ("R000001", False, {})


def test_a_status_tells_of_its_payment() -> None:
    told = read_status(read(samples.STATUS_TOLD))
    assert told is not None
    assert (told.receipt, told.amount_cents, told.state) == ("LHC1TSV4CX", 30_000, "Completed")
    assert told.at == datetime(2019, 7, 24, 6, 56, 1, tzinfo=UTC)
    assert read_status(read(samples.REVERSED)) is None


def test_a_request_that_was_not_dealt_with_says_nothing_of_money() -> None:
    report = read(samples.NOT_IN_TIME)
    assert report == TimeoutReport(originator_id="16917-22577599-3", conversation_id="AG_5")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[1]",
        b"null",
        b"<html></html>",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"Body":{"stkCallback":{"CheckoutRequestID":"x"}}}',
        b'{"TransAmount":NaN}',
        b'{"TransID":"RKL51ZDR4F","TransAmount":1e999999999,"BusinessShortCode":"1"}',
        b'{"TransID":"RKL51ZDR4F","TransAmount":' + b"9" * 5_000 + b',"BusinessShortCode":"1"}',
    ],
)
def test_garbage_is_no_report(body: bytes) -> None:
    assert read_report(body) is None


def test_a_line_break_does_not_reach_a_name() -> None:
    report = read({**samples.PAID_IN, "FirstName": "A\r\nB\x1bp\x00"})
    assert report.name == "A  B p"
