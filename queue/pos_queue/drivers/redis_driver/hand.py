"""The jobs that a runner beside the shop's file has taken off the board, for its own workers.

A job is in the hand once the file says that this runner runs it and the board has let it go: from
there on everything is as with a job from the file, and a runner that dies leaves its jobs as any
other does. So a hand is small: others could run what it holds.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pos_queue.engine.bell import Bell
from pos_queue.engine.claims import Claim
from pos_queue.engine.lane import Lane
from pos_queue.engine.storage import DurableStorage


class Hand:
    """Claimed jobs that no worker has begun yet; from any thread."""

    def __init__(self) -> None:
        self.emptied = Bell()
        """Rung when a job was taken."""
        self._lock = threading.Lock()
        self._claims: deque[Claim] = deque()

    def __len__(self) -> int:
        return len(self._claims)

    def deal(self, claims: Iterable[Claim]) -> None:
        """Add jobs behind those that are there."""
        with self._lock:
            self._claims.extend(claims)

    def pop(self) -> Claim | None:
        """Take the first job, None where there is none."""
        with self._lock:
            claim = self._claims.popleft() if self._claims else None
        self.emptied.ring()
        return claim

    def empty(self) -> list[Claim]:
        """Take all jobs."""
        with self._lock:
            claims, self._claims = list(self._claims), deque()
        return claims


@dataclass(frozen=True, slots=True)
class HandLane(Lane):
    """Workers that take what was dealt to them."""

    hand: Hand = field(default_factory=Hand)

    def take(self, storage: DurableStorage, now: Callable[[], int]) -> Claim | None:  # noqa: ARG002 - a lane's signature
        """Take the next job of the hand, which is claimed already."""
        return self.hand.pop()
