"""How far a batch is, as its view counts it."""

from __future__ import annotations

from typing import NamedTuple

from pos_queue.testing.practice_queue import PracticeQueue
from pos_queue.views.views import Views

from tests.pos_queue.workers import Place


class Counted(NamedTuple):
    """The members of a batch by what became of them."""

    done: int = 0
    failed: int = 0
    let_go: int = 0
    waiting: int = 0
    running: int = 0

    @property
    def total(self) -> int:
        return sum(self)


def count(queue: PracticeQueue | Place, batch: int) -> Counted:
    """Count the members of a batch; raises AssertionError for one that is not known."""
    view = Views(queue.database, queue.registry, queue.codec, queue.clock).batch(batch)
    assert view is not None, batch
    counted = Counted(view.done, view.failed, view.let_go, view.waiting, view.running)
    assert counted.total == view.total
    return counted
