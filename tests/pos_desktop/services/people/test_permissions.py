"""What not everybody may do is asked in the services, whoever calls them and whatever is shown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from pos_desktop import settings
from pos_desktop.domain import staff
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.staff import Permission, Role
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, person
from tests.pos_desktop.services.permission_walk import (
    AT_THE_TILL,
    FREE,
    ON_A_JOB,
    WALK,
    furnish,
)
from tests.pos_desktop.services.play import play

NOT_YET = {Permission.TRAINING}
"""What no service asks for: training asks where its shop is made."""


def _all_but(permission: Permission) -> Role:
    """Return a role that may do everything but this, and give next to no discount."""
    return Role("nearly", frozenset(Permission) - {permission}, 1_00)


def _ready(shop: Shop, act: str) -> None:
    """Bring a shop to where this act can be done: a sale sold, another one open."""
    furnish(shop)
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 100", "RICE", "pay cash", "2*RICE")
    if act == "Till.give_back":
        play(shop, "pay cash 100")
    if act.startswith(("Closing.open_shift", "Till.opening_shift")):
        play(shop, "clear", "shift close 320")
    if act.startswith("Closing.z"):
        play(shop, "hold")
    if act == "Till.recalling":
        play(shop, "hold held")
    if act == "TodaysPrices.take":
        (card,) = shop.goods.products.listed(ProductChoice(text="RICE"), 1)
        shop.goods.products.change(card, replace(card.form, price_cents=1_00), actor=None)


def _may(shop: Shop, person_: Person, act: str) -> None:
    _permission, do = WALK[act]
    shop.till.state.person = person_
    do(shop, person_)


@pytest.mark.parametrize("act", WALK)
def test_who_may_do_all_but_this_may_not_do_it_and_a_manager_may(shop: Shop, act: str) -> None:
    _ready(shop, act)
    permission = WALK[act][0]
    manager = person(shop, MANAGER)
    owner = manager if act != "Closing.close_shift of another" else person(shop, CASHIER)
    written = shop.database.value("SELECT count(*) FROM fact")
    with pytest.raises(NeedsApproval) as refused:
        _may(shop, replace(owner, role=_all_but(permission)), act)
    assert refused.value.permission is permission
    if act != "Closing.z a second time":
        assert shop.database.value("SELECT count(*) FROM fact") == written
        _may(shop, manager, act)


@pytest.mark.parametrize("act", sorted(ON_A_JOB))
def test_acts_on_jobs_ask_before_they_look(shop: Shop, act: str) -> None:
    nobody = replace(person(shop, MANAGER), role=_all_but(Permission.JOBS))
    with pytest.raises(NeedsApproval):
        getattr(shop.queue.desk, act.partition(".")[2])(12345, actor=nobody)


def test_the_walk_knows_every_permission() -> None:
    asked = {permission for permission, _act in WALK.values()}
    assert set(Permission) - asked == NOT_YET


def _services(shop: Shop) -> Iterator[type]:
    """Yield the class of every service of the shop, those of its rooms among them."""
    rooms = (shop, shop.goods, shop.mail, shop.mpesa, shop.schedules, shop.licence, shop.devices)
    parts = [getattr(room, one.name) for room in rooms for one in fields(room)]
    queue = shop.queue
    doctor = Doctor(shop.directory)
    for part in (*parts, queue.desk, queue.board, queue.notifications, doctor):
        if type(part).__module__.startswith("pos_desktop.services."):
            yield type(part)


def _acts(shop: Shop) -> Iterator[str]:
    """Yield every public act of the shop's services."""
    for kind in set(_services(shop)):
        for name, function in vars(kind).items():
            if inspect.isfunction(function) and not name.startswith("_"):
                yield f"{kind.__name__}.{name}"


def test_the_walk_passes_every_act_of_every_service(shop: Shop) -> None:
    walked = {act.partition(" ")[0] for act in WALK} | ON_A_JOB
    assert set(_acts(shop)) - walked == set(FREE)


def test_whoever_stands_at_the_till_may_change_its_colours(shop: Shop) -> None:
    cashier = shop.sign_in.sign_in(*CASHIER)
    shop.configuration.set(settings.THEME, "dark", shop.books, actor=cashier)
    found = shop.database.row("SELECT actor_id FROM journal WHERE kind = 'setting'")
    assert found == {"actor_id": cashier.id}


def test_a_role_without_permissions_signs_in_and_does_nothing(shop: Shop) -> None:
    shop.staffing.put_role(Role("guest", frozenset(), 0), actor=None)
    shop.staffing.give_role("cashier", "guest", actor=None)
    furnish(shop)
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 100", "RICE", "pay cash", "2*RICE")
    guest = shop.sign_in.sign_in(*CASHIER)
    assert guest.role != staff.CASHIER
    for act in AT_THE_TILL:
        if "opening_shift" not in act and "open_shift" not in act:
            with pytest.raises(NeedsApproval):
                _may(shop, guest, act)
