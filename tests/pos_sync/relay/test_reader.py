"""A till's side: what it is told, and what it does where nothing is."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from pos_sync.relay import reader as module
from pos_sync.relay.errors import (
    NoAnswer,
    NotReached,
    RelayRefused,
    WhyNoAnswer,
    WhyNotReached,
    WhyRefused,
)
from pos_sync.relay.fitting import By, Wait
from pos_sync.relay.reader import RelayReader, TimeLimits
from pos_sync.relay.server import Limits
from pos_sync.relay.waits import Claim

from tests.pos_sync.relay.scene import NOW, RECEIPTS, make_shop, paid_in, running

WAIT = Wait(amount_cents=1_00, opened_at=NOW, phone_digest="a" * 64, reference="T1A7")
QUICK = TimeLimits(connect=0.5, answer=0.5)


@contextmanager
def canned(*answers: bytes | Callable[[socket.socket], None]) -> Iterator[RelayReader]:
    """Return the reader of somebody who gives these answers, each on a line of its own."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            for answer in answers:
                line, _ = server.accept()
                with closing(line):
                    line.recv(65_536)
                    if callable(answer):
                        answer(line)
                    else:
                        line.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with closing(RelayReader(url, "key", monotonic=time.monotonic, limits=QUICK)) as reader:
            yield reader
        thread.join(10)


def ok(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def trickle(line: socket.socket) -> None:
    try:
        for byte in ok(b"[]"):
            line.sendall(bytes([byte]))
            time.sleep(0.1)
    except OSError:
        pass


def silence(line: socket.socket) -> None:
    line.settimeout(5)
    with suppress(OSError):
        line.recv(1)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (silence, WhyNoAnswer.TIMED_OUT),
        (trickle, WhyNoAnswer.TIMED_OUT),
        (ok(b"<html>"), WhyNoAnswer.WRONG_FORM),
        (ok(b"{}"), WhyNoAnswer.WRONG_FORM),
        (ok(b"[{}]"), WhyNoAnswer.WRONG_FORM),
        (ok(b'[{"number":true,"at":"2026-11-24T09:00:00Z","kind":"a","token":"","body":""}]'),
         WhyNoAnswer.WRONG_FORM),
        (ok(b'[{"number":0,"at":"2026-11-24T09:00:00Z","kind":"a","token":"","body":""}]'),
         WhyNoAnswer.WRONG_FORM),
        (ok(b"[" * 100_000), WhyNoAnswer.WRONG_FORM),
        (ok(b"{}", b"503 Service Unavailable"), WhyNoAnswer.BUSY),
        (ok(b"<html>", b"502 Bad Gateway"), WhyNoAnswer.BUSY),
        (ok(b"", b"302 Found"), WhyNoAnswer.WRONG_FORM),
        (ok(b"[]")[:-1], WhyNoAnswer.BROKE_OFF),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_told(answer: bytes, why: WhyNoAnswer) -> None:
    begun = time.monotonic()
    again = [answer] if why is WhyNoAnswer.BROKE_OFF else []
    with canned(answer, *again) as reader, pytest.raises(NoAnswer) as raised:
        reader.messages(0, wait=0)
    assert raised.value.why is why
    assert time.monotonic() - begun < 5


def test_an_answer_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_ANSWER", 100_000)
    with canned(ok(b" " * 300_000)) as reader, pytest.raises(NoAnswer) as raised:
        reader.messages(0, wait=0)
    assert raised.value.why is WhyNoAnswer.TOO_LARGE


def test_a_line_that_breaks_is_tried_once_more() -> None:
    with canned(b"", ok(b'{"granted":true}')) as reader:
        claim = Claim(receipt=RECEIPTS[0], wait="w1", by=By.PERSON)
        assert reader.claim(claim).granted


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (b"400 Bad Request", WhyRefused.QUESTION),
        (b"401 Unauthorized", WhyRefused.KEY),
        (b"404 Not Found", WhyRefused.ADDRESS),
    ],
)
def test_a_refusal_says_what_to_change(status: bytes, why: WhyRefused) -> None:
    with (
        canned(ok(b'{"error":"amount_cents"}', status)) as reader,
        pytest.raises(RelayRefused, match="amount_cents") as raised,
    ):
        reader.open_wait("w1", WAIT)
    assert raised.value.why is why


def test_nobody_there_is_told_apart() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    for url, why in (
        (f"http://127.0.0.1:{port}", WhyNotReached.NOT_REACHED),
        ("http://no-such-name.invalid", WhyNotReached.NO_SUCH_NAME),
    ):
        with (
            closing(RelayReader(url, "key", monotonic=time.monotonic)) as reader,
            pytest.raises(NotReached) as raised,
        ):
            reader.messages(0, wait=0)
        assert raised.value.why is why


def test_somebody_without_tls_is_told_nothing(file: str) -> None:
    with running(file) as relay:
        url = relay.url.replace("http:", "https:")
        with (
            closing(RelayReader(url, "key", monotonic=time.monotonic)) as reader,
            pytest.raises(NotReached) as raised,
        ):
            reader.messages(0, wait=0)
    assert raised.value.why is WhyNotReached.NOT_REACHED


def test_lines_are_used_again_unless_they_were_idle(file: str) -> None:
    shop = make_shop(file)
    with running(file) as relay:
        at = [0.0]
        reader = RelayReader(relay.url, shop.keys["T1"], monotonic=lambda: at[0])
        with closing(reader):
            ends = {_line_of(reader) for _ in range(5)}
            assert len(ends) == 1
            at[0] += 16
            assert _line_of(reader) not in ends


def _line_of(reader: RelayReader) -> object:
    """Ask for something, and return which line it went over."""
    reader.close_wait("w1")
    adapter = reader._asking._session.get_adapter("http://")
    pools = adapter.poolmanager.pools  # type: ignore[attr-defined]
    (pool,) = map(pools.get, pools.keys())
    line = pool.pool.queue[-1]
    return line.sock.getsockname()


def test_a_relay_that_was_started_again_is_read_on(file: str) -> None:
    shop = make_shop(file)
    limits = Limits(idle_seconds=0.2)
    with running(file, limits=limits) as relay:
        reader = relay.reader(shop.keys["T1"])
        for number in range(3):
            assert relay.post(f"/s/{shop.secret}/confirm", paid_in(number)) == 200
            assert len(reader.messages(number)) == 1
            time.sleep(0.3)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("amount_cents", {"amount_cents": 0}),
        ("amount_cents", {"amount_cents": 10**15}),
        ("phone_digest", {"phone_digest": "0712345678"}),
        ("reference", {"reference": "x" * 41}),
        ("reference", {"reference": "\n"}),
        ("opened_at", {"opened_at": NOW.replace(tzinfo=None)}),
    ],
)
def test_a_wait_that_makes_no_sense_is_refused(
    file: str, name: str, change: dict[str, object]
) -> None:
    shop = make_shop(file)
    with running(file) as relay:
        reader = relay.reader(shop.keys["T1"])
        reader.open_wait("w1", replace(WAIT, opened_at=NOW + timedelta(hours=3)))
        with pytest.raises(RelayRefused, match=name) as raised:
            reader.open_wait("w1", replace(WAIT, **change))  # type: ignore[arg-type]
    assert raised.value.why is WhyRefused.QUESTION
