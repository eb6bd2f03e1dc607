"""What every page behind the counter is handed: the shop, and a way to ask it without waiting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop
from pos_desktop.ui.kit.sounds import Sounds
from pos_desktop.ui.threads.lane import DatabaseLane
from pos_desktop.ui.threads.long_work import LongWork

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The shop as its pages see it."""

    shop: Shop
    lane: DatabaseLane
    long_work: LongWork
    """Runs what takes seconds, beside the lane."""
    reading: LongWork
    """Runs what only reads, however long: it never waits for long work that writes."""
    looks: LongWork
    """Runs looks at sticks and folders of the network, some at once: one may never answer."""
    sounds: Sounds
    sentence_of: Callable[[Exception], str]
    """Returns what is said of a failure; a bug is logged under a reference that it shows."""
    printing: Callable[[str], str]
    """Returns what becomes of a paper that was queued, as the printer is now."""
    switch: Callable[[Path], None] = lambda _directory: None
    """Goes on in the shop of another directory: closes this till, and opens that one."""

    @property
    def actor(self) -> Person:
        """Who is signed in; raises Refused where nobody is."""
        return self.shop.till.person

    def ask(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Read or write on the lane; what comes of it is told in the screen's thread."""
        self.lane.submit(work, then, failed)
