"""Bytes on a wire: bounded in time and in number, and known to have gone or not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pos_sync.mail.replies import Garbage
from pos_sync.mail.wire import Interrupted, NothingWent, Wire, line_of


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    """A wire, and the other side of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
    with theirs:
        wire = Wire(ours, time.monotonic)
        yield wire, theirs
        wire.close()


def test_an_end_that_finds_no_room_has_not_gone(ends: tuple[Wire, socket.socket]) -> None:
    wire, _ = ends
    with pytest.raises(TimeoutError):
        wire.write_body(b"x" * 50_000_000, 30, 0.1)
    with pytest.raises(NothingWent) as nothing:
        wire.write_end(b".\r\n", 0.1)
    assert isinstance(nothing.value.__cause__, TimeoutError)


def test_an_end_on_a_line_that_is_gone_has_not_gone(ends: tuple[Wire, socket.socket]) -> None:
    wire, _ = ends
    wire.cut()
    with pytest.raises(NothingWent):
        wire.write_end(b".\r\n", 10)


class HalfGone(socket.socket):
    """Takes one byte, and breaks at the next."""

    taken = 0

    def settimeout(self, _seconds: float | None) -> None:
        pass

    def send(self, _data: Any, _flags: int = 0) -> int:
        if self.taken:
            raise ConnectionResetError
        self.taken += 1
        return self.taken


def test_an_end_of_which_a_part_has_gone_may_have_gone() -> None:
    wire = Wire(HalfGone(), time.monotonic)
    with pytest.raises(ConnectionResetError):
        wire.write_end(b".\r\n", 10)
    wire.close()


def test_a_body_is_interrupted_by_a_word(ends: tuple[Wire, socket.socket]) -> None:
    wire, theirs = ends
    theirs.sendall(b"552 too much\r\n")
    assert wire.reply(10).code == 552
    theirs.sendall(b"421 bye\r\n")
    with pytest.raises(Interrupted):
        while True:
            wire.write_body(b"x", 10, 10)
    assert wire.reply(10).is_closing


def test_an_answer_of_several_lines(ends: tuple[Wire, socket.socket]) -> None:
    wire, theirs = ends
    theirs.sendall(b"550-5.1.1 no such\r\n550-5.1.1\tperson\x1b[31m\r\n550 5.1.1 h\xc3\xa9re\n250")
    reply = wire.reply(10)
    assert (reply.code, reply.enhanced) == (550, "5.1.1")
    assert reply.words == "no such person [31m hére"
    assert wire.has_rest


@pytest.mark.parametrize(
    "words",
    [b"25\r\n", b"2500 x\r\n", b"099 x\r\n", b"\r\n", b"250_x\r\n", b"x" * 20_000,
     b"250-x\r\n" * 900, b"250-x\r\n251 y\r\n"],
)  # fmt: skip
def test_what_is_no_answer_is_known_at_once(ends: tuple[Wire, socket.socket], words: bytes) -> None:
    wire, theirs = ends
    theirs.sendall(words)
    with pytest.raises(Garbage):
        wire.reply(10)


@pytest.mark.parametrize("words", [b"250\r\n", b"250 \r\n", b"250 ok\n"])
def test_short_answers_are_answers(ends: tuple[Wire, socket.socket], words: bytes) -> None:
    wire, theirs = ends
    theirs.sendall(words)
    assert wire.reply(10).is_yes


def test_half_an_answer_is_none(ends: tuple[Wire, socket.socket]) -> None:
    wire, theirs = ends
    theirs.sendall(b"250 ok")
    with pytest.raises(TimeoutError):
        wire.reply(0.05)
    theirs.close()
    with pytest.raises(ConnectionError):
        wire.reply(10)


def test_a_wait_ends_when_another_thread_cuts(ends: tuple[Wire, socket.socket]) -> None:
    wire, _ = ends
    threading.Timer(0.05, wire.cut).start()
    with pytest.raises(ConnectionError):
        wire.reply(60)


def test_news_are_seen_without_waiting(ends: tuple[Wire, socket.socket]) -> None:
    wire, theirs = ends
    assert not wire.has_news()
    theirs.close()
    with pytest.raises(ConnectionError):
        wire.reply(10)
    assert wire.has_news()


@pytest.mark.parametrize("command", ["RSET\r\nMAIL", "RSET\n", "RS\0ET"])
def test_a_command_is_one_line(command: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        line_of(command)


def test_we_introduce_ourselves_by_our_address(ends: tuple[Wire, socket.socket]) -> None:
    wire, _ = ends
    assert wire.own_address == "[127.0.0.1]"
    assert wire.is_local
    assert not wire.is_secure
    assert wire.certificate() == b""
