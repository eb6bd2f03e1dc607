"""The lines of the client over real sockets: nothing sent, or perhaps sent, and never twice."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from pos_sync.http.errors import NoAnswer
from pos_sync.http.transport import Asked, TimeLimits, Transport
from pos_sync.mpesa.daraja import Daraja
from pos_sync.mpesa.errors import NotSent, WhyNoAnswer, WhyNotSent
from pos_sync.mpesa.push import PushNotSent, PushOutcome, PushUnknown
from pos_sync.mpesa.query import QueryPaid
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.scripts import NEVER, Trouble
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from tests.pos_sync.certificates import make_identity
from tests.pos_sync.mpesa.samples import SECRETS
from tests.pos_sync.testing.mpesa.scene import PAYBILL, Clock, Scene, order, scene

SHORT = TimeLimits(connect=2, silence=0.2, whole=0.3)
IDLE = 16
"""Seconds after which a line may be dead without our knowing."""


@contextmanager
def _at(base_url: str, limits: TimeLimits | None = None) -> Iterator[Daraja]:
    clock = Clock()
    transport = Transport(base_url, monotonic=clock.monotonic, limits=limits)
    with closing(
        Daraja(PAYBILL, SECRETS, transport, now=clock.now, monotonic=clock.monotonic)
    ) as daraja:
        yield daraja


def _why_not_sent(outcome: PushOutcome) -> WhyNotSent:
    assert isinstance(outcome, PushNotSent), outcome
    return outcome.error.why


def _moved(one: Scene, base_url: str) -> Daraja:
    """Return the client, with a token, as if its server were elsewhere."""
    one.daraja.check_keys()
    one.transport.close()
    one.transport._base = base_url
    return one.daraja


@pytest.fixture
def closed_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


def test_a_closed_port(closed_port: int) -> None:
    url = f"http://127.0.0.1:{closed_port}"
    with _at(url) as daraja:
        assert _why_not_sent(daraja.push(order())) is WhyNotSent.NOT_REACHED
    with scene() as one:
        assert _why_not_sent(_moved(one, url).push(order())) is WhyNotSent.NOT_REACHED


def test_a_name_that_is_not_found() -> None:
    with _at("http://till.invalid") as daraja:
        assert _why_not_sent(daraja.push(order())) is WhyNotSent.NO_SUCH_NAME
    with scene() as one:
        outcome = _moved(one, "https://till.invalid").push(order())
        assert _why_not_sent(outcome) is WhyNotSent.NO_SUCH_NAME


def test_tls_to_a_port_without_it() -> None:
    with scene() as one:
        daraja = _moved(one, one.simulator.base_url.replace("http:", "https:"))
        assert _why_not_sent(daraja.push(order())) is WhyNotSent.NOT_REACHED
        assert not one.simulator.count(Call.PUSH)


def test_a_port_that_never_greets() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server, scene(limits=SHORT) as one:
        daraja = _moved(one, f"https://127.0.0.1:{server.getsockname()[1]}")
        assert _why_not_sent(daraja.push(order())) is WhyNotSent.TIMED_OUT


def _with_tls(folder: Path) -> tuple[Habits, str]:
    """Return habits of a server with TLS, and the file that makes it trusted."""
    identity = make_identity(folder)
    both = next(folder.glob("localhost*.pem")).read_text()
    ca_file = folder / "ca.pem"
    ca_file.write_text(both[: both.index("-----BEGIN PRIVATE")])
    return Habits(context=identity.serving), str(ca_file)


def test_a_certificate_is_trusted_by_its_own_file_alone(tmp_path: Path) -> None:
    habits, ca_file = _with_tls(tmp_path)
    with scene(habits, ca_file=ca_file) as one:
        assert one.simulator.base_url.startswith("https://")
        accepted = one.accepted()
        assert one.daraja.query(accepted.checkout_id) == QueryPaid()
        assert one.simulator.lines == 1
    with scene(habits) as one:
        with pytest.raises(NotSent) as caught:
            one.daraja.check_keys()
        assert caught.value.why is WhyNotSent.UNTRUSTED
        assert _why_not_sent(one.daraja.push(order())) is WhyNotSent.UNTRUSTED
        assert not one.simulator.count(Call.TOKEN)


def test_tls_keeps_its_line_and_its_limits(tmp_path: Path) -> None:
    habits, ca_file = _with_tls(tmp_path)
    with scene(habits, ca_file=ca_file, limits=SHORT) as one:
        one.accepted(order(100))
        one.simulator.plan(Trouble(at=Call.PUSH, seconds=NEVER, times=1))
        assert isinstance(one.daraja.push(order(200)), PushUnknown)
        one.accepted(order(300))
        assert len(one.simulator.ledger.payments) == 3


def test_tls_too_carries_no_push_on_a_line_that_was_idle(tmp_path: Path) -> None:
    habits, ca_file = _with_tls(tmp_path)
    with scene(habits, ca_file=ca_file, limits=SHORT) as one:
        one.accepted(order(100))
        one.simulator.freeze_lines()
        one.clock.pass_by(IDLE)
        one.accepted(order(200))
        assert one.simulator.lines == 2
        Path(ca_file).write_text(Path(DEFAULT_CA_BUNDLE_PATH).read_text())
        one.clock.pass_by(IDLE)
        assert _why_not_sent(one.daraja.push(order(300))) is WhyNotSent.UNTRUSTED
        assert one.simulator.pushes_accepted == 2


def test_one_line_carries_all_calls() -> None:
    with scene() as one:
        for number in range(5):
            one.daraja.query(one.accepted(order(100 + 100 * number)).checkout_id)
        assert one.simulator.lines == 1


def test_a_line_that_was_closed_in_between_is_opened_again() -> None:
    with scene() as one:
        one.accepted(order(100))
        one.simulator.drop_lines()
        one.accepted(order(200))
        assert (one.simulator.lines, one.simulator.pushes_accepted) == (2, 2)


def test_a_line_that_was_idle_carries_no_push() -> None:
    with scene(limits=SHORT) as one:
        one.accepted(order(100))
        one.simulator.freeze_lines()
        one.clock.pass_by(IDLE)
        one.accepted(order(200))
        assert (one.simulator.lines, one.simulator.pushes_accepted) == (2, 2)
        assert len(one.simulator.ledger.payments) == 2


def test_a_line_that_is_dead_and_was_not_idle_leaves_it_open() -> None:
    with scene(limits=SHORT) as one:
        one.accepted(order(100))
        one.simulator.freeze_lines()
        outcome = one.daraja.push(order(200))
        assert isinstance(outcome, PushUnknown)
        assert outcome.error.why is WhyNoAnswer.TIMED_OUT
        assert one.simulator.pushes_accepted == 1


def test_an_idle_line_beside_one_in_use_carries_no_push() -> None:
    with scene() as one:
        checkout_id = one.accepted(order(100)).checkout_id
        with _busy(one, checkout_id):
            one.daraja.query(checkout_id)
            one.simulator.freeze_lines()
        one.clock.pass_by(IDLE)
        one.daraja.query(checkout_id)
        with _busy(one, checkout_id):
            one.transport._limits = SHORT
            one.accepted(order(200))
        assert one.simulator.pushes_accepted == 2


@contextmanager
def _busy(one: Scene, checkout_id: str) -> Iterator[None]:
    """Let a query be on its way meanwhile."""
    one.simulator.plan(Trouble(at=Call.QUERY, seconds=0.15, times=1))
    asked = one.simulator.count(Call.QUERY)
    thread = threading.Thread(target=one.daraja.query, args=(checkout_id,))
    thread.start()
    one.simulator.wait_for(lambda simulator: simulator.count(Call.QUERY) > asked)
    yield
    thread.join()


def test_a_token_is_not_fetched_on_a_line_that_was_idle() -> None:
    with scene(limits=SHORT) as one:
        one.accepted(order(100))
        one.simulator.freeze_lines()
        one.clock.pass_by(4_000)
        one.accepted(order(200))
        assert (one.simulator.lines, one.simulator.count(Call.TOKEN)) == (2, 2)


def test_who_gives_up_before_the_line_is_there_has_sent_nothing() -> None:
    """A push whose time is over while it still connects never goes out, also not afterwards."""
    with scene() as one:
        one.daraja.check_keys()
        one.transport._limits = TimeLimits(connect=10, silence=10, whole=0.05)
        one.transport.close()
        gate = threading.Event()
        connect = socket.create_connection

        with pytest.MonkeyPatch.context() as patch:
            from urllib3.util import connection

            def slow(*arguments: object, **options: object) -> socket.socket:
                gate.wait()
                address = one.simulator.base_url.rpartition(":")[2]
                return connect(("127.0.0.1", int(address)))

            patch.setattr(connection, "create_connection", slow)
            began = time.monotonic()
            outcome = one.daraja.push(order())
            assert time.monotonic() - began < 5
            assert _why_not_sent(outcome) is WhyNotSent.TIMED_OUT
            lines = one.simulator.lines
            gate.set()
            one.simulator.wait_for(lambda simulator: simulator.lines > lines)
            one.simulator.wait_for(lambda simulator: simulator.open_lines == 0)
        assert not one.simulator.count(Call.PUSH)


def test_who_reads_from_a_server_that_sends_on_and_on_ends_with_the_line() -> None:
    def serve(line: socket.socket) -> None:
        with closing(line), suppress(OSError):
            line.recv(65_536)
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not ended.wait(0.02):
                line.sendall(b" ")

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()

    def reading() -> int:
        return sum(
            one.name == "bounded call" and one not in before for one in threading.enumerate()
        )

    before, ended = set(threading.enumerate()), threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        threading.Thread(target=accept, daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        transport = Transport(url, monotonic=time.monotonic, limits=SHORT)
        for _call in range(3):
            with pytest.raises(NoAnswer):
                transport.exchange(Asked(path="/x", headers={}))
        assert reading() == 3
        transport.close()
        until = time.monotonic() + 5
        while reading() and time.monotonic() < until:
            ended.wait(0.01)
        assert reading() == 0
    ended.set()
