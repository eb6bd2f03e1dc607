"""Tells managers, once, of what M-Pesa says is paid and whose payment nobody has seen for a day.

Those are the ones that the tray shows for that. The list of payments goes back two days: within the
second one a person can still look after it.
"""

from __future__ import annotations

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_tray import CODE_TOLD_WITHIN
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import ngettext
from pos_desktop.services.people.telling import tell_all_who_may
from pos_desktop.storage import mpesa_attempts, mpesa_events
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import span_stored, to_stored
from pos_desktop.storage.mpesa_attempts import Attempt


class MissingCodes:
    """Looks after payments that are not confirmed; the work of a job."""

    def __init__(self, database: ShopDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def tell(self, job: int) -> int:
        """Leave a message about those that nobody was told of; return how many."""
        at = to_stored(self._clock.now())
        with self._database.write():
            found = [one for one in self._overdue(at) if not self._is_told(one)]
            if found:
                total = format_amount(sum(one.amount_cents for one in found))
                tell_all_who_may(
                    self._database,
                    Permission.REPORTS,
                    lambda: _words(len(found), total),
                    at,
                    job=job,
                    has_failed=True,
                )
            for one in found:
                mpesa_events.add(
                    self._database,
                    EventKind.TOLD_OVERDUE,
                    at,
                    sale_id=one.sale_id,
                    attempt_id=one.id,
                )
        return len(found)

    def _overdue(self, at: int) -> list[Attempt]:
        before = at - span_stored(CODE_TOLD_WITHIN)
        return mpesa_attempts.long_without_code(self._database, before)

    def _is_told(self, attempt: Attempt) -> bool:
        events = mpesa_events.of_attempt(self._database, attempt.id)
        return any(one.kind is EventKind.TOLD_OVERDUE for one in events)


def _words(count: int, total: str) -> str:
    sentence = ngettext(
        "M-Pesa has said that {total} were paid, and the payment is in no list for a day: look at "
        "M-Pesa's portal, and import its statement.",
        "M-Pesa has said that {count} payments of {total} were made, and they are in no list for a "
        "day: look at M-Pesa's portal, and import its statement.",
        count,
    )
    return sentence.format(count=count, total=total)
