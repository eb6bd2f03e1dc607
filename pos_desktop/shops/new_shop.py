"""A shop is made: its files, keys, first settings and people, whole or not at all."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from pos_desktop import settings
from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Ids
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.staff import MANAGER, check_pin
from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import derive_keys, make_recovery_key
from pos_desktop.security.secrets import secrets_of
from pos_desktop.services import demo
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.imports.first_goods import FirstGoods, bring_goods
from pos_desktop.services.people.staffing import check_login
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    HEAD_FILE,
    KEYRING_MARK,
    PRINTS_FOLDER,
    SECRETS_FILE,
    check_nothing_left,
    check_nothing_there,
    file_mode,
    make_file,
)
from pos_desktop.shop_locks import made_alone
from pos_desktop.shops.made_beside import made_beside, move_in
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import migrate
from pos_desktop.storage.node import begin_epoch
from pos_desktop.storage.seals import SEALED
from pos_desktop.storage.tax_rates import put_rates

_MAKING = ".making-"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShop:
    """What a shop must know of itself before it can sell."""

    name: str
    manager_name: str
    manager_pin: str
    manager_login: str = "manager"
    kra_pin: str = ""
    currency: str = "KES"
    till_code: str = "T1"
    demo: bool = False
    printer: str = ""
    """The address of the receipt printer; empty: none for now."""
    language: str = ""
    """What the till speaks where nobody is signed in; empty: English."""
    goods: FirstGoods = None
    keyring: bool = False
    """Keep the keys in the keyring of this login instead of a file: for a shop of one login."""


def demo_shop() -> NewShop:
    """Return what the demo shop is made from."""
    return NewShop(
        name=demo.DEMO_NAME,
        manager_name="Njeri",
        manager_login=demo.MANAGER_LOGIN,
        manager_pin=demo.MANAGER_PIN,
        kra_pin=demo.DEMO_KRA_PIN,
        demo=True,
    )


def make_shop(directory: Path, new: NewShop, clock: Clock | None = None) -> str:
    """Make a shop in an empty place and return its recovery key, which is kept nowhere.

    Raises Refused where there is a shop already, or where a value does not fit, AnotherMaking while
    another one comes about in the same place, and Unavailable where the place cannot be written.
    """
    _check(directory, new)
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with made_alone(directory):
            check_nothing_there(directory)
            check_nothing_left(directory)
            return _make_shop(directory, new, clock or SystemClock())
    except OSError as error:
        raise Unavailable(
            _("No shop can be made in {place} ({why}); choose another place.").format(
                place=directory.absolute(), why=error.strerror
            )
        ) from error


def check_can_make(directory: Path) -> None:
    """Raise what stands in the way of a shop in this place, before anything is asked for.

    Refused where there is one, or a part of one; Unavailable where the place cannot be written.
    """
    check_nothing_there(directory)
    check_nothing_left(directory)
    check_may_write(directory)


def check_may_write(directory: Path) -> None:
    """Raise Unavailable where no shop can be written into this place."""
    there = next(one for one in (directory, *directory.absolute().parents) if one.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        raise Unavailable(
            _(
                "No shop can be made in {place}: this login may not write there; name another "
                "folder with --data or POS_DATA_DIR."
            ).format(place=directory.absolute())
        )


def _check(directory: Path, new: NewShop) -> None:
    check_nothing_there(directory)
    check_pin(new.manager_pin)
    check_till_code(new.till_code)
    check_login(new.manager_login)
    if not (new.name.strip() and new.manager_name.strip()):
        raise Refused(_("A shop and its manager have names; type both."))


def _make_shop(directory: Path, new: NewShop, clock: Clock) -> str:
    ids = Ids(clock)
    shop_id, recovery_key = ids.new(), make_recovery_key()
    with made_beside(directory, _MAKING, clock) as making:
        _make_files(making)
        if new.keyring:
            (making / SECRETS_FILE).rename(making / KEYRING_MARK)
        secrets_of(making, shop_id).put(derive_keys(recovery_key, shop_id))
        _fill(making, new, clock, ids, shop_id, prints=directory.absolute() / PRINTS_FOLDER)
        move_in(making, directory)
    return recovery_key


def _make_files(directory: Path) -> None:
    """Make the shop's files, readable by its own people alone before anything stands in them."""
    for name in (DATABASE_FILE, HEAD_FILE):
        make_file(directory / name, file_mode(directory))
    make_file(directory / SECRETS_FILE, file_mode(directory))


def _fill(
    directory: Path, new: NewShop, clock: Clock, ids: Ids, shop_id: str, *, prints: Path
) -> None:
    database = ShopDatabase(directory / DATABASE_FILE, clock)
    try:
        migrate(database, clock)
        with database.write():
            begin_epoch(
                database, clock, shop_id=shop_id, till_id=ids.new(), till_code=new.till_code
            )
            put_rates(database, KENYA_RATES)
            _put_settings(Configuration(database, clock), new)
    finally:
        database.close()
    with contextlib.closing(open_shop(directory, clock=clock)) as shop:
        shop.staffing.add(
            login=new.manager_login,
            name=new.manager_name,
            role=MANAGER,
            pin=new.manager_pin,
            actor=None,
        )
        with shop.database.write():
            made = {"demo": new.demo}  # outlasts settings that are lost
            shop.books.note("shop made", actor_id=None, detail=made, sealed=SEALED)
        if new.printer:
            shop.configuration.set(settings.PRINTER_ADDRESS, new.printer, shop.books, actor=None)
        bring_goods(shop.importing, shop.goods.products, new.goods)
        if new.demo:
            demo.fill_demo_shop(
                staffing=shop.staffing,
                importing=shop.importing,
                configuration=shop.configuration,
                books=shop.books,
                mpesa=shop.mpesa.setup,
                prints=prints,
            )


def _put_settings(configuration: Configuration, new: NewShop) -> None:
    configuration.put(settings.SHOP_NAME, new.name)
    configuration.put(settings.SHOP_KRA_PIN, new.kra_pin)
    configuration.put(settings.SHOP_CURRENCY, new.currency)
    configuration.put(settings.TILL_CODE, new.till_code)
    configuration.put(settings.SHOP_DEMO, new.demo)
    if new.language:
        configuration.put(settings.LANGUAGE, new.language)
