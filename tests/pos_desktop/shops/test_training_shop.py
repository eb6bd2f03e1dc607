"""Training: a shop of its own that looks like the real one, which stays as it was to the byte."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission, Role
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import DATABASE_FILE, HEAD_FILE, PRINTS_FOLDER
from pos_desktop.shop_locks import till_open
from pos_desktop.shops import training_shop
from pos_desktop.shops.training_shop import TrainingElsewhere, make_training_shop
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.training_copy import copy_masters
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.play import play
from tests.pos_desktop.shops.spoiling import rot


def _content(shop: Shop) -> str:
    """Return a digest of every row of a shop's file, and of the head beside it."""
    shop.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
    found = hashlib.sha256((shop.directory / DATABASE_FILE).read_bytes())
    found.update((shop.directory / HEAD_FILE).read_bytes())
    return found.hexdigest()


def _practise(directory: Path) -> None:
    """Do a whole day of everything in the training shop."""
    with closing(open_shop(directory)) as shop:
        play(shop, "login " + " ".join(CASHIER), "shift open 500")
        play(shop, "2*MILK", "10%", "pay cash 500", "refund TRN-000001 1*1", "SUGAR", "void")
        play(shop, "MILK", "customer C00001", "pay credit", "voucher 100", "cash out 20 tea")
        play(shop, "customer C00001", "settle 10", "reprint", "shift close 500", "z")
        assert bad_books(shop) == set()


def test_training_leaves_the_real_shop_as_it_was(selling_shop: Shop) -> None:
    add_customer(selling_shop)
    play(selling_shop, "MILK", "pay cash")
    before = _content(selling_shop)
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    _practise(directory)
    assert _content(selling_shop) == before
    assert selling_shop.closing.current() is not None
    reply = play(selling_shop, "MILK", "pay cash")
    assert str(reply.receipt) == "T1-000002"


def test_it_looks_the_same_and_holds_nobodys_data(selling_shop: Shop) -> None:
    add_customer(selling_shop)
    play(selling_shop, "3*MILK", "pay cash")
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    with closing(open_shop(directory)) as training:
        assert training.sign_in.sign_in(*MANAGER).name == "Njeri"
        item = training.catalogue.item("6161100000014")
        assert item == selling_shop.catalogue.item("6161100000014")
        assert [one.name for one in training.catalogue.search("tomat")] == ["Tomatoes, loose"]
        assert training.catalogue.in_stock(training.catalogue.item("MILK")) == -3000
        assert training.database.value("SELECT count(*) FROM sale") == 0
        assert [one.name for one in training.customers.search("")] == ["Training customer"]
        assert training.closing.current() is None
        assert bad_books(training) == set()
    assert b"Akinyi" not in (directory / DATABASE_FILE).read_bytes()


def test_papers_say_so_and_the_drawer_stays_shut(selling_shop: Shop) -> None:
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    _practise(directory)
    with closing(open_shop(directory)) as training:
        papers = training.database.rows("SELECT kind, body FROM print_job")
    assert {paper["kind"] for paper in papers} >= {"receipt", "voucher", "payment", "x", "z"}
    assert "drawer" not in {paper["kind"] for paper in papers}
    assert all("TRAINING" in paper["body"] for paper in papers)


def test_training_begins_anew_each_time(selling_shop: Shop) -> None:
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    _practise(directory)
    (directory / PRINTS_FOLDER).mkdir(exist_ok=True)
    assert make_training_shop(selling_shop, selling_shop.till.person) == directory
    with closing(open_shop(directory)) as training:
        assert training.database.value("SELECT count(*) FROM sale") == 0


def test_nobody_trains_in_a_shop_where_another_till_does(selling_shop: Shop) -> None:
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    with closing(open_shop(directory)) as training, till_open(directory, training.till):
        with pytest.raises(TrainingElsewhere):
            make_training_shop(selling_shop, selling_shop.till.person)
        with pytest.raises(Refused):
            make_training_shop(training, selling_shop.till.person)


