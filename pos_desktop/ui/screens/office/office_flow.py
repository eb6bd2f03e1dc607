"""Which page behind the counter is open: the menu first, then each page when it is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from pos_desktop.ui.screens.office.menu_page import MenuPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage
from pos_desktop.ui.screens.office.pages import PageEntry, page_entries


class OfficeFlow(QObject):
    """Makes pages when they are first wanted, and says which is to be shown."""

    page_wanted = Signal(object)
    """An OfficePage is to be shown."""
    left = Signal()
    """Nothing behind the counter is wanted any more."""
    help_wanted = Signal()
    lock_wanted = Signal()

    def __init__(
        self, office: Office, entries: Callable[[], Sequence[PageEntry]] = page_entries
    ) -> None:
        super().__init__()
        self._office = office
        self._entries = {entry.name: entry for entry in entries()}
        self._made: dict[str, OfficePage] = {}
        self._menu: MenuPage | None = None

    def show_menu(self) -> None:
        """Show the menu."""
        if self._menu is None:
            self._menu = MenuPage(self._office, tuple(self._entries.values()))
            self._menu.opened_page.connect(self.show_page)
            self._menu.left.connect(self.left)
            self._join(self._menu)
        self._show(self._menu)

    def show_page(self, name: str) -> None:
        """Show the page of this name."""
        if name not in self._made:
            page = self._entries[name].make(self._office)
            page.left.connect(partial(self._leave, self._entries[name]))
            page.handed_on.connect(self._hand_on)
            page.taken_along.connect(self._take_along)
            page.other_wanted.connect(self.show_page)
            self._join(page)
            self._made[name] = page
        self._show(self._made[name])

    def page(self, name: str) -> OfficePage:
        """Return a page that was shown before."""
        return self._made[name]

    def _leave(self, entry: PageEntry) -> None:
        """Go back from a page: to the one that it belongs to, else to the menu."""
        if entry.part_of:
            self.show_page(entry.part_of)
        else:
            self.show_menu()

    def _hand_on(self, name: str, sentence: str) -> None:
        self.show_page(name)
        self._made[name].say(sentence)

    def _take_along(self, name: str, thing: object) -> None:
        self.show_page(name)
        self._made[name].take_in(thing)

    def _join(self, page: OfficePage) -> None:
        page.help_wanted.connect(self.help_wanted)
        page.lock_wanted.connect(self.lock_wanted)

    def _show(self, page: OfficePage) -> None:
        self.page_wanted.emit(page)
        page.opened()
