"""How people read sizes and spans."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_desktop.domain.sizes import age_words, size_words, wait_words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (312_000, "312 KB"),
        (999_999, "1000 KB"),
        (4_110_000, "4.1 MB"),
        (64_000_000, "64.0 MB"),
        (1_900_000_000, "1.9 GB"),
    ],
)
def test_a_small_file_is_not_nothing(size: int, words: str) -> None:
    assert size_words(size) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=29), "just now"),
        (timedelta(seconds=31), "1 minute old"),
        (timedelta(hours=5), "5 hours old"),
    ],
)
def test_what_was_just_made_is_not_0_minutes_old(span: timedelta, words: str) -> None:
    assert age_words(span) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (5, "5 seconds"), (119, "119 seconds"), (120, "2 minutes")],
)
def test_a_short_wait_is_told_in_seconds(seconds: int, words: str) -> None:
    assert wait_words(seconds) == words
