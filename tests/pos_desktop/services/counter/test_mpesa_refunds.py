"""Goods of a sale that M-Pesa has paid come back, and payments of more than was due."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.tray.standing import last_reversal
from pos_desktop.services.mpesa.tray.tray_words import told_words
from pos_desktop.services.people.customers import Particulars
from pos_desktop.storage import shifts
from pos_desktop.storage.mpesa_requests import RequestState
from tests.pos_desktop.conftest import MANAGER, add_product
from tests.pos_desktop.services.mpesa.scene import Scene, let_reverse, opened
from tests.pos_desktop.services.mpesa.told import CODE, state_of, told
from tests.pos_desktop.services.mpesa.tray.test_reversals import carry, request_of

K = TenderKind
S = MoneyState
FIRST = ReceiptNumber("T1", 1)
APPROVE = "approve manager 1234"


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        let_reverse(scene.shop)
        add_product(scene.shop, "SUGAR", "Sugar 1 kg", 165_60)
        scene.open_day()
        yield scene


def tenders(scene: Scene) -> list[tuple[TenderKind, int, str]]:
    """Return the tenders of the last sale or refund."""
    sale = scene.shop.selling.find(None).sale
    return [(one.kind, one.amount_cents, one.reference) for one in sale.tenders]


def expected(scene: Scene) -> int:
    shift = scene.shop.closing.current()
    assert shift is not None
    return shifts.drawer(scene.shop.database, shift).expected_cents


def sold(scene: Scene, goods: str = "SUGAR") -> str:
    """Sell to a phone that pays; return the code by which M-Pesa knows it."""
    assert scene.answer(goods, "pay mpesa 0712345678")["ok"]
    [payment] = scene.simulator.ledger.payments
    told(scene, payment.cents, payment.receipt)
    assert state_of(scene, payment.receipt) is S.MATCHED
    return payment.receipt


def put(scene: Scene, policy: str) -> None:
    setting = settings.MPESA_PART_REFUND
    scene.shop.configuration.set(setting, policy, scene.shop.books, actor=None)


def buy_as(scene: Scene, name: str) -> str:
    customer = scene.shop.customers.add(Particulars(name=name), actor=None)
    scene.shop.till.set_customer(customer)
    return customer.id


# goods that come back


def test_a_whole_sale_goes_back_by_m_pesa_once_a_manager_approves(scene: Scene) -> None:
    code = sold(scene)
    refused = scene.answer("refund T1-000001")
    assert (refused["ok"], state_of(scene, code)) == (False, S.MATCHED)
    answer = scene.answer(APPROVE)
    assert answer["ok"], answer
    assert tenders(scene) == [(K.MPESA, -166_00, code)]
    assert (state_of(scene, code), expected(scene)) == (S.REFUND_ASKED, 2_000_00)
    scene.work()
    carry(scene)
    assert state_of(scene, code) is S.REFUNDED
    assert scene.simulator.ledger.reversal_of(code) is not None


def test_a_reversal_that_is_refused_stands_in_the_tray(scene: Scene) -> None:
    code = sold(scene)
    scene.simulator.settle(166_00)
    scene.answer("refund T1-000001", APPROVE)
    scene.work()
    carry(scene)
    assert (request_of(scene, code).state, state_of(scene, code)) == (
        RequestState.REFUSED,
        S.SUSPENSE,
    )
    item = scene.mpesa.tray.item(code)
    assert item is not None
    assert item.sale_number == "T1-000001"
    item = scene.mpesa.tray.item(code)
    assert item is not None
    assert "the customer waits for this money" in told_words(item)
    assert item.acts == (TrayAct.REVERSE, TrayAct.PORTAL, TrayAct.CASH, TrayAct.CREDIT)


def test_cash_needs_no_approval(scene: Scene) -> None:
    code = sold(scene)
    scene.shop.desk.execute(do.TakeBack(FIRST))
    scene.shop.desk.execute(do.PayBack(K.CASH))
    assert tenders(scene) == [(K.CASH, -166_00, "")]
    assert (state_of(scene, code), expected(scene)) == (S.MATCHED, 1_834_00)


def test_a_part_goes_back_in_cash(scene: Scene) -> None:
    code = sold(scene, "2*SUGAR")
    assert scene.answer("refund T1-000001 1*1")["ok"]
    assert tenders(scene) == [(K.CASH, -166_00, "")]
    assert state_of(scene, code) is S.MATCHED
    scene.shop.desk.execute(do.TakeBack(FIRST))
    with pytest.raises(Refused, match="only a whole sale"):
        scene.shop.desk.execute(do.PayBack(K.MPESA))


def test_a_part_goes_onto_the_account_where_the_shop_says_so(scene: Scene) -> None:
    put(scene, "credit")
    customer = buy_as(scene, "Akinyi")
    sold(scene, "2*SUGAR")
    assert scene.answer("refund T1-000001 1*1")["ok"]
    assert tenders(scene) == [(K.CREDIT, -165_60, "")]
    assert scene.shop.customers.balance(customer) == -165_60


def test_a_payment_that_nobody_has_confirmed_goes_back_in_cash_once_approved(scene: Scene) -> None:
    assert scene.answer("SUGAR", f"pay mpesa-code {CODE}")["ok"]
    assert scene.answer("refund T1-000001", f"approve {' '.join(MANAGER)}")["ok"]
    assert tenders(scene) == [(K.CASH, -166_00, "")]


def test_without_a_relay_cash_is_the_rule(scene: Scene) -> None:
    sold(scene)
    scene.shop.configuration.set(settings.MPESA_CALLBACK_URL, "", scene.shop.books, actor=None)
    assert scene.answer("refund T1-000001")["ok"]
    assert tenders(scene) == [(K.CASH, -166_00, "")]


def test_without_an_operator_cash_is_the_rule(scene: Scene) -> None:
    sold(scene)
    scene.mpesa.setup.put_keys({MpesaKey.INITIATOR: ""}, actor=None)
    assert scene.answer("refund T1-000001")["ok"]
    assert tenders(scene) == [(K.CASH, -166_00, "")]


def test_a_refund_that_fails_asks_for_nothing_back(scene: Scene) -> None:
    code = sold(scene)
    scene.shop.database.execute_sql("UPDATE mpesa_money SET state = 'suspense'")
    assert scene.answer("refund T1-000001")["ok"]
    assert (state_of(scene, code), last_reversal(scene.shop.database, code)) == (S.SUSPENSE, None)


# more than was due


def test_too_much_gives_change_in_cash(scene: Scene) -> None:
    told(scene, 200_00)
    refused = scene.answer("SUGAR", f"pay mpesa-code {CODE}")
    assert "has paid 200.00 by M-Pesa, and 165.60 is due" in refused["error"]
    answer = scene.answer(APPROVE)
    assert (answer["ok"], answer["change"]) == (True, 34_00)
    assert tenders(scene) == [(K.MPESA, 200_00, CODE), (K.CASH, -34_00, "")]
    sale = scene.shop.selling.find(None).sale
    assert (sale.change_cents, sale.rounding_cents) == (34_00, 40)
    assert (state_of(scene), expected(scene)) == (S.MATCHED, 1_966_00)


def test_too_much_goes_onto_the_account_where_the_shop_says_so(scene: Scene) -> None:
    put(scene, "credit")
    customer = buy_as(scene, "Akinyi")
    told(scene, 200_00)
    scene.answer("SUGAR", f"pay mpesa-code {CODE}", APPROVE)
    assert tenders(scene) == [(K.MPESA, 200_00, CODE), (K.CREDIT, -34_40, "")]
    assert (scene.shop.customers.balance(customer), expected(scene)) == (-34_40, 2_000_00)


@pytest.mark.parametrize("policy", ["cash", "credit"])
def test_goods_paid_with_too_much_come_back_for_what_they_cost(scene: Scene, policy: str) -> None:
    told(scene, 200_00)
    buy_as(scene, "Akinyi")
    scene.answer("SUGAR", f"pay mpesa-code {CODE}", APPROVE)
    put(scene, policy)
    assert scene.answer("refund T1-000001")["ok"]
    kind, cents = (K.CASH, -166_00) if policy == "cash" else (K.CREDIT, -165_60)
    assert tenders(scene) == [(kind, cents, "")]


def test_the_z_adds_up(scene: Scene) -> None:
    told(scene, 200_00)
    scene.answer("SUGAR", f"pay mpesa-code {CODE}", APPROVE)
    scene.answer(f"shift close {expected(scene) // 100}")
    z = scene.answer("z")
    assert z["ok"], z
    assert not scene.shop.closing.check_books().findings
