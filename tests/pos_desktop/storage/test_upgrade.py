"""A file of an earlier program becomes one of this program, with all that it held."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.product import ProductChoice
from pos_desktop.storage import migrations, product_cards
from pos_desktop.storage.database import ShopDatabase

PRODUCT = {
    "row": 1,
    "id": "1" * 32,
    "code": "MILK",
    "name": "Milk",
    "price_cents": 65_00,
    "tax_band": "A",
    "origin": "t",
    "ver": 1,
    "changed_at": 0,
}


def test_a_file_from_before_goods_keeps_its_products(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = ShopDatabase(tmp_path / "shop.db", SystemClock())
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "LATEST", 2)
        assert migrations.migrate(database, SystemClock()) == 2
    with database.write():
        database.insert("product", [PRODUCT])
    assert migrations.migrate(database, SystemClock()) == migrations.LATEST - 2
    (milk,) = product_cards.cards(database, ProductChoice())
    assert (milk.form.name, milk.form.price_cents) == ("Milk", 65_00)
    assert (milk.form.reorder_level, milk.form.supplier_id) == (None, None)
    assert list(migrations.schema_faults(database)) == []
    database.close()
