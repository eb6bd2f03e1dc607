"""The statement that was taken in last: how far its job is, why it failed, or what needs a look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.statements.statement_counts import StatementCounts
from pos_desktop.services.mpesa.statements.statement_words import look_groups, statement_sentences
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.catalogue.import_views import TextView
from pos_desktop.ui.screens.office.job_watch import JobWatch
from pos_desktop.ui.screens.office.office import Office

if TYPE_CHECKING:
    from pos_queue.views.shown import JobDetail


class StatementStep(QObject):
    """Watches a job while its view is looked at; the job needs no one to do so."""

    def __init__(self, office: Office, parent: QObject) -> None:
        super().__init__(parent)
        self.view = TextView(_("Statement of M-Pesa"), _("What needs a look"))
        self._watch = JobWatch(office, self, read=lambda detail: detail.result, says=_how_far)
        self._kept: Mapping[str, Any] | None = None
        """What the job that is shown has come to, once it has."""
        self._watch.told.connect(self._tell)
        self._watch.failed.connect(self._fail)
        self._watch.ended.connect(lambda _number, kept: self._show(kept))

    def watch(self, number: int) -> None:
        """Show this job from now on."""
        self._kept = None
        self._tell(_("The statement is being taken in …"))
        self._watch.watch(number)

    def leave(self) -> None:
        """Watch nothing any more."""
        self._watch.leave()

    def _tell(self, words: str) -> None:
        self.view.show_text(words, (), (_("Not yet"), _("The rows of the file are being read.")))

    def _fail(self, error: Exception) -> None:
        words = _("The statement was not taken in. {why}").format(why=error)
        self.view.show_text(
            words, (), (_("Nothing was read"), _("Mend that, then import it again."))
        )

    def retell(self) -> None:
        """Say what a job has come to in the language that is spoken now."""
        if self._kept is not None:
            self._show(self._kept)

    def _show(self, kept: Mapping[str, Any]) -> None:
        self._kept = kept
        counts = StatementCounts.of(kept)
        words = joined(" ", [f"{kept['file']}:", *statement_sentences(counts)])
        nothing = (_("Nothing needs a look"), _("Every row was read, and agrees with the shop."))
        self.view.show_text(words, look_rows(counts), nothing)


def look_rows(counts: StatementCounts) -> list[ListRow]:
    """Return a line for each row that needs a look, and one for those that are only counted."""
    found: list[ListRow] = []
    for group in look_groups(counts):
        titles = [*group.rows]
        if (more := group.count - len(group.rows)) > 0:
            titles.append(_("and {count:,} more").format(count=more))
        found += [
            ListRow(key=len(found) + place, title=title, note=group.reason, tone=Tone.WARNING)
            for place, title in enumerate(titles)
        ]
    return found


def _how_far(detail: JobDetail) -> str:
    progress = detail.view.progress
    sentence = _("Job {number} takes the statement in; selling goes on, and you are told.")
    words = sentence.format(number=detail.view.number)
    if progress is None:
        return joined(" · ", (words, detail.view.error))
    return joined(" · ", (words, _("{rows:,} rows").format(rows=progress.done)))
