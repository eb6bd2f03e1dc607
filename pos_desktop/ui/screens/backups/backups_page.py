"""Backups: which there are and whether they are whole, where they go, made and checked by jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from pos_desktop.domain.schedule import Schedule, ScheduleName
from pos_desktop.domain.text import _, again, joined
from pos_desktop.services.backup.backup_folder import BackupFolder
from pos_desktop.services.backup.backup_words import checked_sentence, made_sentence
from pos_desktop.services.backup.sticks import plugged_in
from pos_desktop.storage.schedules import LastRun
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space
from pos_desktop.ui.screens.backups.backup_form import BackupFields
from pos_desktop.ui.screens.backups.backup_looks import BackupLooks
from pos_desktop.ui.screens.backups.backup_rows import (
    backup_row,
    content_facts,
    last_words,
    newest_words,
    place_facts,
    rule_facts,
    way_back,
)
from pos_desktop.ui.screens.office.facts import Facts
from pos_desktop.ui.screens.office.job_watch import JobWatch
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail

K = Qt.Key


class BackupsPage(ListPage):
    """Lists backups on the left; on the right stands how they are kept, or what is in one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Backups"), listed=_("Backups there are"))
        self.looks = BackupLooks(office, self, self._show)
        self.contents: dict[str, dict[str, Any]] = {}
        """What is in the backups that were checked, by their files."""
        self.facts = Facts(_("What is known of backups"))
        self._schedule: Schedule | None = None
        self._last: LastRun | None = None
        self.sticks: Callable[[], Sequence[Path]] = plugged_in
        self.making = self._watch(self._how_far_made, self._made)
        self.checking = self._watch(self._how_far_checked, self._checked)
        self.checking.failed.connect(self._not_whole)
        self._chosen_to_check: Path | None = None
        self._own_jobs: set[int] = set()
        self._has_saved = self._awaits_folders = False
        """Whether other places were saved, and whether it is to be said how they were found."""
        self.list_view.removeWidget(self._card)
        beside = row(gap=Space.BETWEEN)
        beside.addWidget(self._card, 3)
        known = column(self.facts, margins=INSIDE)
        beside.addWidget(Card(_("What is known of backups"), known), 2)
        self.list_view.addLayout(beside, 1)
        self.list.chosen.connect(self._tell_facts)

    def _watch(self, says: Any, ended: Any) -> JobWatch:
        watch = JobWatch(self.office, self, read=lambda detail: detail.result, says=says)
        watch.told.connect(self.say)
        watch.ended.connect(ended)
        watch.failed.connect(self._failed)
        return watch

    def _not_whole(self, _error: Exception) -> None:
        if self._chosen_to_check is not None:
            self.looks.read_again(self._chosen_to_check)

    # the list

    def refresh(self) -> None:
        """Learn where backups go, and look there; the window goes on meanwhile."""
        shop = self.office.shop

        def read() -> tuple[list[BackupFolder], Schedule | None, LastRun | None]:
            book, places = shop.schedules.book, shop.backups.places()
            return places, _schedule_of(book.everything()), book.last_run(ScheduleName.BACKUP)

        def show(found: tuple[list[BackupFolder], Schedule | None, LastRun | None]) -> None:
            folders, self._schedule, self._last = found
            self.looks.look(folders)
            self._awaits_folders, self._has_saved = self._has_saved, False
            self._show()

        self.ask(read, show)

    def _show(self) -> None:
        zone = self.office.shop.configuration.zone
        empty = (_("There is no backup yet"), _("F2 makes one now; selling goes on meanwhile."))
        if self.looks.is_looking:
            empty = (_("Still looking…"), _("A stick or a network may take a moment to answer."))
        elif any(seen.trouble for seen in self.looks.seen.values()):
            empty = (_("No backup is within reach"), _("What is in the way stands beside this."))
        kept = self.looks.kept()
        self.show_rows([backup_row(one, zone, self.looks) for one in kept], empty)
        self._tell_facts()
        if self._awaits_folders and self.looks.has_answered:
            self._awaits_folders = False
            self._say_found()

    def _say_found(self) -> None:
        """Say whether the places that were saved are there."""
        troubles = [again(one.trouble) for one in self.looks.seen.values() if one.trouble]
        if troubles:
            self.say(Notice(joined(" ", (_("Saved."), *troubles)), Tone.WARNING))
        else:
            self.say(Notice(_("Saved, and the folders are there."), Tone.OK))

    def tells_of(self, job: int) -> bool:
        """Tell whether a backup was made or checked here, whose end is said on the page."""
        return job in self._own_jobs

    def step(self, by: int) -> None:
        """Choose another line; a page at a time, read on in what stands beside the list."""
        if self.form is None and abs(by) > 1:
            bar = self.facts.verticalScrollBar()
            bar.setValue(bar.value() + (bar.pageStep() if by > 0 else -bar.pageStep()))
        else:
            super().step(by)

    def _tell_facts(self) -> None:
        """Show what is in the chosen one, where it was checked, and how backups are kept."""
        shop, found = self.office.shop, self.contents.get(str(self.list.key))
        configuration = shop.configuration
        now = shop.clock.base.now()
        facts = [*content_facts(found, configuration.zone)] if found else []
        facts.append((_("Newest"), newest_words(self.looks, now)))
        facts.append((_("Last time"), last_words(self._last, configuration.zone)))
        facts += place_facts(self.looks, configuration)
        facts += rule_facts(configuration, self._schedule)
        facts.append(way_back())
        if tuple(facts) != self.facts.facts:
            self.facts.show_facts(facts)
        self.tell_acts()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        make = Act(
            key=K.Key_F2,
            title=_("Back up now"),
            help=_("Make a backup now; selling goes on meanwhile"),
            rank=Rank.FIRST,
            do=self._make,
        )
        check = Act(
            key=K.Key_F3,
            title=_("Check this one"),
            help=_("Read the chosen backup to its end, as another computer would"),
            do=self._check,
        )
        change = Act(
            key=K.Key_F5,
            title=_("Where and how long"),
            help=_("Choose where backups go, when they are made and how long they are kept"),
            do=self._ask_settings,
        )
        again = Act(
            key=K.Key_F7,
            title=_("Look again"),
            help=_("Look at the folders once more, after a stick was put in"),
            do=self.refresh,
        )
        return (make, *([check] if self.list.key else []), change, again)

    def _make(self) -> None:
        if self.making.number is not None:
            return
        backups, actor = self.office.shop.backups, self.office.actor
        self.submit(lambda: backups.leave(actor=actor), self._left)

    def _left(self, number: int) -> None:
        self.say(_("The backup is on its way: job {number}.").format(number=number))
        self._own_jobs.add(number)
        self.making.watch(number)

    def _how_far_made(self, detail: JobDetail) -> str:
        return _how_far(_("The backup is being made; selling goes on."), detail)

    def _made(self, _number: int, result: dict[str, Any]) -> None:
        said = made_sentence(result)
        self.say(Notice(said.text, Tone.DANGER if result["findings"] else Tone.OK))
        self.list.choose_first()
        self.refresh()

    def _check(self) -> None:
        checking, actor = self.office.shop.backup_checking, self.office.actor
        file = self.list.key
        if self.checking.number is None and isinstance(file, str):
            self._chosen_to_check = Path(file)
            self.submit(lambda: checking.leave(Path(file), actor=actor), self._check_left)

    def _check_left(self, number: int) -> None:
        self.say(_("The backup is being read: job {number}.").format(number=number))
        self._own_jobs.add(number)
        self.checking.watch(number)

    def _how_far_checked(self, detail: JobDetail) -> str:
        return _how_far(_("The backup is being read to its end; selling goes on."), detail)

    def _checked(self, _number: int, result: dict[str, Any]) -> None:
        self.contents[result["file"]] = result
        self.looks.whole[Path(result["file"])] = True
        self.list.want(result["file"])
        said = checked_sentence(result)
        self.say(Notice(said.text, Tone.DANGER if result["findings"] else Tone.OK))
        self._show()

    def _failed(self, error: Exception) -> None:
        self.refuse(error)
        self.refresh()

    # where they go

    def _ask_settings(self) -> None:
        self.say(None)
        form = BackupFields(self.office.shop.configuration, self.sticks())
        self.open_form(form, _("Where backups go"), lambda: self._save(form), save=_("Save"))

    def _save(self, form: BackupFields) -> None:
        values = self.typed(form.read)
        if values is None:
            return
        shop, actor = self.office.shop, self.office.actor

        def write() -> None:
            shop.configuration.change(values, shop.books, actor=actor)

        words = _("Saved. Whether the folders are there is being looked at.")

        def written(_done: None) -> None:
            self._has_saved = True
            self.saved(words)

        self.submit(write, written)


def _how_far(words: str, detail: JobDetail) -> str:
    """Say how far a job is, in percent once it knows."""
    progress = detail.view.progress
    if progress is None or not progress.total:
        return words
    return joined(" ", (words, _("{percent} % done.").format(percent=_percent(progress))))


def _percent(progress: Any) -> int:
    return int(100 * progress.done // progress.total)


def _schedule_of(schedules: Sequence[Schedule]) -> Schedule | None:
    return next((one for one in schedules if one.name is ScheduleName.BACKUP), None)
