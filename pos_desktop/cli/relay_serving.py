"""posctl relay serve: runs the relay until it is told to end."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterable

from pos_sync.relay.addresses import PUBLISHED, AddressList
from pos_sync.relay.database import DatabaseRefused
from pos_sync.relay.engines import shown

from pos_desktop.cli.output import WrongUsage, complain, print_json
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.text import _

DATABASE = "POS_RELAY_DB"
"""The variable that may name the database in place of --db."""
_LAST_PORT = 65_535
_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
]


def port(text: str) -> int:
    """Return a port."""
    number = int(text) if text.isdecimal() and len(text) <= 5 else -1
    if not 0 <= number <= _LAST_PORT:
        raise argparse.ArgumentTypeError(_("{text}: write a port, 0 to 65535").format(text=text))
    return number


def database_trouble(database: str, error: Exception) -> Unavailable:
    """Return what is said of a database that cannot be used."""
    return Unavailable(
        _("The database {database} cannot be used: {why}. Mend that, then try again.").format(
            database=shown(database), why=str(error).splitlines()[0] if str(error) else ""
        )
    )


def database_of(options: argparse.Namespace) -> str:
    """Return the database that was named; raise WrongUsage where none was."""
    if not options.db:
        raise WrongUsage(
            _("--db is missing; name a file, or postgresql://..., or set {variable}.").format(
                variable=DATABASE
            )
        )
    return str(options.db)


def serve(options: argparse.Namespace) -> int:
    """Serve until a signal."""
    import asyncio

    database = database_of(options)
    try:
        asyncio.run(_serve(options, database))
    except DatabaseRefused as error:
        raise database_trouble(database, error) from error
    return 0


async def _serve(options: argparse.Namespace, database: str) -> None:
    import asyncio

    from pos_sync.relay.desk import Rules
    from pos_sync.relay.serving import Place, relay

    clock = SystemClock()
    rules = Rules(
        allowed=_addresses("--allow", options.allow or PUBLISHED),
        proxies=_addresses("--proxy", options.proxy),
    )
    place = Place(host=options.host, port=options.port, database=database)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        signal.signal(number, lambda *_given: loop.call_soon_threadsafe(ended.set))
    async with relay(place, rules=rules, now=clock.now, monotonic=clock.monotonic) as running:
        _say_begun(options, running.port, database)
        await ended.wait()
    told = ", ".join(f"{name} {count}" for name, count in running.counts.as_json().items() if count)
    if told:
        complain(_("The relay has ended. Since its start: {told}").format(told=told))
    else:
        complain(_("The relay has ended. Nobody has asked it anything since its start."))


def _say_begun(options: argparse.Namespace, port: int, database: str) -> None:
    if options.json:
        print_json({"host": options.host, "port": port, "database": shown(database)})
        return
    print(
        _("The relay listens at {host}, port {port}, and keeps its messages in {database}.").format(
            host=options.host, port=port, database=shown(database)
        ),
        _("Ctrl C ends it."),
        flush=True,
    )


def _addresses(option: str, given: Iterable[str]) -> AddressList:
    try:
        return AddressList(given)
    except ValueError as error:
        raise WrongUsage(
            _("{option} takes an address or a network, such as 196.201.214.0/24: {why}.").format(
                option=option, why=error
            )
        ) from error
