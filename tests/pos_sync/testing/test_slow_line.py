"""A slow line takes its time, changes nothing, and can be cut and mended."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from pos_sync.mail.errors import Unreachable, WhyUnreachable
from pos_sync.mail.lines import LineRules, Lines
from pos_sync.mail.outcomes import Accepted, NotSent
from pos_sync.testing.mail_simulator import MailSimulator
from pos_sync.testing.slow_line import SlowLine

from tests.pos_sync.mail.scene import connected, envelope, large_envelope, server_at

ROUND_TRIP = 0.03


@pytest.fixture
def simulator() -> Iterator[MailSimulator]:
    with MailSimulator() as server:
        yield server


@pytest.fixture
def line(simulator: MailSimulator) -> Iterator[SlowLine]:
    target = "127.0.0.1", simulator.port
    with SlowLine(*target, round_trip=ROUND_TRIP, monotonic=time.monotonic) as slow:
        yield slow


def test_every_round_trip_takes_its_time(line: SlowLine) -> None:
    began = time.monotonic()
    with closing(connected(server_at(line.port))) as connection:
        opened = time.monotonic()
        assert opened - began >= 3 * ROUND_TRIP  # connecting and greeting, and EHLO
        assert isinstance(connection.send(envelope()), Accepted)
        assert time.monotonic() - opened >= 2 * ROUND_TRIP
    assert line.connections == 1


def test_what_goes_through_is_not_changed(line: SlowLine, simulator: MailSimulator) -> None:
    large = large_envelope(3)
    with closing(connected(server_at(line.port))) as connection:
        assert isinstance(connection.send(large), Accepted)
    assert simulator.letters[0].data == large.data
    simulator.wait_for(lambda server: server.open_connections == 0)


def test_a_line_that_is_cut_and_mended_in_the_middle(
    line: SlowLine, simulator: MailSimulator
) -> None:
    server = server_at(line.port)
    lines = Lines(server, password=lambda: None, monotonic=time.monotonic, rules=LineRules(most=1))
    with lines.borrow() as connection:
        assert isinstance(connection.send(envelope("a@people.test")), Accepted)
        line.cut()
        assert isinstance(connection.send(envelope("b@people.test")), NotSent)
    for _ in range(2):
        with pytest.raises(Unreachable) as unreachable, lines.borrow():
            pass
        assert unreachable.value.why is WhyUnreachable.REFUSED
    line.restore()
    with lines.borrow() as connection:
        assert isinstance(connection.send(envelope("b@people.test")), Accepted)
    assert lines.close(10)
    assert simulator.recipients == ["a@people.test", "b@people.test"]


def test_a_server_behind_the_line_that_is_gone() -> None:
    with MailSimulator() as simulator:
        port = simulator.port
    with (
        SlowLine("127.0.0.1", port, round_trip=0, monotonic=time.monotonic) as line,
        pytest.raises(Unreachable),
    ):
        connected(server_at(line.port))
