"""What not everybody may do is asked in the services, whoever calls them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.domain import staff
from pos_desktop.domain.staff import Permission
from pos_desktop.services.sign_in import NeedsApproval, Person
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER

Act = Callable[[Shop, Person], object]

ACTS: dict[Permission, Act] = {
    Permission.IMPORT: lambda shop, who: shop.importing.products(_catalogue(shop), actor=who),
    Permission.REPORTS: lambda shop, who: shop.reporting.make("vat", actor=who),
    Permission.SETTINGS: lambda shop, who: shop.configuration.set(
        settings.CASH_ROUNDING_CENTS, 500, shop.books, actor=who
    ),
    Permission.STAFF: lambda shop, who: shop.staffing.add(
        login="otieno", name="Otieno", role=staff.CASHIER, pin="2222", actor=who
    ),
}


def _catalogue(shop: Shop) -> Path:
    path = shop.directory / "catalogue.csv"
    path.write_text("code,name,price\nP1,Soap,50\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("permission", ACTS)
def test_a_cashier_may_not_and_a_manager_may(shop: Shop, permission: Permission) -> None:
    cashier, manager = shop.sign_in.sign_in(*CASHIER), shop.sign_in.sign_in(*MANAGER)
    written = shop.database.value("SELECT count(*) FROM journal")
    with pytest.raises(NeedsApproval) as refused:
        ACTS[permission](shop, cashier)
    assert refused.value.permission is permission
    assert shop.database.value("SELECT count(*) FROM journal") == written
    ACTS[permission](shop, manager)


def test_an_import_cannot_be_undone_by_a_cashier(shop: Shop) -> None:
    result = shop.importing.products(_catalogue(shop))
    assert result.import_id is not None
    with pytest.raises(NeedsApproval):
        shop.importing.undo(result.import_id, actor=shop.sign_in.sign_in(*CASHIER))
    shop.importing.undo(result.import_id, actor=shop.sign_in.sign_in(*MANAGER))


def test_whoever_stands_at_the_till_may_change_its_colours(shop: Shop) -> None:
    cashier = shop.sign_in.sign_in(*CASHIER)
    shop.configuration.set(settings.THEME, "dark", shop.books, actor=cashier)
    found = shop.database.row("SELECT actor_id FROM journal WHERE kind = 'setting'")
    assert found == {"actor_id": cashier.id}
