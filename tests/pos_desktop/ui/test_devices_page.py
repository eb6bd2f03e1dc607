"""The page of devices, in the real window: seen, changed and tried without a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote

import pytest
from pos_hardware.discovery import DeviceKind, FoundDevice
from pos_hardware.faults import Fault
from pos_hardware.scales.reading import Weight
from pos_hardware.testing.display_simulator import DisplaySimulator
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_hardware.testing.simulator import PrinterSimulator
from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.device_setup import Around, DeviceSetup
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.devices.device_form import DeviceForm
from pos_desktop.ui.screens.devices.devices_page import DevicesPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from tests.pos_desktop.ui.behind_counter import choose, form_of, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import FLOUR, Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_language import _begin_a_minute, _data
from tests.pos_hardware.lines import FarEnd

__all__ = ["pseudo"]

K = Qt.Key
OWN = {"TM-T20", "FT232R", "Epson", "DM-D", "CD5220", "Karibu", "off", "Ctrl", FLOUR}
EPSON = FoundDevice(DeviceKind.USB_PRINTER, "usb://id/04b8:0e15:X1", "04b8:0e15:X1", "TM-T20")
ADAPTER = FoundDevice(DeviceKind.SERIAL, "serial://id/0403:6001:A5", "0403:6001:A5", "FT232R")


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found at the computer that the tests run on is nobody's concern."""
    here = Around((EPSON, ADAPTER))
    monkeypatch.setattr(DeviceSetup, "look_around", lambda *_args, **_actor: here)


@pytest.fixture
def printer() -> Iterator[PrinterSimulator]:
    with PrinterSimulator() as simulator:
        yield simulator


@pytest.fixture
def manager(open_window: Callable[[Path], Cashier], shop_folder: Path, around: None) -> Cashier:
    cashier = open_window(shop_folder)
    cashier.sign_in("manager", "1234")
    return cashier


def _opened(manager: Cashier, kind: CounterKind = CounterKind.PRINTER) -> DevicesPage:
    page = open_page(manager, DevicesPage, "devices")
    manager.until(lambda: page.devices and page.around.found)
    choose(page, kind.value)
    return page


def _form(manager: Cashier, page: DevicesPage) -> DeviceForm:
    manager.hands.press(K.Key_Return)
    form = form_of(manager, page)
    assert isinstance(form, DeviceForm)
    return form


def _type_address(manager: Cashier, form: DeviceForm, address: str) -> None:
    """Go to the last of the choices by the arrows, and type an address by keys alone."""
    while form.which.key != "another":
        manager.hands.press(K.Key_Right)
    manager.hands.press(K.Key_Return)
    manager.hands.press(K.Key_A, "a", modifiers=Qt.KeyboardModifier.ControlModifier)
    form.address.show_text(address)


def _chip(page: DevicesPage, kind: CounterKind) -> str:
    place = page.list.lines.place_of(kind.value)
    assert place is not None
    return str(page.list.lines.rows[place].chip)


def _facts(page: DevicesPage) -> dict[str, str]:
    return dict(page.facts.facts)


def _reads(display: DisplaySimulator) -> tuple[str, ...]:
    return tuple(map(str.strip, display.grid.lines))


def _get(manager: Cashier, setting: settings.Setting[str]) -> str:
    return manager.program.shop.configuration.get(setting)


def test_managers_alone_find_it_in_the_menu(manager: Cashier) -> None:
    assert "devices" in offered(manager)
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_F12)
    manager.until(lambda: manager.window.screen_shown is manager.window.sign_in)
    manager.sign_in_only()
    assert "devices" not in offered(manager)


def test_the_five_kinds_are_listed_with_where_they_are_and_how(manager: Cashier) -> None:
    page = _opened(manager)
    assert titles(page) == [
        "Receipt printer", "Cash drawer", "Scanner", "Scale", "Customer display",
    ]  # fmt: skip
    notes = [row.note for row in page.list.lines.rows]
    assert notes[0].startswith("pictures in ")
    assert notes[1:] == ["On the receipt printer", "Types like a keyboard", "None", "None"]
    manager.until(lambda: _chip(page, CounterKind.PRINTER) == "Printer ready")
    assert _facts(page)["Paper width (mm)"] == "80"


