"""The simulated server does as it is told, and counts right."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest
from pos_sync.mail.outcomes import Accepted, PutOff, RefusedForGood
from pos_sync.testing.mail_simulator import MailSimulator, Trouble

from tests.pos_sync.mail.scene import connected, envelope, server_of


def test_letters_lie_in_a_folder_as_they_were_sent(tmp_path: Path) -> None:
    with (
        MailSimulator(folder=tmp_path) as simulator,
        closing(connected(server_of(simulator))) as connection,
    ):
        sent = [envelope(f"p{number}@people.test") for number in range(2)]
        for one in sent:
            connection.send(one)
    files = sorted(tmp_path.glob("*.eml"))
    assert [file.read_bytes() for file in files] == [one.data for one in sent]


def test_a_trouble_is_for_one_person_at_one_time() -> None:
    with MailSimulator() as simulator, closing(connected(server_of(simulator))) as connection:
        simulator.plan(
            Trouble(at="RCPT", to="a@people.test", say="450 4.2.1 later", skip=1, times=1),
            Trouble(at="RCPT", to="b@people.test", say="550 5.1.1 never"),
        )
        kinds = [
            type(connection.send(envelope(f"{name}@people.test"))) for name in "aabba"
        ]  # fmt: skip
        assert kinds == [Accepted, PutOff, RefusedForGood, RefusedForGood, Accepted]
        assert simulator.recipients == ["a@people.test", "a@people.test"]


@pytest.mark.parametrize(
    "words", [b"\x16\x03\x01\xfc\r\n", b"AUTH PLAIN !!\r\n", b"MAIL\r\nRCPT\r\n", b"RCPT TO:\r\n"]
)
def test_a_client_that_speaks_another_language_harms_nobody(words: bytes) -> None:
    with MailSimulator() as simulator:
        with socket.create_connection(("127.0.0.1", simulator.port)) as client:
            client.sendall(words)
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass
        with closing(connected(server_of(simulator))) as connection:
            assert isinstance(connection.send(envelope()), Accepted)


def test_it_counts_and_forgets() -> None:
    with MailSimulator() as simulator:
        first, second = connected(server_of(simulator)), connected(server_of(simulator))
        first.send(envelope())
        assert (simulator.connections, simulator.most_at_once, len(simulator.letters)) == (2, 2, 1)
        first.close()
        second.close()
        simulator.wait_for(lambda server: server.open_connections == 0)
        simulator.forget()
        assert (simulator.connections, simulator.most_at_once, simulator.letters) == (0, 0, [])
        with pytest.raises(TimeoutError):
            simulator.wait_for(lambda server: bool(server.letters), 0.01)
