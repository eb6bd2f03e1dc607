"""Whether a reference on a payment is one that another till of the number has given out."""

from __future__ import annotations

from pos_desktop.domain.mpesa_reference import till_of
from pos_desktop.storage import mpesa_attempts, mpesa_waits, sales
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.node import current, till_codes


def is_another_tills(database: ShopDatabase, reference: str) -> bool:
    """Tell by the code of a till in it; what this till has given out by an earlier code is its own.

    An earlier code by which nothing was ever sold or asked for here may have become another till's.
    """
    code = till_of(reference)
    if code is None or code == current(database).till_code:
        return False
    if code not in till_codes(database):
        return True
    name = reference.strip().upper()
    is_known = mpesa_attempts.by_reference(database, name) or mpesa_waits.is_named(database, name)
    return not is_known and not sales.has_sold_as(database, code)
