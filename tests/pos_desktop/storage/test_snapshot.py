"""A snapshot is of one moment, whoever writes meanwhile, and ends in bounded time."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.shop import Shop
from pos_desktop.storage import snapshot
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.snapshot import Counts, counts, take_snapshot
from tests.pos_desktop.services.play import play


def _nothing(_done: int, _total: int) -> None:
    pass


def test_sales_between_two_steps_are_not_in_it(
    selling_shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step is followed by a sale; the copy is begun once and ends after as many steps."""
    monkeypatch.setattr(snapshot, "PAGES", 8)
    play(selling_shop, "MILK", "pay cash")
    before = counts(selling_shop.database)
    done: list[int] = []

    def sell(far: int, _total: int) -> None:
        done.append(far)
        play(selling_shop, "MILK", "pay cash")

    found = take_snapshot(selling_shop.reader, tmp_path / "copy", sell)
    assert found == before
    assert len(done) > 5
    assert done == sorted(set(done))
    with closing(ShopDatabase(tmp_path / "copy", SystemClock())) as copy:
        assert counts(copy) == before
        assert copy.value("PRAGMA integrity_check") == "ok"
    assert counts(selling_shop.database).sales == before.sales + len(done)


def test_what_progress_raises_ends_it(selling_shop: Shop, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_snapshot(selling_shop.reader, tmp_path / "copy", stop)
    play(selling_shop, "MILK", "pay cash")
    assert take_snapshot(selling_shop.reader, tmp_path / "another", _nothing).sales == 1


def test_an_empty_shop_counts_nothing(shop: Shop) -> None:
    found = counts(shop.database)
    assert found == Counts(journal=found.journal, receipts=0, gross_cents=0)
