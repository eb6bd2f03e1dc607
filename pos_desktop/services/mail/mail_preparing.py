"""Makes a mail ready in a process of its own: who gets it, and the files that go along."""

from __future__ import annotations

from itertools import islice

from pos_queue.context import JobContext

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Fate, MailState, Party
from pos_desktop.domain.text import _
from pos_desktop.services.background.as_job import as_job
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_addresses import MailAddresses
from pos_desktop.services.mail.mail_papers import Maker
from pos_desktop.storage import mail_recipients, mails
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.mails import Mail

_LOT = 50
"""How many recipients are written in one hold of the file: about a millisecond."""


class MailPreparing:
    """Prepares mails from the queue."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        addresses: MailAddresses,
        makes: Maker,
    ) -> None:
        self._database = database
        self._configuration = configuration
        self._addresses = addresses
        self._makes = makes

    def run(self, context: JobContext, mail_id: Id, turn: int) -> int:
        """Prepare a mail for one of its turns; return how many wait for it.

        What an attempt before has done stays. A job of an earlier turn does nothing, nor one of a
        mail that was stopped, from the moment when that was done. Raises GiveUp where nothing comes
        of it though nobody has stopped it, which a person would not notice.
        """
        self._configuration.refresh()
        with as_job():
            mail = self._wanted(mail_id, turn)
        if not self._is_open(mail, turn):
            return 0
        if mail.audience is not None and not self._choose(context, mail):
            return 0
        waiting = mail_recipients.listed(self._database, mail.id, [Fate.WAITING])
        with as_job():
            for attachment in mail.attachments:
                for done in self._makes(mail, attachment, waiting):
                    context.went(done, len(waiting))
                    if not self._is_open(mail, turn):
                        return 0
        return len(waiting)

    def _wanted(self, mail_id: Id, turn: int) -> Mail:
        """Return a mail; raise Refused where it is gone, or over before it was made ready.

        The latter is so of what waited in a backup from which the shop was restored.
        """
        mail = mails.by_id(self._database, mail_id)
        if mail is None:
            raise Refused(_("The mail is not there any more: write it anew if it is still needed."))
        if mail.turn == turn and mail.state is MailState.DONE:
            raise Refused(self._lost_words(mail))
        return mail

    def _lost_words(self, mail: Mail) -> str:
        words = _(
            "Since the shop was restored, mail {number} is for nobody: write it anew if it is "
            "still needed."
        )
        if mail_recipients.listed(self._database, mail.id, limit=1):
            words = _(
                "The shop was restored before mail {number} was ready, and it may have gone out "
                "since. The page E-mail shows of whom that is not known: ask one before F8 sends "
                "it again, and write it anew for whoever is missing there."
            )
        return words.format(number=mail.number)

    def _choose(self, context: JobContext, mail: Mail) -> bool:
        """Write down who gets a mail, beside those who stand there already.

        Tells whether that was done: False where the mail was stopped or taken up anew meanwhile.
        """
        assert mail.audience is not None
        there = mail_recipients.listed(self._database, mail.id)
        known = {(one.party, one.party_id) for one in there}
        chosen = self._addresses.chosen(mail.audience).parties
        missing = iter([one for one in chosen if (one.kind, one.id) not in known])
        no = max((one.no for one in there), default=0) + 1
        while lot := [*islice(missing, _LOT)]:
            context.check()
            if not self._add(context, mail, lot, no):
                return False
            no += len(lot)
        with context.chunk():
            is_open = self._is_open(mail, mail.turn)
            if is_open:
                mails.set_filled(self._database, mail.id)
        return is_open

    def _add(self, context: JobContext, mail: Mail, lot: list[Party], no: int) -> bool:
        """Let some more wait, unless nobody is to get the mail any more."""
        with context.chunk():
            is_open = self._is_open(mail, mail.turn)
            if is_open:
                rows = self._addresses.recipients(lot, mail.asked_at, no)
                mail_recipients.add(self._database, mail.id, rows)
        return is_open

    def _is_open(self, mail: Mail, turn: int) -> bool:
        return mails.is_open(self._database, mail.id, turn)
