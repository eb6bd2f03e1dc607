"""Lines are opened once, lent to many, and never more of them than the server wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from pos_sync.mail.connection import Connection
from pos_sync.mail.errors import LinesClosed, LoginRefused, MailError, ServerBusy, Unreachable
from pos_sync.mail.lines import LineRules, Lines
from pos_sync.mail.outcomes import Accepted, Broken, NotSent, Outcome, Unknown
from pos_sync.testing.mail_simulator import Habits, MailSimulator, Then, Trouble

from tests.pos_sync.mail.scene import envelope, server_of


@contextmanager
def lines_to(
    simulator: MailSimulator, password: Callable[[], str | None] = lambda: None, **rules: Any
) -> Iterator[Lines]:
    login = "njeri" if simulator.habits.logins else None
    lines = Lines(
        server_of(simulator, login=login),
        password=password,
        monotonic=time.monotonic,
        rules=LineRules(**rules),
    )
    try:
        yield lines
    finally:
        assert lines.close(10)


def send(lines: Lines, address: str = "mary@people.test") -> Outcome:
    with lines.borrow() as connection:
        return connection.send(envelope(address))


def send_many(lines: Lines, number: int, threads: int) -> list[Outcome]:
    people = [f"p{one}@people.test" for one in range(number)]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda address: send(lines, address), people))


def test_one_line_carries_letter_after_letter(simulator: MailSimulator) -> None:
    with lines_to(simulator) as lines:
        for _ in range(3):
            assert isinstance(send(lines), Accepted)
        assert simulator.connections == 1
    simulator.wait_for(lambda server: server.open_connections == 0)
    assert simulator.commands[-1] == "QUIT"


def test_many_threads_share_a_few_lines(simulator: MailSimulator) -> None:
    with lines_to(simulator, most=3) as lines:
        outcomes = send_many(lines, 40, threads=8)
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert sorted(simulator.recipients) == sorted(f"p{one}@people.test" for one in range(40))
    assert simulator.most_at_once <= 3
    assert simulator.connections <= 3


def test_each_is_lent_to_one_alone(simulator: MailSimulator) -> None:
    with (
        lines_to(simulator, most=2) as lines,
        lines.borrow() as first,
        lines.borrow() as second,
    ):
        assert first is not second
        assert first.is_open
        assert second.is_open


def test_a_line_is_opened_anew_after_so_many_letters(simulator: MailSimulator) -> None:
    with lines_to(simulator, most=1, letters=2) as lines:
        for _ in range(5):
            assert isinstance(send(lines), Accepted)
    assert simulator.connections == 3


def test_a_line_that_the_server_left_is_opened_anew(simulator: MailSimulator) -> None:
    with lines_to(simulator) as lines:
        send(lines)
        simulator.drop_all()
        assert isinstance(send(lines), Accepted)
    assert simulator.connections == 2


def test_a_server_that_ends_long_lines_is_put_up_with() -> None:
    with (
        MailSimulator(Habits(letters_per_connection=2)) as simulator,
        lines_to(simulator, most=2) as lines,
    ):
        for _ in range(3):
            assert isinstance(send(lines), Accepted)
            assert isinstance(send(lines), Accepted)
            with pytest.raises(ServerBusy, match="421"):
                send(lines)
        assert lines.most == 2
    assert len(simulator.letters) == 6


def test_a_line_that_does_nothing_is_closed(simulator: MailSimulator) -> None:
    with lines_to(simulator, idle=0.05) as lines:
        send(lines)
        simulator.wait_for(lambda server: server.open_connections == 0)
        assert simulator.commands[-1] == "QUIT"
        assert isinstance(send(lines), Accepted)


def test_a_server_that_wants_fewer_gets_fewer() -> None:
    with (
        MailSimulator(Habits(most_connections=2)) as simulator,
        lines_to(simulator, most=6) as lines,
    ):
        outcomes = send_many(lines, 60, threads=6)
        assert len(simulator.letters) == 60
        assert all(isinstance(outcome, Accepted) for outcome in outcomes)
        assert 1 <= lines.most <= 5


def test_fewer_lines_are_not_for_ever() -> None:
    now = [0.0]
    with MailSimulator(Habits(most_connections=1)) as simulator:
        server = server_of(simulator)
        lines = Lines(
            server,
            password=lambda: None,
            monotonic=lambda: now[0],
            rules=LineRules(most=2, idle=1e6, fewer_for=300),
            new_connection=lambda: Connection(server, time.monotonic),
        )
        with lines.borrow():
            waits = threading.Thread(target=send, args=(lines,), daemon=True)
            waits.start()
            simulator.wait_for(lambda server: server.connections == 2)
        waits.join(10)
        assert (len(simulator.letters), lines.most) == (1, 1)
        simulator.habits = Habits()
        now[0] = 300.0
        with lines.borrow():
            another = threading.Thread(target=send, args=(lines,), daemon=True)
            another.start()
            another.join(10)
            assert not another.is_alive()
        assert lines.close(10)
    assert len(simulator.letters) == 2


def test_a_server_that_wants_nobody_is_said(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="CONNECT", say="421 4.3.2 busy", then=Then.CLOSE))
    with lines_to(simulator) as lines:
        for _ in range(2):
            with pytest.raises(ServerBusy):
                send(lines)


def test_all_who_wait_hear_that_the_server_wants_nobody(simulator: MailSimulator) -> None:
    simulator.plan(Trouble(at="CONNECT", say="421 4.3.2 busy", then=Then.CLOSE))

    def attempt(_number: int) -> bool:
        with pytest.raises(ServerBusy):
            send(lines)
        return True

    with lines_to(simulator, most=3) as lines, ThreadPoolExecutor(5) as pool:
        assert all(pool.map(attempt, range(5)))


def test_a_server_that_is_not_there_is_said() -> None:
    with MailSimulator() as simulator:
        pass
    with lines_to(simulator) as lines, pytest.raises(Unreachable):
        send(lines)


def test_the_password_is_asked_for_when_a_line_is_opened() -> None:
    passwords = iter(["mbaya", "siri"])
    with (
        MailSimulator(Habits(logins=(("njeri", "siri"),))) as simulator,
        lines_to(simulator, password=lambda: next(passwords)) as lines,
    ):
        with pytest.raises(LoginRefused):
            send(lines)
        assert isinstance(send(lines), Accepted)
        assert isinstance(send(lines), Accepted)


def test_an_error_of_the_borrower_leaves_a_good_line(simulator: MailSimulator) -> None:
    with lines_to(simulator) as lines:
        with pytest.raises(KeyError), lines.borrow():
            raise KeyError
        assert isinstance(send(lines), Accepted)
    assert simulator.connections == 1


def test_a_line_that_broke_is_not_lent_again(simulator: MailSimulator) -> None:
    with lines_to(simulator, most=1) as lines:
        simulator.plan(Trouble(at="DOT", then=Then.RESET, times=1))
        assert send(lines) == Unknown(Broken.CLOSED)
        assert isinstance(send(lines), Accepted)


def test_nothing_is_lent_after_the_end(simulator: MailSimulator) -> None:
    with lines_to(simulator) as lines:
        send(lines)
    with pytest.raises(LinesClosed), lines.borrow():
        pass


def test_the_end_waits_for_nobody_for_long(simulator: MailSimulator) -> None:
    """One letter hangs, one waits for a line: both hear of the end."""
    simulator.plan(Trouble(at="DOT", seconds=60))
    heard: list[Outcome | MailError] = []
    lines = Lines(
        server_of(simulator),
        password=lambda: None,
        monotonic=time.monotonic,
        rules=LineRules(most=1),
    )

    def attempt() -> None:
        try:
            heard.append(send(lines))
        except MailError as error:
            heard.append(error)

    threads = [threading.Thread(target=attempt, daemon=True) for _ in range(2)]
    for thread in threads:
        thread.start()
    simulator.wait_for(lambda server: "DATA" in server.commands)
    lines.close(0.2)
    for thread in threads:
        thread.join(10)
    assert len(heard) == 2
    assert any(isinstance(one, LinesClosed) for one in heard)
    assert any(one in (Unknown(Broken.CLOSED), NotSent(Broken.CLOSED)) for one in heard)


def test_the_end_comes_also_where_the_server_says_nothing_any_more(
    simulator: MailSimulator,
) -> None:
    simulator.plan(Trouble(at="QUIT", seconds=60))
    lines = Lines(server_of(simulator), password=lambda: None, monotonic=time.monotonic)
    send(lines)
    assert lines.close(0.2)
