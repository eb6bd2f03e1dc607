"""What people see and set of what comes round by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pos_queue.rounds.cron import Cron, next_slot

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Party, PartyKind
from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.schedule import (
    MOST_RECIPIENTS,
    Schedule,
    ScheduleForm,
    ScheduleName,
    beat_words,
    schedule_words,
)
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import LANGUAGES, _
from pos_desktop.services.background.enqueueing import Enqueues
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_setup import refuse_in_training
from pos_desktop.services.mail.named_parties import named_parties
from pos_desktop.services.paper.print_queue import DAY_KIND
from pos_desktop.services.people.acting import ChangedMeanwhile, hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.schedules.schedule_book import JOBS, ScheduleBook
from pos_desktop.storage import contacts, print_jobs, schedules
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.schedules import LastRun


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSchedule:
    """A schedule as a list shows it."""

    schedule: Schedule
    parties: tuple[Party, ...]
    """To whom it goes of those who are still there."""
    to: tuple[str, ...]
    """Who they are: names of the address book, and addresses."""
    next_at: datetime | None
    """When it comes next, where a clock says so."""
    last: LastRun | None


class Schedules:
    """Lists and changes schedules, and lets one run at once."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        book: ScheduleBook,
        queue: Enqueues,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        """Take the clock of the queue, and `wake`, which makes the queue look at what has changed.

        `clock` is the machine's, which no replay moves.
        """
        self._database = database
        self._books = books
        self._configuration = configuration
        self._book = book
        self._queue = queue
        self._clock = clock
        self._wake = wake

    def listed(self, *, actor: Person | None) -> list[ListedSchedule]:
        """Return all, in their order."""
        hand_of(actor, Permission.REPORTS)
        last = schedules.last_runs(self._database)
        return [self._shown(one, last.get(one.name)) for one in self._book.everything()]

    def find(self, name: str, *, actor: Person | None) -> Schedule:
        """Return one; raise Refused where there is none of this name."""
        hand_of(actor, Permission.REPORTS)
        return self._book.find(name)

    def change(self, seen: Schedule, form: ScheduleForm, *, actor: Person | None) -> Schedule:
        """Set one from the state that was seen; ChangedMeanwhile where it is another.

        Times that were changed hold from now on: what lies before is not made up for.
        """
        hand = hand_of(actor, Permission.SETTINGS)
        form = self._checked(seen.name, form)
        with self._database.write():
            now = self._book.find(seen.name)
            if now.ver != seen.ver:
                raise ChangedMeanwhile
            begins = (now.form.is_on, now.form.when) != (form.is_on, form.when)
            since = self._clock.now() if begins or now.since is None else now.since
            self._book.keep(self._books, replace(now, form=form, since=since))
            self._books.note("schedule", **hand.noted(**_noted(seen.name, form)))
            self._database.after_commit(self._wake)
            return self._book.find(seen.name)

    def meant(self, words: Iterable[str]) -> tuple[Party, ...]:
        """Return whom words mean; raise Refused where that is nobody, or not only one."""
        return named_parties(self._database, words)

    def run(self, name: str, *, actor: Person | None) -> int:
        """Let one run now, whether or not it is on; return the number of its job.

        Raises Refused where there is nobody to write to, or nothing that could be sent.
        """
        hand = hand_of(actor, Permission.JOBS)
        schedule = self._book.find(name)
        if schedule.kind.mails:
            self._check_may_send(schedule)
        with self._database.write():
            payload = self._payload(schedule)
            job = self._queue.enqueue(JOBS[schedule.name], payload, started_by=hand.actor_id)
            self._books.note("schedule run", **hand.noted(schedule=schedule.name.value, job=job))
        return job

    def _payload(self, schedule: Schedule) -> dict[str, Any]:
        if not schedule.kind.mails:
            return {}
        payload: dict[str, Any] = {"by_hand": True}
        if schedule.name is ScheduleName.DAILY_Z:
            paper = print_jobs.latest(self._database, DAY_KIND)
            if paper is None:
                raise Refused(_("No day was closed yet: there is no Z to send."))
            payload |= {"paper": paper.id, "z": paper.title}
        return payload

    def _check_may_send(self, schedule: Schedule) -> None:
        refuse_in_training(self._configuration)
        if not schedule.form.parties:
            words = _("“{schedule}” goes to nobody yet: say to whom.")
            raise Refused(words.format(schedule=schedule_words(schedule.name)))

    def _checked(self, name: ScheduleName, form: ScheduleForm) -> ScheduleForm:
        """Return a form with its addresses in order; raise Refused where something cannot be."""
        kind = Schedule(name=name, form=form).kind
        if form.when.beat not in kind.beats:
            words = _("“{schedule}” cannot come so. It can come thus: {ways}.")
            ways = " · ".join(beat_words(one) for one in kind.beats)
            raise Refused(words.format(schedule=schedule_words(name), ways=ways))
        if form.language not in LANGUAGES:
            words = _("There is no language {language}; there is {languages}.")
            raise Refused(words.format(language=form.language, languages=", ".join(LANGUAGES)))
        parties = tuple(dict.fromkeys(self._checked_party(one) for one in form.parties))
        if parties and not kind.mails:
            words = _("“{schedule}” goes to nobody: leave out to whom.")
            raise Refused(words.format(schedule=schedule_words(name)))
        if len(parties) > MOST_RECIPIENTS:
            words = _("It goes to at most {most} people: leave some out.")
            raise Refused(words.format(most=MOST_RECIPIENTS))
        checked = replace(form, parties=parties)
        if form.is_on and kind.mails and not parties:
            words = _("“{schedule}” goes to nobody yet: say to whom.")
            raise Refused(words.format(schedule=schedule_words(name)))
        return checked

    def _checked_party(self, party: Party) -> Party:
        if party.kind is PartyKind.TYPED:
            return Party(party.kind, address=check_email(party.address))
        known = contacts.by_id(self._database, party.id) if party.id else None
        if party.kind is not PartyKind.CONTACT or known is None:
            raise Refused(_("This contact was removed: choose another one."))
        return Party(party.kind, party.id)

    def _shown(self, schedule: Schedule, last: LastRun | None) -> ListedSchedule:
        form, now = schedule.form, self._clock.now()
        next_at = None
        if form.is_on and form.when.has_clock:
            next_at = next_slot(Cron(form.when.cron), now, self._configuration.zone)
        named = [(party, name) for party in form.parties if (name := self._name(party))]
        return ListedSchedule(
            schedule=schedule,
            parties=tuple(party for party, _name in named),
            to=tuple(name for _party, name in named),
            next_at=next_at,
            last=last,
        )

    def _name(self, party: Party) -> str:
        """Return who somebody is; nothing where they were removed."""
        if party.kind is PartyKind.TYPED:
            return party.address
        known = contacts.by_id(self._database, party.id) if party.id else None
        return known.form.name if known else ""


def _noted(name: ScheduleName, form: ScheduleForm) -> dict[str, Any]:
    """Return what the journal keeps: never to whom."""
    count = len(form.parties)
    return {
        "schedule": name.value,
        "on": form.is_on,
        "when": form.when.cron,
        "recipients": count,
        "language": form.language,
    }
