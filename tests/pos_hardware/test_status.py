"""Replies are told apart by their fixed bits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.faults import Fault
from pos_hardware.status import (
    PrinterStatus,
    Reply,
    ReplyKind,
    ReplyReader,
    drawer_signal,
    fault_of,
    question,
)

STATUS, ACK = ReplyKind.STATUS, ReplyKind.ACKNOWLEDGED


def test_replies_among_what_comes_unasked() -> None:
    data = b"\x11\x12\x13" + b"\x1c\x00\x0c\x0f" + b"\x7a" + b"\x00" + b"\x0c"
    assert list(ReplyReader().feed(data)) == [
        Reply(STATUS, 0x12),
        Reply(STATUS, 0x7A),
        Reply(ACK, 0x00),
        Reply(ACK, 0x0C),
    ]


def test_a_web_server_neither_answers_nor_acknowledges() -> None:
    reader = ReplyReader()
    first, *_ = reader.feed(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n")
    assert first.kind is ReplyKind.STRANGE
    page = b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 12\r\n\r\n<html>\t\n"
    assert ACK not in [reply.kind for reply in ReplyReader().feed(page)]


pieces = st.one_of(
    st.sampled_from([b"\x11", b"\x13"]),
    st.integers(0, 7).map(lambda n: bytes((0x10 | n << 2 & 0x0C | (n & 4) << 3, 0, 12, 15))),
    st.sampled_from([b"\x12", b"\x16", b"\x1a", b"\x72"]),
    st.sampled_from([b"\x00", b"\x03", b"\x0c"]),
)


@given(st.lists(pieces), st.integers(1, 5))
def test_portions_do_not_matter(parts: list[bytes], size: int) -> None:
    data = b"".join(parts)
    reader = ReplyReader()
    portions = [data[start : start + size] for start in range(0, len(data), size)]
    read = [reply for portion in portions for reply in reader.feed(portion)]
    assert read == list(ReplyReader().feed(data))
    assert len(read) == sum(len(part) == 1 and part not in {b"\x11", b"\x13"} for part in parts)


@pytest.mark.parametrize(
    ("replies", "fault"),
    [
        ({}, None),
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}, None),
        ({1: 0x16, 4: 0x1E}, None),
        ({1: 0x1A}, Fault.OFFLINE),
        ({1: 0x1A, 2: 0x16, 4: 0x72}, Fault.COVER_OPEN),
        ({1: 0x1A, 2: 0x32}, Fault.PAPER_OUT),
        ({4: 0x72}, Fault.PAPER_OUT),
        ({1: 0x1A, 2: 0x52}, Fault.BROKEN),
        ({3: 0x1A}, Fault.BROKEN),
        ({3: 0x32}, Fault.BROKEN),
    ],
)
def test_the_fault_behind_the_replies(replies: dict[int, int], fault: Fault | None) -> None:
    assert fault_of(replies) is fault


def test_questions_and_the_drawers_switch() -> None:
    assert question(4) == b"\x10\x04\x04"
    assert drawer_signal(0x16)
    assert not drawer_signal(0x12)


def test_the_status_behind_the_replies() -> None:
    assert PrinterStatus.of({}) == PrinterStatus(answers=False)
    assert PrinterStatus.of({1: 0x16, 2: 0x12, 3: 0x12, 4: 0x1E}) == PrinterStatus(
        answers=True, paper_low=True, drawer_signal=True
    )
