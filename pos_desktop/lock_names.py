"""What the locks of a shop are called: who takes one, and who only looks who holds it, agree here.

All of them but MAKING lie in the folder `locks` of the shop.
"""

from __future__ import annotations

MOST_TILLS = 3
"""How many programs that sell here at once are counted: windows and plays."""
IMPORT, PRICES, BACKUP = "import", "prices", "backup"
"""Of those of whom there is one at a time."""
UPGRADE = "upgrade"
DOOR, BRINGING_BACK = "door", "bringing-back"
"""Of who opens the shop's file, and of who puts another in its place."""
WINDOW = "window"
"""Of the one window of a shop on a computer."""
RUNNERS = "queue"
"""A folder: the locks of those who run jobs."""
MAKING = ".making.lock"
"""Of who makes or restores a shop, in the shop's folder itself."""


def till(place: int) -> str:
    """Return the name of the lock of a till, by its place among those that are open."""
    return f"till-{place}"


def device(name: str) -> str:
    """Return the name of the lock of who prints on a device."""
    return f"device-{name}"
