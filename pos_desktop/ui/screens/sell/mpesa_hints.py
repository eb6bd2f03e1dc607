"""How a customer pays by M-Pesa without a prompt, and what is said of one that is left open."""

from __future__ import annotations

from pos_desktop import settings
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.text import _, joined
from pos_desktop.services.configuration import Configuration
from pos_desktop.storage.mpesa_attempts import Attempt


def pay_hint(configuration: Configuration, reference: str, cents: Cents = 0) -> str:
    """Say to which number a customer may pay by hand, and by which reference it is found at once.

    Where so many cents are due and M-Pesa takes other ones, that is said before.
    """
    get = configuration.get
    words = _("The customer can also pay to till {number}; it is found here by itself.")
    if get(settings.MPESA_KIND) == "paybill":
        words = _(
            "The customer can also pay to PayBill {number}, account {reference}; it is found here "
            "by itself."
        )
    whole = ""
    if cents % 100:
        whole = _("{amount} is due: M-Pesa takes whole shillings.").format(
            amount=format_amount(cents)
        )
    return joined(
        " ", (whole, words.format(number=get(settings.MPESA_SHORTCODE), reference=reference))
    )


def still_asked(attempt: Attempt) -> str:
    """Say of the open sale that its customer may still pay by M-Pesa."""
    words = _("The customer was asked for {amount} by M-Pesa and may still pay: F9 shows it.")
    return words.format(amount=format_amount(attempt.amount_cents))


def left_open(attempt: Attempt) -> str:
    """Say of a sale that has gone on otherwise that its customer may still pay by M-Pesa."""
    words = _(
        "The customer still has the prompt of {amount}: they should not confirm it. What comes "
        "goes to M-Pesa in the menu."
    )
    return words.format(amount=format_amount(attempt.amount_cents))


def come_late(cents: Cents) -> str:
    """Say that a payment has come for a sale that had gone on without it."""
    words = _(
        "{amount} by M-Pesa has come for a sale that went on without it: a manager gives it back "
        "under M-Pesa in the menu."
    )
    return words.format(amount=format_amount(cents))
