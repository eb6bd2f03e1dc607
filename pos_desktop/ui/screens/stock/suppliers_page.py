"""The suppliers: found by a few letters, added, changed, removed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.stock.supplier_form import SupplierFields

K = Qt.Key


class SuppliersPage(ListPage):
    """Lists suppliers; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(
            office,
            _("Suppliers"),
            listed=_("Suppliers"),
            search=_("Search suppliers"),
            hint=_("Name, code, person, phone or place"),
        )
        self._suppliers = office.shop.goods.suppliers
        self._found: list[Supplier] = []
        self._latest = Latest()
        self._question = Question()
        """Whether a supplier is to be removed, by id."""
        self.list.chosen.connect(self._forget_question)

    @property
    def chosen(self) -> Supplier | None:
        """The supplier whose line is chosen."""
        return next((one for one in self._found if one.id == self.list.key), None)

    def refresh(self) -> None:
        """Read who fits what was typed."""
        suppliers = self._suppliers
        text = self.search_field.text() if self.search_field else ""

        def show(found: list[Supplier]) -> None:
            self._found = found
            self._show()

        self.ask(lambda: suppliers.listed(text), self._latest.only(show))

    def _show(self) -> None:
        is_searched = bool(self.search_field and self.search_field.text())
        empty = (
            (_("Nobody fits"), _("Type fewer letters, or F2 adds a supplier."))
            if is_searched
            else (_("No suppliers yet"), _("F2 adds the first one."))
        )
        self.show_rows([_row(one) for one in self._found], empty)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the chosen supplier."""
        add = Act(
            key=K.Key_F2,
            title=_("Add a supplier"),
            help=_("Name, phone, how and when it is paid"),
            do=self._add,
        )
        if self.chosen is None:
            return (add,)
        change = Act(
            key=K.Key_Return,
            title=_("Edit"),
            help=_("All that is known of the chosen supplier"),
            rank=Rank.FIRST,
            do=self._change,
        )
        remove = Act(
            key=K.Key_Delete,
            title=_("Remove it") if self._question else _("Remove"),
            help=_("Order nothing there any more; pressed twice. Goods received stay"),
            do=self._remove,
        )
        return change, add, remove

    # what is done

    def _add(self) -> None:
        self.say(None)
        form = SupplierFields()

        def save() -> None:
            suppliers, actor = self._suppliers, self.office.actor
            self._save(form, lambda typed: suppliers.add(typed, actor=actor))

        self.open_form(form, _("Add a supplier"), save, save=_("Add"))

    def _change(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        self.say(None)
        form = SupplierFields(seen.form)

        def save() -> None:
            suppliers, actor = self._suppliers, self.office.actor
            self._save(form, lambda typed: suppliers.change(seen, typed, actor=actor))

        title = _("Change {name}").format(name=seen.form.name)
        self.open_form(form, title, save, save=_("Save"))

    def _save(self, form: SupplierFields, write: Callable[[SupplierForm], Supplier]) -> None:
        typed = self.typed(form.read)
        if typed is None:
            return
        self.say(None)
        self.submit(lambda: write(typed), lambda _now: self.saved(_("Saved.")))

    def _remove(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        suppliers, actor = self._suppliers, self.office.actor
        if not self._question.confirmed(seen.id):
            text = _("Remove {name}? Goods that came from there keep the name. Del removes it.")
            self.say(Notice(text.format(name=seen.form.name), Tone.WARNING))
            self.tell_acts()
            return
        self._question_is_over()
        sentence = _("{name} is no supplier any more.").format(name=seen.form.name)
        self.submit(lambda: suppliers.remove(seen, actor=actor), lambda _gone: self.saved(sentence))

    def _forget_question(self) -> None:
        if self._question.forget():
            self._question_is_over()

    def _question_is_over(self) -> None:
        self.say(None)
        self.tell_acts()

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; what another has changed is listed anew."""
        if isinstance(error, ChangedMeanwhile):
            self.close_form()
            self.refresh()
        super().refuse(error)


def _row(supplier: Supplier) -> ListRow:
    form = supplier.form
    days = form.terms_days
    right = ""
    if days is not None:
        right = ngettext("{days} day", "{days} days", days).format(days=days)
    return ListRow(
        key=supplier.id,
        title=form.name,
        note=joined(" · ", (form.code or "", form.contact, form.phone, form.email)),
        right=right,
    )
