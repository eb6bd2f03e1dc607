"""What is forged, oversized, slow or garbage is refused, and does no harm to anybody else."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress

import pytest
from pos_sync.relay.lane import Lane
from pos_sync.relay.server import Limits

from tests.pos_sync.mpesa.samples import STK_PAID
from tests.pos_sync.relay.scene import make_shop, paid_in, running, stk_paid, within

BODY = json.dumps(paid_in()).encode()
QUICK = Limits(
    request_seconds=0.4, answer_seconds=1, idle_seconds=0.6, connections=8, per_address=8
)


def said(port: int, *parts: bytes, gap: float = 0.0) -> bytes:
    """Say something on a line of its own, part by part; return all that is answered."""
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as line:
        try:
            for part in parts:
                line.sendall(part)
                time.sleep(gap)
        except OSError:
            pass
        found = b""
        try:
            while data := line.recv(65_536):
                found += data
        except OSError:
            pass
    return found


def post(path: str, body: bytes = BODY, *lines: str) -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", *lines]
    if not any("Content-Length" in line or "Transfer" in line for line in lines):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


def test_only_the_secret_path_of_a_shop_is_taken(file: str) -> None:
    secret = make_shop(file).secret
    with running(file) as relay:
        for path in (
            f"/s/{secret[:-1]}/confirm",
            f"/s/{secret}b/confirm",
            "/s//confirm",
            f"/s/{secret}/other",
            f"/s/{secret}/confirm/token",
            f"/s/{secret}/a",
            f"/s/{secret}/a/to.ken",
            f"/s/{secret}/a/{'b' * 65}",
            f"/s/{secret}/confirm/",
        ):
            assert relay.post(path, paid_in()) == 404, path
        assert relay.counts.unknown == 9
        assert relay.post(f"/s/{secret}/confirm", paid_in()) == 200
        assert relay.counts.stored == 1


def test_a_report_is_taken_from_listed_addresses_alone(file: str) -> None:
    secret = make_shop(file).secret
    path = f"/s/{secret}/confirm"
    mpesa = "196.201.214.200"
    with running(file, allowed=["196.201.214.0/24"], proxies=["127.0.0.1"]) as relay:
        assert relay.post(path, paid_in()) == 403
        assert relay.post(path, paid_in(), X_Forwarded_For="203.0.113.9") == 403
        assert relay.post(path, paid_in(), X_Forwarded_For=f"{mpesa}, 203.0.113.9") == 403
        assert relay.post(path, paid_in(), X_Forwarded_For=mpesa) == 200
        assert relay.post(f"{path}x", paid_in(), X_Forwarded_For="203.0.113.9") == 403
        assert relay.counts.not_listed == 4
    with running(file, allowed=[mpesa]) as relay:
        assert relay.post(path, paid_in(1), X_Forwarded_For=mpesa) == 403


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("confirm", b"{}"),
        ("confirm", b""),
        ("confirm", b"\xff\xfe"),
        ("confirm", b"[" * 60_000),
        ("confirm", BODY[:-1]),
        ("confirm", json.dumps(STK_PAID).encode()),
        ("a/token", BODY),
        ("r/token", BODY),
        ("t/token", b'{"hello": 1}'),
    ],
)
def test_what_is_no_report_of_its_address_is_counted(file: str, kind: str, body: bytes) -> None:
    secret = make_shop(file).secret
    with running(file) as relay:
        assert relay.post(f"/s/{secret}/{kind}", body) == 400
        assert relay.counts.malformed == 1
        assert not within(file, lambda one: one.run("SELECT 1 FROM relay_message"))


def test_a_body_is_bounded(file: str) -> None:
    secret = make_shop(file).secret
    path = f"/s/{secret}/confirm"
    with running(file) as relay:
        whole = BODY.ljust(65_536)
        assert status(said(relay.port, post(path, whole))) == 200
        assert status(said(relay.port, post(path, whole + b" "))) == 413
        assert status(said(relay.port, post(path, b" " * 900_000))) == 413
        assert status(said(relay.port, post(path, b"", "Content-Length: 99999999999"))) == 413
        chunks = b"".join(b"1000\r\n" + b" " * 4096 + b"\r\n" for _ in range(17))
        assert status(said(relay.port, post(path, chunks, "Transfer-Encoding: chunked"))) == 413
        assert relay.counts.too_large == 4


def test_a_body_may_come_in_chunks(file: str) -> None:
    secret = make_shop(file).secret
    with running(file) as relay:
        chunks = b"".join(b"%x\r\n%c\r\n" % (1, byte) for byte in BODY) + b"0\r\n\r\n"
        answer = said(
            relay.port, post(f"/s/{secret}/confirm", chunks, "Transfer-Encoding: chunked")
        )
        assert status(answer) == 200
    assert within(file, lambda t: t.run("SELECT body FROM relay_message")) == [(BODY.decode(),)]


def test_who_asks_whether_its_body_is_wanted_is_told(file: str) -> None:
    secret = make_shop(file).secret
    with running(file) as relay:
        answer = said(relay.port, post(f"/s/{secret}/confirm", BODY, "Expect: 100-continue"))
        first, _, rest = answer.partition(b"\r\n\r\n")
        assert first == b"HTTP/1.1 100 Continue"
        assert status(rest) == 200


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET\r\n\r\n", 400),
        (b"GET http://x/ HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 20_000 + b"\r\n\r\n", 431),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 401),
    ],
)
def test_what_is_no_request_is_answered_and_ends_its_line(
    file: str, words: bytes, expected: int
) -> None:
    make_shop(file)
    with running(file) as relay:
        assert status(said(relay.port, words)) == expected


def dripped(port: int, words: bytes, gap: float) -> bytes:
    """Say something byte by byte, until all is said or something is answered; return that."""
    with closing(socket.create_connection(("127.0.0.1", port), 10)) as line:
        line.settimeout(gap)
        for one in words:
            line.sendall(bytes([one]))
            with suppress(TimeoutError):
                return line.recv(65_536)
        line.settimeout(10)
        return line.recv(65_536)


def test_a_byte_at_a_time_is_too_slow(file: str) -> None:
    secret = make_shop(file).secret
    words = post(f"/s/{secret}/confirm")
    with running(file, limits=QUICK) as relay, ThreadPoolExecutor(4) as pool:
        slow = [pool.submit(dripped, relay.port, words, 0.05) for _ in range(4)]
        assert {status(one.result()) for one in slow} == {408}
        assert relay.counts.too_slow == 4
        assert relay.counts.stored == 0


def test_half_a_request_holds_up_nobody(file: str) -> None:
    path = f"/s/{make_shop(file).secret}/confirm"
    half = post(path, BODY, "Expect: 100-continue")[:-1]
    with running(file) as relay, ExitStack() as lines:
        for _line in range(4):
            line = socket.create_connection(("127.0.0.1", relay.port), 10)
            lines.enter_context(closing(line)).sendall(half)
            assert line.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n", "its body is being read"
        assert relay.post(path, paid_in()) == 200
        assert (relay.counts.too_slow, relay.counts.stored) == (0, 1)


def test_a_line_on_which_nothing_is_said_ends(file: str) -> None:
    make_shop(file)
    with running(file, limits=QUICK) as relay:
        begun = time.monotonic()
        assert said(relay.port) == b""
        assert 0.5 < time.monotonic() - begun < 5


def test_one_address_cannot_have_all_lines(file: str) -> None:
    secret = make_shop(file).secret
    limits = Limits(per_address=3)
    with running(file, limits=limits) as relay:
        lines = [socket.create_connection(("127.0.0.1", relay.port)) for _ in range(3)]
        for line in lines:
            line.sendall(b"GET")
        assert status(said(relay.port, post(f"/s/{secret}/confirm"))) == 503
        assert relay.counts.too_many == 1
        for line in lines:
            line.close()
        deadline = time.monotonic() + 10
        while relay.post(f"/s/{secret}/confirm", paid_in()) != 200:
            assert time.monotonic() < deadline


def test_idle_lines_make_room(file: str) -> None:
    secret = make_shop(file).secret
    with running(file, limits=Limits(connections=3, per_address=9)) as relay:
        lines = [socket.create_connection(("127.0.0.1", relay.port)) for _ in range(3)]
        assert relay.post(f"/s/{secret}/confirm", paid_in()) == 200
        for line in lines:
            line.close()


def test_requests_follow_one_another_on_a_line(file: str) -> None:
    secret = make_shop(file).secret
    one = post(f"/s/{secret}/confirm").replace(b"Connection: close\r\n", b"")
    with running(file) as relay:
        answer = said(relay.port, one + one, post(f"/s/{secret}/confirm"))
        assert answer.count(b"HTTP/1.1 200 OK") == 3
        assert relay.counts.repeated == 2


def test_a_client_that_leaves_in_the_middle_leaves_nothing(file: str) -> None:
    secret = make_shop(file).secret
    words = post(f"/s/{secret}/confirm")
    with running(file) as relay:
        for length in range(1, len(words), 7):
            with closing(socket.create_connection(("127.0.0.1", relay.port))) as line:
                line.sendall(words[:length])
        assert relay.post(f"/s/{secret}/confirm", paid_in(1)) == 200
        assert relay.counts.stored == 1


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, "pos_sync"):
        yield caplog


def test_nothing_secret_and_no_phone_is_logged(file: str, told: pytest.LogCaptureFixture) -> None:
    shop = make_shop(file)
    with running(file) as relay:
        relay.post(f"/s/{shop.secret}/a/push17", stk_paid())
        relay.post(f"/s/{shop.secret}/confirm", paid_in(MSISDN="254712345678"))
        relay.post(f"/s/{shop.secret}/confirm", b'{"MSISDN": "254712345678"}')
        relay.post(f"/s/{shop.secret}x/confirm", paid_in())
        relay.reader(shop.keys["T1"]).messages(0)
    assert "duka: message 2, CONFIRMATION" in told.text
    for secret in (shop.secret[:12], shop.keys["T1"][:12], "push17", "712345678", "708374149"):
        assert secret not in told.text


def test_a_fault_of_ours_costs_one_request(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = make_shop(file).secret
    with running(file) as relay:
        with monkeypatch.context() as broken:
            broken.setattr(Lane, "ask", lambda *_: 1 / 0)
            assert relay.post(f"/s/{secret}/confirm", paid_in()) == 500
        assert relay.post(f"/s/{secret}/confirm", paid_in()) == 200


def test_health_needs_no_key_and_tells_nothing(file: str) -> None:
    make_shop(file)
    with running(file) as relay:
        answer = said(relay.port, b"GET /v1/health HTTP/1.0\r\n\r\n")
        assert answer.endswith(b'{"ok":true}')
        for path in (b"/v1/counts", b"/v1/messages", b"/"):
            assert status(said(relay.port, b"GET " + path + b" HTTP/1.0\r\n\r\n")) == 401


# who asks is looked at before what is said


def test_a_body_of_single_bytes_is_not_read_to_its_end(file: str) -> None:
    """It is answered where as much was said as is read: who waits for more waits for ever."""
    path = f"/s/{make_shop(file).secret}/confirm"
    begun = b"1\r\na\r\n" * 1_000
    with running(file) as relay:
        for rest in (b"", b"1\r\na\r\n" * 64_000 + b"0\r\n\r\n"):
            words = post(path, begun + rest, "Transfer-Encoding: chunked")
            assert status(said(relay.port, words)) == 413
        words = post("/s/nobody/confirm", begun + rest, "Transfer-Encoding: chunked")
        assert status(said(relay.port, words)) == 404
        assert (relay.counts.too_large, relay.counts.too_slow) == (2, 0)


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [("/s/nobody/confirm", "", 404), ("/v1/claims", "Authorization: Bearer nobodys", 401)],
)
def test_of_nobody_no_body_is_waited_for(file: str, path: str, line: str, expected: int) -> None:
    make_shop(file)
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n{line}"
    with running(file, limits=QUICK) as relay:
        asked = head.strip().encode() + b"\r\n\r\n"
        assert status(said(relay.port, asked)) == expected
        assert relay.counts.too_slow == 0


def test_a_query_of_many_fields_is_refused(file: str) -> None:
    make_shop(file)
    query = "&".join(f"f{number}=1" for number in range(30))
    with running(file) as relay:
        line = f"GET /v1/messages?{query} HTTP/1.1\r\nConnection: close\r\n\r\n"
        assert status(said(relay.port, line.encode())) == 400


@pytest.mark.parametrize("year", ["0001", "9999", "1999"])
def test_a_year_that_cannot_be_is_refused_and_harms_no_report(file: str, year: str) -> None:
    made = make_shop(file)
    moment = f"{year}-12-31T23:59:59+00:00" if year == "9999" else f"{year}-01-01T00:00:00+03:00"
    wait = {"amount_cents": 100, "opened_at": moment, "phone_digest": None, "reference": ""}
    payment = {"amount_cents": 100, "paid_at": moment}
    claim = {"receipt": "RKL51ZDR4F", "wait": "w1", "by": "person", "payment": payment}
    key = f"Authorization: Bearer {made.keys['T1']}"
    with running(file) as relay:
        body = json.dumps(wait).encode()
        asked = post("/v1/waits/w1", body, key).replace(b"POST", b"PUT", 1)
        assert status(said(relay.port, asked)) == 400
        asked = post("/v1/claims", json.dumps(claim).encode(), key)
        assert status(said(relay.port, asked)) == 400
        report = paid_in(TransTime=f"{year}0101030000")
        assert relay.post(f"/s/{made.secret}/confirm", report) == 200
