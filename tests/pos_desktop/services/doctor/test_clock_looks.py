"""The clock beside the books and the calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_desktop.domain.clock import ManualClock
from pos_desktop.services.doctor.finding import State
from pos_desktop.shop import Shop
from tests.pos_desktop.services.doctor.looked import looked, seen, states


@pytest.mark.parametrize(
    ("off", "state"),
    [
        (timedelta(), State.OK),
        (timedelta(hours=-2), State.BROKEN),
        (timedelta(days=45), State.BROKEN),
        (timedelta(days=-9_000), State.BROKEN),
        (timedelta(days=20_000), State.BROKEN),
    ],
)
def test_a_clock_that_does_not_fit_the_books_is_broken(
    selling_shop: Shop, off: timedelta, state: State
) -> None:
    clock = ManualClock(datetime.now(UTC) + off)
    assert seen(selling_shop.directory, "clock", "clock", clock).state is state


def test_without_a_shop_the_year_alone_counts(tmp_path: Path) -> None:
    assert states(looked(tmp_path, "clock")) == {"clock": State.OK}
    assert not seen(tmp_path, "clock", "clock", ManualClock(datetime(1999, 1, 1, tzinfo=UTC))).ok


def test_a_demo_shop_is_at_any_time(demo_shop: Shop) -> None:
    clock = ManualClock(datetime.now(UTC) + timedelta(days=300))
    assert seen(demo_shop.directory, "clock", "clock", clock).ok
