"""A manager ends an attempt in doubt: the customer's phone shows neither prompt nor payment.

Nothing is asked of M-Pesa by it. Should the customer have paid after all, the attempt is paid late
and stands in the tray.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import (
    IN_DOUBT,
    MAY_OVERRIDE_AFTER,
    AttemptEvent,
    AttemptState,
)
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.mpesa.attempt_ages import AttemptAges
from pos_desktop.services.mpesa.attempts import Attempts
from pos_desktop.services.mpesa.tray.tray_book import TrayBook
from pos_desktop.services.people.acting import Approval, ChangedMeanwhile, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.mpesa_attempts import Attempt

PHONE_SHOWS_NOTHING = "the customer's phone shows neither prompt nor M-Pesa message"
"""What is kept of each, in the journal: the very thing that its approver has answered for."""


class Overriding:
    """Ends attempts in doubt; from any thread."""

    def __init__(
        self, database: ShopDatabase, attempts: Attempts, book: TrayBook, ages: AttemptAges
    ) -> None:
        self._database = database
        self._attempts = attempts
        self._book = book
        self._ages = ages

    def override(
        self, attempt_id: Id, *, actor: Person | None, approval: Approval | None = None
    ) -> Attempt:
        """End an attempt that a person has looked at the customer's phone for.

        Raises Refused before three minutes have passed since its sending, NeedsApproval, and
        ChangedMeanwhile where it has ended or was paid meanwhile.
        """
        with self._database.write():
            attempt = self._attempts.find(attempt_id)
            left = override_in(attempt, self._ages.now(attempt))
            if left is None:
                raise ChangedMeanwhile
            if left:
                sentence = _("The customer may still pay: wait for {seconds} s more.")
                raise Refused(sentence.format(seconds=-(-left // timedelta(seconds=1))))
            hand = hand_of(actor, Permission.MPESA, approval)
            if attempt.state is AttemptState.ACCEPTED:
                self._attempts.end(attempt_id, AttemptEvent.TIRE)
            if not self._attempts.end(attempt_id, AttemptEvent.OVERRIDE):
                raise ChangedMeanwhile
            self._book.tell_of(attempt, EventKind.OVERRIDDEN, hand, why=PHONE_SHOWS_NOTHING)
        return self._attempts.find(attempt_id)


def override_in(attempt: Attempt, now: datetime) -> timedelta | None:
    """Return how long it takes until an attempt may be overridden; None where it may never be.

    `now` is as far from its sending as it is old, whatever was done to the clock since.
    """
    if attempt.state not in IN_DOUBT or attempt.sent_at is None:
        return None
    left = from_stored(attempt.sent_at) + MAY_OVERRIDE_AFTER - now
    return min(max(left, timedelta()), MAY_OVERRIDE_AFTER)