def test_receipts_come_out_of_a_printer_that_is_chosen_while_the_till_is_open(
    manager: Cashier, printer: PrinterSimulator
) -> None:
    """Keys alone: typed, saved and tried at once; then a sale, with no restart in between."""
    page = _opened(manager)
    form = _form(manager, page)
    _type_address(manager, form, printer.address)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: said(page) == "The test page was printed: look at it.")
    assert printer.paper.text.count(printer.address) == 1
    assert page.form is None
    manager.until(lambda: _chip(page, CounterKind.PRINTER) == "Printer ready")
    manager.hands.scan(FLOUR)
    manager.until(lambda: manager.window.screen_shown is manager.sell)
    manager.hands.press(K.Key_F8)
    manager.until(lambda: "Jogoo" in printer.paper.text)
    assert printer.paper.pulses == [2]


def test_papers_that_wait_for_a_printer_that_is_gone_come_out_of_the_next_one(
    manager: Cashier, printer: PrinterSimulator
) -> None:
    shop = manager.program.shop
    dead = "tcp://127.0.0.1:1"
    shop.configuration.set(settings.PRINTER_ADDRESS, dead, shop.books, actor=None)
    manager.hands.scan(FLOUR)
    manager.hands.press(K.Key_F8)
    page = _opened(manager)
    manager.until(lambda: _chip(page, CounterKind.PRINTER) == "Printer does not answer")
    manager.until(lambda: _facts(page).get("Papers") == "1 paper waits")
    assert "check power and cable" in _facts(page)["What to do"]
    form = _form(manager, page)
    assert form.which.key == dead
    _type_address(manager, form, printer.address)
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: "T1-000001" in printer.paper.text)
    manager.until(lambda: "Papers" not in _facts(page))
    assert printer.paper.text.count("T1-000001") == 2


def test_a_printer_without_paper_is_said_with_what_to_do_and_again_when_it_is_well(
    manager: Cashier, printer: PrinterSimulator
) -> None:
    shop = manager.program.shop
    shop.configuration.set(settings.PRINTER_ADDRESS, printer.address, shop.books, actor=None)
    page = _opened(manager)
    manager.until(lambda: _chip(page, CounterKind.PRINTER) == "Printer ready")
    printer.set(fault=Fault.PAPER_OUT)
    manager.hands.press(K.Key_F7)
    manager.until(lambda: _chip(page, CounterKind.PRINTER) == "No paper")
    assert _chip(page, CounterKind.DRAWER) == "See printer"
    manager.hands.press(K.Key_F5)
    manager.until(lambda: "put a new roll in" in said(page))
    printer.set()
    manager.until(lambda: _chip(page, CounterKind.PRINTER) == "Printer ready")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("the one on the desk", "Receipt printer cannot be “the one on the desk”; type one of:"),
        ("", "Type the address, or choose one"),
        ("serial:///dev/ttyUSB7", "another device already (Scale)"),
    ],
)
def test_an_address_that_will_not_do_is_said_and_nothing_changes(
    manager: Cashier, address: str, words: str
) -> None:
    shop = manager.program.shop
    line = "serial:///dev/ttyUSB7"
    shop.configuration.set(settings.SCALE_ADDRESS, line, shop.books, actor=None)
    before = _get(manager, settings.PRINTER_ADDRESS)
    page = _opened(manager)
    form = _form(manager, page)
    _type_address(manager, form, address)
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: words in said(page))
    assert page.form is form
    assert _get(manager, settings.PRINTER_ADDRESS) == before
    manager.hands.press(K.Key_Escape)
    assert page.form is None


def test_what_is_found_is_chosen_and_found_in_the_network_too(manager: Cashier) -> None:
    page = _opened(manager)
    asked: list[str] = []
    network = FoundDevice(DeviceKind.NETWORK, "tcp://10.0.0.5:9100", "10.0.0.5", "10.0.0.5")

    def find(in_use: str) -> list[FoundDevice]:
        asked.append(in_use)
        return [EPSON, network]

    page.find_devices = find
    form = _form(manager, page)
    before = _get(manager, settings.PRINTER_ADDRESS)
    assert form.place == before
    manager.hands.press(K.Key_F6)
    manager.until(lambda: said(page).startswith("Found"))
    assert asked == [before]
    assert form.place == before, "what was chosen stays so"
    form.which.choose(network.address)
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: _get(manager, settings.PRINTER_ADDRESS) == network.address)


def test_who_looks_for_printers_is_not_kept_waiting(manager: Cashier) -> None:
    page = _opened(manager)
    over, ended = threading.Event(), threading.Event()

    def find(_in_use: str) -> list[FoundDevice]:
        over.wait(20)
        ended.set()
        return [EPSON]

    page.find_devices = find
    _form(manager, page)
    manager.hands.press(K.Key_F6)
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: isinstance(manager.window.screen_shown, MenuPage))
    manager.drained()
    over.set()
    manager.until(ended.is_set)


