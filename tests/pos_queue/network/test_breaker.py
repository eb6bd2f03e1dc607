"""A breaker's promises: one probe at a time, few in a night, soon after the link, no dead end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from pos_queue.network.breaker import BREAKER_RULES, Breaker, BreakerRules, State

NOW = 1_790_000_000_000
NIGHT = 8 * 3_600_000
CHANCES = st.floats(0, 1, exclude_max=True)
LIMIT = BREAKER_RULES.answer_ms
APART = BREAKER_RULES.apart_ms
GAP = BREAKER_RULES.budget.gap_ms


def _open(now: int = NOW, chance: float = 0.0) -> Breaker:
    return Breaker().failed(now, 0, chance)


def _probe_fails(breaker: Breaker, now: int, chance: float = 0.0) -> Breaker:
    probing = breaker.tried(now)
    return probing.failed(now, probing.turn, chance)


class BreakerLife(RuleBasedStateMachine):
    """Workers try, answer late or die, the link flaps, time passes; the clock is right."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.breaker = Breaker(rules=BreakerRules(opens_after=2))
        self.tries: list[tuple[int, int | None]] = []
        """The turn of each try that has not answered, and when it began if it is a probe."""
        self.probes: list[int] = []

    @rule(ms=st.integers(0, 5_000) | st.integers(0, 200_000))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    @rule()
    def time_passes_until_the_next_try(self) -> None:
        self.now += self.breaker.wait_ms(self.now)
        assert self.breaker.may_try(self.now)

    @precondition(lambda self: self.breaker.may_try(self.now))
    @rule()
    def someone_tries(self) -> None:
        was = self.breaker
        self.breaker = was.tried(self.now)
        if was.state is State.CLOSED:
            assert self.breaker is was
            self.tries.append((was.turn, None))
            return
        assert all(self.now - began >= APART for began in self.probes[-1:])
        self.probes.append(self.now)
        self.tries.append((self.breaker.turn, self.now))

    @precondition(lambda self: not self.breaker.may_try(self.now))
    @rule()
    def nobody_can_try_too_early(self) -> None:
        with pytest.raises(ValueError, match="ask may_try first"):
            self.breaker.tried(self.now)

    @precondition(lambda self: self.tries)
    @rule(data=st.data(), chance=CHANCES)
    def a_try_fails(self, data: st.DataObject, chance: float) -> None:
        turn, _ = self.tries.pop(data.draw(st.integers(0, len(self.tries) - 1)))
        self.breaker = self.breaker.failed(self.now, turn, chance)
        if self.breaker.state is State.OPEN:
            assert self.breaker.failed(self.now, turn, chance) is self.breaker

    @precondition(lambda self: self.tries)
    @rule(data=st.data())
    def a_try_succeeds(self, data: st.DataObject) -> None:
        turn, _ = self.tries.pop(data.draw(st.integers(0, len(self.tries) - 1)))
        is_anothers = self.breaker.state is State.PROBING and turn != self.breaker.turn
        self.breaker = self.breaker.succeeded(turn)
        assert is_anothers or self.breaker.state is State.CLOSED
        assert is_anothers or self.breaker.may_try(self.now)

    @precondition(lambda self: self.tries)
    @rule()
    def the_last_to_try_dies(self) -> None:
        self.tries.pop()

    @precondition(lambda self: self.breaker.state is State.OPEN)
    @rule(ms=st.integers(0, 4_000))
    def the_link_changes(self, ms: int) -> None:
        self.now += ms
        soon = self.now + APART if self.breaker.budget_ms <= self.now else self.now + GAP
        self.breaker = self.breaker.link_changed(self.now)
        assert self.breaker.may_try(soon)

    @precondition(lambda self: self.breaker.state is State.PROBING)
    @rule(ms=st.integers(0, 4_000), chance=CHANCES)
    def the_link_changes_while_a_probe_is_out_that_fails(self, ms: int, chance: float) -> None:
        self.now += ms
        turn = self.breaker.turn
        self.breaker = self.breaker.link_changed(self.now).failed(self.now, turn, chance)
        self.tries = [one for one in self.tries if one[0] != turn]
        within = APART if self.breaker.budget_ms <= self.now + APART else GAP
        assert self.breaker.may_try(self.now + within)

    @precondition(lambda self: self.breaker.state is State.PROBING)
    @rule()
    def the_link_changes_while_a_probe_is_out(self) -> None:
        began = self.probes[-1]
        self.breaker = self.breaker.link_changed(self.now)
        assert self.breaker.may_try(max(self.now, began + LIMIT, began + GAP))

    @precondition(lambda self: self.breaker.state is State.CLOSED)
    @rule()
    def the_link_changes_while_all_is_well(self) -> None:
        assert self.breaker.link_changed(self.now) is self.breaker

    @invariant()
    def one_probe_at_a_time(self) -> None:
        out = [began for _, began in self.tries if began and self.now < began + LIMIT]
        assert len(out) <= 1

    @invariant()
    def no_dead_end(self) -> None:
        wait = self.breaker.wait_ms(self.now)
        assert wait <= BREAKER_RULES.longest_ms
        assert self.breaker.may_try(self.now + wait)

    @invariant()
    def no_clock_makes_a_dead_end(self) -> None:
        for clock in (0, self.now - 3_600_000, self.now - 60_000, self.now + 86_400_000):
            wait = self.breaker.wait_ms(clock)
            assert wait <= 2 * BREAKER_RULES.longest_ms
            assert self.breaker.may_try(clock + wait)


