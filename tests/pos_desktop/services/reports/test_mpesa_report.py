"""What came in by M-Pesa beside what sales took by it: it comes to zero when nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_desktop import settings
from pos_desktop.domain.mpesa_money import IN_THE_TRAY, MoneyEvent, MoneyState
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.reports.report_parts import Report
from pos_desktop.storage import mpesa_money
from tests.pos_desktop.conftest import MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import Scene, let_reverse, opened
from tests.pos_desktop.services.mpesa.told import state_of, told
from tests.pos_desktop.services.mpesa.tray.test_reversals import carry

ASK = "pay mpesa 0712345678"
TODAY, TOMORROW = "2026-11-24", "2026-11-25"
E, M = MoneyEvent, MoneyState


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        add_product(scene.shop, "SUGAR", "Sugar 1 kg", 165_00)
        scene.open_day()
        yield scene


def report(scene: Scene, first: str = TODAY, end: str = "2026-12-01") -> Report:
    made = scene.shop.reporting.make("mpesa", first, end, actor=None)
    _check_sums(scene, made)
    return made


def day(scene: Scene, day: str = TODAY) -> dict[str, Any]:
    """Return what is not zero of a day."""
    (row,) = [one for one in report(scene).rows if one["day"] == day]
    return {key: value for key, value in row.items() if value and key != "day"}


def _check_sums(scene: Scene, made: Report) -> None:
    """Hold the totals against the tables, each by a statement of its own."""
    value = scene.shop.reader.value
    tender = "FROM tender WHERE kind = 'mpesa' AND amount_cents"
    assert made.totals["payments"] == value("SELECT count(*) FROM mpesa_money")
    assert made.totals["came_in_cents"] == value(
        "SELECT coalesce(sum(amount_cents), 0) FROM mpesa_money"
    )
    assert made.totals["sales_cents"] == value(
        f"SELECT coalesce(sum(amount_cents), 0) {tender} > 0"
    )
    refunds = ("refunds_cents", "refunds_open_cents", "refunds_otherwise_cents")
    assert sum(made.totals[one] for one in refunds) == value(
        f"SELECT coalesce(-sum(amount_cents), 0) {tender} < 0"
    )
    tray = "SELECT coalesce(sum(amount_cents), 0) FROM mpesa_money WHERE state IN "
    assert made.totals["tray_cents"] == value(f"{tray} ('unmatched', 'suspense')")
    assert made.totals["elsewhere_cents"] == value(f"{tray} ('elsewhere')")
    for row in made.rows:
        parts = sum(row[f"{one}_cents"] for one in _PARTS)
        assert parts == row["came_in_cents"]


_PARTS = (
    "by_push",
    "by_itself",
    "typed",
    "unverified",
    "differs",
    "open",
    "tray",
    "asked_back",
    "given_back",
    "elsewhere",
)


def test_a_push_is_to_come_until_its_payment_is_told_of(scene: Scene) -> None:
    """The tender names our own reference, and keeps it when the receipt comes."""
    scene.play("SUGAR", ASK)
    assert day(scene) == {
        "state": "to settle",
        "sales_cents": 165_00,
        "no_payment_cents": 165_00,
        "difference_cents": -165_00,
    }
    assert "has not told of yet" in report(scene).notes[0]
    [payment] = scene.simulator.ledger.payments
    told(scene, 165_00, payment.receipt, reference=payment.reference)
    assert day(scene) == {
        "state": "in order",
        "payments": 1,
        "came_in_cents": 165_00,
        "by_push_cents": 165_00,
        "sales_cents": 165_00,
    }


def test_what_is_typed_is_unverified_until_it_is_told_of(scene: Scene) -> None:
    scene.play("SUGAR", "pay mpesa-code RKL51ZDR4F", "SUGAR", "pay mpesa-code RKL51ZDR4G")
    assert day(scene) == {
        "state": "to settle",
        "payments": 2,
        "came_in_cents": 330_00,
        "unverified_cents": 330_00,
        "sales_cents": 330_00,
    }
    told(scene, 165_00, "RKL51ZDR4F")
    told(scene, 150_00, "RKL51ZDR4G")
    assert day(scene) == {
        "state": "to settle",
        "payments": 2,
        "came_in_cents": 315_00,
        "typed_cents": 165_00,
        "differs_cents": 150_00,
        "sales_cents": 330_00,
        "difference_cents": -15_00,
    }


def test_what_a_customer_paid_on_his_own_is_by_itself(scene: Scene) -> None:
    told(scene, 165_00, "RKL51ZDR4F")
    assert day(scene)["tray_cents"] == day(scene)["difference_cents"] == 165_00
    scene.play("SUGAR", "pay mpesa-code RKL51ZDR4F")
    assert day(scene) == {
        "state": "in order",
        "payments": 1,
        "came_in_cents": 165_00,
        "by_itself_cents": 165_00,
        "sales_cents": 165_00,
    }


def test_an_open_cart_counts_on_a_payment(scene: Scene) -> None:
    cart = scene.cart()
    told(scene, 165_00, "RKL51ZDR4F")
    assert scene.mpesa.waits.pick(cart, "RKL51ZDR4F")
    assert day(scene)["open_cents"] == day(scene)["difference_cents"] == 165_00
    assert day(scene)["state"] == "to settle"


def test_what_is_settled_makes_no_difference(scene: Scene) -> None:
    for number, event in enumerate((E.BE_ELSEWHERE, E.GO_BACK, E.ASK_BACK)):
        receipt = f"RKL51ZDR4{number}"
        told(scene, 165_00, receipt)
        mpesa_money.move(scene.shop.database, receipt, event, 1)
    found = day(scene)
    assert (found["elsewhere_cents"], found["given_back_cents"]) == (165_00, 165_00)
    assert found["asked_back_cents"] == found["difference_cents"] == 165_00
    mpesa_money.move(scene.shop.database, "RKL51ZDR42", E.GO_BACK, 2)
    assert (day(scene)["state"], day(scene).get("difference_cents")) == ("in order", None)


def test_a_night_s_payment_counts_on_the_day_of_its_sale(scene: Scene) -> None:
    """It was paid after midnight, into a business day that was not closed."""
    scene.clock.advance(timedelta(hours=14))
    told(scene, 165_00, "RKL51ZDR4F")
    told(scene, 165_00, "RKL51ZDR4G")
    scene.play("SUGAR", "pay mpesa-code RKL51ZDR4F")
    assert day(scene, TODAY)["by_itself_cents"] == 165_00
    assert day(scene, TODAY)["state"] == "in order"
    assert day(scene, TOMORROW)["tray_cents"] == 165_00
    assert report(scene, TODAY, "2026-12-01").totals["difference_cents"] == 165_00


def test_a_refund_in_cash_leaves_the_payment_with_its_sale(scene: Scene) -> None:
    told(scene, 165_00, "RKL51ZDR4F")
    scene.shop.configuration.set(settings.MPESA_CALLBACK_URL, "", scene.shop.books, actor=None)
    scene.play("SUGAR", "pay mpesa-code RKL51ZDR4F", "logout", f"login {' '.join(MANAGER)}")
    scene.play("refund T1-000001")
    assert (day(scene)["by_itself_cents"], day(scene)["state"]) == (165_00, "in order")


def test_a_payment_that_went_back_for_a_refund_stays_with_its_sale(scene: Scene) -> None:
    """What a refund gives back by M-Pesa is told beside it, whatever became of the payment."""
    told(scene, 165_00, "RKL51ZDR4F")
    scene.play("SUGAR", "pay mpesa-code RKL51ZDR4F")
    money = mpesa_money.find(scene.shop.database, "RKL51ZDR4F")
    assert money is not None
    with scene.shop.database.write():
        mpesa_money.put(scene.shop.database, replace(money, state=M.REFUNDED))
    assert (day(scene)["by_itself_cents"], day(scene)["state"]) == (165_00, "in order")


def returned_whole(scene: Scene, *, is_refused: bool = True) -> str:
    """Sell to a phone that pays, and take all of it back; return the code of the payment."""
    let_reverse(scene.shop)
    scene.play("SUGAR", ASK)
    [payment] = scene.simulator.ledger.payments
    told(scene, 165_00, payment.receipt, reference=payment.reference)
    if is_refused:
        scene.simulator.settle(165_00)
    scene.play("logout", f"login {' '.join(MANAGER)}", "refund T1-000001")
    return payment.receipt


def test_a_payment_that_goes_back_is_told_of(scene: Scene) -> None:
    """While it goes back, and where M-Pesa refuses that, it is still its sale's."""
    code = returned_whole(scene)
    told = {"state": "to settle", "payments": 1, "came_in_cents": 165_00}
    both = {"sales_cents": 165_00, "refunds_open_cents": 165_00}
    assert day(scene) == told | {"asked_back_cents": 165_00} | both
    assert report(scene).notes == ()
    scene.work()
    carry(scene)
    assert state_of(scene, code) is M.SUSPENSE
    assert day(scene) == told | {"tray_cents": 165_00} | both
    assert report(scene).notes == ()


