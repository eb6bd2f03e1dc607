"""posctl mpesa status, unmatched: how things stand, and what is left over."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos_sync.mpesa.nairobi import SKEW_ALLOWED

from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import print_json, print_table, written_minute
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.mpesa_attempt import UNDER_WAY, AttemptState
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.mpesa.attempt_words import under_way_words
from pos_desktop.services.mpesa.setup.call_check import (
    Answered,
    check_answers,
)
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaSetup
from pos_desktop.services.mpesa.setup.setup_names import console_names
from pos_desktop.services.mpesa.setup.setup_needs import needs
from pos_desktop.services.mpesa.statements.statement_counts import StatementCounts
from pos_desktop.services.mpesa.tray.tray import ALL, TrayItem
from pos_desktop.services.mpesa.tray.tray_words import state_words, told_words
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_attempts, mpesa_waits
from pos_desktop.storage.moments import from_stored


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of these acts."""
    status = acts.add_parser(
        "status",
        parents=[common],
        help=_("what is set up, whether M-Pesa answers, what is open"),
        description=_(
            "Say what is set up and what is missing, fetch one token, and say what is open. Exit 1 "
            "where M-Pesa or the relay was asked and did not answer, or refused the keys."
        ),
    )
    status.set_defaults(run=_status)
    unmatched = acts.add_parser(
        "unmatched",
        parents=[common],
        help=_("payments that belong to no sale, and what else is left over"),
        description=_(
            "List what a day may not end with, as M-Pesa in the till's menu does: payments in the "
            "tray, typed ones of sales that nobody has confirmed, and pushes that are paid and "
            "have no receipt after a day."
        ),
    )
    unmatched.add_argument("--strict", action="store_true", help=_("exit 1 where anything is left"))
    unmatched.set_defaults(run=_unmatched)


# how things stand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    setup: MpesaSetup
    missing: Sequence[str]
    answered: Answered | None
    relay: CheckStep | None
    attempts: dict[AttemptState, int]
    waits: int
    read_until: datetime | None
    shows_payments: bool
    left: Sequence[TrayItem]


