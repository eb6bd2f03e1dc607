"""Whether an endpoint may be tried: a circuit breaker, as an immutable state with pure rules.

    closed --failed, so many in a row--> open --tried--> probing --succeeded--> closed
                                          ^                 |
                                          +-----failed------+

Nothing is kept here: a caller reads the state from where it is shared, asks `may_try`, and stores
what `tried`, `failed`, `succeeded` and `link_changed` return, in one transaction each. They return
the same object where nothing changed and nothing has to be stored.

A try remembers the `turn` of the state it began with and hands it in with its answer: what began
before that may end at any time, and must neither open what was just closed nor end another's probe.

All times are milliseconds since 1970 UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from pos_queue.backoff import Backoff
from pos_queue.rate import Rate

PROBE_WAITS = Backoff(first=2.0, cap=60.0)
PROBE_BUDGET = Rate(count=500, seconds=8 * 3600.0, burst=41)


class State(StrEnum):
    """Where a breaker stands."""

    CLOSED = "closed"
    """Everything may be tried."""
    OPEN = "open"
    """Nothing may be tried before the next probe is due."""
    PROBING = "probing"
    """One try is on its way, and all else waits for its answer."""


@dataclass(frozen=True)
class BreakerRules:
    """What a breaker goes by."""

    opens_after: int = 1
    """Failures in a row. One is enough where there is no network at all."""
    waits: Backoff = PROBE_WAITS
    """Its ceilings are the waits between probes."""
    jitter: float = 0.1
    """By what part of itself, at most, a wait is made longer; never shorter, for the budget."""
    apart_ms: int = 2_000
    """The least time between the beginnings of two probes, whatever the link does."""
    answer_ms: int = 10_000
    """When a probe without an answer counts as dead. A probe's own time limit must be shorter."""
    budget: Rate = PROBE_BUDGET
    """How many probes there may be in all. Waits of a minute and jitter stay just within it, and
    some 35 are left for the link; those spent, a link event waits for the next regular probe."""

    def wait_ms(self, failures: int, chance: float = 0.0) -> int:
        """Return the wait after so many failures; none after none."""
        if failures < 1:
            return 0
        return round(self.waits.ceiling(failures) * 1000 * (1 + self.jitter * chance))

    @property
    def longest_ms(self) -> int:
        """The longest wait that any rule gives: one that is longer by far was left by the clock."""
        longest_wait = round(self.waits.cap * 1000 * (1 + self.jitter))
        return max(longest_wait, self.answer_ms, self.apart_ms, self.budget.gap_ms)


BREAKER_RULES = BreakerRules()


@dataclass(frozen=True, kw_only=True)
class Breaker:
    """The breaker of one endpoint; all fields but the rules are to be stored."""

    state: State = State.CLOSED
    turn: int = 0
    """Grows when a probe begins and when the circuit closes."""
    failures: int = 0
    """In a row; while probing, the probe that is out counts as one."""
    probe_at_ms: int = 0
    """When the next probe is due: while probing, if the present one never answers."""
    last_at_ms: int = 0
    """When it opened, or when the last probe began."""
    budget_ms: int = 0
    """The number that the rate of the probes keeps."""
    rules: BreakerRules = BREAKER_RULES

    def wait_ms(self, now_ms: int) -> int:
        """Return how long it takes until one may try, 0 if at once.

        A time that lies too far ahead was set before the clock was set back; it holds nobody up.
        """
        left = self.probe_at_ms - now_ms
        if self.state is State.CLOSED or left > 2 * self.rules.longest_ms:
            return 0
        return max(0, left)

    def may_try(self, now_ms: int) -> bool:
        """Tell whether a try may begin; unless closed, it is a probe and the only one."""
        return self.wait_ms(now_ms) == 0

    def tried(self, now_ms: int) -> Breaker:
        """Begin a try; its answer belongs to the `turn` that is returned.

        Raises ValueError if it may not begin.
        """
        if not self.may_try(now_ms):
            raise ValueError(f"a probe is due in {self.wait_ms(now_ms)} ms: ask may_try first")
        if self.state is State.CLOSED:
            return self
        began = replace(
            self,
            state=State.PROBING,
            turn=self.turn + 1,
            failures=self.failures + 1,
            last_at_ms=now_ms,
            budget_ms=self.rules.budget.reserve(self.budget_ms, now_ms).free_at_ms,
        )
        unanswered = now_ms + max(self.rules.answer_ms, self.rules.wait_ms(began.failures))
        return replace(began, probe_at_ms=max(unanswered, _soonest(began, now_ms)))

    def failed(self, now_ms: int, turn: int, chance: float) -> Breaker:
        """Take in that a try of that turn had no answer; `chance` is drawn, from 0 up to 1."""
        if turn != self.turn or self.state is State.OPEN:
            return self
        if self.state is State.PROBING:
            return _opened(self, now_ms, chance)
        failures = self.failures + 1
        if failures < self.rules.opens_after:
            return replace(self, failures=failures)
        return _opened(replace(self, failures=1, last_at_ms=now_ms), now_ms, chance)

    def succeeded(self, turn: int) -> Breaker:
        """Take in that a try of that turn had an answer, of whatever kind: the endpoint is there.

        While a probe is out its answer alone counts: closing without it would let another begin
        beside it.
        """
        if self.state is State.CLOSED:
            return replace(self, failures=0) if self.failures else self
        if self.state is State.PROBING and turn != self.turn:
            return self
        return replace(self, state=State.CLOSED, turn=self.turn + 1, failures=0, probe_at_ms=0)

    def link_changed(self, now_ms: int) -> Breaker:
        """Take a hint that the network changed: probe at once, and begin anew with short waits.

        The next probe is due within `apart_ms`, or when the one that is out has ended, as long as
        the budget lasts; after that, within one gap of the budget.
        """
        if self.state is State.CLOSED:
            return self
        soonest = max(now_ms, _soonest(self, now_ms))
        if self.state is State.PROBING:
            soonest = max(soonest, min(self.last_at_ms, now_ms) + self.rules.answer_ms)
        hinted = replace(self, failures=0, probe_at_ms=min(self.probe_at_ms, soonest))
        return self if hinted == self else hinted


def _opened(breaker: Breaker, now_ms: int, chance: float) -> Breaker:
    wait = breaker.rules.wait_ms(breaker.failures, chance)
    probe_at = max(now_ms + wait, _soonest(breaker, now_ms))
    return replace(breaker, state=State.OPEN, probe_at_ms=probe_at)


def _soonest(breaker: Breaker, now_ms: int) -> int:
    """Return when the next probe may begin at the earliest, also if the clock was set back."""
    rules = breaker.rules
    spaced = min(breaker.last_at_ms, now_ms) + rules.apart_ms
    return max(spaced, min(breaker.budget_ms, now_ms + rules.budget.gap_ms))
