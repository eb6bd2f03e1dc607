"""Finding the customer who buys: by a part of the name, the phone or the code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.phone import masked_phone
from pos_desktop.domain.text import _, joined
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Size, Space
from pos_desktop.ui.screens.sell.choose_page import ChoosePage


@dataclass(frozen=True, slots=True)
class Found:
    """A customer whom a search has found, and what they owe."""

    customer: Customer
    owed_cents: Cents


class FindCustomerPage(ChoosePage):
    """Lists those who fit what is typed; arrows choose, Enter takes."""

    typed = Signal(str)
    chosen = Signal(str)
    """A customer was chosen: the code."""
    new_wanted = Signal(str)
    """Nobody fits, or somebody new is wanted: what was typed."""
    walk_in = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("Find a customer"),
            asked=_("Name, phone or code"),
            hint=_("Name, phone or code"),
            listed=_("Customers"),
            take=_("Take"),
        )
        self._found: Sequence[Found] | None = None
        self._text = ""
        self._may_add = False
        self._enter_waits = False
        self._new = Tile(_("New customer"), key="Ins", height=Size.TOUCH)
        walk_in = Tile(_("Walk-in"), key="Del", height=Size.TOUCH)
        self.body.addLayout(row(self._new, walk_in, gap=Space.INSIDE + 2))
        self.field.textChanged.connect(self._search)
        self.list.clicked.connect(lambda _index: self.enter())
        self._new.clicked.connect(self._want_new)
        walk_in.clicked.connect(self.walk_in)

    def begin(self, *, may_add: bool) -> None:
        """Search anew; a new customer is offered to those who may add one."""
        self._may_add = may_add
        self._new.setVisible(may_add)
        self._found = None
        self.field.clear()
        self._search("")

    def _search(self, text: str) -> None:
        self._enter_waits = False
        self.typed.emit(text)

    def show_found(self, text: str, found: Sequence[Found]) -> None:
        """Show whom a search has found, unless something else stands in the field by now."""
        if text != self.field.text():
            return
        self._found, self._text = found, text
        self._show_rows()
        if self._enter_waits:
            self.enter()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        if self._found is not None:
            self._show_rows()

    def _show_rows(self) -> None:
        nobody = _("Nobody is called “{text}”").format(text=self._text)
        if not self._text:
            nobody = _("The shop has no customers yet")
        hint = _("Enter adds a new customer.") if self._may_add else _("Try fewer letters.")
        self.take.show_title(_("Add") if self._may_add and not self._found else _("Take"))
        self.list.choose_first()
        self.list.show_rows([_row(one) for one in self._found or ()], (nobody, hint))

    def handle_key(self, event: QKeyEvent) -> bool:
        """Add with Ins; Del in an empty field is nobody."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Insert:
            self._want_new()
        elif key == Qt.Key.Key_Delete and not self.field.text():
            self.walk_in.emit()
        else:
            return super().handle_key(event)
        return True

    def enter(self) -> None:
        """Take who is chosen; an Enter that came before its search was done waits for that."""
        self._enter_waits = self._found is None or self._text != self.field.text()
        if self._enter_waits:
            return
        if self.list.key is not None and self._found:
            self.chosen.emit(str(self.list.key))
        else:
            self._want_new()

    def _want_new(self) -> None:
        if self._may_add:
            self.new_wanted.emit(self.field.text().strip())


def _row(found: Found) -> ListRow:
    customer = found.customer
    return ListRow(
        key=customer.code,
        title=customer.name,
        note=joined(" · ", (masked_phone(customer.phone), customer.code)),
        right=format_amount(found.owed_cents) if found.owed_cents else "",
    )