def test_no_till_begins_to_train_while_the_training_shop_is_made_anew(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Path] = []

    def copied(real: ShopDatabase, training: ShopDatabase) -> None:
        tried.append(training.path)
        with pytest.raises(TrainingElsewhere):
            make_training_shop(selling_shop, selling_shop.till.person)
        copy_masters(real, training)

    monkeypatch.setattr(training_shop, "copy_masters", copied)
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    assert tried == [directory / DATABASE_FILE]
    make_training_shop(selling_shop, selling_shop.till.person)


def test_the_real_shop_sells_on_while_it_is_copied(selling_shop: Shop) -> None:
    with closing(open_shop(selling_shop.directory)) as beside, beside.database.write():
        directory = make_training_shop(selling_shop, selling_shop.till.person)
    with closing(open_shop(directory)) as training:
        for table in ("product", "barcode", "staff", "tax_rate"):
            rows = f"SELECT * FROM {table} ORDER BY 1, 2"
            assert training.database.rows(rows) == selling_shop.database.rows(rows) != []


SPOILT = {
    "a price": ("UPDATE product SET price_cents = 1 WHERE row = 1", "the row 1 of product"),
    "a login": ("UPDATE staff SET login = login || 'x'", " of staff does not"),
    "a rate": ("UPDATE tax_rate SET rate_bp = 1700 WHERE rate_bp = 1600", " of tax_rate does not"),
    "a setting": ("UPDATE setting SET value = '1' WHERE key = 'shop.name'", " of setting does not"),
    "a stock": ("UPDATE stock_level SET quantity = quantity + 1024000", "the stock of "),
}
"""What rots in a shop's file, and what names it."""


@pytest.mark.spoils_books
@pytest.mark.parametrize("name", SPOILT)
def test_what_is_spoilt_goes_into_no_training_shop(selling_shop: Shop, name: str) -> None:
    play(selling_shop, "MILK", "pay cash")
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    before = (directory / DATABASE_FILE).read_bytes()
    statement, words = SPOILT[name]
    rot(selling_shop.database, statement)
    with pytest.raises(Refused, match="posctl verify") as refused:
        make_training_shop(selling_shop, selling_shop.till.person)
    assert words in str(refused.value)
    assert (directory / DATABASE_FILE).read_bytes() == before, "and the one of before stays"


@pytest.mark.spoils_books
def test_what_is_spoilt_and_not_copied_keeps_nobody_from_training(selling_shop: Shop) -> None:
    add_customer(selling_shop)
    rot(selling_shop.database, "UPDATE customer SET name = 'Akinyj'")
    assert bad_books(selling_shop) == {"rows"}
    with closing(open_shop(make_training_shop(selling_shop, selling_shop.till.person))) as shop:
        assert bad_books(shop) == set()


@pytest.mark.spoils_books
def test_a_row_that_is_spoilt_while_it_is_copied_stays_a_finding(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied(real: ShopDatabase, training: ShopDatabase) -> None:
        rot(selling_shop.database, "UPDATE product SET price_cents = 1 WHERE row = 1")
        copy_masters(real, training)

    monkeypatch.setattr(training_shop, "copy_masters", copied)
    directory = make_training_shop(selling_shop, selling_shop.till.person)
    with closing(open_shop(directory)) as training:
        assert bad_books(training) == {"rows"}


def test_who_may_not_train_is_refused(selling_shop: Shop) -> None:
    role = Role("x", frozenset(Permission) - {Permission.TRAINING}, 0)
    with pytest.raises(NeedsApproval):
        make_training_shop(selling_shop, Person("1", "x", "X", role))


def test_a_real_shop_cannot_be_made_a_training_one_by_hand(shop: Shop) -> None:
    from pos_desktop import settings

    with pytest.raises(Refused):
        shop.configuration.set(settings.SHOP_TRAINING, value=True, books=shop.books, actor=None)
