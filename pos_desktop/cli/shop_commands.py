"""posctl init, verify: makes a shop, and checks that its books are in order."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from pos_desktop import settings
from pos_desktop.cli.asking import ask, ask_or_leave, ask_pin, filled
from pos_desktop.cli.output import complain, print_json
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.text import _
from pos_desktop.services.people.staffing import check_login
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import check_nothing_there
from pos_desktop.shops.new_shop import NewShop, demo_shop, make_shop
from pos_desktop.storage.audit import run_checks


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    init = groups.add_parser("init", parents=[common], help=_("make a shop"))
    init.add_argument("--name", help=_("name of the shop"))
    init.add_argument("--kra-pin", metavar="PIN", help=_("tax number of the trader; may be empty"))
    init.add_argument("--currency", default="KES", help=_("three letters; KES where not given"))
    init.add_argument(
        "--till-code", metavar="CODE", help=_("stands before receipt numbers; T1 where not given")
    )
    init.add_argument("--manager", metavar="NAME", help=_("name of the manager"))
    init.add_argument(
        "--manager-login",
        metavar="LOGIN",
        default="manager",
        help=_("what the manager signs in as; manager where not given"),
    )
    init.add_argument("--manager-pin", metavar="PIN", help=_("PIN of the manager, 4 to 8 digits"))
    init.add_argument("--keyring", action="store_true", help=_("keep the keys in your keyring"))
    init.add_argument("--demo", action="store_true", help=_("fill a shop to try things out"))
    init.set_defaults(run=_init)
    verify = groups.add_parser("verify", parents=[common], help=_("check file, journal, books"))
    verify.set_defaults(run=_verify)


def _init(options: argparse.Namespace) -> int:
    if not options.demo:
        check_nothing_there(options.data)
    new = demo_shop() if options.demo else _asked(options)
    recovery_key = make_shop(options.data, new)
    try:
        _show_made(options, new, recovery_key)
    except OSError:
        complain(_("Recovery key: {key}").format(key=recovery_key))
        raise
    return 0


def _show_made(options: argparse.Namespace, new: NewShop, recovery_key: str) -> None:
    place, login = options.data.absolute(), new.manager_login
    if options.json:
        print_json({"data": str(place), "recovery_key": recovery_key, "manager_login": login})
    else:
        print(_("The shop is made in {place}.").format(place=place))
        pin = _("PIN {pin}").format(pin=new.manager_pin) if new.demo else _("that PIN")
        print(_("Sign in as {login} with {pin}.").format(login=login, pin=pin))
        if not new.kra_pin:
            print(
                _(
                    "Receipts lack the KRA PIN until you set it: posctl --data {place} config set "
                    "shop.kra_pin P051234567X"
                ).format(place=place)
            )
        print(_("Recovery key: {key}").format(key=recovery_key))
        print(
            _(
                "Write it down and keep it safe: it is shown only now, and support needs it to "
                "bring the shop's keys back when they are lost."
            )
        )
    sys.stdout.flush()


def _asked(options: argparse.Namespace) -> NewShop:
    return NewShop(
        name=ask(options.name, "--name", _("Name of the shop"), filled),
        kra_pin=ask_or_leave(
            options.kra_pin,
            _("KRA PIN (may be empty)"),
            "",
            settings.SHOP_KRA_PIN.parse,
        ),
        till_code=ask_or_leave(options.till_code, _("Till code [T1]"), "T1", check_till_code),
        manager_name=ask(options.manager, "--manager", _("Name of the manager"), filled),
        manager_login=check_login(options.manager_login),
        manager_pin=ask_pin(options.manager_pin, "--manager-pin", _("PIN of the manager")),
        currency=options.currency,
        keyring=options.keyring,
    )


def _verify(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    try:
        checks = run_checks(shop.database, shop.key, shop.head)
    finally:
        shop.close()
    wrong = {check.check for check in checks if not check.ok}
    ok = not wrong
    if options.json:
        print_json({"ok": ok, "checks": [vars(check) for check in checks]})
    else:
        for check in checks:
            mark = _("ok") if check.ok else _("BAD")
            print(f"{mark:<5}{_check_words()[check.check]}: {check.detail}")
    if wrong == {"rows"}:
        raise Refused(
            _(
                "Values in the file are spoilt: put each right on its screen, then posctl seal "
                "TABLE KEY; or bring a backup back."
            )
        )
    if "rows" in wrong:
        raise Refused(
            _(
                "The books are not in order; keep the file as it is and call for help. A row with "
                "a spoilt value is shown by posctl seal TABLE KEY (docs/upgrading.md)."
            )
        )
    if not ok:
        raise Refused(_("The books are not in order; keep the file as it is and call for help."))
    return 0


def _check_words() -> dict[str, str]:
    """Return what each check looks at."""
    return {
        "file": _("file"),
        "links": _("links"),
        "journal": _("journal"),
        "facts": _("facts"),
        "numbers": _("numbers"),
        "head": _("head"),
        "sums": _("sums"),
        "refunds": _("refunds"),
        "vouchers": _("vouchers"),
        "limits": _("credit limits"),
        "closings": _("closings"),
        "stock": _("stock"),
        "seals": _("seals"),
        "rows": _("rows"),
        "schema": _("schema"),
    }
