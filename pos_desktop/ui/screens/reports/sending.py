"""A report that goes elsewhere: into a file, or to somebody by e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_desktop.domain.contact import Contact
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.text import _, joined
from pos_desktop.services.reports.periods import Period
from pos_desktop.services.reports.report_kinds import MOMENTARY
from pos_desktop.services.reports.report_words import title
from pos_desktop.storage.exports import Export
from pos_desktop.storage.mails import Mail
from pos_desktop.ui.screens.exports.export_forms import MailFileForm, ReportFileForm

if TYPE_CHECKING:
    from pos_desktop.ui.screens.reports.reports_page import ReportsPage

_MAILED = (FileForm.PDF, FileForm.XLSX)


class ReportSending:
    """Asks what is to be known, and leaves the rest to a job."""

    def __init__(self, page: ReportsPage) -> None:
        self._page = page

    def ask_form(self) -> None:
        """Ask in which form the report is written."""
        form = ReportFileForm()
        head = _("The report as a file")
        self._page.open_form(form, head, lambda: self._export(form), save=_("Make it"))

    def ask_people(self) -> None:
        """Ask to whom the report goes."""

        def ask(people: list[Contact]) -> None:
            form = MailFileForm([one.form.name for one in people], _MAILED)
            head = _("The report by e-mail")
            self._page.open_form(form, head, lambda: self._mail(form), save=_("Send"))

        self._page.ask(self._page.office.shop.mail.contacts.listed, ask)

    def _wish(self, form: FileForm) -> ExportWish:
        asked, shop = self._page.asked, self._page.office.shop
        first, end = asked.dates(shop.configuration.today)
        filters = {by.value: text for by, text in asked.filters.items()}
        compare = asked.compares and form is not FileForm.CSV
        return ExportWish(
            what=asked.name, form=form, first=first, end=end, filters=filters, compare=compare
        )

    def _export(self, form: ReportFileForm) -> None:
        wish, office = self._wish(form.read()), self._page.office
        exports, actor = office.shop.exports, office.actor

        def left(export: Export) -> None:
            text = _("Export {number} is being made; it will lie among the files.")
            self._done(text.format(number=export.number))

        self._page.submit(lambda: exports.leave(wish, actor=actor), left)

    def _mail(self, form: MailFileForm) -> None:
        typed, office = self._page.typed(form.read), self._page.office
        if typed is None:
            return
        to, file_form = typed
        wish, actor = self._wish(file_form or FileForm.PDF), office.actor
        name = joined(", ", (title(wish.what), self._days(wish)))

        def left(mail: Mail) -> None:
            self._done(_("Mail {number} waits to be sent.").format(number=mail.number))

        files = office.shop.mail.of_files
        self._page.submit(lambda: files.send_report(wish, str(name), to, actor=actor), left)

    def _days(self, wish: ExportWish) -> str:
        if wish.what in MOMENTARY:
            return ""
        configuration = self._page.office.shop.configuration
        return Period.parse(wish.first, wish.end, configuration.today, configuration.zone).words

    def _done(self, sentence: str) -> None:
        self._page.close_form()
        self._page.say(sentence)
