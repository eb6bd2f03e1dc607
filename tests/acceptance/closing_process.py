"""Closes the day in a process of its own, and dies before one of the statements that write it.

    closing_process.py DIRECTORY NUMBER

Prints how many statements there were where it came to its end.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from pos_desktop.domain.grammar import parse_play
from pos_desktop.shop import open_shop
from pos_desktop.storage.database import ShopDatabase


def main(directory: Path, deadly: int) -> None:
    """Close the day; be killed, without any farewell, before this statement of its transaction."""
    shop = open_shop(directory)
    shop.till.sign_in("manager", "1234")
    count = 0

    def counted(plain: Any) -> Any:
        def run(database: ShopDatabase, *arguments: Any) -> Any:
            nonlocal count
            if database.in_transaction():
                count += 1
                if count == deadly:
                    os.kill(os.getpid(), signal.SIGKILL)
            return plain(database, *arguments)

        return run

    for name in ("execute_sql", "executemany", "commit"):
        setattr(ShopDatabase, name, counted(getattr(ShopDatabase, name)))
    shop.desk.execute(parse_play("z"))
    print(count)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
