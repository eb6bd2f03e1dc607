"""The page of the subscription and the quiet line about it, in the real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.activation.outcomes import WhyDeclined
from pos_sync.testing.activation_simulator import ActivationSimulator
from PySide6.QtCore import Qt

from pos_desktop.shop import open_shop
from pos_desktop.storage.licence_rows import PaymentState
from pos_desktop.ui.screens.licence.subscription_page import SubscriptionPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from tests.pos_desktop.activations import RECEIPT
from tests.pos_desktop.services.licences import payment, set_up, supplier
from tests.pos_desktop.ui.behind_counter import offered
from tests.pos_desktop.ui.conftest import MILK, Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_language import _data

__all__ = ["pseudo"]

K = Qt.Key
DAY = timedelta(days=1)
OWN = {RECEIPT, "monthly", "yearly", "Buy Goods", "till", "KES", "Ctrl"}


@pytest.fixture
def server() -> Iterator[ActivationSimulator]:
    with supplier() as one:
        yield one


@pytest.fixture
def manager(
    open_window: Callable[[Path], Cashier], shop_folder: Path, server: ActivationSimulator
) -> Cashier:
    with closing(open_shop(shop_folder)) as shop:
        set_up(shop, server.base_url)
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    return cashier


def _open(manager: Cashier) -> SubscriptionPage:
    manager.window.office.show_page("subscription")
    page = manager.window.screen_shown
    assert isinstance(page, SubscriptionPage)
    manager.until(lambda: page.seen)
    return page


def _said(page: SubscriptionPage) -> str:
    return page.strip.notice.text if page.strip.notice else ""


def _pass(cashier: Cashier, days: int) -> None:
    clock = cashier.program.shop.clock
    clock.set(clock.now() + days * DAY)


def test_managers_alone_find_it_in_the_menu(manager: Cashier) -> None:
    assert "subscription" in offered(manager)
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_F12)
    manager.until(lambda: manager.window.screen_shown is manager.window.sign_in)
    manager.sign_in_only()
    assert "subscription" not in offered(manager)


def test_a_receipt_is_typed_and_activated(manager: Cashier, server: ActivationSimulator) -> None:
    page = _open(manager)
    assert page.state.text() == "Trial"
    assert "till 5551234" in page.where.text()
    manager.hands.press(K.Key_Right)
    assert page.plan.key == "yearly"
    manager.hands.press(K.Key_Return)
    manager.hands.type(RECEIPT.lower())
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "is kept" in _said(page))
    assert page.receipt.text == ""
    shop = manager.program.shop
    manager.until(lambda: payment(shop, RECEIPT).state is PaymentState.GRANTED)
    manager.hands.press(K.Key_F7)
    manager.until(lambda: page.state.text() == "Paid")
    assert ("Paid last", f"yearly: 12 months for KES 15,000.00 · {RECEIPT}") in page.facts.facts
    assert server.supplier.grants == 1


def test_what_is_no_receipt_is_refused_and_stays_typed(manager: Cashier) -> None:
    page = _open(manager)
    manager.hands.press(K.Key_Return)
    manager.hands.type("abc")
    manager.hands.press(K.Key_F8)
    manager.until(lambda: "ten letters and digits" in _said(page))
    assert page.receipt.text == "abc"


def test_one_that_was_refused_says_why_and_is_tried_again(
    manager: Cashier, server: ActivationSimulator
) -> None:
    server.plan(WhyDeclined.NO_PAYMENT)
    shop = manager.program.shop
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    manager.until(lambda: payment(shop, RECEIPT).state is PaymentState.DECLINED)
    page = _open(manager)
    manager.until(lambda: page.unsettled)
    assert any("no payment with this receipt" in text for _head, text in page.facts.facts)
    assert K.Key_F5 in [act.key for act in page.acts]
    manager.hands.press(K.Key_F5)
    manager.until(lambda: "is kept" in _said(page))
    manager.until(lambda: payment(shop, RECEIPT).state is PaymentState.GRANTED)
    manager.hands.press(K.Key_F7)
    manager.until(lambda: page.state.text() == "Paid")
    assert K.Key_F5 not in [act.key for act in page.acts]


def test_the_page_has_room_and_speaks(manager: Cashier, server: ActivationSimulator) -> None:
    server.plan(WhyDeclined.NO_PAYMENT)
    shop = manager.program.shop
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    manager.until(lambda: payment(shop, RECEIPT).state is PaymentState.DECLINED)
    page = _open(manager)
    manager.until(lambda: page.unsettled)
    assert not nameless(page)
    manager.window.toast.leave()
    assert not squeezed_in_any(manager)
    manager.window.speak("en")
    english = page.state.text(), page.facts.facts[0][1], page.where.text()
    manager.window.speak("sw")
    swahili = page.state.text(), page.facts.facts[0][1], page.where.text()
    assert all(one != other for one, other in zip(english, swahili, strict=True))


def test_all_of_the_page_is_said_anew(
    manager: Cashier, server: ActivationSimulator, pseudo: str
) -> None:
    server.plan(WhyDeclined.NO_PAYMENT)
    shop = manager.program.shop
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    manager.until(lambda: payment(shop, RECEIPT).state is PaymentState.DECLINED)
    page = _open(manager)
    manager.until(lambda: page.unsettled)
    manager.lay_out()
    before = seen(page)
    manager.window.speak(pseudo)
    manager.lay_out()
    own = _data(manager) | OWN | {shop.books.node.shop_id}
    assert not words_left(page, own)
    manager.window.speak("en")
    manager.lay_out()
    assert seen(page) == before


def test_the_quiet_line_is_for_managers_near_the_end(at_door: Cashier) -> None:
    _pass(at_door, 25)
    at_door.sign_in_only()
    at_door.drained()
    line = at_door.window.licence_line.toast
    assert line.saying is None
    at_door.hands.press(K.Key_F12)
    at_door.until(lambda: at_door.window.screen_shown is at_door.window.sign_in)
    at_door.sign_in_only("manager", "1234")
    at_door.until(lambda: line.saying)
    assert line.isVisible()
    assert not squeezed_in_any(at_door)
    at_door.window.speak("en")
    at_door.hands.press(K.Key_F12)
    at_door.until(lambda: at_door.window.screen_shown is at_door.window.sign_in)
    assert line.saying is None


def test_it_gives_way_to_a_sale_and_stands_in_the_menu(at_door: Cashier) -> None:
    _pass(at_door, 60)
    at_door.sign_in("manager", "1234")
    line = at_door.window.licence_line.toast
    at_door.until(lambda: line.saying)
    at_door.hands.scan(MILK)
    at_door.until(lambda: len(at_door.lines()) == 1)
    at_door.until(lambda: line.saying is None)
    at_door.window.top_bar.menu.click()
    menu = at_door.window.screen_shown
    assert isinstance(menu, MenuPage)
    at_door.until(lambda: menu.strip.notice)
    assert menu.strip.notice is not None
    assert "is not paid" in menu.strip.notice.text
    assert not squeezed_in_any(at_door)


def test_signing_in_with_a_sale_open_says_nothing(at_door: Cashier) -> None:
    at_door.sign_in("manager", "1234")
    at_door.hands.scan(MILK)
    at_door.until(lambda: len(at_door.lines()) == 1)
    _pass(at_door, 60)
    at_door.hands.press(K.Key_F12)
    at_door.until(lambda: at_door.window.screen_shown is at_door.window.sign_in)
    at_door.sign_in_only("manager", "1234")
    at_door.drained()
    assert len(at_door.lines()) == 1
    assert at_door.window.licence_line.toast.saying is None