def test_the_parts_that_a_place_does_not_need_are_not_asked(manager: Cashier) -> None:
    page = _opened(manager, CounterKind.DRAWER)
    form = _form(manager, page)
    by_setting = {one.setting: one.part for one in form.asked}
    assert not by_setting[settings.DRAWER_PIN].isHidden()
    assert by_setting[settings.DRAWER_TRIGGER].isHidden()
    form.which.choose(ADAPTER.address)
    assert by_setting[settings.DRAWER_PIN].isHidden()
    assert not by_setting[settings.DRAWER_TRIGGER].isHidden()
    form.baud.show_text("fast")
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: "speed as a number" in said(page))
    form.baud.show_text("4800")
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    wanted = "serial://id/0403:6001:A5?baud=4800"
    manager.until(lambda: _get(manager, settings.DRAWER_ADDRESS) == wanted)
    manager.until(lambda: page.list.lines.rows[1].note.startswith("serial line FT232R"))


def test_a_number_that_will_not_do_is_gone_to(manager: Cashier) -> None:
    page = _opened(manager)
    form = _form(manager, page)
    page_field = form.asked[1].part
    page_field.show_text("999")  # type: ignore[union-attr]
    manager.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    manager.until(lambda: "a number from 0 to 255" in said(page))
    assert form.current is page_field.field  # type: ignore[union-attr]


def test_the_drawer_is_opened_on_trial_and_the_journal_says_by_whom(
    manager: Cashier, printer: PrinterSimulator
) -> None:
    shop = manager.program.shop
    shop.configuration.set(settings.PRINTER_ADDRESS, printer.address, shop.books, actor=None)
    page = _opened(manager, CounterKind.DRAWER)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: printer.paper.pulses == [2])
    manager.until(lambda: "If the drawer stays shut" in said(page))


def test_a_scale_is_set_and_weighs(manager: Cashier, tmp_path: Path) -> None:
    with ToledoSimulator(tmp_path / "scale") as scale:
        scale.put(1_250)
        page = _opened(manager, CounterKind.SCALE)
        form = _form(manager, page)
        _type_address(manager, form, scale.address)
        manager.hands.press(K.Key_F5)
        manager.until(lambda: said(page) == "The scale shows 1.250 kg.")
        assert manager.program.shop.devices.scale.reading() == Weight(1_250)
        manager.until(lambda: _chip(page, CounterKind.SCALE) == "1.250 kg")


def test_a_display_is_set_and_shows_a_line(manager: Cashier, tmp_path: Path) -> None:
    with DisplaySimulator(tmp_path / "display", "epson") as display:
        page = _opened(manager, CounterKind.DISPLAY)
        form = _form(manager, page)
        _type_address(manager, form, display.address)
        manager.hands.press(K.Key_F5)
        manager.until(lambda: _reads(display) == ("Test of the display", "1234567890"))
        manager.until(lambda: "look at it" in said(page))
        manager.until(lambda: _chip(page, CounterKind.DISPLAY) == "Ready")


def test_a_device_that_is_not_there_is_said_after_some_seconds_and_esc_leaves_sooner(
    manager: Cashier,
) -> None:
    page = _opened(manager, CounterKind.SCALE)
    form = _form(manager, page)
    _type_address(manager, form, "serial:///dev/ttyNothing")
    manager.hands.press(K.Key_F5)
    manager.until(lambda: page.trials.trial is not None)
    page.trials.trial.seconds = 0  # type: ignore[union-attr]
    page.trials.watch(page.trials.trial)  # type: ignore[arg-type]
    manager.until(lambda: "No scale is found at serial:///dev/ttyNothing" in said(page))
    assert page.strip.notice is not None
    assert page.strip.notice.tone is Tone.DANGER
    manager.hands.press(K.Key_F5)
    manager.until(lambda: page.trials.trial is not None)
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: page.trials.trial is None)
    manager.until(lambda: isinstance(manager.window.screen_shown, MenuPage))


def test_a_scanner_that_types_is_tried_and_nothing_is_sold(manager: Cashier) -> None:
    page = _opened(manager, CounterKind.SCANNER)
    manager.hands.press(K.Key_F5)
    assert page.below is page.scan_view
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.scan_view.code.text == FLOUR)
    assert "13 letters" in page.scan_view.detail.text
    assert manager.window.screen_shown is page
    assert manager.lines() == []
    manager.hands.press(K.Key_Escape)
    manager.until(lambda: page.below is None)
    manager.hands.scan(FLOUR)
    manager.until(lambda: len(manager.lines()) == 1)


