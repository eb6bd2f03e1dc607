"""How far a zone is from UTC, stretch by stretch, so that an hour of the wall can be selected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.services.reports.sales_behind import offsets
from pos_desktop.storage.moments import to_stored

BEGIN, END = datetime(2025, 12, 31, 21, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "stretches"), [("Africa/Nairobi", 1), ("Europe/Berlin", 3), ("Australia/Lord_Howe", 3)]
)
@given(seconds=st.integers(-86_400, 366 * 86_400))
def test_every_moment_has_its_offset(name: str, stretches: int, seconds: int) -> None:
    zone = ZoneInfo(name)
    found = list(offsets((to_stored(BEGIN), to_stored(END)), zone))
    assert len(found) == stretches
    assert all(one[1] == other[0] for one, other in pairwise(found))
    moment = BEGIN + timedelta(seconds=seconds)
    (offset,) = [off for begin, end, off in found if begin <= to_stored(moment) < end]
    assert timedelta(milliseconds=offset) == moment.astimezone(zone).utcoffset()
