"""What each permission lets people do, in words."""

from __future__ import annotations

from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _

P = Permission


def permission_words(permission: Permission) -> tuple[str, str]:
    """Return a permission in two or three words, and what exactly it allows."""
    return _at_the_till().get(permission) or _behind_the_counter()[permission]


def _at_the_till() -> dict[Permission, tuple[str, str]]:
    return {
        P.SELL: (_("Sell"), _("Sell, hold and recall, and give the discount that the role allows")),
        P.RUN_SHIFT: (
            _("Run a shift"),
            _("Open and close one's own shift; cash in and out with a reason"),
        ),
        P.VOID: (_("Remove lines"), _("Take a line or the whole cart away before it is paid")),
        P.REFUND: (_("Refund"), _("Take goods back against their receipt")),
        P.REFUND_WITHOUT_RECEIPT: (
            _("Refund without a receipt"),
            _("Take goods back that no receipt proves"),
        ),
        P.REFUND_OTHERWISE: (
            _("Refund by another tender"),
            _("Give money back in another way than the shop's rule says"),
        ),
        P.REPRINT: (_("Reprint"), _("Print a receipt again, marked as a copy")),
        P.CLOSE_DAY: (_("Close the day"), _("Close the business day with a Z")),
        P.SET_PRICE: (_("Change a price"), _("Sell at another price than the catalogue's")),
        P.DISCOUNT_OVER_CEILING: (
            _("Approve discounts"),
            _("Let others discount more than they may, up to one's own ceiling"),
        ),
        P.OPEN_DRAWER: (_("Open the drawer"), _("Open the cash drawer without a sale")),
        P.CREDIT_OVER_LIMIT: (
            _("Credit beyond the limit"),
            _("Sell on account beyond a customer's limit"),
        ),
        P.CLOSE_OTHERS_SHIFT: (
            _("Close others' shifts"),
            _("Close the shift of another person"),
        ),
        P.ACCEPT_UNVERIFIED: (
            _("Unverified M-Pesa"),
            _("Accept an M-Pesa payment that could not be verified yet"),
        ),
        P.MPESA: (
            _("Decide about M-Pesa"),
            _("Attach payments that no sale has, give them back, end attempts in doubt"),
        ),
        P.SECOND_Z: (_("A second Z"), _("Close a second business day on the same date")),
    }


def _behind_the_counter() -> dict[Permission, tuple[str, str]]:
    return {
        P.CUSTOMERS: (_("Customers"), _("Add customers and change what is known of them")),
        P.CUSTOMER_CREDIT: (_("Credit limits"), _("Say how much a customer may owe")),
        P.PERSONAL_DATA: (
            _("Personal data"),
            _("Export what is known of a person, and erase it"),
        ),
        P.TRAINING: (_("Training"), _("Begin and end training")),
        P.CATALOGUE: (_("Catalogue"), _("Change products, prices and suppliers")),
        P.STOCK: (_("Stock"), _("Receive, count and correct stock")),
        P.IMPORT: (_("Import"), _("Import files, and take an import back")),
        P.REPORTS: (_("Reports"), _("See the shop's reports beyond one's own shift")),
        P.STAFF: (_("Staff"), _("Add people, change roles and PINs")),
        P.JOBS: (_("Background work"), _("Try again, cancel and pause what runs there")),
        P.MAIL: (
            _("E-mail"),
            _("Write to customers, suppliers and contacts, and keep the address book"),
        ),
        P.SETTINGS: (_("Settings"), _("Change settings, restore a backup")),
    }
