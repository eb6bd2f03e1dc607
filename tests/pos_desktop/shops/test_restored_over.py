"""A shop comes back over another, which is put aside; nothing is moved where that fails."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.security.recovery import make_recovery_key
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DAMAGED_FOLDER,
    DATABASE_FILE,
)
from pos_desktop.shops.another_till import become_another_till
from pos_desktop.shops.restored_over import restore_over
from pos_desktop.shops.restored_shop import restore_shop
from pos_desktop.shops.salvaged_shop import salvage_shop
from tests.pos_desktop.shops.spoiling import blank, root_of
from tests.released.released_shops import recovery_key


def test_a_shop_is_restored_over_a_damaged_one(closed: Path, tmp_path: Path) -> None:
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    blank(closed, 1)
    damaged = (closed / DATABASE_FILE).read_bytes()
    restored, aside = restore_over(backup, closed, recovery_key(closed))
    assert restored.findings == ()
    assert (aside / DATABASE_FILE).read_bytes() == damaged
    with closing(open_shop(closed)) as shop:
        assert shop.books.node.till_code == restored.till_code != "T1"


def test_a_code_of_the_shop_that_is_put_aside_is_not_given_out_again(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(become_another_till.__kwdefaults__ or {}, "chance", lambda: 0.0)
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    key, codes = recovery_key(closed), []
    for _time in range(3):
        restored, _aside = restore_over(backup, closed, key)
        codes.append(restored.till_code)
    assert len({"T1", *codes}) == 4
    with pytest.raises(Refused, match="choose another till code"):
        restore_over(backup, closed, key, till_code=codes[0])


def test_a_salvaged_till_takes_no_code_that_lies_aside(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(become_another_till.__kwdefaults__ or {}, "chance", lambda: 0.0)
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    key = recovery_key(closed)
    first = restore_over(backup, closed, key)[0].till_code
    second = restore_over(backup, closed, key)[0].till_code
    blank(closed, root_of(closed, "sale"))
    assert salvage_shop(closed)[0].till_code not in (first, second)


def test_a_restore_that_fails_puts_everything_back(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    before = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}
    with pytest.raises(Refused):
        restore_over(backup, closed, make_recovery_key())

    def failing(*_given: object, **_named: object) -> None:
        raise Unavailable("the stick is gone")

    monkeypatch.setattr("pos_desktop.shops.restored_over.restore_beside", failing)
    with pytest.raises(Unavailable, match="the stick is gone"):
        restore_over(backup, closed, recovery_key(closed))
    after = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}
    assert after == before
    assert not (closed / DAMAGED_FOLDER).exists()


def test_a_full_disk_under_a_shop_asks_for_room_on_it(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    key = recovery_key(closed)
    monkeypatch.setattr("pos_desktop.shops.restored_shop.has_room", lambda *_given: False)
    with pytest.raises(Unavailable, match=r"the disk is full.*; make room on that disk"):
        restore_over(backup, closed, key)
    with pytest.raises(Unavailable, match=r"the disk is full.*; choose another place"):
        restore_shop(backup, tmp_path / "new", key)
