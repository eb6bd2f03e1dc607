"""Opens a shop of an earlier version once somebody says so, and says that it is open."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from pos_desktop.shop import open_shop

if __name__ == "__main__":
    print("ready", flush=True)
    sys.stdin.readline()
    with closing(open_shop(Path(sys.argv[1]))):
        print("open", flush=True)
