"""Little room on the disk is found in time, and said with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.services.counter.room_watch import RoomWatch
from pos_desktop.shop import Shop
from pos_desktop.storage.room import LOW_BYTES, SCARCE_BYTES
from tests.pos_desktop.services.play import play


def test_it_is_said_below_two_limits(tmp_path: Path) -> None:
    free = [LOW_BYTES]
    watch = RoomWatch(tmp_path, lambda _place: free[0])
    assert (watch.look(), watch.words()) == (None, "")
    free[0] = LOW_BYTES - 1
    low = watch.look()
    assert low is not None
    assert not low.is_scarce
    assert "has 499 MB left" in low.sentence()
    free[0] -= 30_000_000
    assert watch.look() == low  # nothing new is to be said
    free[0] = SCARCE_BYTES - 1
    scarce = watch.look()
    assert scarce is not None
    assert scarce.is_scarce
    assert "99 MB are left" in scarce.sentence()
    assert "no sale can be recorded" in scarce.sentence()
    free[0] = LOW_BYTES
    assert watch.look() is None


def test_a_large_shop_wants_room_for_its_next_backup(tmp_path: Path) -> None:
    with (tmp_path / "shop.sqlite").open("wb") as file:
        file.truncate(1_000_000_000)
    watch = RoomWatch(tmp_path, lambda _place: 2_063_000_000)
    low = watch.look()
    assert low is not None
    assert not low.is_scarce
    assert RoomWatch(tmp_path, lambda _place: 2_064_000_000).look() is None


def test_a_disk_that_does_not_answer_is_in_no_trouble(tmp_path: Path) -> None:
    def broken(_place: Path) -> int:
        raise OSError("gone")

    assert RoomWatch(tmp_path, broken).look() is None


def test_it_stands_on_the_z(selling_shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = selling_shop
    monkeypatch.setattr(shop.room_watch, "_free", lambda _place: SCARCE_BYTES - 1)
    play(shop, "login manager 1234", "z")
    body = shop.database.value("SELECT body FROM print_job WHERE kind = 'z'")
    assert "nearly full" in str(body)


def test_a_disk_with_room_says_nothing_on_the_z(selling_shop: Shop) -> None:
    selling_shop.room_watch._free = lambda _place: LOW_BYTES
    play(selling_shop, "login manager 1234", "z")
    body = selling_shop.database.value("SELECT body FROM print_job WHERE kind = 'z'")
    assert "disk" not in str(body)
