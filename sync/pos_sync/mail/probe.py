"""Asks whether a mail server is there, and, for a person, whether its settings are right."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from pos_sync.deadline import Deadline, Monotonic
from pos_sync.mail.addresses import route_of
from pos_sync.mail.errors import MailError, TlsRefused, Unreachable, WhyTls, WhyUnreachable
from pos_sync.mail.opening import (
    Step,
    blind_context,
    broken_is_unreachable,
    fingerprint_of,
    new_context,
    open_line,
)
from pos_sync.mail.reaching import connect
from pos_sync.mail.sending import LOST, try_sender
from pos_sync.mail.server import MailServer, Security, TimeLimits
from pos_sync.mail.wire import Wire

PROBE_SECONDS = 8.0
"""Below the ten that a probe may take."""
_LOOK_SECONDS = 5.0
_GOODBYE = 1.0


def probe_of(
    server: MailServer, monotonic: Monotonic, seconds: float = PROBE_SECONDS
) -> Callable[[], bool]:
    """Return what asks whether a mail server is there, within so many seconds in all.

    Any answer of a mail server counts, also that it is busy or wants nobody: what is wrong then,
    the next letter finds out. No certificate is checked, since nothing is said that matters.
    """

    def is_there() -> bool:
        with suppress(MailError, *LOST):
            _reach(server, Deadline(monotonic, seconds), monotonic)
            return True
        return False

    return is_there


@dataclass(frozen=True)
class Report:
    """What a check has found."""

    steps: tuple[Step, ...]
    """What was reached, in its order."""
    failed: Step | None = None
    """What was not reached; None where all is well."""
    error: MailError | None = None
    """Why not, with a sentence."""
    fingerprint: str | None = None
    """The SHA-256 of a certificate that is not trusted, for a person to compare and accept."""


def check(
    server: MailServer,
    password: str | None,
    sender: str,
    *,
    monotonic: Monotonic,
    context: ssl.SSLContext | None = None,
) -> Report:
    """Go all the way to a letter and send none; what is wrong is in the report.

    A port that speaks TLS where none is set, or none where it is, is recognised. The sender is an
    e-mail address; raises BadLetter where it is none.
    """
    route = route_of(sender, "sender")
    steps: list[Step] = []
    try:
        line = open_line(
            server,
            password,
            context=context or new_context(server),
            monotonic=monotonic,
            reached=steps.append,
        )
        try:
            with broken_is_unreachable():
                try_sender(line, route, server.limits.command)
            _leave(line.wire, _GOODBYE)
        finally:
            line.wire.close()
    except MailError as error:
        told = _looked_into(error, server, monotonic)
        return Report(
            tuple(steps), _next(steps, server), told, _fingerprint(told, server, monotonic)
        )
    return Report((*steps, Step.SENDER_TAKEN))


def _next(steps: list[Step], server: MailServer) -> Step:
    """Return the step that was not reached."""
    return next(step for step in way_of(server) if step not in steps)


def way_of(server: MailServer) -> tuple[Step, ...]:
    """Return the steps to a server in their order."""
    first = {
        Security.PLAIN: (Step.CONNECTED, Step.GREETED),
        Security.STARTTLS: (Step.CONNECTED, Step.GREETED, Step.SECURED),
        Security.TLS: (Step.CONNECTED, Step.SECURED, Step.GREETED),
    }[server.security]
    login = () if server.login is None else (Step.LOGGED_IN,)
    return (*first, *login, Step.SENDER_TAKEN)


def _reach(server: MailServer, deadline: Deadline, monotonic: Monotonic) -> None:
    wire = Wire(connect(server.host, server.port, deadline), monotonic)
    try:
        if server.security is Security.TLS:
            wire.secure(blind_context(), server.host, deadline.left())
        wire.reply(deadline.left())
        _leave(wire, deadline.within(_GOODBYE).left())
    finally:
        wire.close()


def _leave(wire: Wire, seconds: float) -> None:
    with suppress(*LOST):
        wire.ask("QUIT", seconds)


def _looked_into(error: MailError, server: MailServer, monotonic: Monotonic) -> MailError:
    """Return what is really wrong, where it may be that the port wants another security."""
    if server.security is not Security.TLS:
        is_odd = isinstance(error, Unreachable) and error.why in _ODD
        if is_odd and _look(server, Security.TLS, monotonic) is not None:
            return Unreachable(WhyUnreachable.TLS_AT_ONCE)
        return error
    is_odd = isinstance(error, Unreachable) and error.why in (*_ODD, WhyUnreachable.TIMED_OUT)
    is_odd = is_odd or (isinstance(error, TlsRefused) and error.why is WhyTls.REFUSED)
    if is_odd and _look(server, Security.PLAIN, monotonic) is not None:
        return TlsRefused(WhyTls.NOT_TLS)
    return error


def _fingerprint(error: MailError, server: MailServer, monotonic: Monotonic) -> str | None:
    if not isinstance(error, TlsRefused) or error.why not in _OF_CERTIFICATES:
        return None
    certificate = _look(server, server.security, monotonic)
    return fingerprint_of(certificate) if certificate else None


def _look(server: MailServer, security: Security, monotonic: Monotonic) -> bytes | None:
    """Return a server's certificate, nothing on an open line, None where it does not greet."""
    seconds = _LOOK_SECONDS
    limits = TimeLimits(connect=seconds, greeting=seconds, command=seconds)
    other = replace(server, security=security, login=None, fingerprint=None, limits=limits)
    with suppress(MailError):
        line = open_line(other, None, context=blind_context(), monotonic=monotonic)
        certificate = line.wire.certificate()
        _leave(line.wire, _GOODBYE)
        line.wire.close()
        return certificate
    return None


_ODD = (WhyUnreachable.SILENT, WhyUnreachable.NOT_MAIL, WhyUnreachable.BROKE_OFF)
_OF_CERTIFICATES = (
    WhyTls.UNTRUSTED,
    WhyTls.EXPIRED,
    WhyTls.WRONG_NAME,
    WhyTls.OTHER_CERTIFICATE,
)
