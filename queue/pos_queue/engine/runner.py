"""Runs the jobs of one file in this process: a plain object whose `run` blocks in any thread.

While it runs it holds the lock that says so (`owner`), hears when another program has enqueued
(`wake`), and takes back at once what a dead program was running.
"""

from __future__ import annotations

import logging
import threading

from pos_queue.children.pool import ChildPool
from pos_queue.engine.choice import Choice
from pos_queue.engine.closing_time import ClosingTime, Why
from pos_queue.engine.companions import Companions
from pos_queue.engine.consumer import QueueConsumer
from pos_queue.engine.endings import Endings
from pos_queue.engine.job_engine import JobEngine
from pos_queue.engine.watchdog import Watchdog
from pos_queue.intake import Intake
from pos_queue.network.network import Network
from pos_queue.owners import recovery
from pos_queue.owners.owner import Owner
from pos_queue.owners.owners import Owners
from pos_queue.owners.recovery import CLOSED, DIED
from pos_queue.owners.wake import WakeListener, WakeSender
from pos_queue.owners.wal_watch import WalWatch
from pos_queue.premises import STOP_SECONDS, Premises, Terms
from pos_queue.rounds.round import Round
from pos_queue.rounds.rounds import Rounds

LAST_SECONDS = 0.5
"""What is left to those that had their time to end."""
HEALTH_SECONDS = 1.0
"""How often it is seen to that every worker lives."""
WAL_SECONDS = 0.5
"""How far apart two looks at the log are at least, which is written before its commit is seen."""

log = logging.getLogger(__name__)


def _sorted(queues: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(queues))


def pool_of(premises: Premises, children: int) -> ChildPool | None:
    """Return so many children that can run jobs; None where no job needs or can have them."""
    if premises.prepare is None or not premises.registry.queues_of_children():
        return None
    return ChildPool(
        children,
        seconds=premises.clock.monotonic,
        preload=premises.preload,
        prepare=premises.prepare,
    )


