"""A shop that is restored is still paid; what waited for its activation waits for a person."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from pos_desktop.domain.licence import LicenceState
from pos_desktop.services.licence.licence_words import payment_words
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import make_shop
from pos_desktop.shops.restored_shop import restore_shop
from pos_desktop.storage.licence_rows import PaymentState
from tests.pos_desktop.activations import activation
from tests.pos_desktop.conftest import NEW_SHOP, bad_books
from tests.pos_desktop.services.licences import payment, set_up, supplier, work

WAITING = "SKZ9Y8X7W6"


def test_a_restored_shop_is_still_paid(tmp_path: Path) -> None:
    with supplier() as server:
        key = make_shop(tmp_path / "lost", NEW_SHOP)
        with closing(open_shop(tmp_path / "lost")) as shop:
            set_up(shop, server.base_url)
            text = activation(shop.books.node.shop_id, shop.clock.now(), 30)
            shop.licence.subscription.keep(text, actor=None)
            shop.licence.subscription.typed(WAITING, "monthly", actor=None)
            began = shop.licence.subscription.standing().until
            shop.backups.make(tmp_path / "backup", actor=None)
        restore_shop(tmp_path / "backup", tmp_path / "new", key)
        with closing(open_shop(tmp_path / "new")) as shop:
            standing = shop.licence.subscription.standing()
            assert (standing.state, standing.until) == (LicenceState.ACTIVE, began)
            work(shop)
            assert server.supplier.asked == []
            assert payment(shop, WAITING).state is PaymentState.DECLINED
            assert "waited when the backup was made" in payment_words(payment(shop, WAITING))
            shop.licence.subscription.again(WAITING, actor=None)
            work(shop)
            assert payment(shop, WAITING).state is PaymentState.GRANTED
            assert server.supplier.asked[0]["till"] == shop.books.node.till_id
            assert bad_books(shop) == set()
