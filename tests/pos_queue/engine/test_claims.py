"""Which job is taken first, whatever queue it waits in."""

from __future__ import annotations

from pathlib import Path

from pos_queue.context import JobContext
from pos_queue.job import Job
from pos_queue.testing.practice_queue import PracticeQueue


def test_the_higher_priority_goes_first_also_from_another_queue(tmp_path: Path) -> None:
    ran: list[int] = []

    def body(context: JobContext) -> None:
        ran.append(context.number)

    jobs = [Job(name=name, queue=name, body=body) for name in ("mail", "print")]
    queue = PracticeQueue(tmp_path, jobs)
    low, high = queue.enqueue("mail"), queue.enqueue("print", priority=5)
    queue.drain()
    assert ran == [high, low]
    queue.database.close()