class Runner:
    """The workers of one process."""

    engine_class: type[JobEngine] = JobEngine

    def __init__(self, premises: Premises, terms: Terms | None = None) -> None:
        self._premises = premises
        self._terms = terms or Terms()
        self._stopping = threading.Event()
        self._stopped = threading.Event()
        self._link_has_changed = threading.Event()
        self._stop_within = STOP_SECONDS
        self._closing = ClosingTime(
            premises.clock,
            most_jobs=self._terms.most_jobs,
            most_seconds=self._terms.most_seconds,
            when_empty=self._terms.when_empty,
        )
        self._owner = Owner(premises.locks, premises.new_id, file_mode=premises.file_mode)
        self._owners = Owners(premises.locks)
        self._next_wal_look = float("-inf")
        self._wal = WalWatch(premises.file.with_name(premises.file.name + "-wal"))
        self._pool = pool_of(premises, self._terms.children)
        self._companions = Companions(premises.beside, premises.database)
        self._engine: JobEngine | None = None
        self._rounds: Rounds | None = None
        self._consumer: QueueConsumer | None = None

    def run(self) -> None:
        """Run jobs until `stop` or `finish` is called, or the work is over (`ended_for`).

        Raises OwnerError where the lock cannot be kept, and what the database raises.
        """
        listener = WakeListener(self._look_again)
        listener.start()
        try:
            self._owner.start(listener.port)
            with WakeSender(self._premises.locks, own_port=listener.port) as sender:
                self._engine = self._made(sender)
                self._work(self._engine)
        finally:
            self._companions.stop(LAST_SECONDS)
            if self._pool is not None:
                self._pool.close(STOP_SECONDS)
            listener.stop()
            self._owner.stop()
            self._premises.database.close()
            self._stopped.set()

    @property
    def ended_for(self) -> Why | None:
        """Why no job is begun any more, None while jobs are."""
        return self._closing.why

    def finish(self, within: float | None = None) -> None:
        """Begin no further job, and end once those that run have ended.

        They have so many seconds, or as long as their limits let them; then they wait again. Does
        not wait; may be called from any thread, and from the handler of a signal.
        """
        self._closing.finish(within)
        self._companions.tell_to_stop()
        if self._engine is not None:
            self._engine.due.bell.ring()

    def stop(self, within: float = STOP_SECONDS) -> bool:
        """End the work within so many seconds, whatever hangs; tell whether `run` has returned.

        What has not ended by then waits again for the next runner; its late word is refused. May be
        called from any thread, and again.
        """
        self._stop_within = within
        self._stopping.set()
        self._companions.tell_to_stop()
        if self._consumer is not None:
            self._consumer.stop_flag.set()
        return self._stopped.wait(within)

    def _made(self, sender: WakeSender) -> JobEngine:
        premises = self._premises
        return self.engine_class(
            "pos",
            registry=premises.registry,
            codec=premises.codec,
            chance=premises.chance,
            database=premises.database,
            owner=self._owner.id,
            clock=premises.clock,
            choices=[choice for choice, _number in self._kinds()],
            pool=self._pool,
            wake_others=sender.wake_others,
        )

    def _kinds(self) -> list[tuple[Choice, int]]:
        """Return what each kind of worker takes, and how many there are of it.

        Threads for what nobody waits for, as many for what somebody does, and those that wait on
        children; a kind for which there is no queue is left out.
        """
        registry, terms = self._premises.registry, self._terms
        heavy, awaited = registry.queues_of_children(), registry.awaited_queues()
        wanted, special = frozenset(terms.queues), heavy | awaited
        usual = [(Choice(only=_sorted(wanted - special), besides=_sorted(special)), terms.workers)]
        of_their_own = [
            (Choice(only=_sorted(queues & wanted if wanted else queues)), number)
            for queues, number in ((awaited, terms.workers), (heavy, terms.children))
        ]
        kinds = usual if not wanted or wanted - special else []
        return kinds + [(choice, number) for choice, number in of_their_own if choice.only]

    def link_changed(self) -> None:
        """Take the system's hint that the network has changed; does not wait, from any thread."""
        self._link_has_changed.set()
        if self._engine is not None:
            self._engine.due.bell.ring()

    def _mind_link(self, network: Network) -> None:
        if self._link_has_changed.is_set():
            self._link_has_changed.clear()
            try:
                network.link_changed()
            except BaseException:
                self._link_has_changed.set()  # the file may let it be heard at the next look
                raise

    def _look_again(self) -> None:
        self._closing.note_news()
        if self._rounds is not None:
            self._rounds.look_again()
        if self._engine is not None:
            self._engine.look_again()

    def _work(self, engine: JobEngine) -> None:
        self._closing.begin(self._premises.database)
        recovery.free_stranded(self._premises.database)
        self._take_back_orphans(engine)
        engine.limits.free_others()
        consumer = self._consumer_of(engine)
        consumer.handles_signals = False
        engine.network = network = Network(
            self._premises.database,
            now=engine.now,
            chance=self._premises.chance,
            ring=engine.ring,
            note=engine.due.note,
            probes=self._premises.probes,
        )
        engine.allowance = self._closing.allowance
        engine.allowance.refilled = engine.ring
        engine.rests = lambda: self._rests(engine)
        engine.durable.settling.on_ended = self._terms.on_ended
        engine.durable.departures.leaving = self._premises.leaving
        engine.durable.departures.dropped = self._premises.dropped
        engine.durable.departures.batches.over = self._premises.batch_over
        engine.chores += [
            lambda: self._mind_link(network),
            network,
            lambda: self._look_around(engine),
            Watchdog(engine, consumer.give_up),
            Endings(engine),
            *self._what_comes_round(engine),
            lambda: self._see_whether_it_is_over(engine),
        ]
        self._consumer = consumer
        self._begin(consumer)
        if not self._terms.when_empty:
            self._companions.start()
        while not self._stopping.wait(HEALTH_SECONDS) and not consumer.stop_flag.is_set():
            consumer.check_worker_health()
        self._end(consumer)
        self._take_back(engine, self._owner.id, CLOSED)

    def _what_comes_round(self, engine: JobEngine) -> list[Rounds]:
        premises = self._premises
        if premises.rounds is None and not premises.registry.rounds():
            return []
        database, registry, clock = premises.database, premises.registry, premises.clock
        intake = Intake(database, registry, premises.codec, clock, engine.arrived)
        self._rounds = Rounds(
            database,
            intake,
            clock,
            rounds=self._present_rounds,
            zone=premises.zone,
            note=engine.due.note,
        )
        return [self._rounds]

    def _present_rounds(self) -> dict[str, Round]:
        """Return the rounds that are declared and those of the file, of jobs known here."""
        premises, registry = self._premises, self._premises.registry
        found = {name: Round(cron) for name, cron in registry.rounds().items()}
        if premises.rounds is not None:
            found.update(premises.rounds())
        return {name: one for name, one in found.items() if name in registry}

    def _consumer_of(self, engine: JobEngine) -> QueueConsumer:
        lanes = [
            lane
            for lane, (_choice, number) in zip(engine.lanes, self._kinds(), strict=True)
            for _place in range(number)
        ]
        return QueueConsumer(engine, lanes=lanes, workers=len(lanes), periodic=False)

    def _begin(self, consumer: QueueConsumer) -> None:
        consumer.start()

    def _end(self, consumer: QueueConsumer) -> None:
        """Let what runs end, within most of the time; end the children halfway."""
        if not consumer.stop_within(self._stop_within / 2) and self._pool is not None:
            self._pool.close(self._stop_within / 6)
            consumer.stop_within(self._stop_within / 6)

    def _look_around(self, engine: JobEngine) -> None:
        """Take back what the dead have left; see whether others have written to the file."""
        if not self._owner.check():
            self._take_back_orphans(engine)
        self._owners.sweep(lambda dead: self._take_back(engine, dead, DIED))
        monotonic = self._premises.clock.monotonic
        if monotonic() >= self._next_wal_look:
            has_changed = self._wal.changed()
            self._next_wal_look = monotonic() + WAL_SECONDS
            if has_changed:
                self._look_again()

    def _rests(self, engine: JobEngine) -> None:
        if self._closing.minds_rest:
            engine.due.bell.ring()

    def _see_whether_it_is_over(self, engine: JobEngine) -> None:
        if not self._stopping.is_set() and self._closing.is_over(engine):
            self._stop_within = LAST_SECONDS
            self._stopping.set()

    def _take_back_orphans(self, engine: JobEngine) -> None:
        """Take back what nobody living runs, also where the lock's file is gone."""
        self._owners.sweep(lambda dead: self._take_back(engine, dead, DIED))
        for owner in recovery.orphans(self._premises.database, self._owners.is_alive):
            self._take_back(engine, owner, DIED)

    def _take_back(self, engine: JobEngine, owner: str | None, why: str) -> None:
        database = self._premises.database
        with database.write_bulk():
            found = recovery.take_back(database, owner, engine.now(), why)
        if found:
            log.info("%s jobs of %s wait again: %s", found, owner, why)
            engine.ring()
