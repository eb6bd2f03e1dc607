"""How it stands with a payment: what may be done with it now, and why something may not be.

The list reads it, and each act asks again in the transaction that writes: what may be done is said
by `domain/mpesa_tray` alone.
"""

from __future__ import annotations

from datetime import datetime

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.mpesa_money import MAY_BE_USED, MoneyState
from pos_desktop.domain.mpesa_tray import REVERSAL_TOLD_WITHIN, Standing, TrayAct
from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.storage import mpesa_requests, sales
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import OPEN, MpesaRequest, RequestKind, RequestState

_GIVE_MORE_BACK = frozenset({TrayAct.CASH, TrayAct.CREDIT})
_LOOKED_UP = frozenset({TrayAct.WENT_BACK, TrayAct.STAYED})


class NotConfirmed(Refused):
    """M-Pesa has not confirmed this payment yet: look in its portal."""


class ReversalsByHand(Refused):
    """This shop cannot ask M-Pesa to give money back: do it in the portal, and note it here."""


class AskedJustNow(Refused):
    """M-Pesa was asked just now: wait for half an hour before you look into the portal."""


class NothingOver(Refused):
    """No more has come than the receipt counts: nothing goes back."""


def last_reversal(database: ShopDatabase, receipt: str) -> MpesaRequest | None:
    """Return how M-Pesa was last asked to give a payment back, None where it never was."""
    asked = mpesa_requests.of_receipt(database, receipt)
    return next((one for one in reversed(asked) if one.kind is RequestKind.REVERSAL), None)


def standing_of(
    database: ShopDatabase,
    money: Money,
    request: MpesaRequest | None,
    now: datetime,
    *,
    can_ask_back: bool,
) -> Standing:
    """Return how it stands with a payment that M-Pesa was last asked to give back so."""
    is_open = request is not None and request.state in OPEN
    return Standing(
        state=money.state,
        is_confirmed=money.is_confirmed,
        can_ask_back=can_ask_back,
        is_asked_back=is_open,
        is_overdue=request is not None and is_overdue(request, now),
        was_refused=request is not None and not is_open,
        over_cents=over_cents(database, money) if money.state is MoneyState.DIFFERS else 0,
        is_owed=_is_owed(database, money),
        went_too=went_too(request),
    )


def _is_owed(database: ShopDatabase, money: Money) -> bool:
    """Tell whether a payment was to go back for goods that came back, and has not."""
    if money.state is not MoneyState.SUSPENSE or money.sale_id is None:
        return False
    return sales.is_given_back(database, money.sale_id, TenderKind.MPESA, money.receipt)


def why_not(standing: Standing, act: TrayAct) -> Refused:
    """Return what to say to who wants to do what may not be done, as it stands."""
    if act in _LOOKED_UP and standing.is_asked_back and not standing.is_overdue:
        return AskedJustNow()
    if standing.state is MoneyState.DIFFERS and act in _GIVE_MORE_BACK:
        return NothingOver()
    if standing.state in MAY_BE_USED | {MoneyState.UNVERIFIED} and not standing.is_confirmed:
        return NotConfirmed()
    if standing.state in MAY_BE_USED and act is TrayAct.REVERSE:
        return ReversalsByHand()
    return ChangedMeanwhile()


def over_cents(database: ShopDatabase, money: Money) -> Cents:
    """Return by how much more has come than its sale counted; negative for less, nought else."""
    told = told_cents(database, money.sale_id or "", money.receipt)
    return money.amount_cents - told if told is not None else 0


def told_cents(database: ShopDatabase, sale_id: Id, named: str) -> Cents | None:
    """Return how much the M-Pesa tender of a sale comes to that names this, None without one."""
    stored = sales.by_id(database, sale_id)
    for one in stored.sale.tenders if stored else ():
        if one.kind is TenderKind.MPESA and one.reference == named and one.amount_cents > 0:
            return one.amount_cents
    return None


def went_too(request: MpesaRequest | None) -> bool:
    """Tell whether M-Pesa gave back what was settled otherwise, and nobody has seen it."""
    return request is not None and request.state is RequestState.DONE_TOO


def is_overdue(request: MpesaRequest, now: datetime) -> bool:
    """Tell whether the answer to a reversal should have come by now, and has not."""
    return request.state in OPEN and from_stored(request.asked_at) + REVERSAL_TOLD_WITHIN <= now
