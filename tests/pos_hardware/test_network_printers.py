"""Printers in the network are found by who opens, beside this computer alone."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator

import pytest
from pos_hardware import network_printers as looked
from pos_hardware.clock import Deadline, SystemClock
from pos_hardware.discovery import DeviceKind, FoundDevice


@pytest.fixture
def listening() -> Iterator[tuple[str, int, socket.socket]]:
    """Something that listens on this computer, and hears what it is told."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield ("127.0.0.1", server.getsockname()[1], server)


def soon() -> Deadline:
    return Deadline(SystemClock(), 5)


def test_who_opens_is_found_and_told_nothing(
    listening: tuple[str, int, socket.socket],
) -> None:
    address, port, server = listening
    assert looked.who_listens(["127.0.0.2", address, "127.0.0.3"], port, soon()) == [address]
    line, _peer = server.accept()
    with line:
        assert line.recv(1) == b""


def test_nobody_knocks_where_a_printer_is_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def listens(addresses: list[str], _port: int, _deadline: Deadline) -> list[str]:
        asked.extend(addresses)
        return addresses[:1]

    monkeypatch.setattr(looked, "own_addresses", lambda: ["192.168.1.7"])
    monkeypatch.setattr(looked, "who_listens", listens)
    looked.network_printers(soon(), but=("192.168.1.50",))
    assert "192.168.1.49" in asked
    assert "192.168.1.50" not in asked


def test_who_never_answers_is_not_waited_for_longer_than_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent: list[socket.socket] = []

    def knock(address: str, _port: int, waiting: selectors.BaseSelector) -> None:
        here, there = socket.socketpair()
        here.settimeout(0)
        while True:
            try:
                here.send(b"x" * 65536)
            except BlockingIOError:
                break
        silent.append(there)
        waiting.register(here, selectors.EVENT_WRITE, address)

    monkeypatch.setattr(looked, "_knock", knock)
    began = time.monotonic()
    assert looked.who_listens(["192.0.2.7"], 9100, Deadline(SystemClock(), 0.3)) == []
    assert time.monotonic() - began < 2
    for line in silent:
        line.close()


def test_only_what_is_beside_a_private_address_is_knocked_at() -> None:
    own = ["127.0.0.1", "192.168.1.20", "192.168.1.21", "169.254.3.4", "41.90.64.1"]
    here, beside = looked.networks(own)
    assert here == ["127.0.0.1"]
    assert len(beside) == 254
    assert {"192.168.1.1", "192.168.1.254"} <= set(beside)


def test_this_computer_knows_its_own_addresses() -> None:
    assert "127.0.0.1" in looked.own_addresses()


def test_what_is_found_has_the_address_that_the_settings_want(
    listening: tuple[str, int, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, port, _server = listening
    monkeypatch.setattr(looked, "PORT", port)
    monkeypatch.setattr(looked, "own_addresses", list)
    assert looked.network_printers(soon()) == [
        FoundDevice(DeviceKind.NETWORK, f"tcp://{address}:{port}", address, address)
    ]
