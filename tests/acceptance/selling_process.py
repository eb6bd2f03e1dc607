"""Sells without end in a process of its own, and says each receipt once it is handed out."""

from __future__ import annotations

import sys
from pathlib import Path

from pos_desktop.domain.grammar import parse_play
from pos_desktop.shop import open_shop


def main(directory: Path) -> None:
    """Sell until killed; print the number of every receipt that was handed out."""
    shop = open_shop(directory)
    shop.till.sign_in("cashier", "1111")
    shop.till.state.shift = shop.closing.current()
    shop.till.resume()
    print("ready", flush=True)
    while True:
        for line in ("P001", "2*P002", "0.750*P026", "5%", "pay cash"):
            reply = shop.desk.execute(parse_play(line))
        print(reply.receipt, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