@pytest.mark.parametrize("way", ["cash", "credit"])
def test_what_m_pesa_refused_and_was_given_otherwise_is_no_refund_of_m_pesa(
    scene: Scene, way: str
) -> None:
    code, shop = returned_whole(scene), scene.shop
    scene.work()
    carry(scene)
    manager = shop.sign_in.sign_in(*MANAGER)
    if way == "cash":
        shop.mpesa_back.in_cash(code, actor=manager)
    else:
        customer = shop.customers.add(Particulars(name="Akinyi"), actor=None)
        shop.mpesa_back.in_credit(code, customer.id, actor=manager)
    found = day(scene)
    assert (found["state"], found.get("difference_cents")) == ("in order", None)
    assert (found["by_push_cents"], found["sales_cents"]) == (165_00, 165_00)
    assert found["refunds_otherwise_cents"] == 165_00
    assert "refunds_cents" not in found
    words = {"cash": "165.00 of refunds by M-Pesa went out of the drawer", "credit": "in favour of"}
    assert words[way] in report(scene).notes[0]


def test_what_m_pesa_gave_is_its_refund(scene: Scene) -> None:
    code = returned_whole(scene, is_refused=False)
    scene.work()
    carry(scene)
    assert state_of(scene, code) is M.REFUNDED
    found = day(scene)
    assert (found["state"], found["refunds_cents"]) == ("in order", 165_00)
    assert report(scene).notes == ()


