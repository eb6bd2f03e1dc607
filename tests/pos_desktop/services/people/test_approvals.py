"""What a role may not do is done once a manager has approved it, and the journal says who did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_desktop.domain import commands as do
from pos_desktop.domain.staff import Permission
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.services.play import play


@pytest.mark.parametrize(
    ("permission", "before", "line", "kind"),
    [
        (Permission.VOID, "3*SUGAR", "*1", "quantity lowered"),
        (Permission.VOID, "3*SUGAR", "-", "quantity lowered"),
        (Permission.VOID, "3*SUGAR", "void", "line void"),
        (Permission.VOID, "3*SUGAR", "clear", "cart void"),
        (Permission.REFUND, "", "refund T1-000001", "refund"),
        (Permission.REPRINT, "", "reprint", "reprint"),
    ],
)
def test_a_manager_approves_what_the_role_may_not_do(
    selling_shop: Shop, permission: Permission, before: str, line: str, kind: str
) -> None:
    play(selling_shop, "MILK", "pay cash", before)
    _take_away(selling_shop, permission)
    with pytest.raises(NeedsApproval) as refused:
        play(selling_shop, line)
    assert refused.value.permission is permission
    play(selling_shop, "approve manager 1234 misheard")
    assert _approved(selling_shop, kind)
    assert bad_books(selling_shop) == set()


def test_a_manager_approves_that_a_part_payment_goes_back(selling_shop: Shop) -> None:
    play(selling_shop, "3*SUGAR", "pay cash 100")
    _take_away(selling_shop, Permission.VOID)
    with pytest.raises(NeedsApproval):
        selling_shop.desk.execute(do.GiveBack())
    play(selling_shop, "approve manager 1234 misheard")
    assert _approved(selling_shop, "payment undone")


def _take_away(shop: Shop, permission: Permission) -> None:
    role = shop.till.person.role
    less = replace(role, permissions=role.permissions - {permission})
    shop.staffing.put_role(less, actor=None)


def _approved(shop: Shop, kind: str) -> bool:
    """Tell whether the journal names cashier, manager and reason."""
    entry = shop.database.row(
        "SELECT actor_id, approver_id, detail FROM journal WHERE kind = ?", (kind,)
    )
    assert entry is not None
    people = {one.id: one.login for one in shop.sign_in.people()}
    names = people[entry["actor_id"]], people[entry["approver_id"]]
    return names == ("cashier", "manager") and "misheard" in entry["detail"]
