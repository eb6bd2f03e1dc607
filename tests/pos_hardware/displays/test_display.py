"""The display's worker: the last text wins, and nobody waits for it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from pos_hardware.clock import Deadline
from pos_hardware.displays.dialects import DIALECTS
from pos_hardware.displays.display import REFRESH_EVERY, CustomerDisplay, DisplayState, show_once
from pos_hardware.faults import Fault
from pos_hardware.testing.display_simulator import DisplaySimulator
from pos_hardware.transports.addresses import parse_address
from pos_hardware.transports.base import StreamTransport

from tests.pos_hardware.clocks import Unhurried


class Hurried(Unhurried):
    """A clock on which the text is written again at once, and not after seconds."""

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        return super().wait(event, 0.05 if seconds == REFRESH_EVERY else seconds)


class Pole:
    """A display of the till and the one that a customer sees."""

    def __init__(self, link: Path, dialect: str) -> None:
        self.seen = DisplaySimulator(link, dialect)
        self.states: Queue[DisplayState] = Queue()
        self.display = CustomerDisplay(
            parse_address(self.seen.address),
            DIALECTS[dialect],
            on_state=self.states.put,
            clock=Hurried(),
        )

    def start(self) -> None:
        threading.Thread(target=self.display.run, daemon=True).start()

    def state(self) -> DisplayState:
        return self.states.get(timeout=10)


@pytest.fixture(params=sorted(DIALECTS))
def pole(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pole]:
    pole = Pole(tmp_path / "display", request.param)
    with pole.seen:
        yield pole
        assert pole.display.stop(10)


def test_texts_are_shown_and_the_display_is_cleared_at_the_end(pole: Pole) -> None:
    pole.display.show("Karibu", "")
    pole.start()
    pole.seen.wait_for_lines("Karibu", "")
    assert pole.state() is DisplayState.READY
    pole.display.show("Sugar 1 kg", "165.00")
    pole.seen.wait_for_lines("Sugar 1 kg", "165.00")
    assert pole.display.stop()
    pole.seen.wait_for_lines("", "")
    assert pole.state() is DisplayState.STOPPED
    assert not pole.seen.grid.unknown


def test_a_slow_display_delays_nobody_and_shows_the_last_text(pole: Pole) -> None:
    pole.start()
    pole.seen.wait_for_lines("", "")
    pole.seen.reads = False
    for number in range(5_000):
        pole.display.show(f"line {number}", "")
    pole.seen.reads = True
    pole.seen.wait_for_lines("line 4999", "")
    assert pole.seen.grid.frames < 1_000


class Busy(StreamTransport):
    """A display during whose first text the till has the next one for it."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.during_first: Callable[[], object] = int

    def open(self, deadline: Deadline) -> None:
        pass

    def close(self) -> None:
        pass

    def read(self, size: int, deadline: Deadline) -> bytes:
        return b""

    def write(self, data: bytes, deadline: Deadline) -> int:
        if b"line" in data:
            self.frames.append(data)
            if len(self.frames) == 1:
                self.during_first()
        return len(data)


class NoRefresh(Unhurried):
    """A clock on which nothing is written again by itself: the display ends in place of that."""

    def __init__(self) -> None:
        super().__init__()
        self.instead: Callable[[], object] = int

    def wait(self, event: threading.Event, seconds: float | None) -> bool:
        if seconds == REFRESH_EVERY and not event.is_set():
            self.instead()
        return super().wait(event, 0)


def test_a_text_that_comes_while_another_is_sent_does_not_wait_for_the_refreshing() -> None:
    line, clock = Busy(), NoRefresh()
    display = CustomerDisplay(lambda: line, DIALECTS["epson"], clock=clock)
    line.during_first = lambda: display.show("line 2", "")
    clock.instead = lambda: display.stop(0)
    display.show("line 1", "")
    display.run()
    assert [b"line 2" in frame for frame in line.frames] == [False, True]


def test_a_display_that_was_without_power_or_unplugged_shows_again(pole: Pole) -> None:
    pole.display.show("Milk", "65.00")
    pole.start()
    pole.seen.wait_for_lines("Milk", "65.00")
    pole.seen.switch_off_and_on()
    pole.seen.wait_for_lines("Milk", "65.00")
    assert pole.state() is DisplayState.READY
    pole.seen.unplug()
    assert pole.state() is DisplayState.MISSING
    pole.display.show("Bread", "60.00")
    pole.seen.switch_off_and_on()
    pole.seen.plug_in()
    pole.seen.wait_for_lines("Bread", "60.00")
    assert pole.state() is DisplayState.READY


def test_a_display_that_takes_nothing_holds_up_no_stop(pole: Pole) -> None:
    pole.seen.reads = False
    _fill(pole.seen.link)
    pole.start()
    assert pole.display.stop(10)
    assert pole.state() is not DisplayState.READY


def _fill(link: Path) -> None:
    """Let the line be so full that it takes nothing more."""
    line = os.open(link, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(line, b" " * 1024)
    os.close(line)


def test_a_listener_that_fails_ends_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pole = Pole(tmp_path / "display", "epson")
    pole.display._on_state = _refuse
    with pole.seen:
        pole.start()
        pole.display.show("Milk", "")
        pole.seen.wait_for_lines("Milk", "")
        assert pole.display.stop()
    assert "was not taken" in caplog.text


def _refuse(state: DisplayState) -> None:
    raise ValueError(state)


def test_a_test_shows_its_text_and_lets_go(pole: Pole) -> None:
    make, dialect = parse_address(pole.seen.address), pole.display._dialect
    for text in ("one", "two"):
        assert show_once(make(), dialect, text, "", Unhurried()) is None
        pole.seen.wait_for_lines(text, "")
    pole.seen.unplug()
    assert show_once(make(), dialect, "three", "", Unhurried()) is Fault.UNREACHABLE
