"""Mail that goes out: to each once, with what the server says kept, whatever breaks off."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from pos_queue import progress
from pos_queue.job import RunsIn
from pos_queue.premises import Terms
from pos_sync.mail.connection import Connection
from pos_sync.mail.message import Envelope
from pos_sync.mail.outcomes import Outcome
from pos_sync.testing.mail_simulator import MailSimulator, Then, Trouble
from pos_sync.testing.slow_line import SlowLine

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportState, ExportWish, FileForm
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mail import Fate, MailKind, MailState, Party, PartyKind
from pos_desktop.services.background.queue_words import job_title
from pos_desktop.services.exports.exporting import EXPORT_FILE
from pos_desktop.services.mail.mail_post import FEW, SEND_MAIL, SEND_MAILING, Draft
from pos_desktop.services.mail.mail_sending import COMES_AND_GOES, MOST_TRIES, Stay, without_address
from pos_desktop.services.mail.mail_waits import why_it_waits
from pos_desktop.services.mail.mail_words import way_out
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import mails
from pos_desktop.storage.counters import put_counter
from pos_desktop.storage.mail_recipients import Recipient
from pos_desktop.storage.moments import to_stored
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.imports.test_import_jobs import wait_until
from tests.pos_desktop.services.mails import (
    CONTACTS,
    LETTER,
    add_contacts,
    fates,
    got,
    reasons,
    set_up,
    work,
    working,
)
from tests.pos_desktop.services.play import play

LOST = "p002@example.com"


@pytest.fixture
def server() -> Iterator[MailSimulator]:
    with MailSimulator() as simulator:
        yield simulator


@pytest.fixture
def mailing(shop: Shop, server: MailSimulator) -> Shop:
    """A shop with five contacts, all of whom a mail is left for."""
    set_up(shop, server.port)
    add_contacts(shop, 5)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    return shop


def _state(shop: Shop) -> MailState:
    mail = mails.by_number(shop.database, 1)
    assert mail is not None
    return mail.state


def test_each_gets_it_once_with_their_own_words(mailing: Shop, server: MailSimulator) -> None:
    work(mailing)
    assert got(server) == [f"p{number:03}@example.com" for number in range(1, 6)]
    assert (fates(mailing), _state(mailing)) == ({Fate.SENT: 5}, MailState.DONE)
    letters = {
        one.recipients[0]: message_from_bytes(one.data, policy=default) for one in server.letters
    }
    letter = letters["p003@example.com"]
    assert letter["To"] == "Person 003 <p003@example.com>"
    assert letter["List-Unsubscribe"].strip() == "<mailto:shop@example.com?subject=unsubscribe>"
    text, page = (part.get_content() for part in letter.iter_parts())
    assert "Dear Person 003," in text
    assert "<p>Dear Person 003,</p>" in page
    assert text.rstrip().endswith(way_out())
    assert page.count(way_out()) == 1
    assert len({one["Message-ID"] for one in letters.values()}) == 5


def test_a_server_that_passes_nothing_on_stops_the_whole(shop: Shop, server: MailSimulator) -> None:
    set_up(shop, server.port)
    add_contacts(shop, 20)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    server.plan(Trouble(at="RCPT", say="554 5.7.1 relay access denied"))
    work(shop)
    found = fates(shop)
    assert found[Fate.WAITING] > 5
    assert shop.database.value("SELECT max(failures) FROM jobs") == 1
    server.plan()
    shop.mail.mailing.retry(1, actor=None)
    work(shop)
    assert fates(shop) == {Fate.SENT: 20}


def test_a_server_that_passes_something_on_refuses_people_and_not_the_shop(
    shop: Shop, server: MailSimulator
) -> None:
    set_up(shop, server.port)
    add_contacts(shop, 8)
    shop.configuration.set(settings.MAIL_CONNECTIONS, 1, shop.books, actor=None)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    strangers = [f"p{number:03}@example.com" for number in range(2, 8)]
    server.plan(*(Trouble(at="RCPT", say="554 5.7.1 not to them", to=one) for one in strangers))
    work(shop)
    assert (fates(shop), _state(shop)) == ({Fate.SENT: 2, Fate.FAILED: 6}, MailState.DONE)


def test_connections_are_used_again(mailing: Shop, server: MailSimulator) -> None:
    work(mailing)
    assert server.connections <= mailing.configuration.get(settings.MAIL_CONNECTIONS)


def test_a_no_for_good_is_of_one_alone(mailing: Shop, server: MailSimulator) -> None:
    server.plan(Trouble(at="RCPT", say=f"550 5.1.1 no such person <{LOST}>", to=LOST))
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 4, Fate.FAILED: 1}
    assert reasons(mailing, Fate.FAILED) == ["550 5.1.1 no such person <(address)>"]
    server.plan()
    assert mailing.mail.mailing.retry(1, actor=None) == 1
    work(mailing)
    assert (fates(mailing), got(server).count(LOST)) == ({Fate.SENT: 5}, 1)


def test_a_no_for_now_comes_again_later_and_at_last_fails(
    shop_directory: Path, server: MailSimulator
) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, 3)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        server.plan(Trouble(at="RCPT", say=f"450 4.2.0 <{LOST}> is greylisted", to=LOST))
        for tries in range(1, MOST_TRIES):
            work(shop)
            assert (fates(shop), len(server.letters)) == ({Fate.SENT: 2, Fate.WAITING: 1}, 2), tries
            assert reasons(shop, Fate.WAITING) == ["450 4.2.0 <(address)> is greylisted"]
            asked = len(server.commands)
            clock.advance(timedelta(seconds=59))
            work(shop)
            assert len(server.commands) == asked, "it is not asked again within a minute"
            clock.advance(timedelta(hours=5))
        work(shop)
        assert fates(shop) == {Fate.SENT: 2, Fate.FAILED: 1}
        (reason,) = reasons(shop, Fate.FAILED)
        assert "greylisted" in reason
        assert not shop.queue.views.counts().wrong
        assert shop.mail.mailing.retry(1, actor=None) == 1
        work(shop)
        assert fates(shop) == {Fate.SENT: 2, Fate.WAITING: 1}, "it is tried as often once more"


def test_a_server_that_is_busy_is_asked_again_in_two_minutes(
    shop_directory: Path, server: MailSimulator
) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, 3)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        server.plan(Trouble(at="CONNECT", say="421 4.3.2 busy", then=Then.CLOSE))
        work(shop)
        assert fates(shop) == {Fate.WAITING: 3}
        (job,) = shop.database.rows("SELECT state, failures FROM jobs")
        assert job == {"state": "scheduled", "failures": 0}
        server.plan()
        clock.advance(timedelta(seconds=100))
        work(shop)
        assert not server.letters
        clock.advance(timedelta(seconds=30))
        work(shop)
        assert fates(shop) == {Fate.SENT: 3}


def test_a_clock_that_was_a_year_ahead_lets_nobody_wait_a_year(
    shop_directory: Path, server: MailSimulator
) -> None:
    now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    clock = ManualClock(now + timedelta(days=365))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, 3)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        server.plan(Trouble(at="RCPT", say="450 4.2.0 greylisted", to=LOST, times=1))
        work(shop)
        assert fates(shop) == {Fate.SENT: 2, Fate.WAITING: 1}
        clock.set(now)
        shop.mail.mailing.pause(1, actor=None)
        shop.mail.mailing.resume(1, actor=None)
        work(shop)
        assert fates(shop) == {Fate.SENT: 3}


def test_an_answer_that_does_not_come_is_unknown_until_a_person_decides(
    mailing: Shop, server: MailSimulator
) -> None:
    server.plan(Trouble(at="DOT", to=LOST, then=Then.RESET, keeps=True))
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 4, Fate.UNKNOWN: 1}
    assert _state(mailing) is MailState.DONE
    server.plan()
    assert mailing.mail.mailing.retry(1, actor=None) == 0
    work(mailing)
    assert got(server).count(LOST) == 1
    (outcome,) = mailing.mail.mailing.outcomes(1, [Fate.UNKNOWN], limit=9, actor=None)
    assert outcome.address == LOST
    assert mailing.mail.mailing.resend(1, [outcome.recipient.no], actor=None) == 1
    work(mailing)
    assert (fates(mailing), got(server).count(LOST)) == ({Fate.SENT: 5}, 2)


def test_whoever_was_being_sent_to_when_the_program_died_is_unknown(
    mailing: Shop, server: MailSimulator
) -> None:
    mailing.configuration.set(settings.MAIL_SMTP_HOST, "", mailing.books, actor=None)
    work(mailing)
    mailing.database.execute_sql(
        "UPDATE mail_recipient SET state = 'sending', job = 1 WHERE no = 2"
    )
    set_up(mailing, server.port)
    mailing.mail.setup.changed()
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 4, Fate.UNKNOWN: 1}
    assert LOST not in got(server)


def test_a_letter_of_the_turn_before_is_not_in_doubt_while_it_is_on_its_way(
    mailing: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on, run = threading.Event(), threading.Event(), Connection.send

    def send(self: Connection, envelope: Envelope) -> Outcome:
        if not begun.is_set():
            begun.set()
            assert goes_on.wait(60)
        return run(self, envelope)

    def second() -> str | None:
        sql = "SELECT state FROM jobs WHERE number = (SELECT max(job) FROM mail)"
        return mailing.database.value(sql)  # type: ignore[no-any-return]

    mailing.configuration.set(settings.MAIL_CONNECTIONS, 1, mailing.books, actor=None)
    monkeypatch.setattr(Connection, "send", send)
    with working(mailing):
        assert begun.wait(60)
        mailing.mail.mailing.pause(1, actor=None)
        mailing.mail.mailing.resume(1, actor=None)
        wait_until(lambda: second() not in ("queued", "running"))
        seen = fates(mailing)
        goes_on.set()
        wait_until(lambda: fates(mailing) == {Fate.SENT: 5})
    assert seen == {Fate.SENDING: 1, Fate.WAITING: 4}


def test_a_fault_between_two_letters_puts_nobody_in_doubt(
    mailing: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Fate] = []

    def settled(_mail: Id, _one: Recipient, fate: Fate) -> None:
        told.append(fate)
        if len(told) == 1:
            raise OSError

    mailing.configuration.set(settings.MAIL_CONNECTIONS, 1, mailing.books, actor=None)
    monkeypatch.setattr(mailing.mail.sending, "_settled", settled)
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 2, Fate.WAITING: 3}


def test_whoever_waits_anew_while_a_mail_ends_is_not_forgotten(
    mailing: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = mailing.mail.sending
    ended = sending._ended

    def ended_beside_a_retry(turn: Any) -> dict[str, Any]:
        chunk: Callable[[], AbstractContextManager[None]] = turn.context.chunk

        def chunk_after_a_retry() -> AbstractContextManager[None]:
            server.plan()
            mailing.mail.mailing.retry(1, actor=None)
            turn.context.chunk = chunk
            return chunk()

        turn.context.chunk = chunk_after_a_retry
        return ended(turn)

    server.plan(Trouble(at="RCPT", say="550 5.1.1 no such person", to=LOST))
    monkeypatch.setattr(sending, "_ended", ended_beside_a_retry)
    work(mailing)
    assert (fates(mailing), _state(mailing)) == ({Fate.SENT: 5}, MailState.DONE)


def test_a_server_that_is_away_burns_nothing(mailing: Shop) -> None:
    with MailSimulator() as gone:
        port = gone.port
    mailing.configuration.set(settings.MAIL_SMTP_PORT, port, mailing.books, actor=None)
    work(mailing)
    assert fates(mailing) == {Fate.WAITING: 5}
    (job,) = mailing.database.rows("SELECT state, failures FROM jobs")
    assert job == {"state": "waiting_for_network", "failures": 0}


def _pass_time_until(clock: ManualClock, is_so: Callable[[], bool]) -> None:
    """Let minutes pass, each as soon as the workers had a moment to see the one before."""
    ends, moment = time.monotonic() + 60, threading.Event()
    while not is_so():
        assert time.monotonic() < ends
        clock.advance(timedelta(minutes=1))
        moment.wait(0.05)


def test_an_hour_without_network_in_the_middle_loses_nothing(
    shop_directory: Path, server: MailSimulator
) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    with (
        closing(open_shop(shop_directory, clock=clock)) as shop,
        SlowLine("127.0.0.1", server.port, round_trip=0, monotonic=time.monotonic) as line,
    ):
        set_up(shop, line.port)
        add_contacts(shop, 8)
        shop.configuration.set(settings.MAIL_MOST_PER_MINUTE, 10, shop.books, actor=None)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        work(shop)
        before = len(server.letters)
        assert 0 < before < 8
        line.cut()
        for _minute in range(60):
            clock.advance(timedelta(minutes=1))
            work(shop)
        assert len(server.letters) == before
        (job,) = shop.database.rows("SELECT state, failures FROM jobs")
        assert job == {"state": "waiting_for_network", "failures": 0}
        assert fates(shop) == {Fate.SENT: before, Fate.WAITING: 8 - before}
        line.restore()
        shop.configuration.set(settings.MAIL_MOST_PER_MINUTE, 600, shop.books, actor=None)
        with working(shop):
            _pass_time_until(clock, lambda: fates(shop) == {Fate.SENT: 8})
        assert len(set(server.recipients)) == len(server.recipients) == 8


def test_a_wrong_password_is_a_sentence_and_loses_nobody(
    mailing: Shop, server: MailSimulator
) -> None:
    server.habits = replace(server.habits, logins=(("shop", "right"),))
    mailing.configuration.set(settings.MAIL_LOGIN, "shop", mailing.books, actor=None)
    mailing.mail.setup.set_password("wrong", actor=None)
    work(mailing)
    assert fates(mailing) == {Fate.WAITING: 5}
    assert mailing.database.value("SELECT max(failures) FROM jobs") == 1
    mailing.mail.setup.set_password("right", actor=None)
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 5}


def test_a_mail_whose_job_has_failed_waits_for_a_person(
    mailing: Shop, server: MailSimulator
) -> None:
    server.habits = replace(server.habits, logins=(("shop", "right"),))
    mailing.configuration.set(settings.MAIL_LOGIN, "shop", mailing.books, actor=None)
    mailing.mail.setup.set_password("wrong", actor=None)
    mailing.queue.runner(Terms(when_empty=True), attempts=1).run()
    assert mailing.queue.views.failed()
    assert (fates(mailing), _state(mailing)) == ({Fate.WAITING: 5}, MailState.UNDER_WAY)


def test_another_server_is_spoken_to_as_soon_as_it_is_set(
    mailing: Shop, server: MailSimulator
) -> None:
    work(mailing)
    with MailSimulator() as other:
        set_up(mailing, other.port)
        mailing.mail.mailing.send(LETTER, CONTACTS, actor=None)
        work(mailing)
        assert (len(server.letters), len(other.letters)) == (5, 5)


@pytest.mark.spoils_books
def test_what_was_left_before_a_training_goes_to_nobody_in_it(
    mailing: Shop, server: MailSimulator
) -> None:
    mailing.configuration.put(settings.SHOP_TRAINING, True)
    work(mailing)
    assert (fates(mailing), server.connections) == ({Fate.WAITING: 5}, 0)


def test_the_file_of_whoever_it_has_failed_for_is_kept_for_another_try(
    shop: Shop, server: MailSimulator, tmp_path: Path
) -> None:
    file = tmp_path / "offers.pdf"
    file.write_bytes(b"%PDF-")
    set_up(shop, server.port)
    add_contacts(shop, 2)
    mail = shop.mail.mailing.send(replace(LETTER, files=(file,)), CONTACTS, actor=None)
    server.plan(Trouble(at="RCPT", say="550 5.1.1 no such person", to=LOST, times=1))
    work(shop)
    assert fates(shop) == {Fate.SENT: 1, Fate.FAILED: 1}
    shop.mail.mailing.retry(1, actor=None)
    work(shop)
    assert fates(shop) == {Fate.SENT: 2}
    assert all(b"offers.pdf" in one.data for one in server.letters)
    assert not shop.mail.files.of(mail.id, 2)


def test_the_file_is_free_while_the_password_is_looked_for(
    mailing: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    monkeypatch.setattr(
        mailing.mail.setup, "password", lambda: held.append(mailing.database.in_transaction())
    )
    work(mailing)
    assert held
    assert not any(held)


def test_a_fault_of_the_program_is_of_one_letter_alone(
    mailing: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Connection.send

    def send(self: Connection, envelope: Envelope) -> Outcome:
        if str(envelope.recipient) == LOST:
            raise ZeroDivisionError
        return run(self, envelope)

    monkeypatch.setattr(Connection, "send", send)
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 4, Fate.UNKNOWN: 1}
    assert reasons(mailing, Fate.UNKNOWN) == ["the program had a fault while it was being sent"]
    assert _state(mailing) is MailState.DONE


def test_the_rate_of_the_shop_is_kept(mailing: Shop, server: MailSimulator) -> None:
    mailing.configuration.set(settings.MAIL_MOST_PER_MINUTE, 2, mailing.books, actor=None)
    work(mailing)
    assert len(server.letters) == 1
    assert fates(mailing) == {Fate.SENT: 1, Fate.WAITING: 4}


@pytest.mark.parametrize(("count", "job"), [(FEW, SEND_MAIL), (FEW + 1, SEND_MAILING)])
def test_a_few_letters_leave_from_where_somebody_sells(shop: Shop, count: int, job: str) -> None:
    add_contacts(shop, count)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    assert shop.database.value("SELECT job FROM jobs") == job


def test_many_letters_leave_a_process_of_their_own(
    shop: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Connection, "send")  # of this process alone
    set_up(shop, server.port)
    add_contacts(shop, FEW + 1)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    assert shop.database.value("SELECT job FROM jobs") == SEND_MAILING
    work(shop)
    assert (fates(shop), len(set(got(server)))) == ({Fate.SENT: FEW + 1}, FEW + 1)


def test_the_rate_lets_other_jobs_in_between(shop_directory: Path, server: MailSimulator) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, FEW + 1)
        shop.configuration.set(settings.MAIL_MOST_PER_MINUTE, 100, shop.books, actor=None)
        put_counter(shop.database, "mail next free", to_stored(clock.now()) + 40)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
        assert not server.letters
        (job,) = shop.database.rows("SELECT state, failures, run_at FROM jobs")
        assert (job["state"], job["failures"]) == ("scheduled", 0)
        assert job["run_at"] >= to_stored(clock.now()) + 10_000
        clock.advance(timedelta(seconds=10))
        shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
        assert fates(shop) == {Fate.SENT: FEW + 1}


def test_a_mailing_that_takes_long_lets_other_jobs_go_first(
    shop_directory: Path, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    briefly = Stay(rate=0.0, away=10.0, most=0.0)
    monkeypatch.setattr("pos_desktop.jobs.send_mailing.COMES_AND_GOES", briefly)
    with closing(open_shop(shop_directory)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, FEW + 1)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        other = shop.exports.leave(ExportWish(what="products", form=FileForm.CSV), actor=None)
        ended: list[str] = []
        terms = Terms(workers=1, when_empty=True, on_ended=lambda one: ended.append(one.job))
        shop.queue.runner(terms, runs_in=RunsIn.THREAD).run()
        assert ended == [EXPORT_FILE, SEND_MAILING]
        assert fates(shop) == {Fate.SENT: FEW + 1}
        assert len(set(got(server))) == len(server.letters) == FEW + 1
        assert shop.exports.find(other.number).state is ExportState.DONE


def test_a_mailing_keeps_its_worker_for_so_many_seconds(
    shop_directory: Path, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each letter takes a third of them and a little more: after three the others go first."""
    clock = ManualClock(datetime(2026, 11, 24, 6, 0, tzinfo=UTC))
    step, run = timedelta(seconds=COMES_AND_GOES.most / 3 + 0.1), Connection.send

    def send(self: Connection, envelope: Envelope) -> Outcome:
        clock.advance(step)
        return run(self, envelope)

    monkeypatch.setattr(Connection, "send", send)
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        set_up(shop, server.port)
        add_contacts(shop, FEW + 1)
        shop.configuration.set(settings.MAIL_CONNECTIONS, 1, shop.books, actor=None)
        shop.configuration.set(settings.MAIL_MOST_PER_MINUTE, 60_000, shop.books, actor=None)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
        shop.exports.leave(ExportWish(what="products", form=FileForm.CSV), actor=None)
        sent: dict[str, int] = {}
        terms = Terms(
            workers=1,
            when_empty=True,
            on_ended=lambda one: sent.update({one.job: len(server.letters)}),
        )
        shop.queue.runner(terms, runs_in=RunsIn.THREAD).run()
        assert sent == {EXPORT_FILE: 3, SEND_MAILING: FEW + 1}
        assert got(server) == [f"p{number:03}@example.com" for number in range(1, FEW + 2)]


