"""Hands mails to the shop's server, over lines that stay open from one mail to the next.

What speaks to a server is loaded with the first mail: a till that sends none starts without it.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pos_queue.errors import TryLater
from pos_sync.mail.outcomes import Outcome
from pos_sync.mail.server import MailServer

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.mail import MailKind
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_addresses import Addressee
from pos_desktop.services.mail.mail_files import MailFiles
from pos_desktop.services.mail.mail_papers import MailPapers
from pos_desktop.services.mail.mail_setup import MailSetup
from pos_desktop.storage.mails import Mail
from pos_desktop.storage.moments import from_stored

if TYPE_CHECKING:
    from pos_sync.mail.lines import Lines
    from pos_sync.mail.message import Attachment, Letter
    from pos_sync.mail.parts import Parts

_AGAIN_SECONDS = 1800.0
"""How long a mail waits before it is looked at again whether mail is set up."""
_MEBIBYTE = 1024 * 1024
_CLOSING_SECONDS = 1.0
_ODD_TYPE = "application/octet-stream"


class MailOffice:
    """The lines to one server; another setup opens others. From any thread."""

    def __init__(
        self,
        setup: MailSetup,
        configuration: Configuration,
        papers: MailPapers,
        files: MailFiles,
        clock: Clock,
    ) -> None:
        self._setup = setup
        self._configuration = configuration
        self._papers = papers
        self._files = files
        self._clock = clock
        self._lock = threading.Lock()
        self._ready: tuple[Lines, Parts] | None = None
        self._of: tuple[MailServer, str | None, int] | None = None

    def check(self) -> None:
        """Raise TryLater while the shop has said no mail server, and where it only trains.

        What takes long is done here, once for a run, so that `prepare` may stand in a transaction:
        to load what speaks to a server, and to read whom to trust and the password.
        """
        if self._configuration.get(settings.SHOP_TRAINING):
            raise TryLater(_AGAIN_SECONDS, _("This is a training shop: it sends no mail."))
        if not self._setup.is_set_up:
            raise TryLater(_AGAIN_SECONDS, _("Mail is not set up yet: it waits until it is."))
        self._open()

    def is_there(self) -> bool:
        """Ask the server whether it is there; True while none is set up: nothing waits for it."""
        from pos_sync.mail.probe import probe_of

        self._configuration.refresh()
        if not self._setup.is_set_up:
            return True
        return probe_of(self._setup.server, self._clock.monotonic)()

    def prepare(self, mail: Mail, no: int, to: Addressee) -> Callable[[], Outcome]:
        """Return what sends a mail to one; it raises MailError where it could not be begun."""
        from pos_sync.mail.message import seal

        lines, parts = self._ready or self._open()
        letter = self._letter(mail, no, to)
        largest = (self._configuration.get(settings.MAIL_LARGEST_MB) + 1) * _MEBIBYTE * 4 // 3

        def send() -> Outcome:
            envelope = seal(letter, largest, parts)
            with lines.borrow() as line:
                return line.send(envelope)

        return send

    def close(self) -> None:
        """Close the lines; what is on its way ends as it stands."""
        with self._lock:
            ready, self._ready, self._of = self._ready, None, None
        if ready is not None:
            ready[0].close(_CLOSING_SECONDS)

    def _open(self) -> tuple[Lines, Parts]:
        from pos_sync.mail.lines import LineRules, Lines
        from pos_sync.mail.parts import Parts

        most = self._configuration.get(settings.MAIL_CONNECTIONS)
        wanted = (self._setup.server, self._setup.password(), most)
        with self._lock:
            if self._ready is None or self._of != wanted:
                if self._ready is not None:
                    self._ready[0].close(_CLOSING_SECONDS)
                lines = Lines(
                    self._setup.server,
                    password=self._setup.password,
                    monotonic=self._clock.monotonic,
                    rules=LineRules(most=most),
                )
                self._ready, self._of = (lines, Parts()), wanted
            return self._ready

    def _letter(self, mail: Mail, no: int, to: Addressee) -> Letter:
        from pos_sync.mail.addresses import Mailbox
        from pos_sync.mail.message import Letter

        get = self._configuration.get
        address = get(settings.MAIL_FROM_ADDRESS)
        name = get(settings.MAIL_FROM_NAME) or get(settings.SHOP_NAME)
        words = self._papers.words(mail, to)
        domain = address.rpartition("@")[2]
        unsubscribe = f"mailto:{address}?subject=unsubscribe"
        return Letter(
            sender=Mailbox(name, address),
            recipient=Mailbox(to.name, to.address),
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=f"<{mail.id}.{no}@{domain}>",
            date=from_stored(mail.asked_at).astimezone(self._configuration.zone),
            attachments=[_attachment(path) for path in self._files.of(mail.id, no)],
            unsubscribe=unsubscribe if mail.kind is MailKind.MAILING else None,
            is_automatic=mail.kind in (MailKind.ALERT, MailKind.REPORT),
        )


def _attachment(path: Path) -> Attachment:
    from pos_sync.mail.message import Attachment

    kind = mimetypes.guess_type(path.name)[0] or _ODD_TYPE
    return Attachment(path.name, kind, path)
