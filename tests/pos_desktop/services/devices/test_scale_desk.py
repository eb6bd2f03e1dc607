"""The scale at the till: what lies on it is sold once, with its tare."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from pos_hardware.scales.reading import Reading, ScaleFault, Weight
from pos_hardware.testing.scale_simulator import ScaleSimulator, SmaSimulator

from pos_desktop import settings
from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scale_words import reading_words, scale_sentence
from pos_desktop.settings import Setting
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import add_product


class Counter:
    """A shop with a scale on its counter, and what is put on it."""

    def __init__(self, shop: Shop, scale: ScaleSimulator) -> None:
        self.shop = shop
        self.scale = scale
        self.readings: Queue[Reading] = Queue()
        self.set(settings.SCALE_ADDRESS, scale.address)
        self.set(settings.SCALE_PROTOCOL, "sma")
        self.desk = ScaleDesk(shop.configuration)
        self.desk.start(self.readings.put)

    def set(self, setting: Setting[Any], value: object) -> None:
        self.shop.configuration.set(setting, value, self.shop.books, actor=None)

    def put(self, grams: int, wanted: Reading | None = None, *, moving: bool = False) -> None:
        """Put something on the scale and wait until the desk knows."""
        self.scale.put(grams, moving=moving)
        wanted = wanted or Weight(grams, stable=not moving)
        while self.readings.get(timeout=10) != wanted:
            pass

    def item(self, code: str) -> Item:
        return self.shop.catalogue.item(code)

    def sell(self, code: str) -> int:
        """Sell what lies on the scale; return its net weight."""
        weighing = self.desk.weigh(self.item(code))
        self.shop.till.sell_item(weighing.item, weighing.net)
        self.desk.sold(weighing)
        return weighing.net


@pytest.fixture
def counter(selling_shop: Shop, tmp_path: Path) -> Iterator[Counter]:
    add_product(selling_shop, "ONI", "Onions", 80_00, by_weight=1, unit="kg")
    with SmaSimulator(tmp_path / "scale") as scale:
        counter = Counter(selling_shop, scale)
        yield counter
        assert counter.desk.stop(10)


def test_what_lies_on_the_scale_is_sold(counter: Counter) -> None:
    counter.put(1_250)
    assert counter.desk.reading() == Weight(1_250)
    assert counter.sell("TOM") == 1_250
    line = counter.shop.till.state.basket.line()
    assert (line.item.code, line.quantity, line.full_cents) == ("TOM", 1_250, 150_46)


def test_tare_of_the_settings_typed_and_of_the_scale(counter: Counter) -> None:
    counter.set(settings.SCALE_TARE_GRAMS, 50)
    counter.put(1_250)
    tomatoes = counter.item("TOM")
    assert counter.desk.weigh(tomatoes).net == 1_200
    assert counter.desk.weigh(tomatoes, 250).net == 1_000
    assert counter.desk.weigh(tomatoes, 0).net == 1_250
    with pytest.raises(Refused, match="tare"):
        counter.desk.weigh(tomatoes, 2_000)
    counter.scale.tare = 200
    counter.put(1_200, Weight(1_000, net=True))
    assert counter.desk.weigh(tomatoes).net == 1_000


def test_one_weighing_is_sold_once(counter: Counter) -> None:
    counter.put(1_250)
    counter.sell("TOM")
    with pytest.raises(Refused, match="sold already"):
        counter.sell("TOM")
    assert counter.sell("ONI") == 1_250, "another product of the same weight"
    counter.put(0)
    counter.put(1_250)
    assert counter.sell("ONI") == 1_250
    counter.put(1_250, Weight(1_250, stable=False), moving=True)
    counter.put(1_250)
    with pytest.raises(Refused, match="sold already"):
        counter.sell("ONI")
    counter.set(settings.SCALE_WEIGH_ANEW, False)
    assert counter.sell("ONI") == 1_250


def test_a_weighing_whose_sale_was_refused_may_be_used_again(counter: Counter) -> None:
    counter.put(1_250)
    counter.desk.weigh(counter.item("TOM"))
    assert counter.sell("TOM") == 1_250


def test_goods_that_were_taken_off_before_the_sale_was_told(counter: Counter) -> None:
    """The next of the same weight is another weighing."""
    counter.put(1_250)
    weighing = counter.desk.weigh(counter.item("TOM"))
    counter.put(0)
    counter.desk.sold(weighing)
    counter.put(1_250)
    assert counter.sell("TOM") == 1_250


def test_what_is_wrong_is_said_and_who_can_mend_it(counter: Counter) -> None:
    tomatoes = counter.item("TOM")
    counter.put(900, moving=True)
    with pytest.raises(Refused, match="still moves"):
        counter.desk.weigh(tomatoes)
    counter.put(16_000, ScaleFault.OVER_CAPACITY)
    with pytest.raises(Refused, match="in parts"):
        counter.desk.weigh(tomatoes)
    counter.put(500)
    with pytest.raises(Refused, match="by the piece"):
        counter.desk.weigh(counter.item("MILK"))
    counter.scale.unplug()
    while counter.readings.get(timeout=10) is not ScaleFault.UNPLUGGED:
        pass
    with pytest.raises(Unavailable, match=r"scale\.address"):
        counter.desk.weigh(tomatoes)


def test_a_shop_without_a_scale_has_none(shop: Shop) -> None:
    desk = ScaleDesk(shop.configuration)
    desk.start()
    assert not desk.is_running
    assert desk.reading() is ScaleFault.STOPPED
    desk.tell_to_stop()
    assert desk.stop()


@pytest.mark.spoils_books
def test_a_wrong_address_is_said(shop: Shop) -> None:
    shop.configuration.put(settings.SCALE_ADDRESS, "the one by the door")
    shop.configuration.refresh()
    with pytest.raises(Refused, match=r"scale\.address"):
        ScaleDesk(shop.configuration).start()


def test_every_fault_has_its_words() -> None:
    assert reading_words(Weight(1_250)) == "1.250 kg"
    for fault in ScaleFault:
        assert reading_words(fault)
        sentence = scale_sentence(fault, "serial:///dev/ttyUSB0")
        assert sentence.endswith(".")
        assert ":" in sentence
        assert "{" not in sentence
