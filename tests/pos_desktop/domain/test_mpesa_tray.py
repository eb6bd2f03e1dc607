"""What may be done with a payment: no money moves for one that nobody has confirmed."""

from __future__ import annotations

import pytest

from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.domain.mpesa_tray import Standing, TrayAct, acts_of, acts_of_attempt

A = TrayAct
S = MoneyState
MOVES_MONEY = {A.ATTACH, A.REVERSE, A.CASH, A.CREDIT, A.PORTAL}


@pytest.mark.parametrize("state", [S.UNMATCHED, S.SUSPENSE, S.UNVERIFIED])
def test_what_nobody_has_confirmed_moves_no_money(state: MoneyState) -> None:
    found = acts_of(Standing(state=state, is_confirmed=False, can_ask_back=True))
    assert found
    assert not MOVES_MONEY & {*found}


def test_m_pesa_gives_back_where_it_can_be_asked_else_the_portal_does() -> None:
    free = Standing(state=S.SUSPENSE, is_confirmed=True)
    assert A.PORTAL in acts_of(free)
    asked = acts_of(Standing(state=S.SUSPENSE, is_confirmed=True, can_ask_back=True))
    assert (A.REVERSE in asked, A.PORTAL in asked) == (True, False)
    refused = Standing(state=S.SUSPENSE, is_confirmed=True, can_ask_back=True, was_refused=True)
    assert {A.REVERSE, A.PORTAL} <= {*acts_of(refused)}


def test_what_is_being_given_back_is_left_alone_until_that_is_overdue() -> None:
    waits = Standing(state=S.REFUND_ASKED, is_confirmed=True, is_asked_back=True)
    assert acts_of(waits) == ()
    late = Standing(state=S.REFUND_ASKED, is_confirmed=True, is_asked_back=True, is_overdue=True)
    assert acts_of(late) == (A.WENT_BACK, A.STAYED)


def test_of_another_amount_only_what_is_more_goes_back() -> None:
    less = Standing(state=S.DIFFERS, is_confirmed=True, over_cents=-5_00)
    more = Standing(state=S.DIFFERS, is_confirmed=True, over_cents=5_00)
    assert acts_of(less) == (A.ACCEPT,)
    assert acts_of(more) == (A.CASH, A.CREDIT, A.ACCEPT)


@pytest.mark.parametrize("state", [S.MATCHED, S.REFUNDED, S.ELSEWHERE])
def test_what_is_settled_is_left_alone(state: MoneyState) -> None:
    assert acts_of(Standing(state=state, is_confirmed=True, can_ask_back=True)) == ()


def test_only_what_was_paid_late_goes_to_its_cart() -> None:
    kept = {one for one in AttemptState if acts_of_attempt(one, is_kept=True)}
    assert kept == {AttemptState.LATE_PAID}
    assert not any(acts_of_attempt(one, is_kept=False) for one in AttemptState)
