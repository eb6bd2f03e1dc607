"""M-Pesa on the real window against a real server: asked, paid, cancelled, and paid by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.pushes import CANCEL
from pos_sync.testing.mpesa.scripts import Script, Trouble
from pos_sync.testing.mpesa.simulator import MpesaSimulator
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from pos_desktop import settings
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.domain.text import LANGUAGES
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.ui.screens.sell.mpesa_wait_page import MpesaWaitPage
from tests.pos_desktop.services.mpesa.scene import ACCOUNT, AMINA, KEYS, let_reverse, set_up
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier
from tests.pos_desktop.ui.test_low_window import no_room
from tests.pos_desktop.ui.test_return_pages import _money as money_of
from tests.pos_desktop.ui.test_return_pages import _open as take_back
from tests.pos_desktop.ui.test_tenders_page import tenders

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def server(at_door: Cashier) -> Iterator[MpesaSimulator]:
    clock = at_door.program.shop.clock.base
    with MpesaSimulator(
        Merchant(account=ACCOUNT, secrets=KEYS),
        now=lambda: datetime.now(UTC),
        monotonic=clock.monotonic,
        habits=Habits(),
    ) as simulator:
        done: list[object] = []
        shop = at_door.program.shop
        at_door.program.lane.submit(lambda: set_up(shop, simulator), done.append)
        at_door.until(lambda: done)
        yield simulator


@pytest.fixture
def cashier(at_door: Cashier, server: MpesaSimulator) -> Cashier:
    at_door.sign_in()
    at_door.hands.scan(FLOUR)
    return at_door


def tell(cashier: Cashier, cents: int, receipt: str = "RKL51ZDR4F") -> None:
    """Let the list of payments tell of one."""
    shop = cashier.program.shop
    at = to_stored(shop.clock.base.now())
    told = Money(
        receipt=receipt,
        amount_cents=cents,
        paid_at=at,
        short_code="174379",
        payer_name="AMINA",
        source=MoneySource.PULL,
        is_confirmed=True,
        told_at=at,
        changed_at=at,
    )
    done: list[object] = []
    cashier.program.lane.submit(lambda: shop.mpesa.money.take_in(told), done.append)
    cashier.until(lambda: done)


def long_ago(cashier: Cashier) -> None:
    """Let four minutes have passed since the phone was asked, by an earlier run of the till."""
    cashier.program.shop.mpesa.ages._sent.clear()
    done: list[object] = []
    sql = "UPDATE mpesa_attempt SET sent_at = sent_at - 240000"
    database = cashier.program.shop.database
    cashier.program.lane.submit(lambda: database.execute_sql(sql), done.append)
    cashier.until(lambda: done)


def ask(cashier: Cashier, phone: str = "0712345678") -> None:
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.type(f"{phone}\r")


def test_a_phone_pays_and_the_sale_is_done(cashier: Cashier, server: MpesaSimulator) -> None:
    ask(cashier)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    [(kind, cents, reference)] = tenders(cashier)
    assert (kind, cents, reference) == ("mpesa", 190_00, "T1U25C")
    assert server.ledger.charged_cents(AMINA) == 190_00


def test_it_shows_how_far_it_is_and_other_tenders_go_on(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.script(Script(code=None))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: cashier.page() is watch)
    cashier.until(lambda: "2:" in watch._rows[2][2].text())
    assert watch._rows[2][1].text() == "Waiting for the customer's PIN"
    assert "0712 *** 678" in watch._whom.text()
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is watch)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [kind for kind, _cents, _reference in tenders(cashier)] == ["cash"]


def test_without_a_network_every_word_is_read_and_one_code_is_shown(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.script(Script(code=None))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: cashier.page() is watch)
    done: list[object] = []
    sql = "UPDATE mpesa_attempt SET state = 'not_sent', reason = 'not_reached'"
    database = cashier.program.shop.database
    cashier.program.lane.submit(lambda: database.execute_sql(sql), done.append)
    cashier.until(lambda: "nobody was asked" in watch._said.text())
    for language in LANGUAGES:
        assert no_room(cashier, language) == []
    codes = {code for one in watch.findChildren(QLabel) for code in _codes(one.text())}
    assert codes == {cashier.sell.money.mpesa._reference}


def _codes(text: str) -> list[str]:
    return re.findall(r"T1U\w+", text)


def test_a_customer_who_cancels_is_asked_again(cashier: Cashier, server: MpesaSimulator) -> None:
    server.script(Script(code=CANCEL, times=1))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: "has cancelled" in watch._said.text())
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.type("0712345678\r")
    cashier.until(lambda: "refuses the same amount again so soon" in cashier.notice())


def test_what_may_be_on_its_way_is_not_asked_for_again(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: "Do not ask again" in watch._said.text())
    cashier.hands.type("\r")
    cashier.hands.press(K.Key_F9)
    cashier.drained()
    assert cashier.page() is watch
    assert server.count(Call.PUSH) == 1


def test_a_manager_who_sees_the_phone_lets_it_be_asked_again(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(watch.nothing_tile.isVisible)
    assert not watch.nothing_tile.isEnabled()
    assert watch.nothing_tile.text().startswith("Phone shows nothing: in 2:5")
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.drained()
    assert cashier.page() is watch
    long_ago(cashier)
    cashier.until(watch.nothing_tile.isEnabled)
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: "Press again" in watch.nothing_tile.text())
    cashier.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    assert "neither a prompt nor" in cashier.sell.approval._sentence
    cashier.approve()
    cashier.until(lambda: cashier.page() is watch)
    cashier.until(lambda: "Nothing was paid" in watch._said.text())
    assert not watch.nothing_tile.isVisible()
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.type("0712345678\r")
    cashier.until(lambda: server.count(Call.PUSH) == 2)


def test_a_customer_who_still_has_the_prompt_is_not_passed_over(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.script(Script(code=None))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: watch._rows and "2:" in watch._rows[2][2].text())
    assert not watch.nothing_tile.isVisible()
    long_ago(cashier)
    cashier.until(lambda: watch.nothing_tile.isVisible() and watch.nothing_tile.isEnabled())


def test_a_payment_that_comes_by_itself_needs_no_typing(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.presses = 0
    tell(cashier, 190_00)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.hands.presses == 0
    assert tenders(cashier) == [("mpesa", 190_00, "RKL51ZDR4F")]


def test_of_two_that_fit_a_person_picks(cashier: Cashier) -> None:
    tell(cashier, 190_00)
    tell(cashier, 190_00, "RKL51ZDR4G")
    cashier.hands.press(K.Key_F9)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page and not page.offers[1].isHidden())
    cashier.hands.press(K.Key_F9)
    cashier.drained()
    assert cashier.page() is page, "F9 takes none of two that fit"
    chosen = page._offers[1].receipt
    cashier.hands.press(K.Key_2, modifiers=CONTROL)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier)[0][2] == chosen


def test_a_part_that_was_paid_leaves_the_rest_to_cash(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F9)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.type("0712345678")
    cashier.hands.press(K.Key_Down)
    cashier.hands.type("100\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.window.counter.payment.remaining_cents == 90_00
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [(kind, cents) for kind, cents, _ref in tenders(cashier)] == [
        ("mpesa", 100_00),
        ("cash", 90_00),
    ]


def pick_more_than_is_due(cashier: Cashier) -> None:
    """Take the only payment there is, which needs a manager."""
    cashier.hands.press(K.Key_F9)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page and not page.offers[0].isHidden())
    cashier.hands.press(K.Key_F9)
    cashier.drained()
    assert cashier.page() is page, "F9 takes nothing that is not due"
    cashier.hands.press(K.Key_1, modifiers=CONTROL)
    cashier.until(lambda: cashier.page() is cashier.sell.approval)


def test_too_much_gives_change_once_a_manager_approves(cashier: Cashier) -> None:
    tell(cashier, 250_00)
    pick_more_than_is_due(cashier)
    assert "paid too much by M-Pesa: 60.00" in cashier.sell.approval._sentence
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sell.change.amount.text == "60.00"
    assert [(kind, cents) for kind, cents, _ref in tenders(cashier)] == [
        ("mpesa", 250_00),
        ("cash", -60_00),
    ]


def test_too_much_that_nobody_approves_stays_for_more_goods(cashier: Cashier) -> None:
    tell(cashier, 255_00)
    pick_more_than_is_due(cashier)
    cashier.hands.press(K.Key_Escape)
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.total() == "255.00")
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [(kind, cents) for kind, cents, _ref in tenders(cashier)] == [("mpesa", 255_00)]


def test_a_whole_sale_goes_back_by_m_pesa(cashier: Cashier) -> None:
    done: list[object] = []
    cashier.program.lane.submit(lambda: let_reverse(cashier.program.shop), done.append)
    cashier.until(lambda: done)
    tell(cashier, 190_00)
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    take_back(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    assert cashier.sell.tenders._other._note == "M-Pesa"
    cashier.hands.type("\r")
    page = cashier.sell.money.page
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.type("\r")
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert money_of(cashier, 2) == [("mpesa", -190_00)]
    found = mpesa_money.find(cashier.program.shop.reader, "RKL51ZDR4F")
    assert found is not None
    assert found.state is MoneyState.REFUND_ASKED


def test_a_code_is_taken_unverified(cashier: Cashier) -> None:
    ask(cashier, "rkl51zdr4f")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("mpesa", 190_00, "RKL51ZDR4F")]
    paid = "M-Pesa 190 (RKL51ZDR4F, not confirmed by M-Pesa)"
    cashier.until(lambda: cashier.sell.change._paid.accessibleName() == paid)


def test_scans_go_on_while_a_phone_is_asked(cashier: Cashier, server: MpesaSimulator) -> None:
    server.script(Script(code=None))
    ask(cashier)
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: cashier.page() is watch)
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.total() == "255.00")


def test_without_a_number_it_says_what_to_do(at_door: Cashier) -> None:
    shop, done = at_door.program.shop, list[object]()

    def take_away() -> None:
        shop.configuration.set(settings.MPESA_SHORTCODE, "", shop.books, actor=None)

    at_door.program.lane.submit(take_away, done.append)
    at_door.until(lambda: done)
    at_door.sign_in()
    at_door.hands.scan(FLOUR)
    at_door.hands.press(K.Key_F9)
    at_door.until(lambda: "M-Pesa is not set up yet" in at_door.notice())
    assert at_door.page() is at_door.sell.tenders


def test_a_clock_that_is_off_is_told_of(
    cashier: Cashier, server: MpesaSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = cashier.program.shop.mpesa.daraja
    monkeypatch.setattr(type(office), "skew", timedelta(minutes=-7))
    ask(cashier)
    cashier.until(lambda: "differs from M-Pesa's by 7 minutes" in cashier.notice())
    cashier.until(lambda: cashier.page() is cashier.sell.change)


def test_who_serves_the_next_customer_is_told_and_the_sale_ends_when_taken_up(
    cashier: Cashier, server: MpesaSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier.sell.money.mpesa.held._timer.setInterval(50)
    server.script(Script(code=None))
    ask(cashier)
    cashier.until(lambda: server.open_prompts)
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: cashier.program.shop.till.state.basket.is_empty)
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.total() == "65.00")
    server.answer(AMINA)
    office = cashier.program.shop.mpesa.daraja
    monkeypatch.setattr(type(office), "questions_apart", timedelta())
    cashier.until(lambda: "190.00 by M-Pesa has come for" in cashier.notice())
    cashier.until(lambda: cashier.sell.tabs._others[0].text().startswith("Paid "))
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: cashier.page() is cashier.sell.recall)
    cashier.hands.type("\r")
    cashier.until(lambda: [one[0] for one in tenders(cashier)] == ["mpesa"])


def watched(cashier: Cashier) -> MpesaWaitPage:
    watch = cashier.sell.money.mpesa.watch
    cashier.until(lambda: cashier.page() is watch)
    return watch


def test_a_phone_with_a_slip_is_no_code(cashier: Cashier, server: MpesaSimulator) -> None:
    ask(cashier, "0812345678")
    cashier.until(lambda: "Type a mobile number" in cashier.notice())
    page = cashier.sell.money.mpesa.page
    assert page.phone.field.selectedText() == "0812345678", "typing begins it anew"
    cashier.hands.type("rkl51zd\r")
    cashier.until(lambda: "ten letters and digits" in cashier.notice())
    assert server.count(Call.PUSH) == 0


def test_a_code_is_found_in_the_message_that_it_stands_in(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F9)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page)
    page.phone.show_text("RKL51ZDR4F Confirmed. Ksh190.00 sent to DUKA on 27/11/26 at 2:33 PM")
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("mpesa", 190_00, "RKL51ZDR4F")]


def test_the_code_of_a_prompt_that_is_open_can_be_typed(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    server.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    ask(cashier)
    watch = watched(cashier)
    cashier.until(lambda: "Do not ask again" in watch._said.text())
    assert watch._again.text() == "Type the code"
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: cashier.page() is cashier.sell.money.mpesa.page)
    cashier.hands.type("rkl51zdr4f\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("mpesa", 190_00, "RKL51ZDR4F")]


def test_another_phone_pays_the_rest(cashier: Cashier, server: MpesaSimulator) -> None:
    cashier.hands.press(K.Key_F9)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page)
    cashier.hands.type("0712345678")
    cashier.hands.press(K.Key_Down)
    cashier.hands.type("100\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    ask(cashier, "0722000000")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [one[:2] for one in tenders(cashier)] == [("mpesa", 100_00), ("mpesa", 90_00)]


def test_a_cart_that_became_smaller_gives_the_rest_back(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.total() == "255.00")
    server.script(Script(code=None))
    ask(cashier)
    watched(cashier)
    cashier.until(lambda: server.open_prompts)
    cashier.hands.press(K.Key_Delete)
    cashier.until(lambda: cashier.total() == "190.00")
    office = cashier.program.shop.mpesa.daraja
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(office), "questions_apart", timedelta())
        server.answer(AMINA)
        cashier.until(lambda: cashier.page() is cashier.sell.approval)
    assert "paid too much by M-Pesa: 65.00" in cashier.sell.approval._sentence
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [one[:2] for one in tenders(cashier)] == [("mpesa", 255_00), ("cash", -65_00)]


def test_a_prompt_that_is_left_open_is_told_of_and_so_is_its_money(
    cashier: Cashier, server: MpesaSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier.sell.money.mpesa.held._timer.setInterval(50)
    server.script(Script(code=None))
    ask(cashier)
    watched(cashier)
    cashier.until(lambda: server.open_prompts)
    cashier.hands.press(K.Key_Escape)
    cashier.until(lambda: "may still pay: F9 shows it" in cashier.notice())
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.until(lambda: "still has the prompt of 190.00" in cashier.notice())
    office = cashier.program.shop.mpesa.daraja
    monkeypatch.setattr(type(office), "questions_apart", timedelta())
    server.answer(AMINA)
    cashier.until(lambda: "190.00 by M-Pesa has come for a sale that went on" in cashier.notice())


def test_a_sale_with_cents_is_rounded_to_what_was_paid_by_hand(cashier: Cashier) -> None:
    cashier.hands.type("=180.50\r")
    cashier.approve()
    cashier.until(lambda: cashier.total() == "180.50")
    cashier.hands.press(K.Key_F9)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page)
    assert "180.50 is due: M-Pesa takes whole shillings." in page._hint.text()
    cashier.hands.type("rkl51zdr4f\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert tenders(cashier) == [("mpesa", 181_00, "RKL51ZDR4F")]


def test_the_phone_is_kept_when_it_is_asked_again(cashier: Cashier, server: MpesaSimulator) -> None:
    server.script(Script(code=CANCEL, times=1))
    ask(cashier)
    watch = watched(cashier)
    cashier.until(lambda: "has cancelled" in watch._said.text())
    assert watch._again.text().startswith("Again in ")
    cashier.hands.press(K.Key_Return)
    page = cashier.sell.money.mpesa.page
    cashier.until(lambda: cashier.page() is page)
    assert page.phone.text == "0712345678"
    assert page.phone.field.selectedText() == "0712345678"


def on_lane(cashier: Cashier, work: Callable[[], object]) -> None:
    done: list[object] = []
    cashier.program.lane.submit(work, done.append)
    cashier.until(lambda: done)


def test_a_code_is_looked_up_before_it_is_taken_at_its_word(
    cashier: Cashier, server: MpesaSimulator
) -> None:
    mpesa = cashier.program.shop.mpesa
    on_lane(cashier, lambda: mpesa.registering.register_list("0722000000", actor=None))
    server.pay_by_hand(AMINA, 5_00, "DUKA")
    on_lane(cashier, mpesa.payment_list.run)
    paid = server.pay_by_hand(AMINA, 190_00, "DUKA")
    ask(cashier, paid.receipt.lower())
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.until(
        lambda: cashier.sell.change._paid.accessibleName() == f"M-Pesa 190 ({paid.receipt})"
    )


def test_a_list_that_does_not_answer_holds_no_customer_up(
    cashier: Cashier, server: MpesaSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_desktop.ui.screens.sell.mpesa_look_up._PATIENCE_MS", 50)
    mpesa = cashier.program.shop.mpesa
    ended = Event()
    monkeypatch.setattr(type(mpesa.payment_list), "can_be_asked", True)
    monkeypatch.setattr(type(mpesa.payment_list), "look_for", lambda *_: ended.wait(20))
    ask(cashier, "rkl51zdr4f")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    ended.set()
    assert cashier.window.pushes.stop(20)
    assert tenders(cashier) == [("mpesa", 190_00, "RKL51ZDR4F")]


def test_a_manager_is_told_which_code_is_not_confirmed(cashier: Cashier) -> None:
    shop = cashier.program.shop
    limit = settings.MPESA_UNVERIFIED_CENTS
    on_lane(cashier, lambda: shop.configuration.set(limit, 100_00, shop.books, actor=None))
    ask(cashier, "rkl51zdr4f")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    said = cashier.sell.approval._sentence
    assert said == "Take a payment that M-Pesa has not confirmed: RKL51ZDR4F, 190.00"


def test_the_day_ends_with_a_word_about_what_is_not_settled(cashier: Cashier) -> None:
    tell(cashier, 250_00)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.hands.chord(K.Key_S, "\x13")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    assert ("M-Pesa to settle", "1") in cashier.sell.shift.now.facts.rows
    cashier.hands.type("z")
    day = cashier.sell.shift.day
    cashier.until(lambda: cashier.page() is day)
    assert day._mpesa.text().startswith("1 payment by M-Pesa is not settled")


def test_what_m_pesa_is_asked_to_give_back_is_not_back_yet(cashier: Cashier) -> None:
    on_lane(cashier, lambda: let_reverse(cashier.program.shop))
    tell(cashier, 190_00)
    cashier.hands.press(K.Key_F9)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    take_back(cashier)
    cashier.hands.type("a\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.money.page)
    cashier.hands.type("\r")
    cashier.approve()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.until(lambda: cashier.sell.change._head.text().startswith("GOES BACK · T1-"))
    assert cashier.sell.change._paid.accessibleName().startswith("Goes back: M-Pesa 190")


def test_a_code_that_is_looked_up_pays_no_other_sale(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    payments, answered = cashier.program.shop.mpesa.payment_list, Event()
    monkeypatch.setattr(type(payments), "can_be_asked", True)
    monkeypatch.setattr(type(payments), "look_for", lambda *_: answered.wait(20))
    ask(cashier, "rkl51zdr4f")
    cashier.until(lambda: "M-Pesa is asked whether it knows" in cashier.notice())
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: cashier.program.shop.till.state.basket.is_empty)
    cashier.hands.scan(MILK)
    cashier.until(lambda: cashier.total() == "65.00")
    answered.set()
    cashier.until(lambda: "was put aside" in cashier.notice())
    assert cashier.window.counter.payment.tenders == ()
