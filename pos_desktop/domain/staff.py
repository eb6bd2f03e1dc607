"""Who may do what at the till. The mappings are data: a shop may hand in others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import WHOLE, BasisPoints
from pos_desktop.domain.text import _


class Role(Enum):
    """What a person is in the shop; the value is the word in files."""

    CASHIER = "cashier"
    """Sells, and is answerable for a drawer."""
    SUPERVISOR = "supervisor"
    """Stands behind the cashiers and approves at the till."""
    MANAGER = "manager"
    """Runs the shop: prices, settings, books."""


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
    SECOND_Z = "second_z"
    """Close a second business day on the same date."""
    CATALOGUE = "catalogue"
    """Change products, prices, customers and suppliers."""
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
    }
)
_SUPERVISOR = _CASHIER | {
    Permission.SET_PRICE,
    Permission.DISCOUNT_OVER_CEILING,
    Permission.OPEN_DRAWER,
    Permission.CREDIT_OVER_LIMIT,
    Permission.CLOSE_OTHERS_SHIFT,
    Permission.STOCK,
    Permission.REPORTS,
    Permission.JOBS,
}

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.CASHIER: _CASHIER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.MANAGER: frozenset(Permission),
}

DISCOUNT_CEILINGS: Mapping[Role, BasisPoints] = {
    Role.CASHIER: 10_00,
    Role.SUPERVISOR: 30_00,
    Role.MANAGER: WHOLE,
}
"""The largest discount of a line or cart that a role gives without approval."""

_PIN = re.compile(r"[0-9]{4,8}")
_FREE_FAILURES = 3
_FIRST_LOCKOUT_SECONDS = 5
_LONGEST_LOCKOUT_SECONDS = 15 * 60


def may(
    role: Role,
    permission: Permission,
    permissions: Mapping[Role, frozenset[Permission]] = PERMISSIONS,
) -> bool:
    """Tell whether a role may do something by itself."""
    return permission in permissions[role]


def may_discount(
    role: Role, share: BasisPoints, ceilings: Mapping[Role, BasisPoints] = DISCOUNT_CEILINGS
) -> bool:
    """Tell whether a role may give a discount without approval."""
    return share <= ceilings[role]


def check_pin(pin: str) -> str:
    """Return a PIN; raises Refused where it is not four to eight digits."""
    if not _PIN.fullmatch(pin):
        raise Refused(_("A PIN is four to eight digits: type another."))
    return pin


def lockout_seconds(failures: int) -> int:
    """Return for how long a person may not try again after so many wrong PINs in a row.

    The first ones cost nothing; from then on the delay doubles until it reaches its longest.
    """
    beyond = failures - _FREE_FAILURES
    if beyond < 0:
        return 0
    doubled = _FIRST_LOCKOUT_SECONDS << min(beyond, _LONGEST_LOCKOUT_SECONDS.bit_length())
    return min(doubled, _LONGEST_LOCKOUT_SECONDS)
