"""How a sale was paid by M-Pesa, for whoever gives its money back.

One that a single payment has paid goes back by M-Pesa, no part of any.
"""

from __future__ import annotations

from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.tender import TenderKind
from pos_desktop.storage import mpesa_money, sales
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mpesa_money import Money


def payment_of_whole(database: ShopDatabase, sale_id: str) -> Money | None:
    """Return the one payment that has paid all of a sale, None where that was otherwise.

    M-Pesa gives back what it has told of, and the very amount: a payment whose code is still to
    come, or that only its code speaks for, is none.
    """
    stored = sales.by_id(database, sale_id)
    tenders = stored.sale.tenders if stored else ()
    if len(tenders) != 1 or tenders[0].kind is not TenderKind.MPESA:
        return None
    found = [
        one
        for one in mpesa_money.of_sale(database, sale_id)
        if one.state is MoneyState.MATCHED and one.is_confirmed
    ]
    is_whole = len(found) == 1 and found[0].amount_cents == tenders[0].amount_cents
    return found[0] if is_whole else None


def unconfirmed_code(database: ShopDatabase, sale_id: str) -> str | None:
    """Return a code by which a sale was paid and for which only a message speaks; None without."""
    stored = sales.by_id(database, sale_id)
    for tender in stored.sale.tenders if stored else ():
        if tender.kind is TenderKind.MPESA and tender.amount_cents > 0:
            money = mpesa_money.find(database, tender.reference)
            if money is not None and not money.is_confirmed:
                return money.receipt
    return None
