"""Scanners on a serial line."""

from __future__ import annotations

import threading
from queue import Queue

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.serial_scanner import CodeSplitter, ScannerState, SerialScanner
from pos_hardware.transports.serial_port import LineSettings, SerialTransport

from tests.pos_hardware.lines import FarEnd


class Counter:
    """A counter with a scanner that may be put into another socket."""

    def __init__(self, path: str) -> None:
        self.path: str | None = path
        self.codes: Queue[str] = Queue()
        self.states: Queue[ScannerState] = Queue()
        self.scanner = SerialScanner(
            lambda: SerialTransport(lambda: self.path, LineSettings()),
            self.take,
            on_state=self.states.put,
        )
        self.thread = threading.Thread(target=self.scanner.run, daemon=True)
        self.thread.start()

    def take(self, code: str) -> None:
        self.codes.put(code)
        if code == "bad":
            raise ValueError(code)

    def state(self) -> ScannerState:
        return self.states.get(timeout=5)


def test_codes_arrive_and_a_scanner_in_another_socket_is_found_again() -> None:
    with FarEnd() as end:
        counter = Counter(end.path)
        assert counter.state() is ScannerState.READY
        end.say(b"]E04006381333931\r\n\x03\r\n]E4\x0296385074\r\nhalf")
        assert counter.codes.get(timeout=5) == "4006381333931"
        assert counter.codes.get(timeout=5) == "96385074"
        counter.path = None
    assert counter.state() is ScannerState.MISSING
    with FarEnd() as end:
        counter.path = end.path
        assert counter.state() is ScannerState.READY
        end.say(b"12345670\n")
        assert counter.codes.get(timeout=5) == "12345670"
        assert counter.scanner.stop()
        assert counter.state() is ScannerState.STOPPED


def test_a_receiver_that_fails_does_not_end_the_reading(caplog: pytest.LogCaptureFixture) -> None:
    with FarEnd() as end:
        counter = Counter(end.path)
        assert counter.state() is ScannerState.READY
        end.say(b"bad\rgood\r")
        assert [counter.codes.get(timeout=5) for _ in range(2)] == ["bad", "good"]
        assert counter.scanner.stop()
    assert "was not taken" in caplog.text


def test_a_missing_scanner_does_not_hold_up_the_stop() -> None:
    counter = Counter("/dev/ttyNothing")
    assert counter.state() is ScannerState.MISSING
    assert counter.scanner.stop()


codes = st.text("0123456789AB", min_size=1, max_size=14)


@given(st.lists(codes), st.sampled_from(["\r", "\n", "\r\n"]), st.integers(1, 9))
def test_codes_in_any_portions(scanned: list[str], ending: str, size: int) -> None:
    data = "".join(code + ending for code in scanned).encode()
    splitter = CodeSplitter()
    portions = [data[start : start + size] for start in range(0, len(data), size)]
    assert [code for portion in portions for code in splitter.feed(portion)] == scanned


def test_endless_codes_are_dropped_and_the_next_is_good() -> None:
    splitter = CodeSplitter()
    assert splitter.feed(b"x" * 100_000) == []
    assert splitter.feed(b"\r123\r\xff\r") == ["123", "\ufffd"]
