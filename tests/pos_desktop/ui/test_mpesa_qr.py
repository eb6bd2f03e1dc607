"""A QR code on the till's screen: made by M-Pesa, and paid by what its reader finds in it."""

from __future__ import annotations

from threading import Event

import pytest
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.scripts import Trouble
from pos_sync.testing.mpesa.simulator import MpesaSimulator
from PySide6.QtCore import Qt

from tests.pos_desktop.services.mpesa.scene import AMINA
from tests.pos_desktop.ui.conftest import MILK, Cashier
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_mpesa_pages import cashier, server, tell
from tests.pos_desktop.ui.test_tenders_page import tenders

__all__ = ["cashier", "server"]

K = Qt.Key


def show(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.chord(K.Key_Q, "\x11")


def test_a_customer_pays_by_the_code(cashier: Cashier, server: MpesaSimulator) -> None:
    qr = cashier.sell.money.mpesa.qr
    show(cashier)
    cashier.until(lambda: cashier.page() is qr)
    cashier.until(lambda: not qr.code.pixmap().isNull())
    assert qr.code.pixmap().width() >= 150
    assert not squeezed_in_any(cashier)
    cashier.window.speak("en")
    (asked,) = [one for one in server.heard if one.call is Call.QR]
    assert (asked.body["Amount"], asked.body["RefNo"]) == (190, cashier.sell.money.mpesa._reference)
    tell(cashier, 190_00)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [one[:2] for one in tenders(cashier)] == [("mpesa", 190_00)]
    assert server.ledger.charged_cents(AMINA) == 0


def test_a_code_for_another_amount_is_not_left_on_the_screen(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    show(cashier)
    qr = cashier.sell.money.mpesa.qr
    cashier.until(lambda: cashier.page() is qr and not qr.code.pixmap().isNull())
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders


def test_a_code_for_an_earlier_amount_that_comes_late_is_not_shown(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes, qr = cashier.program.shop.mpesa.codes, cashier.sell.money.mpesa.qr
    make, may_come = codes.make, {190_00: Event(), 255_00: Event()}

    def made(reference: str, cents: int) -> bytes:
        png = make(reference, cents)
        assert may_come[cents].wait(20)
        return png

    monkeypatch.setattr(codes, "make", made)
    show(cashier)
    cashier.until(lambda: cashier.page() is qr)
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.chord(K.Key_Q, "\x11")
    cashier.until(lambda: cashier.page() is qr)
    may_come[190_00].set()
    cashier.until(lambda: sum(one.is_alive() for one in cashier.window.pushes._threads) == 1)
    cashier.drained()
    assert qr.code.pixmap().isNull()
    may_come[255_00].set()
    cashier.until(lambda: not qr.code.pixmap().isNull())


def test_where_there_is_none_it_says_why_and_asks_otherwise(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.plan(Trouble(at=Call.QR, then=Then.CLOSE))
    show(cashier)
    cashier.until(lambda: "no QR code just now" in cashier.notice())
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
