"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.typed_day import parse_day

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24/11/2026", "2026-11-24"),
        (" 24.11.26 ", "2026-11-24"),
        ("24-11-2026", "2026-11-24"),
        ("4 1 2026", "2026-01-04"),
        ("24/12", "2026-12-24"),
        ("3", "2026-11-03"),
        ("2026-11-24", "2026-11-24"),
        ("29/2/2024", "2024-02-29"),
    ],
)
def test_days_are_read_as_they_are_written_here(typed: str, day: str) -> None:
    assert parse_day(typed, TODAY).isoformat() == day


@pytest.mark.parametrize("typed", ["", "x", "31/11/2026", "24/13", "0/1/2026", "1/2/3/4", "-1"])
def test_what_is_no_day_is_a_sentence(typed: str) -> None:
    with pytest.raises(Refused, match="27/11/2026"):
        parse_day(typed, TODAY)
