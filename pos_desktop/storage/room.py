"""Room on the disk: how much there is, what selling keeps of it, and when little is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from pos_desktop.shop_folder import log_of
from pos_desktop.storage.errors import DiskFull

SELLING_BYTES = 64_000_000
"""So much stays free for sales, whatever else is to be written."""
SCARCE_BYTES = 100_000_000
"""Below this the next big thing fills the disk."""
LOW_BYTES = 500_000_000
"""Below this an import may find no room, though sales go on for weeks."""

Free = Callable[[Path], int]
"""Returns how many bytes a folder can still take."""


class Room(Enum):
    """How much room a disk has."""

    ENOUGH = auto()
    LOW = auto()
    SCARCE = auto()


def free_room(place: Path) -> int:
    """Return how many bytes a folder can still take; raises OSError."""
    return shutil.disk_usage(place).free


def low_limit(shop_bytes: int) -> int:
    """Return below how many bytes a disk has little room for a shop of this size.

    A backup that stays on the same disk takes twice the shop's file.
    """
    return max(LOW_BYTES, bytes_needed(2 * shop_bytes))


def room_of(free: int, shop_bytes: int) -> Room:
    """Return how much room a disk with so many free bytes has for a shop of this size."""
    if free < SCARCE_BYTES:
        return Room.SCARCE
    return Room.LOW if free < low_limit(shop_bytes) else Room.ENOUGH


def bytes_needed(size: int) -> int:
    """Return how much must be free for something of this size to be written beside selling."""
    return SELLING_BYTES + size


def has_room(place: Path, size: int, free: Free = free_room) -> bool:
    """Tell whether so many bytes can be written in a folder and leave selling its room."""
    return free(place) >= bytes_needed(size)


def check_room(place: Path, size: int, free: Free = free_room) -> None:
    """Raise DiskFull where so many bytes in a folder would leave selling no room."""
    if not has_room(place, size, free):
        raise DiskFull


def is_same_disk(one: Path, other: Path) -> bool:
    """Tell whether two places take from the same room; raises OSError."""
    return one.stat().st_dev == other.stat().st_dev


def shop_bytes(file: Path) -> int:
    """Return how large a shop's file is with the log beside it; 0 for what is not to be seen."""
    return sum(map(_size, (file, log_of(file))))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
