"""Obeys the breakers: what needs an endpoint that is out of reach waits, and burns no attempt.

While an endpoint is away, one probe at a time asks for it, rarer and rarer; where no probe is known
for it, one of the waiting jobs is the probe. When it answers, what waited is let go in lots. The
state lies in the file, so that all programs share one breaker.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pos_queue.database import Database
from pos_queue.network import endpoints
from pos_queue.network.breaker import Breaker
from pos_queue.network.drain import DRAIN_RULES, Drain, release
from pos_queue.network.endpoints import Endpoint

Probe = Callable[[], bool]
"""Asks an endpoint whether it is there, with a time limit of its own below ten seconds."""

log = logging.getLogger(__name__)


class Network:
    """The endpoints as one runner knows them; `__call__` is a chore of its scheduler."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], int],
        chance: Callable[[], float],
        ring: Callable[[], None],
        note: Callable[[int], None],
        probes: Mapping[str, Probe] | None = None,
        aside: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        """Take `ring`, which wakes workers, and `note`, which says when to call again.

        `aside` runs a probe, so that the scheduler waits for nobody.
        """
        self._database = database
        self._now = now
        self._chance = chance
        self._ring = ring
        self._aside = aside or self._in_thread
        self._note = note
        self._probes = dict(probes or {})
        self._known: dict[str, Endpoint] = {}
        self._is_stale = True

    def look_again(self) -> None:
        """Read the file again at the next call: another program may have written to it."""
        self._is_stale = True

    def turn_of(self, name: str, job: int) -> int | None:
        """Return the turn of a try that a job may begin, None where it must wait."""
        known = self._known.get(name)
        if known is None:
            return 0
        if known.is_closed or known.trial == job:
            return known.breaker.turn
        return None

    def failed(self, name: str, turn: int) -> None:
        """Hear that a try had no answer, in the caller's transaction."""
        chance = self._chance()
        self._change(name, lambda breaker: breaker.failed(self._now(), turn, chance))

    def answered(self, name: str, turn: int) -> None:
        """Hear that a try had an answer of whatever kind, in the caller's transaction."""
        known = self._known.get(name)
        if known is not None and (not known.is_closed or known.breaker.failures):
            self._change(name, lambda breaker: breaker.succeeded(turn))

    def link_changed(self) -> None:
        """Take a hint that the network has changed: ask at once for what is away."""
        for name, known in list(self._known.items()):
            if not known.is_closed:
                with self._database.write_bulk():
                    self._change(name, lambda breaker: breaker.link_changed(self._now()))

    def __call__(self) -> None:
        """Probe what is due, and let go what may go."""
        if self._is_stale:
            self._read()
        for known in list(self._known.values()):
            if not known.is_quiet:
                self._attend(known)

    def _read(self) -> None:
        self._is_stale = False
        try:
            self._known = endpoints.load_all(self._database)
        except BaseException:
            self._is_stale = True  # the file may let it be read at the next call
            raise

    def _attend(self, known: Endpoint) -> None:
        now = self._now()
        if known.drain is not None:
            self._drain(known.name, now)
        elif known.breaker.may_try(now):
            self._try(known.name, now)
        else:
            self._note(now + known.breaker.wait_ms(now))

    def _change(self, name: str, change: Callable[[Breaker], Breaker]) -> None:
        before = endpoints.load(self._database, name)
        after = before.with_breaker(change(before.breaker))
        if after.is_closed and not before.is_closed:
            after = replace(after, trial=None, drain=Drain(self._now()))
        elif not after.is_closed and before.is_closed:
            after = replace(after, trial=None, drain=None)
            self._database.after_commit(partial(self._put_aside, name))
        if after != before:
            endpoints.store(self._database, after)
            self._database.after_commit(partial(self._learn, after))

    def _learn(self, endpoint: Endpoint) -> None:
        self._known[endpoint.name] = endpoint
        self._note(self._now())

    def _put_aside(self, name: str) -> None:
        """Take what waits for a worker out of its way, lot by lot."""
        is_left = True
        while is_left:
            with self._database.write_bulk():
                is_left = endpoints.put_aside(self._database, name)

    def _try(self, name: str, now: int) -> None:
        """Begin a probe, unless another program has begun it.

        Where nobody waits and no probe is known, the next job that needs the endpoint tries it.
        """
        with self._database.write_bulk():
            known = endpoints.load(self._database, name)
            if known.is_closed or not known.breaker.may_try(now):
                self._learn(known)
                return
            trial = None
            if name not in self._probes:
                trial = next(iter(endpoints.let_go(self._database, name, 1)), None)
                if trial is None:
                    self._change(name, lambda breaker: breaker.succeeded(breaker.turn))
                    return
            known = replace(known, breaker=known.breaker.tried(now), trial=trial)
            endpoints.store(self._database, known)
        self._learn(known)
        self._ring()
        if name in self._probes:
            turn = known.breaker.turn
            self._aside(partial(self._probe, name, turn))

    def _probe(self, name: str, turn: int) -> None:
        try:
            is_there = self._probes[name]()
        except Exception:
            log.exception("the probe of %s failed by itself", name)
            is_there = False
        with self._database.write_bulk():
            (self.answered if is_there else self.failed)(name, turn)

    def _in_thread(self, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            finally:
                self._database.close()

        threading.Thread(target=run, name="probe", daemon=True).start()

    def _drain(self, name: str, now: int) -> None:
        with self._database.write_bulk():
            known = endpoints.load(self._database, name)
            if known.drain is None:
                self._learn(known)
                return
            waiting = endpoints.waiting(self._database, name, DRAIN_RULES.cap + 1)
            released = release(waiting, known.drain, now)
            endpoints.let_go(self._database, name, released.number)
            known = replace(known, drain=released.drain)
            endpoints.store(self._database, known)
        self._known[name] = known
        self._ring()
        if known.drain is not None:
            self._note(known.drain.due_at_ms)
