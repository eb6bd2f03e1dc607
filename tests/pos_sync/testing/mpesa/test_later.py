"""Status, balance, reversal and QR: taken in at once, told later, and done once."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import pytest
from pos_sync.mpesa.addresses import ReportTo
from pos_sync.mpesa.callbacks import ResultReport, TimeoutReport, read_status
from pos_sync.mpesa.daraja import Acknowledged, Daraja
from pos_sync.mpesa.errors import CallRefused, WhyRefused
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.ledger import Payment
from pos_sync.testing.mpesa.qr import picture
from pos_sync.testing.mpesa.scripts import Ending, Reported

from tests.pos_sync.mpesa.samples import PHONE, SECRETS
from tests.pos_sync.testing.mpesa.scene import TILL, TO, Scene, scene


def _paid(one: Scene) -> Payment:
    one.accepted()
    one.quiet()
    return one.simulator.ledger.payments[-1]


def _told(one: Scene, acknowledged: Acknowledged) -> ResultReport:
    one.quiet()
    report = one.relay.results[-1]
    assert one.relay.reports[-1][0] == "/r"
    assert report.originator_id == acknowledged.originator_id
    assert report.conversation_id == acknowledged.conversation_id
    return report


def test_a_payment_is_given_back_once() -> None:
    with scene() as one:
        payment = _paid(one)
        report = _told(one, one.daraja.reverse(payment.receipt, payment.cents, TO))
        assert report.has_succeeded
        [reversal] = one.simulator.ledger.reversals
        assert report.transaction_id == reversal.receipt != payment.receipt
        assert report.values["OriginalTransactionID"] == payment.receipt
        assert one.simulator.ledger.charged_cents(PHONE) == 0
        assert one.simulator.ledger.balance_cents(PHONE) == 10_000_000
        assert one.simulator.ledger.takings_cents("174379") == 0

        again = _told(one, one.daraja.reverse(payment.receipt, payment.cents, TO))
        assert (again.code, again.values) == ("R000001", {})
        assert one.simulator.ledger.charged_cents(PHONE) == 0


def test_what_cannot_be_given_back() -> None:
    with scene() as one:
        payment = _paid(one)
        unknown = _told(one, one.daraja.reverse("UKO0000000", 100, TO))
        part = _told(one, one.daraja.reverse(payment.receipt, payment.cents - 100, TO))
        one.simulator.settle(payment.cents)
        empty = _told(one, one.daraja.reverse(payment.receipt, payment.cents, TO))
        assert [unknown.code, part.code, empty.code] == ["R000002", "2028", "1"]
        assert one.simulator.ledger.charged_cents(PHONE) == payment.cents


def test_what_has_become_of_a_payment_is_told() -> None:
    with scene() as one:
        payment = _paid(one)
        report = _told(one, one.daraja.transaction_status(payment.receipt, TO))
        status = read_status(report)
        assert status is not None
        assert (status.receipt, status.amount_cents) == (payment.receipt, 145_000)
        assert (status.state, status.at) == ("Completed", one.clock.now())
        unknown = _told(one, one.daraja.transaction_status("UKO0000000", TO))
        assert read_status(unknown) is None


def test_the_balance_is_told() -> None:
    with scene() as one:
        _paid(one)
        report = _told(one, one.daraja.balance(TO))
        assert "Utility Account|KES|1450.00|1450.00|0.00|0.00" in report.values["AccountBalance"]


def test_a_wrong_operator_gives_nothing_back() -> None:
    with scene() as one:
        payment = _paid(one)
        clock = one.clock
        other = Daraja(
            one.account,
            replace(SECRETS, credential="eA=="),
            one.transport,
            now=clock.now,
            monotonic=clock.monotonic,
        )
        report = _told(one, other.reverse(payment.receipt, payment.cents, TO))
        assert report.code == "2001"
        assert not one.simulator.ledger.reversals


def test_an_end_can_be_scripted() -> None:
    with scene() as one:
        payment = _paid(one)
        one.simulator.end_so(
            Ending(at=Call.REVERSAL, code="11", times=1),
            Ending(at=Call.REVERSAL, is_timed_out=True, times=1),
            Ending(at=Call.REVERSAL, reports=(), times=1),
            Ending(at=Call.BALANCE, reports=(Reported(code="26"), Reported(after=0.02))),
        )
        assert _told(one, one.daraja.reverse(payment.receipt, payment.cents, TO)).code == "11"
        one.daraja.reverse(payment.receipt, payment.cents, TO)
        one.quiet()
        assert one.relay.reports[-1][0] == "/t"
        assert isinstance(one.relay.reports[-1][1], TimeoutReport)
        assert not one.simulator.ledger.reversals

        one.daraja.reverse(payment.receipt, payment.cents, TO)
        one.quiet()
        assert len(one.simulator.ledger.reversals) == 1
        assert len(one.relay.reports) == 3

        one.daraja.balance(TO)
        one.quiet()
        assert [report.code for report in one.relay.results[-2:]] == ["26", "0"]


@pytest.mark.parametrize("to", [replace(TO, result_url="https://x"), replace(TO, timeout_url="y")])
def test_the_addresses_of_a_request_are_looked_at(to: ReportTo) -> None:
    with scene() as one, pytest.raises(CallRefused) as caught:
        one.daraja.balance(to)
    assert caught.value.why is WhyRefused.BAD_FIELD


@pytest.mark.parametrize("is_till", [True, False])
def test_a_qr_code_is_a_picture_of_its_size(is_till: bool) -> None:
    with scene(account=TILL) if is_till else scene() as one:
        png = one.daraja.qr_code("DUKA", "T1A7", 145_000, 300).png
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", png[16:24]) == (300, 300)
        assert png != one.daraja.qr_code("DUKA", "T1A8", 145_000, 300).png
        assert one.simulator.heard[-1].body["TrxCode"] == ("BG" if is_till else "PB")


def test_every_part_of_a_picture_has_its_sum() -> None:
    png = picture("T1A7", 120)
    place, kinds = 8, []
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        part = png[place + 4 : place + 8 + length]
        (found,) = struct.unpack(">I", png[place + 8 + length : place + 12 + length])
        assert found == zlib.crc32(part)
        kinds.append(part[:4])
        if part[:4] == b"IDAT":
            assert len(zlib.decompress(part[4:])) == 120 * 121
        place += 12 + length
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
