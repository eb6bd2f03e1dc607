"""Reads the relay for as long as jobs are run: a report is kept, and its job with it, or neither.

The relay holds a question until something has come, so that a payment is here a moment after M-Pesa
has told of it. What another till has asked for is not kept: it is nobody's business here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from pos_queue.backoff import Backoff

from pos_desktop.services.background.enqueueing import Enqueues, JobName
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.own_references import is_another_tills
from pos_desktop.services.mpesa.setup.relay_line import RelayLine
from pos_desktop.storage import mpesa_attempts, mpesa_reports, mpesa_requests
from pos_desktop.storage.counters import counter, put_counter
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

if TYPE_CHECKING:
    from pos_sync.relay.messages import Message

PROCESS_MPESA_CALLBACK = JobName("process_mpesa_callback")

_NOT_SET_UP_SECONDS = 3.0
"""How often it is looked whether a relay was set up meanwhile."""
_PAUSES = Backoff(first=1.0, cap=30.0)
_REFUSED_SECONDS = 60.0

log = logging.getLogger(__name__)


class RelayReading:
    """Reads on where it has stopped; one thread at a time."""

    name = "relay"

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        relay: RelayLine,
        queue: Enqueues,
        chance: Callable[[], float],
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._relay = relay
        self._queue = queue
        self._chance = chance

    def run(self, ending: Event) -> None:
        """Read until the event is set: what goes on beside the jobs."""
        failures = 0
        while not ending.is_set():
            pause, failures = self._turn(ending, failures)
            ending.wait(pause)

    def interrupt(self) -> None:
        """Wait for no message any more."""
        self._relay.close()

    def read(self, wait_seconds: float = 0.0, ending: Event | None = None) -> int:
        """Read what has come since the last time; return how many reports were kept.

        Waits for one so long where there is none. Raises RelayNotSetUp and RelayError. Nothing is
        kept any more once the event is set.
        """
        from pos_sync.relay.errors import BehindUs

        reader, place = self._relay.reader(), f"mpesa relay read {self._relay.address}"
        after = counter(self._database, place)
        try:
            messages = reader.messages(after, wait_seconds)
        except BehindUs as error:
            log.warning("the relay has %d messages, and %d were read: read anew", error.last, after)
            with self._database.write():
                put_counter(self._database, place, 0)
            return 0
        self._relay.heard()
        if not messages or (ending is not None and ending.is_set()):
            return 0
        return self._keep(messages, place, after)

    def _turn(self, ending: Event, failures: int) -> tuple[float, int]:
        """Read once; return how long to pause, and how often it has failed in a row."""
        from pos_sync.relay.asked import LONGEST_WAIT
        from pos_sync.relay.errors import RelayError, RelayRefused

        self._configuration.refresh()
        if not self._relay.is_set_up:
            return _NOT_SET_UP_SECONDS, 0
        try:
            self.read(LONGEST_WAIT if self._relay.is_live else 0.0, ending)
        except RelayRefused as error:
            self._relay.lost()
            log.warning("%s", error)
            return _REFUSED_SECONDS, failures
        except RelayError as error:
            self._relay.lost()
            log.info("%s", error)
            failures += 1
            return _PAUSES.first / 2 + _PAUSES.delay(failures, self._chance()), failures
        return 0.0, 0

    def _keep(self, messages: Sequence[Message], place: str, after: int) -> int:
        """Keep messages with their jobs, unless another program of this shop has just done so."""
        kept = 0
        with self._database.write():
            if counter(self._database, place) != after:
                return 0
            for one in messages:
                if self._is_ours(one):
                    at = to_stored(one.at)
                    no = mpesa_reports.add(self._database, at, one.kind.value, one.token, one.body)
                    self._queue.enqueue(PROCESS_MPESA_CALLBACK, {"report": no})
                    kept += 1
            put_counter(self._database, place, messages[-1].number)
        return kept

    def _is_ours(self, message: Message) -> bool:
        from pos_sync.mpesa.addresses import Kind
        from pos_sync.mpesa.callbacks import PaidIn, StkReport, read_report

        match message.kind:
            case Kind.VALIDATION:
                return False
            case Kind.RESULT | Kind.TIMEOUT:
                return mpesa_requests.find(self._database, message.token) is not None
        said = read_report(message.body.encode())
        if isinstance(said, StkReport):
            return self._has_attempt(message.token, said.checkout_id)
        if not isinstance(said, PaidIn):
            return False
        return not is_another_tills(self._database, said.reference)

    def _has_attempt(self, token: str, checkout_id: str) -> bool:
        found = mpesa_attempts.find(self._database, token)
        return found is not None or (
            mpesa_attempts.by_checkout(self._database, checkout_id) is not None
        )
