"""A mail server that nobody here wrote understands all of it."""

from __future__ import annotations

from contextlib import closing
from email import message_from_bytes, policy

import pytest
from pos_sync.mail.addresses import Mailbox
from pos_sync.mail.errors import LoginRefused
from pos_sync.mail.message import Attachment, seal
from pos_sync.mail.outcomes import Accepted, RefusedForGood
from pos_sync.mail.server import Security

from tests.pos_sync.certificates import Identity
from tests.pos_sync.mail.foreign_server import LOGIN, PASSWORD, foreign_server
from tests.pos_sync.mail.scene import connected, envelope, letter, server_at

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

REPORT = Attachment("Mauzo – Ngũgĩ.pdf", "application/pdf", bytes(range(256)) * 100)


@pytest.mark.parametrize("security", list(Security))
@pytest.mark.parametrize("login", [None, LOGIN])
def test_letters_arrive_whole(identity: Identity, security: Security, login: str | None) -> None:
    at_once = security is Security.TLS
    with foreign_server(tls=identity.serving, at_once=at_once, login=login is not None) as foreign:
        server = server_at(foreign.port, security=security, login=login)
        with closing(connected(server, PASSWORD, context=identity.trusting)) as connection:
            sent = letter(html="<p>Asante, Wanjikũ</p>\n", attachments=[REPORT])
            for _ in range(3):
                assert isinstance(connection.send(seal(sent)), Accepted)
    assert len(foreign.envelopes) == 3
    for received in foreign.envelopes:
        assert received.mail_from == sent.sender.address
        assert received.rcpt_tos == [sent.recipient.address]
        assert isinstance(received.content, bytes)
        message = message_from_bytes(received.content, policy=policy.default)
        assert message["To"].addresses[0].display_name == sent.recipient.name
        text = message.get_body(("plain",))
        assert text is not None
        assert text.get_content().replace("\r\n", "\n") == sent.text
        (attached,) = message.iter_attachments()
        assert (attached.get_filename(), attached.get_content()) == (REPORT.name, REPORT.content)


def test_an_address_in_letters_of_its_own_arrives() -> None:
    with foreign_server() as foreign, closing(connected(server_at(foreign.port))) as connection:
        sent = letter(recipient=Mailbox("Wanjikũ", "wanjikũ@bücher.test"))
        assert isinstance(connection.send(seal(sent)), Accepted)
        assert isinstance(connection.send(envelope()), Accepted)
    first, second = foreign.envelopes
    assert first.rcpt_tos == ["wanjikũ@xn--bcher-kva.test"]
    assert first.smtp_utf8
    assert second.rcpt_tos == ["mary@people.test"]


def test_one_who_is_refused_holds_up_nobody() -> None:
    with foreign_server() as foreign, closing(connected(server_at(foreign.port))) as connection:
        foreign.refuses = {"gone@people.test"}
        refused = connection.send(envelope("gone@people.test"))
        assert isinstance(refused, RefusedForGood)
        assert refused.reply.enhanced == "5.1.1"
        assert isinstance(connection.send(envelope()), Accepted)


def test_a_letter_larger_than_the_server_allows_is_said() -> None:
    with (
        foreign_server(data_size_limit=5000) as foreign,
        closing(connected(server_at(foreign.port))) as connection,
    ):
        outcome = connection.send(envelope(attachments=[REPORT]))
        assert isinstance(outcome, RefusedForGood)
        assert outcome.is_ours
        assert isinstance(connection.send(envelope()), Accepted)


def test_a_wrong_password_is_refused_and_told_to_nobody(identity: Identity) -> None:
    with foreign_server(tls=identity.serving, login=True) as foreign:
        server = server_at(foreign.port, security=Security.STARTTLS, login=LOGIN)
        with pytest.raises(LoginRefused) as refused:
            connected(server, "not-this-one", context=identity.trusting)
    assert "not-this-one" not in f"{refused.value!r} {refused.value} {server!r}"
