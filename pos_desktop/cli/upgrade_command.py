"""posctl migrate: brings a shop's file to this version by hand, before anybody opens it."""

from __future__ import annotations

import argparse
from typing import Any

from pos_desktop.cli.far import Far
from pos_desktop.cli.output import print_json
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.text import _
from pos_desktop.shop_upgrade import upgrade
from pos_desktop.storage.file_look import check_shop_file


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    migrate = groups.add_parser(
        "migrate", parents=[common], help=_("bring the shop's file to this version")
    )
    migrate.set_defaults(run=_migrate)


def _migrate(options: argparse.Namespace) -> int:
    check_shop_file(options.data)
    with Far(_("Copy")) as far:
        done = upgrade(options.data, SystemClock(), far.told)
    if options.json:
        copy = str(done.copy) if done.copy else None
        print_json({"from": done.found, "to": done.reached, "copy": copy})
    elif done.copy is None:
        print(_("The shop's file is of this version; there was nothing to do."))
    else:
        print(
            _("The shop's file is of this version now (schema {found} to {reached}).").format(
                found=done.found, reached=done.reached
            )
        )
        print(_("As it was before, it lies in {copy}.").format(copy=done.copy))
    return 0
