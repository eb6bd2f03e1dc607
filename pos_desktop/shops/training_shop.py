"""A shop to practise in, beside the real one: a file of its own, so that nothing can mix.

It looks like the real shop, with its people, goods and rules, and holds none of its sales or
customers. Made anew whenever training begins; the real file is only read.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from filelock import Timeout

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Ids
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import derive_keys, make_recovery_key
from pos_desktop.security.secrets import FileSecrets
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.people.acting import require
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    LOCKS_FOLDER,
    SECRETS_FILE,
    TRAINING_FOLDER,
    folder,
)
from pos_desktop.shop_locks import till_locks
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import translated
from pos_desktop.storage.migrations import migrate
from pos_desktop.storage.node import begin_epoch
from pos_desktop.storage.seals import SEALED
from pos_desktop.storage.training_copy import copy_masters, copy_stock, spoilt

TILL_CODE = "TRN"
"""Stands before the receipts of training, so that none looks like a real one."""
CREDIT_CENTS = 5_000_00


class TrainingElsewhere(Refused):
    """Somebody trains in this shop already; wait until they have ended it."""


def make_training_shop(shop: Shop, person: Person) -> Path:
    """Make the training shop of a real one anew and return its directory.

    Raises NeedsApproval where the person may not train, Refused in a training shop itself and
    where a value that would be copied is spoilt (the training shop of before stays then), and
    TrainingElsewhere while another till trains.
    """
    require(person, Permission.TRAINING)
    if shop.configuration.get(settings.SHOP_TRAINING):
        raise Refused(_("You are training already: end it first."))
    _check_is_whole(shop)
    directory = folder(shop.directory, TRAINING_FOLDER)
    with _nobody_trains(directory):
        for path in directory.iterdir():
            if path.name != LOCKS_FOLDER:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        _fill(shop, directory)
    return directory


def _check_is_whole(shop: Shop) -> None:
    """Raise Refused where training would go on with what rots in the real shop's file.

    Its stock would even be right there: it becomes a fact of books that begin with it.
    """
    with translated(shop.reader.path):
        found = next(spoilt(shop.reader), None)
    if found is not None:
        raise Refused(
            _(
                "Training would copy what is spoilt in the shop's file: {what}. Run posctl verify "
                "and put right what it names, then begin training."
            ).format(what=found)
        )


@contextmanager
def _nobody_trains(directory: Path) -> Iterator[None]:
    """Keep every till out of the training shop meanwhile."""
    with ExitStack() as stack:
        try:
            for lock in till_locks(directory):
                stack.enter_context(lock)
        except Timeout as error:
            raise TrainingElsewhere from error
        yield


def _fill(shop: Shop, directory: Path) -> None:
    shop_id = Ids(shop.clock).new()
    FileSecrets(directory / SECRETS_FILE).put(derive_keys(make_recovery_key(), shop_id))
    with closing(ShopDatabase(directory / DATABASE_FILE, shop.clock)) as database:
        migrate(database, shop.clock)
        copy_masters(shop.reader, database)
        with database.write():
            begin_epoch(
                database,
                shop.clock,
                shop_id=shop_id,
                till_id=Ids(shop.clock).new(),
                till_code=TILL_CODE,
            )
            configuration = Configuration(database, shop.clock)
            configuration.put(settings.SHOP_TRAINING, value=True)
            configuration.put(settings.TILL_CODE, TILL_CODE)
    with closing(open_shop(directory, clock=shop.clock)) as training:
        with training.database.write():
            day = training.closing.business_day()
            copy_stock(shop.reader, training.database, training.books, day)
            training.books.note("shop made", actor_id=None, sealed=SEALED)
        _add_customer(training)


def _add_customer(training: Shop) -> None:
    """Add somebody to practise selling on account with: no real customer is here."""
    made = training.customers.add(Particulars(name=_("Training customer")), actor=None)
    training.customers.set_limit(made, CREDIT_CENTS, actor=None)
