"""Mail leaves by one door: a job sends it, and nothing else in the program can.

`MailOffice` speaks to the shop's server. `MailSending` alone asks it to, and runs in the jobs
`send_mail` and `send_mailing` alone. Receipts, alerts and mailings are left to those; so nobody who
clicks waits for a mail server, and no mail goes out that the queue does not know.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pytest

from tests.house.sources import modules, tree, within

Nodes = Sequence[ast.AST]

_MAIL = "pos_sync.mail"
_SPEAKS = ("connection", "lines", "login", "opening", "reaching", "sending", "wire")
"""What of `pos_sync.mail` opens a connection, or sends over one that is open."""
_BENCH = "pos_desktop.cli.bench.background"
SPEAKERS: Mapping[str, set[str]] = {
    "pos_desktop.services.mail.mail_office": {"lines"},
    # the names of the steps of a check, as a type
    "pos_desktop.services.mail.mail_setup": {"opening"},
    _BENCH: {"connection"},
}
"""Who may name such a part, and which.

`posctl bench` sends a hundred mails past the queue, to a server of its own on this machine: it is
the reference beside which the queue is measured.
"""
HOLDERS: Mapping[str, set[str]] = {
    "MailOffice": {"pos_desktop.services.mail.mail_office", "pos_desktop.services.mail.mail_room"},
    "PostOffice": {"pos_desktop.services.mail.mail_sending"},
    "MailSending": {
        "pos_desktop.jobs.registry",
        "pos_desktop.jobs.send_mail",
        "pos_desktop.jobs.send_mailing",
        "pos_desktop.services.mail.mail_room",
        "pos_desktop.services.mail.mail_sending",
    },
}
"""Who names the door and who goes through it."""
WAYS: Mapping[str, set[str]] = {
    # one closes the lines, the other asks whether the server is there
    "mail.office": {"pos_desktop.shop", "pos_desktop.shop_office"},
    "mail.sending": {"pos_desktop.shop"},
    "services.sending": {"pos_desktop.jobs.registry"},
    "_office.prepare": {"pos_desktop.services.mail.mail_sending"},
    "office.prepare": set(),
    "sending.run": {"pos_desktop.jobs.send_mail"},
}
"""By which words they are reached, wherever those stand in the program."""
_ONCE = ("_office.prepare", "sending.run")


def _imported(source: Nodes) -> Iterator[str]:
    for node in source:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value  # a module can be imported by its name, too


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _ways(source: Nodes) -> Iterator[str]:
    """Yield the last two words of everything that is reached through a dot."""
    for node in source:
        if isinstance(node, ast.Attribute):
            yield f"{_last(node.value)}.{node.attr}"


def _spoken(source: Nodes) -> set[str]:
    """Return the parts that speak to a server, of those that a module names."""
    found = {name.removeprefix(f"{_MAIL}.").partition(".")[0] for name in _imported(source)
             if name.startswith(f"{_MAIL}.")}  # fmt: skip
    return found & {*_SPEAKS}


def _takes_all_of_it(source: Nodes) -> bool:
    """Tell whether a module imports the package itself, through which all of it is reached."""
    return any(
        isinstance(node, ast.Import) and {alias.name for alias in node.names} & {"pos_sync", _MAIL}
        for node in source
    )


def strays(sources: Mapping[str, Nodes]) -> list[str]:
    """Return, in words, who in some modules of the application goes past the door."""
    found = []
    for module, source in sources.items():
        names = {_last(node) for node in source} | {
            name.rpartition(".")[2] for name in _imported(source)
        }
        more = _spoken(source) - SPEAKERS.get(module, set())
        found += [f"{module} speaks to a mail server: {part}" for part in sorted(more)]
        if _takes_all_of_it(source):
            found.append(f"{module} imports the whole of {_MAIL}: name the part")
        if "smtplib" in names:
            found.append(f"{module} names smtplib")
        found += [
            f"{module} names {name}"
            for name, who in HOLDERS.items()
            if name in names and module not in who
        ]
        ways = [*_ways(source)]
        found += [
            f"{module} reaches for {way}"
            for way, who in WAYS.items()
            if way in ways and module not in who
        ]
        found += [f"{module} calls {way} twice" for way in _ONCE if ways.count(way) > 1]
    return found


@cache
def _application() -> dict[str, Nodes]:
    """Return what stands in each module of the application, looked through once."""
    return {
        module: [*ast.walk(tree(path))]
        for module, path in modules().items()
        if within(module, "pos_desktop")
    }


def _nodes(code: str) -> Nodes:
    return [*ast.walk(ast.parse(code))]


def test_nothing_goes_past_the_door() -> None:
    assert not strays(_application())


def test_what_is_let_through_is_still_there() -> None:
    """An exception that nobody needs any more, or a door of another name, is not kept."""
    sources = _application()
    spoken = {module: _spoken(source) for module, source in sources.items()}
    assert {module: parts for module, parts in spoken.items() if parts} == dict(SPEAKERS)
    for way, who in WAYS.items():
        assert {module for module, one in sources.items() if way in _ways(one)} == who, way


def test_no_component_speaks_smtp_by_itself() -> None:
    named = [
        module
        for module, path in modules().items()
        if "smtplib" in {*_imported([*ast.walk(tree(path))])}
    ]
    assert not named


@pytest.mark.parametrize(
    "code",
    [
        "import smtplib",
        "from pos_sync.mail.connection import Connection",
        "from pos_sync.mail import lines",
        "import pos_sync.mail",
        "importlib.import_module('pos_sync.mail.sending')",
        "from pos_desktop.services.mail.mail_office import MailOffice",
        "from pos_desktop.services.mail.mail_sending import MailSending",
        "self._shop.mail.office.prepare(mail, 1, to)()",
        "office = shop.mail.office",
        "shop.mail.sending.run(context, mail, 1)",
        "again = self._shop.mail.sending",
    ],
)
def test_going_past_it_is_seen(code: str) -> None:
    for module in (
        "pos_desktop.services.mail.receipt_mail",
        "pos_desktop.ui.screens.sell.mail_flow",
    ):
        assert strays({module: _nodes(code)}), code


def test_a_second_call_at_the_door_is_seen() -> None:
    twice = "self._office.prepare(mail, 1, to)\nself._office.prepare(mail, 2, to)"
    assert strays({"pos_desktop.services.mail.mail_sending": _nodes(twice)})
    assert not strays({"pos_desktop.services.mail.mail_sending": _nodes(twice.partition("\n")[0])})