def test_a_scanner_on_a_line_is_set_and_heard(manager: Cashier) -> None:
    with FarEnd() as end:
        page = _opened(manager, CounterKind.SCANNER)
        form = _form(manager, page)
        _type_address(manager, form, f"serial://{end.path}")
        manager.hands.press(K.Key_F5)
        manager.until(lambda: page.below is page.scan_view)
        end.say(f"{FLOUR}\r\n".encode())
        manager.until(lambda: page.scan_view.code.text == FLOUR)
        assert manager.lines() == []


def test_a_slow_scanner_is_taken_for_typing_and_that_is_said(manager: Cashier) -> None:
    page = _opened(manager, CounterKind.SCANNER)
    manager.hands.press(K.Key_F5)
    manager.hands.type(f"{FLOUR}\r")
    manager.until(lambda: page.scan_view.head.text() == "Typed, not scanned")
    assert page.scan_view.code.text == FLOUR
    page.scan_view.run_out()
    assert page.scan_view.head.text() == "Nothing was scanned"
    manager.hands.press(K.Key_F2)
    assert isinstance(form_of(manager, page), DeviceForm)
    manager.hands.press(K.Key_Escape)
    assert page.below is None


def test_looking_around_fails_and_is_said(manager: Cashier) -> None:
    page = _opened(manager)
    with patch.object(DeviceSetup, "look_around", side_effect=OSError("no such bus")):
        manager.hands.press(K.Key_F7)
        manager.until(lambda: "tell support" in said(page))
    assert len(titles(page)) == 5


def the_list(manager: Cashier) -> None:
    shop = manager.program.shop
    for kind in CounterKind:
        shop.configuration.set(
            kind.address, f"serial:///dev/tty{kind.name}", shop.books, actor=None
        )
    page = _opened(manager)
    manager.until(lambda: all(one.state is not None for one in page.devices))
    manager.until(lambda: all(row.chip for row in page.list.lines.rows))


def a_form(manager: Cashier) -> None:
    _form(manager, _opened(manager, CounterKind.DISPLAY))


def a_refusal(manager: Cashier) -> None:
    page = _opened(manager)
    form = _form(manager, page)
    form.which.choose("another")
    manager.hands.press(K.Key_F5)
    manager.until(lambda: said(page))


def a_trial(manager: Cashier) -> None:
    page = _opened(manager)
    manager.hands.press(K.Key_F5)
    manager.until(lambda: page.trials.trial is None and "look at it" in said(page))


def a_scan(manager: Cashier) -> None:
    page = _opened(manager, CounterKind.SCANNER)
    manager.hands.press(K.Key_F5)
    manager.hands.scan(FLOUR)
    manager.until(lambda: page.scan_view.code.text == FLOUR)


def _of_addresses(manager: Cashier) -> set[str]:
    """Return addresses, their places and the keys of settings: they are nobody's language."""
    set_now = [_get(manager, kind.address) for kind in CounterKind]
    forms = f"{settings.PRINTER_FORMS}, {settings.SERIAL_FORMS}".split(", ")
    places = [unquote(one.partition("://")[2]) for one in (*set_now, *forms)]
    return {one for one in (*set_now, *forms, *places) if one} | {
        one.key for one in settings.every()
    }


@pytest.mark.parametrize("state", [the_list, a_form, a_refusal, a_trial, a_scan])
def test_all_is_said_anew_and_comes_back_as_it_was(
    manager: Cashier, printer: PrinterSimulator, pseudo: str, state: Callable[[Cashier], None]
) -> None:
    shop = manager.program.shop
    shop.configuration.set(settings.PRINTER_ADDRESS, printer.address, shop.books, actor=None)
    _begin_a_minute(manager)
    state(manager)
    manager.drained()
    manager.lay_out()
    window = manager.window
    page = window.office.page("devices")
    assert isinstance(page, DevicesPage)
    page._soon.stop()
    window.wall_clock.stop()
    window.jobs.stop()
    before = seen(window)
    window.speak(pseudo)
    manager.lay_out()
    assert not words_left(window, _data(manager) | OWN | _of_addresses(manager))
    window.speak("en")
    manager.lay_out()
    assert seen(window) ^ before == set()


def test_nothing_is_cut_in_any_size_and_language(manager: Cashier) -> None:
    page = _opened(manager)
    assert not nameless(manager.window)
    assert not squeezed_in_any(manager)
    for kind in CounterKind:
        choose(page, kind.value)
        form = _form(manager, page)
        form.which.choose("another")
        form.address.show_text("serial:///dev/ttyUSB0")
        assert not squeezed_in_any(manager), kind
        manager.hands.press(K.Key_Escape)
    choose(page, CounterKind.SCANNER.value)
    manager.hands.press(K.Key_F5)
    manager.window.take_scan(FLOUR * 9)
    assert not squeezed_in_any(manager)
