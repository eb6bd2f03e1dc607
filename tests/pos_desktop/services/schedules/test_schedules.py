"""What comes round by itself: set by people, mailed once, told when it was done."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.engine.runner import Runner
from pos_queue.job import Registry
from pos_queue.premises import Terms

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.contact import ContactForm
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.mail import MailKind, MailState, Party, PartyKind
from pos_desktop.domain.schedule import KINDS, Beat, Schedule, ScheduleName, When, parse_time
from pos_desktop.services.backup.backups import BACKUP_SHOP
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.mail.mail_post import PREPARE_MAIL, SEND_MAIL, Draft
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.schedules.schedule_book import (
    MAIL_FAILURES,
    MAIL_WEEK,
    ScheduleBook,
)
from pos_desktop.services.schedules.schedules import ListedSchedule
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import mail_recipients, mails, schedules
from pos_desktop.storage.mails import Mail
from tests.pos_desktop.conftest import MANAGER, add_product
from tests.pos_desktop.services.imports.test_import_jobs import wait_until
from tests.pos_desktop.services.play import play

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
"""Noon on the wall of the shop."""
OWNER = Party(PartyKind.TYPED, address="owner@example.com")
UPKEEP = Terms(queues=["upkeep"], when_empty=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(THURSDAY)


@pytest.fixture
def shop(shop_directory: Path, clock: ManualClock) -> Iterator[Shop]:
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        yield shop


def set_(shop: Shop, name: str, when: When | None = None, *parties: Party) -> Schedule:
    """Switch one on."""
    seen = shop.schedules.people.find(name, actor=None)
    form = replace(seen.form, is_on=True, when=when or seen.form.when, parties=parties)
    return shop.schedules.people.change(seen, form, actor=None)


def run(shop: Shop) -> None:
    """Let in what comes round, and do it."""
    shop.queue.runner(UPKEEP).run()


def left(shop: Shop, *kinds: MailKind) -> list[Mail]:
    return mails.newest(shop.database, kinds or (MailKind.REPORT, MailKind.ALERT), 99)


def shown(shop: Shop, name: ScheduleName) -> ListedSchedule:
    found = shop.schedules.people.listed(actor=None)
    return next(one for one in found if one.schedule.name is name)


def words(shop: Shop, name: ScheduleName) -> str:
    last = shown(shop, name).last
    assert last is not None
    return last.words


def close_day(shop: Shop) -> None:
    shop.till.sign_in(*MANAGER)
    play(shop, "shift open 100", "shift close 100", "z")


# how it is set


def test_every_time_is_read_as_it_was_kept() -> None:
    for kind in KINDS.values():
        assert When.of_cron(kind.when.cron) == kind.when
    sunday = When(Beat.WEEKLY, time(23, 5), "sun")
    assert sunday.cron == "5 23 * * 7"
    assert When.of_cron(sunday.cron) == sunday
    for text in ("* * * * *", "5 23 1 * *", "61 1 * * *", "", "@reboot"):
        with pytest.raises(ValueError):
            When.of_cron(text)
    assert parse_time("7:05") == time(7, 5)
    for text in ("24:00", "7", "7:5", "x"):
        with pytest.raises(Refused, match="no time of the day"):
            parse_time(text)


def test_a_new_shop_is_backed_up_and_cleared_every_night_and_mails_nothing(shop: Shop) -> None:
    found = {one.schedule.name: one for one in shop.schedules.people.listed(actor=None)}
    on = [name for name, one in found.items() if one.schedule.form.is_on]
    assert on == [ScheduleName.BACKUP, ScheduleName.PRUNE]
    assert found[ScheduleName.BACKUP].next_at == datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert found[ScheduleName.PRUNE].next_at == datetime(2026, 11, 27, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("daily-z", {}, "goes to nobody yet"),
        ("daily-z", {"when": When(Beat.DAILY)}, "cannot come so"),
        ("weekly-sales", {"language": "xx"}, "no language xx"),
        ("prune", {"parties": (OWNER,)}, "goes to nobody: leave out"),
        ("low-stock", {"parties": (replace(OWNER, address="a@b\nc"),)}, "address"),
        ("low-stock", {"parties": (Party(PartyKind.CONTACT, "gone"),)}, "was removed"),
        ("low-stock", {"parties": tuple(replace(OWNER, address=f"a{n}@b.ke") for n in range(21))},
         "at most 20"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_a_sentence(
    shop: Shop, name: str, change: dict[str, object], told: str
) -> None:
    seen = shop.schedules.people.find(name, actor=None)
    form = replace(seen.form, is_on=True, **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=told):
        shop.schedules.people.change(seen, form, actor=None)
    assert shop.schedules.people.find(name, actor=None) == seen


def test_there_is_nothing_of_another_name(shop: Shop) -> None:
    with pytest.raises(Refused, match="there is daily-z, weekly-sales"):
        shop.schedules.people.find("hourly-z", actor=None)


def test_who_gets_it_is_hidden_in_the_file_and_told_to_nobody_in_the_journal(shop: Shop) -> None:
    contact = shop.mail.contacts.add(ContactForm(name="Njoki", email="n@example.com"), actor=None)
    set_(shop, "weekly-sales", None, OWNER, Party(PartyKind.CONTACT, contact.id), OWNER)
    assert shown(shop, ScheduleName.WEEKLY_SALES).to == ("owner@example.com", "Njoki")
    row = shop.database.row("SELECT recipients FROM schedule")
    assert row is not None
    assert "owner@example.com" not in row["recipients"]
    note = shop.database.row("SELECT detail FROM journal WHERE kind = 'schedule'")
    assert note is not None
    assert "owner" not in note["detail"]


def test_two_who_change_the_same_do_not_overwrite_one_another(shop: Shop) -> None:
    seen = shop.schedules.people.find("prune", actor=None)
    set_(shop, "prune", When(Beat.DAILY, time(4)))
    with pytest.raises(ChangedMeanwhile):
        shop.schedules.people.change(seen, seen.form, actor=None)


def test_a_schedule_of_a_newer_version_is_off_and_holds_up_no_other(shop: Shop) -> None:
    set_(shop, "prune", When(Beat.DAILY, time(4)))
    set_(shop, "weekly-sales", None, OWNER)
    shop.database.execute_sql("UPDATE schedule SET cron = '@full-moon' WHERE name = 'prune'")
    assert not shop.schedules.people.find("prune", actor=None).form.is_on
    assert {*shop.schedules.book.rounds()} == {MAIL_WEEK, BACKUP_SHOP}


@pytest.mark.parametrize("recipients", ["{", "[1]", '[{"kind": "stranger"}]', "null"])
def test_whom_nobody_can_read_holds_up_no_other(shop: Shop, recipients: str) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    shop.database.execute_sql("UPDATE schedule SET recipients = ?", (recipients,))
    assert not shop.schedules.people.find("weekly-sales", actor=None).form.parties
    assert BACKUP_SHOP in shop.schedules.book.rounds()


# when it comes


def test_a_week_is_mailed_once_and_once_after_days_off(shop: Shop, clock: ManualClock) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    run(shop)
    assert not left(shop)
    clock.set(datetime(2026, 12, 2, 9, 0, tzinfo=UTC))
    run(shop)
    run(shop)
    (mail,) = left(shop)
    assert (mail.about, mail.state) == ("weekly-sales 2026-11-23", MailState.UNDER_WAY)
    assert mail.subject == "Sales 23/11/2026 to 29/11/2026 · {shop}"
    assert "Sales: 0; the week before: 0" in mail.body
    assert [one["wish"]["form"] for one in mail.attachments] == ["pdf", "xlsx"]
    assert words(shop, ScheduleName.WEEKLY_SALES) == "Mail 1 was left for 1 person."


def test_a_week_that_was_mailed_is_not_mailed_again_on_another_day(
    shop: Shop, clock: ManualClock
) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    clock.set(datetime(2026, 11, 30, 4, 0, tzinfo=UTC))
    run(shop)
    set_(shop, "weekly-sales", When(Beat.WEEKLY, time(7), "tue"), OWNER)
    clock.set(datetime(2026, 12, 1, 4, 0, tzinfo=UTC))
    run(shop)
    assert len(left(shop)) == 1
    assert words(shop, ScheduleName.WEEKLY_SALES) == "The same was left before, as mail 1."


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of November as the shop's clocks show it."""
    return datetime(2026, 11, day, hour - 3, minute, tzinfo=UTC)


