"""Weighing at the till, with a scale that behaves as real ones do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pos_hardware.scales.reading import Reading, Weight
from pos_hardware.testing.scale_simulator import CAPACITY, ScaleSimulator, ToledoSimulator
from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.shop import open_shop
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier
from tests.pos_desktop.ui.room import squeezed_in_any

TOMATOES, BEANS = "P026", "P005"


@pytest.fixture
def scale(tmp_path: Path) -> Iterator[ScaleSimulator]:
    with ToledoSimulator(tmp_path / "scale") as simulator:
        yield simulator


@pytest.fixture
def weighing(
    scale: ScaleSimulator, open_window: Callable[[Path], Cashier], shop_folder: Path
) -> Cashier:
    """A cashier at the sell screen, with an empty scale on the counter."""
    shop = open_shop(shop_folder)
    shop.configuration.set(settings.SCALE_ADDRESS, scale.address, shop.books, actor=None)
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    _says(cashier, Weight(0))
    return cashier


def _says(cashier: Cashier, reading: Reading) -> None:
    cashier.until(lambda: cashier.program.shop.devices.scale.reading() == reading)


def _put(cashier: Cashier, scale: ScaleSimulator, grams: int) -> None:
    scale.put(grams)
    _says(cashier, Weight(grams))


def _quantities(cashier: Cashier) -> list[tuple[str, int]]:
    lines = cashier.window.counter.priced.lines
    return [(line.item.code, line.quantity) for line in lines]


def _waits(cashier: Cashier) -> bool:
    return cashier.page() is cashier.sell.weighing.page


def test_what_lies_on_the_scale_is_sold_by_its_scan(
    weighing: Cashier, scale: ScaleSimulator
) -> None:
    _put(weighing, scale, 1_250)
    weighing.sell.scanned(TOMATOES)
    assert _quantities(weighing) == [(TOMATOES, 1_250)]
    assert weighing.page() is weighing.sell.tenders
    assert weighing.notice() == ""


def test_what_is_typed_found_or_checked_is_weighed_too(
    weighing: Cashier, scale: ScaleSimulator
) -> None:
    _put(weighing, scale, 500)
    weighing.hands.type(f"{TOMATOES}\r")
    assert _quantities(weighing) == [(TOMATOES, 500)]
    _put(weighing, scale, 700)
    weighing.hands.type("/tomatoes\r")
    weighing.until(lambda: len(_quantities(weighing)) == 2)
    _put(weighing, scale, 800)
    weighing.hands.type(f"?{TOMATOES}\r")
    weighing.until(lambda: weighing.page() is weighing.sell.price)
    weighing.hands.type("\r")
    assert _quantities(weighing)[1:] == [(TOMATOES, 700), (TOMATOES, 800)]


def test_a_typed_weight_needs_no_scale(weighing: Cashier) -> None:
    weighing.hands.type(f"0.750*{TOMATOES}\r")
    assert _quantities(weighing) == [(TOMATOES, 750)]


def test_selling_goes_on_while_something_waits_for_the_scale(
    weighing: Cashier, scale: ScaleSimulator
) -> None:
    weighing.sell.scanned(TOMATOES)
    assert _waits(weighing)
    assert "Nothing lies on the scale" in weighing.sell.weighing.page.why.text()
    weighing.hands.scan(MILK)
    weighing.sell.scanned(BEANS)
    weighing.sell.scanned(TOMATOES)
    assert _quantities(weighing) == [("P010", 1_000)]
    assert _waits(weighing)
    _put(weighing, scale, 2_000)
    weighing.until(lambda: len(_quantities(weighing)) == 2)
    assert "Take Tomatoes, loose off" in weighing.sell.weighing.page.why.text()
    _put(weighing, scale, 2_010)
    assert len(_quantities(weighing)) == 2
    _put(weighing, scale, 0)
    _put(weighing, scale, 300)
    weighing.until(lambda: len(_quantities(weighing)) == 3)
    assert _quantities(weighing)[1:] == [(TOMATOES, 2_000), (BEANS, 300)]
    assert weighing.page() is weighing.sell.tenders
    weighing.hands.press(Qt.Key.Key_F8)
    weighing.until(lambda: weighing.page() is weighing.sell.change)


def test_it_waits_until_the_scale_rests(weighing: Cashier, scale: ScaleSimulator) -> None:
    scale.put(640, moving=True)
    weighing.sell.scanned(TOMATOES)
    weighing.until(lambda: "moves" in weighing.sell.weighing.page.why.text())
    assert not _quantities(weighing)
    scale.put(650)
    weighing.until(lambda: _quantities(weighing) == [(TOMATOES, 650)])


def test_nothing_is_cut_while_something_waits_for_the_scale(
    weighing: Cashier, scale: ScaleSimulator
) -> None:
    page = weighing.sell.weighing.page
    scale.put(640, moving=True)
    for code in (TOMATOES, BEANS):
        weighing.sell.scanned(code)
    weighing.until(lambda: "moves" in page.why.text())
    assert not squeezed_in_any(weighing)
    weighing.sell.toggle_pad()
    assert not squeezed_in_any(weighing)


@pytest.mark.parametrize(
    ("grams", "sentence"), [(-20, "press its zero key"), (CAPACITY + 5, "weigh it in parts")]
)
def test_what_is_wrong_on_the_scale_is_said_with_a_way_out(
    weighing: Cashier, scale: ScaleSimulator, grams: int, sentence: str
) -> None:
    scale.put(grams)
    weighing.sell.scanned(TOMATOES)
    page = weighing.sell.weighing.page
    weighing.until(lambda: sentence in page.why.text())
    assert f"0.750*{TOMATOES}" in page._type_it.text()
    weighing.hands.type(f"0.750*{TOMATOES}\r")
    assert _quantities(weighing) == [(TOMATOES, 750)]
    assert weighing.page() is weighing.sell.tenders


def test_the_sale_is_not_paid_before_it_is_weighed_or_left_out(weighing: Cashier) -> None:
    weighing.hands.scan(FLOUR)
    weighing.sell.scanned(TOMATOES)
    weighing.hands.press(Qt.Key.Key_F8)
    assert "waits for the scale" in weighing.notice()
    assert _waits(weighing)
    weighing.hands.press(Qt.Key.Key_Escape)
    assert weighing.page() is weighing.sell.tenders
    weighing.hands.press(Qt.Key.Key_F8)
    weighing.until(lambda: weighing.page() is weighing.sell.change)
    assert weighing.window.counter.last is not None
    assert weighing.window.counter.last.total_cents == 190_00


def test_what_nobody_weighs_is_left_out_and_said(weighing: Cashier) -> None:
    weighing.sell.scanned(TOMATOES)
    weighing.window.counter.weigher.run_out()
    assert f"0.750*{TOMATOES}" in weighing.notice()
    assert weighing.page() is weighing.sell.tenders


def test_what_waits_does_not_go_into_another_sale(weighing: Cashier, scale: ScaleSimulator) -> None:
    weighing.hands.scan(FLOUR)
    weighing.sell.scanned(TOMATOES)
    weighing.hands.press(Qt.Key.Key_F5)
    weighing.until(lambda: "waits for the scale" in weighing.notice())
    assert _waits(weighing)
    weighing.hands.press(Qt.Key.Key_Escape)
    weighing.hands.press(Qt.Key.Key_F5)
    weighing.until(lambda: weighing.window.counter.held)
    assert not weighing.window.counter.weigher.waiting
    _put(weighing, scale, 900)
    weighing.drained()
    assert _quantities(weighing) == []


def test_what_waits_does_not_go_into_a_sale_that_is_brought_back(weighing: Cashier) -> None:
    weighing.hands.scan(FLOUR)
    weighing.hands.press(Qt.Key.Key_F5)
    weighing.until(lambda: weighing.window.counter.held)
    weighing.sell.scanned(TOMATOES)
    weighing.sell.tabs.recalled.emit(weighing.window.counter.held[0].id)
    weighing.until(lambda: "waits for the scale" in weighing.notice())
    assert weighing.window.counter.held


def test_an_approval_and_a_count_stay_while_something_waits(
    weighing: Cashier, scale: ScaleSimulator
) -> None:
    weighing.hands.scan(FLOUR)
    weighing.hands.type("=100\r")
    weighing.until(lambda: weighing.page() is weighing.sell.approval)
    weighing.sell.scanned(TOMATOES)
    weighing.until(lambda: "waits for the scale" in weighing.notice())
    assert weighing.page() is weighing.sell.approval
    weighing.approve()
    weighing.until(lambda: weighing.lines()[0][2] == 100_00)
    _put(weighing, scale, 500)
    weighing.until(lambda: (TOMATOES, 500) in _quantities(weighing))


def test_one_weighing_is_sold_once(weighing: Cashier, scale: ScaleSimulator) -> None:
    _put(weighing, scale, 400)
    weighing.sell.scanned(TOMATOES)
    weighing.sell.scanned(TOMATOES)
    assert _quantities(weighing) == [(TOMATOES, 400)]
    assert "sold already" in weighing.sell.weighing.page.why.text()
    _put(weighing, scale, 0)
    _put(weighing, scale, 400)
    weighing.until(lambda: _quantities(weighing) == [(TOMATOES, 400)] * 2)


def test_the_tare_of_the_settings_is_subtracted(weighing: Cashier, scale: ScaleSimulator) -> None:
    shop, done = weighing.program.shop, list[None]()
    weighing.program.lane.submit(
        lambda: shop.configuration.set(settings.SCALE_TARE_GRAMS, 50, shop.books, actor=None),
        done.append,
    )
    weighing.until(lambda: done)
    _put(weighing, scale, 550)
    weighing.sell.scanned(TOMATOES)
    assert _quantities(weighing) == [(TOMATOES, 500)]


def test_an_unplugged_scale_is_said_and_the_weight_typed(
    weighing: Cashier, scale: ScaleSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    weighing.sell.scanned(TOMATOES)
    scale.unplug()
    weighing.until(lambda: not weighing.window.top_bar.devices.isHidden())
    assert weighing.window.top_bar.devices.text == "Scale missing"
    weighing.until(lambda: f"0.750*{TOMATOES}" in weighing.notice())
    assert weighing.page() is weighing.sell.tenders
    weighing.sell.scanned(TOMATOES)
    assert f"0.750*{TOMATOES}" in weighing.notice()
    assert not _quantities(weighing)
    weighing.hands.scan(MILK)
    scale.plug_in()
    weighing.until(weighing.window.top_bar.devices.isHidden)
    weighing.leave()
    assert "in time" not in caplog.text


def test_the_page_follows_the_language(weighing: Cashier) -> None:
    weighing.sell.scanned(TOMATOES)
    english = weighing.sell.weighing.page.why.text()
    weighing.window.speak("sw")
    assert weighing.sell.weighing.page.why.text() != english


def test_a_till_that_closes_waits_for_no_weight(weighing: Cashier) -> None:
    weighing.sell.scanned(TOMATOES)
    weigher = weighing.window.counter.weigher
    assert weigher._limit.isActive()
    weighing.leave()
    assert not weigher.waiting
    assert not weigher._limit.isActive()
