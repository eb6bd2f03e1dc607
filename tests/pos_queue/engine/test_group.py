"""Jobs that share a commit hold the file for two milliseconds at most."""

from __future__ import annotations

from pathlib import Path

from pos_queue.engine.allowance import Allowance
from pos_queue.job import Job
from pos_queue.testing.clock import StandingClock
from pos_queue.testing.practice_queue import PracticeQueue


class SlowClock(StandingClock):
    """Each look at it takes a tenth of a millisecond."""

    def monotonic(self) -> float:
        self.advance(0.0001)
        return super().monotonic()


def test_a_group_ends_when_it_has_held_the_file_for_long_enough(tmp_path: Path) -> None:
    work = Job(name="work", body=lambda _context: None, grouped=True)
    queue = PracticeQueue(tmp_path, [work], clock=SlowClock())
    queue.engine.take_next_with_the_last(True)
    numbers = [queue.enqueue("work") for _job in range(100)]
    queue.run_next()
    left = len(queue.waiting())
    assert 0 < left < len(numbers) - 1, "some are done together, not all"
    queue.drain()
    assert {queue.ended(number).state for number in numbers} == {"done"}


def test_what_did_not_fit_into_a_group_may_still_be_begun(tmp_path: Path) -> None:
    work = Job(name="work", body=lambda _context: None, grouped=True)
    queue = PracticeQueue(tmp_path, [work], clock=SlowClock())
    queue.engine.take_next_with_the_last(True)
    queue.engine.allowance = Allowance(50)
    numbers = [queue.enqueue("work") for _job in range(60)]
    queue.drain()
    assert len(queue.waiting()) == len(numbers) - 50
