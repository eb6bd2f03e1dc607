"""How the console writes what people read in its lists."""

from __future__ import annotations

import pytest

from pos_desktop.cli.output import written_size


@pytest.mark.parametrize(
    ("size", "written"),
    [(0, "0 KB"), (1, "1 KB"), (312_000, "312 KB"), (999_999, "1000 KB"), (4_110_000, "4.1 MB")],
)
def test_a_small_file_is_not_nothing(size: int, written: str) -> None:
    assert written_size(size) == written
