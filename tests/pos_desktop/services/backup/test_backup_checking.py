"""A backup is read to its end by a job, which says what is in it, or what is wrong with it."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pos_queue.premises import Terms

from pos_desktop import settings
from pos_desktop.domain.errors import Unavailable
from pos_desktop.security.sealed_file import Description, Sealing
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.backup.backup_checking import BackupChecking
from pos_desktop.services.backup.backup_content import Beside, pack
from pos_desktop.services.backup.backup_words import checked_sentence, made_sentence
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import BACKING_UP_FOLDER, DATABASE_FILE, HEAD_FILE
from pos_desktop.shop_locks import one_backup
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.migrations import LATEST
from pos_desktop.storage.snapshot import counts
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.play import play
from tests.released.released_shops import unpack


def _run(shop: Shop) -> None:
    shop.queue.runner(Terms(when_empty=True)).run()


def _checked(shop: Shop, file: Path) -> dict[str, Any]:
    number = shop.backup_checking.leave(file, actor=None)
    _run(shop)
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert detail.view.state == "done", cause(detail.view)
    return dict(detail.result)


def test_it_says_what_is_in_it(selling_shop: Shop) -> None:
    shop = selling_shop
    shop.configuration.set(settings.BACKUP_AT_Z, False, shop.books, actor=None)
    play(shop, "MILK", "pay cash")
    shop.till.sign_in(*MANAGER)
    play(shop, "z")
    made = shop.backups.make(actor=None)
    found = _checked(shop, made.path)
    assert found["file"] == str(made.path)
    assert found["shop"] == shop.configuration.get(settings.SHOP_NAME)
    assert (found["till"], found["sales"], found["findings"]) == ("T1", 1, [])
    assert found["z"] == ["T1-Z00001", shop.database.value("SELECT business_day FROM z_report")]
    assert not (shop.directory / BACKING_UP_FOLDER).exists()
    assert "The books in it are in order." in checked_sentence(found).text


def test_books_that_are_not_in_order_are_told(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash")
    selling_shop.database.execute_sql("UPDATE stock_level SET quantity = 5")
    made = selling_shop.backups.make(actor=None)
    selling_shop.database.execute_sql("UPDATE stock_level SET quantity = -1000")
    found = _checked(selling_shop, made.path)
    assert found["findings"] == ["stock"]
    assert "not in order" in checked_sentence(found).text
    assert "not in order" in made_sentence(found).text


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda content: content[:-50], "damaged or was cut short"),
        (lambda content: content[:-50] + b"x" + content[-49:], "damaged or was cut short"),
        (lambda _content: b"something else", "no backup of POS Desktop"),
    ],
)
def test_what_is_wrong_with_it_is_a_failed_job(shop: Shop, spoil: Any, words: str) -> None:
    path = shop.backups.make(actor=None).path
    path.write_bytes(spoil(path.read_bytes()))
    shop.backup_checking.leave(path, actor=None)
    _run(shop)
    (failed,) = shop.queue.views.failed()
    assert words in cause(failed)
    assert not (shop.directory / BACKING_UP_FOLDER).exists()


def test_one_that_is_gone_is_said(shop: Shop, tmp_path: Path) -> None:
    shop.backup_checking.leave(tmp_path / "stick" / "gone.posbackup", actor=None)
    _run(shop)
    (failed,) = shop.queue.views.failed()
    assert "There is no file" in cause(failed)


def test_it_needs_room_on_the_own_disk(shop: Shop) -> None:
    made = shop.backups.make(actor=None)
    source = replace(shop.backup_checking._source, free=lambda _place: 1 << 20)
    checking = BackupChecking(
        source, shop.queue.intake, one_at_a_time=lambda: one_backup(shop.directory)
    )
    with pytest.raises(Unavailable, match="no room"):
        checking._checked(made.path, lambda _done, _total: None)


@pytest.mark.parametrize("schema", [LATEST - 3, LATEST - 1])
def test_one_of_an_earlier_version_is_brought_up_to_date_to_be_read(
    schema: int, tmp_path: Path
) -> None:
    """The backup itself stays as it is."""
    old = unpack(schema, tmp_path / "old")
    with closing(open_shop(shutil.copytree(old, tmp_path / "now"))) as shop:
        path = _backup_of(old, schema, shop)
        before = path.read_bytes()
        found = _checked(shop, path)
        assert (found["sales"] + found["refunds"], found["findings"]) == (5, [])
        assert path.read_bytes() == before


def _backup_of(old: Path, schema: int, shop: Shop) -> Path:
    """Seal the file of an earlier version as the program of its time did."""
    content, path = old / DATABASE_FILE, old / "old.posbackup"
    with closing(ShopDatabase(content, shop.clock)) as database:
        beside = Beside(head=(old / HEAD_FILE).read_bytes(), secrets={}, counts=counts(database))
    description = Description(
        shop_id=shop.books.node.shop_id,
        till_code="T1",
        taken_at=0,
        schema=schema,
        size=content.stat().st_size,
        program="0.9",
    )
    with path.open("wb") as file:
        sealing = Sealing(file, shop.backup_checking._source.key, description)
        pack(sealing, beside, content, lambda _done, _total: None)
    return path
