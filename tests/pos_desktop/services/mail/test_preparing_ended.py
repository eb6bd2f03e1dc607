"""A mail whose preparing was cancelled is sent to nobody, is stopped, and goes with its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pos_queue.job import RunsIn
from pos_queue.premises import Terms
from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.mail import Fate, MailKind, MailState
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.mail.mail_attachments import Attachment
from pos_desktop.services.mail.mail_post import PREPARE_MAIL, Draft
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import mails
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.mails import Mail
from tests.pos_desktop.services.mails import (
    CONTACTS,
    add_contacts,
    fates,
    reasons,
    set_up,
    work,
)

PEOPLE = 3
PRICES = "prices"
"""A kind of attachment."""


Cancels = Callable[[Shop, Mail], None]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 26, 9, 0, tzinfo=UTC))


@pytest.fixture
def server() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


@pytest.fixture
def shop(shop_directory: Path, clock: ManualClock, server: MailSimulator) -> Iterator[Shop]:
    """A shop that could mail to a few people."""
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, PEOPLE)
        yield shop


@pytest.fixture
def mail(shop: Shop) -> Mail:
    """A mail with a file that all get, and one for each, which are still to be made."""
    draft = Draft(
        kind=MailKind.MAILING, subject="News", body="Hello", attachments=[{"kind": PRICES}]
    )
    parties = shop.mail.mailing.count(CONTACTS, actor=None).parties
    mail = shop.mail.post.leave(draft, parties, started_by=None)
    (shop.mail.files.place(mail.id) / "offers.pdf").write_bytes(b"%PDF-")
    assert shop.database.value("SELECT job FROM jobs") == PREPARE_MAIL
    return mail


def cancel(shop: Shop, mail: Mail) -> None:
    assert mail.job is not None
    shop.queue.desk.cancel(mail.job, actor=None)


def cancel_while_it_is_made(shop: Shop, mail: Mail) -> None:
    """Let the job begin, and be asked to end when it has made the first of its files."""

    def make(one: Mail, _attachment: Attachment, waiting: Sequence[Recipient]) -> Iterator[int]:
        for done, recipient in enumerate(waiting, start=1):
            (shop.mail.files.place(one.id, recipient.no) / "prices.pdf").write_bytes(b"%PDF-")
            shop.database.execute_sql("UPDATE jobs SET cancel_asked = 1")
            yield done

    shop.mail.papers.makers[PRICES] = make
    shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
    assert len(shop.mail.files.of(mail.id, 1)) == 2
    assert len(shop.mail.files.of(mail.id, PEOPLE)) == 1
    del shop.mail.papers.makers[PRICES]


@pytest.mark.parametrize("cancels", [cancel, cancel_while_it_is_made])
def test_it_is_shown_as_stopped_and_sent_to_nobody(
    shop: Shop, mail: Mail, server: MailSimulator, cancels: Cancels
) -> None:
    cancels(shop, mail)
    (listed,) = shop.mail.mailing.listed(9, actor=None)
    assert listed.mail.state is MailState.STOPPED
    assert listed.counts == {Fate.SKIPPED: PEOPLE}
    assert reasons(shop, Fate.SKIPPED) == ["stopped by a person"] * PEOPLE
    work(shop)
    assert shop.database.rows("SELECT job, state FROM job_history") == [
        {"job": PREPARE_MAIL, "state": "cancelled"}
    ]
    assert not server.letters


@pytest.mark.parametrize("cancels", [cancel, cancel_while_it_is_made])
def test_it_stays_stopped_though_its_job_is_tried_again(
    shop: Shop, mail: Mail, server: MailSimulator, cancels: Cancels
) -> None:
    cancels(shop, mail)
    assert mail.job is not None
    shop.queue.desk.retry(mail.job, actor=None)
    work(shop)
    assert shop.database.value("SELECT count(*) FROM jobs") == 0
    assert not server.letters
    assert shop.mail.post.find(mail.number).state is MailState.STOPPED
    assert fates(shop) == {Fate.SKIPPED: PEOPLE}


@pytest.mark.parametrize("cancels", [cancel, cancel_while_it_is_made])
def test_its_files_go_with_it(shop: Shop, mail: Mail, clock: ManualClock, cancels: Cancels) -> None:
    cancels(shop, mail)
    whole = shop.mail.files.folder() / mail.id
    keep = timedelta(days=shop.configuration.get(settings.MAIL_KEEP_DAYS))
    for moment, is_there in ((keep - timedelta(hours=1), True), (timedelta(hours=2), False)):
        clock.advance(moment)
        touched_now = clock.now().timestamp()
        os.utime(whole, (touched_now, touched_now))  # it goes with its mail, not for its age
        shop.queue.enqueue(PRUNE_JOBS)
        shop.queue.runner(Terms(queues=["upkeep"], when_empty=True)).run()
        assert whole.exists() == is_there
        assert (mails.by_id(shop.database, mail.id) is not None) == is_there
    assert shop.database.value("SELECT count(*) FROM mail_recipient") == 0
    assert [*shop.mail.files.folder().iterdir()] == []
