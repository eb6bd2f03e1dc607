"""What customers read: the line, the total, the change, and a greeting in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.displays.display import DisplayState
from pos_hardware.faults import Fault
from pos_hardware.testing.display_simulator import DisplaySimulator

from pos_desktop import settings
from pos_desktop.domain.basket import Basket
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.tender import Payment, RoundingRules
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.customer_view import CustomerView, Phase
from pos_desktop.services.devices.display_texts import (
    DisplayText,
    basket_text,
    cut_at_word,
    greeting_text,
    paid_text,
    view_text,
)
from pos_desktop.shop import Shop
from tests.pos_desktop.domain.examples import baskets, item, priced
from tests.pos_desktop.services.play import play

EXACT = RoundingRules(cash_step_cents=1)


def _of(*names_and_prices: tuple[str, int]) -> Basket:
    basket = Basket()
    for name, cents in names_and_prices:
        basket = basket.add(item(name, cents))
    return basket


def _shown(text: DisplayText | None) -> tuple[str, str]:
    assert text is not None
    return text.upper, text.lower


def _text(basket: Basket, key: int | None = None) -> tuple[str, str]:
    found = priced(basket)
    return _shown(basket_text(found, Payment(due_cents=found.totals.gross_cents), key))


def test_the_last_line_and_the_total() -> None:
    basket = _of(("Sugar 1 kg", 165_00), ("Jogoo maize flour 2 kg", 1_190_00))
    assert _text(basket) == ("Jogoo maize 1,190.00", "Total       1,355.00")
    assert _text(basket, key=1) == ("Sugar 1 kg    165.00", "Total       1,355.00")
    assert _text(basket, key=99) == _text(basket)
    discounted = basket.discount_line(1_000)
    assert _text(discounted) == ("Jogoo maize 1,071.00", "Total       1,236.00")


@given(baskets(), st.text(max_size=40))
def test_amounts_are_whole_and_at_the_right_whatever_a_product_is_called(
    basket: Basket, name: str
) -> None:
    basket = basket.add(item(f"x{name}", 65_00))
    upper, lower = _text(basket)
    assert len(upper) == len(lower) == 20
    assert upper.endswith(" 65.00")
    assert lower.endswith(f" {format_amount(priced(basket).totals.gross_cents)}")


def test_a_payment_in_parts_and_its_end() -> None:
    found = priced(_of(("Rice", 240_00)))
    part = Payment(due_cents=240_00, rules=EXACT).cash(100_00)
    assert _shown(basket_text(found, part)) == ("Paid          100.00", "Still to pay  140.00")
    whole = part.cash(200_00)
    assert _shown(paid_text(whole)) == ("Paid          300.00", "Change         60.00")
    exact = part.cash(140_00)
    assert _shown(paid_text(exact)) == ("Paid          240.00", "     Thank you      ")
    back = Payment(due_cents=-240_00, rules=EXACT).cash()
    assert _shown(paid_text(back)) == ("Paid back     240.00", "     Thank you      ")


@pytest.mark.parametrize(
    ("words", "room", "cut"),
    [
        ("Brookside milk 500 ml", 13, "Brookside"),
        ("Brookside milk", 14, "Brookside milk"),
        ("Brookside milk", 9, "Brookside"),
        ("Supercalifragilistic", 5, "Super"),
        ("Café  €", 20, "Cafe EUR"),
        ("", 5, ""),
    ],
)
def test_names_are_cut_at_a_word(words: str, room: int, cut: str) -> None:
    assert cut_at_word(words, room) == cut


def test_greetings() -> None:
    assert _shown(greeting_text("Karibu")) == ("       Karibu       ", " " * 20)
    assert _shown(greeting_text("Karibu | Duka")) == (
        "       Karibu       ",
        "        Duka        ",
    )
    long = _shown(greeting_text("Welcome to Duka la Mama, open daily"))
    assert long == (" Welcome to Duka la ", "  Mama, open daily  ")
    assert _shown(greeting_text("")) == (" " * 20, " " * 20)


class Pole:
    """A shop with a display, and what a customer sees."""

    def __init__(self, shop: Shop, seen: DisplaySimulator) -> None:
        self.shop = shop
        self.seen = seen
        self.states: Queue[DisplayState] = Queue()
        self.desk = CustomerDisplayDesk(shop.configuration)
        for setting, value in (
            (settings.DISPLAY_ADDRESS, seen.address),
            (settings.DISPLAY_DIALECT, "cd5220"),
            (settings.DISPLAY_GREETING, "Karibu"),
        ):
            shop.configuration.set(setting, value, shop.books, actor=None)


@pytest.fixture
def pole(selling_shop: Shop, tmp_path: Path) -> Iterator[Pole]:
    with DisplaySimulator(tmp_path / "display", "cd5220") as seen:
        pole = Pole(selling_shop, seen)
        yield pole
        assert pole.desk.stop(10)


def _bought(shop: Shop, phase: Phase = Phase.BUYING) -> CustomerView:
    till = shop.till
    return CustomerView(phase=phase, priced=till.priced(), payment=till.payment())


def test_a_sale_is_shown_from_closed_to_greeting(pole: Pole) -> None:
    till = pole.shop.till
    pole.desk.start(pole.states.put)
    pole.seen.wait_for_lines("Till closed", "")
    assert pole.states.get(timeout=10) is DisplayState.READY
    play(pole.shop, "SUGAR", "2*MILK")
    pole.desk.show(_bought(pole.shop))
    pole.seen.wait_for_lines("Milk 500 ml   130.00", "Total         295.00")
    pole.desk.show(_bought(pole.shop, Phase.PAYING))
    pole.seen.wait_for_lines("3 items", "To pay        295.00")
    payment = till.payment().cash(500_00)
    pole.desk.show(CustomerView(phase=Phase.PAID, payment=payment))
    pole.seen.wait_for_lines("Paid          500.00", "Change        205.00")
    pole.desk.show(CustomerView(phase=Phase.BETWEEN))
    pole.seen.wait_for_lines("Karibu", "")
    assert pole.desk.stop(10)
    pole.seen.wait_for_lines("", "")


def test_goods_that_come_back_are_shown_by_what_is_given_back() -> None:
    owed = Payment(due_cents=-240_00, rules=EXACT)
    view = CustomerView(phase=Phase.BUYING, payment=owed, returned_cents=240_00)
    assert _shown(view_text(view, "")) == ("To give back  240.00", " " * 20)


def test_a_test_is_shown_without_a_worker(pole: Pole) -> None:
    assert pole.desk.show_test() is None
    pole.seen.wait_for_lines("Test of the display", "1234567890")
    pole.seen.unplug()
    assert pole.desk.show_test() is Fault.UNREACHABLE
    for fault in (Fault.UNREACHABLE, Fault.BUSY, Fault.REFUSED, Fault.SILENT):
        assert pole.desk.sentence(fault).endswith(".")
    assert pole.seen.address in pole.desk.sentence(Fault.UNREACHABLE)


def test_a_shop_without_a_display_shows_nothing(shop: Shop) -> None:
    desk = CustomerDisplayDesk(shop.configuration)
    desk.start()
    desk.show(CustomerView(phase=Phase.BETWEEN))
    desk.tell_to_stop()
    assert desk.stop()


@pytest.mark.spoils_books
def test_a_wrong_address_is_said(shop: Shop) -> None:
    shop.configuration.put(settings.DISPLAY_ADDRESS, "the one on the pole")
    shop.configuration.refresh()
    with pytest.raises(Refused, match=r"display\.address"):
        CustomerDisplayDesk(shop.configuration).start()
