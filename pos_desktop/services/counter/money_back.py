"""What becomes of the money of a part payment that is undone, tender by tender.

Cash alone goes back over the counter. What a card, a phone, an account or a voucher has paid goes
back there: whoever hands it out in cash gives it away twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import _, joined
from pos_desktop.services.paper.paper_parts import tender_name

Sums = dict[TenderKind, Cents]


def undone_words(payment: Payment) -> str:
    """Return what is to be done with what was paid, or given back: a sentence for each tender."""
    words = _taken_back if payment.is_refund else _given_back
    return joined(" ", words(_sums(payment)))


def is_cash_alone(payment: Payment) -> bool:
    """Tell whether nothing but cash has changed hands so far."""
    return {*_sums(payment)} <= {TenderKind.CASH}


def tenders_in_words(payment: Payment) -> str:
    """Return what was paid, or given back, so far: `Card 200.00 + Cash 100.00`."""
    return joined(
        " + ",
        (
            joined(" ", (tender_name(kind), format_amount(cents)))
            for kind, cents in _sums(payment).items()
        ),
    )


def undo_title(payment: Payment) -> str:
    """Return what the act of undoing a part payment is called."""
    amount = format_amount(abs(payment.paid_cents))
    if not is_cash_alone(payment):
        return _("Undo {amount}").format(amount=amount)
    text = _("Take {amount} back") if payment.is_refund else _("Give {amount} back")
    return text.format(amount=amount)


def _given_back(sums: Sums) -> Iterator[str]:
    texts: dict[TenderKind, Callable[[], str]] = {
        TenderKind.CASH: lambda: _("Give {amount} back to the customer."),
        TenderKind.MPESA: lambda: _("Send {amount} back by M-Pesa."),
        TenderKind.CARD: lambda: _("Cancel {amount} on the card terminal."),
        TenderKind.CREDIT: lambda: _("{amount} does not go on the account."),
        TenderKind.VOUCHER: lambda: _("The voucher still holds its {amount}."),
        TenderKind.EXCHANGE: lambda: _("The goods worth {amount} count no more."),
    }
    return (texts[kind]().format(amount=format_amount(cents)) for kind, cents in sums.items())


def _taken_back(sums: Sums) -> Iterator[str]:
    texts: dict[TenderKind, Callable[[], str]] = {
        TenderKind.CASH: lambda: _("Take {amount} back from the customer."),
        TenderKind.MPESA: lambda: _("No M-Pesa of {amount} goes to the customer."),
        TenderKind.CARD: lambda: _("Cancel the refund of {amount} on the card terminal."),
        TenderKind.CREDIT: lambda: _("{amount} does not come off the account."),
        TenderKind.VOUCHER: lambda: _("There is no voucher of {amount}."),
        TenderKind.EXCHANGE: lambda: _("The goods worth {amount} count no more."),
    }
    return (texts[kind]().format(amount=format_amount(cents)) for kind, cents in sums.items())


def _sums(payment: Payment) -> Sums:
    """Return what each kind of tender came to, whichever way it went."""
    sums: Sums = {}
    for one in payment.tenders:
        sums[one.kind] = sums.get(one.kind, 0) + abs(one.amount_cents)
    return sums
