"""When a job that comes round is due, and what becomes of slots that nobody saw.

A slot is the aware UTC minute at which a job is due. Nothing here is early, and no slot comes
twice: each answer says through when everything is dealt with, and the next question begins there.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from pos_queue.rounds.calendar import Calendar, to_minute, to_moment
from pos_queue.rounds.fields import Fields, parse

GRACE = timedelta(seconds=90)
CAP = 100


class Missed(StrEnum):
    """What becomes of slots while nothing ran: the program was closed, the machine asleep."""

    SKIP = "skip"
    """Only the latest slot runs, and only in its own minute or as long as the grace lasts."""
    ONCE = "once"
    """However many were missed, the latest alone runs, however late."""
    ALL = "all"
    """Each runs, the latest `cap` of them; the older ones are dropped."""


@dataclass(frozen=True)
class Cron:
    """A crontab text of five fields, "minute hour day month weekday", and a policy.

    Fields hold numbers, names (jan, mon), ranges, steps and lists; weekday 0 and 7 are Sunday. If
    neither day nor weekday begins with a star, either is enough, as cron has it. Raises ValueError
    with a sentence for a text that cannot be read or never comes.
    """

    text: str
    missed: Missed = Missed.SKIP
    _: KW_ONLY
    grace: timedelta = GRACE
    cap: int = CAP
    fields: Fields = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", parse(self.text))
        object.__setattr__(self, "missed", Missed(self.missed))
        if self.grace < timedelta():
            raise ValueError(f"grace must be 0 or more, not {self.grace}")
        if self.cap < 1:
            raise ValueError(f"cap must be 1 or more, not {self.cap}")


@dataclass(frozen=True)
class Due:
    """What `slots` answers."""

    slots: tuple[datetime, ...]
    """The slots that are to run now, the oldest first."""
    dropped: int
    """How many were missed and will not run."""
    through: datetime
    """The minute through which all is dealt with: the next question's `after`."""


def slots(cron: Cron, after: datetime | None, now: datetime, zone: tzinfo) -> Due:
    """Return what is to run now of all slots after `after`, matched on the wall of the zone.

    `after` is the last answer's `through`, or the last slot that was dealt with. None means that
    the job is new: only a slot of the present minute counts, nothing is made up. If the clock was
    set back behind `after`, nothing is due until it has passed it again; whoever keeps `after`
    decides whether it lies so far ahead that it came from a wrong clock.
    """
    present = to_minute(now)
    last = present - 1 if after is None else to_minute(after)
    calendar = Calendar(cron.fields, zone)
    number = calendar.number(last + 1, present + 1)
    most = cron.cap if cron.missed is Missed.ALL else 1
    due = calendar.latest(last + 1, present + 1, most) if number else []
    if cron.missed is Missed.SKIP:
        due = [slot for slot in due if slot == present or now - to_moment(slot) <= cron.grace]
    return Due(
        slots=tuple(map(to_moment, due)),
        dropped=number - len(due),
        through=to_moment(max(last, present)),
    )


def next_slot(cron: Cron, now: datetime, zone: tzinfo) -> datetime:
    """Return the first slot after the present minute: how long a scheduler may sleep."""
    return to_moment(Calendar(cron.fields, zone).first(to_minute(now) + 1))
