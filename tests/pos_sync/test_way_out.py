"""Whether there is a way out, and names; nothing is sent."""

from __future__ import annotations

from ipaddress import ip_address
from time import monotonic

import pytest
from pos_sync import way_out


def test_this_computer_has_an_address_or_none() -> None:
    own = way_out.own_address()
    assert own is None or not ip_address(own).is_loopback


@pytest.mark.parametrize(
    ("host", "is_name"),
    [("127.0.0.1", False), ("::1", False), ("localhost", False), ("smtp.example.com", True)],
)
def test_a_name_is_told_from_an_address(host: str, is_name: bool) -> None:
    assert way_out.is_name(host) is is_name


def test_names_are_found_or_not() -> None:
    assert way_out.is_found("localhost", monotonic, 5.0)
    assert not way_out.is_found("no-such-host.invalid", monotonic, 5.0)
    assert not way_out.is_found("a" * 300, monotonic, 5.0)


def test_it_is_waited_for_no_longer_than_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    over = threading.Event()
    back = []
    monkeypatch.setattr("socket.getaddrinfo", lambda *_: back.append(over.wait(60)))
    assert not way_out.is_found("slow.example", monotonic, 0.2)
    assert back == [], "it is asked still"
    over.set()
