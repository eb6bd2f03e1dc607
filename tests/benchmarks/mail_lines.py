"""A hundred mails handed to a server, near and far, beside smtplib on as many connections.

The server, the line to it and the senders share this process, and so its lock: another machine
takes nothing of what is measured here but the waiting.
"""

from __future__ import annotations

import smtplib
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pos_sync.mail.addresses import Mailbox
from pos_sync.mail.connection import Connection
from pos_sync.mail.lines import LineRules, Lines
from pos_sync.mail.message import Attachment, Envelope, Letter, seal
from pos_sync.mail.outcomes import Accepted
from pos_sync.mail.server import MailServer, Security
from pos_sync.testing.mail_simulator import Habits, MailSimulator
from pos_sync.testing.slow_line import SlowLine

from pos_desktop.cli.bench.figure import Figure, of_times
from tests.pos_sync.certificates import Identity, make_identity

MAILS = 100
TEXT = "Thank you for shopping with us.\n" * 64
ROUND_TRIP = 0.05
LINES = (1, 4, 8)
USUAL = LineRules().most
NEAR_MS, FAR_MS = 1_000.0, 8_000.0
LOGIN, PASSWORD = "njeri", "siri"
BUILDS = 200


@dataclass(frozen=True)
class _Way:
    """How a server is reached."""

    port: int
    identity: Identity


def run() -> Iterator[Figure]:
    """Yield what building takes, then sending: at once, and behind a line of 50 ms."""
    yield from _building()
    envelopes = [seal(_letter(number)) for number in range(MAILS)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        identity = make_identity(folder)
        habits = Habits(context=identity.serving, logins=((LOGIN, PASSWORD),))
        simulator = stack.enter_context(MailSimulator(habits))
        slow = stack.enter_context(
            SlowLine("127.0.0.1", simulator.port, round_trip=ROUND_TRIP, monotonic=time.monotonic)
        )
        for where, port, limit in (("near", simulator.port, NEAR_MS), ("50 ms", slow.port, FAR_MS)):
            way = _Way(port, identity)
            for lines in LINES:
                ours = _timed(partial(_by_lines, way, envelopes, lines))
                theirs = _timed(partial(_by_smtplib, way, envelopes, lines))
                yield of_times(
                    f"{MAILS} mails, {where}, {lines} lines",
                    [ours],
                    below=limit if lines == USUAL else None,
                    reference=("smtplib", [theirs]),
                )
        assert len(simulator.letters) == MAILS * len(LINES) * 4


def _building() -> Iterator[Figure]:
    pdf = Attachment("report.pdf", "application/pdf", bytes(range(256)) * 4000)
    for what, letter in (
        ("a mail of 2 KB, built", _letter(0)),
        ("with HTML", _letter(0, html=f"<p>{TEXT}</p>")),
        ("with an attachment of 1 MB", _letter(0, attachments=(pdf,))),
    ):
        number = BUILDS if not letter.attachments else 10
        yield of_times(what, [_timed(partial(seal, letter)) for _ in range(number)])


def _letter(
    number: int, html: str | None = None, attachments: tuple[Attachment, ...] = ()
) -> Letter:
    return Letter(
        sender=Mailbox("Duka la Mama Njeri", "shop@duka.test"),
        recipient=Mailbox("Mary Wanjikũ", f"p{number}@people.test"),
        subject="Your receipt",
        text=TEXT,
        html=html,
        attachments=attachments,
        message_id=f"<{number}@duka.test>",
        date=datetime(2026, 11, 27, tzinfo=UTC),
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _by_lines(way: _Way, envelopes: list[Envelope], number: int) -> None:
    server = MailServer(host="127.0.0.1", port=way.port, security=Security.STARTTLS, login=LOGIN)
    lines = Lines(
        server,
        password=lambda: PASSWORD,
        monotonic=time.monotonic,
        rules=LineRules(most=number),
        new_connection=lambda: Connection(server, time.monotonic, way.identity.trusting),
    )

    def send(envelope: Envelope) -> bool:
        with lines.borrow() as connection:
            return isinstance(connection.send(envelope), Accepted)

    with ThreadPoolExecutor(number) as pool:
        assert all(pool.map(send, envelopes))
    assert lines.close()


def _by_smtplib(way: _Way, envelopes: list[Envelope], number: int) -> None:
    def send(share: list[Envelope]) -> None:
        context: ssl.SSLContext = way.identity.trusting
        with smtplib.SMTP("127.0.0.1", way.port, local_hostname="till.test") as connection:
            connection.starttls(context=context)
            connection.login(LOGIN, PASSWORD)
            for one in share:
                connection.sendmail(str(one.sender), [str(one.recipient)], one.data)

    with ThreadPoolExecutor(number) as pool:
        list(pool.map(send, [envelopes[at::number] for at in range(number)]))
