"""The states of M-Pesa's pages of which pictures are made, beside the simulator of a demo shop."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_events, mpesa_money
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.ui.screens.mpesa.mpesa_setup_page import MpesaSetupPage
from pos_desktop.ui.screens.mpesa.tray_page import TrayPage
from scripts.pictures.steps import (
    APPROVAL_SHOWN,
    CHANGE_SHOWN,
    K,
    States,
    by_name,
    chord,
    keypad,
    office,
    shown,
    told,
    until,
)
from scripts.player import Player, Step

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


def _ask(phone: str) -> tuple[Step, ...]:
    """Ask a phone to pay."""
    return (*_PAY, phone, K.Key_Return, shown(lambda sell: sell.money.mpesa.watch))


def _counts_down(player: Player) -> None:
    watch = player.window.sell.money.mpesa.watch
    player.settle(lambda: bool(watch._rows) and ":" in watch._rows[2][2].text())


def _said(words: str) -> Step:
    """Wait until the page of a prompt says this."""
    return until(lambda player: words in player.window.sell.money.mpesa.watch._said.text())


def _set_attempt(values: str) -> Step:
    """Let the prompt have gone otherwise."""
    sql = f"UPDATE mpesa_attempt SET {values}"
    return lambda player: _do(player, lambda: player.program.shop.database.execute_sql(sql))


def _offered(count: int) -> Step:
    """Wait until so many payments are offered."""
    last = count - 1
    return until(lambda player: not player.window.sell.money.mpesa.page.offers[last].isHidden())


def _sell_to_two_who_paid(player: Player) -> None:
    cents = _selling(player)
    for receipt, name in (("RKL51ZDR4F", "AMINA HASSAN"), ("RKL51ZDR4G", _LONG_NAME)):
        _tell(player, receipt, cents, name=name)


def _sell_to_one_who_paid_more(player: Player) -> None:
    cents = _selling(player)
    _tell(player, "RKL51ZDR4F", cents + 60_00)


def _code_drawn(player: Player) -> None:
    qr = player.window.sell.money.mpesa.qr
    player.settle(lambda: player.window.sell.page is qr and not qr.code.pixmap().isNull())


def mpesa_tray(player: Player) -> None:
    _tell(player, "RKL51ZDR4F", 1_450_00)
    _tell(player, "RKL51ZDR5G", 2_50, state=MoneyState.SUSPENSE, name=_LONG_NAME)
    _tell(player, "RKL51ZDR6H", 99_00, is_confirmed=False, name="")
    _tell(player, "RKL51ZDR7J", 500_00, state=MoneyState.DIFFERS)
    _tell(player, "RKL51ZDR8K", 250_000_00, state=MoneyState.REFUND_ASKED, name=_LONG_NAME)
    page = player.office_page("mpesa", TrayPage)
    player.settle(lambda: len(page.list.lines.rows) == 5)


def _payment_shown(player: Player) -> None:
    page = player.page("mpesa", TrayPage)
    player.settle(lambda: page.below is page.view)


def _tested(player: Player) -> None:
    page = player.page("mpesa_setup", MpesaSetupPage)
    player.settle(lambda: page.steps.strips[0].notice is not None)


_connected = until(lambda player: "127.0.0.1" in player.program.shop.mpesa.setup.account.base_url)
_nothing_tile_shown = until(
    lambda player: player.window.sell.money.mpesa.watch.nothing_tile.isVisible()
)

_PAGE_SHOWN = shown(lambda sell: sell.money.mpesa.page)
_PAY = (_connected, _selling, K.Key_F9, _PAGE_SHOWN)
_WAITS = (*_ask(_SLEEPS), _counts_down)
_OFFERS = (_sell_to_two_who_paid, K.Key_F9, _PAGE_SHOWN, _offered(2))
_UNRESOLVED = _set_attempt("state = 'unresolved', sent_at = sent_at - 240000")
_NOT_SENT = _set_attempt("state = 'not_sent', reason = 'not_reached', sent_at = NULL")

STATES: States = {
    "mpesa_pay": _PAY,
    "mpesa_phone_wrong": (*_PAY, "071234", K.Key_Return, told),
    "mpesa_waits": _WAITS,
    "mpesa_in_doubt": (*_WAITS, _UNRESOLVED, _nothing_tile_shown),
    "mpesa_not_asked": (*_WAITS, _NOT_SENT, _said("nobody was asked")),
    "mpesa_code_of_prompt": (*_WAITS, K.Key_Return),
    "mpesa_left_open": (*_WAITS, K.Key_Escape),
    "mpesa_cancelled": (*_ask(_CANCELS), _said("cancelled")),
    "mpesa_paid": (*_ask("0712345678"), CHANGE_SHOWN),
    "mpesa_offers": _OFFERS,
    "mpesa_keypad_offers": (*_OFFERS, keypad),
    "mpesa_too_much": (
        *(_sell_to_one_who_paid_more, K.Key_F9, _PAGE_SHOWN, _offered(1)),
        *(K.Key_F9, APPROVAL_SHOWN),
    ),
    "mpesa_code": (*_PAY, "rkl51zdr4f", K.Key_Return, CHANGE_SHOWN),
    "mpesa_qr": (*_PAY, chord(K.Key_Q), _code_drawn),
    "mpesa_tray_empty": (office("mpesa"),),
    **by_name(mpesa_tray),
    "mpesa_tray_one": (mpesa_tray, K.Key_Return, _payment_shown),
    "mpesa_setup": (office("mpesa_setup"),),
    "mpesa_setup_tested": (office("mpesa_setup"), K.Key_F7, _tested),
}
