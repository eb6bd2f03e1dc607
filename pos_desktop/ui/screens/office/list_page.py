"""A page with a list, over which forms open; the list can be searched where the page wants it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pos_desktop.domain.errors import Cancelled
from pos_desktop.domain.text import _
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.letters import Letters
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.row_model import Line
from pos_desktop.ui.kit.spoken import Field, Stack
from pos_desktop.ui.kit.text_box import TextBox
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage

T = TypeVar("T")

_LONGEST_SEARCH = 60
LOOK_MS = 1_000
"""How soon a list in which something goes on is read anew."""


class ListPage(OfficePage):
    """Shows lines and what can be done to the chosen one; one form at a time lies over them.

    A page says in `refresh` what it lists, and in `list_acts` what can be done.
    """

    def __init__(
        self, office: Office, title: str, *, listed: str, search: str = "", hint: str = ""
    ) -> None:
        """Take the name of the list; with a name for it, there is a field to search by."""
        super().__init__(office, title)
        self.form: Form | None = None
        self._form_of: Person | None = None
        """Who has opened the form."""
        self.list = RowList(listed)
        self.search_field: Field | None = None
        self._busy = self._stop_asked = False
        self._below: QWidget | None = None
        self._views = Stack()
        self._views.setAccessibleName(title)
        self._card = Card(listed, column(self.list, margins=(1, 1, 1, 1)))
        self.list_view: QVBoxLayout = column(gap=Space.BETWEEN)
        if search:
            self.search_field = self._search_field(search, hint)
            self.list_view.addWidget(self.search_field)
        self.list_view.addWidget(self._card, 1)
        self._listing = Card(title, self.list_view, look="plain")
        self._views.addWidget(self._listing)
        self.letters = Letters(self.keyboard_target, self._entered)
        self.body.addWidget(self._views, 1)
        self.body.addWidget(self.letters)
        self.list.chosen.connect(self.tell_acts)
        self._soon = QTimer(self)
        self._soon.setInterval(LOOK_MS)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look_once_more)

    def _search_field(self, name: str, hint: str) -> Field:
        field = Field()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setFont(fonts.regular(Type.TABLE))
        field.setFixedHeight(Size.TOUCH)
        field.setMaxLength(_LONGEST_SEARCH)
        field.textChanged.connect(lambda _text: self.refresh())
        return field

    # what a page says of itself

    def refresh(self) -> None:
        """Read the lines anew and show them."""
        raise NotImplementedError

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done while the list is in sight."""
        raise NotImplementedError

    # the list

    def opened(self) -> None:
        """Show the list as it is now; a form that a scan has interrupted is still open.

        What somebody else has left half typed is gone.
        """
        if self.form is not None and self._form_of == self.office.actor:
            self.say(_("The form is as you left it: finish it, or leave it with Esc."))
            return
        self.say(None)
        self.letters.hide()
        self.show_instead(None)
        if self.search_field is not None:
            self.search_field.clear()
        self.refresh()

    def seen_again(self) -> None:
        """Read the list anew where it is in sight; a form, or what else lies over it, stays."""
        if self.form is None and self.below is None and not self.is_busy:
            self.refresh()

    def look_again(self) -> None:
        """Read the list anew in a moment, as long as it is seen: something in it goes on."""
        self._soon.start()

    def _look_once_more(self) -> None:
        if not self.isVisible() or self.office.shop.till.state.person is None:
            return
        if self.form is None and self.below is None and not self.is_busy:
            self.refresh()
        else:
            self._soon.start()

    def show_rows(self, rows: Sequence[Line], empty: tuple[str, str]) -> None:
        """Show these lines; of none, what is so and what can be done."""
        self.list.show_rows(rows, empty)
        self.tell_acts()

    def tell_acts(self) -> None:
        """Offer what can be done now."""
        if self.form is None:
            letters = (self._letters_act(),) if self.keyboard_target() else ()
            self.offer(*self.list_acts(), *letters)

    def _letters_act(self) -> Act:
        return Act(
            key=Qt.Key.Key_F9,
            title=_("Letters"),
            help=_("Show or hide the letters for fingers"),
            do=self.letters.toggle,
        )

    def _entered(self) -> None:
        """Do what Enter does: go on in the form, else what is offered first."""
        if self.form is not None:
            self.form.go_on()
        elif self.acts:
            self.acts[0].do()

    def step(self, by: int) -> None:
        """Choose another line."""
        self.list.move(by)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self.tell_acts()

    # what lies over the list

    @property
    def below(self) -> QWidget | None:
        """What stands in the place of the list, below any form; None while the list does."""
        return self._below

    def show_instead(self, view: QWidget | None) -> None:
        """Show something else in the place of the list; None brings the list back."""
        self.close_form()
        if view is not None and self._views.indexOf(view) < 0:
            self._views.addWidget(view)
        self._views.setCurrentWidget(view or self._listing)
        self._below = view
        self.tell_acts()
        self.take_focus()

    def open_form(
        self,
        form: Form,
        title: str,
        done: Callable[[], None],
        *,
        save: str,
        besides: tuple[Act, ...] = (),
    ) -> None:
        """Show a form over the list; `done` is called by Enter in its last field.

        `besides` is what else can be done while it is open.
        """
        self.close_form()
        self.form, self._form_of = form, self.office.actor
        head = label(title, fonts.heavy(Type.TABLE))
        whole = column(head, gap=Space.BETWEEN, margins=INSIDE)
        whole.addWidget(form, 1)
        self._views.addWidget(Card(title, whole))
        self._views.setCurrentIndex(self._views.count() - 1)
        form.done.connect(done)
        form.edited.connect(self.drop_refusal)
        self.offer(
            Act(
                key=Qt.Key.Key_Return,
                control=True,
                title=save,
                help=_("Done; so is Enter in the last field"),
                rank=Rank.FIRST,
                do=done,
            ),
            *besides,
            self._letters_act(),
        )
        form.begin()

    def close_form(self) -> None:
        """Put the form away, and what was typed in it."""
        if self.form is None:
            return
        self.form = None
        if shown := self._views.currentWidget():
            self._views.removeWidget(shown)
            shown.hide()
            shown.deleteLater()
        self._views.setCurrentWidget(self.below or self._listing)
        self.tell_acts()
        self.take_focus()

    def submit(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Write on the lane, once at a time: a second Enter meanwhile does nothing."""
        self._once(self.office.ask, work, then)

    def submit_long(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do what takes seconds beside the lane, once at a time; it tells its steps by `tell`."""
        self._once(self.office.long_work.run, work, then)

    def submit_reading(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Read what takes seconds, once at a time; it never waits for long work that writes."""
        self._once(self.office.reading.run, work, then)

    def tell(self, sentence: Callable[[], str]) -> None:
        """Let long work say how far it is, between two of its steps.

        Raises Cancelled where it is to stop.
        """
        if self._stop_asked:
            raise Cancelled
        self.office.long_work.tell(lambda: self.say(sentence()))

    @property
    def is_busy(self) -> bool:
        """Whether something is being done."""
        return self._busy

    def stop_work(self) -> None:
        """Ask the long work that runs to stop at its next step."""
        self._stop_asked = self._busy

    def _once(
        self,
        run: Callable[[Callable[[], T], Callable[[T], None], Callable[[Exception], None]], None],
        work: Callable[[], T],
        then: Callable[[T], None],
    ) -> None:
        if self._busy:
            return
        self._busy, self._stop_asked = True, False

        def done(result: T) -> None:
            self._busy = False
            then(result)

        def failed(error: Exception) -> None:
            self._busy = False
            self.refuse(error)

        run(work, done, failed)

    def saved(self, sentence: str) -> None:
        """Go back to the list after something was written, and say what."""
        self.close_form()
        self.say(sentence)
        self.refresh()

    # keys

    def leave(self) -> None:
        """Leave the form first, then the page."""
        if self.form is not None:
            self.say(None)
            self.close_form()
        elif self.below is not None:
            self.say(None)
            self.show_instead(None)
            self.refresh()
        else:
            super().leave()

    def keyboard_target(self) -> QLineEdit | TextBox | None:
        """Let typing go to the form's field, else search."""
        if self.form is None:
            return self.search_field if self.below is None else None
        current = self.form.current
        return current if isinstance(current, QLineEdit | TextBox) else None

    def handle_key(self, event: QKeyEvent) -> bool:
        """Let an open form see keys first."""
        if self.form is not None:
            if self.form.handle_key(event):
                return True
            if self.form.keeps(event):
                return False
        return super().handle_key(event)
