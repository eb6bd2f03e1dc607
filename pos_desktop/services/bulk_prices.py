"""Many prices changed at once: seen before, done in chunks that fit between two sales, undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import BasisPoints
from pos_desktop.domain.price_rule import PriceRow, PriceRule, PriceWarning, price_row
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.runs import RunState
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.acting import Hand, hand_of
from pos_desktop.services.closing import Closing
from pos_desktop.services.pacing import Pacer
from pos_desktop.services.sign_in import Person
from pos_desktop.storage import price_runs
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import ALONE, BulkPace
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.price_runs import PriceRun
from pos_desktop.storage.tax_rates import tax_table


class AnotherPriceChange(Refused):
    """Another change of many prices is running; wait until it is done."""


@dataclass(frozen=True, slots=True)
class PricePreview:
    """What a rule would do to the products of a choice: exactly what `apply` does.

    What is asked of a hundred thousand rows is found out once, where the preview is made.
    """

    rule: PriceRule
    rows: tuple[PriceRow, ...]
    changes: tuple[PriceRow, ...] = field(init=False, repr=False)
    """The rows whose price would be another."""
    warned: tuple[PriceRow, ...] = field(init=False, repr=False)
    """The rows that a person should look at first."""
    risky: tuple[PriceRow, ...] = field(init=False, repr=False)
    """The changes by which goods would be sold below cost, or given away."""

    def __post_init__(self) -> None:
        changes = tuple(row for row in self.rows if row.difference_cents)
        bad = {PriceWarning.BELOW_COST, PriceWarning.ZERO}
        object.__setattr__(self, "changes", changes)
        object.__setattr__(self, "warned", tuple(row for row in self.rows if row.warnings))
        object.__setattr__(
            self, "risky", tuple(row for row in changes if not bad.isdisjoint(row.warnings))
        )


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
    ) -> PricePreview:
        """Return what a rule would do; nothing is written.

        With a bound only products whose margin is known and beyond it are chosen.
        """
        hand_of(actor, Permission.CATALOGUE)
        day = date.fromisoformat(self._closing.business_day())
        taxes = tax_table(self._reader)
        rates = {rate.band: rate.rate_bp for rate in taxes.rates if rate.holds_on(day)}
        rows = (
            price_row(rule, product, rates.get(product.tax_band, 0))
            for product in price_runs.chosen(self._reader, choice)
        )
        return PricePreview(
            rule, tuple(row for row in rows if _is_meant(row, margin_below, margin_above))
        )

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
        if not rows:
            raise Refused(_("No price would change: choose other products or another rule."))
        with self._alone():
            with self._database.write():
                run = price_runs.begin(self._database, self._books, preview.rule, hand.actor_id)
            left: list[PriceRow] = []
            state = RunState.STOPPED
            try:
                self._set_prices(run, rows, left, progress)
                state = RunState.DONE
            finally:
                changed = self._end(run, state, hand, left_alone=len(left))
        return PricesApplied(run.number, changed, tuple(left))

    def undo(self, number: int, *, actor: Person | None) -> PricesUndone:
        """Bring the prices back that a change has set, where they are still those.

        Raises Refused where there is no such change, or it was taken back before. One that was
        broken off may be asked for again; it goes on where it ended.
        """
        hand = hand_of(actor, Permission.CATALOGUE)
        with self._alone():
            run = self._run(number)
            restored, left = self._take_back(run, hand)
            self._end(run, RunState.UNDONE, hand, left_alone=run.left_alone)
        return PricesUndone(restored, tuple(left))

    def latest(self, limit: int = 50) -> list[PriceRun]:
        """Return the last changes of many prices, the newest first."""
        return price_runs.latest(self._reader, limit)

    def _set_prices(
        self, run: PriceRun, rows: Sequence[PriceRow], left: list[PriceRow], progress: Progress
    ) -> None:
        """Set prices chunk by chunk; those that have moved are added to `left`."""
        pacer, done = Pacer(self._database, self._clock, self._pace), 0
        while done < len(rows):
            part = rows[done : done + pacer.rows]
            with pacer.chunk(len(part)):
                left += price_runs.carry_out(self._database, self._books, run, part)
            done += len(part)
            progress(done, len(rows))

    def _take_back(self, run: PriceRun, hand: Hand) -> tuple[int, list[str]]:
        """Bring prices back chunk by chunk; return how many, and the names of those left."""
        pacer, restored, after = Pacer(self._database, self._clock, self._pace), 0, ""
        left: list[str] = []
        while part := price_runs.changes_after(self._database, run, after, pacer.rows):
            with pacer.chunk(len(part)):
                gone = price_runs.take_back(self._database, self._books, run, part, hand.actor_id)
            after = part[-1]["product_id"]
            restored += len(part) - len(gone)
            left += gone
        return restored, left

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._one_at_a_time():
            with self._database.write():
                price_runs.end_broken_off(self._database)
            yield

    def _run(self, number: int) -> PriceRun:
        run = price_runs.find(self._database, number)
        if run is None:
            raise Refused(
                _("There is no price change {number}; choose one of the list.").format(
                    number=number
                )
            )
        if run.state == RunState.UNDONE:
            raise Refused(_("Price change {number} was taken back before.").format(number=number))
        return run

    def _end(self, run: PriceRun, state: RunState, hand: Hand, *, left_alone: int) -> int:
        """Keep what came of a run and write it into the journal: the full commit of the whole.

        Returns how many prices the run has set.
        """
        kind = "prices taken back" if state == RunState.UNDONE else "prices changed"
        at = to_stored(self._books.now())
        with self._database.write():
            changed = price_runs.set_state(self._database, run, state, at, left_alone=left_alone)
            detail = {"run": run.number, "state": state, "changed": changed, "left": left_alone}
            self._books.note(kind, **hand.noted(**detail, **run.rule.as_plain()))
        return changed


def _is_meant(
    row: PriceRow, margin_below: BasisPoints | None, margin_above: BasisPoints | None
) -> bool:
    if margin_below is None and margin_above is None:
        return True
    share = row.old_margin_bp
    return (
        share is not None
        and (margin_below is None or share < margin_below)
        and (margin_above is None or share > margin_above)
    )
