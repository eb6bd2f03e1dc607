"""Files that were made of reports and lists: opened, shown, copied, mailed, made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QShowEvent

from pos_desktop.domain.contact import Contact
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportState
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.exports.export_words import export_state_words
from pos_desktop.services.reports.periods import Period
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.exports import Export
from pos_desktop.storage.mails import Mail
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.exports.export_forms import CopyForm, ListForm, MailFileForm
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
MOST = 200
_LOOK_MS = 700
_KB = 1024
_TONES = {ExportState.UNDER_WAY: Tone.ACCENT, ExportState.FAILED: Tone.DANGER}


class ExportsPage(ListPage):
    """Lists exports, the newest first; while one is made it looks again, when it is in sight."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Files"), listed=_("Files that were made"))
        self._exports: dict[int, Export] = {}
        self._told: int | None = None
        """The export that was said to be being made, until it is."""
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.refresh)

    # the list

    def refresh(self) -> None:
        """Read what was made, and what is being made."""
        exports, actor = self.office.shop.exports, self.office.actor
        self.ask(lambda: exports.listed(MOST, actor=actor), self._show)

    def _show(self, found: Sequence[Export]) -> None:
        self._exports = {one.number: one for one in found}
        empty = (
            _("No file was made yet"),
            _("F2 makes one of a whole list; a report is made into one where it is shown."),
        )
        self.show_rows([self._row(one) for one in found], empty)
        self._take_back_what_was_told()
        is_made = any(one.state is ExportState.UNDER_WAY for one in found)
        if is_made and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def _take_back_what_was_told(self) -> None:
        """Say no more that a file is being made once it is; the toast tells what came of it."""
        told = self._exports.get(self._told) if self._told is not None else None
        if told is None or told.state is ExportState.UNDER_WAY:
            return
        self._told = None
        notice = self.strip.notice
        if notice is not None and notice.text == _being_made(told):
            self.say(None)

    def _row(self, export: Export) -> ListRow:
        configuration, wish = self.office.shop.configuration, export.wish
        zone, days = configuration.zone, ""
        if wish.first is not None:
            days = Period.parse(wish.first, wish.end, configuration.today, zone).words
        return _row(export, shown_minute(export.asked_at, zone), days)

    @property
    def chosen(self) -> Export | None:
        """The export that is chosen in the list."""
        key = self.list.key
        return self._exports.get(key) if isinstance(key, int) else None

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look at once what has become of what was being made."""
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look no more while nobody does."""
        self._timer.stop()
        super().hideEvent(event)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show([*self._exports.values()])

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        new = Act(
            key=K.Key_F2,
            title=_("New list"),
            help=_("Make a file of a whole list of the shop"),
            rank=Rank.PLAIN if self.chosen else Rank.FIRST,
            do=self._ask_list,
        )
        if self.chosen is None:
            return (new,)
        again = Act(
            key=K.Key_F7,
            title=_("Make again"),
            help=_("Make the file once more, as things stand now"),
            do=self._again,
        )
        if self.chosen.state is not ExportState.DONE:
            return new, again
        return (*self._acts_on_file(), new, again)

    def _acts_on_file(self) -> tuple[Act, ...]:
        return (
            Act(
                key=K.Key_F3,
                title=_("Open"),
                help=_("Show the file with the program of this computer"),
                rank=Rank.FIRST,
                do=lambda: self._open(whole=False),
            ),
            Act(
                key=K.Key_F5,
                title=_("Show in folder"),
                help=_("Show the folder in which the file lies"),
                do=lambda: self._open(whole=True),
            ),
            Act(
                key=K.Key_F6,
                title=_("Copy to…"),
                help=_("Copy the file, to a stick for instance"),
                do=self._ask_copy,
            ),
            Act(
                key=K.Key_F8,
                title=_("E-mail"),
                help=_("Send the file by e-mail"),
                do=self._ask_mail,
            ),
            Act(
                key=K.Key_F8,
                shift=True,
                title="",
                help=_("Let the file go along with a mailing to many"),
                do=self._write_to_many,
            ),
            Act(
                key=K.Key_Delete,
                title=_("Remove file"),
                help=_("Remove the file; it can be made again"),
                do=self._remove,
            ),
        )

    def _ask_list(self) -> None:
        form = ListForm()
        title = _("A whole list as a file")
        self.open_form(form, title, lambda: self._leave(form), save=_("Make it"))

    def _leave(self, form: ListForm) -> None:
        wish = self.typed(form.read)
        if wish is None:
            return
        exports, actor = self.office.shop.exports, self.office.actor
        self.submit(lambda: exports.leave(wish, actor=actor), self._left)

    def _left(self, export: Export) -> None:
        self._told = export.number
        self.saved(_being_made(export))

    def _again(self) -> None:
        exports, actor, export = self.office.shop.exports, self.office.actor, self.chosen
        if export is not None:
            self.submit(lambda: exports.again(export.number, actor=actor), self._left)

    def _open(self, *, whole: bool) -> None:
        """Let the computer show the file, or the whole folder."""
        export, exports, actor = self.chosen, self.office.shop.exports, self.office.actor
        if export is None:
            return

        def show(path: Path) -> None:
            shown = path.parent if whole else path
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(shown))):
                self.refuse(
                    Refused(
                        _(
                            "This computer has no program that shows {file}: copy it to a stick "
                            "with F6."
                        ).format(file=path)
                    )
                )

        self.ask(lambda: exports.file(export, actor=actor), show)

    def _ask_copy(self) -> None:
        export = self.chosen
        if export is None or export.file is None:
            return
        form = CopyForm(export.file, Path.home())
        title = _("Where the copy goes")
        self.open_form(form, title, lambda: self._copy(form, export), save=_("Copy"))

    def _copy(self, form: CopyForm, export: Export) -> None:
        path, exports, actor = self.typed(form.read), self.office.shop.exports, self.office.actor
        if path is None:
            return

        def copied(_done: None) -> None:
            self.saved(_("The file was copied to {path}").format(path=path))

        self.submit_long(lambda: exports.copy(export.number, path, actor=actor), copied)

    def _write_to_many(self) -> None:
        if self.chosen is not None:
            self.taken_along.emit("mail_write", self.chosen)

    def _ask_mail(self) -> None:
        export, mail = self.chosen, self.office.shop.mail

        def ask(people: list[Contact]) -> None:
            form = MailFileForm([one.form.name for one in people])
            self.open_form(form, _("By e-mail"), lambda: self._mail(form, export), save=_("Send"))

        self.ask(mail.contacts.listed, ask)

    def _mail(self, form: MailFileForm, export: Export | None) -> None:
        typed = self.typed(form.read)
        if typed is None or export is None:
            return
        files, actor = self.office.shop.mail.of_files, self.office.actor

        def left(mail: Mail) -> None:
            self.saved(_("Mail {number} waits to be sent.").format(number=mail.number))

        self.submit(lambda: files.send_export(export, typed[0], actor=actor), left)

    def _remove(self) -> None:
        exports, actor, export = self.office.shop.exports, self.office.actor, self.chosen
        if export is not None:
            done = _("The file is removed; F7 makes it again.")
            self.submit(
                lambda: exports.remove(export.number, actor=actor), lambda _done: self.saved(done)
            )


def _being_made(export: Export) -> str:
    text = _("Export {number} is being made; selling goes on, and you are told in the end.")
    return text.format(number=export.number)


def _row(export: Export, moment: str, days: str) -> ListRow:
    state = export.state
    return ListRow(
        key=export.number,
        title=f"{export.number} · {export.title}",
        note=export.reason or joined(" · ", (moment, days, _size(export))),
        chip="" if state is ExportState.DONE else export_state_words(state),
        tone=_TONES.get(state, Tone.QUIET),
        right=export.wish.form.upper(),
        faded=state is ExportState.GONE,
    )


def _size(export: Export) -> str:
    if export.row_count is None or export.byte_count is None:
        return ""
    rows = ngettext("{count:,} row", "{count:,} rows", export.row_count)
    size = _("{size:,} KB").format(size=-(-export.byte_count // _KB))
    return joined(" · ", (rows.format(count=export.row_count), size))