def test_a_mailing_gives_way_long_before_its_time_is_over(shop: Shop) -> None:
    """Whoever it was writing to at the limit of its job would be in doubt."""
    limit = shop.queue.registry[SEND_MAILING].limit
    assert limit is not None
    assert 0 < COMES_AND_GOES.most <= 60
    assert COMES_AND_GOES.most < limit / 4


def test_paused_it_rests_and_resumed_it_goes_on(mailing: Shop, server: MailSimulator) -> None:
    mailing.mail.mailing.pause(1, actor=None)
    work(mailing)
    assert not server.letters
    mailing.mail.mailing.resume(1, actor=None)
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 5}


def test_what_is_over_cannot_be_paused_or_stopped(mailing: Shop, server: MailSimulator) -> None:
    work(mailing)
    for act in (mailing.mail.mailing.pause, mailing.mail.mailing.stop):
        with pytest.raises(Refused, match="Mail 1 is over"):
            act(1, actor=None)
    assert _state(mailing) is MailState.DONE


@pytest.mark.parametrize("act", ["pause", "stop"])
def test_in_the_middle_it_rests_after_the_letter_on_its_way(
    mailing: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    run = Connection.send

    def send(self: Connection, envelope: Envelope) -> Outcome:
        getattr(mailing.mail.mailing, act)(1, actor=None)
        return run(self, envelope)

    mailing.configuration.set(settings.MAIL_CONNECTIONS, 1, mailing.books, actor=None)
    monkeypatch.setattr(Connection, "send", send)
    work(mailing)
    others = {"pause": Fate.WAITING, "stop": Fate.SKIPPED}[act]
    assert fates(mailing) == {Fate.SENT: 1, others: 4}
    assert len(server.letters) == 1


def test_in_the_middle_its_queue_is_paused_and_resumed(
    mailing: Shop, server: MailSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Connection.send

    def send(self: Connection, envelope: Envelope) -> Outcome:
        mailing.queue.desk.pause("mail", actor=None)
        return run(self, envelope)

    mailing.configuration.set(settings.MAIL_CONNECTIONS, 1, mailing.books, actor=None)
    monkeypatch.setattr(progress, "ASKED_SECONDS", 0.0)
    with monkeypatch.context() as patched:
        patched.setattr(Connection, "send", send)
        work(mailing)
    assert fates(mailing) == {Fate.SENT: 1, Fate.WAITING: 4}
    mail = mails.by_number(mailing.database, 1)
    assert mail is not None
    assert why_it_waits(mail, mailing.queue.views) == "Its queue is paused."
    mailing.queue.desk.resume("mail", actor=None)
    work(mailing)
    assert (fates(mailing), len(server.letters)) == ({Fate.SENT: 5}, 5)


def test_who_is_to_get_a_paused_mail_again_waits_until_it_is_resumed(
    mailing: Shop, server: MailSimulator
) -> None:
    mailing.mail.mailing.pause(1, actor=None)
    mailing.database.execute_sql("UPDATE mail_recipient SET state = 'failed' WHERE no = 2")
    assert mailing.mail.mailing.retry(1, actor=None) == 1
    work(mailing)
    assert (fates(mailing), _state(mailing)) == ({Fate.WAITING: 5}, MailState.PAUSED)
    mailing.mail.mailing.resume(1, actor=None)
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 5}


def test_stopped_nobody_else_gets_it(mailing: Shop, server: MailSimulator) -> None:
    mailing.mail.mailing.stop(1, actor=None)
    work(mailing)
    assert (server.letters, _state(mailing)) == ([], MailState.STOPPED)


@pytest.mark.parametrize(
    "damage",
    ["state = 'zzz'", "kind = ''", "attachments = '{'", "attachments = '[1]'", "audience = '[]x'"],
)
def test_a_damaged_mail_is_not_sent_and_holds_up_no_other(
    mailing: Shop, server: MailSimulator, damage: str
) -> None:
    mailing.database.execute_sql(f"UPDATE mail SET {damage}")
    mailing.mail.mailing.send(replace(LETTER, subject="Second"), CONTACTS, actor=None)
    assert [one.mail.number for one in mailing.mail.mailing.listed(9, actor=None)] == [2]
    with pytest.raises(Refused, match="damaged; leave it as it is"):
        mailing.mail.mailing.outcomes(1, limit=9, actor=None)
    mailing.mail.setup.changed()
    work(mailing)
    assert len(got(server)) == 5
    assert fates(mailing, 2) == {Fate.SENT: 5}
    (failed,) = mailing.queue.views.failed(most=9)
    assert failed.state == "failed"
    mailing.queue.desk.retry(failed.number, actor=None)
    mailing.queue.desk.cancel(failed.number, actor=None)


def test_a_damaged_recipient_gets_none_and_holds_up_nobody(
    mailing: Shop, server: MailSimulator
) -> None:
    for no, damage in enumerate(["state = 'zzz'", "party = 'friend'", "party_id = NULL"], 1):
        mailing.database.execute_sql(f"UPDATE mail_recipient SET {damage} WHERE no = ?", (no,))
    (listed,) = mailing.mail.mailing.listed(9, actor=None)
    assert listed.counts == {Fate.WAITING: 4}
    work(mailing)
    assert got(server) == ["p004@example.com", "p005@example.com"]
    assert fates(mailing) == {Fate.SENT: 2, Fate.SKIPPED: 2}
    assert len(mailing.mail.mailing.outcomes(1, limit=9, actor=None)) == 4
    assert _state(mailing) is MailState.DONE


def test_who_was_erased_or_wants_no_more_meanwhile_is_left_out(
    mailing: Shop, server: MailSimulator
) -> None:
    mailing.mail.contacts.remove(mailing.mail.contacts.listed("001")[0], actor=None)
    mailing.mail.mailing.refuse(LOST, actor=None)
    work(mailing)
    assert got(server) == ["p003@example.com", "p004@example.com", "p005@example.com"]


def _send_of_a_manager(shop: Shop, server: MailSimulator) -> Callable[[], list[str]]:
    """Leave a mail of the manager to five contacts; return what reads their messages."""
    set_up(shop, server.port)
    add_contacts(shop, 5)
    manager = shop.sign_in.sign_in(*MANAGER)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=manager)
    return lambda: [one.text for one in shop.queue.notifications.unread(manager)]