def came(shop: Shop, clock: ManualClock, *moments: datetime) -> list[int]:
    """Return how often pruning has come in all, at each of these moments."""
    found = []
    for moment in moments:
        clock.set(moment)
        run(shop)
        sql = "SELECT count(*) FROM job_history WHERE job = ?"
        found.append(int(shop.database.value(sql, (PRUNE_JOBS,))))
    return found


def daily(hour: int, minute: int = 0) -> When:
    return When(Beat.DAILY, time(hour, minute))


def test_an_hour_that_has_passed_when_it_is_set_comes_tomorrow(
    shop: Shop, clock: ManualClock
) -> None:
    clock.set(wall(26, 10))
    set_(shop, "prune", daily(11))
    assert came(shop, clock, wall(26, 10), wall(26, 11), wall(26, 12)) == [0, 1, 1]
    set_(shop, "prune", daily(9))
    assert came(shop, clock, wall(26, 12), wall(26, 23)) == [1, 1]
    assert came(shop, clock, wall(27, 8, 59), wall(27, 9), wall(27, 11), wall(28, 9)) == [
        1,
        2,
        2,
        3,
    ]


@pytest.mark.parametrize("hour", [11, 17])
def test_an_hour_that_is_set_before_it_came_takes_the_place_of_the_other(
    shop: Shop, clock: ManualClock, hour: int
) -> None:
    clock.set(wall(26, 10))
    set_(shop, "prune", daily(15))
    assert came(shop, clock, wall(26, 10)) == [0]
    set_(shop, "prune", daily(hour))
    assert came(shop, clock, wall(26, hour - 1), wall(26, hour), wall(26, 23)) == [0, 1, 1]
    assert came(shop, clock, wall(27, hour - 1), wall(27, hour), wall(27, 23)) == [1, 2, 2]


