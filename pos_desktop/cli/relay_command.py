"""posctl relay: a receiver of M-Pesa's reports that a shop or its supplier hosts.

It has a database of its own and nothing to do with a shop's folder.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from typing import Any, TypeVar

from pos_sync.mpesa.addresses import shop_url
from pos_sync.relay import shops, words
from pos_sync.relay.addresses import ANY, PUBLISHED
from pos_sync.relay.database import DatabaseFailed, DatabaseRefused, Transaction
from pos_sync.relay.engines import is_there, open_engine, shown

from pos_desktop.cli import relay_serving
from pos_desktop.cli.output import WrongUsage, print_json, print_table, written_minute
from pos_desktop.domain.chance import unguessable
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

T = TypeVar("T")


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    relay = groups.add_parser("relay", parents=[common], help=_("a receiver of M-Pesa's reports"))
    acts = relay.add_subparsers(metavar="ACT", required=True)
    _add_serve(acts, common)
    add = _act(acts, common, "add", _("make a shop; shows its secrets, once"), _add)
    add.add_argument("shop", metavar="SHOP", help=_("letters, digits, - and _"))
    add.add_argument("tills", metavar="TILL", nargs="+", help=_("the codes of its tills"))
    add.add_argument(
        "--url",
        metavar="URL",
        help=_("how the relay is reached from outside, for the addresses that are shown"),
    )
    _act(acts, common, "list", _("every shop and its tills"), _list)
    key = _act(acts, common, "key", _("give a till a new key; an old one ends"), _key)
    key.add_argument("shop", metavar="SHOP")
    key.add_argument("till", metavar="TILL")
    remove = _act(acts, common, "remove", _("remove a shop, or a till's key"), _remove)
    remove.add_argument("shop", metavar="SHOP")
    remove.add_argument("--till", metavar="TILL", help=_("this till's key alone"))
    remove.add_argument(
        "--yes", action="store_true", help=_("yes, the shop with all its messages and claims")
    )


def _add_serve(acts: Any, common: argparse.ArgumentParser) -> None:
    serve = _act(
        acts,
        common,
        "serve",
        _("take reports and hand them to the tills"),
        relay_serving.serve,
        _(
            "Serve until Ctrl C or a signal. Put a proxy with a certificate before it and name "
            "that with --proxy; M-Pesa takes HTTPS addresses alone."
        ),
    )
    add = serve.add_argument
    add("--port", metavar="P", type=relay_serving.port, required=True, help=_("0: any free one"))
    add("--host", metavar="H", default="127.0.0.1", help=_("where to listen; 127.0.0.1"))
    add(
        "--allow",
        metavar="ADDRESS",
        action="append",
        help=_(
            "take reports from this address or network alone, or from “{any}”; given again for "
            "more. Where not given: {count} addresses that M-Pesa has published"
        ).format(any=ANY, count=len(PUBLISHED)),
    )
    add(
        "--proxy",
        metavar="ADDRESS",
        action="append",
        default=[],
        help=_("believe this address or network in X-Forwarded-For; given again for more"),
    )


def _act(
    acts: Any,
    common: argparse.ArgumentParser,
    name: str,
    words: str,
    run: Any,
    description: str | None = None,
) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(
        name, parents=[common], help=words, description=description
    )
    act.add_argument(
        "--db",
        metavar="DB",
        default=os.environ.get(relay_serving.DATABASE) or None,
        help=_("a file of its own, or postgresql://...; else {variable}").format(
            variable=relay_serving.DATABASE
        ),
    )
    act.set_defaults(run=run)
    return act


def _add(options: argparse.Namespace) -> int:
    if options.url and (found := words.forbidden_in(options.url)):
        raise WrongUsage(
            _("M-Pesa refuses an address with “{word}” in it; give the relay another name.").format(
                word=found[0]
            )
        )
    clock = SystemClock()
    made = _done(
        options,
        lambda one: shops.make(one, options.shop, options.tills, clock.now(), unguessable),
        makes=True,
    )
    url = shop_url(options.url, made.secret) if options.url else ""
    if options.json:
        print_json({"shop": made.name, "secret": made.secret, "url": url, "keys": made.keys})
        return 0
    print(_("Shop {shop}. What follows is shown once: keep it.").format(shop=made.name))
    if url:
        print(_("Address for M-Pesa: {url}").format(url=url))
    else:
        print(
            _(
                "Address for M-Pesa: how the relay is reached from outside (--url was not given), "
                "and then {path}"
            ).format(path=shop_url("", made.secret))
        )
    for till, key in made.keys.items():
        print(_("Key of till {till}: {key}").format(till=till, key=key))
    return 0


def _list(options: argparse.Namespace) -> int:
    found = _done(options, shops.listed)
    if options.json:
        print_json({"shops": [_as_json(one) for one in found]})
        return 0
    titles = [_("Shop"), _("Tills"), _("Messages"), _("Last (UTC)")]
    rows = [
        [
            one.name,
            ", ".join(one.tills),
            str(one.messages),
            written_minute(one.last_at, UTC) if one.last_at else "",
        ]
        for one in found
    ]
    print_table(titles, rows, {2})
    return 0


def _as_json(one: shops.ListedShop) -> dict[str, Any]:
    return {
        "shop": one.name,
        "tills": list(one.tills),
        "messages": one.messages,
        "last_at": one.last_at.isoformat() if one.last_at else None,
        "made_at": one.made_at.isoformat(),
    }


def _key(options: argparse.Namespace) -> int:
    now = SystemClock().now()
    had_one = False

    def made(one: Transaction) -> str:
        nonlocal had_one
        had_one = shops.has_till(one, options.shop, options.till)
        return shops.new_key(one, options.shop, options.till, now, unguessable)

    key = _done(options, made)
    if options.json:
        print_json({"shop": options.shop, "till": options.till, "key": key})
    else:
        print(_("Key of till {till}: {key}").format(till=options.till, key=key))
        print(
            _("It is shown once. The key that this till had until now is good no more.")
            if had_one
            else _("It is shown once; the till is new at this relay.")
        )
    return 0


def _remove(options: argparse.Namespace) -> int:
    if options.till:
        _done(options, lambda one: shops.remove_till(one, options.shop, options.till))
    elif not options.yes:
        raise WrongUsage(
            _("This removes a shop with its messages and claims; say --yes, or name a --till.")
        )
    else:
        _done(options, lambda one: shops.remove(one, options.shop))
    if options.json:
        print_json({"removed": True, "shop": options.shop, "till": options.till})
    else:
        print(_("Removed."))
    return 0


def _done(
    options: argparse.Namespace, work: Callable[[Transaction], T], *, makes: bool = False
) -> T:
    """Do something with the database of the relay; what stands against it is said in words.

    One that is not there is made where `makes` says so.
    """
    database = relay_serving.database_of(options)
    if not makes and not is_there(database):
        sentence = _("There is no database {database}: look at --db; relay add makes one.")
        raise Refused(sentence.format(database=shown(database)))
    with (
        _said_in_words(options),
        closing(open_engine(database)) as engine,
        engine.transaction() as transaction,
    ):
        return work(transaction)


@contextmanager
def _said_in_words(options: argparse.Namespace) -> Iterator[None]:
    try:
        yield
    except shops.ShopExists as error:
        raise Refused(
            _(
                "There is a shop {shop} already: posctl relay key {shop} {till} gives it another "
                "till. Another shop takes another name."
            ).format(shop=options.shop, till=options.tills[0])
        ) from error
    except shops.NoSuchShop as error:
        raise Refused(_("There is no such shop; posctl relay list names them.")) from error
    except shops.NoSuchTill as error:
        raise Refused(_("The shop has no such till; posctl relay list names them.")) from error
    except shops.WrongName as error:
        raise WrongUsage(
            _("Names have letters, digits, - and _, 40 at most; they begin with a letter or digit.")
        ) from error
    except (DatabaseRefused, DatabaseFailed) as error:
        raise relay_serving.database_trouble(options.db, error) from error
