"""The net below the wakes: a log that has just changed is looked at again, and not at once."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from pathlib import Path

from pos_queue.engine.runner import WAL_SECONDS
from pos_queue.job import Job

from tests.pos_queue.at_work import AtWork
from tests.pos_queue.processes import wait_until


def test_two_looks_at_the_log_never_follow_one_another_at_once(tmp_path: Path) -> None:
    """The frames of a commit are in the log before it is seen: the second look finds it then."""
    looks: list[float] = []
    with closing(AtWork(tmp_path, [Job(name="work", body=lambda _context: None)])) as work:

        def changed() -> bool:
            looks.append(work.clock.monotonic())
            return True

        runner = work.runner()
        runner._wal.changed = changed  # type: ignore[method-assign]
        work.run(runner)
        wait_until(lambda: len(looks) >= 4)
    gaps = [later - sooner for sooner, later in pairwise(looks)]
    assert all(gap >= WAL_SECONDS for gap in gaps)
