"""The suppliers: found by a few letters, added, changed, removed."""

from __future__ import annotations

from collections.abc import Callable

from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.records_page import RecordsPage, RecordWords
from pos_desktop.ui.screens.stock.supplier_form import SupplierFields


class SuppliersPage(RecordsPage[Supplier, SupplierForm]):
    """Lists suppliers; Enter changes the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(
            office,
            _("Suppliers"),
            office.shop.goods.suppliers,
            search=_("Search suppliers"),
            hint=_("Name, code, person, phone or place"),
        )

    def words(self) -> RecordWords:
        """Return what suppliers are called."""
        return RecordWords(
            add=_("Add a supplier"),
            add_help=_("Name, phone, how and when it is paid"),
            change_help=_("All that is known of the chosen supplier"),
            remove_help=_("Order nothing there any more; pressed twice. Goods received stay"),
            remove_question=_(
                "Remove {name}? Goods that came from there keep the name. Del removes it."
            ),
            removed=_("{name} is no supplier any more."),
        )

    def nothing(self, *, is_searched: bool) -> tuple[str, str]:
        """Return what stands where nobody is listed."""
        if is_searched:
            return _("Nobody fits"), _("Type fewer letters, or F2 adds a supplier.")
        return _("No suppliers yet"), _("F2 adds the first one.")

    def fitting(self, text: str) -> list[Supplier]:
        """Read who fits what was typed."""
        return self.office.shop.goods.suppliers.listed(text)

    def line(self, record: Supplier) -> ListRow:
        """Return the line of a supplier."""
        form = record.form
        days = form.terms_days
        right = ""
        if days is not None:
            right = ngettext("{days} day", "{days} days", days).format(days=days)
        return ListRow(
            key=record.id,
            title=form.name,
            note=joined(" · ", (form.code or "", form.contact, form.phone, form.email)),
            right=right,
        )

    def fields(self, seen: Supplier | None) -> tuple[SupplierFields, Callable[[], SupplierForm]]:
        """Return the fields of a supplier."""
        form = SupplierFields(seen.form if seen else None)
        return form, form.read
