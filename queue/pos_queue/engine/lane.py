"""The workers of one kind: what they take, and the bell that wakes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_queue.engine.bell import Bell
from pos_queue.engine.claims import Claim, Claims
from pos_queue.engine.storage import DurableStorage


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of workers of one engine."""

    claims: Claims
    bell: Bell = field(default_factory=Bell)

    def take(self, storage: DurableStorage, now: Callable[[], int]) -> Claim | None:
        """Claim the job whose turn it is; looks first, so that nothing is locked in vain."""
        if not self.claims.waits(now()):
            return None
        with storage.transaction():
            claim = self.claims.take(now())
        if claim is not None:
            self.bell.ring()
        return claim
