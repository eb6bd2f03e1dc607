"""What a command lacks is asked for on a terminal, until it fits; elsewhere its option is named."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable

from pos_desktop.cli.output import WrongUsage, complain
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import check_pin
from pos_desktop.domain.text import _


def filled(text: str) -> str:
    """Return a name without the blanks around it; raise Refused where nothing is left."""
    if not text.strip():
        raise Refused(_("A name has at least one letter; type it."))
    return text.strip()


def ask(given: str | None, option: str, question: str, check: Callable[[str], str]) -> str:
    """Return what was given as an option, or ask for it on a terminal until it fits."""
    if given is not None:
        return check(given)
    if not sys.stdin.isatty():
        raise WrongUsage(
            _("{option} is missing; give it, or run this on a terminal.").format(option=option)
        )
    return until_it_fits(lambda: check(input(f"{question}: ").strip()))


def ask_or_leave(
    given: str | None, question: str, otherwise: str, check: Callable[[str], str]
) -> str:
    """Return what was given, or ask on a terminal; an empty answer leaves it as it is."""
    if given is not None:
        return check(given)
    if not sys.stdin.isatty():
        return otherwise
    return until_it_fits(lambda: check(input(f"{question}: ").strip() or otherwise))


def ask_pin(given: str | None, option: str, question: str) -> str:
    """Return a PIN: as given, typed twice on a terminal, else a line of standard input.

    An option stands in the list of processes, where others read it; a line that is piped does not.
    """
    if given is None and not sys.stdin.isatty():
        given = sys.stdin.readline().strip() or None
    if given is not None:
        return check_pin(given)
    if not sys.stdin.isatty():
        raise WrongUsage(
            _("{option} is missing; pipe it in, or run this on a terminal.").format(option=option)
        )
    return until_it_fits(lambda: _pin_typed_twice(question))


def until_it_fits(question: Callable[[], str]) -> str:
    """Ask again for as long as what is answered is refused."""
    while True:
        try:
            return question()
        except Refused as error:
            complain(str(error))


def _pin_typed_twice(question: str) -> str:
    pin = check_pin(getpass.getpass(f"{question}: ").strip())
    if getpass.getpass(_("The same PIN again: ")).strip() != pin:
        raise Refused(_("These are two different PINs; type both again."))
    return pin
