"""Brings a shop back and kills itself before a given change of its folder.

    python bringing_back_process.py DIRECTORY STEP salvage
    python bringing_back_process.py DIRECTORY STEP BACKUP RECOVERY_KEY

A step is a name that is given or taken away in the shop's folder or in what is put aside, locks
and what lies in other folders left out.
Ends with 9 where it was killed, with 0 where there are no so many steps.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pos_desktop.shop_folder import DAMAGED_FOLDER
from pos_desktop.shops.restored_over import restore_over
from pos_desktop.shops.salvaged_shop import salvage_shop


def _killing(directory: Path, steps: int) -> Callable[[str, Any], None]:
    """Return what counts the changes of the folder, and ends the process before one of them."""
    aside, left = directory / DAMAGED_FOLDER, steps

    def _counts(path: Path) -> bool:
        is_ours = path.parent in (directory, aside) or path.parent.parent == aside
        return is_ours and "lock" not in path.name

    def hook(event: str, arguments: Any) -> None:
        nonlocal left
        if event not in ("os.rename", "os.remove", "os.mkdir", "os.link", "os.rmdir"):
            return
        paths = [Path(one) for one in arguments if isinstance(one, str | os.PathLike)]
        if any(_counts(one) for one in paths):
            if left == 0:
                os._exit(9)
            left -= 1

    return hook


def main(place: str, steps: str, what: str, key: str = "") -> None:
    """Do it."""
    directory = Path(place)
    sys.addaudithook(_killing(directory, int(steps)))
    if what == "salvage":
        salvage_shop(directory)
    else:
        restore_over(Path(what), directory, key)


if __name__ == "__main__":
    main(*sys.argv[1:])
