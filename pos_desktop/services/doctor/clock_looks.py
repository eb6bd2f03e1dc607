"""The computer's clock: beside the books, beside the calendar, and in which zone."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfoNotFoundError

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.services.counter.clock_watch import ClockDoubt, odd_moment
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import FileNotSeen, Finding
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.moments import to_stored

FIRST_YEAR, LAST_YEAR = 2026, 2060
"""The program is no older; a clock beyond is a battery that has died, or a slip."""


def _clock(patient: Patient, look: Look) -> Iterator[Finding]:
    now = patient.clock.now()
    if not FIRST_YEAR <= now.year <= LAST_YEAR:
        words = _("The computer's clock says {moment} (UTC).")
        yield look.broken(
            words.format(moment=f"{now:%Y-%m-%d %H:%M}"),
            _("Set the computer's date and time; if it forgets them, its battery is used up."),
        )
        return
    plain = f"{now:%Y-%m-%d %H:%M} UTC"
    try:
        configuration, node = patient.configuration, patient.node
    except FileNotSeen:
        yield look.ok(plain)
        return
    is_set_at_will = configuration.get(settings.SHOP_DEMO)
    odd = None if is_set_at_will else odd_moment(patient.reader, node, to_stored(now))
    if odd is None:
        words = _("{moment} in the shop's time")
        yield look.ok(words.format(moment=shown_minute(to_stored(now), configuration.zone)))
        return
    doubt = ClockDoubt(to_stored(now), odd)
    yield look.broken(
        doubt.sentence(configuration.zone),
        _("Set the computer to take its time from the Internet, where there is a network."),
    )


def _zone(patient: Patient, look: Look) -> Iterator[Finding]:
    configuration = patient.configuration
    name = configuration.get(settings.SHOP_TIME_ZONE)
    try:
        here = patient.clock.now().astimezone(configuration.zone).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        words = _("The shop's time zone {name} is not known here.").format(name=name)
        yield look.broken(words, _("Correct {key} in posctl config.").format(
            key=settings.SHOP_TIME_ZONE.key
        ))  # fmt: skip
        return
    own = patient.clock.now().astimezone()
    if own.utcoffset() != here:
        words = _("The shop's is {name}, the computer's is another one ({own}).")
        yield look.note(
            words.format(name=name, own=own.tzname()),
            _("Papers have the shop's time; set the computer's zone so that nobody is confused."),
        )
    else:
        yield look.ok(name)


GROUP = Group(
    "clock",
    (
        Look("clock", lambda: _("Clock"), _clock),
        Look("zone", lambda: _("Time zone"), _zone),
    ),
)
