"""The states of M-Pesa's pages of which pictures are made, beside the simulator of a demo shop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_events, mpesa_money
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.ui.screens.mpesa.mpesa_setup_page import MpesaSetupPage
from pos_desktop.ui.screens.mpesa.tray_page import TrayPage
from scripts.player import Player, State

K = Qt.Key
_LONG_NAME = "WANJIKU MUTHONI WA NJOROGE KIPROTICH ACHIENG OTIENO"
_CANCELS, _SLEEPS = "0700000001", "0700000003"


def _do(player: Player, work: Callable[[], object]) -> None:
    done: list[object] = []
    player.program.lane.submit(work, done.append)
    player.settle(lambda: bool(done))


def _tell(
    player: Player,
    receipt: str,
    cents: int,
    *,
    state: MoneyState = MoneyState.UNMATCHED,
    is_confirmed: bool = True,
    name: str = "AMINA HASSAN",
) -> None:
    """Let M-Pesa have told of a payment."""
    shop = player.program.shop
    at = to_stored(shop.clock.base.now())
    money = Money(
        receipt=receipt,
        amount_cents=cents,
        paid_at=at - 60_000,
        short_code="174379",
        payer_phone="254712345678",
        payer_name=name,
        source=MoneySource.PULL,
        is_confirmed=is_confirmed,
        state=state,
        told_at=at,
        changed_at=at,
    )
    _do(player, lambda: _keep(shop, money))


def _keep(shop: Shop, money: Money) -> None:
    with shop.database.write():
        mpesa_money.put(shop.database, money)
        at = money.told_at
        mpesa_events.add(
            shop.database, EventKind.MONEY_TOLD, at, receipt=money.receipt, source="pull"
        )


def _selling(player: Player) -> int:
    """Begin a sale; return what it costs, in cents."""
    player.sign_in()
    player.scan(0, 5, 9)
    return player.window.counter.payment.remaining_cents


def mpesa_pay(player: Player) -> None:
    setup = player.program.shop.mpesa.setup
    player.settle(lambda: "127.0.0.1" in setup.account.base_url)
    _selling(player)
    player.press(K.Key_F9)
    mpesa = player.window.sell.money.mpesa
    player.settle(lambda: player.window.sell.page is mpesa.page)


def mpesa_phone_wrong(player: Player) -> None:
    mpesa_pay(player)
    player.type("071234")
    player.press(K.Key_Return)
    player.settle(lambda: player.window.sell.strip.notice is not None)


def _ask(player: Player, phone: str) -> None:
    mpesa_pay(player)
    player.type(phone)
    player.press(K.Key_Return)
    mpesa = player.window.sell.money.mpesa
    player.settle(lambda: player.window.sell.page is mpesa.watch)


def mpesa_waits(player: Player) -> None:
    _ask(player, _SLEEPS)
    player.settle(lambda: _counts_down(player))


def _counts_down(player: Player) -> bool:
    rows = player.window.sell.money.mpesa.watch._rows
    return bool(rows) and ":" in rows[2][2].text()


def mpesa_in_doubt(player: Player) -> None:
    _ask(player, _SLEEPS)
    player.settle(lambda: _counts_down(player))
    sql = "UPDATE mpesa_attempt SET state = 'unresolved', sent_at = sent_at - 240000"
    _do(player, lambda: player.program.shop.database.execute_sql(sql))
    watch = player.window.sell.money.mpesa.watch
    player.settle(watch.nothing_tile.isVisible)


def mpesa_not_asked(player: Player) -> None:
    _ask(player, _SLEEPS)
    player.settle(lambda: _counts_down(player))
    sql = "UPDATE mpesa_attempt SET state = 'not_sent', reason = 'not_reached', sent_at = NULL"
    _do(player, lambda: player.program.shop.database.execute_sql(sql))
    watch = player.window.sell.money.mpesa.watch
    player.settle(lambda: "nobody was asked" in watch._said.text())


def mpesa_code_of_prompt(player: Player) -> None:
    mpesa_waits(player)
    player.press(K.Key_Return)


def mpesa_left_open(player: Player) -> None:
    mpesa_waits(player)
    player.press(K.Key_Escape)


def mpesa_keypad_offers(player: Player) -> None:
    mpesa_offers(player)
    player.window.sell.toggle_pad()
    player.settle()


def mpesa_cancelled(player: Player) -> None:
    _ask(player, _CANCELS)
    watch = player.window.sell.money.mpesa.watch
    player.settle(lambda: "cancelled" in watch._said.text())


def mpesa_paid(player: Player) -> None:
    _ask(player, "0712345678")
    player.settle(lambda: player.window.sell.page is player.window.sell.change)


def mpesa_offers(player: Player) -> None:
    cents = _selling(player)
    for receipt, name in (("RKL51ZDR4F", "AMINA HASSAN"), ("RKL51ZDR4G", _LONG_NAME)):
        _tell(player, receipt, cents, name=name)
    player.press(K.Key_F9)
    page = player.window.sell.money.mpesa.page
    player.settle(lambda: player.window.sell.page is page and not page.offers[1].isHidden())


def mpesa_too_much(player: Player) -> None:
    cents = _selling(player)
    _tell(player, "RKL51ZDR4F", cents + 60_00)
    player.press(K.Key_F9)
    page = player.window.sell.money.mpesa.page
    player.settle(lambda: player.window.sell.page is page and not page.offers[0].isHidden())
    player.press(K.Key_F9)
    player.settle(lambda: player.window.sell.page is player.window.sell.approval)


def mpesa_code(player: Player) -> None:
    mpesa_pay(player)
    player.type("rkl51zdr4f")
    player.press(K.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)


def mpesa_qr(player: Player) -> None:
    mpesa_pay(player)
    QTest.keyClick(player.window.windowHandle(), K.Key_Q, Qt.KeyboardModifier.ControlModifier)
    qr = player.window.sell.money.mpesa.qr
    player.settle(lambda: player.window.sell.page is qr and not qr.code.pixmap().isNull())


def _office(player: Player, name: str) -> None:
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page(name)
    player.settle()


def mpesa_tray_empty(player: Player) -> None:
    _office(player, "mpesa")


def mpesa_tray(player: Player) -> None:
    _tell(player, "RKL51ZDR4F", 1_450_00)
    _tell(player, "RKL51ZDR5G", 2_50, state=MoneyState.SUSPENSE, name=_LONG_NAME)
    _tell(player, "RKL51ZDR6H", 99_00, is_confirmed=False, name="")
    _tell(player, "RKL51ZDR7J", 500_00, state=MoneyState.DIFFERS)
    _tell(player, "RKL51ZDR8K", 250_000_00, state=MoneyState.REFUND_ASKED, name=_LONG_NAME)
    _office(player, "mpesa")
    page = player.window.office.page("mpesa")
    assert isinstance(page, TrayPage)
    player.settle(lambda: len(page.list.lines.rows) == 5)


def mpesa_tray_one(player: Player) -> None:
    mpesa_tray(player)
    player.press(K.Key_Return)
    page = player.window.office.page("mpesa")
    assert isinstance(page, TrayPage)
    player.settle(lambda: page.below is page.view)


def mpesa_setup(player: Player) -> None:
    _office(player, "mpesa_setup")


def mpesa_setup_tested(player: Player) -> None:
    mpesa_setup(player)
    player.press(K.Key_F7)
    page = player.window.office.page("mpesa_setup")
    assert isinstance(page, MpesaSetupPage)
    player.settle(lambda: page.steps.strips[0].notice is not None)


MPESA_STATES: tuple[State, ...] = (
    mpesa_pay,
    mpesa_phone_wrong,
    mpesa_waits,
    mpesa_in_doubt,
    mpesa_not_asked,
    mpesa_code_of_prompt,
    mpesa_left_open,
    mpesa_keypad_offers,
    mpesa_cancelled,
    mpesa_paid,
    mpesa_offers,
    mpesa_too_much,
    mpesa_code,
    mpesa_qr,
    mpesa_tray_empty,
    mpesa_tray,
    mpesa_tray_one,
    mpesa_setup,
    mpesa_setup_tested,
)