def test_a_message_names_the_mail_and_comes_once_nobody_waits(
    shop: Shop, server: MailSimulator
) -> None:
    told = _send_of_a_manager(shop, server)
    shop.mail.mailing.pause(1, actor=None)
    work(shop)
    assert shop.queue.views.unfinished() == []
    assert told() == []
    shop.mail.mailing.resume(1, actor=shop.sign_in.sign_in(*MANAGER))
    work(shop)
    assert told() == ["Mail 1, “News from Duka”: 5 sent."]


def test_a_job_whose_turn_another_took_over_tells_nothing(
    shop: Shop, server: MailSimulator
) -> None:
    told = _send_of_a_manager(shop, server)
    shop.mail.setup.changed()
    work(shop)
    assert fates(shop) == {Fate.SENT: 5}
    assert len(told()) == 1


def test_a_message_of_failures_says_where_to_look(shop: Shop, server: MailSimulator) -> None:
    told = _send_of_a_manager(shop, server)
    server.plan(
        Trouble(at="RCPT", say="550 5.1.1 no such person", to="p003@example.com"),
        Trouble(at="DOT", to=LOST, then=Then.RESET, keeps=True),
    )
    work(shop)
    (message,) = told()
    assert message.startswith("Mail 1, “News from Duka”: 1 failed, 1 not known, 3 sent. ")
    assert "E-mail shows who: F4" in message
    assert "before F8 sends it again" in message


