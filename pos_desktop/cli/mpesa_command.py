"""posctl mpesa: whether it works, what has come in, what is left over, and a simulator of it."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pos_queue.errors import NoNetwork
from pos_sync.mpesa.errors import MpesaError

from pos_desktop.cli import mpesa_shown, mpesa_simulator, mpesa_trying
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import WrongUsage, print_json
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.mpesa.payment_list import PulledRun
from pos_desktop.services.mpesa.setup.call_check import call_words
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaNotSetUp, refuse_in_training
from pos_desktop.services.mpesa.setup.setup_names import (
    console_names,
    key_names,
    key_option,
    key_title,
)
from pos_desktop.services.mpesa.statements.statement_counts import StatementCounts
from pos_desktop.services.mpesa.statements.statement_words import (
    look_sentences,
    statement_sentences,
)


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    mpesa = groups.add_parser("mpesa", parents=[common], help=_("payments by M-Pesa"))
    acts = mpesa.add_subparsers(metavar="ACT", required=True)
    mpesa_simulator.add_to(acts, common)
    mpesa_shown.add_to(acts, common)
    mpesa_trying.add_to(acts, common)
    keys = acts.add_parser(
        "keys",
        parents=[common],
        help=_("keep keys of M-Pesa; asked for, or lines of standard input"),
        description=_(
            "Keep keys of M-Pesa among the shop's secrets. On a terminal each is asked for, and "
            "stays as it is where nothing is typed. Elsewhere they are lines of standard input: "
            "NAME=VALUE, and an empty value takes a key away. The names, and what the window calls "
            "them: {names}. Of relay-path the whole address may be given: it is taken apart."
        ).format(names=joined(", ", [f"{key_option(key)} ({key_title(key)})" for key in MpesaKey])),
    )
    keys.set_defaults(run=_keys)
    pull = acts.add_parser("pull", parents=[common], help=_("read the list of payments now"))
    pull.set_defaults(run=_pull)
    imported = acts.add_parser(
        "import",
        parents=[common],
        help=_("a statement of the portal org.ke.m-pesa.com, CSV or XLSX"),
        description=_(
            "Take in every payment of a statement. Imported again, it changes nothing. Exit 0 also "
            "where rows need a look."
        ),
    )
    imported.add_argument("file", type=Path)
    imported.add_argument(
        "--from",
        dest="since",
        type=_day,
        metavar="D",
        help=_("only what was paid from this day"),
    )
    imported.add_argument("--strict", action="store_true", help=_("exit 1 where rows need a look"))
    imported.set_defaults(run=_import)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            _("{text}: write a day as 2026-11-24").format(text=text)
        ) from error


# keys


def _keys(options: argparse.Namespace) -> int:
    keys = _asked_keys() if sys.stdin.isatty() else dict(_piped_keys())
    with opened(options) as shop:
        if keys:
            shop.mpesa.setup.put_keys(keys, actor=None)
        kept = {key_option(key): bool(shop.mpesa.setup.key(key)) for key in MpesaKey}
    if options.json:
        print_json({"kept": kept})
        return 0
    print(ngettext("{count:,} key set.", "{count:,} keys set.", len(keys)).format(count=len(keys)))
    there = [name for name, is_there in kept.items() if is_there]
    print(_("Kept: {names}").format(names=", ".join(there) or _("none")))
    return 0


def _asked_keys() -> dict[MpesaKey, str]:
    typed = {key: getpass.getpass(f"{key_names(key)}: ").strip() for key in MpesaKey}
    return {key: text for key, text in typed.items() if text}


def _piped_keys() -> Iterator[tuple[MpesaKey, str]]:
    known = {key_option(key): key for key in MpesaKey}
    for line in sys.stdin:
        if not line.strip():
            continue
        name, sign, value = line.strip().partition("=")
        if not sign or name.strip() not in known:
            raise WrongUsage(
                _("Each line is NAME=VALUE, where NAME is one of {names}.").format(
                    names=", ".join(known)
                )
            )
        yield known[name.strip()], value.strip()


# the list of payments


def _pull(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        refuse_in_training(shop.configuration)
        if not shop.mpesa.setup.can_call:
            raise MpesaNotSetUp(mpesa_shown.missing_words(shop.mpesa.setup))
        try:
            run = shop.mpesa.payment_list.run()
        except (NoNetwork, MpesaError) as error:
            raise Unavailable(call_words(error, console_names())) from error
        shows_any = shop.mpesa.payment_list.shows_payments
    if options.json:
        print_json(_run_json(run, shows_any=shows_any))
        return 0
    for sentence in _run_sentences(run, shows_any=shows_any):
        print(sentence)
    return 0


def _run_json(run: PulledRun, *, shows_any: bool) -> dict[str, Any]:
    return {
        "payments": run.payments,
        "new": run.new,
        "unread": run.unread,
        "cleared": run.cleared,
        "has_ever_shown_a_payment": shows_any,
    }


def _run_sentences(run: PulledRun, *, shows_any: bool) -> Iterator[str]:
    yield ngettext(
        "The list holds {count:,} payment, {new:,} of them not known here before.",
        "The list holds {count:,} payments, {new:,} of them not known here before.",
        run.payments,
    ).format(count=run.payments, new=run.new)
    if run.unread:
        yield ngettext(
            "{count:,} row cannot be read: import the portal's statement for it.",
            "{count:,} rows cannot be read: import the portal's statement for them.",
            run.unread,
        ).format(count=run.unread)
    if run.cleared:
        yield ngettext(
            "{count:,} request in doubt was not paid, and is closed.",
            "{count:,} requests in doubt were not paid, and are closed.",
            run.cleared,
        ).format(count=run.cleared)
    if not shows_any:
        yield mpesa_shown.never_shown_words()


# statements


def _import(options: argparse.Namespace) -> int:
    counted = sys.stderr.isatty()

    def told(counts: StatementCounts) -> None:
        if counted:
            rows = _("{rows:,} rows").format(rows=counts.rows)
            print(f"\r{rows}", end="", file=sys.stderr, flush=True)

    with opened(options) as shop:
        counts = shop.mpesa_statements.run(
            options.file, since=options.since, progress=told, actor=None
        )
    if counted:
        print(file=sys.stderr)
    if options.json:
        print_json(mpesa_shown.counts_json(counts))
    else:
        for sentence in (*statement_sentences(counts), *look_sentences(counts)):
            print(sentence)
    return 1 if options.strict and counts.needs_a_look else 0
