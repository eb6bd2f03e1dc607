"""The end of a stock take: at once, or by a job where it corrects very many products.

One fact of a hundred thousand lines would hold the file for seconds, while no till could sell. So
the job ends the take in parts that fit between two sales. Until its last one the take is "being
ended": nobody counts any more, and what is broken off goes on where it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from pos_queue.context import JobContext
from pos_queue.errors import GiveUp, JobCancelled

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.stock_take import StockTake, TakeLine, TakeState, Uncounted
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.background.pacing import MOST_AT_ONCE, Pacer
from pos_desktop.services.closing.closing import Closing
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.stock.stock_taking import StockTaking
from pos_desktop.storage import stock_take_parts, stock_takes
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.gate import BulkPace
from pos_desktop.storage.moments import to_stored

END_TAKE = JobName("end_take")
"""Ends a stock take of very many products."""


class TakeJobs:
    """Ends stock takes, and leaves those of very many products to a job."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        closing: Closing,
        taking: StockTaking,
        queue: Enqueues,
        clock: Clock,
        pace: Callable[[], BulkPace],
    ) -> None:
        self._database = database
        self._books = books
        self._closing = closing
        self._taking = taking
        self._queue = queue
        self._clock = clock
        self._pace = pace

    def end(
        self, take_id: Id, uncounted: Uncounted = Uncounted.LEFT, *, actor: Person | None
    ) -> list[TakeLine] | int:
        """End a take and return the lines that hold, or the number of the job that ends it.

        Raises Refused where nothing was counted, and where the take is over.
        """
        actor_id = hand_of(actor, Permission.STOCK).actor_id
        take = stock_takes.find(self._database, take_id)
        is_ending = take is not None and take.state is TakeState.ENDING
        if take is None or not (is_ending or self._is_long(take, uncounted)):
            return self._taking.finish(take_id, uncounted, actor=actor)
        with self._database.write():
            if not is_ending:
                self._taking.check_counts(take_id)
            at = to_stored(self._books.now())
            stock_takes.set_state(self._database, take_id, TakeState.ENDING, at)
            payload = {"take": take_id, "uncounted": uncounted.value}
            return self._queue.enqueue(END_TAKE, payload, unique_key=take_id, started_by=actor_id)

    def run(self, context: JobContext, take_id: str, uncounted: str) -> dict[str, Any]:
        """End a take in a job; see `take_ended_sentence` for what it returns."""
        take = stock_takes.find(self._database, Id(take_id))
        if take is None or take.state not in (TakeState.ENDING, TakeState.FINISHED):
            raise GiveUp(_("This stock take is not being ended: open it and end it."))
        if take.state is TakeState.ENDING:
            for _done in self._parts(context, take, Uncounted(uncounted)):
                if context.cancelled:
                    words = _("Stock take {number} is ended in part, as asked: end it again.")
                    raise JobCancelled(words.format(number=take.number))
            self._end(context, take, Uncounted(uncounted))
        wrong = stock_take_parts.corrected(self._database, take.id)
        return {"take": take.number, "wrong": wrong}

    def _is_long(self, take: StockTake, uncounted: Uncounted) -> bool:
        found = stock_takes.count_that_hold(self._database, take, uncounted)
        return take.state is TakeState.COUNTING and found > MOST_AT_ONCE

    def _parts(
        self, context: JobContext, take: StockTake, uncounted: Uncounted
    ) -> Iterator[Sequence[Id]]:
        """Bring product after product to its count; yield those of each part."""
        done = stock_take_parts.done(self._database, take.id)
        holding = self._taking.lines_that_hold(take, uncounted)
        left = [line.product_id for line in holding if line.product_id not in done]
        pacer = Pacer(self._database, self._clock, self._pace, context.chunk)
        place, whole = 0, len(done) + len(left)
        while place < len(left):
            part = left[place : place + pacer.rows]
            with pacer.chunk(len(part)):
                self._record(context, take, part, uncounted)
            place += len(part)
            context.progress(len(done) + place, whole)
            yield part

    def _record(
        self, context: JobContext, take: StockTake, part: Sequence[Id], uncounted: Uncounted
    ) -> None:
        """Record a part by what the books say now of what nobody has counted."""
        products = stock_take_parts.as_list(part)
        stock_take_parts.record(
            self._database,
            self._books,
            take,
            stock_takes.lines_of(self._database, take, products),
            uncounted,
            business_day=self._closing.business_day(),
            actor_id=Id(context.started_by) if context.started_by else None,
        )

    def _end(self, context: JobContext, take: StockTake, uncounted: Uncounted) -> None:
        with context.chunk():
            stock_takes.record_end(
                self._database,
                self._books,
                take,
                (),
                uncounted,
                business_day=self._closing.business_day(),
                actor_id=Id(context.started_by) if context.started_by else None,
            )


def take_ended_sentence(kept: dict[str, Any]) -> str:
    """Say what the end of a stock take has corrected, from the result of its job."""
    return ended_words(kept["take"], kept["wrong"])


def ended_words(number: int, wrong: int) -> str:
    """Say that a stock take is finished, and how many products it has corrected."""
    text = ngettext(
        "Stock take {number} is finished: {wrong} product was corrected.",
        "Stock take {number} is finished: {wrong} products were corrected.",
        wrong,
    )
    return text.format(number=number, wrong=wrong)
