"""What services and workers see of the queue, whichever driver carries the jobs.

    driver = opening.open_driver(chosen_driver(os.environ), premises, shop=shop_id)
    with database.write():
        ...
        driver.intake.enqueue("send_receipt", {"sale_id": sale.id})

    driver.runner(Terms(workers=2)).run()    # in a thread or a program of its own

Every driver writes a job into the shop's file, in the caller's transaction, and every outcome is
found there too: what looks at jobs, tries them again or ends them knows of no driver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pos_queue.intake import Intake
from pos_queue.premises import STOP_SECONDS, Premises, Terms

if TYPE_CHECKING:
    from pos_queue.engine.closing_time import Why


class Runs(Protocol):
    """What runs jobs until it is stopped."""

    def run(self) -> None:
        """Run jobs until told to end."""

    def stop(self, within: float = STOP_SECONDS) -> bool:
        """End the work within so many seconds, from any thread; tell whether `run` has returned."""


class Works(Runs, Protocol):
    """The workers of one process beside the shop's file; each method from any thread."""

    @property
    def ended_for(self) -> Why | None:
        """Why no job is begun any more, None while jobs are."""

    def finish(self, within: float | None = None) -> None:
        """Begin no further job, and end once those that run have ended, or after so many seconds.

        Does not wait; may be called from the handler of a signal.
        """

    def link_changed(self) -> None:
        """Take the system's hint that the network has changed; does not wait."""


class Driver(Protocol):
    """Carries the jobs of one shop."""

    @property
    def intake(self) -> Intake:
        """The door by which jobs come in."""

    def wake(self) -> None:
        """Wake whoever works in the file: something was changed by hand."""

    def runner(self, terms: Terms | None = None, premises: Premises | None = None) -> Works:
        """Return workers that have not begun yet.

        `premises` stand in the place of the driver's own, where jobs are declared otherwise.
        """

    def close(self) -> None:
        """Give back what was opened; jobs that are written down stay."""
