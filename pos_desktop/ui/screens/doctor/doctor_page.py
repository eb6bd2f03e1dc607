"""The doctor: what is broken, with what to do; looked at again, and saved for support."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.doctor.finding import Finding, Report, State
from pos_desktop.services.doctor.report_words import summary
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.doctor.bundle_field import BundleField, saved_words, saving_words
from pos_desktop.ui.screens.doctor.finding_view import FindingView, finding_row
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
_IN_ORDER = (State.BROKEN, State.NOTE, State.OK)


class BundleForm(Form):
    """Asks where the file for support goes."""

    def __init__(self, moment: datetime) -> None:
        self.file = BundleField(moment)
        super().__init__(_("Where the file for support goes"), (self.file,))


class DoctorPage(ListPage):
    """Lists what was found: what is broken first, what is in order last."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Doctor"), listed=_("What was found"))
        self.findings: list[Finding] = []
        self.report: Report | None = None
        self.view = FindingView()
        self.list_view.addWidget(self.view)
        self.list.chosen.connect(self._show_chosen)
        self._doctor = Doctor(office.shop.directory, office.shop.clock.base)

    # the list

    def refresh(self) -> None:
        """Look at everything; the window goes on meanwhile."""
        if self.is_busy:
            return
        doctor, actor = self._doctor, self.office.actor
        self.report, self.findings = None, []
        self.say(None)
        self.submit_reading(lambda: doctor.look(actor=actor), self._found)
        self._show()

    def seen_again(self) -> None:
        """Stay as it was left: F7 looks again."""

    def _found(self, report: Report) -> None:
        self.report = report
        self.findings = sorted(report.findings, key=lambda one: _IN_ORDER.index(one.state))
        self.list.choose_first()
        self._show()
        self._say_how_it_is(report)

    def _say_how_it_is(self, report: Report) -> None:
        self.say(Notice(summary(report), Tone.OK if report.ok else Tone.DANGER))

    def _show(self) -> None:
        empty = (
            (_("Everything is looked at…"), _("This takes ten seconds at most."))
            if self.is_busy
            else (_("Nothing was found"), _("F7 checks again."))
        )
        self.show_rows([finding_row(*one) for one in enumerate(self.findings)], empty)
        self._show_chosen()

    def _show_chosen(self) -> None:
        key = self.list.key
        is_there = isinstance(key, int) and key < len(self.findings)
        self.view.show_finding(self.findings[key] if is_there else None)  # type: ignore[index]

    def refuse(self, error: Exception) -> None:
        """Say why something was not done."""
        super().refuse(error)
        self._show()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.is_busy:
            return ()
        return (
            Act(
                key=K.Key_F7,
                title=_("Check again"),
                help=_("Look at everything once more, after something was mended"),
                rank=Rank.FIRST,
                do=self.refresh,
            ),
            Act(
                key=K.Key_F6,
                title=_("Save for support"),
                help=_("Save what was found, with logs and settings, in one file for support"),
                do=self._ask_file,
            ),
        )

    def _ask_file(self) -> None:
        shop = self.office.shop
        form = BundleForm(shop.clock.base.now().astimezone(shop.configuration.zone))
        title = _("Where the file for support goes")
        self.open_form(form, title, lambda: self._save(form), save=_("Save"))

    def _save(self, form: BundleForm) -> None:
        path = self.typed(form.file.read)
        if path is None:
            return
        doctor, actor = self._doctor, self.office.actor

        def saved(report: Report) -> None:
            self.close_form()
            self._found(report)
            self.say(saved_words(path, report))

        self.submit_long(lambda: doctor.pack(path, actor=actor), saved)
        self.say(saving_words())
