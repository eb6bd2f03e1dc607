"""Identifiers are UUIDv7 and grow."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.ids import Ids

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_an_identifier_is_a_uuid_of_version_7_and_carries_its_millisecond() -> None:
    made = uuid.UUID(Ids(ManualClock(NOON)).new())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == int(NOON.timestamp() * 1000)


def test_identifiers_grow_within_a_millisecond_and_when_the_clock_goes_back() -> None:
    clock = ManualClock(NOON)
    ids = Ids(clock)
    made = [ids.new() for _ in range(1000)]
    clock.advance(timedelta(hours=-1))
    made += [ids.new() for _ in range(1000)]
    assert made == sorted(set(made))


def test_a_full_millisecond_borrows_from_the_next() -> None:
    ids = Ids(ManualClock(NOON), lambda size: b"\xff" * size)
    made = [ids.new() for _ in range(3_000)]
    assert made == sorted(set(made))
    assert {uuid.UUID(one).version for one in made} == {7}
