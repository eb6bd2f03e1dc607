"""What may be done is one table: what the tray offers is allowed, nothing else by any service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.services.mpesa.tray.standing import (
    AskedJustNow,
    NotConfirmed,
    NothingOver,
    ReversalsByHand,
)
from pos_desktop.services.mpesa.tray.tray_acts import Target
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage import mpesa_money, mpesa_requests
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.storage.mpesa_requests import MpesaRequest, RequestKind, RequestState
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.mpesa.scene import Scene, let_reverse, opened
from tests.pos_desktop.services.mpesa.told import CODE

A = TrayAct
S = MoneyState
R = RequestState


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield scene


@pytest.fixture
def manager(scene: Scene) -> Person:
    return scene.shop.sign_in.sign_in(*MANAGER)


def put(
    scene: Scene,
    state: MoneyState,
    *,
    is_confirmed: bool = True,
    asked: RequestState | None = None,
    minutes_ago: int = 0,
) -> None:
    """Let a payment stand so, and M-Pesa have been asked to give it back."""
    at = to_stored(scene.clock.now())
    database = scene.shop.database
    money = Money(
        receipt=CODE,
        amount_cents=500_00,
        paid_at=at,
        short_code="174379",
        source=MoneySource.PULL,
        is_confirmed=is_confirmed,
        state=state,
        told_at=at,
        changed_at=at,
    )
    with database.write():
        mpesa_money.put(database, money)
        database.execute_sql("DELETE FROM mpesa_request")
        if asked is not None:
            asked_at = at - minutes_ago * 60_000
            request = MpesaRequest(
                token="t",
                kind=RequestKind.REVERSAL,
                receipt=CODE,
                amount_cents=500_00,
                state=asked,
                asked_at=asked_at,
                changed_at=asked_at,
            )
            mpesa_requests.add(database, request)


def why_not(scene: Scene, act: TrayAct) -> type[Refused] | None:
    """Return by what an act is refused, None where it is allowed."""
    try:
        with scene.shop.database.write():
            scene.mpesa.book.allow(CODE, act)
    except Refused as error:
        return type(error)
    return None


@pytest.mark.parametrize("has_operator", [False, True])
def test_what_the_tray_offers_is_what_is_allowed(scene: Scene, *, has_operator: bool) -> None:
    if has_operator:
        let_reverse(scene.shop)
    asked = [None, R.UNKNOWN, R.REFUSED]
    for state, is_confirmed, request, minutes in product(S, (False, True), asked, (29, 31)):
        put(scene, state, is_confirmed=is_confirmed, asked=request, minutes_ago=minutes)
        item = scene.mpesa.tray.item(CODE)
        assert item is not None
        allowed = {one for one in A if why_not(scene, one) is None}
        assert allowed == {*item.acts}, (state, is_confirmed, request, minutes)


@pytest.mark.parametrize(
    ("state", "is_confirmed", "act", "error"),
    [
        *((S.UNMATCHED, False, act, NotConfirmed) for act in (A.ATTACH, A.REVERSE, A.PORTAL)),
        *((S.SUSPENSE, False, act, NotConfirmed) for act in (A.CASH, A.CREDIT)),
        (S.UNVERIFIED, False, A.CASH, NotConfirmed),
        (S.UNMATCHED, True, A.REVERSE, ReversalsByHand),
        (S.DIFFERS, True, A.CASH, NothingOver),
        (S.MATCHED, True, A.REVERSE, ChangedMeanwhile),
        (S.UNMATCHED, True, A.SEEN, ChangedMeanwhile),
        *((S.REFUNDED, True, act, ChangedMeanwhile) for act in A),
        *((S.ELSEWHERE, True, act, ChangedMeanwhile) for act in A),
    ],
)
def test_what_is_not_allowed_says_why(
    scene: Scene,
    state: MoneyState,
    act: TrayAct,
    error: type[Refused],
    *,
    is_confirmed: bool,
) -> None:
    put(scene, state, is_confirmed=is_confirmed)
    assert why_not(scene, act) is error


def test_nobody_looks_up_what_was_asked_just_now(scene: Scene) -> None:
    for minutes, error in ((29, AskedJustNow), (30, None)):
        put(scene, S.REFUND_ASKED, asked=R.ACKNOWLEDGED, minutes_ago=minutes)
        assert why_not(scene, A.WENT_BACK) is why_not(scene, A.STAYED) is error


def test_what_m_pesa_can_be_asked_to_do_is_not_done_by_hand(scene: Scene, manager: Person) -> None:
    let_reverse(scene.shop)
    put(scene, S.UNMATCHED)
    with pytest.raises(ChangedMeanwhile):
        scene.mpesa.reversals.went_back(CODE, actor=manager)
    put(scene, S.UNMATCHED, asked=R.REFUSED)
    scene.mpesa.reversals.went_back(CODE, actor=manager)


def test_every_service_asks(scene: Scene, manager: Person) -> None:
    """What stands elsewhere is nobody's to decide, whichever way it is asked for."""
    scene.shop.closing.open_shift(manager, 1_000_00)
    acts, back, reversals = scene.mpesa.acts, scene.shop.mpesa_back, scene.mpesa.reversals
    cart = Target(sale_id=scene.cart())
    ways: dict[TrayAct, Callable[[], object]] = {
        A.ATTACH: lambda: acts.attach(CODE, cart, actor=manager),
        A.REVERSE: lambda: reversals.ask(CODE, actor=manager),
        A.PORTAL: lambda: reversals.went_back(CODE, actor=manager),
        A.STAYED: lambda: reversals.stayed(CODE, actor=manager),
        A.CASH: lambda: back.in_cash(CODE, actor=manager),
        A.CREDIT: lambda: back.in_credit(CODE, "nobody", actor=manager),
        A.ELSEWHERE: lambda: acts.elsewhere(CODE, "rent", actor=manager),
        A.SEEN: lambda: acts.seen(CODE, actor=manager),
        A.MISSING: lambda: acts.missing(CODE, actor=manager),
        A.ACCEPT: lambda: acts.accept(CODE, actor=manager),
    }
    assert {*ways} == {*A} - {A.WENT_BACK}
    for state in (S.MATCHED, S.REFUNDED, S.ELSEWHERE):
        put(scene, state)
        for act, do in ways.items():
            with pytest.raises(ChangedMeanwhile):
                do()
            found = mpesa_money.find(scene.shop.database, CODE)
            assert found is not None
            assert found.state is state, act
