"""A mail to many is stopped in lots: whatever is killed between them, nobody left over gets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pos_queue.premises import Terms
from pos_sync.mail.connection import Connection
from pos_sync.mail.message import Envelope
from pos_sync.mail.outcomes import Outcome
from pos_sync.testing.mail_simulator import MailSimulator, Trouble

from pos_desktop import settings
from pos_desktop.domain.mail import Fate, MailState
from pos_desktop.services.backup.after_restore import after_restore
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.mail import mail_stops
from pos_desktop.shop import Shop
from pos_desktop.storage import mail_recipients, mails
from tests.pos_desktop.services.mails import (
    CONTACTS,
    LETTER,
    add_contacts,
    fates,
    got,
    reasons,
    set_up,
    work,
)

PEOPLE = 5
LOT = 2
LEFT = {Fate.SKIPPED: LOT, Fate.WAITING: PEOPLE - LOT}
"""What a kill after the first lot leaves."""


class Killed(BaseException):
    """The program has died here."""


@pytest.fixture
def server() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


@pytest.fixture
def mailing(shop: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop with a mail for five, where two are left out at a time."""
    monkeypatch.setattr(mail_stops, "LOT", LOT)
    set_up(shop, server.port)
    add_contacts(shop, PEOPLE)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    return shop


@pytest.fixture
def broken_off(mailing: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop whose program died after the first lot of a stop."""
    skip, lots = mail_recipients.skip_waiting, iter([LOT])

    def lot(*args: object) -> int:
        if next(lots, None) is None:
            raise Killed
        return skip(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(mail_recipients, "skip_waiting", lot)
        with pytest.raises(Killed):
            mailing.mail.mailing.stop(1, actor=None)
    assert (fates(mailing), _state(mailing)) == (LEFT, MailState.STOPPED)
    return mailing


def _state(shop: Shop) -> MailState:
    return shop.mail.post.find(1).state


def _fail_first(shop: Shop) -> None:
    shop.database.execute_sql("UPDATE mail_recipient SET state = 'failed' WHERE no = 1")


def test_a_sale_slips_in_between_two_lots(mailing: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    skip, skipped, free = mail_recipients.skip_waiting, [], []

    def lot(*args: object) -> int:
        skipped.append(skip(*args))  # type: ignore[arg-type]
        return skipped[-1]

    monkeypatch.setattr(mail_recipients, "skip_waiting", lot)
    monkeypatch.setattr(
        type(mailing.clock.base),
        "sleep",
        lambda *_args: free.append(not mailing.database.in_transaction()),
    )
    mailing.mail.mailing.stop(1, actor=None)
    assert (skipped, free) == ([2, 2, 1], [True] * 3)
    assert reasons(mailing, Fate.SKIPPED) == ["stopped by a person"] * PEOPLE


def test_the_job_that_waits_sends_nothing_and_finishes_the_stop(
    broken_off: Shop, server: MailSimulator
) -> None:
    work(broken_off)
    assert not server.letters
    assert (fates(broken_off), _state(broken_off)) == ({Fate.SKIPPED: PEOPLE}, MailState.STOPPED)


def _retry(shop: Shop) -> int:
    _fail_first(shop)
    return shop.mail.mailing.retry(1, actor=None)


def _resend(shop: Shop) -> int:
    shop.database.execute_sql("UPDATE mail_recipient SET state = 'unknown' WHERE no = 1")
    return shop.mail.mailing.resend(1, [1], actor=None)


@pytest.mark.parametrize("again", [_retry, _resend])
def test_who_is_left_over_does_not_get_it_with_those_written_to_again(
    broken_off: Shop, server: MailSimulator, again: Callable[[Shop], int]
) -> None:
    assert again(broken_off) == 1
    work(broken_off)
    assert got(server) == ["p001@example.com"]
    assert fates(broken_off) == {Fate.SENT: 1, Fate.SKIPPED: PEOPLE - 1}


def test_a_stop_that_goes_on_touches_nobody_of_a_later_turn(
    broken_off: Shop, server: MailSimulator
) -> None:
    stopped = broken_off.mail.post.find(1)
    _retry(broken_off)
    broken_off.mail.post.finish_stop(stopped)
    assert fates(broken_off)[Fate.WAITING] == 1
    work(broken_off)
    assert got(server) == ["p001@example.com"]


def test_one_that_was_stopped_meanwhile_is_not_taken_up_by_a_new_setup(
    broken_off: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program stops it while this one is about to take up all that is under way."""
    broken_off.database.execute_sql("UPDATE mail SET state = 'under_way'")
    found = mails.under_way(broken_off.database)
    broken_off.database.execute_sql("UPDATE mail SET state = 'stopped'")
    monkeypatch.setattr(mails, "under_way", lambda _database: found)
    broken_off.mail.setup.changed()
    work(broken_off)
    assert not server.letters


def test_the_night_finishes_a_stop(broken_off: Shop) -> None:
    broken_off.database.execute_sql("DELETE FROM jobs")
    broken_off.queue.enqueue(PRUNE_JOBS)
    broken_off.queue.runner(Terms(queues=["upkeep"], when_empty=True)).run()
    assert fates(broken_off) == {Fate.SKIPPED: PEOPLE}


def test_nobody_of_a_stopped_mail_is_in_doubt_after_a_restore(broken_off: Shop) -> None:
    with broken_off.database.write():
        assert after_restore(broken_off.database, 1)["mails"] == 0
    assert fates(broken_off) == {Fate.SKIPPED: PEOPLE}


def test_whom_the_server_puts_off_after_the_stop_does_not_wait(
    mailing: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Connection.send

    def send(self: Connection, envelope: Envelope) -> Outcome:
        mailing.mail.mailing.stop(1, actor=None)
        return run(self, envelope)

    mailing.configuration.set(settings.MAIL_CONNECTIONS, 1, mailing.books, actor=None)
    monkeypatch.setattr(Connection, "send", send)
    server.plan(Trouble(at="RCPT", say="450 4.2.0 greylisted"))
    work(mailing)
    assert fates(mailing) == {Fate.SKIPPED: PEOPLE}
