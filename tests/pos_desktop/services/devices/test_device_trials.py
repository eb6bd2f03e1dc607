"""Devices of an open till are tried by whoever has them, and it is said what came of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pos_hardware.faults import Fault
from pos_hardware.testing.display_simulator import DisplaySimulator
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_hardware.testing.simulator import PrinterSimulator

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission, Role
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.customer_view import CustomerView, Phase
from pos_desktop.services.devices.device_trials import Trial, Tried
from pos_desktop.services.paper.print_queue import RECEIPT_PRINTER
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop
from pos_desktop.storage import print_jobs
from tests.pos_desktop.conftest import MANAGER, person
from tests.pos_desktop.services.play import play


@pytest.fixture
def printer() -> Iterator[PrinterSimulator]:
    with PrinterSimulator() as simulator:
        yield simulator


@pytest.fixture
def till(selling_shop: Shop, printer: PrinterSimulator) -> Iterator[Shop]:
    """A shop that prints on the simulator."""
    _set(selling_shop, settings.PRINTER_ADDRESS, printer.address)
    selling_shop.print_room.start()
    yield selling_shop
    assert selling_shop.print_room.stop(10)


def _set(shop: Shop, setting: settings.Setting[str], value: str) -> None:
    shop.configuration.set(setting, value, shop.books, actor=None)


def _begin(shop: Shop, kind: CounterKind) -> Trial:
    return shop.devices.trials.begin(kind, actor=person(shop, MANAGER))


def _came_of(trial: Trial) -> Tried:
    rest = threading.Event()
    for _ in range(400):
        if (tried := trial.look()) is not None:
            return tried
        rest.wait(0.025)
    raise TimeoutError(trial.late())


def test_a_test_page_comes_out_and_that_is_said(till: Shop, printer: PrinterSimulator) -> None:
    assert _came_of(_begin(till, CounterKind.PRINTER)) == Tried(
        "The test page was printed: look at it."
    )
    assert "Duka" in printer.paper.text
    assert printer.address in printer.paper.text


def test_the_test_page_waits_its_turn_on_the_connection_of_the_till(
    till: Shop, printer: PrinterSimulator
) -> None:
    """The printer serves one program at a time, and the sale's papers go first."""
    printer.reads = False
    play(till, "SUGAR", "pay cash 200")
    trial = _begin(till, CounterKind.PRINTER)
    assert trial.look() is None
    assert "busy" in trial.late().sentence
    printer.reads = True
    assert _came_of(trial).is_well
    text = printer.paper.text
    assert text.index("T1-000001") < text.index(printer.address)


def test_a_printer_without_paper_is_said_and_one_page_waits_however_often_one_tries(
    till: Shop, printer: PrinterSimulator
) -> None:
    printer.set(fault=Fault.PAPER_OUT)
    for _time in range(3):
        trial = _begin(till, CounterKind.PRINTER)
        tried = _came_of(trial)
        assert not tried.is_well
        assert "no paper: put a new roll in" in tried.sentence
    printer.set()
    till.print_room.retry()
    while not _came_of(trial).is_well:
        pass
    assert printer.paper.text.count(printer.address) == 1


def test_a_page_that_was_withdrawn_does_not_come_back_from_its_printer(
    till: Shop, printer: PrinterSimulator
) -> None:
    printer.set(fault=Fault.PAPER_OUT)
    _came_of(_begin(till, CounterKind.PRINTER))
    (page,) = print_jobs.waiting(till.database, RECEIPT_PRINTER)
    _begin(till, CounterKind.PRINTER)
    till.print_room.jobs.put_back(page.id, Fault.UNREACHABLE)
    (left,) = print_jobs.waiting(till.database, RECEIPT_PRINTER)
    assert left.id != page.id


def test_a_page_that_may_be_on_paper_is_asked_after(till: Shop, printer: PrinterSimulator) -> None:
    assert _came_of(_begin(till, CounterKind.PRINTER)).is_well
    printer.dies_after = printer.received + 100
    tried = _came_of(_begin(till, CounterKind.PRINTER))
    assert not tried.is_well
    assert "Is it on paper? Ctrl P" in tried.sentence
    assert "posctl" not in tried.sentence


