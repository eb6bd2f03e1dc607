"""Leaves out who waits for a mail that was stopped: after that, and in lots.

A mail is stopped in one short transaction, from which on nobody is written to. Those who wait for
it are left out in further ones, since a hundred thousand at once would keep a sale waiting for half
a second. Where a program dies between two lots, the rest waits for a mail that nobody sends; before
such a mail is taken up in another turn, they are left out. Else they would get it then.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.storage import mail_recipients, mails
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored

LOT = 500
"""How many are left out in one hold of the file: about three milliseconds."""
_LOTS_A_CHECKPOINT = 40
"""After so many the log is brought into the file, in no hold: a commit that did so took 35 ms."""
_REST_SECONDS = 0.001
"""How long the file is left free between two lots."""

Transaction = Callable[[], AbstractContextManager[None]]


class MailStops:
    """Finishes what a stopped mail has left; by any program, and as often as it is asked."""

    def __init__(self, database: ShopDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def is_unfinished(self, mail_id: Id, turn: int) -> bool:
        """Tell whether a mail was stopped in this turn and somebody still waits for it."""
        return mails.has_left_over(self._database, mail_id, turn)

    def finish(self, mail_id: Id, turn: int, transaction: Transaction | None = None) -> None:
        """Leave out who waits, as long as the mail is stopped in this turn.

        Stands in no transaction: each lot is one, by `transaction` where a job has its own.
        """
        transaction = transaction or self._database.write_bulk
        for lots in count(1):
            if not self.is_unfinished(mail_id, turn):
                return
            # a power cut may take lots away: they are finished then like those of a kill
            with self._database.relaxed(), transaction():
                self._lot(mail_id, turn)
            if lots % _LOTS_A_CHECKPOINT == 0:
                self._database.checkpoint()
            self._clock.sleep(_REST_SECONDS)

    def finish_all(self, transaction: Transaction) -> None:
        """Do so for every mail of which a program that died has left some."""
        for mail_id, turn in mails.left_over(self._database):
            self.finish(mail_id, turn, transaction)

    def _lot(self, mail_id: Id, turn: int) -> None:
        """Leave some out, unless the mail was taken up anew since that was asked."""
        if self.is_unfinished(mail_id, turn):
            now = to_stored(self._clock.now())
            mail_recipients.skip_waiting(self._database, mail_id, now, stopped_words(), LOT)


def stopped_words() -> str:
    """Say why somebody does not get a mail that was stopped."""
    return _("stopped by a person")
