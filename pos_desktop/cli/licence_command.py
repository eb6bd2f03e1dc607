"""posctl licence: how the shop's subscription stands, and what a technician does about it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import print_json, print_table, written_minute
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.licence import Plan, Standing, state_words
from pos_desktop.domain.text import _
from pos_desktop.security.activation_seal import LONGEST_TEXT
from pos_desktop.services.licence.licence_words import (
    NO_SERVER,
    coming_sentence,
    payment_words,
    plan_words,
    price_words,
    standing_sentence,
    training_words,
)
from pos_desktop.services.licence.subscription import Overview
from pos_desktop.storage.licence_rows import LicencePayment
from pos_desktop.storage.moments import from_stored

_STANDARD_INPUT = Path("-")


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    licence = groups.add_parser(
        "licence", parents=[common], help=_("the shop's subscription to this program")
    )
    licence.set_defaults(run=_show)
    acts = licence.add_subparsers(metavar="ACT")
    show = acts.add_parser("show", parents=[common], help=_("how it stands, and its payments"))
    show.set_defaults(run=_show)
    pay = acts.add_parser(
        "pay", parents=[common], help=_("tell of a payment by M-Pesa; the supplier checks it")
    )
    pay.add_argument("receipt", metavar="RECEIPT", help=_("the code of M-Pesa's message"))
    pay.add_argument("--plan", metavar="NAME", help=_("for which plan; else the first one"))
    pay.set_defaults(run=_pay)
    again = acts.add_parser(
        "again", parents=[common], help=_("ask for the activation of a payment once more")
    )
    again.add_argument("receipt", metavar="RECEIPT")
    again.set_defaults(run=_again)
    activate = acts.add_parser(
        "activate", parents=[common], help=_("take an activation that the supplier has sent")
    )
    activate.add_argument("file", type=Path, metavar="FILE", help=_("or - for standard input"))
    activate.set_defaults(run=_activate)


def _show(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        subscription = shop.licence.subscription
        seen = subscription.overview(actor=None)
        zone, is_training = shop.configuration.zone, subscription.is_training
        shop_id, till_id = shop.books.node.shop_id, shop.books.node.till_id
    if options.json:
        ids = {"shop": shop_id, "till": till_id, "training": is_training}
        print_json(_standing_json(seen.standing) | ids | _overview_json(seen))
        return 0
    if is_training:
        print(training_words())
        return 0
    print(f"{state_words(seen.standing.state)}. {standing_sentence(seen.standing, zone)}")
    for plan in seen.plans:
        print(plan_words(plan))
    where = seen.pay_to or _("Ask the supplier of the program where to pay.")
    print(_("Pay to: {where}").format(where=where))
    print(_("Shop: {id}").format(id=shop_id))
    if seen.payments:
        titles = [_("Receipt"), _("When"), _("Plan"), _("Amount"), _("What became of it")]
        rows = [
            [
                one.receipt,
                written_minute(from_stored(one.noted_at), zone),
                one.plan,
                price_words(one.amount_cents),
                payment_words(one),
            ]
            for one in seen.payments
        ]
        print_table(titles, rows, {3})
    return 0


def _pay(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        subscription = shop.licence.subscription
        plans = subscription.overview(actor=None).plans
        plan = options.plan or (plans[0].name if plans else "")
        payment = subscription.typed(options.receipt, plan, actor=None)
    return _said(options, payment)


def _again(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        payment = shop.licence.subscription.again(options.receipt.strip().upper(), actor=None)
    return _said(options, payment)


def _said(options: argparse.Namespace, payment: LicencePayment) -> int:
    if options.json:
        print_json({"payment": _payment_json(payment)})
    elif payment.state == "granted":
        print(_("The payment {receipt} is activated already.").format(receipt=payment.receipt))
    elif payment.outcome == NO_SERVER:
        print(_("The receipt {receipt} is kept.").format(receipt=payment.receipt))
        print(payment_words(payment))
    else:
        words = _(
            "The receipt {receipt} is kept. While the till or posctl queue work runs, the supplier "
            "is asked for the activation until there is one: posctl licence tells."
        )
        print(words.format(receipt=payment.receipt))
    return 0


def _activate(options: argparse.Namespace) -> int:
    text = _read(options.file)
    with opened(options) as shop:
        activation = shop.licence.subscription.keep(text, actor=None)
        is_to_come = activation.valid_from > shop.clock.base.now()
        standing, zone = shop.licence.subscription.standing(), shop.configuration.zone
    if options.json:
        print_json(_standing_json(standing))
    else:
        if is_to_come:
            print(coming_sentence(activation, zone))
        print(standing_sentence(standing, zone))
    return 0


def _read(file: Path) -> str:
    if file.name == str(_STANDARD_INPUT):
        return sys.stdin.read(LONGEST_TEXT + 1)
    try:
        with file.open(encoding="ascii", errors="replace") as opened_file:
            return opened_file.read(LONGEST_TEXT + 1)
    except OSError as error:
        sentence = _("{file} cannot be read ({why}); choose another file.")
        raise Unavailable(sentence.format(file=file, why=error.strerror)) from error


def _standing_json(standing: Standing) -> dict[str, Any]:
    activation = standing.activation
    return {
        "state": standing.state.value,
        "until": standing.until.isoformat(),
        "days_left": standing.days_left,
        "plan": _plan_json(activation.plan) if activation else None,
        "serial": activation.serial if activation else None,
        "receipt": activation.receipt if activation else None,
    }


def _overview_json(seen: Overview) -> dict[str, Any]:
    return {
        "pay_to": seen.pay_to,
        "plans": [_plan_json(plan) for plan in seen.plans],
        "payments": [_payment_json(one) for one in seen.payments],
    }


def _plan_json(plan: Plan) -> dict[str, Any]:
    return {"name": plan.name, "price_cents": plan.price_cents, "months": plan.months}


def _payment_json(one: LicencePayment) -> dict[str, Any]:
    return {
        "receipt": one.receipt,
        "plan": one.plan,
        "amount_cents": one.amount_cents,
        "confirmed": one.is_confirmed,
        "state": one.state.value,
        "outcome": one.outcome,
        "words": payment_words(one),
        "noted_at": from_stored(one.noted_at).isoformat(),
    }