def test_what_was_missed_is_made_up_for_by_the_hour_that_held_then(
    shop: Shop, clock: ManualClock
) -> None:
    """Whoever changes anything but the times leaves them as they were, with what was missed."""
    clock.set(wall(26, 10))
    seen = set_(shop, "prune", daily(11))
    clock.set(wall(26, 14))
    same = shop.schedules.people.change(seen, replace(seen.form, language="sw"), actor=None)
    assert same.since == wall(26, 10)
    assert came(shop, clock, wall(26, 14), wall(26, 15)) == [1, 1]
    clock.set(wall(27, 14))
    set_(shop, "prune", daily(12))
    assert came(shop, clock, wall(27, 14), wall(28, 12)) == [1, 2]


def test_what_was_switched_off_makes_up_for_nothing(shop: Shop, clock: ManualClock) -> None:
    clock.set(wall(26, 10))
    seen = set_(shop, "prune", daily(11))
    off = shop.schedules.people.change(seen, replace(seen.form, is_on=False), actor=None)
    clock.set(wall(26, 12))
    shop.schedules.people.change(off, replace(off.form, is_on=True), actor=None)
    assert came(shop, clock, wall(26, 12), wall(27, 11)) == [0, 1]


def test_by_hand_it_comes_as_often_as_a_person_wants(shop: Shop) -> None:
    people = shop.schedules.people
    with pytest.raises(Refused, match="goes to nobody yet"):
        people.run("weekly-sales", actor=None)
    set_(shop, "weekly-sales", None, OWNER)
    for _time in range(2):
        people.run("weekly-sales", actor=None)
        run(shop)
    assert len(left(shop)) == 2
    assert left(shop)[0].body == left(shop)[1].body


def test_each_z_goes_out_once_as_it_was_printed(shop: Shop, clock: ManualClock) -> None:
    with pytest.raises(Refused, match="goes to nobody"):
        shop.schedules.people.run("daily-z", actor=None)
    set_(shop, "daily-z", None, OWNER)
    with pytest.raises(Refused, match="No day was closed yet"):
        shop.schedules.people.run("daily-z", actor=None)
    close_day(shop)
    run(shop)
    run(shop)
    (first,) = left(shop)
    assert (first.about, first.subject) == ("daily-z T1-Z00001", "T1-Z00001 · {shop}")
    assert "Z REPORT 1" in first.body
    assert "<pre" in first.html
    clock.advance(timedelta(days=1))
    close_day(shop)
    run(shop)
    assert left(shop)[0].about == "daily-z T1-Z00002"
    shop.schedules.people.run("daily-z", actor=None)
    run(shop)
    assert "Z REPORT 2" in left(shop)[0].body
    assert len(left(shop)) == 3


