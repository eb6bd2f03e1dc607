"""Hands one letter to a server, and knows at each moment whether the server may have it.

A letter is in doubt only from the moment when the first byte of its end (the line with a dot) may
have gone out until its answer has come. All that breaks before is `NotSent`, all that breaks in
between is `Unknown`. smtplib cannot tell the two apart: it sends body and end in one call, and
raises the same error for either.
"""

from __future__ import annotations

import re
from contextlib import suppress

from pos_sync.mail.addresses import Route
from pos_sync.mail.capabilities import Capabilities
from pos_sync.mail.errors import LoginRefused, ServerBusy, ServerRefused, WhyLogin
from pos_sync.mail.message import Envelope
from pos_sync.mail.opening import Line
from pos_sync.mail.outcomes import (
    Accepted,
    Broken,
    NotSent,
    Outcome,
    PutOff,
    RefusedForGood,
    Unknown,
)
from pos_sync.mail.replies import Garbage, Reply
from pos_sync.mail.server import TimeLimits
from pos_sync.mail.wire import Interrupted, NothingWent, line_of

LOST = (OSError, Garbage)
"""What a wire raises when it is of no more use."""
_GO_ON = 354
_WANTS_LOGIN = {530, 535, 538}
_TOO_LARGE = {"5.3.4", "5.2.3"}
_FULL_FOR_GOOD = 552
_SERVERS_OWN = {"5.3.2", "5.4.5"}
"""It takes nothing at all, or no more of this sender today: that is no fault of the recipient."""
_END = b".\r\n"
_ANY_LINE_END = re.compile(rb"\r\n|\r|\n")


class Sending:
    """One letter on its way. `line_is_good` tells afterwards whether the next may follow."""

    def __init__(self, line: Line, limits: TimeLimits) -> None:
        self._wire = line.wire
        self._can = line.can
        self._limits = limits
        self.line_is_good = False

    def run(self, envelope: Envelope, *, reset: bool) -> Outcome:
        """Send it, after a reset where the letter before was refused; raises as `send` does."""
        try:
            replies = self._offer(_commands(envelope, self._can), reset=reset)
            refusal = _refusal(replies)
        except LOST as error:
            return NotSent(_how(error))
        if refusal is None:
            return self._hand_over(_stuffed(envelope.data))
        self._leave(replies[-1])
        return refusal

    def _offer(self, commands: list[str], *, reset: bool) -> list[Reply]:
        """Return the answers to the commands, as far as they were asked."""
        commands = ["RSET", *commands] if reset else commands
        is_pipelined = "PIPELINING" in self._can
        if is_pipelined:
            self._wire.write(b"".join(map(line_of, commands)), self._limits.command)
        replies: list[Reply] = []
        for command in commands:
            if not is_pipelined:
                self._wire.write(line_of(command), self._limits.command)
            replies.append(self._hear())
            if replies[-1].code >= 400 and not is_pipelined:
                break
        return self._past_reset(replies) if reset else replies

    def _hear(self) -> Reply:
        reply = self._wire.reply(self._limits.command)
        if reply.is_closing:
            raise ServerBusy(reply)
        return reply

    def _past_reset(self, replies: list[Reply]) -> list[Reply]:
        if not replies[0].is_yes:
            raise Garbage
        return replies[1:]

    def _leave(self, last: Reply) -> None:
        """Come back to where a letter may begin, also if the server wants to hear the refused."""
        with suppress(*LOST, ServerBusy):
            if last.code == _GO_ON:
                self._wire.write(_END, self._limits.command)
                self._hear()
            self.line_is_good = True

    def _hand_over(self, body: bytes) -> Outcome:
        try:
            self._wire.write_body(body, self._limits.body, self._limits.stall)
        except Interrupted:
            return self._heard_early()
        except OSError as error:
            return NotSent(_how(error))
        return self._hand_over_end()

    def _hand_over_end(self) -> Outcome:
        try:
            self._wire.write_end(_END, self._limits.stall)
        except NothingWent as error:
            return NotSent(_how(error.__cause__))
        except OSError as error:
            return Unknown(_how(error))
        return self._verdict()

    def _verdict(self) -> Outcome:
        try:
            reply = self._wire.reply(self._limits.accepted)
            if not reply.is_yes:
                return self._not_taken(reply)
        except LOST as error:
            return Unknown(_how(error))
        self.line_is_good = not self._wire.has_rest
        return Accepted(reply)

    def _not_taken(self, reply: Reply) -> Outcome:
        if reply.is_closing:
            raise ServerBusy(reply)
        outcome = _no(reply)
        self.line_is_good = not self._wire.has_rest
        return outcome

    def _heard_early(self) -> Outcome:
        """Take what the server says before it has heard the end: it cannot be a yes."""
        try:
            return _no(self._hear())
        except LOST as error:
            return NotSent(_how(error))


