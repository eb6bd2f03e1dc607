"""What waited when a backup was made: nobody is mailed by surprise once the shop is back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.errors import TryLater
from pos_queue.job import RunsIn
from pos_queue.premises import Terms
from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Fate, MailState
from pos_desktop.domain.schedule import Beat, When
from pos_desktop.services.backup.after_restore import after_restore
from pos_desktop.services.mail.mail_preparing import MailPreparing
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import mails
from pos_desktop.storage.mails import Mail
from pos_desktop.storage.moments import to_stored
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

PEOPLE = 6
LOT = 2


@pytest.fixture
def server() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


def restored(shop: Shop) -> dict[str, int]:
    """Apply what is done to a shop that comes back, and return what a person must look at."""
    with shop.database.write():
        return after_restore(shop.database, to_stored(shop.clock.now()))


def the_mail(shop: Shop) -> Mail:
    mail = mails.by_number(shop.database, 1)
    assert mail is not None
    return mail


@pytest.fixture
def half_chosen(shop: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop with a mail to everybody, of whom a job has written down the first two."""
    set_up(shop, server.port)
    add_contacts(shop, PEOPLE)
    add: Any = MailPreparing._add
    lots = iter([True])

    def add_one(*arguments: Any) -> bool:
        if next(lots, False):
            return bool(add(*arguments))
        raise TryLater(3600.0)

    with monkeypatch.context() as patch:
        patch.setattr("pos_desktop.services.mail.mail_addresses._FEW", 1)
        patch.setattr("pos_desktop.services.mail.mail_preparing._LOT", LOT)
        patch.setattr(MailPreparing, "_add", add_one)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
    assert the_mail(shop).audience == CONTACTS
    assert fates(shop) == {Fate.WAITING: LOT}
    return shop


def test_whoever_waited_for_a_mail_is_listed_and_gets_none_by_itself(
    half_chosen: Shop, server: MailSimulator
) -> None:
    left = restored(half_chosen)
    assert (left["jobs"], left["mails"]) == (1, LOT)
    assert the_mail(half_chosen).state is MailState.DONE
    found = half_chosen.mail.mailing.outcomes(1, [Fate.UNKNOWN], limit=10, actor=None)
    assert [(one.name, one.address) for one in found] == [
        ("Person 001", "p001@example.com"),
        ("Person 002", "p002@example.com"),
    ]
    reason = "it waited when the backup was made, and may have gone out since"
    assert reasons(half_chosen, Fate.UNKNOWN) == [reason] * LOT
    half_chosen.queue.desk.retry_failed(actor=None)
    work(half_chosen)
    assert got(server) == []
    assert fates(half_chosen) == {Fate.UNKNOWN: LOT}


def test_a_mail_that_is_sent_again_to_one_reaches_nobody_else(
    half_chosen: Shop, server: MailSimulator
) -> None:
    """Whoever else was to be chosen for it may have got it from the old machine."""
    restored(half_chosen)
    half_chosen.mail.mailing.resend(1, [1], actor=None)
    work(half_chosen)
    assert got(server) == ["p001@example.com"]
    assert fates(half_chosen) == {Fate.SENT: 1, Fate.UNKNOWN: LOT - 1}


@pytest.mark.parametrize("state", ["paused", "under way"])
def test_a_mail_whose_recipients_stand_there_does_not_go_on(
    shop: Shop, server: MailSimulator, state: str
) -> None:
    set_up(shop, server.port)
    add_contacts(shop, PEOPLE)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.database.execute_sql("UPDATE mail_recipient SET state = 'sending' WHERE no = 3")
    shop.database.execute_sql("UPDATE mail_recipient SET state = 'sent' WHERE no = 4")
    if state == "paused":
        shop.mail.mailing.pause(1, actor=None)
    assert restored(shop)["mails"] == PEOPLE - 1
    assert fates(shop) == {Fate.UNKNOWN: PEOPLE - 1, Fate.SENT: 1}
    with pytest.raises(Refused, match="not paused"):
        shop.mail.mailing.resume(1, actor=None)
    shop.queue.desk.retry_failed(actor=None)
    work(shop)
    assert got(server) == []


def test_a_mail_that_is_over_stays_as_it_was(shop: Shop, server: MailSimulator) -> None:
    set_up(shop, server.port)
    add_contacts(shop, PEOPLE)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    work(shop)
    before = the_mail(shop)
    assert restored(shop)["mails"] == 0
    assert the_mail(shop) == before
    assert fates(shop) == {Fate.SENT: PEOPLE}


def test_what_came_round_since_is_not_made_up_for(shop_directory: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        seen = shop.schedules.people.find("prune", actor=None)
        form = replace(seen.form, when=When(Beat.DAILY, time(13, 0)))
        shop.schedules.people.change(seen, form, actor=None)
        clock.advance(timedelta(days=3))
        assert restored(shop)["schedules"] == 0
        shop.queue.runner(Terms(queues=["upkeep"], when_empty=True)).run()
        assert shop.database.value("SELECT count(*) FROM job_history WHERE job = 'prune_jobs'") == 0
        clock.advance(timedelta(hours=1))
        shop.queue.runner(Terms(queues=["upkeep"], when_empty=True)).run()
        assert shop.database.value("SELECT count(*) FROM job_history WHERE job = 'prune_jobs'") == 1
