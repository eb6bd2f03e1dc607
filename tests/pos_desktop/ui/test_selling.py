"""Selling on the real window: keys, focus, scans, payments."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from pos_desktop import settings
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.tax import TaxTable
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Tile
from tests.pos_desktop.conftest import add_product
from tests.pos_desktop.domain.test_pack_labels import PRICE, WEIGHT, printed
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, SALT, Cashier

K = Qt.Key


def _scan_three(cashier: Cashier) -> None:
    for code in (FLOUR, RICE, MILK):
        cashier.hands.scan(code)


def test_three_scans_and_one_key_are_an_exact_cash_sale(cashier: Cashier) -> None:
    _scan_three(cashier)
    assert cashier.total() == "495.00"
    cashier.hands.presses = 0
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.hands.presses == 1
    sale = cashier.sales()[0].sale
    assert sale.totals.gross_cents == 495_00
    assert sale.change_cents == 0


def test_six_keys_are_a_sale_with_change_and_none_between_customers(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.presses = 0
    cashier.hands.type("\r1000\r")
    assert cashier.hands.presses == 6
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sell.change.amount.text == "505.00"
    assert cashier.sales()[0].sale.change_cents == 505_00

    cashier.hands.scan(SALT)
    assert cashier.lines() == [("Table salt 500 g", 1, 30_00)]
    assert cashier.page() is cashier.sell.tenders
    assert cashier.sell.last_sale.change.text == "505.00"


def test_what_is_typed_as_cash_says_at_once_what_comes_of_it(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r")
    pay = cashier.sell.pay
    assert cashier.page() is pay

    def said() -> tuple[str, str]:
        return pay._head.text(), pay.change.text

    assert said() == ("CHANGE", "0.00")
    cashier.hands.type("150")
    cashier.until(lambda: said() == ("STILL TO PAY AFTER THIS", "40.00"))
    pay.field.selectAll()
    cashier.hands.type("190")
    cashier.until(lambda: said() == ("CHANGE", "0.00"))
    pay.field.selectAll()
    cashier.hands.type("200")
    cashier.until(lambda: said() == ("CHANGE", "10.00"))


def test_the_same_product_again_raises_its_line(cashier: Cashier) -> None:
    for code in (FLOUR, MILK, FLOUR):
        cashier.hands.scan(code)
    assert [(name, count) for name, count, _cents in cashier.lines()] == [
        ("Jogoo maize flour 2 kg", 2),
        ("Brookside milk 500 ml", 1),
    ]


def test_printable_keys_go_to_the_box_wherever_the_focus_is(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    for widget in (cashier.sell.cart, cashier.sell.tenders, cashier.window.key_bar):
        widget.setFocus()
        cashier.hands.type("p")
        cashier.box_holds("p")
        cashier.hands.press(K.Key_Escape)
        assert cashier.sell.box.text == ""


def test_a_scan_reaches_the_cart_while_a_panel_is_open(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r")
    assert cashier.page() is cashier.sell.pay
    cashier.hands.scan(MILK)
    assert cashier.total() == "255.00"
    assert cashier.page() is cashier.sell.pay
    assert cashier.sell.pay.field.text() == "255"
    assert cashier.sell.box.text == ""


@pytest.mark.parametrize("typed", ["su", "12", "/milk", "5*milk"])
def test_a_scan_is_the_end_of_what_is_half_typed(cashier: Cashier, typed: str) -> None:
    cashier.hands.type(typed)
    cashier.box_holds(typed)
    cashier.hands.scan(FLOUR)
    assert cashier.sell.box.text == ""
    assert not cashier.sell.finder.results.isVisible()
    cashier.hands.type("\r")
    assert cashier.page() is cashier.sell.pay
    assert cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)]


def test_a_scan_that_is_unknown_is_seen_while_something_is_searched(cashier: Cashier) -> None:
    cashier.hands.type("/milk")
    cashier.box_holds("/milk")
    cashier.hands.scan("9999999999994")
    assert "9999999999994" in cashier.notice()
    assert not cashier.sell.finder.results.isVisible()
    assert cashier.sell.box.text == "/milk"
    cashier.hands.type("\r")
    assert cashier.lines() == []
    assert cashier.sell.finder.results.isVisible()


def test_a_quantity_before_a_scan_sells_that_many(cashier: Cashier) -> None:
    cashier.hands.type("5*")
    cashier.box_holds("5*")
    cashier.hands.scan(MILK)
    assert cashier.lines() == [("Brookside milk 500 ml", 5, 325_00)]
    assert cashier.sell.box.text == ""


def test_typed_commands_change_the_selected_line(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.press(K.Key_Up)
    cashier.hands.type("*3\r")
    assert cashier.lines()[1] == ("Pishori rice 1 kg", 3, 720_00)
    cashier.hands.type("10%\r")
    assert cashier.lines()[1] == ("Pishori rice 1 kg", 3, 648_00)
    cashier.hands.type("-\r")
    assert cashier.lines()[1] == ("Pishori rice 1 kg", 2, 432_00)
    cashier.hands.press(K.Key_Delete)
    assert len(cashier.lines()) == 2


def test_an_unknown_scan_says_the_code_and_what_to_do(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.scan("9999999999994")
    assert "9999999999994" in cashier.notice()
    assert "F2" in cashier.notice()
    assert len(cashier.lines()) == 1
    cashier.hands.scan(MILK)
    assert len(cashier.lines()) == 2
    assert "9999999999994" in cashier.notice(), "in a burst nobody has looked up yet"
    cashier.hands.press(K.Key_Delete)
    cashier.until(lambda: len(cashier.lines()) == 1)
    assert cashier.notice() == ""


def test_codes_that_were_missed_in_a_burst_are_told_until_somebody_acts(cashier: Cashier) -> None:
    for code in (FLOUR, "9999999999994", MILK, "9999999999987", FLOUR):
        cashier.hands.scan(code)
    cashier.until(lambda: sum(line[1] for line in cashier.lines()) == 3)
    assert "9999999999987" in cashier.notice()
    assert "It and 1 code before it" in cashier.notice()
    cashier.hands.type("MILK\r")
    cashier.until(lambda: sum(line[1] for line in cashier.lines()) == 4)
    assert cashier.notice() == ""
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: sum(line[1] for line in cashier.lines()) == 5)
    assert cashier.notice() == ""
    cashier.hands.scan("9999999999994")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: len(cashier.lines()) == 1)
    assert cashier.notice() == "", "the sale is paid: somebody has looked"


def test_a_refused_text_comes_back_to_be_typed_over(cashier: Cashier) -> None:
    cashier.hands.type("12345\r")
    assert cashier.sell.box.text == "12345"
    assert cashier.sell.box.field.selectedText() == "12345"
    cashier.hands.type("P")
    cashier.box_holds("P")


def test_paying_nothing_is_refused_in_the_strip(cashier: Cashier) -> None:
    cashier.hands.type("\r")
    assert "nothing to pay" in cashier.notice()
    assert cashier.page() is cashier.sell.tenders


def test_a_key_held_down_pays_nothing(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.type("\r")
    handle = cashier.window.windowHandle()
    for key in (K.Key_Return, K.Key_F8, K.Key_Delete):
        held = QKeyEvent(
            QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", autorep=True
        )
        QCoreApplication.sendEvent(handle, held)
    cashier.drained()
    assert cashier.page() is cashier.sell.pay
    assert cashier.sales() == []
    assert len(cashier.lines()) == 3


def test_the_pay_panel_shows_change_while_typing_and_goes_with_esc(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.type("\r")
    pay = cashier.sell.pay
    assert pay.field.text() == "495"
    assert pay.field.selectedText() == "495"
    cashier.hands.type("600")
    cashier.until(lambda: pay.field.text() == "600")
    assert pay.change.text == "105.00"
    cashier.hands.press(K.Key_Escape)
    assert cashier.page() is cashier.sell.tenders
    assert cashier.sales() == []
    cashier.hands.type("7")
    cashier.box_holds("7")


def test_an_amount_that_is_too_large_is_said_wherever_it_is_typed(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r")
    cashier.hands.type("999999999\r")
    cashier.until(lambda: "largest amount is 99,999,999.99" in cashier.notice())
    assert cashier.page() is cashier.sell.pay
    cashier.hands.type("200\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    shift = cashier.sell.shift
    shift.page_wanted.emit(shift.count)
    cashier.sell.strip.say(None)
    shift.count.field.setText("999999999")
    cashier.hands.type("\r")
    assert "largest amount" in cashier.notice()
    entry = cashier.window.open_shift
    entry.field.setText("999999999")
    entry._submit()
    assert entry.strip.notice is not None
    assert "largest amount" in entry.strip.notice.text


def test_cash_in_parts_shows_what_remains(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.type("\r200\r")
    assert "295.00" in cashier.notice()
    assert cashier.total() == "295.00"
    assert cashier.sales() == []
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert [one.amount_cents for one in cashier.sales()[0].sale.tenders] == [200_00, 295_00]


def test_a_scan_after_a_part_payment_says_that_it_counts_no_more(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.type("\r200\r")
    cashier.hands.scan(SALT)
    assert "200.00" in cashier.notice()
    assert cashier.total() == "525.00"


def test_what_was_paid_in_part_is_given_back_and_the_sale_stays(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.type("\r300\r")
    assert "undoes it" in cashier.notice()
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: "press Clear" in cashier.notice())
    cashier.hands.type("\r")
    give_back = cashier.sell.pay._give_back
    assert give_back.isVisible()
    assert give_back.text() == "Give 300.00 back"
    QTest.mouseClick(give_back, Qt.MouseButton.LeftButton)
    assert "300.00" in cashier.notice()
    assert cashier.window.counter.payment.tenders
    QTest.mouseClick(give_back, Qt.MouseButton.LeftButton)
    assert cashier.notice().startswith("Give 300.00 back to the customer")
    assert cashier.total() == "495.00"
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: not cashier.lines())
    cashier.drained()
    opened = "SELECT count(*) FROM print_job WHERE kind = 'drawer'"
    assert cashier.program.shop.reader.value(opened) == 1
    sql = "SELECT detail FROM journal WHERE kind = 'payment undone'"
    noted = cashier.program.shop.reader.rows(sql)
    assert [json.loads(note["detail"]) for note in noted] == [{"paid_cents": 300_00}]


def test_a_part_that_would_be_rounded_is_refused_in_the_panel(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r189.50\r")
    cashier.until(lambda: "type 189.00 or 190.00" in cashier.notice())
    assert cashier.window.counter.payment.tenders == ()


def test_a_likely_note_is_one_touch(cashier: Cashier) -> None:
    _scan_three(cashier)
    tile = next(t for t in cashier.sell.tenders.quick._tiles if t.text() == "1,000")
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sell.change.amount.text == "505.00"


def test_hold_and_recall_with_scans_in_between(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.press(K.Key_F5)
    cashier.hands.scan(SALT)
    cashier.hands.scan(SALT)
    cashier.until(lambda: len(cashier.window.counter.held) == 1)
    cashier.until(lambda: cashier.lines() == [("Table salt 500 g", 2, 60_00)])
    cashier.hands.press(K.Key_F6)
    assert cashier.page() is cashier.sell.recall
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.total() == "495.00")
    held = cashier.window.counter.held
    assert [cart.basket.lines[0].item.name for cart in held] == ["Table salt 500 g"]
    assert cashier.page() is cashier.sell.tenders


def test_a_held_sale_without_a_price_stays_on_hold_and_says_why(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: len(cashier.window.counter.held) == 1)
    with monkeypatch.context() as without_rates:
        without_rates.setattr(cashier.program.shop.selling, "_taxes", TaxTable([]))
        cashier.hands.press(K.Key_F6)
        cashier.until(lambda: cashier.page() is cashier.sell.recall)
        assert "—" in cashier.sell.recall.list.tiles[0].accessibleName()
        cashier.hands.type("\r")
        cashier.until(lambda: "The sale is on hold. Tax band" in cashier.notice())
        assert cashier.lines() == []
        assert len(cashier.window.counter.held) == 1
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: cashier.page() is cashier.sell.recall)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.total() == "190.00")


def _hold_and_change_prices(cashier: Cashier, *codes: str) -> None:
    """Let the office raise prices by ten while a sale is on hold, and recall it."""
    _scan_three(cashier)
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: len(cashier.window.counter.held) == 1)
    shop = cashier.program.shop

    def change() -> bool:
        for code in codes:
            (card,) = shop.goods.products.listed(ProductChoice(text=code), 1)
            form = replace(card.form, price_cents=(card.form.price_cents or 0) + 10_00)
            shop.goods.products.change(card, form, actor=None)
        return True

    done: list[bool] = []
    cashier.program.lane.submit(change, done.append)
    cashier.until(lambda: done)
    cashier.hands.press(K.Key_F6)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.total() == "495.00")


def test_a_recalled_sale_says_which_prices_are_old_and_takes_todays(cashier: Cashier) -> None:
    _hold_and_change_prices(cashier, FLOUR, MILK)
    shown = cashier.sell.strip.notice
    assert shown is not None
    assert shown.text == (
        "2 prices have changed since they were scanned; the sale keeps the old ones. "
        "Ctrl R or a touch here takes today's."
    )
    assert shown.tone is Tone.WARNING
    cashier.hands.press(K.Key_R, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.total() == "515.00")
    assert cashier.notice() == "2 prices are today's now."
    cashier.hands.press(K.Key_R, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: "No price of this sale has changed" in cashier.notice())


def test_a_touch_on_what_is_said_of_old_prices_takes_todays(cashier: Cashier) -> None:
    _hold_and_change_prices(cashier, RICE)
    QTest.mouseClick(cashier.sell.strip, Qt.MouseButton.LeftButton)
    cashier.until(lambda: cashier.total() == "505.00")


def test_esc_keeps_the_prices_of_a_recalled_sale(cashier: Cashier) -> None:
    _hold_and_change_prices(cashier, RICE)
    cashier.hands.press(K.Key_Escape)
    assert cashier.notice() == ""
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    assert cashier.sales()[0].sale.totals.gross_cents == 495_00


def test_the_list_of_held_sales_shows_what_they_cost(cashier: Cashier) -> None:
    _scan_three(cashier)
    cashier.hands.type("10%%\r")
    cashier.hands.press(K.Key_F5)
    cashier.until(lambda: len(cashier.window.counter.held) == 1)
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: cashier.page() is cashier.sell.recall)
    assert "445.50" in cashier.sell.recall.list.tiles[0].accessibleName()


def test_a_number_chooses_a_held_sale_and_a_code_is_no_number(cashier: Cashier) -> None:
    for code in (FLOUR, MILK):
        cashier.hands.scan(code)
        count = len(cashier.window.counter.held)
        cashier.hands.press(K.Key_F5)
        cashier.until(lambda count=count: len(cashier.window.counter.held) > count)  # type: ignore[misc]
    cashier.hands.scan(SALT)
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: cashier.page() is cashier.sell.recall)
    cashier.hands.type("1234567")
    cashier.box_holds("1234567")
    assert cashier.lines() == [("Table salt 500 g", 1, 30_00)]
    cashier.hands.press(K.Key_Escape)
    cashier.hands.type("2")
    cashier.box_holds("2")
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.lines() == [("Jogoo maize flour 2 kg", 1, 190_00)])
    cashier.until(lambda: "Table salt" in cashier.notice())
    assert "is on hold" in cashier.notice()
    assert cashier.sell.box.text == ""
    cashier.hands.press(K.Key_F6)
    cashier.until(lambda: cashier.page() is cashier.sell.recall)
    cashier.hands.type("P008\r")
    assert len(cashier.lines()) == 2
    assert cashier.page() is cashier.sell.tenders


def test_a_quantity_before_a_price_check_is_what_is_sold_then(cashier: Cashier) -> None:
    cashier.hands.type("5*")
    cashier.box_holds("5*")
    cashier.hands.press(K.Key_F3)
    assert cashier.sell.box.text == "5*?"
    assert cashier.sell.box._chip._text == "? × 5"
    cashier.hands.scan(RICE)
    assert cashier.page() is cashier.sell.price
    assert cashier.sell.price.price.text == "240.00"
    assert cashier.lines() == []
    assert cashier.sell.box.text == ""
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: cashier.lines() == [("Pishori rice 1 kg", 5, 1200_00)])
    cashier.hands.type("3*?P001\r")
    cashier.until(lambda: cashier.page() is cashier.sell.price)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: [count for _, count, _ in cashier.lines()] == [5, 3])
    cashier.hands.press(K.Key_F3)
    cashier.hands.scan(MILK)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: [count for _, count, _ in cashier.lines()] == [5, 3, 1])


def test_a_quantity_that_is_none_checks_no_price(cashier: Cashier) -> None:
    cashier.hands.type("0*?P001\r")
    cashier.until(cashier.notice)
    assert cashier.sell.box.field.selectedText() == "0*?P001"
    assert cashier.page() is cashier.sell.tenders


def test_a_quantity_before_a_search_is_what_is_sold_then(cashier: Cashier) -> None:
    cashier.hands.type("5*")
    cashier.box_holds("5*")
    cashier.hands.press(K.Key_F2)
    cashier.hands.type("fresh\r")
    cashier.until(lambda: cashier.lines() == [("Fresh milk 1 l", 5, 625_00)])


def test_a_price_check_sells_nothing_until_asked(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F3)
    cashier.hands.scan(RICE)
    assert cashier.page() is cashier.sell.price
    assert cashier.sell.price.price.text == "240.00"
    assert cashier.lines() == []
    cashier.hands.type("\r")
    assert cashier.lines() == [("Pishori rice 1 kg", 1, 240_00)]
    assert cashier.page() is cashier.sell.tenders


def test_a_label_says_how_much_also_after_a_price_check(cashier: Cashier) -> None:
    shop = cashier.program.shop
    shop.configuration.set(settings.LABEL_PATTERNS, f"{WEIGHT} {PRICE}", shop.books, actor=None)
    add_product(shop, "123", "Onions", 80_00, by_weight=1, unit="kg")
    cashier.hands.scan(printed(WEIGHT, "123", 1_250))
    cashier.until(lambda: len(cashier.lines()) == 1)
    assert shop.till.state.basket.line().quantity == 1_250
    assert "what it weighs" not in cashier.notice()
    cashier.hands.press(K.Key_F3)
    cashier.hands.scan(printed(PRICE, "123", 45))
    cashier.until(lambda: cashier.page() is cashier.sell.price)
    cashier.hands.press(K.Key_Return)
    cashier.until(lambda: len(cashier.lines()) == 2)
    assert shop.till.state.basket.line().label_cents == 45_00
    cashier.hands.type("2*")
    cashier.hands.scan(printed(PRICE, "123", 45))
    cashier.until(lambda: "scan each label" in cashier.notice())
    assert len(cashier.lines()) == 2


def test_search_finds_while_typing_and_in_spite_of_an_error(cashier: Cashier) -> None:
    cashier.drained()
    cashier.hands.press(K.Key_F2)
    cashier.hands.type("brookside")
    cashier.until(
        lambda: [i.name for i in cashier.sell.finder.results.items][:1] == ["Brookside milk 500 ml"]
    )
    for _letter in range(9):
        cashier.hands.press(K.Key_Backspace)
    cashier.hands.type("brokside")
    cashier.until(lambda: cashier.sell.box.text == "/brokside")
    assert cashier.sell.finder.results.items[0].name == "Brookside milk 500 ml"
    cashier.hands.type("\r")
    assert cashier.lines() == [("Brookside milk 500 ml", 1, 65_00)]
    assert not cashier.sell.finder.results.isVisible()
    assert cashier.sell.box.text == ""


def test_arrows_choose_among_what_was_found(cashier: Cashier) -> None:
    cashier.hands.type("/rice")
    cashier.until(lambda: cashier.sell.box.text == "/rice")
    second = cashier.sell.finder.results.items[1].name
    cashier.hands.press(K.Key_Down)
    cashier.hands.type("\r")
    assert cashier.lines()[0][0] == second


@pytest.mark.parametrize(
    ("typed", "pieces"), [("maize flour", 1), ("3*maize flour", 3), ("maiz flor", 1)]
)
def test_a_name_typed_as_a_code_is_sold_with_one_enter(
    cashier: Cashier, typed: str, pieces: int
) -> None:
    cashier.drained()
    cashier.hands.type(typed)
    cashier.until(lambda: cashier.sell.finder.results.current)
    cashier.hands.type("\r")
    assert cashier.lines() == [("Jogoo maize flour 2 kg", pieces, pieces * 190_00)]
    assert cashier.sell.box.text == ""
    assert not cashier.sell.finder.results.isVisible()


def test_a_quantity_stays_before_a_search(cashier: Cashier) -> None:
    cashier.hands.type("0.750*")
    cashier.box_holds("0.750*")
    cashier.hands.press(K.Key_F2)
    assert cashier.sell.box.text == "0.750*/"
    cashier.hands.type("tomatoes")
    cashier.until(lambda: cashier.sell.finder.results.current)
    cashier.hands.type("\r")
    line = cashier.window.counter.basket.line()
    assert (line.item.by_weight, line.quantity) == (True, 750)
    assert cashier.notice() == ""
    cashier.hands.type("milk")
    cashier.box_holds("milk")
    cashier.hands.press(K.Key_F2)
    assert cashier.sell.box.text == "/milk"


def test_something_weighed_without_its_weight_is_said(cashier: Cashier) -> None:
    for typed in ("/tomatoes\r", "P026\r"):
        cashier.sell.strip.say(None)
        cashier.hands.type(typed)
        cashier.until(lambda: "*0.750" in cashier.notice())
    cashier.hands.type("*0,500\r")
    assert cashier.window.counter.basket.line().quantity == 500


def test_a_bare_number_after_something_weighed_says_how_it_becomes_its_weight(
    cashier: Cashier,
) -> None:
    cashier.hands.type("P026\r0.75\r")
    cashier.until(lambda: cashier.notice().startswith("Type *0.75 to set what Tomatoes"))
    assert cashier.sell.new_items.code == ""
    cashier.hands.type("*0.75\r")
    cashier.until(lambda: cashier.window.counter.basket.line().quantity == 750)
    cashier.hands.scan(FLOUR)
    cashier.hands.type("0.75\r")
    cashier.until(lambda: "adds it" in cashier.notice())


def test_an_impossible_quantity_of_a_name_comes_back(cashier: Cashier) -> None:
    cashier.hands.type("0.5*milk")
    cashier.until(lambda: cashier.sell.finder.results.current)
    cashier.hands.type("\r")
    assert cashier.notice() != ""
    assert cashier.lines() == []
    assert cashier.sell.box.field.selectedText() == "0.5*milk"


def test_a_wrong_code_with_a_letter_is_typed_over(cashier: Cashier) -> None:
    cashier.hands.type("P999\r")
    assert "P999" in cashier.notice()
    assert "No product" in cashier.notice()
    assert not cashier.sell.finder.results.isVisible()
    assert cashier.sell.box.field.selectedText() == "P999"
    cashier.hands.type("P008\r")
    assert len(cashier.lines()) == 1
    assert cashier.notice() == ""


def test_a_name_that_nothing_has_is_typed_over(cashier: Cashier) -> None:
    cashier.hands.type("zzzz qqqq\r")
    assert "zzzz qqqq No product" in cashier.notice()
    assert cashier.sell.box.field.selectedText() == "zzzz qqqq"
    cashier.hands.press(K.Key_F2)
    cashier.hands.type("qqqq\r")
    cashier.until(lambda: cashier.sell.box.field.selectedText() == "/qqqq")


def test_letters_and_signs_in_the_pay_panel_go_on_in_the_box(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\rP007")
    cashier.box_holds("P007")
    assert cashier.page() is cashier.sell.tenders
    cashier.hands.type("\r")
    assert len(cashier.lines()) == 2
    cashier.hands.type("\r10%")
    cashier.box_holds("10%")
    cashier.hands.press(K.Key_Escape)
    cashier.hands.type("\r=100\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)
    assert cashier.sales() == []
    assert cashier.window.counter.payment.tenders == ()


def test_a_barcode_in_the_pay_panel_is_sold(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type(f"\r{MILK}")
    cashier.until(lambda: cashier.sell.pay.field.text() == MILK)
    assert cashier.sell.pay.change.text == "—"
    cashier.hands.type("\r")
    assert cashier.total() == "255.00"
    assert cashier.page() is cashier.sell.pay
    assert cashier.sell.pay.field.selectedText() == "255"
    cashier.hands.type("9999999999994\r")
    assert "9999999999994" in cashier.notice()
    assert cashier.sell.pay.field.selectedText() == "255"


@pytest.mark.parametrize("keys", ["\r", "\r\r", "f8"])
def test_a_key_too_many_after_paying_leaves_the_change(cashier: Cashier, keys: str) -> None:
    def too_many() -> None:
        if keys == "f8":
            cashier.hands.press(K.Key_F8)
        else:
            cashier.hands.type(keys)

    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r\r")
    too_many()
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    too_many()
    cashier.drained()
    assert cashier.page() is cashier.sell.change
    assert cashier.notice() == ""
    cashier.hands.type("P008\r")
    assert len(cashier.lines()) == 1


def test_f1_shows_the_keys_and_a_scan_still_sells(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_F1)
    assert cashier.window.help.isVisible()
    cashier.hands.scan(MILK)
    assert not cashier.window.help.isVisible()
    assert len(cashier.lines()) == 1
    for key in (K.Key_F8, K.Key_Return):
        cashier.hands.press(K.Key_F1)
        cashier.hands.press(key)
        assert not cashier.window.help.isVisible()
    cashier.drained()
    assert cashier.sales() == []
    assert cashier.page() is cashier.sell.tenders


def test_reprint_queues_a_copy(cashier: Cashier) -> None:
    cashier.hands.scan(MILK)
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    for number in (1, 2):
        cashier.hands.press(K.Key_F7)
        wanted = f"Copy {number} of receipt T1-000001 goes to the printer."
        cashier.until(lambda wanted=wanted: cashier.notice() == wanted)  # type: ignore[misc]
    copies = cashier.program.shop.reader.value("SELECT count(*) FROM print_job WHERE copy = 1")
    assert copies == 2


def test_keys_for_fingers_type_into_the_box(cashier: Cashier) -> None:
    cashier.hands.press(K.Key_K, "\x0b", modifiers=Qt.KeyboardModifier.ControlModifier)
    pad = cashier.sell.tenders.pad
    assert pad.isVisible()
    for key in ("P", "0", "1", "0"):
        pad.pressed.emit(key)
    pad.pressed.emit("↵")
    assert cashier.lines()[0][0] == "Brookside milk 500 ml"


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (1920, 1080)])
def test_no_panel_needs_more_room_than_the_window_has(
    cashier: Cashier, size: tuple[int, int]
) -> None:
    cashier.window.resize(*size)
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.window.width() == size[0])
    assert cashier.window.minimumSizeHint().width() <= size[0]
    for page in (cashier.sell.pay, cashier.sell.approval, cashier.sell.tenders):
        cashier.sell._open(page)
        cashier.lay_out()
        assert page.minimumSizeHint().height() <= page.height(), page.accessibleName()


@pytest.mark.parametrize("keypad", [False, True])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1024, 600)])
def test_a_part_payment_finds_room(
    cashier: Cashier, size: tuple[int, int], *, keypad: bool
) -> None:
    if keypad:
        cashier.sell.toggle_pad()
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r10\r\r")
    cashier.window.resize(*size)
    cashier.until(lambda: cashier.window.width() == size[0])
    pay = cashier.sell.pay
    assert cashier.page() is pay
    cashier.lay_out()
    low_with_keys = keypad and size[1] < 700
    assert pay._give_back.isVisible() is not low_with_keys
    assert pay.pad.isVisible() or pay.quick.isVisible()
    assert pay.quick.isVisible() or size[1] < 1080
    assert pay.minimumSizeHint().height() <= pay.height()
    for tile in pay.findChildren(Tile):
        assert not tile.isVisible() or tile.height() >= 44, tile.text()


def test_keys_that_reach_a_widget_first_do_the_same(cashier: Cashier) -> None:
    """Such as those of an input method, which hands its text to the field with focus."""
    QTest.keyClicks(cashier.sell.box.field, "P010")
    QTest.keyClick(cashier.sell.box.field, K.Key_Return)
    assert len(cashier.lines()) == 1
    QTest.keyClick(cashier.sell.box.field, K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)


@pytest.mark.parametrize("end", ["\r", "\n", "\t", "\r\n"])
@pytest.mark.parametrize("gap", [2, 60], ids=["short", "slow"])
def test_codes_that_were_no_scan_are_sold_one_by_one(cashier: Cashier, end: str, gap: int) -> None:
    """A code too short for a scan, or from a scanner too slow for one, whatever ends it."""
    code = "P010" if gap == 2 else MILK
    for _time in range(3):
        cashier.hands.type(code, gap=gap)
        if gap == 60:
            cashier.box_holds(code)
        cashier.hands.type(end, gap=gap)
        cashier.until(lambda: cashier.sell.box.text == "")
    assert cashier.lines() == [("Brookside milk 500 ml", 3, 195_00)]
    assert cashier.page() is cashier.sell.tenders


def test_a_tab_in_an_empty_box_pays_nothing(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\t")
    assert cashier.page() is cashier.sell.tenders
