"""By which share a figure has grown, whatever it was before."""

from __future__ import annotations

import pytest

from pos_desktop.services.reports.report_comparing import growth, growth_words


@pytest.mark.parametrize(
    ("now", "before", "share", "words"),
    [
        (150, 100, 50_00, "+50 %"),
        (50, 100, -50_00, "-50 %"),
        (0, 100, -100_00, "-100 %"),
        (-100, 100, -200_00, "-200 %"),
        (112_50, 100_00, 12_50, "+12.5 %"),
        (100, 100, 0, "0 %"),
        (0, -100, 100_00, "+100 %"),
        (-50, -100, 50_00, "+50 %"),
        (50, -100, 150_00, "+150 %"),
        (-150, -100, -50_00, "-50 %"),
        (-100, -100, 0, "0 %"),
        (4, 3, 33_33, "+33.33 %"),
        (-4, -3, -33_33, "-33.33 %"),
    ],
)
def test_a_rise_is_above_zero_and_a_fall_below_it(
    now: int, before: int, share: int, words: str
) -> None:
    assert growth(now, before) == share
    assert growth_words(now, before) == words


@pytest.mark.parametrize("now", [-7, 0, 7])
def test_where_nothing_was_before_there_is_no_share(now: int) -> None:
    assert growth(now, 0) is None
    assert growth_words(now, 0) == ""
