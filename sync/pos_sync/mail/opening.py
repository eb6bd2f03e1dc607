"""The beginning of a conversation with a mail server: greeting, EHLO, TLS, login."""

from __future__ import annotations

import hashlib
import hmac
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from pos_sync.deadline import Deadline, Monotonic
from pos_sync.mail.capabilities import Capabilities, capabilities_of
from pos_sync.mail.errors import (
    LoginRefused,
    ServerBusy,
    ServerRefused,
    TlsRefused,
    Unreachable,
    WhyLogin,
    WhyTls,
    WhyUnreachable,
)
from pos_sync.mail.login import can_be_said, log_in, ways_to
from pos_sync.mail.reaching import connect
from pos_sync.mail.replies import Garbage, Reply
from pos_sync.mail.server import MailServer, Security
from pos_sync.mail.wire import Wire

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[A-Fa-f0-9.:IPv]+\]")
_EXPIRED = {9, 10}
_WRONG_NAME = {62, 64}
"""OpenSSL's numbers of what is wrong with a certificate."""
_NOT_TLS = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
"""OpenSSL's words for an answer that is not TLS."""

_NO_SUCH_COMMAND = {500, 501, 502, 504}


class Step(StrEnum):
    """What is reached on the way to a letter."""

    CONNECTED = "connected"
    SECURED = "secured"
    GREETED = "greeted"
    LOGGED_IN = "logged_in"
    SENDER_TAKEN = "sender_taken"
    """The server takes letters from our address; asked by a check alone."""


Reached = Callable[[Step], None]


@dataclass(frozen=True)
class Line:
    """A connection that is ready for letters."""

    wire: Wire
    can: Capabilities


def new_context(server: MailServer) -> ssl.SSLContext:
    """Return what decides whom to trust. Making one may take 20 ms: keep it."""
    is_asked = server.security is not Security.PLAIN and server.fingerprint is None
    return ssl.create_default_context() if is_asked else blind_context()


def blind_context() -> ssl.SSLContext:
    """Return what trusts anybody: to compare a fingerprint, or to look at a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fingerprint_of(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate, in hex."""
    return hashlib.sha256(certificate).hexdigest()


def open_line(
    server: MailServer,
    password: str | None,
    *,
    context: ssl.SSLContext,
    monotonic: Monotonic,
    reached: Reached = lambda _step: None,
) -> Line:
    """Return a line that is ready for letters; raises a MailError, and leaves nothing open then."""
    deadline = Deadline(monotonic, server.limits.connect)
    wire = Wire(connect(server.host, server.port, deadline), monotonic)
    try:
        reached(Step.CONNECTED)
        with broken_is_unreachable():
            return Line(wire, _Opening(server, wire, context, reached).run(password))
    except BaseException:
        wire.close()
        raise


@contextmanager
def broken_is_unreachable() -> Iterator[None]:
    """Say what breaks while nothing is sent as a MailError."""
    try:
        yield
    except TimeoutError as error:
        raise Unreachable(WhyUnreachable.TIMED_OUT) from error
    except OSError as error:
        raise Unreachable(WhyUnreachable.BROKE_OFF) from error
    except Garbage:
        raise Unreachable(WhyUnreachable.NOT_MAIL) from None


class _Opening:
    def __init__(
        self, server: MailServer, wire: Wire, context: ssl.SSLContext, reached: Reached
    ) -> None:
        self._server = server
        self._wire = wire
        self._context = context
        self._reached = reached

    def run(self, password: str | None) -> Capabilities:
        if self._server.security is Security.TLS:
            self._secure()
        self._hear_greeting()
        can = self._introduce()
        if self._server.security is Security.STARTTLS:
            self._start_tls(can)
            can = self._introduce()
        if self._server.login is not None:
            self._log_in(can, password)
        return can

    def _hear_greeting(self) -> None:
        try:
            reply = self._wire.reply(self._server.limits.greeting)
        except TimeoutError as error:
            raise Unreachable(WhyUnreachable.SILENT) from error
        except (OSError, Garbage):
            if self._wire.rest_is_tls:
                raise Unreachable(WhyUnreachable.TLS_AT_ONCE) from None
            raise
        _must_be_yes(reply)
        self._reached(Step.GREETED)

    def _introduce(self) -> Capabilities:
        name = self._server.own_name or ""
        name = name if _NAME.fullmatch(name) else self._wire.own_address
        reply = self._ask(f"EHLO {name}")
        if reply.code in _NO_SUCH_COMMAND:
            _must_be_yes(self._ask(f"HELO {name}"))
            return Capabilities()
        _must_be_yes(reply)
        return capabilities_of(reply)

    def _start_tls(self, can: Capabilities) -> None:
        if "STARTTLS" not in can:
            raise TlsRefused(WhyTls.NOT_OFFERED)
        reply = self._ask("STARTTLS")
        if reply.is_for_now:
            raise ServerBusy(reply)
        if not reply.is_yes:
            raise TlsRefused(WhyTls.REFUSED, reply)
        if self._wire.has_rest:
            raise TlsRefused(WhyTls.TAMPERED)
        self._secure()

    def _secure(self) -> None:
        try:
            self._wire.secure(self._context, self._server.host, self._server.limits.connect)
        except ssl.SSLCertVerificationError as error:
            raise TlsRefused(_what_is_wrong(error.verify_code)) from error
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            raise
        except ssl.SSLError as error:
            is_plain = self._server.security is Security.TLS and error.reason in _NOT_TLS
            raise TlsRefused(WhyTls.NOT_TLS if is_plain else WhyTls.REFUSED) from error
        except ValueError as error:
            raise TlsRefused(WhyTls.WRONG_NAME) from error
        self._compare_certificate()
        self._reached(Step.SECURED)

    def _compare_certificate(self) -> None:
        if self._server.fingerprint is None:
            return
        wanted = re.sub(r"[:\s]", "", self._server.fingerprint).lower()
        found = fingerprint_of(self._wire.certificate())
        if not hmac.compare_digest(wanted.encode(), found.encode()):
            raise TlsRefused(WhyTls.OTHER_CERTIFICATE)

    def _log_in(self, can: Capabilities, password: str | None) -> None:
        wire, server = self._wire, self._server
        login = server.login or ""
        if not (password and can_be_said(login) and can_be_said(password)):
            raise LoginRefused(WhyLogin.NO_PASSWORD)
        is_private = wire.is_secure or wire.is_local or server.allows_open_password
        ways = ways_to(can.logins, is_private=is_private)
        log_in(self._ask, login, password, ways)
        self._reached(Step.LOGGED_IN)

    def _ask(self, command: str) -> Reply:
        return self._wire.ask(command, self._server.limits.command)


def _must_be_yes(reply: Reply) -> None:
    if reply.is_for_now:
        raise ServerBusy(reply)
    if reply.is_for_good:
        raise ServerRefused(reply)
    if not reply.is_yes:
        raise Garbage


def _what_is_wrong(code: int) -> WhyTls:
    if code in _EXPIRED:
        return WhyTls.EXPIRED
    return WhyTls.WRONG_NAME if code in _WRONG_NAME else WhyTls.UNTRUSTED
