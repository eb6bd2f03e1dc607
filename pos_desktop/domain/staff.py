"""Who may do what at the till. Permissions are the program's; which role has which is data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import WHOLE, BasisPoints
from pos_desktop.domain.text import _


class Permission(Enum):
    """An act that not everybody may do; the value is the word in files."""

    SELL = "sell"
    """Sell, hold, recall and give the discount that the role allows."""
    RUN_SHIFT = "run_shift"
    """Open and close one's own shift, move cash in and out with a reason."""
    VOID = "void"
    """Take a line or the whole cart away before it is paid."""
    REFUND = "refund"
    """Take goods back against their receipt."""
    REFUND_WITHOUT_RECEIPT = "refund_without_receipt"
    """Take goods back that no receipt proves."""
    REFUND_OTHERWISE = "refund_otherwise"
    """Give money back by another tender than the shop's rule says."""
    REPRINT = "reprint"
    """Print a receipt again, marked as a copy."""
    CLOSE_DAY = "close_day"
    """Close the business day with a Z."""
    SET_PRICE = "set_price"
    """Sell at another price than the catalogue's."""
    DISCOUNT_OVER_CEILING = "discount_over_ceiling"
    """Give more discount than the own role allows."""
    OPEN_DRAWER = "open_drawer"
    """Open the drawer without a sale."""
    CREDIT_OVER_LIMIT = "credit_over_limit"
    """Sell on account beyond a customer's limit."""
    CLOSE_OTHERS_SHIFT = "close_others_shift"
    """Close the shift of another person."""
    ACCEPT_UNVERIFIED = "accept_unverified"
    """Accept an M-Pesa payment that could not be verified yet."""
    MPESA = "mpesa"
    """Say what becomes of an M-Pesa payment that no sale has, or of an attempt in doubt."""
    SECOND_Z = "second_z"
    """Close a second business day on the same date."""
    CUSTOMERS = "customers"
    """Add customers and change what is known of them."""
    CUSTOMER_CREDIT = "customer_credit"
    """Say how much a customer may owe."""
    PERSONAL_DATA = "personal_data"
    """Export what is known of a person, and erase it."""
    TRAINING = "training"
    """Begin and end training."""
    CATALOGUE = "catalogue"
    """Change products, prices and suppliers."""
    STOCK = "stock"
    """Receive, count and correct stock."""
    IMPORT = "import"
    """Import files, and undo an import."""
    REPORTS = "reports"
    """See the shop's reports beyond one's own shift."""
    STAFF = "staff"
    """Add people, change roles and PINs."""
    JOBS = "jobs"
    """Retry, cancel and pause what runs in the background."""
    MAIL = "mail"
    """Write to customers, suppliers and contacts, and keep the address book."""
    SETTINGS = "settings"
    """Change settings, restore a backup, run migrations."""


_CASHIER = frozenset(
    {
        Permission.SELL,
        Permission.RUN_SHIFT,
        Permission.VOID,
        Permission.REFUND,
        Permission.REPRINT,
        Permission.CLOSE_DAY,
        Permission.CUSTOMERS,
        Permission.TRAINING,
    }
)
_SUPERVISOR = _CASHIER | {
    Permission.SET_PRICE,
    Permission.DISCOUNT_OVER_CEILING,
    Permission.OPEN_DRAWER,
    Permission.CREDIT_OVER_LIMIT,
    Permission.REFUND_WITHOUT_RECEIPT,
    Permission.REFUND_OTHERWISE,
    Permission.CLOSE_OTHERS_SHIFT,
    Permission.STOCK,
    Permission.REPORTS,
    Permission.JOBS,
}


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is in the shop, and what that allows; `name` is the word in files."""

    name: str
    permissions: frozenset[Permission]
    ceiling_bp: BasisPoints
    """The largest discount of a line or cart that the role gives without approval."""

    @property
    def label(self) -> str:
        """The role's name for people; one that the shop has made is called as the shop said."""
        return {
            CASHIER.name: _("Cashier"),
            SUPERVISOR.name: _("Supervisor"),
            MANAGER.name: _("Manager"),
        }.get(self.name, self.name)

    def may(self, permission: Permission) -> bool:
        """Tell whether the role may do something by itself."""
        return permission in self.permissions

    def may_discount(self, share: BasisPoints) -> bool:
        """Tell whether the role may give a discount without approval."""
        return share <= self.ceiling_bp


CASHIER = Role("cashier", _CASHIER, 10_00)
"""Sells, and is answerable for a drawer."""
SUPERVISOR = Role("supervisor", _SUPERVISOR, 30_00)
"""Stands behind the cashiers and approves at the till."""
MANAGER = Role("manager", frozenset(Permission), WHOLE)
"""Runs the shop: prices, settings, books. It may do everything, always."""

BUILT_IN: Mapping[str, Role] = {role.name: role for role in (CASHIER, SUPERVISOR, MANAGER)}
"""The roles that every shop has, as they are until it changes them."""

LONGEST_PIN = 8
_PIN = re.compile(rf"[0-9]{{4,{LONGEST_PIN}}}")
_ROLE = re.compile(r"[a-z][a-z0-9_-]{1,19}")
FREE_FAILURES = 3
_FIRST_LOCKOUT_SECONDS = 5
_LONGEST_LOCKOUT_SECONDS = 15 * 60


def check_role(role: Role) -> Role:
    """Return a role that a shop may have; raise Refused where its name or ceiling is none.

    The manager's stays as it is: a shop in which nobody may do everything cannot be mended.
    """
    if role.name == MANAGER.name and role != MANAGER:
        raise Refused(_("The manager may do everything: change another role."))
    if not _ROLE.fullmatch(role.name):
        raise Refused(_("A role is called by one word in small letters, such as stockkeeper."))
    if not 0 <= role.ceiling_bp <= WHOLE:
        raise Refused(_("Type a discount from 0 to 100 percent."))
    return role


def check_pin(pin: str) -> str:
    """Return a PIN; raises Refused where it is not four to eight digits."""
    if not _PIN.fullmatch(pin):
        raise Refused(_("A PIN is four to eight digits: type another."))
    return pin


def lockout_seconds(failures: int) -> int:
    """Return for how long a person may not try again after so many wrong PINs in a row.

    The first ones cost nothing; from then on the delay doubles until it reaches its longest.
    """
    beyond = failures - FREE_FAILURES
    if beyond < 0:
        return 0
    doubled = _FIRST_LOCKOUT_SECONDS << min(beyond, _LONGEST_LOCKOUT_SECONDS.bit_length())
    return min(doubled, _LONGEST_LOCKOUT_SECONDS)
