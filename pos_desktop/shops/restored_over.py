"""A shop comes back from a backup over what is there of one, which is put aside."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import AnotherRuns, PosError
from pos_desktop.domain.progress import Progress, tell_nobody
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import BRINGING_BACK, DAMAGE_MARK
from pos_desktop.shops.alone import alone_in_place
from pos_desktop.shops.damage import is_whole
from pos_desktop.shops.made_beside import made_beside, take_place
from pos_desktop.shops.restored_shop import (
    Restored,
    check_backup,
    check_recovery_key,
    restore_beside,
    told_of_the_disk,
)


def opens(directory: Path, clock: Clock | None = None) -> bool:
    """Tell whether there is a shop here that opens, and of which every page can be read.

    It is opened for that, and brought to this version as by whatever opens it. Raises AnotherRuns
    while another program brings it back.
    """
    clock = clock or SystemClock()
    try:
        if not is_whole(directory, clock):
            return False
        with closing(open_shop(directory, clock=clock)):
            return True
    except AnotherRuns:
        raise
    except PosError:
        return False


def restore_over(
    file: Path,
    directory: Path,
    recovery_key: str,
    *,
    till_code: str = "",
    clock: Clock | None = None,
    progress: Progress = tell_nobody,
) -> tuple[Restored, Path]:
    """Put what is there of a shop aside, and bring it back from a backup.

    Returns what came back and where the rest lies. Raises what `restore_shop` raises, and
    OpenElsewhere; what was there is in its place then.
    """
    clock = clock or SystemClock()
    check_backup(file)
    check_recovery_key(file, recovery_key)
    with alone_in_place(directory, clock):
        with (
            told_of_the_disk(directory, is_over=True),
            made_beside(directory, BRINGING_BACK, clock) as making,
        ):
            restored = restore_beside(
                file, making, directory, recovery_key, till_code, clock, progress
            )
            aside = take_place(making, directory, clock)
        (directory / DAMAGE_MARK).unlink(missing_ok=True)
        progress(1, 1)
    return restored, aside