def test_the_drawer_opens_and_the_journal_says_who_did(
    till: Shop, printer: PrinterSimulator
) -> None:
    tried = _came_of(_begin(till, CounterKind.DRAWER))
    assert tried.is_well
    assert "If the drawer stays shut" in tried.sentence
    assert printer.paper.pulses == [2]
    noted = till.database.rows("SELECT actor_id, detail FROM journal WHERE kind = 'drawer opened'")
    assert [row["actor_id"] for row in noted] == [person(till, MANAGER).id]


def test_the_drawer_is_opened_only_by_who_may(till: Shop, printer: PrinterSimulator) -> None:
    nearly = Role("nearly", frozenset(Permission) - {Permission.OPEN_DRAWER}, 1_00)
    who = replace(person(till, MANAGER), role=nearly)
    with pytest.raises(NeedsApproval):
        till.devices.trials.begin(CounterKind.DRAWER, actor=who)
    assert printer.paper.pulses == []


@pytest.mark.spoils_books
def test_in_training_it_stays_shut_and_nothing_is_noted(
    till: Shop, printer: PrinterSimulator
) -> None:
    till.configuration.put(settings.SHOP_TRAINING, value=True)
    till.configuration.refresh()
    with pytest.raises(Refused, match="stays shut"):
        _begin(till, CounterKind.DRAWER)
    assert not till.database.rows("SELECT 1 FROM journal WHERE kind = 'drawer opened'")
    assert printer.paper.pulses == []


@pytest.mark.parametrize("kind", [one for one in CounterKind if one is not CounterKind.SCANNER])
def test_what_is_not_set_cannot_be_tried(shop: Shop, kind: CounterKind) -> None:
    with pytest.raises(Refused, match="choose"):
        _begin(shop, kind)


def test_a_weight_is_said_and_what_has_to_be_done_at_the_scale(shop: Shop, tmp_path: Path) -> None:
    with ToledoSimulator(tmp_path / "scale") as scale:
        scale.put(1_250)
        _set(shop, settings.SCALE_ADDRESS, scale.address)
        shop.devices.scale.start()
        assert _came_of(_begin(shop, CounterKind.SCALE)) == Tried("The scale shows 1.250 kg.")
        scale.put(99_000)
        trial = _begin(shop, CounterKind.SCALE)
        while "too heavy" not in _came_of(trial).sentence:
            pass
        assert _came_of(trial).is_well
        assert shop.devices.scale.stop(10)


def test_a_scale_that_says_nothing_is_said(shop: Shop) -> None:
    _set(shop, settings.SCALE_ADDRESS, "serial:///dev/ttyNothing")
    shop.devices.scale.start()
    trial = _begin(shop, CounterKind.SCALE)
    assert trial.look() is None
    assert not trial.late().is_well
    assert "/dev/ttyNothing" in trial.late().sentence
    assert shop.devices.scale.stop(10)


def test_a_display_shows_a_test_and_then_what_the_till_shows(shop: Shop, tmp_path: Path) -> None:
    with DisplaySimulator(tmp_path / "display", "epson") as display:
        _set(shop, settings.DISPLAY_ADDRESS, display.address)
        shop.devices.display.start()
        shop.devices.display.show(CustomerView(phase=Phase.BETWEEN))
        display.wait_for_lines("Karibu", "")
        trial = _begin(shop, CounterKind.DISPLAY)
        assert _came_of(trial).is_well
        display.wait_for_lines("Test of the display", "1234567890")
        trial.end()
        display.wait_for_lines("Karibu", "")
        assert shop.devices.display.stop(10)


def test_a_display_that_is_not_there_is_said(shop: Shop) -> None:
    _set(shop, settings.DISPLAY_ADDRESS, "serial:///dev/ttyNothing")
    shop.devices.display.start()
    trial = _begin(shop, CounterKind.DISPLAY)
    assert trial.look() is None
    assert "No display is found at serial:///dev/ttyNothing" in trial.late().sentence
    assert shop.devices.display.stop(10)
