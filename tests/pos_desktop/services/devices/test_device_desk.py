"""A device's thread begins and ends with its desk."""

from __future__ import annotations

import threading

from pos_desktop.services.devices.device_desk import DeviceDesk
from pos_desktop.shop import Shop

LONG = 10.0


class Lamp:
    """Shines in its thread until it is told to stop; one that sticks is never out."""

    def __init__(self, *, sticks: bool = False) -> None:
        self.shines, self.told, self.out = (threading.Event() for _ in range(3))
        self._sticks = sticks

    def run(self) -> None:
        self.shines.set()
        self.told.wait(LONG)
        if not self._sticks:
            self.out.set()

    def stop(self, within: float) -> bool:
        self.told.set()
        return self.out.wait(within)


class LampDesk(DeviceDesk[Lamp]):
    def start(self, lamp: Lamp) -> None:
        self._begin(lamp, "lamp")


def test_a_desk_without_a_device_has_ended_already(selling_shop: Shop) -> None:
    desk = LampDesk(selling_shop.configuration)
    desk.tell_to_stop()
    assert desk.stop()


def test_a_device_works_from_start_to_stop(selling_shop: Shop) -> None:
    desk, lamp = LampDesk(selling_shop.configuration), Lamp()
    desk.start(lamp)
    assert lamp.shines.wait(LONG)
    assert not lamp.told.is_set()
    assert desk.stop(LONG)
    assert lamp.out.is_set()


def test_a_device_may_be_told_to_stop_before_it_is_waited_for(selling_shop: Shop) -> None:
    desk, lamp = LampDesk(selling_shop.configuration), Lamp()
    desk.start(lamp)
    desk.tell_to_stop()
    assert lamp.told.is_set()
    assert desk.stop(LONG)


def test_a_device_that_has_not_ended_is_told(selling_shop: Shop) -> None:
    desk = LampDesk(selling_shop.configuration)
    desk.start(Lamp(sticks=True))
    assert not desk.stop(within=0.01)


def test_another_device_begins_once_the_last_one_has_let_go(selling_shop: Shop) -> None:
    desk, first, second = LampDesk(selling_shop.configuration), Lamp(sticks=True), Lamp()
    desk.start(first)
    assert first.shines.wait(LONG)
    desk.leave()
    desk.start(second)
    assert first.told.is_set()
    assert not second.shines.is_set()
    first.out.set()
    assert second.shines.wait(LONG)
    assert desk.stop(LONG)
    assert second.out.is_set()


def test_one_that_was_let_go_and_has_not_ended_is_told_too(selling_shop: Shop) -> None:
    desk = LampDesk(selling_shop.configuration)
    desk.start(Lamp(sticks=True))
    desk.leave()
    assert not desk.stop(within=0.01)