def unfit(envelope: Envelope, can: Capabilities) -> Reply | None:
    """Return why a server with these capabilities cannot take a letter, None if it can."""
    if envelope.is_international and "SMTPUTF8" not in can:
        words = "This mail server takes no address with letters outside a-z: use another address."
        return Reply(code=553, enhanced="5.6.7", words=words)
    if can.largest is not None and envelope.size > can.largest:
        sizes = f"{envelope.size / 1_000_000:.1f} MB, {can.largest / 1_000_000:.1f} MB are allowed"
        words = f"The mail is too large for this mail server ({sizes}): attach less."
        return Reply(code=_FULL_FOR_GOOD, enhanced="5.3.4", words=words)
    return None


def try_sender(line: Line, sender: Route, seconds: float) -> None:
    """Ask whether the server takes letters of a sender, without sending one.

    Raises LoginRefused, ServerRefused or ServerBusy where not, and what a wire raises.
    """
    options = " SMTPUTF8" if sender.is_international and "SMTPUTF8" in line.can else ""
    reply = line.wire.ask(f"MAIL FROM:<{sender}>{options}", seconds)
    if not reply.is_yes:
        _no_to_sender(reply)
    line.wire.ask("RSET", seconds)


def _commands(envelope: Envelope, can: Capabilities) -> list[str]:
    mail = f"MAIL FROM:<{envelope.sender}>"
    if "SIZE" in can:
        mail += f" SIZE={envelope.size}"
    if envelope.is_international:
        mail += " BODY=8BITMIME SMTPUTF8"
    return [mail, f"RCPT TO:<{envelope.recipient}>", "DATA"]


def _refusal(replies: list[Reply]) -> Outcome | None:
    """Return who was refused, None where the server waits for the letter; raises as `send` does."""
    sender = replies[0]
    if not sender.is_yes:
        return _no_to_sender(sender)
    recipient = replies[1]
    if not recipient.is_yes:
        return _no(recipient)
    return None if replies[-1].code == _GO_ON else _no(replies[-1])


def _no_to_sender(reply: Reply) -> Outcome:
    """Return a no that is about the size of this letter, and raise any other."""
    if reply.code == _FULL_FOR_GOOD or reply.enhanced in _TOO_LARGE:
        return _no(reply)
    if reply.is_for_now:
        raise ServerBusy(reply)
    if reply.is_for_good and reply.code not in _WANTS_LOGIN:
        raise ServerRefused(reply)
    return _no(reply)


def _no(reply: Reply) -> Outcome:
    if reply.code in _WANTS_LOGIN:
        raise LoginRefused(WhyLogin.REFUSED, reply)
    if reply.enhanced in _SERVERS_OWN:
        raise ServerBusy(reply)
    if reply.is_for_now:
        return PutOff(reply)
    if reply.is_for_good:
        return RefusedForGood(reply)
    raise Garbage


def _stuffed(data: bytes) -> bytes:
    """Return a message as it is sent: each line ends in CRLF, none looks like the end."""
    if not data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r"):
        data = _ANY_LINE_END.sub(b"\r\n", data)
    data = data.replace(b"\r\n.", b"\r\n..")
    data = b"." + data if data.startswith(b".") else data
    return data if data.endswith(b"\r\n") else data + b"\r\n"


def _how(error: BaseException | None) -> Broken:
    if isinstance(error, Garbage):
        return Broken.GARBAGE
    return Broken.TIMED_OUT if isinstance(error, TimeoutError) else Broken.CLOSED
