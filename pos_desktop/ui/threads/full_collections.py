"""Python's full collections of garbage, kept away from what stays for the whole day.

Such a collection looks at every object of the process and holds all its threads meanwhile: at all
that is loaded for 40 to 60 ms, in the middle of a scan.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QTimer

LOADED_SECONDS = 5.0
"""How long after the window's start the queue and the network's library are loaded too."""


def spare_what_is_loaded() -> None:
    """Leave out what is loaded now, and in a while what the queue's start has loaded."""
    gc.collect()
    gc.freeze()
    QTimer.singleShot(round(LOADED_SECONDS * 1000), gc.freeze)
