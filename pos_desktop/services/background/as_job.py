"""What the services' refusals mean to a job that runs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pos_queue.errors import GiveUp, TryLater

from pos_desktop.domain.errors import AnotherRuns, PosError, Refused


@contextmanager
def as_job(
    *, gives_up: tuple[type[PosError], ...] = (Refused,), again: float = 1.0
) -> Iterator[None]:
    """Let a job come again while another of its kind runs, and give up where trying helps nobody.

    `again` in seconds. Whatever else goes wrong is tried again, by the rules of the job.
    """
    try:
        yield
    except AnotherRuns as error:
        raise TryLater(again, str(error)) from error
    except gives_up as error:
        raise GiveUp(str(error)) from error
