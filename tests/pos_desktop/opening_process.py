"""Opens a shop, writes an entry into its journal, closes it, and so on, until it is killed.

Prints the id of each entry once it is committed, and `refused` where the door is shut.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from pos_desktop.domain.errors import PosError
from pos_desktop.shop import open_shop
from pos_desktop.shop_door import BeingBroughtBack


def main(directory: Path) -> None:
    """Never returns."""
    while True:
        try:
            with closing(open_shop(directory)) as shop:
                mark = shop.books.new_id()
                with shop.database.write():
                    shop.books.note("looked in", actor_id=None, detail={"mark": mark})
            print(mark, flush=True)
        except BeingBroughtBack:
            print("refused", flush=True)
        except PosError as error:
            print(type(error).__name__, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
