"""One connection to a mail server, which takes one letter after another.

The conversation is ours and not smtplib's: that cannot tell a letter that was not sent from one in
doubt, waits for ever on a server that says a byte now and then, reads an answer without end into
memory, and asks in four round trips what a server with PIPELINING answers in two.
"""

from __future__ import annotations

import contextlib
import ssl

from pos_sync.deadline import Monotonic
from pos_sync.mail.capabilities import Capabilities
from pos_sync.mail.message import Envelope
from pos_sync.mail.opening import Line, new_context, open_line
from pos_sync.mail.outcomes import Accepted, Broken, NotSent, Outcome, RefusedForGood
from pos_sync.mail.sending import LOST, Sending, unfit
from pos_sync.mail.server import MailServer


class Connection:
    """A connection for the use of one thread; `cut` alone may be called from another."""

    def __init__(
        self, server: MailServer, monotonic: Monotonic, context: ssl.SSLContext | None = None
    ) -> None:
        """Take what decides whom to trust, where the caller has made it already."""
        self._server = server
        self._monotonic = monotonic
        self._context = context or new_context(server)
        self._line: Line | None = None
        self._needs_reset = False
        self.used = 0
        """How many letters it was handed since it was opened."""

    @property
    def is_open(self) -> bool:
        """Whether it takes a letter, as far as is known."""
        return self._line is not None

    @property
    def can(self) -> Capabilities:
        """What the server has said it can do; nothing while the connection is not open."""
        return self._line.can if self._line else Capabilities()

    def open(self, password: str | None = None) -> None:
        """Connect, secure the line and log in; raises a MailError. The password is not kept."""
        self.close()
        self._line = open_line(
            self._server, password, context=self._context, monotonic=self._monotonic
        )
        self._needs_reset = False
        self.used = 0

    def has_ended(self) -> bool:
        """Tell, without waiting, whether the server has ended it or said something unasked."""
        return self._line is None or self._line.wire.has_news()

    def send(self, envelope: Envelope) -> Outcome:
        """Hand over one letter, and tell what became of it.

        Raises ServerBusy, LoginRefused or ServerRefused, where the server wants no letter at all;
        then this one was not sent. Afterwards `is_open` tells whether there is a next letter.
        """
        if self._line is None or self._line.wire.has_news():
            self._drop()
            return NotSent(Broken.CLOSED)
        reply = unfit(envelope, self._line.can)
        if reply is not None:
            return RefusedForGood(reply, is_ours=True)
        self.used += 1
        sending = Sending(self._line, self._server.limits)
        is_taken = False
        try:
            outcome = sending.run(envelope, reset=self._needs_reset)
            is_taken = isinstance(outcome, Accepted)
        finally:
            self._needs_reset = not is_taken
            if not sending.line_is_good:
                self._drop()
        return outcome

    def close(self, seconds: float | None = None) -> None:
        """Leave politely, within so many seconds, or within the server's `goodbye`."""
        line, self._line = self._line, None
        if line is None:
            return
        with contextlib.suppress(*LOST):
            line.wire.ask("QUIT", self._server.limits.goodbye if seconds is None else seconds)
        line.wire.close()

    def cut(self) -> None:
        """End it at once; a `send` under way in another thread then ends too, as it stands."""
        line = self._line
        if line is not None:
            line.wire.cut()

    def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.wire.close()
