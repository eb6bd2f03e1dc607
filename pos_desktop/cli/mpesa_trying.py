"""posctl mpesa test, register: what F7 and F6 of the page M-Pesa setup do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from pos_queue.errors import NoNetwork
from pos_sync.mpesa.errors import MpesaError

from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import print_json, print_table
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.mpesa.setup.call_check import call_words
from pos_desktop.services.mpesa.setup.mpesa_setup import refuse_in_training
from pos_desktop.services.mpesa.setup.setup_names import console_names


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of these acts."""
    test = acts.add_parser(
        "test",
        parents=[common],
        help=_("go all the way to M-Pesa and the relay, as F7 of the window does"),
        description=_(
            "Try the setup step by step, and say what to do where a step fails. Nobody is charged. "
            "Exit 1 where a step fails that is needed."
        ),
    )
    test.set_defaults(run=_test)
    register = acts.add_parser(
        "register",
        parents=[common],
        help=_("tell M-Pesa where it reports to, as F6 of the window does"),
        description=_(
            "Tell M-Pesa, once for a number, where it reports payments to, and ask it for the list "
            "of payments. Exit 1 where one of both was not done."
        ),
    )
    register.add_argument(
        "phone", metavar="PHONE", help=_("the phone in the papers of the M-Pesa account")
    )
    register.set_defaults(run=_register)


def _test(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        refuse_in_training(shop.configuration)
        steps = shop.mpesa.setup_check.try_all(console_names(), actor=None)
    return _told(options, steps)


def _register(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        refuse_in_training(shop.configuration)
        try:
            steps = shop.mpesa.registering.register_all(options.phone, console_names(), actor=None)
        except (NoNetwork, MpesaError) as error:
            raise Unavailable(call_words(error, console_names())) from error
    return _told(options, steps)


def _told(options: argparse.Namespace, steps: Sequence[CheckStep]) -> int:
    is_good = not any(one.is_in_the_way for one in steps)
    if options.json:
        plain = [
            {"step": one.step, "ok": one.ok, "is_needed": one.is_needed, "detail": one.detail}
            for one in steps
        ]
        print_json({"ok": is_good, "steps": plain})
    else:
        titles = [_("Step"), "", _("What is so")]
        print_table(titles, [[one.step, _mark(one), one.detail] for one in steps], set())
    return 0 if is_good else 1


def _mark(step: CheckStep) -> str:
    if step.ok:
        return _("ok")
    return _("FAILED") if step.is_needed else _("not needed")
