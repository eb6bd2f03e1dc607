"""What the page of papers does: it asks the lane, and scans go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.shop import Shop
from pos_desktop.storage.print_jobs import StoredPrint
from pos_desktop.ui.screens.papers.papers_page import PapersPage
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.threads.lane import DatabaseLane


@dataclass(frozen=True, slots=True)
class _Left:
    """What is not over: papers, and how often the drawer did not open."""

    papers: list[StoredPrint]
    pulses: int


@dataclass(frozen=True, slots=True)
class _Done:
    text: str
    left: _Left


class PapersFlow(QObject):
    """Holds the page. Its acts change nothing of the open sale, so that nothing waits for them."""

    page_wanted = Signal(object)
    """The page wants to be shown."""
    counted = Signal(int)
    """So many papers are to be looked at now."""

    def __init__(self, shop: Shop, lane: DatabaseLane, counter: Counter) -> None:
        super().__init__()
        self._shop = shop
        self._lane = lane
        self._counter = counter
        self.page = PapersPage(lambda: shop.configuration.zone, shop.unsettled_prints.device)
        self.page.again.connect(self._again)
        self.page.settled.connect(self._settle)

    def show(self) -> None:
        """Show the page, once the list is read."""

        def then(left: _Left) -> None:
            self._listed(left)
            self.page_wanted.emit(self.page)

        self._lane.submit(self._left, then, self._counter.say_failed)

    def refresh(self) -> None:
        """Read the list again while it is looked at: the printer has gone on."""
        if self.page.isVisible():
            self._lane.submit(self._left, self._listed, self._counter.say_failed)

    def _left(self) -> _Left:
        prints = self._shop.unsettled_prints
        return _Left(prints.papers(), prints.pulses_failed())

    def _again(self, job_id: Id) -> None:
        person = self._shop.till.person
        prints = self._shop.unsettled_prints

        def work() -> str:
            job = prints.again(job_id, person)
            paper = _("{title}, marked as a copy,") if job.copy else "{title}"
            return paper.format(title=job.title)

        self._act(work, self._counter.say_queued)

    def _settle(self, job_id: Id) -> None:
        person = self._shop.till.person

        def work() -> str:
            job = self._shop.unsettled_prints.settle(job_id, person)
            return _("{title} is off the list.").format(title=job.title)

        self._act(work, self._counter.say)

    def _act(self, work: Callable[[], str], say: Callable[[str], None]) -> None:
        """Do this on the lane, list what is left, and say what was done."""

        def both() -> _Done:
            done = work()
            return _Done(done, self._left())

        def then(done: _Done) -> None:
            self._listed(done.left)
            say(done.text)

        def failed(error: Exception) -> None:
            self._counter.say_failed(error)
            self._lane.submit(self._left, self._listed, self._counter.say_failed)

        self._lane.submit(both, then, failed)

    def _listed(self, left: _Left) -> None:
        self.page.show_papers(left.papers, left.pulses)
        self.counted.emit(sum(paper.wants_a_person for paper in left.papers))
