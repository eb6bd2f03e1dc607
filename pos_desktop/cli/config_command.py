"""posctl config: lists, reads and changes settings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pos_desktop import settings
from pos_desktop.cli.output import complain, print_json, print_table
from pos_desktop.domain.text import _
from pos_desktop.settings import Setting
from pos_desktop.shop import Shop, open_shop

_FOLDERS = (settings.BACKUP_FOLDER, settings.BACKUP_COPY_FOLDER)


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    config = groups.add_parser("config", parents=[common], help=_("settings"))
    acts = config.add_subparsers(metavar="ACT", required=True)
    listing = acts.add_parser("list", parents=[common], help=_("every setting with its help"))
    listing.set_defaults(run=_list)
    get = acts.add_parser("get", parents=[common], help=_("the value of one setting"))
    get.add_argument("key")
    get.set_defaults(run=_get)
    change = acts.add_parser("set", parents=[common], help=_("change a setting"))
    change.add_argument("key")
    change.add_argument("value")
    change.set_defaults(run=_set)


def _list(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    rows = [_described(shop, setting) for setting in settings.every()]
    shop.close()
    if options.json:
        print_json({"settings": rows})
        return 0
    titles = (_("Key"), _("Value"), _("Default"), _("Help"))
    print_table(titles, [_cells(row) for row in rows], set())
    return 0


def _cells(row: dict[str, Any]) -> list[str]:
    setting = settings.find(row["key"])
    return [setting.key, *(setting.shown(row[key]) for key in ("value", "default")), row["help"]]


def _described(shop: Shop, setting: Setting[Any]) -> dict[str, Any]:
    return {
        "key": setting.key,
        "value": shop.configuration.get(setting),
        "default": setting.default,
        "scope": setting.scope.value,
        "help": setting.help(),
        "at_start": setting.at_start,
    }


def _get(options: argparse.Namespace) -> int:
    setting = settings.find(options.key)
    shop = open_shop(options.data)
    value = shop.configuration.get(setting)
    shop.close()
    if options.json:
        print_json({"key": setting.key, "value": value})
    else:
        print(setting.shown(value))
    return 0


def _set(options: argparse.Namespace) -> int:
    setting = settings.find(options.key)
    value = setting.parse(options.value)
    shop = open_shop(options.data)
    had_secret = False
    if setting is settings.MPESA_CALLBACK_URL:
        had_secret = shop.mpesa.setup.put_reports_at(value, actor=None)
        value = shop.configuration.get(setting)
    else:
        shop.configuration.set(setting, value, shop.books, actor=None)
    shop.close()
    if options.json:
        print_json({"key": setting.key, "value": value})
    elif setting.shown(value):
        print(_("{key} is now {value}").format(key=setting.key, value=setting.shown(value)))
    else:
        print(_("{key} is now empty").format(key=setting.key))
    complain(setting.takes_effect())
    if setting in _FOLDERS and value and not Path(value).is_dir():
        words = _("There is no folder {folder} now: plug in its disk, or make it.")
        complain(words.format(folder=value))
    if had_secret and not options.json:
        print(_("The secret that stood in it is kept among the shop's keys (relay-path)."))
    return 0
