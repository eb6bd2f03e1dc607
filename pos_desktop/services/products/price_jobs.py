"""Changes of many prices that a job does: left to the queue, and carried out there."""

from __future__ import annotations

from typing import Any

from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled

from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.products.bulk_prices import BulkPrices, run_to_take_back
from pos_desktop.services.products.price_preview import PricePreview, PriceWish
from pos_desktop.storage.database import ShopDatabase

CHANGE_PRICES = JobName("change_prices")
"""Sets the prices of a preview."""
TAKE_PRICES_BACK = JobName("take_prices_back")
"""Brings the prices back that a change has set."""


class PriceJobs:
    """Leaves changes of many prices to the queue, and does them there."""

    def __init__(self, prices: BulkPrices, queue: Enqueues, database: ShopDatabase) -> None:
        self._prices = prices
        self._queue = queue
        self._database = database

    def leave(self, preview: PricePreview, *, actor: Person | None) -> int:
        """Leave the prices of a preview to a job; return its number.

        A product that somebody changes after the preview is left alone. Raises Refused where
        nothing would change.
        """
        actor_id = hand_of(actor, Permission.CATALOGUE).actor_id
        preview.check()
        payload = {"wish": preview.wish_as_seen().as_plain()}
        with self._database.write():
            return self._queue.enqueue(CHANGE_PRICES, payload, started_by=actor_id)

    def leave_undo(self, number: int, *, actor: Person | None) -> int:
        """Leave to a job that the prices of a change are brought back; return its number.

        Raises Refused where there is no such change, or it was taken back before.
        """
        actor_id = hand_of(actor, Permission.CATALOGUE).actor_id
        run_to_take_back(self._database, number)
        with self._database.write():
            return self._queue.enqueue(TAKE_PRICES_BACK, {"run": number}, started_by=actor_id)

    def run(self, context: JobContext, wish: dict[str, Any]) -> dict[str, Any]:
        """Set prices in a job; see `changed_sentence` for what it returns."""
        try:
            with as_job():
                return self._prices.apply_in_job(context, PriceWish.from_plain(wish))
        except JobCancelled as error:
            raise JobCancelled(_stopped_words(context)) from error

    def run_undo(self, context: JobContext, number: int) -> dict[str, Any]:
        """Bring prices back in a job; see `prices_back_sentence` for what it returns."""
        try:
            with as_job():
                return self._prices.undo_in_job(context, number)
        except JobCancelled as error:
            sentence = _(
                "Price change {number} is taken back in part, as asked; it can be gone on with."
            )
            raise JobCancelled(sentence.format(number=number)) from error


def _stopped_words(context: JobContext) -> str:
    sentence = _(
        "Price change {number} was ended as asked; what it has set stays, and can be taken back."
    )
    return sentence.format(number=context.cursor["run"]) if context.cursor else ""


def changed_sentence(kept: dict[str, Any]) -> str:
    """Say what a change of prices did, from the result of its job."""
    done = ngettext(
        "Price change {number}: {count:,} price is changed.",
        "Price change {number}: {count:,} prices are changed.",
        kept["changed"],
    ).format(number=kept["run"], count=kept["changed"])
    left = ngettext(
        "{count:,} was left alone: somebody has changed it meanwhile.",
        "{count:,} were left alone: somebody has changed them meanwhile.",
        kept["left"],
    ).format(count=kept["left"])
    return joined(" ", (done, left if kept["left"] else ""))


def prices_back_sentence(kept: dict[str, Any]) -> str:
    """Say what came of taking a change back, from the result of its job."""
    done = ngettext(
        "Price change {number} is taken back: {count:,} price is as it was.",
        "Price change {number} is taken back: {count:,} prices are as they were.",
        kept["restored"],
    ).format(number=kept["run"], count=kept["restored"])
    left = ngettext(
        "{name} was left alone: somebody has changed it meanwhile.",
        "{name} and others ({count:,} in all) were left alone: somebody has changed them "
        "meanwhile.",
        kept["left"],
    ).format(name=kept["name"], count=kept["left"])
    return joined(" ", (done, left if kept["left"] else ""))
