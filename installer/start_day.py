"""Plays the demo day with the installed programs beside it: for the trial of a package alone.

It is frozen with them, and no part of what is installed: demo-day FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from pos_queue.children.command import frozen_child

WINDOW = "window"

if not frozen_child(sys.argv):
    from scripts import demo, demo_window

    if sys.argv[1] == WINDOW:
        demo_window.sell_with_pictures(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        demo.OUT = Path(sys.argv[1])
        demo.SHOP = demo.OUT / "shop"
        demo.ROOT = Path("/")
        demo.WINDOW = [sys.executable, WINDOW]
        sys.exit(demo.play())
