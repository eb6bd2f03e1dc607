"""The moves of an attempt, all of them: small enough to be looked at one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise, product

import pytest

from pos_desktop.domain.mpesa_attempt import (
    ASK_AT_SECONDS,
    MOVES,
    PAYING,
    UNDER_WAY,
    WITH_MONEY,
    WITHOUT_MONEY,
    AttemptEvent,
    AttemptState,
    after,
    next_ask,
)

S, E = AttemptState, AttemptEvent
ALL = list(product(S, E))
MONEY = (E.PAY, E.PAY_LATE, E.CONFIRM, E.DIFFER)
Step = tuple[AttemptEvent, AttemptState]


def reached(*events: AttemptEvent) -> AttemptState:
    state = S.NEW
    for event in events:
        state = after(state, event)
    return state


def test_every_state_is_in_one_of_three_parts() -> None:
    parts = (UNDER_WAY, WITHOUT_MONEY, WITH_MONEY)
    assert set().union(*parts) == set(S)
    assert sum(map(len, parts)) == len(S)


def test_every_event_is_in_the_table() -> None:
    assert set(MOVES) == set(E)


@pytest.mark.parametrize("state", sorted(WITH_MONEY))
def test_money_is_never_unlearned(state: AttemptState) -> None:
    assert {after(state, event) for event in E} <= WITH_MONEY


@pytest.mark.parametrize("state", sorted(WITHOUT_MONEY))
def test_what_has_ended_is_left_by_money_alone(state: AttemptState) -> None:
    for event in E:
        left = after(state, event)
        assert left == state or (event in MONEY and left in WITH_MONEY - PAYING)


@pytest.mark.parametrize("state", sorted(set(S) - {S.NEW}))
def test_nothing_is_sent_twice(state: AttemptState) -> None:
    assert after(state, E.SEND) == state


@pytest.mark.parametrize("state", sorted(set(S) - WITH_MONEY - {S.NEW}))
@pytest.mark.parametrize("event", MONEY)
def test_money_is_learned_from_wherever_it_was_sent(
    state: AttemptState, event: AttemptEvent
) -> None:
    assert after(state, event) in WITH_MONEY


def test_only_an_attempt_that_is_counted_on_pays_by_itself() -> None:
    for state, event in ALL:
        if after(state, event) in PAYING and state not in PAYING:
            assert state in UNDER_WAY or event is E.ATTACH


def test_nothing_but_what_is_certain_ends_what_is_unknown() -> None:
    ends = {event for event in E if after(S.UNKNOWN, event) in WITHOUT_MONEY}
    assert ends == {E.CLEAR, E.OVERRIDE}


def test_a_sale_can_always_come_to_an_end() -> None:
    """From each state under way some events lead to an end, and none leads round in a circle."""
    for state in UNDER_WAY:
        seen = _reachable([state])
        assert seen & (WITHOUT_MONEY | WITH_MONEY)
        assert all(state not in _reachable(_nexts(one)) for one in [state])


def _nexts(state: AttemptState) -> set[AttemptState]:
    return {after(state, event) for event in E} - {state}


def _reachable(states: Iterable[AttemptState]) -> set[AttemptState]:
    found: set[AttemptState] = set()
    waiting = list(states)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += _nexts(one)
    return found


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((E.SEND, E.ACCEPT, E.PAY, E.CONFIRM), S.CONFIRMED),
        ((E.SEND, E.PAY, E.ACCEPT), S.PAID),
        ((E.SEND, E.LOSE, E.ACCEPT, E.DECLINE, E.PAY), S.LATE_PAID),
        ((E.SEND, E.LOSE, E.DECLINE), S.UNKNOWN),
        ((E.SEND, E.ACCEPT, E.TIRE, E.CLEAR, E.CONFIRM), S.LATE_PAID),
        ((E.SEND, E.ACCEPT, E.CLEAR), S.ACCEPTED),
        ((E.SEND, E.ACCEPT, E.OVERRIDE), S.ACCEPTED),
        ((E.SEND, E.ACCEPT, E.PAY, E.DECLINE), S.PAID),
        ((E.SEND, E.ACCEPT, E.PAY, E.RELEASE, E.ATTACH), S.PAID),
        ((E.ABANDON, E.SEND), S.ABANDONED),
    ],
)
def test_what_happens_at_a_till(events: tuple[AttemptEvent, ...], state: AttemptState) -> None:
    assert reached(*events) == state


def test_questions_are_far_enough_apart_for_the_provider() -> None:
    gaps = [later - sooner for sooner, later in pairwise(ASK_AT_SECONDS)]
    assert min(gaps) >= 12
    assert next_ask(timedelta()) == timedelta(seconds=10)
    assert next_ask(timedelta(seconds=10)) == timedelta(seconds=22)
    assert next_ask(timedelta(hours=1)) is None


# every course that one attempt, or two of one sale, can take


def every_course(state: AttemptState = S.NEW, longest: int = 9) -> Iterator[tuple[Step, ...]]:
    """Yield each course of events that move something; the others leave all as it was."""
    for event in E:
        left = after(state, event)
        if left == state:
            continue
        yield ((event, left),)
        if longest > 1:
            for rest in every_course(left, longest - 1):
                yield ((event, left), *rest)


COURSES = list(every_course())


def test_a_course_is_worth_looking_at() -> None:
    assert len(COURSES) > 500
    assert {state for course in COURSES for _event, state in course} == set(S) - {S.NEW}


def test_in_every_course_money_stays_once_it_has_come() -> None:
    for course in COURSES:
        has_money = [state in WITH_MONEY for _event, state in course]
        assert has_money == sorted(has_money), course


def test_in_every_course_paid_is_left_for_more_knowledge_or_by_the_sale_alone() -> None:
    for course in COURSES:
        for (_event, before), (event, now) in pairwise(course):
            if before in PAYING and now not in PAYING:
                assert event in (E.RELEASE, E.DIFFER), course
            if before is S.CONFIRMED:
                assert event is E.RELEASE, course


def test_in_every_course_it_goes_out_once_at_most() -> None:
    for course in COURSES:
        assert [event for event, _state in course].count(E.SEND) <= 1, course


def test_in_every_course_what_may_be_at_a_phone_is_ended_by_what_is_certain() -> None:
    certain = {S.ACCEPTED: {E.DECLINE}, S.UNKNOWN: {E.CLEAR, E.OVERRIDE}}
    certain[S.UNRESOLVED] = {E.DECLINE, E.CLEAR, E.OVERRIDE}
    certain[S.SENDING] = {E.REJECT, E.NOT_LEAVE}
    certain[S.NEW] = {E.ABANDON}
    for course in COURSES:
        for (_event, before), (event, now) in pairwise([(E.SEND, S.NEW), *course]):
            if now in WITHOUT_MONEY:
                assert event in certain[before], course


@dataclass(frozen=True)
class Pair:
    """The first attempt of a sale, the second, and where the first stood when that was begun."""

    first: AttemptState = S.NEW
    second: AttemptState | None = None
    begun_from: AttemptState | None = None

    def nexts(self) -> Iterator[Pair]:
        """Yield what one event, or the beginning of the second, makes of it."""
        for event in E:
            yield replace(self, first=after(self.first, event))
        if self.second is not None:
            for event in E:
                yield replace(self, second=after(self.second, event))
        elif self.first not in UNDER_WAY:
            yield Pair(self.first, S.NEW, self.first)


def every_pair() -> set[Pair]:
    """Return all that two attempts of a sale can come to, whatever happens to both in any order.

    The second is begun from wherever the till begins it: when the first is not under way.
    """
    seen: set[Pair] = set()
    waiting = [Pair()]
    while waiting:
        pair = waiting.pop()
        if pair not in seen:
            seen.add(pair)
            waiting += pair.nexts()
    return seen


PAIRS = every_pair()


def test_the_second_attempt_is_begun_from_every_end() -> None:
    assert {pair.begun_from for pair in PAIRS} == {None} | set(S) - UNDER_WAY


def test_two_attempts_of_a_sale_are_never_under_way_together() -> None:
    for pair in PAIRS:
        assert not {pair.first, pair.second} <= UNDER_WAY, pair


def test_neither_of_two_attempts_unlearns_its_money() -> None:
    for pair in PAIRS:
        for left in pair.nexts():
            assert pair.first not in WITH_MONEY or left.first in WITH_MONEY, (pair, left)
            assert pair.second not in WITH_MONEY or left.second in WITH_MONEY, (pair, left)
        if pair.begun_from in WITH_MONEY:
            assert pair.first in WITH_MONEY, pair


def test_two_attempts_pay_together_for_the_rest_or_by_a_person() -> None:
    """Where the first had ended without money, it pays beside the second by a person alone."""
    both = {pair for pair in PAIRS if {pair.first, pair.second} <= PAYING}
    for_the_rest = {pair for pair in both if pair.begun_from in WITH_MONEY}
    assert {(pair.first, pair.second) for pair in for_the_rest} == set(product(PAYING, PAYING))
    assert {pair.first for pair in both - for_the_rest} == _reattached()


def _reattached() -> set[AttemptState]:
    """Return the states of a sale's first attempt that pays although it had ended: by a person."""
    return _reachable([after(S.LATE_PAID, E.ATTACH)]) & PAYING
