"""Forgets who has paid once that is of no use any more: phones and names are kept for a month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pos_queue.context import JobContext

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.services.configuration import Configuration
from pos_desktop.storage import mpesa_attempts, mpesa_money, mpesa_reports, mpesa_waits
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

Forget = Callable[[ShopDatabase, int, int], int]
"""Takes the moment before which all is forgotten and how much at most; returns how much was."""

_LOT = 500
_ACTS: tuple[Forget, ...] = (
    mpesa_attempts.forget_phones,
    mpesa_money.forget_payers,
    mpesa_waits.prune,
    mpesa_reports.prune,
)


class PayerForgetting:
    """Takes payers out of what is kept; a part of the nightly clearing."""

    def __init__(self, database: ShopDatabase, configuration: Configuration, clock: Clock) -> None:
        self._database = database
        self._configuration = configuration
        self._clock = clock

    def run(self, context: JobContext) -> None:
        """Forget what is older than the settings say, in chunks of the job."""
        keep = timedelta(days=self._configuration.get(settings.MPESA_FORGET_DAYS))
        before = to_stored(self._clock.now() - keep)
        for forget in _ACTS:
            done = _LOT
            while done == _LOT and not context.cancelled:
                with context.chunk():
                    done = forget(self._database, before, _LOT)
