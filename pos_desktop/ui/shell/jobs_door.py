"""The door to the page of jobs: open from the sale and from every page behind the counter.

Whoever goes through comes back to where they were, with what they had typed there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.jobs.herald import News
from pos_desktop.ui.screens.office.page import OfficePage
from pos_desktop.ui.screens.sell.screen import SellScreen
from pos_desktop.ui.shell.jobs_state import saying

if TYPE_CHECKING:
    from pos_desktop.ui.shell.window import Window


class JobsDoor(QObject):
    """Opens the page of jobs, tells the news that leads there, and leads back."""

    def __init__(self, window: Window, show: Callable[[QWidget], None]) -> None:
        """Take the window whose toast and pill lead here, and what shows a screen in it."""
        super().__init__(window)
        self._window = window
        self._show = show
        self._news: News | None = None
        self._came_from: SellScreen | OfficePage = window.sell
        window.top_bar.jobs.pressed.connect(self.open)
        window.toast.clicked.connect(self.open)
        window.jobs.told.connect(self._tell)
        window.jobs.opened.connect(self._opened)
        window.jobs.not_opened.connect(self._refuse)
        window.jobs.screen.left.connect(self.leave)

    @property
    def leads_to_sale(self) -> bool:
        """Whether one comes back to the sale."""
        return self._came_from is self._window.sell

    def open(self) -> None:
        """Show the page of jobs; while a toast speaks of one, that one."""
        window, shown = self._window, self._window.screen_shown
        is_open = shown is window.jobs.screen
        if not is_open and not isinstance(shown, SellScreen | OfficePage):
            return
        window.help.hide()
        if window.toast.saying is not None and self._news is not None:
            window.toast.leave()
            window.jobs.show_message(self._news.message)
        elif not is_open:
            window.jobs.show()

    def leave(self) -> None:
        """Go back to where one came from; its list is read anew, what was typed there stays."""
        self._show(self._came_from)
        if isinstance(self._came_from, OfficePage):
            self._came_from.seen_again()

    def _opened(self) -> None:
        """Show the page, unless somebody has locked the till meanwhile."""
        shown = self._window.screen_shown
        if isinstance(shown, SellScreen | OfficePage):
            self._came_from = shown
            self._window.jobs.screen.show_way_back(to_sale=self.leads_to_sale)
            self._show(self._window.jobs.screen)

    def _refuse(self, error: Exception) -> None:
        """Say why the page stays closed, where one is."""
        shown = self._window.screen_shown
        if isinstance(shown, OfficePage):
            shown.office.sounds.error()
            shown.say(Notice(shown.office.sentence_of(error), Tone.DANGER))
        else:
            self._window.counter.say_failed(error)

    def _tell(self, news: News) -> None:
        """Tell the person at the till what has become of their job."""
        self._news = news
        shown, job = self._window.screen_shown, news.message.job
        if isinstance(shown, OfficePage) and job is not None and shown.tells_of(job):
            return
        self._window.toast.say(saying(news, sees_jobs=self._window.jobs.sees_jobs()))
