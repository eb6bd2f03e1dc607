"""The subscription in people's words: how it stands, and what came of a payment."""

from __future__ import annotations

from datetime import tzinfo

from pos_desktop.domain.country import written_day
from pos_desktop.domain.licence import Activation, LicenceState, Plan, Standing, months_words
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.storage.licence_rows import LicencePayment, PaymentState

NO_SERVER, SERVER_NAMED = "no_server", "server_named"
"""Outcomes: no server was named when it was tried, and none was then but is by now."""
CURRENCY = "KES"
"""M-Pesa's: what the subscription is paid in, whatever the shop sells in."""


def line_words(standing: Standing, zone: tzinfo) -> str:
    """Return the quiet line for managers; empty while there is nothing to say."""
    if not standing.is_to_be_said:
        return ""
    day = written_day(standing.until.astimezone(zone))
    if standing.state is LicenceState.TRIAL:
        words = ngettext(
            "The trial of this program ends on {day}, in {count} day: see Subscription in the "
            "menu.",
            "The trial of this program ends on {day}, in {count} days: see Subscription in the "
            "menu.",
            standing.days_left,
        )
        return words.format(day=day, count=standing.days_left)
    if standing.state is LicenceState.GRACE:
        words = _(
            "The subscription to this program is over: please pay it by {day}. Everything works on."
        )
        return words.format(day=day)
    return _(
        "The subscription to this program is not paid: see Subscription in the menu. Everything "
        "works on."
    )


def standing_sentence(standing: Standing, zone: tzinfo) -> str:
    """Say how the subscription stands, in any state."""
    day = written_day(standing.until.astimezone(zone))
    words = {
        LicenceState.TRIAL: _("The trial goes on until {day}."),
        LicenceState.ACTIVE: _("The subscription is paid until {day}."),
        LicenceState.GRACE: _("The subscription is over: please pay it by {day}."),
        LicenceState.EXPIRED: _("The subscription is not paid since {day}. The till works on."),
    }[standing.state]
    return words.format(day=day)


def training_words() -> str:
    """Say why there is no subscription here."""
    return _("This is a training shop: the subscription is paid in the real one, for both.")


def plan_words(plan: Plan) -> str:
    """Return a plan with its time and price."""
    words = _("{name}: {months} for {price}")
    return words.format(
        name=plan.name, months=months_words(plan.months), price=price_words(plan.price_cents)
    )


def coming_sentence(activation: Activation, zone: tzinfo) -> str:
    """Say that an activation was taken whose time is still to come."""
    return _("It is taken, and counts from {first} to {last}.").format(
        first=written_day(activation.valid_from.astimezone(zone)),
        last=written_day(activation.valid_until.astimezone(zone)),
    )


def price_words(cents: int) -> str:
    """Return what is paid by M-Pesa."""
    return f"{CURRENCY} {format_amount(cents)}"


def payment_words(payment: LicencePayment) -> str:
    """Say what has become of a payment, and what to do where something is to be done."""
    if payment.state is PaymentState.GRANTED:
        return _("Activated.")
    said = outcome_words(payment.outcome, payment.words)
    if payment.state is PaymentState.WAITING:
        return said or _("It waits for its turn.")
    kept = _("The receipt is kept, and can be tried again.")
    return joined(" ", (said, kept))


def outcome_words(code: str, words: str) -> str:
    """Return what came of a try, from its code and the words that were said with it."""
    known = _waits() | _refusals()
    return known.get(code) or words


def _waits() -> dict[str, str]:
    return {
        NO_SERVER: _(
            "No activation server is named yet: it waits until the setting licence.server is set."
        ),
        SERVER_NAMED: _(
            "The activation server is named by now: it is asked within minutes, or at once where "
            "the receipt is tried again."
        ),
        "out_of_reach": _(
            "The supplier of the program is not reached: it goes on by itself when the network is "
            "back."
        ),
        "unclear": _("The supplier's server has given no clear answer: it is asked again later."),
        "pending": _("The supplier of the program looks for the payment: it is asked again later."),
        "stopped": _("Its job was cancelled."),
        "restored": _("It waited when the backup was made from which the shop was restored."),
        "failed": _("Its job has failed: the page of jobs says how."),
    }


def _refusals() -> dict[str, str]:
    return {
        "receipt_not_found": _(
            "The supplier of the program has no payment with this receipt: compare it with the "
            "message of M-Pesa, and to whom it was paid."
        ),
        "receipt_used": _(
            "This receipt was used for another shop: type that of the payment for this one."
        ),
        "amount_differs": _(
            "The payment is of another amount than the plan costs: ask the supplier of the program."
        ),
        "plan_unknown": _(
            "The supplier of the program does not offer this plan any more: choose another one, or "
            "ask the supplier."
        ),
        "shop_refused": _(
            "The supplier of the program gives this shop no activation: ask the supplier why."
        ),
        "program_too_old": _(
            "The program is too old for the supplier's server: bring it up to date."
        ),
        "bad_request": _(
            "The supplier's server does not understand this program: bring it up to date, or ask "
            "the supplier."
        ),
    }
