"""The subscription, and the line that tells of its end."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from pos_desktop import settings
from pos_desktop.domain.licence import Activation, Plan, standing
from pos_desktop.services.licence.subscription import Subscription
from pos_desktop.storage import licence_rows
from pos_desktop.storage.licence_rows import LicencePayment, PaymentState
from pos_desktop.storage.moments import to_stored
from pos_desktop.ui.screens.licence.subscription_page import SubscriptionPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from scripts.pictures.stage import HOUR
from scripts.pictures.steps import K, States, manager, until
from scripts.player import Player, Step


def _with_supplier(player: Player) -> None:
    """Let the shop know a supplier, who is not there."""
    configuration, books = player.program.shop.configuration, player.program.shop.books
    for setting, value in (
        (settings.LICENCE_SERVER, "http://127.0.0.1:9"),
        (settings.LICENCE_PAY_TO, "Lipa na M-Pesa, Buy Goods, till 5551234 (POS Desktop Ltd)"),
    ):
        configuration.set(setting, value, books, actor=None)


def _days_later(days: int) -> Step:
    def set_clock(player: Player) -> None:
        clock = player.program.shop.clock
        clock.set(clock.now() + timedelta(days=days))

    return set_clock


def _open(player: Player) -> SubscriptionPage:
    page = player.office_page("subscription", SubscriptionPage)
    player.settle(lambda: page.seen is not None)
    return page


def _type_receipt(receipt: str) -> Step:
    """Tell of a payment on the page of the subscription."""

    def tell(player: Player) -> None:
        page = player.page("subscription", SubscriptionPage)
        page.receipt.show_text(receipt)
        player.press(K.Key_F8)
        player.settle(lambda: page.strip.notice is not None)

    return tell


def _with_declined_payment(player: Player) -> None:
    """Let a receipt have been refused before."""
    rows = player.program.shop.database
    with rows.write():
        licence_rows.put_payment(
            rows,
            LicencePayment(
                receipt="SKA9Z8Y7X6",
                plan="yearly",
                amount_cents=15_000_00,
                is_confirmed=False,
                noted_at=to_stored(player.program.shop.clock.now() - HOUR),
                state=PaymentState.DECLINED,
                outcome="receipt_not_found",
            ),
        )


def _two_payments_shown(player: Player) -> None:
    page = player.page("subscription", SubscriptionPage)
    player.settle(lambda: bool(page.seen and len(page.seen.payments) == 2))


def _open_paid(player: Player) -> None:
    """Open the page of a subscription that is paid for a year."""
    now, shop = player.program.shop.clock.now(), player.program.shop.books.node
    paid = Activation(
        serial=1,
        shop_id=shop.shop_id,
        till_id=shop.till_id,
        plan=Plan("yearly", 15_000_00, 12),
        valid_from=now,
        valid_until=now + timedelta(days=365),
        receipt="SKA1B2C3D4",
    )
    with patch.object(Subscription, "standing", lambda _self: standing(paid, now, now)):
        _open(player)


def _told_in_menu(player: Player) -> None:
    player.window.office.show_menu()
    menu = player.window.screen_shown
    assert isinstance(menu, MenuPage)
    player.settle(lambda: menu.strip.notice is not None)


_line_shown = until(lambda player: player.window.licence_line.toast.saying is not None)

_OPEN = (_with_supplier, _open)

STATES: States = {
    "subscription": _OPEN,
    "subscription_refused": (_open, _type_receipt("SKA1-2")),
    "subscription_kept": (
        *(_with_supplier, _with_declined_payment, _days_later(33), _open),
        *(_type_receipt("SKA1B2C3D4"), _two_payments_shown),
    ),
    "subscription_expired": (_with_supplier, _days_later(90), _open),
    "subscription_paid": (_with_supplier, _open_paid),
    "subscription_letters": (*_OPEN, K.Key_F9),
    "licence_line": (_days_later(25), Player.come_in, _line_shown),
    "licence_line_at_the_sale": (_days_later(40), manager, _line_shown),
    "licence_line_in_the_menu": (_days_later(40), Player.come_in, _told_in_menu),
}
