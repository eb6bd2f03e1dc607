"""A receipt by e-mail from the sell screen: by keys, by touch, and never in the way of a sale."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.people.customers import Particulars
from pos_desktop.ui.screens.sell.mail_page import MailPage
from tests.pos_desktop.services.mails import set_up
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier
from tests.pos_desktop.ui.finger import Finger
from tests.pos_desktop.ui.room import squeezed_in_any

ADDRESS = "mama.njeri@example.com"


@pytest.fixture
def sold(cashier: Cashier) -> Cashier:
    """A cashier who has just sold something."""
    cashier.hands.scan(FLOUR)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    return cashier


def _ask(cashier: Cashier) -> MailPage:
    cashier.hands.chord(Qt.Key.Key_E, "\x05")
    page = cashier.sell.mail.page
    cashier.until(lambda: cashier.page() is page)
    return page


def _jobs(cashier: Cashier) -> int:
    return int(cashier.program.shop.reader.value("SELECT count(*) FROM jobs"))


def test_the_last_receipt_is_left_by_keys(sold: Cashier) -> None:
    page = _ask(sold)
    assert page.receipt.text == "T1-000001"
    assert page.address.text == ""
    sold.hands.type(f"{ADDRESS}\r")
    sold.until(lambda: "waits to be e-mailed" in sold.notice())
    assert sold.page() is sold.sell.tenders
    assert _jobs(sold) == 1
    assert not sold.window.top_bar.jobs.isVisible()


def test_where_mail_is_set_up_it_is_on_its_way(sold: Cashier) -> None:
    shop = sold.program.shop
    set_up(shop, 9)
    _ask(sold)
    sold.hands.type(f"{ADDRESS}\r")
    sold.until(lambda: sold.notice() == "Receipt T1-000001 is on its way by e-mail.")


def test_without_a_network_it_is_said_that_it_goes_out_by_itself(sold: Cashier) -> None:
    shop = sold.program.shop
    set_up(shop, 9)
    shop.mail.receipts.send(None, ADDRESS, actor=shop.till.person)
    sold.until(lambda: shop.queue.views.counts().waiting_for_network == 1)
    _ask(sold)
    sold.hands.type("another@example.com\r")
    sold.until(lambda: "once the network is back" in sold.notice())


def test_the_second_of_two_touches_does_not_ask_for_paper_or_mail(cashier: Cashier) -> None:
    clock, change = ManualClock(cashier.program.shop.clock.now()), cashier.sell.change
    change.just_shown.clock = clock
    cashier.hands.scan(FLOUR)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is change)
    clock.sleep(0.4)
    Finger(cashier).touch("Print the receipt again", "Send it by e-mail")
    cashier.drained()
    assert (cashier.page(), cashier.notice()) == (change, "")
    clock.sleep(0.2)
    Finger(cashier).touch("Send it by e-mail")
    cashier.until(lambda: cashier.page() is cashier.sell.mail.page)
    assert cashier.sell.last_sale.isVisible()


def test_a_scan_leaves_the_mail_for_the_next_sale(sold: Cashier) -> None:
    _ask(sold)
    sold.hands.scan(MILK)
    sold.until(sold.lines)
    assert sold.page() is sold.sell.tenders


def _sell_again(cashier: Cashier) -> None:
    cashier.hands.scan(MILK)
    cashier.until(cashier.lines)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)


def test_the_address_of_one_customer_never_stands_there_for_the_next(sold: Cashier) -> None:
    page = _ask(sold)
    sold.hands.type(f"{ADDRESS}\r")
    sold.until(lambda: "waits to be e-mailed" in sold.notice())
    _ask(sold)
    assert page.address.text == "", "it was sent: it is not offered for the same one either"
    sold.hands.type("half@exam")
    sold.until(lambda: page.address.text == "half@exam")
    sold.hands.press(Qt.Key.Key_Escape)
    _ask(sold)
    assert page.address.text == "half@exam", "of the same receipt it stays"
    sold.hands.press(Qt.Key.Key_Escape)
    _sell_again(sold)
    _ask(sold)
    assert page.receipt.text == "T1-000002"
    assert page.address.text == ""
    sold.hands.type("\r")
    sold.until(lambda: "Type the e-mail address" in sold.notice())
    assert _jobs(sold) == 1


def test_what_is_typed_is_not_called_the_address_that_the_customer_agreed_to(
    sold: Cashier,
) -> None:
    page = _ask(sold)
    page.offer("T1-000001", ADDRESS)
    assert "agreed" in page.note.text()
    page.address.show_text("another@example.com")
    assert "agreed" not in page.note.text()


def test_it_is_left_once_and_once_more_where_that_is_asked_for(sold: Cashier) -> None:
    for _time in range(2):
        _ask(sold)
        sold.hands.type(f"{ADDRESS}\r")
        sold.until(lambda: "T1-000001" in sold.notice())
    assert "already" in sold.notice()
    assert _jobs(sold) == 1
    sold.hands.type("\r")
    sold.until(lambda: "waits to be e-mailed" in sold.notice())
    assert _jobs(sold) == 2


def test_nothing_is_cut_in_any_size_and_language(sold: Cashier) -> None:
    for _time in range(2):
        _ask(sold)
        assert not squeezed_in_any(sold)
        sold.hands.type(f"{ADDRESS}\r")
        sold.until(lambda: "T1-000001" in sold.notice())
        assert not squeezed_in_any(sold)


def test_a_buyer_who_agreed_stands_there_already(cashier: Cashier) -> None:
    shop = cashier.program.shop
    customer = shop.customers.add(Particulars(name="Wanjiku", email=ADDRESS), actor=None)
    shop.customers.consent(customer, given=True, actor=None)
    shop.till.set_customer(customer)
    cashier.hands.scan(FLOUR)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    page = _ask(cashier)
    assert page.address.text == ADDRESS
    assert "agreed" in page.note.text()
    cashier.hands.type("\r")
    cashier.until(lambda: "waits to be e-mailed" in cashier.notice())


def test_another_receipt_brings_its_own_buyer(cashier: Cashier) -> None:
    shop = cashier.program.shop
    customer = shop.customers.add(Particulars(name="Wanjiku", email=ADDRESS), actor=None)
    shop.customers.consent(customer, given=True, actor=None)
    shop.till.set_customer(customer)
    for code in (FLOUR, MILK):
        cashier.hands.scan(code)
        cashier.hands.press(Qt.Key.Key_F8)
        cashier.until(lambda: cashier.page() is cashier.sell.change)
    page = _ask(cashier)
    assert (page.receipt.text, page.address.text) == ("T1-000002", "")
    cashier.hands.press(Qt.Key.Key_Up)
    cashier.hands.type("1\r")
    cashier.until(lambda: page.address.text == ADDRESS)
    cashier.hands.type("\r")
    cashier.until(lambda: "T1-000001 waits" in cashier.notice())


def test_what_is_wrong_is_said_and_the_page_stays(sold: Cashier) -> None:
    page = _ask(sold)
    sold.hands.type("nobody\r")
    sold.until(lambda: "such as" in sold.notice())
    assert sold.page() is page
    page.receipt.show_text("99")
    page.address.show_text(ADDRESS)
    sold.hands.type("\r")
    sold.until(lambda: "no such receipt" in sold.notice())
    assert _jobs(sold) == 0


def test_what_was_refused_is_typed_over(sold: Cashier) -> None:
    page = _ask(sold)
    sold.hands.type("nobody\r")
    sold.until(lambda: "such as" in sold.notice())
    sold.hands.type(ADDRESS)
    sold.until(lambda: page.address.text == ADDRESS)


def test_a_scan_meanwhile_is_sold_and_esc_leaves(sold: Cashier) -> None:
    _ask(sold)
    sold.hands.type("mama")
    sold.hands.scan(MILK)
    assert sold.lines() == [("Brookside milk 500 ml", 1, 65_00)]
    sold.hands.press(Qt.Key.Key_Escape)
    assert sold.page() is sold.sell.tenders


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768)])
def test_it_is_left_with_a_finger(sold: Cashier, size: tuple[int, int]) -> None:
    sold.window.resize(*size)
    sold.until(lambda: sold.sell.width() == size[0])
    clock = ManualClock(sold.program.shop.clock.now())
    sold.sell.change.just_shown.clock = clock
    clock.sleep(sold.program.shop.clock.monotonic() + 1)
    finger = Finger(sold)
    finger.touch("Send it by e-mail")
    page = sold.sell.mail.page
    sold.until(lambda: sold.page() is page)
    finger.touch("ABC")
    sold.lay_out()
    finger.touch("A", "_", "B", "@", "C", "D", ".", "C", "O", within=sold.sell.letters)
    assert page.address.text == "a_b@cd.co"
    assert sold.sell.box.text == ""
    finger.touch("↵", within=sold.sell.letters)
    sold.until(lambda: "waits to be e-mailed" in sold.notice())
    assert sold.sell.letters.isHidden()
    finger.touch("ABC")
    sold.lay_out()
    finger.touch("Space", "Done", within=sold.sell.letters)
    assert sold.sell.letters.isHidden()


def test_before_anything_was_sold_the_receipt_is_asked_for(cashier: Cashier) -> None:
    page = _ask(cashier)
    assert page.receipt.text == ""
    page.address.show_text(ADDRESS)
    page.form.done.emit()
    cashier.until(lambda: "number of the receipt" in cashier.notice())
