"""Many prices changed at once: seen before, done in chunks that fit between two sales, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any

from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import AnotherRuns, Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.price_rule import PriceRow, PriceRule, price_row
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.runs import RunState
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.background.pacing import Pacer
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.people.acting import Hand, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.price_preview import (
    MOST_SEEN,
    PricePreview,
    PriceWish,
    looked_at,
)
from pos_desktop.storage import price_runs
from pos_desktop.storage.books import Books
from pos_desktop.storage.counters import MASTER_VERSION, counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import ALONE, BulkPace
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.price_runs import PriceRun
from pos_desktop.storage.tax_rates import tax_table


class AnotherPriceChange(AnotherRuns):
    """Another change of many prices is running; wait until it is done."""


@dataclass(frozen=True, slots=True)
class PricesApplied:
    """What came of a change: the run to take it back by, and the rows that had moved meanwhile."""

    number: int
    changed: int
    left: tuple[PriceRow, ...]


@dataclass(frozen=True, slots=True)
class PricesUndone:
    """What came of taking a change back, and the names of products with another price by now."""

    restored: int
    left: tuple[str, ...]

    def and_more(self, more: PricesUndone) -> PricesUndone:
        """Return what came of this and of more."""
        return PricesUndone(self.restored + more.restored, self.left + more.left)


Progress = Callable[[int, int], None]
"""Told how many rows are done, and how many there are."""


class BulkPrices:
    """Previews, applies and takes back changes of many prices."""

    def __init__(
        self,
        database: ShopDatabase,
        reader: ShopDatabase,
        books: Books,
        closing: Closing,
        clock: Clock,
        pace: Callable[[], BulkPace] = lambda: ALONE,
        one_at_a_time: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """Take what is needed; `one_at_a_time` raises AnotherPriceChange while one runs."""
        self._database = database
        self._reader = reader
        self._books = books
        self._closing = closing
        self._clock = clock
        self._pace = pace
        self._one_at_a_time = one_at_a_time

    def preview(
        self,
        choice: ProductChoice,
        rule: PriceRule,
        *,
        margin_below: BasisPoints | None = None,
        margin_above: BasisPoints | None = None,
        actor: Person | None,
        progress: Callable[[int], None] = lambda _count: None,
    ) -> PricePreview:
        """Return what a rule would do; nothing is written.

        With a bound only products whose margin is known and beyond it are chosen. `progress` is
        told how many were looked at, and may raise to break off.
        """
        hand_of(actor, Permission.CATALOGUE)
        wish = PriceWish(
            rule=rule,
            choice=choice,
            margin_below=margin_below,
            margin_above=margin_above,
            version=counter(self._reader, MASTER_VERSION),
            rates=self._rates(),
        )
        return looked_at(wish, self._rows(self._reader, wish), progress)

    def _rates(self) -> dict[str, BasisPoints]:
        day = date.fromisoformat(self._closing.business_day())
        taxes = tax_table(self._reader).rates
        return {rate.band: rate.rate_bp for rate in taxes if rate.holds_on(day)}

    def _rows(self, database: ShopDatabase, wish: PriceWish) -> Iterator[PriceRow]:
        """Yield what a rule does to each product that is meant, by name."""
        for product in price_runs.chosen(database, wish.choice):
            row = price_row(wish.rule, product, wish.rates.get(product.tax_band, 0))
            if wish.means(row):
                yield row

    def apply(
        self,
        preview: PricePreview,
        *,
        actor: Person | None,
        progress: Progress = lambda _done, _all: None,
    ) -> PricesApplied:
        """Set the prices of a preview, but for products that somebody has changed since.

        Raises Refused where nothing would change, and AnotherPriceChange. Where it is broken off,
        what was set until then stays, and can be taken back by the run's number.
        """
        hand, rows = hand_of(actor, Permission.CATALOGUE), preview.changes
        preview.check()
        if preview.changing > len(rows):
            words = _("More than {most:,} prices are changed by a job.")
            raise Refused(words.format(most=MOST_SEEN))
        with self._alone():
            with self._database.write():
                run = price_runs.begin(self._database, self._books, preview.rule, hand.actor_id)
            left: list[PriceRow] = []
            state = RunState.STOPPED
            try:
                pacer = Pacer(self._database, self._clock, self._pace)
                for done in self._set_prices(pacer, run, rows, left):
                    progress(done, len(rows))
                state = RunState.DONE
            finally:
                with self._database.write():
                    changed = self._end(run, state, hand, left_alone=len(left))
        return PricesApplied(run.number, changed, tuple(left))

    def apply_in_job(self, context: JobContext, wish: PriceWish) -> dict[str, Any]:
        """Set the prices of a preview as a job, from where an attempt before has come to.

        A price that was set has a newer version than those that were looked at: no row is set
        twice. Returns the number of the run, how many it has set, and how many it has left alone.
        Raises AnotherPriceChange, JobCancelled, and Refused where it was taken back meanwhile.
        """
        if context.cursor and "changed" in context.cursor:
            return dict(context.cursor)
        with self._alone():
            run = self._run_of_job(context, wish)
            rows = [row for row in self._rows(self._database, wish) if wish.is_unchanged(row)]
            before, left = price_runs.count_changes(self._database, run), list[PriceRow]()
            pacer = Pacer(self._database, self._clock, self._pace, context.chunk)
            context.progress(before, wish.count)
            for done in self._set_prices(pacer, run, rows, left):
                context.progress(before + done, wish.count)
                if context.cancelled and done < len(rows):
                    self._end_in_job(context, run, RunState.STOPPED, wish)
                    raise JobCancelled(run.number)
            return self._end_in_job(context, run, RunState.DONE, wish)

    def _run_of_job(self, context: JobContext, wish: PriceWish) -> PriceRun:
        """Begin the run of a job, or go on with it."""
        if context.cursor:
            run = run_to_take_back(self._database, context.cursor["run"])
            with context.chunk():
                price_runs.go_on(self._database, run)
            return run
        with context.chunk():
            run = price_runs.begin(self._database, self._books, wish.rule, context.started_by)
            context.checkpoint({"run": run.number})
        return run

    def _end_in_job(
        self, context: JobContext, run: PriceRun, state: RunState, wish: PriceWish
    ) -> dict[str, Any]:
        hand, whole = Hand(context.started_by, None), state == RunState.DONE
        with context.chunk():
            changed = price_runs.count_changes(self._database, run)
            left = wish.count - changed if whole else 0
            self._end(run, state, hand, left_alone=left)
            kept = {"run": run.number, "changed": changed, "left": left}
            if whole:
                context.checkpoint(kept)
        return kept

    def undo(self, number: int, *, actor: Person | None) -> PricesUndone:
        """Bring the prices back that a change has set, where they are still those.

        Raises Refused where there is no such change, or it was taken back before. One that was
        broken off may be asked for again; it goes on where it ended.
        """
        hand = hand_of(actor, Permission.CATALOGUE)
        with self._alone():
            run, undone = run_to_take_back(self._database, number), PricesUndone(0, ())
            pacer = Pacer(self._database, self._clock, self._pace)
            for _after, more in self._take_back(pacer, run, "", hand, lambda _after, _more: None):
                undone = undone.and_more(more)
            with self._database.write():
                self._end(run, RunState.UNDONE, hand, left_alone=run.left_alone)
        return undone

    def undo_in_job(self, context: JobContext, number: int) -> dict[str, Any]:
        """Bring prices back as a job, from where an attempt before has come to.

        Returns the number of the run, how many prices are as they were, how many were left alone,
        and the name of one of those. Raises AnotherPriceChange, JobCancelled, and Refused where it
        was taken back before.
        """
        kept = context.cursor or {"run": number, "after": "", "restored": 0, "left": 0, "name": ""}
        if "ended" in kept:
            return dict(kept)
        hand = Hand(context.started_by, None)

        def keep(after: Id, more: PricesUndone) -> None:
            kept["after"] = after
            kept["restored"] += more.restored
            kept["left"] += len(more.left)
            kept["name"] = kept["name"] or next(iter(more.left), "")
            context.checkpoint(dict(kept))

        with self._alone():
            run = run_to_take_back(self._database, number)
            pacer = Pacer(self._database, self._clock, self._pace, context.chunk)
            for _after, _more in self._take_back(pacer, run, kept["after"], hand, keep):
                context.went(kept["restored"] + kept["left"], run.changed)
            with context.chunk():
                self._end(run, RunState.UNDONE, hand, left_alone=run.left_alone)
                context.checkpoint({**kept, "ended": True})
        return {**kept, "ended": True}

    def latest(self, limit: int = 50) -> list[PriceRun]:
        """Return the last changes of many prices, the newest first."""
        return price_runs.latest(self._reader, limit)

    def _set_prices(
        self, pacer: Pacer, run: PriceRun, rows: Sequence[PriceRow], left: list[PriceRow]
    ) -> Iterator[int]:
        """Set prices chunk by chunk; those that have moved are added to `left`.

        Yields after each chunk how many rows are done.
        """
        done = 0
        while done < len(rows):
            part = rows[done : done + pacer.rows]
            with pacer.chunk(len(part)):
                left += price_runs.carry_out(self._database, self._books, run, part)
            done += len(part)
            yield done

    def _take_back(
        self,
        pacer: Pacer,
        run: PriceRun,
        after: Id,
        hand: Hand,
        keep: Callable[[Id, PricesUndone], None],
    ) -> Iterator[tuple[Id, PricesUndone]]:
        """Bring prices back chunk by chunk, those after a product; yield what each has done.

        `keep` is told the same within the chunk's transaction.
        """
        while part := price_runs.changes_after(self._database, run, after, pacer.rows):
            after = Id(part[-1]["product_id"])
            with pacer.chunk(len(part)):
                gone = price_runs.take_back(self._database, self._books, run, part, hand.actor_id)
                more = PricesUndone(len(part) - len(gone), tuple(gone))
                keep(after, more)
            yield after, more

    def is_running(self) -> bool:
        """Tell whether a change of prices, or taking one back, runs now, here or elsewhere."""
        try:
            with self._one_at_a_time():
                return False
        except AnotherPriceChange:
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._one_at_a_time():
            with self._database.write():
                price_runs.end_broken_off(self._database)
            yield

    def _end(self, run: PriceRun, state: RunState, hand: Hand, *, left_alone: int) -> int:
        """Keep what came of a run and write it into the journal, inside the caller's transaction.

        Its full commit is that of the whole. Returns how many prices the run has set.
        """
        kind = "prices taken back" if state == RunState.UNDONE else "prices changed"
        at = to_stored(self._books.now())
        changed = price_runs.set_state(self._database, run, state, at, left_alone=left_alone)
        detail = {"run": run.number, "state": state, "changed": changed, "left": left_alone}
        self._books.note(kind, **hand.noted(**detail, **run.rule.as_plain()))
        return changed


def run_to_take_back(database: ShopDatabase, number: int) -> PriceRun:
    """Return a change; raise Refused where there is none, or it was taken back before."""
    run = price_runs.find(database, number)
    if run is None:
        raise Refused(
            _("There is no price change {number}; choose one of the list.").format(number=number)
        )
    if run.state == RunState.UNDONE:
        raise Refused(_("Price change {number} was taken back before.").format(number=number))
    return run
