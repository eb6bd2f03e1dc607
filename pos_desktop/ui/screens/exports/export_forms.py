"""What is typed on the page of exports: which list is wanted, and where a copy goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportWish, FileForm, ListName, list_words
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.known_field import KnownField

_FORMS = (FileForm.XLSX, FileForm.CSV)
_LONGEST_PATH = 4_000


class ListForm(Form):
    """Asks for a list of the shop; the days count for sales alone."""

    def __init__(self) -> None:
        self.list = Choice(_("What"), columns=2)
        self.form = Choice(_("As"), columns=2)
        self.first = FormField(_("From"), hint=_("2026-11-24; empty: today"))
        self.end = FormField(_("Up to, not including"), hint=_("2026-12-01; empty: all until now"))
        super().__init__(
            _("A whole list as a file"), (self.list, self.form, (self.first, self.end))
        )
        self.list.show_choices([(name, list_words(name)) for name in ListName], ListName.SALES)
        self.form.show_choices([(one, one.upper()) for one in _FORMS], FileForm.XLSX)
        self.list.chosen.connect(self._fit)

    def _fit(self, name: str) -> None:
        """Ask for days where they count."""
        for field in (self.first, self.end):
            field.setVisible(name == ListName.SALES)

    def read(self) -> ExportWish:
        """Return what is wanted."""
        is_sales = self.list.key == ListName.SALES
        return ExportWish(
            what=self.list.key,
            form=FileForm(self.form.key),
            first=(self.first.text or None) if is_sales else None,
            end=(self.end.text or None) if is_sales else None,
        )


class CopyForm(Form):
    """Asks where a copy of a file goes."""

    def __init__(self, name: str, folder: Path) -> None:
        self.file = FormField(_("File"), longest=_LONGEST_PATH)
        super().__init__(_("Where the copy goes"), (self.file,))
        self.file.show_text(str(folder / name))

    def read(self) -> Path:
        """Return the file; raise Refused where none was typed."""
        if not self.file.text:
            raise Refused(_("Type where the copy goes: a folder and the name of a file."))
        return Path(self.file.text).expanduser()


class ReportFileForm(Form):
    """Asks in which form a report is written."""

    def __init__(self) -> None:
        self.form = Choice(_("As"), columns=len(FileForm))
        super().__init__(_("The report as a file"), (self.form,))
        self.form.show_choices([(one, one.upper()) for one in FileForm], FileForm.PDF)

    def read(self) -> FileForm:
        """Return the form."""
        return FileForm(self.form.key)


class MailFileForm(Form):
    """Asks to whom a file goes by mail, and in which form where that is open."""

    def __init__(self, people: Sequence[str], forms: Sequence[FileForm] = ()) -> None:
        hint = _("A name of the address book, or addresses parted by commas")
        self.to = KnownField(_("To"), people, hint=hint)
        self.form = Choice(_("As"), columns=max(1, len(forms)))
        super().__init__(_("By e-mail"), (self.to, *((self.form,) if forms else ())))
        if forms:
            self.form.show_choices([(one, one.upper()) for one in forms], forms[0])

    def read(self) -> tuple[str, FileForm | None]:
        """Return to whom it goes, and the form."""
        to = self.to.meant or self.to.text
        return to, FileForm(self.form.key) if self.form.key else None
