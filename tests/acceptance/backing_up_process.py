"""Makes a backup in a process of its own, and waits for a line of its input at each step of it."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from pos_desktop.shop import open_shop


def _step(done: int, total: int) -> None:
    print(done, total, flush=True)
    sys.stdin.readline()


def main(directory: Path) -> None:
    """Make a backup where the settings say, step by step."""
    with closing(open_shop(directory)) as shop:
        shop.backups.make(actor=None, progress=_step)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
