"""posctl staff: who works in the shop, and what each role may do.

A PIN is asked for on a terminal, without showing it, and is never printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from pos_desktop.cli.asking import ask, ask_pin, filled
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import print_json, print_table
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.staff import CASHIER, Role
from pos_desktop.domain.text import _
from pos_desktop.services.people.staffing import Employee
from pos_desktop.shop import Shop


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    staff = groups.add_parser("staff", parents=[common], help=_("people and roles"))
    acts = staff.add_subparsers(metavar="ACT", required=True)
    listing = acts.add_parser("list", parents=[common], help=_("everybody who works here"))
    listing.add_argument("--all", action="store_true", help=_("also those who have left"))
    listing.set_defaults(run=_list)
    _add_adding(acts, common)
    pin = _act_on_one(acts, common, "set-pin", _("give a new PIN; a lock-out ends"), _set_pin)
    pin.add_argument("--pin", metavar="PIN", help=_("4 to 8 digits; asked for where not given"))
    role = _act_on_one(acts, common, "role", _("give another role"), _give_role)
    role.add_argument("role", metavar="ROLE", help=_("as posctl staff roles lists it"))
    _act_on_one(acts, common, "leave", _("let nobody sign in as this person any more"), _leave)
    _act_on_one(acts, common, "back", _("let somebody who had left sign in again"), _back)
    roles = acts.add_parser("roles", parents=[common], help=_("every role and what it may do"))
    roles.set_defaults(run=_roles)


def _add_adding(acts: Any, common: argparse.ArgumentParser) -> None:
    add = _act_on_one(acts, common, "add", _("add a person"), _add)
    add.add_argument("--name", help=_("name of the person; asked for where not given"))
    add.add_argument(
        "--role",
        default=CASHIER.name,
        help=_("as posctl staff roles lists it; cashier where not given"),
    )
    add.add_argument("--pin", metavar="PIN", help=_("4 to 8 digits; asked for where not given"))


def _act_on_one(
    acts: Any,
    common: argparse.ArgumentParser,
    name: str,
    words: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(name, parents=[common], help=words)
    act.add_argument("login", metavar="LOGIN", help=_("what the person signs in as"))
    act.set_defaults(run=run)
    return act


def _list(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        people = [one for one in shop.staffing.everybody(actor=None) if one.active or options.all]
    if options.json:
        print_json({"staff": [_as_json(one) for one in people]})
        return 0
    titles = [_("Name"), _("Login"), _("Role"), _("State")]
    rows = [
        [
            one.person.name,
            one.person.login,
            one.person.role.label,
            "" if one.active else _("Has left"),
        ]
        for one in people
    ]
    if not options.all:
        titles, rows = titles[:3], [row[:3] for row in rows]
    print_table(titles, rows, set())
    return 0


def _add(options: argparse.Namespace) -> int:
    name = ask(options.name, "--name", _("Name"), filled)

    def act(shop: Shop, pin: str) -> str:
        role = Role(options.role, frozenset(), 0)
        shop.staffing.add(login=options.login, name=name, role=role, pin=pin, actor=None)
        return _("{name} signs in as {login} with that PIN.")

    return _done(options, act, pin=ask_pin(options.pin, "--pin", _("PIN")))


def _set_pin(options: argparse.Namespace) -> int:
    def act(shop: Shop, pin: str) -> str:
        shop.staffing.set_pin(options.login, pin, actor=None)
        return _("{name} ({login}) has a new PIN.")

    return _done(options, act, pin=ask_pin(options.pin, "--pin", _("New PIN")))


def _give_role(options: argparse.Namespace) -> int:
    def act(shop: Shop, _pin: str) -> str:
        shop.staffing.give_role(options.login, options.role, actor=None)
        return _("{name} ({login}) is now {role}.")

    return _done(options, act)


def _leave(options: argparse.Namespace) -> int:
    def act(shop: Shop, _pin: str) -> str:
        shop.staffing.let_go(options.login, actor=None)
        return _("Nobody signs in as {login} any more; what {name} did stays in the books.")

    return _done(options, act)


def _back(options: argparse.Namespace) -> int:
    def act(shop: Shop, _pin: str) -> str:
        shop.staffing.take_back(options.login, actor=None)
        return _("{name} can sign in as {login} again, with the old PIN.")

    return _done(options, act)


def _done(options: argparse.Namespace, act: Callable[[Shop, str], str], pin: str = "") -> int:
    """Do something to a person, and say what they are now."""
    with opened(options) as shop:
        sentence = act(shop, pin)
        login = options.login.strip().lower()
        everybody = shop.staffing.everybody(actor=None)
        found = next(one for one in everybody if one.person.login == login)
    if options.json:
        print_json(_as_json(found))
    else:
        person = found.person
        print(sentence.format(name=person.name, login=person.login, role=person.role.label))
    return 0


def _as_json(employee: Employee) -> dict[str, Any]:
    person = employee.person
    return {
        "login": person.login,
        "name": person.name,
        "role": person.role.name,
        "active": employee.active,
    }


def _roles(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        roles = shop.staffing.roles()
    if options.json:
        print_json({"roles": [_role_as_json(role) for role in roles]})
        return 0
    for role in roles:
        print(
            _("{role} ({name}), discount up to {percent} %").format(
                role=role.name, name=role.label, percent=format_percent(role.ceiling_bp)
            )
        )
        print(f"  {', '.join(_permissions(role)) or '-'}")
    return 0


def _role_as_json(role: Role) -> dict[str, Any]:
    return {
        "role": role.name,
        "ceiling_percent": format_percent(role.ceiling_bp),
        "permissions": _permissions(role),
    }


def _permissions(role: Role) -> list[str]:
    return sorted(permission.value for permission in role.permissions)
