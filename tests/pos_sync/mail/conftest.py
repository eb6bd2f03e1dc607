"""Servers that the tests of mail share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pos_sync.mail.connection import Connection
from pos_sync.testing.mail_simulator import Habits, MailSimulator

from tests.pos_sync.certificates import Identity, make_identity
from tests.pos_sync.mail.scene import connected, server_of


@pytest.fixture(scope="session")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """The certificate of localhost."""
    return make_identity(tmp_path_factory.mktemp("identity"))


@pytest.fixture
def simulator() -> Iterator[MailSimulator]:
    """A server without TLS or logins."""
    with MailSimulator() as server:
        yield server


@pytest.fixture(params=["pipelining", "one by one"])
def either(request: pytest.FixtureRequest) -> Iterator[MailSimulator]:
    """A server that takes commands together, and one that does not."""
    extensions = Habits().extensions if request.param == "pipelining" else ("8BITMIME",)
    with MailSimulator(Habits(extensions=extensions)) as server:
        yield server


@pytest.fixture
def connection(either: MailSimulator) -> Iterator[Connection]:
    """An open connection to that server."""
    opened = connected(server_of(either))
    yield opened
    opened.close()
