"""posctl init, verify: makes a shop, and checks that its books are in order."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import Any

from pos_desktop.cli.output import complain, print_json
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.shop import NewShop, demo_shop, make_shop, open_shop
from pos_desktop.storage.audit import run_checks


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    init = groups.add_parser("init", parents=[common], help=_("make a shop"))
    init.add_argument("--name", help=_("name of the shop"))
    init.add_argument("--kra-pin", default="", help=_("tax number of the trader"))
    init.add_argument("--currency", default="KES")
    init.add_argument("--till-code", default="T1", help=_("stands before receipt numbers"))
    init.add_argument("--manager", metavar="NAME", help=_("name of the manager"))
    init.add_argument("--manager-pin", metavar="PIN", help=_("PIN of the manager, 4 to 8 digits"))
    init.add_argument("--keyring", action="store_true", help=_("keep the keys in your keyring"))
    init.add_argument("--demo", action="store_true", help=_("fill a shop to try things out"))
    init.set_defaults(run=_init)
    verify = groups.add_parser("verify", parents=[common], help=_("check file, journal, books"))
    verify.set_defaults(run=_verify)


def _init(options: argparse.Namespace) -> int:
    new = demo_shop() if options.demo else _asked(options)
    recovery_key = make_shop(options.data, new)
    try:
        _show_key(options, recovery_key)
    except OSError:
        complain(_("Recovery key: {key}").format(key=recovery_key))
        raise
    return 0


def _show_key(options: argparse.Namespace, recovery_key: str) -> None:
    if options.json:
        print_json({"data": str(options.data), "recovery_key": recovery_key})
    else:
        print(_("The shop is made in {place}.").format(place=options.data))
        print(_("Recovery key: {key}").format(key=recovery_key))
        print(_("Write it down and keep it safe; it is shown only now and opens every backup."))
    sys.stdout.flush()


def _asked(options: argparse.Namespace) -> NewShop:
    return NewShop(
        name=_ask(options.name, "--name", _("Name of the shop")),
        manager_name=_ask(options.manager, "--manager", _("Name of the manager")),
        manager_pin=_ask(
            options.manager_pin, "--manager-pin", _("PIN of the manager"), secret=True
        ),
        kra_pin=options.kra_pin,
        currency=options.currency,
        till_code=options.till_code,
        keyring=options.keyring,
    )


def _ask(given: str | None, option: str, question: str, *, secret: bool = False) -> str:
    """Return what was given as an option, or ask for it on a terminal."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise Refused(
            _("{option} is missing; give it, or run this on a terminal.").format(option=option)
        )
    prompt = f"{question}: "
    return (getpass.getpass(prompt) if secret else input(prompt)).strip()


def _verify(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    try:
        checks = run_checks(shop.database, shop.key, shop.head)
    finally:
        shop.close()
    ok = all(check.ok for check in checks)
    if options.json:
        print_json({"ok": ok, "checks": [vars(check) for check in checks]})
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'BAD '} {check.check}: {check.detail}")
    if not ok:
        raise Refused(_("The books are not in order; keep the file as it is and call for help."))
    return 0
