"""What becomes of a letter, whatever the server does at whatever moment."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from pos_sync.mail.connection import Connection
from pos_sync.mail.errors import LoginRefused, ServerBusy, ServerRefused, Unreachable
from pos_sync.mail.outcomes import Accepted, Broken, NotSent, PutOff, RefusedForGood, Unknown
from pos_sync.mail.server import TimeLimits
from pos_sync.mail.wire import Wire
from pos_sync.testing.mail_simulator import Habits, MailSimulator, Then, Trouble

from tests.pos_sync.mail.scene import (
    connected,
    envelope,
    large_envelope,
    letter,
    server_at,
    server_of,
)

ENDLESS = b"250-more\r\n" * 5000


def test_a_letter_arrives_as_it_was_written(either: MailSimulator, connection: Connection) -> None:
    outcome = connection.send(envelope())
    assert isinstance(outcome, Accepted)
    assert (outcome.reply.code, outcome.reply.enhanced) == (250, "2.0.0")
    (received,) = either.letters
    assert (received.sender, received.recipients) == ("shop@duka.test", ("mary@people.test",))
    message = message_from_bytes(received.data, policy=policy.default)
    assert message.get_content().replace("\r\n", "\n") == letter().text
    assert connection.is_open


def test_a_letter_that_begins_with_a_dot_does_not_end_there(
    either: MailSimulator, connection: Connection
) -> None:
    data = b".\r\n.. and on\r\n"
    assert isinstance(connection.send(replace(envelope(), data=data)), Accepted)
    (received,) = either.letters
    assert received.data == data


def test_an_end_that_breaks_off_half_way_leaves_a_doubt(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_wire: Wire, _end: bytes, _seconds: float) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(Wire, "write_end", broken)
    assert connection.send(envelope()) == Unknown(Broken.CLOSED)
    assert not connection.is_open


def test_many_letters_go_over_one_connection(either: MailSimulator, connection: Connection) -> None:
    people = [f"p{number}@people.test" for number in range(5)]
    for address in people:
        assert isinstance(connection.send(envelope(address)), Accepted)
    assert either.recipients == people
    assert either.connections == 1
    assert connection.used == 5


@pytest.mark.parametrize("at", ["RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("code", [550, 552, 554])
def test_a_no_for_good_is_one_persons_and_the_line_goes_on(
    either: MailSimulator, connection: Connection, at: str, code: int
) -> None:
    either.plan(Trouble(at=at, say=f"{code} 5.1.1 no such person", times=1))
    outcome = connection.send(envelope("gone@people.test"))
    assert isinstance(outcome, RefusedForGood)
    assert not outcome.is_ours
    assert outcome.reply.shown == f"{code} 5.1.1 no such person"
    assert isinstance(connection.send(envelope()), Accepted)
    assert either.recipients == ["mary@people.test"]
    assert either.connections == 1
    assert "RSET" in either.commands


@pytest.mark.parametrize("at", ["RCPT", "DATA", "DOT"])
@pytest.mark.parametrize("code", [450, 451, 452])
def test_a_no_for_now_is_put_off(
    either: MailSimulator, connection: Connection, at: str, code: int
) -> None:
    either.plan(Trouble(at=at, say=f"{code} later", times=1))
    outcome = connection.send(envelope())
    assert isinstance(outcome, PutOff)
    assert (outcome.reply.code, outcome.reply.enhanced) == (code, "")
    assert isinstance(connection.send(envelope()), Accepted)
    assert either.connections == 1


def test_a_server_that_wants_the_letter_of_a_refused_person_gets_an_empty_one(
    simulator: MailSimulator,
) -> None:
    simulator.plan(
        Trouble(at="RCPT", say="550 no", times=1),
        Trouble(at="DATA", say="354 go on", times=1),
    )
    with closing(connected(server_of(simulator))) as connection:
        assert isinstance(connection.send(envelope("gone@people.test")), RefusedForGood)
        assert simulator.commands[-2:] == ["DATA", "."]
        assert isinstance(connection.send(envelope()), Accepted)
    assert simulator.recipients == ["mary@people.test"]


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_server_that_closes_is_busy_and_nothing_was_sent(
    either: MailSimulator, connection: Connection, at: str
) -> None:
    either.plan(Trouble(at=at, say="421 4.3.2 going down", then=Then.CLOSE))
    with pytest.raises(ServerBusy) as busy:
        connection.send(envelope())
    assert busy.value.reply.code == 421
    assert "421 4.3.2 going down" in str(busy.value)
    assert not connection.is_open
    assert not either.letters


def test_a_sender_who_is_put_off_is_the_whole_shop(
    either: MailSimulator, connection: Connection
) -> None:
    either.plan(Trouble(at="MAIL", say="451 4.7.1 too fast"))
    with pytest.raises(ServerBusy, match="too fast"):
        connection.send(envelope())


def test_a_sender_who_is_refused_is_the_whole_shop(
    either: MailSimulator, connection: Connection
) -> None:
    either.plan(Trouble(at="MAIL", say="550 5.7.1 not your address"))
    with pytest.raises(ServerRefused, match="not your address"):
        connection.send(envelope())


@pytest.mark.parametrize("at", ["RCPT", "DATA", "DOT"])
def test_a_sender_who_has_sent_enough_for_today_is_the_whole_shop(
    either: MailSimulator, connection: Connection, at: str
) -> None:
    either.plan(Trouble(at=at, say="550 5.4.5 daily limit exceeded"))
    with pytest.raises(ServerBusy, match="daily limit"):
        connection.send(envelope())


@pytest.mark.parametrize("at", ["MAIL", "RCPT"])
def test_a_server_that_wants_a_login_says_so(
    either: MailSimulator, connection: Connection, at: str
) -> None:
    either.plan(Trouble(at=at, say="530 5.7.0 log in first"))
    with pytest.raises(LoginRefused):
        connection.send(envelope())


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "BODY"])
def test_a_line_that_breaks_before_the_dot_has_sent_nothing(
    either: MailSimulator, connection: Connection, at: str, then: Then
) -> None:
    either.plan(Trouble(at=at, then=then))
    assert connection.send(large_envelope(3)) == NotSent(Broken.CLOSED)
    assert not connection.is_open
    assert not either.letters


@pytest.mark.parametrize("then", [Then.CLOSE, Then.RESET])
@pytest.mark.parametrize("keeps", [True, False])
def test_a_line_that_breaks_after_the_dot_leaves_a_doubt(
    either: MailSimulator, connection: Connection, then: Then, keeps: bool
) -> None:
    either.plan(Trouble(at="DOT", then=then, keeps=keeps))
    assert connection.send(envelope()) == Unknown(Broken.CLOSED)
    assert not connection.is_open
    assert len(either.letters) == keeps


@pytest.mark.parametrize(
    "words", [b"hello\r\n", b"25", b"\0\xff\r\n", b"354 go on\r\n", b"250-a\r\n550 b\r\n", ENDLESS]
)
def test_what_is_no_answer_after_the_dot_leaves_a_doubt(
    either: MailSimulator, connection: Connection, words: bytes
) -> None:
    either.plan(Trouble(at="DOT", say=words, then=Then.CLOSE))
    assert isinstance(connection.send(envelope()), Unknown)
    assert not connection.is_open


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("words", [b"hello\r\n", b"25", b"777 what\r\n", ENDLESS, b"x" * 9000])
def test_what_is_no_answer_before_the_dot_has_sent_nothing(
    either: MailSimulator, connection: Connection, at: str, words: bytes
) -> None:
    either.plan(Trouble(at=at, say=words, then=Then.CLOSE))
    assert isinstance(connection.send(envelope()), NotSent)
    assert not connection.is_open


def test_a_letter_that_is_not_asked_for_is_not_sent(
    either: MailSimulator, connection: Connection
) -> None:
    either.plan(Trouble(at="DATA", say="250 fine"))
    assert connection.send(envelope()) == NotSent(Broken.GARBAGE)
    assert not either.letters


@pytest.mark.parametrize(
    ("at", "limits", "outcome"),
    [
        ("RCPT", TimeLimits(command=0.3), NotSent(Broken.TIMED_OUT)),
        ("DATA", TimeLimits(command=0.3), NotSent(Broken.TIMED_OUT)),
        ("DOT", TimeLimits(accepted=0.3), Unknown(Broken.TIMED_OUT)),
    ],
)
def test_an_answer_that_does_not_come_in_time(
    simulator: MailSimulator, at: str, limits: TimeLimits, outcome: object
) -> None:
    connection = connected(server_of(simulator, limits=limits))
    simulator.plan(Trouble(at=at, seconds=30))
    assert connection.send(envelope()) == outcome
    assert not connection.is_open


def test_a_server_that_stops_reading_does_not_hold_up_for_ever(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="BODY", seconds=30))
    connection = connected(server_of(simulator, limits=TimeLimits(stall=0.3)))
    assert connection.send(large_envelope(20)) == NotSent(Broken.TIMED_OUT)


@pytest.mark.parametrize(
    ("words", "kind"),
    [("552 5.3.4 too much", RefusedForGood), ("452 4.3.1 disk full", PutOff), ("hm", NotSent)],
)
def test_a_server_that_interrupts_a_long_letter_is_heard(
    simulator: MailSimulator, words: str, kind: type
) -> None:
    simulator.plan(Trouble(at="BODY", say=words, times=1))
    connection = connected(server_of(simulator))
    assert isinstance(connection.send(large_envelope(12)), kind)
    assert not connection.is_open
    assert not simulator.letters


def test_a_server_that_speaks_up_twice_is_not_believed_any_more(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="DOT", say=b"250 taken\r\n250 taken\r\n"))
    connection = connected(server_of(simulator))
    assert isinstance(connection.send(envelope()), Accepted)
    if connection.is_open:  # the second may have come a moment later
        assert connection.send(envelope()) == NotSent(Broken.CLOSED)
    assert not connection.is_open


def test_a_connection_that_the_server_has_left_is_known_to_be_gone(
    simulator: MailSimulator,
) -> None:
    connection = connected(server_of(simulator))
    assert not connection.has_ended()
    simulator.drop_all()
    assert connection.has_ended()
    assert connection.send(envelope()) == NotSent(Broken.CLOSED)
    assert connection.send(envelope()) == NotSent(Broken.CLOSED)
    connection.close()


def test_a_letter_under_way_can_be_cut_off(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="DOT", seconds=30))
    connection = connected(server_of(simulator))
    ended = threading.Event()
    outcomes = []

    def send() -> None:
        outcomes.append(connection.send(envelope()))
        ended.set()

    threading.Thread(target=send, daemon=True).start()
    simulator.wait_for(lambda server: "DATA" in server.commands)
    connection.cut()
    assert ended.wait(10)
    assert outcomes[0] in (Unknown(Broken.CLOSED), NotSent(Broken.CLOSED))


@pytest.fixture
def small() -> Iterator[MailSimulator]:
    with MailSimulator(Habits(largest=20_000, extensions=())) as server:
        yield server


def test_what_the_server_cannot_take_is_not_even_offered(small: MailSimulator) -> None:
    with closing(connected(server_of(small))) as connection:
        large = connection.send(envelope(html="y" * 30_000))
        foreign = connection.send(envelope("wanjikũ@people.test"))
        assert isinstance(large, RefusedForGood)
        assert isinstance(foreign, RefusedForGood)
        assert large.is_ours
        assert foreign.is_ours
        assert "0.0 MB are allowed" in large.reply.words
        assert "use another address" in foreign.reply.words
        assert not [command for command in small.commands if command.startswith("MAIL")]
        assert isinstance(connection.send(envelope()), Accepted)


def test_a_letter_just_as_large_as_allowed_is_offered() -> None:
    whole = envelope()
    with (
        MailSimulator(Habits(largest=whole.size)) as server,
        closing(connected(server_of(server))) as connection,
    ):
        assert isinstance(connection.send(whole), Accepted)
        assert isinstance(connection.send(envelope(html="y")), RefusedForGood)


def test_a_server_that_trickles_is_given_up_in_time() -> None:
    """Each byte comes in time, the answer never."""
    ending = threading.Event()

    def trickle(listener: socket.socket) -> None:
        with closing(listener.accept()[0]) as client:
            while not ending.wait(0.02):
                client.send(b"2")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=trickle, args=(listener,), daemon=True)
        thread.start()
        limits = TimeLimits(greeting=0.3)
        with pytest.raises(Unreachable, match="does not greet"):
            connected(server_at(listener.getsockname()[1], limits=limits))
        ending.set()
        thread.join(10)
