"""Backups in words: a line of the list, and what is known beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from pos_desktop import settings
from pos_desktop.domain.schedule import Schedule, when_words
from pos_desktop.domain.sizes import age_words, size_words
from pos_desktop.domain.text import _, again, joined
from pos_desktop.services.backup.backup_folder import Kept
from pos_desktop.services.backup.backup_words import books_words, is_not_copied
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.shown_dates import shown_day, shown_minute
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.schedules import LastRun
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.backups.backup_looks import BackupLooks

Fact = tuple[str, str]


def backup_row(kept: Kept, zone: tzinfo, looks: BackupLooks) -> ListRow:
    """Return the line of a backup; of one that was read to its end, whether it is whole."""
    whole = looks.whole.get(kept.path)
    till = _("till {till}").format(till=kept.till_code)
    second = _("second place") if kept.path.parent in looks.second_places else ""
    chip, tone = "", Tone.QUIET
    if whole is not None:
        chip, tone = (_("whole"), Tone.OK) if whole else (_("damaged"), Tone.DANGER)
    return ListRow(
        key=str(kept.path),
        title=shown_minute(to_stored(kept.taken_at), zone),
        note=joined(" · ", (till, second, str(kept.path.parent))),
        chip=chip,
        tone=tone,
        right=size_words(kept.size),
    )


def newest_words(looks: BackupLooks, now: datetime) -> str:
    """Say how old the newest backup is, and whether it is whole."""
    newest = looks.newest
    if newest is None:
        if looks.is_looking:
            return _("Still looking…")
        is_known = not any(seen.trouble for seen in looks.seen.values())
        none = _("There is none yet: F2 makes one.")
        return none if is_known else _("No backup is within reach")
    age = age_words(now - newest.taken_at)
    is_whole = looks.whole.get(newest.path)
    if is_whole is None:
        return joined(" · ", (age, _("is being read to its end…")))
    if is_whole:
        return joined(" · ", (age, _("whole, read to its last byte")))
    words = _("damaged: make a new one, on another stick or disk")
    return joined(" · ", (age, words))


def last_words(last: LastRun | None, zone: tzinfo) -> str:
    """Say when a backup was made last, or why not; nothing before the first."""
    if last is None:
        return ""
    moment = shown_minute(last.at, zone)
    if last.is_good:
        return _("made, {moment}").format(moment=moment)
    if is_not_copied(last.words):
        return _("made, not copied, {moment}: {why}").format(moment=moment, why=last.words)
    return _("not made, {moment}: {why}").format(moment=moment, why=last.words)


def place_facts(looks: BackupLooks, configuration: Configuration) -> Iterator[Fact]:
    """Yield where backups go, and what stands in the way there."""
    names = (_("They go to"), _("And to a second place"))
    for name, folder in zip(names, looks.folders, strict=False):
        seen = looks.seen.get(folder.path)
        words = str(folder.path) if seen is None or not seen.trouble else again(seen.trouble)
        yield name, words
    if not configuration.get(settings.BACKUP_COPY_FOLDER):
        yield names[1], _("Nowhere yet. Put a stick in and choose it with F5: a disk may break.")


def rule_facts(configuration: Configuration, schedule: Schedule | None) -> Iterator[Fact]:
    """Yield when they are made, and how long they stay."""
    get = configuration.get
    at_z = _("with each Z") if get(settings.BACKUP_AT_Z) else ""
    clock = when_words(schedule.form.when) if schedule and schedule.form.is_on else ""
    yield _("Made"), joined(", ", (at_z, clock)) or _("only by hand, with F2")
    yield (
        _("Kept"),
        _("the newest of {days} days, {weeks} weeks and {months} months").format(
            days=get(settings.BACKUP_KEEP_DAYS),
            weeks=get(settings.BACKUP_KEEP_WEEKS),
            months=get(settings.BACKUP_KEEP_MONTHS),
        ),
    )


def way_back() -> Fact:
    """Return what brings the shop back, and where."""
    return (
        _("To bring the shop back"),
        _(
            "On another computer install POS Desktop, put the stick in, and press F4 at the first "
            "start; type the recovery key that is on paper. On this one the till offers it by "
            "itself where the shop no longer opens."
        ),
    )


def content_facts(found: dict[str, Any], zone: tzinfo) -> Iterator[Fact]:
    """Yield what is in a backup that was checked, from the result of the job."""
    yield _("Checked"), _("whole, read to its last byte as another computer would")
    yield _("Shop"), joined(" · ", (found["shop"], _("till {till}").format(till=found["till"])))
    yield _("Shows the shop at"), shown_minute(found["taken_at"], zone)
    z = found["z"]
    last = joined(" · ", (z[0], shown_day(z[1]))) if z else _("there was none yet")
    yield _("Last Z"), last
    yield _("Sales"), f"{found['sales']:,}"
    yield _("Refunds"), f"{found.get('refunds', 0):,}"
    yield _("Books"), books_words(found)
    yield _("File"), Path(found["file"]).name