BreakerLife.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBreakerLife = BreakerLife.TestCase

Step = tuple[str, bool, int, int]
STEPS = st.tuples(
    st.sampled_from(["fails", "dies", "succeeds"]),
    st.booleans(),
    st.integers(0, LIMIT) | st.just(0),
    st.just(0) | st.integers(0, 600_000),
)
"""What becomes of a probe, whether the link flaps, how long the answer takes, and a rest."""


def _probes(steps: Iterator[Step], chance: Callable[[], float], hours: int = 20) -> list[int]:
    """Return when a worker who always tries as soon as it may has probed."""
    now, breaker, probes = NOW, _open(), list[int]()
    while now < NOW + hours * 3_600_000:
        what, link_flaps, answer, rest = next(steps)
        now += rest
        if link_flaps:
            breaker = breaker.link_changed(now)
        now += breaker.wait_ms(now)
        breaker = breaker.tried(now)
        assert breaker.state is State.PROBING
        probes.append(now)
        now += answer
        if link_flaps:
            breaker = breaker.link_changed(now)
        if what == "fails":
            breaker = breaker.failed(now, breaker.turn, chance())
        elif what == "succeeds":
            breaker = breaker.succeeded(breaker.turn)
            breaker = breaker.failed(now, breaker.turn, chance())
    return probes


def _most_in_a_night(probes: list[int]) -> int:
    most = first = 0
    for number, moment in enumerate(probes, 1):
        while moment - probes[first] >= NIGHT:
            first += 1
        most = max(most, number - first)
    return most


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=20), CHANCES)
def test_whatever_happens_there_are_500_probes_in_8_hours_at_most(
    steps: list[Step], chance: float
) -> None:
    assert _most_in_a_night(_probes(cycle(steps), lambda: chance)) <= 500


@pytest.mark.parametrize("what", ["fails", "succeeds"])
def test_a_link_that_flaps_all_night_uses_the_budget_and_no_more(what: str) -> None:
    assert _most_in_a_night(_probes(cycle([(what, True, 0, 0)]), lambda: 0.0)) == 500


