"""The page of what waits for the scale, and when it comes and goes."""

from __future__ import annotations

from pos_desktop.domain.text import _, joined
from pos_desktop.services.devices.scale_words import reading_words
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.weigh_page import WeighPage


class WeighFlow(Flow):
    """Holds the page."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter
        self._weigher = counter.weigher
        self.page = WeighPage()
        self.page.again.connect(lambda: counter.in_turn(self._weigher.again))
        self.page.left.connect(self._leave_out)
        self._weigher.wanted.connect(self._show)
        self._weigher.changed.connect(self._follow)

    @property
    def pages(self) -> tuple[WeighPage]:
        """The page."""
        return (self.page,)

    @property
    def sentence(self) -> str:
        """What waits, where its page would be in the way of something else."""
        names = joined(", ", (item.name for item in self._weigher.waiting))
        return _("{names} waits for the scale.").format(names=names)

    def _show(self) -> None:
        self._counter.quiet()
        self._tell()
        self.page_wanted.emit(self.page)

    def _follow(self) -> None:
        if self._weigher.waiting:
            self._tell()
        elif self.page.isVisible():
            self.over.emit()

    def _tell(self) -> None:
        words = reading_words(self._weigher.reading())
        self.page.show_waiting(tuple(self._weigher.waiting), words, self._weigher.sentence)

    def _leave_out(self) -> None:
        self._counter.quiet()
        self._weigher.leave_out()