def test_a_job_says_which_mail_it_is_of(shop: Shop) -> None:
    add_contacts(shop, 1)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    (job,) = shop.queue.views.unfinished()
    assert job_title(job) == "Send an e-mail: 1, News from Duka"
    assert job.payload.trouble is None


def test_a_job_of_before_that_names_no_mail_is_done_too(
    mailing: Shop, server: MailSimulator
) -> None:
    mail = mails.by_number(mailing.database, 1)
    assert mail is not None
    mailing.queue.enqueue(SEND_MAIL, {"mail": mail.id, "turn": mail.turn})
    work(mailing)
    assert fates(mailing) == {Fate.SENT: 5}
    assert not mailing.queue.views.counts().wrong


def test_a_receipt_goes_out_as_it_is_printed(selling_shop: Shop, server: MailSimulator) -> None:
    set_up(selling_shop, server.port)
    play(selling_shop, "SUGAR", "pay cash")
    selling_shop.mail.receipts.send(None, "njeri@example.com", actor=selling_shop.till.person)
    work(selling_shop)
    (received,) = server.letters
    letter = message_from_bytes(received.data, policy=default)
    assert "T1-000001" in letter["Subject"]
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "T1-000001" in text
    assert "165.00" in text
    assert not letter["List-Unsubscribe"]
    assert way_out() not in text


def test_a_draft_to_typed_addresses_goes_to_them(mailing: Shop, server: MailSimulator) -> None:
    draft = Draft(kind=MailKind.ALERT, subject="Low stock", body="Sugar")
    parties = [Party(PartyKind.TYPED, address="owner@example.com")]
    mailing.mail.post.leave(draft, parties, started_by=None)
    work(mailing)
    assert "owner@example.com" in got(server)
    kinds = {
        message_from_bytes(one.data, policy=default)["Auto-Submitted"] for one in server.letters
    }
    assert kinds == {None, "auto-generated"}


def test_addresses_are_taken_out_of_what_a_server_says() -> None:
    assert without_address("550 <a@b.example> is not here") == "550 <(address)> is not here"