def _status(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        status = _found(shop)
        if options.json:
            print_json(_as_json(status))
        else:
            for line in _lines(status, shop):
                print(line)
    has_answered = status.answered is None or status.answered.is_good
    return 0 if has_answered and (status.relay is None or status.relay.ok) else 1


def _found(shop: Shop) -> _Status:
    setup = shop.mpesa.setup
    is_asked, names = setup.can_call and not setup.is_training, console_names()
    has_relay = bool(setup.key(MpesaKey.RELAY_KEY))
    return _Status(
        setup=setup,
        missing=missing(setup),
        answered=check_answers(shop.mpesa.daraja, names) if is_asked else None,
        relay=shop.mpesa.setup_check.relay(names) if is_asked and has_relay else None,
        attempts=mpesa_attempts.counts(shop.reader, UNDER_WAY),
        waits=mpesa_waits.count_open(shop.reader),
        read_until=shop.mpesa.payment_list.read_until,
        shows_payments=shop.mpesa.payment_list.shows_payments,
        left=shop.mpesa.tray.to_do(actor=None, most=ALL),
    )


def _as_json(status: _Status) -> dict[str, Any]:
    setup, answered = status.setup, status.answered
    skew = answered.skew if answered else None
    account = setup.account if setup.has_number else None
    return {
        "number": account.number if account else None,
        "kind": account.kind.value if account else None,
        "head_office": account.head_office or None if account else None,
        "base_url": account.base_url if account else None,
        "reports": bool(account and account.callback_url),
        "keys": {key.value.removeprefix("mpesa "): bool(setup.key(key)) for key in MpesaKey},
        "can_ask_phones": setup.can_ask_phones,
        "missing": [*status.missing],
        "answers": answered.is_good if answered else None,
        "answer": str(answered.words) if answered else None,
        "relay_answers": status.relay.ok if status.relay else None,
        "relay_answer": str(status.relay.detail) if status.relay else None,
        "clock_ahead_seconds": round(skew.total_seconds()) if skew is not None else None,
        "attempts": {state.value: count for state, count in status.attempts.items()},
        "waits": status.waits,
        "list_read_until": status.read_until.isoformat() if status.read_until else None,
        "list_has_ever_shown_a_payment": status.shows_payments,
        "left": [
            {"state": state, "count": count, "amount_cents": cents}
            for state, count, cents in _sums(status.left, _state)
        ],
    }


def _lines(status: _Status, shop: Shop) -> Iterator[str]:
    yield from _account_lines(status.setup)
    for words in status.missing:
        yield f"  {words}"
    yield from _answer_lines(status.answered)
    if status.relay is not None:
        yield str(status.relay.detail) or _("The relay answers this till.")
    yield from _open_lines(status)
    if status.setup.can_call:
        yield from _list_lines(status, shop)
    yield from _left_lines(status)


def _account_lines(setup: MpesaSetup) -> Iterator[str]:
    if not setup.has_number:
        yield _("M-Pesa is not set up.")
        return
    account = setup.account
    kind = {"till": _("Till"), "paybill": _("PayBill")}[account.kind.value]
    of = _(" of head office {number}").format(number=account.head_office)
    yield _("{kind} {number}{of}, at {url}.").format(
        kind=kind,
        number=account.number,
        of=of if account.head_office else "",
        url=account.base_url,
    )
    if setup.can_ask_phones:
        yield _("Phones can be asked for money.")


def _answer_lines(answered: Answered | None) -> Iterator[str]:
    if answered is None:
        return
    yield str(answered.words)
    if answered.skew is not None:
        seconds = round(answered.skew.total_seconds())
        if abs(answered.skew) > SKEW_ALLOWED:
            yield _(
                "This computer's clock is {seconds:,} s off M-Pesa's: set it. Until then the till "
                "counts by M-Pesa's."
            ).format(seconds=abs(seconds))
        else:
            yield _("Clocks differ by {seconds:,} s.").format(seconds=abs(seconds))


def _open_lines(status: _Status) -> Iterator[str]:
    attempts = [f"{under_way_words(state)} {count:,}" for state, count in status.attempts.items()]
    yield _("Requests under way: {what}.").format(what=joined(", ", attempts) or _("none"))
    yield _("Carts that wait for M-Pesa: {count:,}.").format(count=status.waits)


def _list_lines(status: _Status, shop: Shop) -> Iterator[str]:
    if status.read_until is None:
        yield _("The list of payments was never read: posctl mpesa pull reads it.")
        return
    at = written_minute(status.read_until, shop.configuration.zone)
    yield _("The list of payments was read up to {at}.").format(at=at)
    if not status.shows_payments:
        yield never_shown_words()


def _left_lines(status: _Status) -> Iterator[str]:
    if not status.left:
        yield _("Nothing is left over.")
        return
    yield _("Left over; posctl mpesa unmatched lists it:")
    for words, count, cents in _sums(status.left, state_words):
        yield f"  {words}: {count:,}, {format_amount(cents)}"


def _sums(
    left: Sequence[TrayItem], named: Callable[[TrayItem], str]
) -> Iterator[tuple[str, int, Cents]]:
    """Yield by name how many are left over and what they come to, the newest name first."""
    for name in dict.fromkeys(map(named, left)):
        cents = [one.amount_cents for one in left if named(one) == name]
        yield name, len(cents), sum(cents)


def missing_words(setup: MpesaSetup) -> str:
    """Return in a sentence why M-Pesa cannot be asked."""
    return _("M-Pesa cannot be asked. {why}").format(why=next(iter(missing(setup)), ""))


def missing(setup: MpesaSetup) -> list[str]:
    """Return what is not set up, as the setup's test says it, with the names of the console."""
    return [one.detail for one in needs(setup, console_names()) if not one.ok]


def never_shown_words() -> str:
    """Say what an empty list may mean."""
    return _(
        "It has never shown a payment: if customers have paid, the number is not registered for "
        "it (Pull Transactions, at developer.safaricom.co.ke)."
    )


def counts_json(counts: StatementCounts) -> dict[str, Any]:
    """Return what an import has come to, for scripts."""
    plain = counts.as_plain()
    for key in ("first_at", "last_at"):
        at = plain.pop(key)
        plain[key] = from_stored(at).isoformat() if at else None
    names = {
        "bad_rows": ("line", "fault", "value"),
        "differing": ("line", "receipt", "amount_cents", "known_cents"),
        "given_back_of_sales": ("line", "receipt", "amount_cents"),
        "not_listed": ("receipt", "amount_cents"),
    }
    for key, columns in names.items():
        plain[key] = [dict(zip(columns, row, strict=True)) for row in plain[key]]
    return plain


# what is left over


def _unmatched(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        found = shop.mpesa.tray.to_do(actor=None, most=ALL)
        zone = shop.configuration.zone
    total = sum(one.amount_cents for one in found)
    if options.json:
        document = {"payments": [_left_json(one) for one in found], "count": len(found)}
        print_json({**document, "amount_cents": total})
    elif not found:
        print(_("Nothing is left over."))
    else:
        titles = [_("Receipt"), _("Paid"), _("Amount"), _("Phone"), _("Name"), _("Reference")]
        rows = [
            [
                one.code,
                written_minute(from_stored(one.at), zone),
                format_amount(one.amount_cents),
                one.phone,
                one.name,
                one.reference,
                state_words(one),
            ]
            for one in found
        ]
        print_table([*titles, _("What it is")], rows, {2})
        print(_total_words(len(found), total))
        for what, told in dict.fromkeys((state_words(one), told_words(one)) for one in found):
            print(f"{what}: {told}")
    return 1 if options.strict and found else 0


def _total_words(count: int, cents: int) -> str:
    return ngettext(
        "{count:,} is left over, {amount}.", "{count:,} are left over, {amount}.", count
    ).format(count=count, amount=format_amount(cents))


def _state(one: TrayItem) -> str:
    stands = one.money or one.attempt
    assert stands is not None
    return stands.state.value


def _left_json(one: TrayItem) -> dict[str, Any]:
    return {
        "what": _state(one),
        "is_confirmed": one.money is None or one.money.is_confirmed,
        "receipt": one.code or None,
        "reference": one.reference,
        "sale": one.sale_number or None,
        "amount_cents": one.amount_cents,
        "paid_at": from_stored(one.at).isoformat(),
        "phone": one.phone,
        "name": one.name,
        "note": one.money.note if one.money else "",
    }
