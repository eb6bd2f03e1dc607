"""Scanners on a serial line, and sounds, as the settings say."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pos_hardware.scales.reading import ScaleFault, Weight
from pos_hardware.serial_scanner import ScannerState
from pos_hardware.testing.display_simulator import DisplaySimulator
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_hardware.testing.simulator import PrinterSimulator
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_desktop import settings
from pos_desktop.app import Program
from pos_desktop.shop import open_shop
from pos_desktop.ui.kit.sounds import Sounds
from pos_desktop.ui.screens.devices.device_state import scale_trouble
from tests.pos_desktop.ui.conftest import FLOUR, MILK, Cashier
from tests.pos_hardware.lines import FarEnd


def _set(folder: Path, setting: settings.Setting[str], value: str) -> None:
    shop = open_shop(folder)
    shop.configuration.set(setting, value, shop.books, actor=None)
    shop.close()


def _scanner_runs() -> bool:
    return any(thread.name == "serial scanner" for thread in threading.enumerate())


def test_codes_of_a_serial_scanner_are_sold_and_it_stops_with_the_window(
    open_window: Callable[[Path], Cashier], shop_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with FarEnd() as end:
        _set(shop_folder, settings.SCANNER_ADDRESS, f"serial://{end.path}")
        cashier = open_window(shop_folder)
        cashier.sign_in()
        cashier.hands.type("5*")
        cashier.box_holds("5*")
        end.say(f"{MILK}\r\n".encode())
        cashier.until(cashier.lines)
        assert cashier.lines() == [("Brookside milk 500 ml", 5, 325_00)]
        end.say(f"\x02{FLOUR}\x03\r\x03\r".encode())
        cashier.until(lambda: len(cashier.lines()) == 2)
        cashier.leave()
        assert "in time" not in caplog.text
        assert not _scanner_runs()


@pytest.mark.spoils_books
def test_a_wrong_address_of_the_scanner_is_said(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    shop = open_shop(shop_folder)
    shop.configuration.put(settings.SCANNER_ADDRESS, "scanner on the desk")
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    assert "scanner.address" in cashier.notice()
    cashier.hands.scan(FLOUR)
    assert len(cashier.lines()) == 1


def test_a_missing_scanner_is_said_and_does_not_hold_up_the_close(
    open_window: Callable[[Path], Cashier], shop_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _set(shop_folder, settings.SCANNER_ADDRESS, "serial:///dev/ttyNothing")
    cashier = open_window(shop_folder)
    cashier.sign_in()
    cashier.until(lambda: "check its cable" in cashier.notice())
    cashier.leave()
    assert "in time" not in caplog.text
    assert not _scanner_runs()


def _scans_heard(cashier: Cashier) -> list[str]:
    """Let a scanner type a code; return it where it is taken for one, and not for typing."""
    wedge, heard = cashier.window._wedge, list[str]()
    assert wedge is not None
    wedge._scanned = heard.append
    cashier.hands.scan(FLOUR)
    return heard


def test_the_shortest_code_of_the_settings_tells_a_scan_from_typing(
    open_window: Callable[[Path], Cashier], shop_folder: Path
) -> None:
    shop = open_shop(shop_folder)
    shop.configuration.set(settings.SCANNER_MIN_LENGTH, 14, shop.books, actor=None)
    shop.close()
    cashier = open_window(shop_folder)
    cashier.sign_in()
    assert _scans_heard(cashier) == []


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A player of sounds that writes down what it was asked to play."""
    heard = tmp_path / "heard"
    programs = tmp_path / "bin"
    programs.mkdir()
    script = programs / "paplay"
    script.write_text(f'#!/bin/sh\necho "${{1##*/}}" >> "{heard}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    return heard


def test_sounds_are_silent_where_they_are_not_wanted(
    player: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    wanted = False
    sounds = Sounds(tmp_path / "sounds", wanted=lambda: wanted)
    sounds.error()
    wanted = True
    sounds.ok()
    qtbot.waitUntil(lambda: player.exists() and player.read_text() != "", timeout=5000)
    assert player.read_text().split() == ["ok.wav"]


def test_the_setting_silences_the_till(
    player: Path, shop_folder: Path, dressed: object, qtbot: QtBot
) -> None:
    program = Program(shop_folder)
    program.window.show()
    program.start()
    sounds = program.window.counter._sounds
    try:
        _set_sound(program, qtbot, sound=False)
        sounds.error()
        _set_sound(program, qtbot, sound=True)
        sounds.ok()
        qtbot.waitUntil(lambda: player.exists() and player.read_text() != "", timeout=5000)
        assert player.read_text().split() == ["ok.wav"]
    finally:
        program.window.close()
        program.window.deleteLater()


def _set_sound(program: Program, qtbot: QtBot, *, sound: bool) -> None:
    done: list[None] = []
    shop = program.shop
    program.lane.submit(
        lambda: shop.configuration.set(settings.SOUND, sound, shop.books, actor=None),
        done.append,
    )
    qtbot.waitUntil(lambda: bool(done))


def test_a_fault_of_the_scale_is_in_the_top_bar_and_what_lies_on_it_is_not() -> None:
    shown = {fault for fault in ScaleFault if scale_trouble(fault, "serial:///dev/ttyS0")}
    mended_at_the_scale = {fault for fault in ScaleFault if fault.is_of_goods}
    assert shown == set(ScaleFault) - mended_at_the_scale - {ScaleFault.STOPPED}
    assert mended_at_the_scale == {
        ScaleFault.MOVING,
        ScaleFault.BELOW_ZERO,
        ScaleFault.OVER_CAPACITY,
        ScaleFault.NOT_ZEROED,
    }
    assert scale_trouble(Weight(0), "serial:///dev/ttyS0") is None


def _change(cashier: Cashier, setting: settings.Setting[Any], value: object) -> None:
    """Change a setting while the till is open, on the lane as pages do."""
    done: list[None] = []
    shop = cashier.program.shop
    cashier.program.lane.submit(
        lambda: shop.configuration.set(setting, value, shop.books, actor=None), done.append
    )
    cashier.until(lambda: done)


def _sold_more_than(cashier: Cashier, lines: int) -> bool:
    return len(cashier.lines()) > lines


def test_a_scanner_that_is_set_now_is_heard_now_and_the_last_one_no_more(
    cashier: Cashier, caplog: pytest.LogCaptureFixture
) -> None:
    scanner = cashier.program.shop.devices.scanner
    with FarEnd() as first, FarEnd() as second:
        for end in (first, second):
            _change(cashier, settings.SCANNER_ADDRESS, f"serial://{end.path}")
            cashier.until(lambda: scanner.state is ScannerState.READY)
            before = len(cashier.lines())
            end.say(f"{(MILK, FLOUR)[before]}\r\n".encode())
            cashier.until(partial(_sold_more_than, cashier, before))
        _change(cashier, settings.SCANNER_ADDRESS, "")
        cashier.until(lambda: not _scanner_runs())
    assert "in time" not in caplog.text


def test_a_missing_scanner_is_no_trouble_any_more_once_none_is_set(cashier: Cashier) -> None:
    bar = cashier.window.top_bar
    _change(cashier, settings.SCANNER_ADDRESS, "serial:///dev/ttyNothing")
    cashier.until(bar.devices.isVisible)
    _change(cashier, settings.SCANNER_ADDRESS, "")
    cashier.until(lambda: not bar.devices.isVisible())


def test_a_scale_and_a_display_that_are_set_now_are_used_now(
    cashier: Cashier, tmp_path: Path
) -> None:
    scale_desk = cashier.program.shop.devices.scale
    with (
        ToledoSimulator(tmp_path / "scale") as scale,
        DisplaySimulator(tmp_path / "display", "cd5220") as display,
    ):
        scale.put(1_250)
        _change(cashier, settings.SCALE_ADDRESS, scale.address)
        cashier.until(lambda: scale_desk.reading() == Weight(1_250))
        _change(cashier, settings.DISPLAY_DIALECT, "cd5220")
        _change(cashier, settings.DISPLAY_ADDRESS, display.address)
        display.wait_for_lines("Karibu", "")
        _change(cashier, settings.DISPLAY_GREETING, "Karibu | Duka la Njeri")
        display.wait_for_lines("Karibu", "Duka la Njeri")
        _change(cashier, settings.DISPLAY_ADDRESS, "")
        display.wait_for_lines("", "")
        _change(cashier, settings.SCALE_ADDRESS, "")
        cashier.until(lambda: not scale_desk.is_running)


def test_what_tells_a_scan_from_typing_is_followed(cashier: Cashier) -> None:
    assert _scans_heard(cashier) == [FLOUR]
    _change(cashier, settings.SCANNER_MIN_LENGTH, 14)
    assert _scans_heard(cashier) == []


def test_receipts_come_out_of_the_printer_that_is_set_now(cashier: Cashier) -> None:
    bar = cashier.window.top_bar
    with PrinterSimulator() as printer:
        _change(cashier, settings.PRINTER_ADDRESS, "")
        cashier.until(lambda: bar.printer.text == "No printer")
        cashier.hands.scan(FLOUR)
        cashier.hands.press(Qt.Key.Key_F8)
        cashier.until(cashier.sales)
        _change(cashier, settings.PRINTER_ADDRESS, printer.address)
        cashier.until(lambda: "T1-000001" in printer.paper.text)
        cashier.until(lambda: bar.printer.text == "Printer ready")


def test_what_another_program_has_set_is_followed(cashier: Cashier) -> None:
    bar = cashier.window.top_bar
    _set(cashier.program.shop.directory, settings.PRINTER_ADDRESS, "")
    cashier.program.settings_watch.look()
    cashier.until(lambda: bar.printer.text == "No printer")
