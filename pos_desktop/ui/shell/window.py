"""The window: the bars, the screens, and which of them is open.

Every key and every scan comes in here, from the filter on the system's window, and goes to the
screen that is open: no widget sees a key before its screen does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pos_queue.views.shown import Counts
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain import text
from pos_desktop.domain.country import written_time
from pos_desktop.domain.money import Cents
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import Reply
from pos_desktop.services.people.sign_in import LockedOut, Person
from pos_desktop.settings import Setting
from pos_desktop.shop import Shop
from pos_desktop.storage.moments import from_stored
from pos_desktop.ui.kit import theme
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.sounds import Sounds
from pos_desktop.ui.kit.spoken import Spoken, Stack, retell
from pos_desktop.ui.kit.strip import Strip
from pos_desktop.ui.kit.toast import Toast
from pos_desktop.ui.kit.watermark import Watermark
from pos_desktop.ui.scanning.wedge_filter import WedgeFilter, wedge_settings
from pos_desktop.ui.screens.jobs.jobs_flow import JobsFlow
from pos_desktop.ui.screens.jobs.jobs_screen import JobsScreen
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.office_flow import OfficeFlow
from pos_desktop.ui.screens.office.page import OfficePage
from pos_desktop.ui.screens.papers.papers_flow import PapersFlow
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.keyboard import is_written
from pos_desktop.ui.screens.sell.keys import ScreenKey, screen_keys
from pos_desktop.ui.screens.sell.screen import SellScreen
from pos_desktop.ui.screens.sell.shift_flow import ShiftFlow
from pos_desktop.ui.screens.sell.wording import waiting
from pos_desktop.ui.shell.auto_lock import AutoLock
from pos_desktop.ui.shell.entry_screen import EntryScreen
from pos_desktop.ui.shell.help import Help, jobs_sheet, office_sheet, sell_sheet
from pos_desktop.ui.shell.jobs_door import JobsDoor
from pos_desktop.ui.shell.jobs_state import jobs_pill
from pos_desktop.ui.shell.key_bar import KeyBar
from pos_desktop.ui.shell.licence_line import LicenceLine
from pos_desktop.ui.shell.open_shift import OpenShiftScreen
from pos_desktop.ui.shell.room_line import RoomLine
from pos_desktop.ui.shell.sign_in import SignInScreen
from pos_desktop.ui.shell.top_bar import TopBar
from pos_desktop.ui.shell.wall_clock import WallClock
from pos_desktop.ui.shell.warning_strip import Subject, WarningStrip
from pos_desktop.ui.threads.lane import DatabaseLane
from pos_desktop.ui.threads.long_work import LongWork

T = TypeVar("T", str, bool)

_CUSTOMERS_AT_ONCE = 4
"""How many phones are asked for money at once: a slow answer keeps no other customer waiting."""

_LOOKS_AT_ONCE = 8
"""How many sticks and folders of a network are looked at at once; nobody waits for one."""

logger = logging.getLogger(__name__)


class Window(Spoken, QWidget):
    """The till as one sees it."""

    stood = Signal()
    """Who stands here, or the language, may have changed."""

    def __init__(self, shop: Shop, lane: DatabaseLane, sounds: Sounds) -> None:
        super().__init__()
        self._shop = shop
        self._lane = lane
        self._sounds = sounds
        self.long_work = LongWork(lane.post, self._long_work_ended)
        self.reading = LongWork(lane.post, self._long_work_ended)
        self.pushes = LongWork(lane.post, self._long_work_ended, most_at_once=_CUSTOMERS_AT_ONCE)
        self._people: list[Person] = []
        self._language_at_door = text.language()
        self._wedge: WedgeFilter | None = None
        self._may_close: Callable[[], bool] = lambda: True
        self.setWindowTitle(_("POS Desktop"))
        self.setAccessibleName(_("Till"))
        self.setMinimumSize(960, 540)
        self._make_screens()
        self._stack = Stack()
        self.help = Help(self, self._stack)
        self.leaving = Strip(_("Closing"))
        self.warning = WarningStrip()
        self._build()
        self.toast = Toast(self.top_bar, self.top_bar.free_until)
        self.licence_line = LicenceLine(shop, lane, self.counter, self.top_bar)
        self.goes_on_in: Path | None = None
        """The shop to be opened once this window has closed."""
        is_training = shop.configuration.get(settings.SHOP_TRAINING)
        self.watermark = Watermark(self, _("TRAINING")) if is_training else None
        self.jobs_door = JobsDoor(self, self._show)
        self._join()
        self.auto_lock = AutoLock(
            self, lambda: shop.configuration.get(settings.AUTO_LOCK_SECONDS), self._lock_unattended
        )
        self.wall_clock = WallClock(shop, self.top_bar, self.warning)
        self.room_line = RoomLine(self, shop, lane.post)

    def _long_work_ended(self) -> None:
        """Close the connections of a thread that did long work, in that thread."""
        self._shop.reader.close()
        self._shop.database.close()

    def _make_screens(self) -> None:
        shop, lane, sounds = self._shop, self._lane, self._sounds
        get = shop.configuration.get
        currency = get(settings.SHOP_CURRENCY)
        self.counter = Counter(shop, lane, sounds)
        self.top_bar = TopBar(
            get(settings.SHOP_NAME), shop.books.node.till_code, demo=get(settings.SHOP_DEMO)
        )
        self.key_bar = KeyBar(screen_keys())
        self.sign_in = SignInScreen(get(settings.SHOP_NAME))
        self.open_shift = OpenShiftScreen(currency)
        shift = ShiftFlow(shop, self.counter)
        self.sell = SellScreen(self.counter, currency, lambda: self._people, shift, self.pushes)
        self.papers = PapersFlow(shop, lane, self.counter)
        self.sell.take_in(self.papers.page)
        self.jobs = JobsFlow(shop, lane, self.counter)
        self.office = OfficeFlow(
            Office(
                shop=shop,
                lane=lane,
                long_work=self.long_work,
                reading=self.reading,
                looks=LongWork(lane.post, lambda: None, most_at_once=_LOOKS_AT_ONCE),
                sounds=sounds,
                sentence_of=self.counter.sentence_of,
                printing=lambda paper: self.counter.printer.notice(paper).text,
                switch=self._switch,
            )
        )
        self.sell.show_pad(shown=get(settings.KEYPAD))

    def _build(self) -> None:
        for screen in (self.sign_in, self.open_shift, self.sell, self.jobs.screen):
            self._stack.addWidget(screen)
        self._stack.setAccessibleName(_("Screens"))
        layout = column(self.top_bar, self.leaving, self.warning, gap=0)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.key_bar)
        self.setLayout(layout)
        self.key_bar.hide()

    def _join(self) -> None:
        self.counter.locked.connect(self._locked)
        self.counter.float_wanted.connect(self._ask_float)
        self.sign_in.submitted.connect(self._sign_in)
        self.sign_in.language_chosen.connect(self._choose_language)
        self.open_shift.submitted.connect(self._open_shift)
        self.open_shift.day_wanted.connect(self._show_shift)
        self.open_shift.left.connect(self.counter.lock)
        self.sell.shift.page_wanted.connect(self._show_person)
        self.sell.pad_chosen.connect(lambda shown: self._keep(settings.KEYPAD, shown))
        self.sell.help_wanted.connect(self.show_help)
        self.papers.page_wanted.connect(self.sell.show_page)
        self.top_bar.printer.pressed.connect(self._show_papers)
        self.top_bar.menu.clicked.connect(self._show_menu)
        self.licence_line.toast.clicked.connect(self._show_menu)
        self.office.page_wanted.connect(self._show_office)
        self.office.left.connect(self._leave_office)
        self.office.help_wanted.connect(self.show_help)
        self.office.lock_wanted.connect(self.counter.lock)
        self.jobs.counted.connect(self._show_counts)
        self.jobs.screen.help_wanted.connect(self.show_help)
        self.help.left.connect(self.help.hide)
        self.key_bar.pressed.connect(self._bar_pressed)

    def start(self) -> None:
        """Learn who may sign in and what was left open; the window can be shown meanwhile."""
        self.counter.start()
        self._lane.submit(self._shop.sign_in.people, self._show_people)
        self.jobs.start()
        if self._shop.changed_outside:
            self.warning.tell(
                Subject.BOOKS,
                _(
                    "The books may have been changed past the till: posctl verify says where. "
                    "Tell the owner; selling goes on."
                ),
            )
        self._lane.submit(self._shop.clock_watch.look, lambda _doubt: self.wall_clock.tick())
        self.room_line.start()

    def ask_before_close(self, may_close: Callable[[], bool]) -> None:
        """Have this asked whenever the window is to close; it stays open where the answer is no."""
        self._may_close = may_close

    @property
    def screen_shown(self) -> EntryScreen | SellScreen | JobsScreen | OfficePage:
        """The screen that is open."""
        shown = self._stack.currentWidget()
        assert isinstance(shown, EntryScreen | SellScreen | JobsScreen | OfficePage)
        return shown

    def show_help(self) -> None:
        """Show the help over the screen."""
        screen = self.screen_shown
        if isinstance(screen, OfficePage):
            self.help.show_sheet(office_sheet(screen))
        else:
            is_jobs, to_sale = screen is self.jobs.screen, self.jobs_door.leads_to_sale
            self.help.show_sheet(jobs_sheet(to_sale=to_sale) if is_jobs else sell_sheet())

    def speak(self, language: str) -> None:
        """Let the whole till speak a language from now on: all that is seen is said in it.

        Nothing else changes: the open sale, what is typed, the page, who is signed in and what
        runs in the background stay. What is on paper or stored already stays as it was said.
        Raises ValueError for a language that the program does not have.
        """
        if language == text.language():
            return
        text.speak(language)
        retell(self)
        self._show_person()
        self.wall_clock.tick()
        self.jobs.tell_counts()
        if self.help.isVisible():
            self.show_help()

    def toggle_language(self) -> None:
        """Speak the next of the languages."""
        known = text.languages()
        self._choose_language(known[(known.index(text.language()) + 1) % len(known)])

    def _choose_language(self, language: str) -> None:
        """Speak a language: kept for who is signed in; chosen at the door, for the machine."""
        self.speak(language)
        person = self._shop.till.state.person
        if person is None:
            self._language_at_door = language
            self._keep(settings.LANGUAGE, language)
        else:
            self._lane.later(lambda: self._shop.staffing.speak(person, language))

    def toggle_theme(self) -> None:
        """Change between light and dark, and keep it for this machine."""
        name = "dark" if theme.name() == "light" else "light"
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.use(app, name)
        self._keep(settings.THEME, name)

    def _keep(self, setting: Setting[T], value: T) -> None:
        """Keep what was chosen for this machine; the lane writes it."""
        shop, person = self._shop, self._shop.till.state.person
        self._lane.later(lambda: shop.configuration.set(setting, value, shop.books, actor=person))

    def toggle_full_screen(self) -> None:
        """Fill the whole screen, or not."""
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    # keys and scans

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Listen on the window as the system knows it, once there is one."""
        super().showEvent(event)
        handle = self.windowHandle()
        if self._wedge is None and handle is not None:
            self._wedge = WedgeFilter(
                handle,
                wedge_settings(self._shop.configuration),
                scanned=self.take_scan,
                typed=self._typed,
                touched=self.auto_lock.touched,
            )
        self.screen_shown.take_focus()

    def learn_scanner(self) -> None:
        """Tell a scanner from a person as the settings say now."""
        if self._wedge is not None:
            self._wedge.go_by(wedge_settings(self._shop.configuration))

    def take_scan(self, code: str) -> None:
        """Take a code from a scanner, whatever is open and has focus."""
        self.help.hide()
        self.jobs.stay_away()
        if self.screen_shown is self.jobs.screen:
            self.jobs_door.leave()
        screen = self.screen_shown
        if isinstance(screen, OfficePage) and screen.takes_scans:
            screen.scanned(code)
            return
        if isinstance(screen, OfficePage):
            self._leave_office()
        screen = self.screen_shown
        assert not isinstance(screen, JobsScreen | OfficePage)
        if not isinstance(screen, SellScreen):
            self._sounds.error()
        screen.scanned(code)

    def _typed(self, event: QKeyEvent) -> bool:
        if self.help.isVisible():
            if not event.isAutoRepeat():
                self.help.hide()
            return True
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._chord(event.key()):
            return True
        self.jobs.stay_away()
        is_jobs = self.screen_shown is self.jobs.screen
        if is_jobs and self.jobs_door.leads_to_sale and is_written(event):
            self._show(self.sell)
        return self.screen_shown.handle_key(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take keys that came to a widget by another way, such as an input method's."""
        if not self._typed(event):
            super().keyPressEvent(event)

    def _chord(self, key: int) -> bool:
        act = {
            Qt.Key.Key_S: self._show_shift,
            Qt.Key.Key_P: self._show_papers,
            Qt.Key.Key_W: self.jobs_door.open,
            Qt.Key.Key_B: self._show_menu,
            Qt.Key.Key_K: self.sell.toggle_pad,
            Qt.Key.Key_L: self.toggle_language,
            Qt.Key.Key_T: self.toggle_theme,
            Qt.Key.Key_F: self.toggle_full_screen,
            Qt.Key.Key_X: self.warning.take_away if self.warning.notice else None,
        }.get(Qt.Key(key))
        if act is not None:
            act()
        return act is not None

    def _bar_pressed(self, key: ScreenKey) -> None:
        if key.shift:
            self.sell.clear()
        elif not key.control:
            self.sell.do_key(key.key)
        else:
            self._chord(key.key)

    # who sells

    def _show_people(self, people: list[Person]) -> None:
        self._people = people
        self.sign_in.show_people(people)

    def _sign_in(self, login: str, pin: str) -> None:
        self.counter.carry_out(do.Login(login, pin), self._signed_in, self._refused)

    def _signed_in(self, _reply: Reply) -> None:
        self.sign_in.who.clear()
        self.speak(self._shop.till.person.language or self._language_at_door)
        if self._shop.till.state.shift is None:
            self.open_shift.begin()
            self._show(self.open_shift)
        else:
            self._show(self.sell)
        self.licence_line.look()

    def _show_shift(self) -> None:
        """Show the shift; also before one is open, since the day may be left to close."""
        if self.screen_shown is self.open_shift:
            self._show(self.sell)
        if self.screen_shown is self.sell:
            self.sell.show_shift()

    def _show_papers(self) -> None:
        if self.screen_shown is self.sell:
            self.papers.show()

    def _show_menu(self, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        """Show the menu of the pages behind the counter, to whoever is signed in."""
        if self._shop.till.state.person is not None:
            self.help.hide()
            self.office.show_menu()

    def _switch(self, directory: Path) -> None:
        """Close this till, and let the program go on in another shop."""
        self.goes_on_in = directory
        if not self.close():
            self.goes_on_in = None

    def _show_office(self, page: OfficePage) -> None:
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._show(page)

    def _leave_office(self) -> None:
        """Go back to where selling goes on: to the sale, or to the float that is wanted first."""
        self._lane.submit(self._shop.sign_in.people, self._know_people)
        self._show(self.open_shift if self._shop.till.state.shift is None else self.sell)

    def _know_people(self, people: list[Person]) -> None:
        """Know who may approve: somebody may have been added behind the counter."""
        self._people = people

    def _show_counts(self, counts: Counts, works: bool, unread: int) -> None:  # noqa: FBT001 - Qt's
        """Show in the top bar how many jobs there are; a window that is gone hears of none."""
        self.top_bar.show_jobs(*jobs_pill(counts, works=works, unread=unread))

    def _ask_float(self, sentence: str) -> None:
        """Ask for a float; a surprise waits until what closing came to has been read."""
        if self.screen_shown is not self.sell:
            return
        if sentence and self.sell.page is self.sell.shift.closed:
            return
        self.sell.show_tenders()
        self.open_shift.begin()
        if sentence:
            self.open_shift.refuse(sentence)
        self._show(self.open_shift)

    def _open_shift(self, cents: Cents) -> None:
        self.counter.carry_out(
            do.ShiftOpen(cents), lambda _reply: self._show(self.sell), self._refused
        )

    def _lock_unattended(self) -> None:
        """Ask for a PIN where somebody is signed in: nobody has touched the till for long."""
        if self._shop.till.state.person is not None:
            self.help.hide()
            self.counter.lock()

    def _locked(self) -> None:
        self.licence_line.leave()
        self.speak(self._language_at_door)
        self.sell.show_tenders()
        self.sell.hide_letters()
        self.sign_in.show_waiting(waiting(self.counter.basket, self.counter.payment))
        self._show(self.sign_in)
        self._lane.submit(self._shop.sign_in.people, self._show_people)

    def _refused(self, error: Exception) -> None:
        self._sounds.error()
        screen = self.screen_shown
        if isinstance(error, LockedOut) and screen is self.sign_in:
            self.sign_in.lock(error.seconds)
        elif isinstance(screen, SignInScreen | OpenShiftScreen):
            screen.refuse(self.counter.sentence_of(error))

    def _show(self, screen: QWidget) -> None:
        if isinstance(screen, JobsScreen | OfficePage):
            self.sell.keep_sale()
            self.licence_line.leave()
        elif screen is not self.sell and self.screen_shown is self.sell:
            self.counter.quiet()
        self._stack.setCurrentWidget(screen)
        listening = screen in (self.sell, self.jobs.screen) or isinstance(screen, OfficePage)
        if not listening:
            self.toast.leave()
        self.jobs.listen(listening=listening)
        self.key_bar.setVisible(screen is self.sell)
        self._show_person()
        self.screen_shown.take_focus()

    def _show_person(self) -> None:
        state = self._shop.till.state
        since = ""
        if state.shift is not None and state.person is not None:
            opened = from_stored(state.shift.opened_at).astimezone(self._shop.configuration.zone)
            since = written_time(opened)
        self.top_bar.show_person(state.person.name if state.person else "", since)
        self.stood.emit()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let what waits be finished first; the window stays open while that takes long."""
        if not self._may_close():
            event.ignore()
            return
        self.wall_clock.stop()
        self.room_line.stop()
        self.jobs.stop()
        super().closeEvent(event)