def test_a_voucher_is_no_sale(scene: Scene) -> None:
    shop = scene.shop
    shift = shop.till.state.shift
    assert shift is not None
    tender = Payment(due_cents=50_00).exact(TenderKind.MPESA).tenders[0]
    shop.cashbox.sell_voucher(shop.sign_in.sign_in(*MANAGER), shift, tender)
    told(scene, 50_00, "RKL51ZDR4F")
    made = report(scene)
    assert made.totals["difference_cents"] == 50_00
    assert any("50.00 was paid on accounts" in note for note in made.notes)


def test_a_whole_day_comes_to_zero(scene: Scene) -> None:
    """Pushes, codes, payments that nobody announced: all told of, all settled."""
    for number in range(3):
        scene.play("SUGAR", ASK)
        scene.clock.advance(timedelta(minutes=3))
        receipt = f"RKL51ZDR4{number}"
        scene.play("SUGAR", f"pay mpesa-code {receipt}")
        told(scene, 165_00, receipt)
        told(scene, 165_00, f"RKL51ZDX4{number}")
    daraja = scene.mpesa.daraja.calls()
    daraja.register_pull("254722000000", "https://relay.example.com/s/k7x9/pull")
    scene.mpesa.payment_list.run()
    assert report(scene).totals["difference_cents"] == 3 * 165_00
    for money in mpesa_money.in_states(scene.shop.database, IN_THE_TRAY, limit=-1):
        mpesa_money.move(scene.shop.database, money.receipt, E.GO_BACK, 1)
    found = day(scene)
    assert (found["by_push_cents"], found["typed_cents"]) == (3 * 165_00, 3 * 165_00)
    assert (found["state"], found.get("difference_cents")) == ("in order", None)
