"""A line is opened as its settings say, or it is told what is wrong with which of them."""

from __future__ import annotations

import base64
import logging
import socket
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pos_sync.mail.connection import Connection
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
from pos_sync.mail.outcomes import Accepted
from pos_sync.mail.server import MailServer, Security, TimeLimits
from pos_sync.mail.wire import Wire
from pos_sync.testing.mail_simulator import Habits, MailSimulator, Then, Trouble

from tests.pos_sync.certificates import Identity, make_identity
from tests.pos_sync.mail.scene import connected, envelope, server_at, server_of

LOGIN, PASSWORD = "njeri", "siri yangu – 4"
LOGINS = ((LOGIN, PASSWORD),)


@pytest.mark.parametrize("method", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_every_way_to_log_in(method: str) -> None:
    with MailSimulator(Habits(logins=LOGINS, methods=(method,))) as simulator:
        with closing(connected(server_of(simulator, login=LOGIN), PASSWORD)) as connection:
            assert isinstance(connection.send(envelope()), Accepted)
        assert simulator.letters[0].login == LOGIN
        with pytest.raises(LoginRefused) as refused:
            connected(server_of(simulator, login=LOGIN), "siri mbaya")
    assert refused.value.why is WhyLogin.REFUSED
    assert "535 5.7.8 name or password is wrong" in str(refused.value)
    assert simulator.commands.count("EHLO [127.0.0.1]") == 2


@pytest.mark.parametrize(
    ("say", "error"),
    [
        ("535 5.7.8 no", LoginRefused),
        ("534 5.7.9 use a password for programs", LoginRefused),
        ("504 5.5.4 not that way", LoginRefused),
        ("454 4.7.0 later", ServerBusy),
        ("421 4.7.0 too many", ServerBusy),
        ("334 eA==", Unreachable),
    ],
)
def test_a_login_that_fails_says_how(say: str, error: type[Exception]) -> None:
    with MailSimulator(Habits(logins=LOGINS)) as simulator:
        simulator.plan(Trouble(at="AUTH", say=say))
        with pytest.raises(error):
            connected(server_of(simulator, login=LOGIN), PASSWORD)


def test_a_wrong_password_is_tried_once() -> None:
    with MailSimulator(Habits(logins=LOGINS)) as simulator:
        with pytest.raises(LoginRefused):
            connected(server_of(simulator, login=LOGIN), "siri mbaya")
        assert sum(command.startswith("AUTH") for command in simulator.commands) == 1


def test_a_way_that_is_offered_and_not_known_is_passed_over() -> None:
    with MailSimulator(Habits(logins=LOGINS)) as simulator:
        simulator.plan(Trouble(at="AUTH", say="504 5.5.4 not that way", times=1))
        connected(server_of(simulator, login=LOGIN), PASSWORD).close()
        assert "AUTH LOGIN" in simulator.commands


@pytest.mark.parametrize("methods", [("PLAIN", "LOGIN"), ("PLAIN", "CRAM-MD5")])
def test_no_password_crosses_a_network_in_the_open(
    monkeypatch: pytest.MonkeyPatch, methods: tuple[str, ...]
) -> None:
    monkeypatch.setattr(Wire, "is_local", False)
    with MailSimulator(Habits(logins=LOGINS, methods=methods)) as simulator:
        server = server_of(simulator, login=LOGIN)
        if "CRAM-MD5" in methods:
            connected(server, PASSWORD).close()
        else:
            with pytest.raises(LoginRefused) as refused:
                connected(server, PASSWORD)
            assert refused.value.why is WhyLogin.IN_THE_OPEN
        ways = [one for one in simulator.commands if one.startswith("AUTH")]
        assert ways == ["AUTH CRAM-MD5"][: "CRAM-MD5" in methods]
        connected(server_of(simulator, login=LOGIN, allows_open_password=True), PASSWORD).close()


def test_a_server_without_logins_is_told(simulator: MailSimulator) -> None:
    with pytest.raises(LoginRefused) as refused:
        connected(server_of(simulator, login=LOGIN), PASSWORD)
    assert refused.value.why is WhyLogin.NO_METHOD


@pytest.mark.parametrize("password", [None, "", "si\0ri", "siri\ud800"])
def test_a_login_without_a_password_is_told(password: str | None) -> None:
    with MailSimulator(Habits(logins=LOGINS)) as simulator, pytest.raises(LoginRefused) as refused:
        connected(server_of(simulator, login=LOGIN), password)
    assert refused.value.why is WhyLogin.NO_PASSWORD
    assert not refused.value.__context__


def test_the_password_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with MailSimulator(Habits(logins=LOGINS)) as simulator:
        encoded = base64.b64encode(PASSWORD.encode()).decode()
        simulator.plan(Trouble(at="AUTH", say=f"535 {PASSWORD} or {encoded} is wrong"))
        server = server_of(simulator, login=LOGIN)
        connection = Connection(server, time.monotonic)
        with pytest.raises(LoginRefused) as refused:
            connection.open(PASSWORD)
    shown = f"{refused.value!r} {refused.value} {refused.value.reply} {server!r} {connection!r}"
    assert PASSWORD not in shown + caplog.text
    assert encoded not in shown + caplog.text
    assert PASSWORD not in str(vars(connection))
    assert "*** or *** is wrong" in shown


@pytest.mark.parametrize(
    ("at_once", "security"), [(False, Security.STARTTLS), (True, Security.TLS)]
)
def test_a_line_is_secured(identity: Identity, at_once: bool, security: Security) -> None:
    habits = Habits(context=identity.serving, is_tls_at_once=at_once, logins=LOGINS)
    with MailSimulator(habits) as simulator:
        server = server_of(simulator, security=security, login=LOGIN)
        with closing(connected(server, PASSWORD, context=identity.trusting)) as connection:
            assert isinstance(connection.send(envelope()), Accepted)
            assert not connection.has_ended()
            assert isinstance(connection.send(envelope()), Accepted)
        assert all(letter.is_secure for letter in simulator.letters)


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_signed_is_refused(
    identity: Identity, security: Security
) -> None:
    habits = Habits(context=identity.serving, is_tls_at_once=security is Security.TLS)
    with MailSimulator(habits) as simulator, pytest.raises(TlsRefused) as refused:
        connected(server_of(simulator, security=security))
    assert refused.value.why is WhyTls.UNTRUSTED


def test_a_certificate_can_be_accepted_by_its_fingerprint(identity: Identity) -> None:
    written = ":".join(identity.fingerprint[at : at + 2] for at in range(0, 64, 2)).upper()
    with MailSimulator(Habits(context=identity.serving)) as simulator:
        server = server_of(simulator, security=Security.STARTTLS, fingerprint=written)
        connected(server).close()
        other = server_of(simulator, security=Security.STARTTLS, fingerprint="ab" * 32)
        with pytest.raises(TlsRefused) as refused:
            connected(other)
    assert refused.value.why is WhyTls.OTHER_CERTIFICATE


@pytest.mark.parametrize(
    ("name", "days", "why"),
    [("elsewhere.test", 1, WhyTls.WRONG_NAME), ("localhost", -1, WhyTls.EXPIRED)],
)
def test_a_certificate_of_another_server_or_time_is_refused(
    tmp_path: Path, name: str, days: int, why: WhyTls
) -> None:
    identity = make_identity(tmp_path, name, days=days)
    with MailSimulator(Habits(context=identity.serving)) as simulator:
        server = server_of(simulator, security=Security.STARTTLS)
        with pytest.raises(TlsRefused) as refused:
            connected(server, context=identity.trusting)
    assert refused.value.why is why


def test_a_server_without_starttls_is_not_used_in_the_open(simulator: MailSimulator) -> None:
    with pytest.raises(TlsRefused) as refused:
        connected(server_of(simulator, security=Security.STARTTLS))
    assert refused.value.why is WhyTls.NOT_OFFERED
    assert not simulator.letters


@pytest.mark.parametrize(
    ("say", "error"),
    [
        ("454 4.7.0 not now", ServerBusy),
        ("501 5.5.4 no", TlsRefused),
        (b"220 go on\r\n250 slipped in\r\n", TlsRefused),
        (b"220 go on\r\nthis is no TLS\r\n", TlsRefused),
    ],
)
def test_a_starttls_that_goes_wrong(
    identity: Identity, say: str | bytes, error: type[Exception]
) -> None:
    with MailSimulator(Habits(context=identity.serving)) as simulator:
        simulator.plan(Trouble(at="STARTTLS", say=say))
        with pytest.raises(error):
            connected(server_of(simulator, security=Security.STARTTLS), context=identity.trusting)


def test_tls_to_a_port_that_speaks_none(simulator: MailSimulator) -> None:
    with pytest.raises(TlsRefused) as refused:
        connected(server_of(simulator, security=Security.TLS))
    assert refused.value.why is WhyTls.NOT_TLS
    assert "choose STARTTLS" in str(refused.value)


def test_no_tls_to_a_port_that_wants_it(identity: Identity) -> None:
    with MailSimulator(Habits(context=identity.serving, is_tls_at_once=True)) as simulator:
        server = server_of(simulator, limits=TimeLimits(greeting=0.2))
        with pytest.raises(Unreachable) as unreachable:
            connected(server)
    assert unreachable.value.why is WhyUnreachable.SILENT


@pytest.mark.parametrize(
    ("say", "error"),
    [
        ("421 4.3.2 busy", ServerBusy),
        ("450 4.7.1 later", ServerBusy),
        ("554 5.7.1 not from there", ServerRefused),
        ("HTTP/1.1 400 Bad Request", Unreachable),
        (b"\x15\x03\x01\x00\x02\x02\x46", Unreachable),
        ("334 what", Unreachable),
        (b"", Unreachable),
    ],
)
@pytest.mark.parametrize("at", ["CONNECT", "EHLO"])
def test_a_beginning_that_goes_wrong(
    simulator: MailSimulator, at: str, say: str | bytes, error: type[Exception]
) -> None:
    simulator.plan(Trouble(at=at, say=say, then=Then.CLOSE))
    with pytest.raises(error):
        connected(server_of(simulator))


def test_a_server_of_old_is_greeted_as_in_its_days(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="EHLO", say="502 5.5.1 what"))
    with closing(connected(server_of(simulator, own_name="till1.duka.test"))) as connection:
        assert isinstance(connection.send(envelope()), Accepted)
    assert "HELO till1.duka.test" in simulator.commands


def nowhere() -> MailServer:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return server_at(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (nowhere, WhyUnreachable.REFUSED),
        (lambda: server_at(25, host="no-such-host.invalid"), WhyUnreachable.NO_SUCH_NAME),
        (lambda: server_at(25, host="x" * 300), WhyUnreachable.NO_SUCH_NAME),
    ],
)
def test_a_server_that_is_not_there(server: Callable[[], MailServer], why: WhyUnreachable) -> None:
    with pytest.raises(Unreachable) as unreachable:
        connected(server())
    assert unreachable.value.why is why
    assert str(unreachable.value).endswith(".")
