"""posctl schedule: what comes round by itself: when, to whom, what came of it, and run now."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from typing import Any

from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import WrongUsage, print_json, print_table, written_minute
from pos_desktop.domain.schedule import (
    DAYS,
    Beat,
    ScheduleForm,
    ScheduleName,
    When,
    parse_time,
    when_words,
)
from pos_desktop.domain.text import LANGUAGES, _
from pos_desktop.services.schedules.schedules import ListedSchedule
from pos_desktop.shop import Shop
from pos_desktop.storage.moments import from_stored


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    schedule = groups.add_parser("schedule", parents=[common], help=_("what comes by itself"))
    acts = schedule.add_subparsers(metavar="ACT", required=True)
    listing = acts.add_parser(
        "list", parents=[common], help=_("when each comes, to whom, and what came of it last")
    )
    listing.set_defaults(run=_list)
    run = _of_one(acts, common, "run", _("let one run now, whether or not it is on"))
    run.set_defaults(run=_run)
    change = _of_one(acts, common, "set", _("say whether, when and to whom one comes"))
    _add_settings(change)
    change.set_defaults(run=_set)


def _of_one(
    acts: Any, common: argparse.ArgumentParser, name: str, words: str
) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(name, parents=[common], help=words)
    act.add_argument("name", choices=[one.value for one in ScheduleName], metavar="NAME")
    return act


def _add_settings(change: argparse.ArgumentParser) -> None:
    switch = change.add_mutually_exclusive_group()
    switch.add_argument("--on", dest="is_on", action="store_true", default=None)
    switch.add_argument("--off", dest="is_on", action="store_false", default=None)
    when = change.add_mutually_exclusive_group()
    when.add_argument("--daily", metavar="HH:MM", help=_("every day at this time"))
    when.add_argument(
        "--weekly",
        nargs=2,
        metavar=("DAY", "HH:MM"),
        help=_("every week on this day: {days}").format(days=" ".join(DAYS)),
    )
    when.add_argument("--at-z", action="store_true", help=_("with each Z"))
    when.add_argument(
        "--as-it-happens", action="store_true", help=_("when there is something to tell")
    )
    change.add_argument(
        "--to",
        action="append",
        metavar="WHO",
        help=_("an address, or somebody of the address book by name; again for more"),
    )
    change.add_argument("--to-nobody", action="store_true", help=_("forget to whom it went"))
    change.add_argument("--language", choices=LANGUAGES, help=_("in which it is written"))


def _list(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        found = shop.schedules.people.listed(actor=None)
        zone = shop.configuration.zone
        if options.json:
            print_json({"schedules": [_as_json(one) for one in found]})
            return 0
    titles = [
        _("Name"),
        "",
        _("When"),
        _("Next time"),
        _("To whom"),
        _("Last"),
        _("What came of it"),
    ]
    rows = [
        [
            one.schedule.name.value,
            _("on") if one.schedule.form.is_on else _("off"),
            when_words(one.schedule.form.when),
            written_minute(one.next_at, zone) if one.next_at else "",
            ", ".join(one.to),
            written_minute(from_stored(one.last.at), zone) if one.last else "",
            _came(one),
        ]
        for one in found
    ]
    print_table(titles, rows, set())
    return 0


def _came(one: ListedSchedule) -> str:
    if one.last is None:
        return ""
    if one.last.is_good:
        return one.last.words
    return _("FAILED: {why}").format(why=one.last.words)


def _set(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        people = shop.schedules.people
        seen = people.find(options.name, actor=None)
        people.change(seen, _form(shop, options, seen.form), actor=None)
        found = people.listed(actor=None)
    shown = next(one for one in found if one.schedule.name == options.name)
    if options.json:
        print_json(_as_json(shown))
    else:
        form = shown.schedule.form
        state = _("on") if form.is_on else _("off")
        to = ", ".join(shown.to)
        parts = (shown.schedule.name.value, state, when_words(form.when), to)
        print(" · ".join(part for part in parts if part))
    return 0


def _form(shop: Shop, options: argparse.Namespace, before: ScheduleForm) -> ScheduleForm:
    """Return what is set, with what was not named as it was before."""
    parties = before.parties
    if options.to_nobody or options.to:
        parties = shop.schedules.people.meant(options.to or ())
    return replace(
        before,
        is_on=before.is_on if options.is_on is None else options.is_on,
        when=_when(options) or before.when,
        parties=parties,
        language=options.language or before.language,
    )


def _when(options: argparse.Namespace) -> When | None:
    if options.daily:
        return When(Beat.DAILY, parse_time(options.daily))
    if options.weekly:
        day, at = options.weekly
        if day not in DAYS:
            words = _("There is no day {day}: type one of {days}.")
            raise WrongUsage(words.format(day=day, days=", ".join(DAYS)))
        return When(Beat.WEEKLY, parse_time(at), day)
    if options.at_z:
        return When(Beat.AT_Z)
    return When(Beat.AS_IT_HAPPENS) if options.as_it_happens else None


def _run(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        job = shop.schedules.people.run(options.name, actor=None)
    if options.json:
        print_json({"schedule": options.name, "job": job})
    else:
        words = _("Job {job} does it; posctl queue show {job} tells how far it is.")
        print(words.format(job=job))
    return 0


def _as_json(one: ListedSchedule) -> dict[str, Any]:
    form, last = one.schedule.form, one.last
    return {
        "schedule": one.schedule.name.value,
        "on": form.is_on,
        "when": form.when.beat.value,
        "at": f"{form.when.at:%H:%M}" if form.when.has_clock else None,
        "day": form.when.day if form.when.beat is Beat.WEEKLY else None,
        "to": [*one.to],
        "language": form.language,
        "next_at": _iso(one.next_at),
        "last_at": _iso(from_stored(last.at)) if last else None,
        "last_ok": last.is_good if last else None,
        "last_words": last.words if last else None,
        "last_job": last.job if last else None,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