@pytest.mark.spoils_books
def test_a_z_that_cannot_set_anything_off_is_closed_all_the_same(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(_book: ScheduleBook, _beat: Beat) -> None:
        raise KeyError

    set_(shop, "daily-z", None, OWNER)
    monkeypatch.setattr(ScheduleBook, "that_come", mistaken)
    close_day(shop)
    assert shop.database.value("SELECT count(*) FROM z_report") == 1


def test_what_is_newly_low_is_told_and_what_was_told_is_not(shop: Shop, clock: ManualClock) -> None:
    set_(shop, "low-stock", When(Beat.DAILY, time(18)), OWNER)
    add_product(shop, "TEA", "Tea {green}", 80_00, reorder_level=5_000)
    clock.set(datetime(2026, 11, 26, 15, 0, tzinfo=UTC))
    run(shop)
    (mail,) = left(shop)
    assert mail.kind is MailKind.ALERT
    assert "Tea {{green}}: 0 in stock, to be ordered at 5" in mail.body
    clock.advance(timedelta(days=1))
    run(shop)
    assert words(shop, ScheduleName.LOW_STOCK) == "Nothing new is low: no mail was needed."
    add_product(shop, "SALT", "Salt", 20_00, reorder_level=1_000)
    clock.advance(timedelta(days=1))
    run(shop)
    assert len(left(shop)) == 2
    assert "Tea" not in left(shop)[0].body
    assert "In all 2 products" in left(shop)[0].body
    shop.schedules.people.run("low-stock", actor=None)
    run(shop)
    assert "Tea" in left(shop)[0].body


def test_what_was_switched_off_meanwhile_is_not_mailed(shop: Shop) -> None:
    seen = set_(shop, "daily-z", None, OWNER)
    close_day(shop)
    off = replace(seen.form, is_on=False)
    shop.schedules.people.change(seen, off, actor=None)
    run(shop)
    assert not left(shop)
    assert not shop.queue.views.failed()


def test_what_comes_with_a_z_comes_with_it(shop: Shop) -> None:
    set_(shop, "low-stock", When(Beat.AT_Z), OWNER)
    add_product(shop, "TEA", "Tea", 80_00, reorder_level=5_000)
    close_day(shop)
    run(shop)
    assert [mail.about.split()[0] for mail in left(shop)] == ["low-stock"]


@pytest.mark.spoils_books
def test_a_shop_that_trains_sends_nothing_by_itself(shop: Shop) -> None:
    set_(shop, "daily-z", None, OWNER)
    set_(shop, "weekly-sales", None, OWNER)
    shop.configuration.put(settings.SHOP_TRAINING, True)
    shop.configuration.refresh()
    assert [*shop.schedules.book.rounds()] == [PRUNE_JOBS]
    assert not shop.schedules.book.that_come(Beat.AT_Z)
    with pytest.raises(Refused, match="training"):
        shop.schedules.people.run("weekly-sales", actor=None)


# what failed


def fail(shop: Shop) -> int:
    """Let a job fail for good: a mail that goes to nobody any more."""
    number = shop.queue.enqueue(MAIL_WEEK, {"slot": "no moment"})
    shop.queue.runner(UPKEEP, attempts=1).run()
    return number


def test_failures_are_gathered_and_mailed_once_an_hour_at_most(
    shop: Shop, clock: ManualClock
) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    set_(shop, "failed-jobs", None, OWNER)
    first, second = fail(shop), fail(shop)
    assert not left(shop)
    clock.advance(timedelta(minutes=2))
    run(shop)
    (mail,) = left(shop)
    assert mail.subject == "2 things have failed · {shop}"
    assert f"(job {first})" in mail.body
    assert f"(job {second})" in mail.body
    third = fail(shop)
    clock.advance(timedelta(minutes=50))
    run(shop)
    assert len(left(shop)) == 1
    clock.advance(timedelta(minutes=15))
    run(shop)
    assert len(left(shop)) == 2
    assert f"(job {third})" in left(shop)[0].body
    assert f"(job {first})" not in left(shop)[0].body
    assert not shop.queue.views.unfinished(queue="upkeep")


def test_a_clock_that_was_set_back_keeps_no_alert_back(shop: Shop, clock: ManualClock) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    set_(shop, "failed-jobs", None, OWNER)
    fail(shop)
    clock.advance(timedelta(minutes=2))
    run(shop)
    clock.set(THURSDAY - 3 * HOUR)
    fail(shop)
    clock.advance(timedelta(minutes=2))
    run(shop)
    assert len(left(shop)) == 2


def test_a_job_of_alerts_that_fails_sets_off_no_other(
    shop: Shop, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: Any, **_named: Any) -> None:
        raise ZeroDivisionError

    set_(shop, "failed-jobs", None, OWNER)
    monkeypatch.setattr(shop.schedules.letters._post, "wanted", fails)
    shop.queue.enqueue(MAIL_FAILURES)
    shop.queue.runner(UPKEEP, attempts=1).run()
    assert [one.job for one in shop.queue.views.failed()] == [MAIL_FAILURES]
    assert not shop.queue.views.unfinished()


def test_an_alert_that_fails_sets_off_no_other(shop: Shop, clock: ManualClock) -> None:
    set_(shop, "failed-jobs", None, OWNER)
    with shop.database.write():
        mail = shop.mail.post.leave(
            Draft(kind=MailKind.ALERT, subject="x", body="y"), [OWNER], started_by=None
        )
    shop.database.execute_sql("UPDATE mail_recipient SET state = 'unknown'")
    declared = [replace(shop.queue.registry[SEND_MAIL], needs_network=None)]
    premises = shop.queue._premises(Registry(tuple(declared)))
    shop.database.execute_sql("UPDATE jobs SET job = 'spoiled', endpoint = NULL")
    Runner(premises, Terms(when_empty=True)).run()
    shop.database.execute_sql("UPDATE job_history SET job = ? WHERE job = 'spoiled'", (SEND_MAIL,))
    assert [one.job for one in shop.queue.views.failed()] == [SEND_MAIL]
    clock.advance(2 * HOUR)
    run(shop)
    assert [one.number for one in left(shop)] == [mail.number]
    assert words(shop, ScheduleName.FAILED_JOBS) == "Nothing new has failed: no mail was needed."


def test_a_mail_of_which_nobody_knows_is_told(shop: Shop, clock: ManualClock) -> None:
    set_(shop, "failed-jobs", None, OWNER)
    with shop.database.write():
        draft = Draft(kind=MailKind.REPORT, subject="x", body="y")
        mail = shop.mail.post.leave(draft, [OWNER], started_by=None)
        mail_recipients.mark_sending(shop.database, mail.id, [1], 0, 999)
        mail_recipients.doubt(shop.database, mail.id, 0, "it was killed")
        mails.set_state(shop.database, mail.id, MailState.DONE, 0)
    shop.database.execute_sql("UPDATE jobs SET endpoint = NULL")
    shop.queue.runner(Terms(queues=["mail"], when_empty=True), needs_network=None).run()
    clock.advance(2 * HOUR)
    run(shop)
    assert "Mail 1: it is not known whether it arrived with 1 person." in left(shop)[0].body


def test_an_alert_that_is_off_is_not_left(shop: Shop, clock: ManualClock) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    fail(shop)
    assert not shop.queue.views.unfinished()
    last = shown(shop, ScheduleName.WEEKLY_SALES).last
    assert last is not None
    assert (last.is_good, last.words) == (False, "It was tried once and did not succeed.")
    assert shop.schedules.people.run("prune", actor=None)
    run(shop)
    assert words(shop, ScheduleName.PRUNE) == "0 ended jobs were removed."
    assert MAIL_FAILURES not in shop.schedules.book.rounds()
    assert clock.now() == THURSDAY


# what is old


def test_old_mails_and_exports_go_with_their_files(shop: Shop, clock: ManualClock) -> None:
    with shop.database.write():
        draft = Draft(kind=MailKind.REPORT, subject="x", body="y")
        ended, kept = (shop.mail.post.leave(draft, [OWNER], started_by=None) for _n in range(2))
        mails.set_state(shop.database, ended.id, MailState.DONE, 0)
        shop.database.execute_sql("UPDATE mail SET changed_at = 0")
    for mail_id in (ended.id, kept.id):
        (shop.mail.files.place(mail_id) / "a.pdf").write_bytes(b"%PDF")
    export = shop.exports.leave(ExportWish(what="vat", form=FileForm.CSV), actor=None)
    shop.database.execute_sql(
        "UPDATE export SET state = 'done', file = 'vat.csv', changed_at = 0 WHERE id = ?",
        (export.id,),
    )
    shop.exports._folder().joinpath("vat.csv").write_bytes(b"x")
    shop.queue.enqueue(PRUNE_JOBS)
    run(shop)
    assert not shop.mail.files.of(ended.id, 1)
    assert len(shop.mail.files.of(kept.id, 1)) == 1
    assert mails.by_id(shop.database, ended.id) is None
    assert not shop.exports.listed(9, actor=None)
    assert not [*shop.exports._folder().iterdir()]


def test_what_is_not_older_than_it_is_kept_stays(shop: Shop, clock: ManualClock) -> None:
    draft = Draft(kind=MailKind.REPORT, subject="x", body="y")
    mail = shop.mail.post.leave(draft, [OWNER], started_by=None)
    mails.set_state(shop.database, mail.id, MailState.DONE, mail.asked_at)
    shop.exports.leave(ExportWish(what="vat", form=FileForm.CSV), actor=None)
    shop.database.execute_sql("UPDATE export SET state = 'done'")
    for days, count in ((90, 1), (1, 0)):
        clock.advance(timedelta(days=days) - timedelta(minutes=1) * count)
        shop.queue.enqueue(PRUNE_JOBS)
        run(shop)
        assert len(left(shop)) == len(shop.exports.listed(9, actor=None)) == count


def test_what_a_killed_program_left_of_mails_goes_after_a_day(
    shop: Shop, clock: ManualClock
) -> None:
    place = shop.mail.files.place("of no mail")
    (place / "a.pdf").write_bytes(b"%PDF")
    os.utime(place.parent, (THURSDAY.timestamp(), THURSDAY.timestamp()))
    clock.advance(23 * HOUR)
    shop.queue.enqueue(PRUNE_JOBS)
    run(shop)
    assert shop.mail.files.of("of no mail", 1)
    clock.advance(2 * HOUR)
    shop.queue.enqueue(PRUNE_JOBS)
    run(shop)
    assert not [*shop.mail.files.folder().iterdir()]


def test_what_came_of_it_is_seen_and_kept_for_each(shop: Shop) -> None:
    with shop.database.write():
        schedules.remember(shop.database, "low-stock", {"products": ["1"]})
    assert shown(shop, ScheduleName.LOW_STOCK).last is None
    assert schedules.memory(shop.database, "low-stock") == {"products": ["1"]}
    assert schedules.memory(shop.database, "prune") == {}
    with shop.database.write():
        for is_good in (False, True):
            last = schedules.LastRun(at=1, is_good=is_good, words=f"{is_good}", job=7)
            schedules.set_run(shop.database, "low-stock", last)
            assert shown(shop, ScheduleName.LOW_STOCK).last == last
    assert schedules.memory(shop.database, "low-stock") == {"products": ["1"]}


def test_a_mail_is_left_with_the_end_of_its_job_or_not_at_all(
    shop: Shop, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_(shop, "weekly-sales", None, OWNER)
    keep = schedules.set_run
    broken = [True]

    def breaks(*values: Any) -> None:
        assert len(left(shop)) == 1, "the mail stands in the transaction that breaks"
        if broken and broken.pop():
            raise OSError
        keep(*values)

    monkeypatch.setattr(schedules, "set_run", breaks)
    clock.set(datetime(2026, 11, 30, 4, 0, tzinfo=UTC))
    run(shop)
    assert not left(shop)
    clock.advance(HOUR)
    run(shop)
    assert len(left(shop)) == 1
    assert [one.job for one in shop.queue.views.unfinished()] == [PREPARE_MAIL]


def test_a_changed_time_holds_in_a_program_that_runs(shop: Shop, clock: ManualClock) -> None:
    runner = shop.queue.runner()
    thread = threading.Thread(target=runner.run)
    thread.start()
    try:
        wait_until(lambda: shop.database.value("SELECT count(*) FROM job_slots"))
        set_(shop, "prune", When(Beat.DAILY, time(12, 1)))
        clock.advance(timedelta(minutes=1))
        wait_until(lambda: shown(shop, ScheduleName.PRUNE).last is not None)
    finally:
        runner.stop()
        thread.join(20)
    assert words(shop, ScheduleName.PRUNE) == "0 ended jobs were removed."
