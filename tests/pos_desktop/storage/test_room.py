"""Room on the disk: one set of limits, for the program and for what is written of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.storage.errors import DiskFull
from pos_desktop.storage.room import (
    LOW_BYTES,
    SCARCE_BYTES,
    SELLING_BYTES,
    Room,
    check_room,
    low_limit,
    room_of,
)

DOCS = Path(__file__).parents[3] / "docs"


def test_what_would_leave_selling_no_room_is_refused(tmp_path: Path) -> None:
    check_room(tmp_path, 1000, lambda _place: SELLING_BYTES + 1000)
    with pytest.raises(DiskFull):
        check_room(tmp_path, 1000, lambda _place: SELLING_BYTES + 999)


@pytest.mark.parametrize(
    ("free", "shop", "room"),
    [
        (LOW_BYTES, 1_000_000, Room.ENOUGH),
        (LOW_BYTES - 1, 1_000_000, Room.LOW),
        (SCARCE_BYTES - 1, 0, Room.SCARCE),
        (2_064_000_000, 1_000_000_000, Room.ENOUGH),
        (2_063_999_999, 1_000_000_000, Room.LOW),
    ],
)
def test_little_room_is_less_than_the_next_backup_takes(free: int, shop: int, room: Room) -> None:
    assert room_of(free, shop) is room


@pytest.mark.parametrize("page", ["upgrading.md", "troubleshooting.md"])
def test_the_documents_name_these_limits(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert low_limit(0) == LOW_BYTES
    for limit in (SELLING_BYTES, SCARCE_BYTES, LOW_BYTES):
        assert f"{limit // 1_000_000} MB" in text
