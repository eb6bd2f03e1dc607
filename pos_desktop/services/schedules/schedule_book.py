"""What comes round by itself, as the shop has set it or as it is in every shop."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from pos_queue.rounds.cron import Cron, Missed
from pos_queue.rounds.round import Round

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Party, PartyKind
from pos_desktop.domain.schedule import KINDS, Beat, Schedule, ScheduleForm, ScheduleName, When
from pos_desktop.domain.text import LANGUAGES, _
from pos_desktop.security.mail_keys import MailKeys
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.backup.backups import BACKUP_SHOP
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.storage import schedules
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.schedules import LastRun, StoredSchedule

MAIL_DAY = JobName("mail_day")
"""Leaves the Z of a day to be mailed."""
MAIL_WEEK = JobName("mail_week")
"""Leaves the sales of a week to be mailed."""
MAIL_LOW_STOCK = JobName("mail_low_stock")
"""Leaves what is newly low to be mailed."""
MAIL_FAILURES = JobName("mail_failures")
"""Leaves what has failed to be mailed."""

JOBS = {
    ScheduleName.DAILY_Z: MAIL_DAY,
    ScheduleName.WEEKLY_SALES: MAIL_WEEK,
    ScheduleName.LOW_STOCK: MAIL_LOW_STOCK,
    ScheduleName.FAILED_JOBS: MAIL_FAILURES,
    ScheduleName.BACKUP: BACKUP_SHOP,
    ScheduleName.PRUNE: PRUNE_JOBS,
}
"""The job of each; one whose job this program does not declare is not there."""
OF_JOB: dict[str, ScheduleName] = {job: name for name, job in JOBS.items()}

log = logging.getLogger(__name__)


class ScheduleBook:
    """Reads and keeps schedules; who may is asked by `Schedules`."""

    def __init__(
        self,
        database: ShopDatabase,
        configuration: Configuration,
        keys: MailKeys,
        declares: Callable[[JobName], bool],
    ) -> None:
        """Take `declares`, which tells whether this program knows a job."""
        self._database = database
        self._configuration = configuration
        self._keys = keys
        self._declares = declares

    def everything(self) -> list[Schedule]:
        """Return all, in their order."""
        stored = schedules.everything(self._database)
        return [self._read(name, stored.get(name)) for name in self._names()]

    def find(self, name: str) -> Schedule:
        """Return one; raise Refused where there is none of this name."""
        names = [*self._names()]
        if name not in names:
            words = _("Nothing called {name} comes round by itself; there is {names}.")
            raise Refused(words.format(name=name, names=", ".join(names)))
        return self._read(ScheduleName(name), schedules.everything(self._database).get(name))

    def last_run(self, name: ScheduleName) -> LastRun | None:
        """Return what came of one when it came last, by a clock, a Z or a hand; None before."""
        return schedules.last_runs(self._database).get(name)

    def that_come(self, beat: Beat) -> list[Schedule]:
        """Return those that come by themselves in this way; none where somebody trains."""
        if self._configuration.get(settings.SHOP_TRAINING):
            return []
        found = self.everything()
        return [one for one in found if one.form.is_on and one.form.when.beat is beat]

    def rounds(self) -> dict[str, Round]:
        """Return by which times jobs come round now; what was missed is made up for once."""
        trains = self._configuration.get(settings.SHOP_TRAINING)
        return {
            JOBS[one.name]: Round(Cron(one.form.when.cron, Missed.ONCE), one.since)
            for one in self.everything()
            if one.form.is_on and one.form.when.has_clock
            if one.name is ScheduleName.PRUNE or not trains
        }

    def keep(self, books: Books, schedule: Schedule) -> None:
        """Keep how one was set, inside the caller's transaction."""
        form = schedule.form
        assert schedule.since is not None
        stored = StoredSchedule(
            name=schedule.name,
            is_on=form.is_on,
            cron=form.when.cron,
            since=to_stored(schedule.since),
            recipients=json.dumps([self._plain(party) for party in form.parties]),
            language=form.language,
        )
        schedules.put(self._database, books, stored)

    def _names(self) -> Iterator[ScheduleName]:
        return (name for name in ScheduleName if self._declares(JOBS[name]))

    def _read(self, name: ScheduleName, found: tuple[StoredSchedule, int] | None) -> Schedule:
        kind, language = KINDS[name], self._configuration.get(settings.LANGUAGE)
        if found is None:
            return Schedule(
                name=name,
                form=ScheduleForm(is_on=kind.is_on, when=kind.when, language=language),
            )
        stored, ver = found
        is_on, when = stored.is_on, kind.when
        try:
            when = When.of_cron(stored.cron)
        except ValueError:
            log.warning("%s comes at %r, which this version cannot read", name, stored.cron)
            is_on = False
        form = ScheduleForm(
            is_on=is_on,
            when=when,
            parties=tuple(self._parties(stored)),
            language=stored.language if stored.language in LANGUAGES else language,
        )
        return Schedule(name=name, form=form, since=from_stored(stored.since), ver=ver)

    def _plain(self, party: Party) -> dict[str, Any]:
        if party.kind is not PartyKind.TYPED:
            return asdict(party)
        hidden = base64.b64encode(self._keys.hide(party.address)).decode()
        return {"kind": party.kind, "id": None, "address": hidden}

    def _parties(self, stored: StoredSchedule) -> Iterator[Party]:
        """Yield who gets it; an address that was hidden with other keys is nobody's.

        Nor is what is damaged: the backup of the night must not hang on whom a report goes to.
        """
        try:
            read = json.loads(stored.recipients)
            parties = [Party(PartyKind(one["kind"]), one["id"], one["address"]) for one in read]
        except (ValueError, TypeError, KeyError):
            log.warning("to whom %s goes cannot be read", stored.name)
            return
        for party in parties:
            if party.kind is not PartyKind.TYPED:
                yield party
                continue
            try:
                address = self._keys.show(base64.b64decode(party.address))
            except ValueError:
                log.warning("an address of %s cannot be read with the shop's keys", stored.name)
                continue
            yield Party(party.kind, address=address)