@given(st.lists(CHANCES, min_size=1, max_size=50))
def test_a_night_without_network(chances: list[float]) -> None:
    chance = cycle(chances)
    probes = _probes(cycle([("fails", False, 0, 0)]), lambda: next(chance), hours=8)
    assert 430 < len(probes) <= 500
    waits = [later - first for first, later in zip([NOW, *probes], probes, strict=False)]
    assert max(waits) <= 66_000
    assert [round(wait / 2_000) for wait in waits[:3]] == [1, 2, 4]


def test_after_two_days_without_network_the_link_is_still_probed_at_once() -> None:
    breaker, now = _open(), NOW
    while now < NOW + 6 * NIGHT:
        now += breaker.wait_ms(now)
        breaker = _probe_fails(breaker, now, chance=0.5)
    for _ in range(30):
        now += 10_000
        breaker = breaker.link_changed(now)
        assert breaker.may_try(now)
        breaker = _probe_fails(breaker, now)


def test_waits_double_from_two_seconds_to_a_minute_and_are_only_made_longer() -> None:
    for chance, longest in ((0.0, 60_000), (0.5, 63_000)):
        breaker, now, waits = _open(chance=chance), NOW, list[int]()
        for _ in range(7):
            waits.append(breaker.wait_ms(now))
            now += waits[-1]
            breaker = _probe_fails(breaker, now, chance)
        assert waits == [round(n * longest / 60) for n in (2, 4, 8, 16, 32, 60, 60)]


def test_it_opens_after_so_many_failures_in_a_row() -> None:
    breaker = Breaker(rules=replace(BREAKER_RULES, opens_after=3))
    twice = breaker.failed(NOW, 0, 0).failed(NOW, 0, 0)
    assert twice.state is State.CLOSED
    assert twice.succeeded(0).failed(NOW, 0, 0).failed(NOW, 0, 0).state is State.CLOSED
    assert twice.failed(NOW, 0, 0).state is State.OPEN


def test_what_began_before_the_circuit_opened_neither_opens_nor_delays_it() -> None:
    opened = _open()
    assert opened.failed(NOW + 1, 0, 0.5) is opened
    probing = opened.tried(NOW + APART)
    assert probing.failed(NOW + APART, 0, 0.5) is probing
    assert probing.succeeded(0) is probing
    closed = probing.succeeded(probing.turn)
    assert closed.state is State.CLOSED
    assert closed.failed(NOW + APART, probing.turn, 0.5) is closed
    assert closed.failed(NOW + APART, 0, 0.5) is closed


def test_an_answer_that_began_before_closes_an_open_circuit() -> None:
    assert _open().succeeded(0).state is State.CLOSED


def test_a_probe_without_an_answer_frees_itself_and_its_late_failure_counts_for_nothing() -> None:
    first = _open().tried(NOW + APART)
    assert not first.may_try(NOW + APART + LIMIT - 1)
    second = first.tried(NOW + APART + LIMIT)
    assert second.failed(NOW + APART + LIMIT, first.turn, 0) is second


def test_a_link_that_comes_back_is_probed_at_once_and_then_with_short_waits() -> None:
    breaker, now = _open(), NOW
    for _ in range(8):
        now += breaker.wait_ms(now)
        breaker = _probe_fails(breaker, now)
    now += 30_000
    breaker = breaker.link_changed(now)
    assert breaker.link_changed(now) is breaker
    assert breaker.may_try(now)
    assert _probe_fails(breaker, now).wait_ms(now) == 2_000


def test_a_link_event_during_a_probe_is_not_forgotten() -> None:
    began = NOW + APART
    probing = _open().tried(began).link_changed(began + 5_000)
    assert probing.failed(began + 9_000, probing.turn, 0.9).may_try(began + 9_000)


def test_a_clock_set_back_a_little_frees_no_probe_and_far_frees_it_at_once() -> None:
    probing = _open().tried(NOW + APART)
    assert not probing.may_try(NOW - 60_000)
    assert probing.may_try(NOW - 3_600_000)
    assert _open().may_try(NOW - 3_600_000)
