"""What comes round by itself: what there is, when each may come, and to whom it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from pos_desktop.domain.country import weekdays, written_time
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mail import Party
from pos_desktop.domain.text import _

MOST_RECIPIENTS = 20


class ScheduleName(StrEnum):
    """What there is; the value is the word in the file and at the console."""

    DAILY_Z = "daily-z"
    """The Z of a day that was closed, by mail."""
    WEEKLY_SALES = "weekly-sales"
    """The sales of last week beside those of the week before, by mail."""
    LOW_STOCK = "low-stock"
    """What has newly come below its reorder level, by mail."""
    FAILED_JOBS = "failed-jobs"
    """Jobs that have failed and mails of which nobody knows, by mail."""
    BACKUP = "backup"
    PRUNE = "prune"
    """What is old is removed."""


class Beat(StrEnum):
    """How often something comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    AT_Z = "at-z"
    """With each Z."""
    AS_IT_HAPPENS = "as-it-happens"
    """When there is something to tell, at most once an hour."""


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WITHOUT_CLOCK = {Beat.AT_Z: "@z", Beat.AS_IT_HAPPENS: "@happens"}
_CRON = re.compile(r"(\d{1,2}) (\d{1,2}) \* \* (?:\*|([1-7]))", re.ASCII)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class When:
    """When something comes, on the wall of the shop."""

    beat: Beat
    at: time = time()
    """For DAILY and WEEKLY alone, to the minute."""
    day: str = DAYS[0]
    """For WEEKLY alone: one of DAYS."""

    @property
    def has_clock(self) -> bool:
        """Whether a clock says when it comes."""
        return self.beat not in _WITHOUT_CLOCK

    @property
    def cron(self) -> str:
        """The text by which it is kept: of a crontab where a clock says when."""
        if self.beat in _WITHOUT_CLOCK:
            return _WITHOUT_CLOCK[self.beat]
        day = str(DAYS.index(self.day) + 1) if self.beat is Beat.WEEKLY else "*"
        return f"{self.at.minute} {self.at.hour} * * {day}"

    @classmethod
    def of_cron(cls, text: str) -> When:
        """Read what `cron` has written; raise ValueError for anything else."""
        for beat, word in _WITHOUT_CLOCK.items():
            if text == word:
                return cls(beat)
        match = _CRON.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no time of a schedule")
        at = time(int(match[2]), int(match[1]))
        if match[3] is None:
            return cls(Beat.DAILY, at)
        return cls(Beat.WEEKLY, at, DAYS[int(match[3]) - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleKind:
    """What may be set of one of them, and how it is in a shop that has set nothing."""

    beats: tuple[Beat, ...]
    when: When
    mails: bool = True
    """Whether it goes to people."""
    is_on: bool = False


KINDS = {
    ScheduleName.DAILY_Z: ScheduleKind(beats=(Beat.AT_Z,), when=When(Beat.AT_Z)),
    ScheduleName.WEEKLY_SALES: ScheduleKind(
        beats=(Beat.WEEKLY,), when=When(Beat.WEEKLY, time(7), "mon")
    ),
    ScheduleName.LOW_STOCK: ScheduleKind(
        beats=(Beat.DAILY, Beat.WEEKLY, Beat.AT_Z), when=When(Beat.DAILY, time(18))
    ),
    ScheduleName.FAILED_JOBS: ScheduleKind(
        beats=(Beat.AS_IT_HAPPENS, Beat.DAILY), when=When(Beat.AS_IT_HAPPENS)
    ),
    ScheduleName.BACKUP: ScheduleKind(
        beats=(Beat.DAILY, Beat.WEEKLY),
        when=When(Beat.DAILY, time(2, 30)),
        mails=False,
        is_on=True,
    ),
    ScheduleName.PRUNE: ScheduleKind(
        beats=(Beat.DAILY, Beat.WEEKLY),
        when=When(Beat.DAILY, time(3, 30)),
        mails=False,
        is_on=True,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleForm:
    """What people set."""

    is_on: bool
    when: When
    parties: tuple[Party, ...] = ()
    language: str
    """In which it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One as it was read; `ver` says which state that was, 0 as long as nobody has set it."""

    name: ScheduleName
    form: ScheduleForm
    since: datetime | None = None
    """From when on its times hold; None from the start."""
    ver: int = 0

    @property
    def kind(self) -> ScheduleKind:
        """What may be set of it."""
        return KINDS[self.name]


def parse_time(text: str) -> time:
    """Read a time of the day such as 18:30; raise Refused."""
    match = _TIME.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Refused(_("{text} is no time of the day: type one such as 18:30.").format(text=text))
    return time(int(match[1]), int(match[2]))


def schedule_words(name: ScheduleName) -> str:
    """Return what people call one of them."""
    return {
        ScheduleName.DAILY_Z: _("Z of the day"),
        ScheduleName.WEEKLY_SALES: _("Sales of the week"),
        ScheduleName.LOW_STOCK: _("Low stock"),
        ScheduleName.FAILED_JOBS: _("Something has failed"),
        ScheduleName.BACKUP: _("Backup"),
        ScheduleName.PRUNE: _("Remove what is old"),
    }[name]


def day_words(day: str) -> str:
    """Return the word for a day of the week."""
    return weekdays()[DAYS.index(day)]


def beat_words(beat: Beat) -> str:
    """Return how people call how often something comes."""
    return {
        Beat.DAILY: _("Every day"),
        Beat.WEEKLY: _("Every week"),
        Beat.AT_Z: _("With each Z"),
        Beat.AS_IT_HAPPENS: _("As it happens"),
    }[beat]


def when_words(when: When) -> str:
    """Say when something comes."""
    match when.beat:
        case Beat.DAILY:
            return _("every day at {time}").format(time=written_time(when.at))
        case Beat.WEEKLY:
            words = _("every {day} at {time}")
            return words.format(day=day_words(when.day), time=written_time(when.at))
        case Beat.AT_Z:
            return _("with each Z")
        case Beat.AS_IT_HAPPENS:
            return _("as it happens, at most once an hour")
