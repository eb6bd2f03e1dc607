"""Whether a server is there, and what is wrong with its settings."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pos_sync.mail.errors import (
    BadLetter,
    LoginRefused,
    ServerRefused,
    TlsRefused,
    Unreachable,
    WhyTls,
    WhyUnreachable,
)
from pos_sync.mail.opening import Step
from pos_sync.mail.probe import Report, check, probe_of, way_of
from pos_sync.mail.server import MailServer, Security, TimeLimits
from pos_sync.testing.mail_simulator import Habits, MailSimulator, Then, Trouble
from pos_sync.testing.slow_line import SlowLine

from tests.pos_sync.certificates import Identity
from tests.pos_sync.mail.scene import server_at, server_of

LOGINS = (("njeri", "siri"),)


def checked(server: MailServer, password: str | None = None, **options: Any) -> Report:
    return check(server, password, "shop@duka.test", monotonic=time.monotonic, **options)


def is_there(server: MailServer, seconds: float = 8) -> bool:
    return probe_of(server, time.monotonic, seconds)()


def test_a_server_that_greets_is_there(simulator: MailSimulator) -> None:
    assert is_there(server_of(simulator))
    assert simulator.commands == ["QUIT"]


@pytest.mark.parametrize("say", ["421 4.3.2 busy", "554 5.7.1 not you"])
def test_a_server_that_wants_nobody_is_there_too(simulator: MailSimulator, say: str) -> None:
    simulator.plan(Trouble(at="CONNECT", say=say))
    assert is_there(server_of(simulator))


def test_a_server_in_tls_is_there_whoever_signed_for_it(identity: Identity) -> None:
    with MailSimulator(Habits(context=identity.serving, is_tls_at_once=True)) as simulator:
        assert is_there(server_of(simulator, security=Security.TLS))


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(at="CONNECT", then=Then.CLOSE),
        Trouble(at="CONNECT", then=Then.RESET),
        Trouble(at="CONNECT", say="<html>please log in to our hotspot</html>"),
    ],
)
def test_what_does_not_greet_as_a_mail_server_is_not_there(
    simulator: MailSimulator, trouble: Trouble
) -> None:
    simulator.plan(trouble)
    assert not is_there(server_of(simulator))


def test_a_silent_server_is_not_waited_for(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="CONNECT", seconds=60))
    assert not is_there(server_of(simulator), seconds=0.2)


def test_a_server_that_goes_and_comes(simulator: MailSimulator) -> None:
    with SlowLine("127.0.0.1", simulator.port, round_trip=0.0, monotonic=time.monotonic) as line:
        server = server_at(line.port)
        assert is_there(server)
        line.cut()
        assert not is_there(server)
        line.restore()
        assert is_there(server)


def test_all_is_well(identity: Identity) -> None:
    with MailSimulator(Habits(context=identity.serving, logins=LOGINS)) as simulator:
        server = server_of(simulator, security=Security.STARTTLS, login="njeri")
        report = checked(server, "siri", context=identity.trusting)
    assert report == Report(way_of(server))
    assert simulator.commands[-3:] == ["MAIL FROM:<shop@duka.test>", "RSET", "QUIT"]


def test_a_wrong_login_is_told_at_its_step(identity: Identity) -> None:
    with MailSimulator(Habits(context=identity.serving, logins=LOGINS)) as simulator:
        server = server_of(simulator, security=Security.STARTTLS, login="njeri")
        report = checked(server, "mbaya", context=identity.trusting)
    assert report.steps == (Step.CONNECTED, Step.GREETED, Step.SECURED)
    assert report.failed is Step.LOGGED_IN
    assert isinstance(report.error, LoginRefused)


def test_a_sender_whom_the_server_does_not_want(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="MAIL", say="550 5.7.1 not your address"))
    report = checked(server_of(simulator))
    assert report.failed is Step.SENDER_TAKEN
    assert isinstance(report.error, ServerRefused)


def test_a_login_that_is_missing(identity: Identity) -> None:
    with MailSimulator(Habits(logins=LOGINS)) as simulator:
        report = checked(server_of(simulator))
    assert report.failed is Step.SENDER_TAKEN
    assert isinstance(report.error, LoginRefused)


def test_a_line_that_breaks_at_the_last_step(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="MAIL", then=Then.CLOSE))
    report = checked(server_of(simulator))
    assert report.failed is Step.SENDER_TAKEN
    assert isinstance(report.error, Unreachable)


def test_nobody_there(tmp_path: Path) -> None:
    with MailSimulator() as simulator:
        server = server_of(simulator)
    report = checked(server)
    assert (report.steps, report.failed) == ((), Step.CONNECTED)
    assert isinstance(report.error, Unreachable)


@pytest.mark.parametrize("security", [Security.PLAIN, Security.STARTTLS])
def test_a_port_that_wants_tls_is_recognised(identity: Identity, security: Security) -> None:
    with MailSimulator(Habits(context=identity.serving, is_tls_at_once=True)) as simulator:
        limits = TimeLimits(greeting=0.2)
        report = checked(server_of(simulator, security=security, limits=limits))
    assert report.failed is Step.GREETED
    assert isinstance(report.error, Unreachable)
    assert report.error.why is WhyUnreachable.TLS_AT_ONCE
    assert "choose TLS" in str(report.error)


def test_a_port_that_speaks_no_tls_is_recognised(simulator: MailSimulator) -> None:
    report = checked(server_of(simulator, security=Security.TLS))
    assert report.failed is Step.SECURED
    assert isinstance(report.error, TlsRefused)
    assert report.error.why is WhyTls.NOT_TLS
    assert "choose STARTTLS" in str(report.error)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_is_not_trusted_is_shown(identity: Identity, security: Security) -> None:
    habits = Habits(context=identity.serving, is_tls_at_once=security is Security.TLS)
    with MailSimulator(habits) as simulator:
        report = checked(server_of(simulator, security=security))
        assert report.failed is Step.SECURED
        assert report.fingerprint == identity.fingerprint
        server = server_of(simulator, security=security, fingerprint=report.fingerprint)
        assert checked(server).error is None


def test_the_sender_must_be_an_address(simulator: MailSimulator) -> None:
    with pytest.raises(BadLetter):
        check(server_of(simulator), None, "the shop", monotonic=time.monotonic)
    assert simulator.connections == 0
