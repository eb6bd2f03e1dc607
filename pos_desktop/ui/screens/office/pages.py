"""Every page behind the counter, once: its name in the menu, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """A page as the menu knows it. It is made when it is first opened: the start stays short."""

    name: str
    title: Callable[[], str]
    note: Callable[[], str]
    make: Callable[[Office], OfficePage]
    permission: Permission | None = None
    """What one must be allowed to open it; None: whoever is signed in may."""


def page_entries() -> tuple[PageEntry, ...]:
    """Return the pages in the order of the menu."""
    return (
        PageEntry(
            name="customers",
            title=lambda: _("Customers"),
            note=lambda: _("Accounts, credit, personal data"),
            make=_customers,
            permission=Permission.CUSTOMERS,
        ),
        PageEntry(
            name="staff",
            title=lambda: _("Staff"),
            note=lambda: _("People, roles and PINs"),
            make=_staff,
            permission=Permission.STAFF,
        ),
        PageEntry(
            name="roles",
            title=lambda: _("Roles"),
            note=lambda: _("Who may do what"),
            make=_roles,
            permission=Permission.STAFF,
        ),
        PageEntry(
            name="receipt",
            title=lambda: _("Receipt"),
            note=lambda: _("Logo, header, footer, paper"),
            make=_receipt,
            permission=Permission.SETTINGS,
        ),
        PageEntry(
            name="training",
            title=lambda: _("Training"),
            note=lambda: _("Practise without selling"),
            make=_training,
            permission=Permission.TRAINING,
        ),
    )


def _receipt(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.receipt_page import ReceiptPage

    return ReceiptPage(office)


def _training(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.training_page import TrainingPage

    return TrainingPage(office)


def _customers(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.customers_page import CustomersPage

    return CustomersPage(office)


def _staff(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.staff_page import StaffPage

    return StaffPage(office)


def _roles(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.roles_page import RolesPage

    return RolesPage(office)
