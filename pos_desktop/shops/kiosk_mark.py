"""The mark of a kiosk beside a shop's file, for the recovery, which cannot read the settings."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pos_desktop.shop_folder import KIOSK_MARK, file_mode, make_file


def follow_kiosk(directory: Path, *, is_kiosk: bool) -> None:
    """Leave the mark where the settings make the till a kiosk, and take it away where they do not.

    A disk that is full or takes no writes keeps nobody: it stays as it was.
    """
    mark = directory / KIOSK_MARK
    with suppress(OSError):
        if not is_kiosk:
            mark.unlink(missing_ok=True)
        elif not mark.exists():
            make_file(mark, file_mode(directory))


def was_kiosk(directory: Path) -> bool:
    """Tell whether the till was a kiosk when it was last open; not where nobody may look."""
    with suppress(OSError):
        return (directory / KIOSK_MARK).exists()
    return False
