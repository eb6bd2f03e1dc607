"""What kills leave of a shop that was being brought back, and who opens the shop next takes away.

Keys and books lie open in a shop that came about. A shop that was put aside is a second name of its
files: as long as nothing has taken their place, what the till sells would change what was kept.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from pos_desktop.shop_folder import BRINGING_BACK, DAMAGED_FOLDER, DATABASE_FILE, OWN_FILES


def sweep_leavings(directory: Path) -> None:
    """Remove them; only for who keeps everybody from bringing a shop back, once one has moved in.

    What the disk does not let go stays.
    """
    sweep_parts(directory, BRINGING_BACK)
    with suppress(OSError):
        for aside in (directory / DAMAGED_FOLDER).iterdir():
            if _is_half_done(aside, directory):
                _remove(aside)
        (directory / DAMAGED_FOLDER).rmdir()


def sweep_parts(directory: Path, beginning: str) -> None:
    """Remove what kills have left of shops that came about; keys and books lie open in it."""
    for left in directory.glob(f"{beginning}*"):
        shutil.rmtree(left, ignore_errors=True)


def _is_half_done(aside: Path, directory: Path) -> bool:
    """Tell whether nothing took the place of what was put aside, so that nothing is lost with it.

    Where a shop has moved in its file is a new one; the logs beside an old one may be gone since.
    """
    there = [one.name for one in aside.iterdir()]
    said_by = [DATABASE_FILE] if DATABASE_FILE in there else there
    return bool(said_by) and all(_is_one(aside / name, directory / name) for name in said_by)


def _is_one(file: Path, other: Path) -> bool:
    return other.exists() and file.samefile(other)


def _remove(aside: Path) -> None:
    """Remove a half-done one; its file last, by which it is known."""
    for name in reversed(OWN_FILES):
        (aside / name).unlink(missing_ok=True)
    aside.rmdir()
