"""Room: no figure is ever cut, no word breaks the window, nothing moves under a finger."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from pos_desktop.domain.basket import Item
from pos_desktop.domain.money import LARGEST_AMOUNT
from pos_desktop.domain.pricing import PricedLine, Totals
from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.key_cap import HEIGHT, LOW, KeyCap
from pos_desktop.ui.kit.number_pad import AMOUNT_KEYS, BOX_KEYS, PIN_KEYS
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.wrapped_text import WrappedText, is_whole, wrapped
from pos_desktop.ui.screens.sell.cards import LastSaleCard, TotalCard
from pos_desktop.ui.screens.sell.cart_columns import APART, PADDING, figure_font, share_out
from pos_desktop.ui.screens.sell.cart_model import (
    DISCOUNT,
    ITEM,
    NUMBER,
    PRICE,
    QUANTITY,
    TOTAL,
    cell_text,
)
from pos_desktop.ui.screens.sell.price_page import stock_sentence
from pos_desktop.ui.screens.sell.recorder import LastSale
from pos_desktop.ui.screens.sell.tenders_page import QuickCash
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, Cashier
from tests.pos_desktop.ui.finger import Finger

K = Qt.Key
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LARGEST_WEIGHT = 99_999_999
SMALL, USUAL = (1024, 600), (1366, 768)
SIDE_WIDTH = 362
"""What the right side has at 1024 pixels."""


# what is painted


def _ink_width(image: QImage, area: QRect) -> int:
    """Return how many pixels lie between the first and the last that is not ground."""
    ground = image.pixel(area.right() - 1, area.top() + 2)
    columns = [
        x
        for x in range(area.left(), area.right() + 1)
        if any(image.pixel(x, y) != ground for y in range(area.top() + 1, area.bottom()))
    ]
    return columns[-1] - columns[0] + 1 if columns else 0


def _free_width(text: str, font: QFont) -> int:
    """Return how wide a text is where it has all the room it wants."""
    image = QImage(600, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setFont(font)
    painter.drawText(20, 40, text)
    painter.end()
    return _ink_width(image, image.rect())


def _resized(cashier: Cashier, size: tuple[int, int]) -> None:
    cashier.window.resize(*size)
    cashier.until(lambda: cashier.sell.width() == size[0])


_ANY_LINE = PricedLine(
    key=1,
    item=Item(product_id="p", code="P1", name="Salt", price_cents=1),
    quantity=1000,
    price_cents=1,
    discount_bp=0,
    full_cents=1,
    line_discount_cents=0,
    cart_discount_cents=0,
    gross_cents=1,
    rate_bp=0,
    vat_cents=0,
)


def _large_line(line: PricedLine, key: int, cents: int, thousandths: int) -> PricedLine:
    return replace(
        line,
        key=key,
        quantity=thousandths,
        price_cents=cents,
        line_discount_cents=cents,
        gross_cents=cents,
    )


@pytest.mark.parametrize("size", [SMALL, USUAL])
@pytest.mark.parametrize(
    ("cents", "thousandths"),
    [
        (15_440_51, 750),
        (1_234_567_89, 12_345),
        (57_909_251_00, LARGEST_WEIGHT),
        (LARGEST_AMOUNT, LARGEST_WEIGHT),
    ],
)
def test_no_figure_of_the_cart_is_cut(
    cashier: Cashier, size: tuple[int, int], cents: int, thousandths: int
) -> None:
    _resized(cashier, size)
    cashier.hands.scan(MILK)
    line = cashier.window.counter.priced.lines[0]
    lines = tuple(_large_line(line, key, cents, thousandths) for key in range(1, 1001))
    cart = cashier.sell.cart
    cart.show_cart(lines, 998)
    cart._unlight()
    image = cart.viewport().grab().toImage()
    row = 997
    for column in (NUMBER, QUANTITY, PRICE, DISCOUNT, TOTAL):
        index = cart.model().index(row, column)
        area = cart.visualRect(index)
        assert cart.viewport().rect().contains(area)
        weight = fonts.heavy if column == TOTAL else fonts.regular
        text = cart.model().data(index)
        whole = _free_width(text, weight(cart._delegate.figure_size))
        beside_the_bar = area.adjusted(6 if column == NUMBER else 1, 0, 0, 0)
        assert abs(_ink_width(image, beside_the_bar) - whole) <= 1, text
    assert cart.columnWidth(ITEM) >= 130


@given(
    st.lists(
        st.tuples(
            st.integers(-LARGEST_AMOUNT, LARGEST_AMOUNT),
            st.integers(-LARGEST_WEIGHT, LARGEST_WEIGHT),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_are_as_wide_as_their_widest_figure(
    dressed: QApplication, figures: list[tuple[int, int]]
) -> None:
    lines = [
        _large_line(_ANY_LINE, key, cents, thousandths)
        for key, (cents, thousandths) in enumerate(figures)
    ]
    for width in (558, 588, 809):
        columns = share_out(lines, width)
        for column, wanted in columns.widths.items():
            font = figure_font(column, columns.size)
            for row, line in enumerate(lines):
                text = cell_text(line, row, column)
                assert fonts.width(text, font) + PADDING + APART <= wanted + 1, text


@pytest.mark.parametrize("cents", [260_00, 57_909_251_00, LARGEST_AMOUNT])
def test_the_change_of_the_last_sale_is_not_cut(dressed: QApplication, cents: int) -> None:
    card = LastSaleCard()
    tender = Tender(
        kind=TenderKind.CASH, amount_cents=100, given_cents=cents + 100, change_cents=cents
    )
    card.show_sale(LastSale("T1-000001", Payment(due_cents=100, tenders=(tender,))))
    card.setFixedWidth(SIDE_WIDTH)
    card.grab()
    shown = card.change
    font = fonts.fitting(shown.text, (30, 24, 20), shown.width())
    ink = _ink_width(shown.grab().toImage(), shown.rect())
    assert abs(ink - _free_width(shown.text, font)) <= 1


@pytest.mark.parametrize("due", [1_240_00, 1_349_010_00, 57_909_251_00, 99_999_899_00])
def test_likely_notes_are_shown_whole_or_not_at_all(dressed: QApplication, due: int) -> None:
    quick = QuickCash()
    quick.setFixedWidth(SIDE_WIDTH)
    quick.show_for(due)
    quick.grab()
    shown = [tile for tile in quick._tiles if not tile.isHidden()]
    assert shown
    for tile in shown:
        ink = _ink_width(tile.grab().toImage(), tile.rect().adjusted(4, 4, -4, -4))
        sizes = [_free_width(tile.text(), fonts.strong(size)) for size in range(14, 19)]
        assert min(abs(ink - width) for width in sizes) <= 1, tile.text()


@pytest.mark.parametrize("cents", [0, 1_234_567_89, LARGEST_AMOUNT])
def test_the_line_below_the_total_keeps_its_height_and_letters(
    dressed: QApplication, cents: int
) -> None:
    card = TotalCard("KES")
    card.setFixedWidth(SIDE_WIDTH)
    found = []
    for saved in (0, 26_00):
        totals = Totals(pieces=11, gross_cents=cents, vat_cents=85_51, discount_cents=saved)
        card.show_totals(totals, Payment(due_cents=cents))
        card.grab()
        found.append((card.height(), card._detail.font().pixelSize()))
    assert found[0] == found[1]
    assert "26.00" in card._detail.text()


def test_many_items_are_counted_with_separators(dressed: QApplication) -> None:
    card = TotalCard("KES")
    card.show_totals(Totals(pieces=100_000, gross_cents=100, vat_cents=0), Payment(due_cents=100))
    assert card._detail.accessibleName().startswith("100,000 items")


def test_more_sold_than_counted_is_said() -> None:
    assert stock_sentence(-29_000, "pc") == "Sold 29 pc more than was counted into stock"
    assert stock_sentence(68_000, "pc") == "In stock: 68 pc"
    assert stock_sentence(750, "") == "In stock: 0.750"


def test_an_amount_becomes_smaller_before_it_is_cut(dressed: QApplication) -> None:
    text = "99,999,999.99"
    for room in range(100, 400, 20):
        assert fonts.width(text, fonts.fitting(text, (60, 44), room)) <= room


# words of any length


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("Wim ä."), max_size=120), st.integers(40, 400), st.integers(1, 4))
@example("m äW", 40, 1)
@example("i.ääWä", 40, 2)
def test_wrapped_lines_fit_and_lose_nothing_silently(
    dressed: QApplication, text: str, width: int, most: int
) -> None:
    font = fonts.regular(16)
    lines = wrapped(text, font, width, most)
    assert len(lines) <= most
    assert all(fonts.width(line, font) <= width for line in lines)
    assert is_whole(text, lines) or lines[-1].endswith("…")


def test_a_text_that_is_cut_has_a_tooltip(dressed: QApplication) -> None:
    shown = WrappedText(fonts.regular(16), most=2)
    shown.show_text(LONG_WORD)
    shown.resize(200, 60)
    shown.grab()
    assert shown.toolTip() == LONG_WORD
    shown.resize(900, 60)
    shown.grab()
    assert shown.toolTip() == ""


@pytest.mark.parametrize("size", [SMALL, USUAL])
def test_a_long_word_leaves_the_window_as_it_is(cashier: Cashier, size: tuple[int, int]) -> None:
    _resized(cashier, size)
    cashier.hands.scan(RICE)
    before = cashier.sell.cart.width(), cashier.sell.side.width()
    cashier.sell.approval.who.show_hint(f"{LONG_WORD} for 150.00")
    cashier.sell.price._name.show_text(LONG_WORD)
    cashier.sell.strip.say(Notice(LONG_WORD, Tone.DANGER, head=LONG_WORD))
    for page in (cashier.sell.approval, cashier.sell.price, cashier.sell.tenders):
        cashier.sell._open(page)
        cashier.lay_out()
        assert (cashier.sell.cart.width(), cashier.sell.side.width()) == before
        assert page.minimumSizeHint().height() <= page.height()
    name = cashier.sell.price._name
    assert name.height() >= name.heightForWidth(name.width())
    assert name.toolTip() == ""


# nothing moves


def test_a_notice_moves_nothing_and_leaves_the_selected_line_in_sight(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    for code in ("P001", "P002", "P003", "P004", "P005", "P006", "P007", "P008"):
        cashier.hands.type(f"{code}\r")
    sell = cashier.sell
    places = sell.tabs.geometry(), sell.cart.geometry(), sell.side.geometry()
    cashier.hands.scan("9999999999994")
    cashier.lay_out()
    assert sell.strip.isVisible()
    assert (sell.tabs.geometry(), sell.cart.geometry(), sell.side.geometry()) == places
    assert sell.strip.geometry().contains(sell.tabs.geometry())
    assert sell.cart.viewport().rect().contains(sell.cart.visualRect(sell.cart.currentIndex()))
    QTest.mouseClick(sell.strip, Qt.MouseButton.LeftButton)
    assert not sell.strip.isVisible()


def test_the_selected_line_stays_in_sight_in_a_smaller_window(cashier: Cashier) -> None:
    for code in ("P001", "P002", "P003", "P004", "P005", "P006", "P007", "P008"):
        cashier.hands.type(f"{code}\r")
    _resized(cashier, SMALL)
    cart = cashier.sell.cart
    cashier.until(lambda: cart.viewport().rect().contains(cart.visualRect(cart.currentIndex())))


def _top_and_selected_are_whole(cashier: Cashier) -> bool:
    cart = cashier.sell.cart
    seen = cart.viewport().rect()
    top = cart.rowAt(1)
    selected = cart.visualRect(cart.currentIndex())
    return cart.rowViewportPosition(top) == 0 and seen.contains(selected)


def test_a_long_cart_scrolls_by_whole_lines(cashier: Cashier) -> None:
    cashier.window.resize(1024, 600)
    codes = [f"P{number:03}" for number in range(1, 14)]
    for code in codes:
        cashier.hands.type(f"{code}\r")
    cashier.until(lambda: len(cashier.lines()) == len(codes))
    cashier.lay_out()
    assert cashier.sell.cart.verticalScrollBar().value() > 0
    assert _top_and_selected_are_whole(cashier)
    for key in (*[Qt.Key.Key_Up] * 12, *[Qt.Key.Key_Down] * 12):
        cashier.hands.press(key)
        assert _top_and_selected_are_whole(cashier), cashier.sell.cart.currentIndex().row()


def test_only_what_has_the_keyboard_is_framed(cashier: Cashier) -> None:
    cashier.hands.scan(FLOUR)
    box = cashier.sell.box
    assert box.property("look") == "accent-card"
    place = box.field.geometry()
    for key in (Qt.Key.Key_F10, Qt.Key.Key_F4):
        cashier.hands.press(key)
        cashier.until(lambda: cashier.page() is not cashier.sell.tenders)
        assert box.property("look") == "quiet-card"
        assert not box.field.hasFocus()
        cashier.lay_out()
        assert box.field.geometry() == place
        cashier.hands.press(Qt.Key.Key_Escape)
        cashier.until(lambda: cashier.page() is cashier.sell.tenders)
        assert box.property("look") == "accent-card"


def test_what_is_found_while_typing_lies_over_a_notice(cashier: Cashier) -> None:
    sell = cashier.sell
    cashier.hands.type("P026\r")
    cashier.until(sell.strip.isVisible)
    cashier.hands.type("milk")
    cashier.until(sell.finder.results.isVisible)
    cashier.lay_out()
    sell.strip.resize(sell.strip.width(), sell.strip.height() + 1)
    cashier.lay_out()
    shared = sell.strip.geometry().intersected(sell.finder.results.geometry())
    assert sell.childAt(shared.center()) is sell.finder.results


def test_a_notice_at_the_door_moves_no_key(at_door: Cashier) -> None:
    who = at_door.window.sign_in.who
    place = who.pad.mapTo(at_door.window, QPoint())
    at_door.hands.type("0000\r")
    at_door.until(who.strip.isVisible)
    at_door.lay_out()
    assert who.pad.mapTo(at_door.window, QPoint()) == place
    at_door.sign_in_only()
    screen = at_door.window.open_shift
    place = screen.field.mapTo(at_door.window, QPoint())
    screen.refuse("Type the float; 0 where the drawer is empty.")
    at_door.lay_out()
    assert screen.strip.isVisible()
    assert screen.field.mapTo(at_door.window, QPoint()) == place


# fingers


def test_all_pads_have_their_digits_in_one_layout() -> None:
    def places(keys: tuple[tuple[str, ...], ...]) -> dict[str, tuple[int, int]]:
        return {
            key: (row, column)
            for row, line in enumerate(keys)
            for column, key in enumerate(line)
            if key.isdigit() and len(key) == 1
        }

    assert places(PIN_KEYS) == places(AMOUNT_KEYS) == places(BOX_KEYS)
    assert {keys[3][2] for keys in (PIN_KEYS, AMOUNT_KEYS, BOX_KEYS)} == {"⌫"}


def test_a_sale_with_a_changed_price_is_all_touch_in_a_small_window(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    finger, sell = Finger(cashier), cashier.sell
    cashier.hands.scan(FLOUR)
    finger.touch("Keypad")
    finger.touch("=", "1", "5", "0", "↵", within=sell.tenders)
    cashier.until(lambda: cashier.page() is sell.approval)
    finger.touch("Price on the shelf", "1", "2", "3", "4", within=sell.approval)
    finger.touch("Approve")
    cashier.until(lambda: cashier.total() == "150.00")
    finger.touch("Cash received")
    cashier.until(lambda: cashier.page() is sell.pay)
    finger.touch("1", "0", "⌫", "2", "5", within=sell.pay)
    assert sell.pay.field.text() == "125"
    finger.touch("⌫", "0", "0", within=sell.pay)
    finger.touch("Take cash")
    cashier.until(lambda: cashier.page() is sell.change)
    assert sell.change.amount.text == "1,050.00"


def test_after_a_sale_fingers_type_what_the_next_customer_buys(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    finger, sell = Finger(cashier), cashier.sell
    cashier.hands.scan(FLOUR)
    finger.touch("Keypad")
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is sell.change)
    cashier.drained()
    cashier.lay_out()
    assert sell.change.minimumSizeHint().height() <= sell.change.height()
    finger.touch("↵", within=sell.change)
    assert (cashier.page(), cashier.notice()) == (sell.change, "")
    finger.touch("1", "2", "⌫", "×", within=sell.change)
    assert (cashier.page(), sell.box.text) == (sell.change, "1*")
    finger.touch("C", "3", "×", within=sell.change)
    cashier.hands.scan(MILK)
    cashier.until(lambda: [line[1:] for line in cashier.lines()] == [(3, 195_00)])
    assert cashier.page() is sell.tenders


def test_the_keys_keep_their_place_when_the_first_goods_come(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    Finger(cashier).touch("Keypad")
    pad = cashier.sell.tenders.pad
    cashier.lay_out()
    before = pad.mapTo(cashier.window, QPoint())
    cashier.hands.scan(FLOUR)
    cashier.until(lambda: cashier.total() == "190.00")
    cashier.lay_out()
    assert pad.mapTo(cashier.window, QPoint()) == before


def test_fingers_can_take_the_whole_sale_away(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    finger = Finger(cashier)
    cashier.hands.scan(FLOUR)
    finger.touch("Clear")
    assert "190.00" in cashier.notice()
    assert len(cashier.lines()) == 1
    finger.touch("Clear")
    cashier.until(lambda: cashier.lines() == [])


@pytest.mark.parametrize("width", [960, 1024, 1366, 1920])
def test_every_key_of_the_bar_has_its_word_and_a_finger_s_room(
    cashier: Cashier, width: int
) -> None:
    _resized(cashier, (width, 600))
    bar = cashier.window.key_bar
    keys = bar.findChildren(QAbstractButton)
    cashier.until(lambda: keys[-1].geometry().right() <= bar.width())
    for key, after in pairwise(keys):
        assert key.geometry().right() < after.geometry().left() + 1
    for key in keys:
        assert key.width() >= 44
        assert key.height() >= 44
        assert fonts.width(key.text(), fonts.regular(12)) <= key.width()
        ink = QImage(key.grab().toImage())
        lower = QRect(0, 28, key.width(), key.height() - 30)
        assert not bar.compact or _ink_width(ink, lower) > 0
    if bar.compact:
        assert keys[-1].geometry().right() > bar.width() - 30


def test_a_pad_in_a_low_window_leaves_every_page_its_room(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    cashier.hands.scan(FLOUR)
    cashier.sell.toggle_pad()
    for page in (cashier.sell.pay, cashier.sell.approval, cashier.sell.tenders):
        cashier.sell._open(page)
        cashier.lay_out()
        assert page.minimumSizeHint().height() <= page.height(), page.accessibleName()
        for tile in page.findChildren(Tile):
            if tile.isVisible():
                assert tile.height() >= 44


def test_colours_are_asked_for_each_time(dressed: QApplication) -> None:
    shown = WrappedText(fonts.regular(16))
    shown.show_text("Salt")
    shown.resize(100, 40)
    light = shown.grab().toImage()
    theme.use(dressed, "dark")
    assert shown.grab().toImage() != light
    theme.use(dressed, "light")


@pytest.mark.parametrize("size", [(960, 560), SMALL, USUAL])
def test_no_line_of_the_help_is_cut(cashier: Cashier, size: tuple[int, int]) -> None:
    _resized(cashier, size)
    cashier.hands.press(K.Key_F1)
    cashier.drained()
    texts = [one for one in cashier.window.help.findChildren(QLabel) if one.isVisible()]
    assert len(texts) > 30
    for one in texts:
        assert one.height() >= one.sizeHint().height(), one.text()
        assert one.width() >= one.sizeHint().width(), one.text()
        place = QRect(one.mapTo(cashier.window.help, QPoint()), one.size())
        assert cashier.window.help.rect().contains(place), one.text()


def test_the_help_is_set_anew_where_the_window_grows(cashier: Cashier) -> None:
    _resized(cashier, SMALL)
    cashier.hands.press(K.Key_F1)
    cashier.drained()
    assert _cap_heights(cashier) == {LOW}
    _resized(cashier, (1920, 1080))
    cashier.until(lambda: _cap_heights(cashier) == {HEIGHT})


def _cap_heights(cashier: Cashier) -> set[int]:
    caps = cashier.window.help.findChildren(KeyCap)
    return {one.height() for one in caps if one.isVisible()}


def test_the_change_is_not_written_over_in_the_smallest_window(cashier: Cashier) -> None:
    cashier.window.resize(960, 540)
    cashier.hands.scan(FLOUR)
    cashier.hands.press(Qt.Key.Key_F8)
    change = cashier.sell.change
    cashier.until(lambda: cashier.page() is change)
    cashier.lay_out()
    card = change.amount.parentWidget()
    assert card is not None
    others = [one for one in card.findChildren(QLabel) if one.isVisible()]
    assert len(others) == 2
    assert not [one for one in others if one.geometry().intersects(change.amount.geometry())]
