"""The steps of an import as they are seen: a folder, the columns of a file, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pos_desktop.documents.columns import IGNORE
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.spoken import Field
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.catalogue.import_file import FIELDS, MANY
from pos_desktop.ui.screens.catalogue.import_words import field_title

_LONGEST_PATH = 1_000
_LINES = 6


class FilesView(Card):
    """A line to type into, and below it what lies in a folder."""

    def __init__(self) -> None:
        self.field = Field()
        self.field.setAccessibleName(_("File or folder"))
        self.field.setPlaceholderText(_("Letters of a name, or a whole path such as /media/stick"))
        self.field.setFont(fonts.regular(Type.TABLE))
        self.field.setFixedHeight(Size.TOUCH)
        self.field.setMaxLength(_LONGEST_PATH)
        self.where = WrappedText(fonts.strong(Type.TABLE), most=2)
        self.list = RowList(_("Files"))
        listed = Card(_("Files"), column(self.list, margins=(1, 1, 1, 1)))
        whole = column(self.field, self.where, gap=Space.BETWEEN)
        whole.addWidget(listed, 1)
        super().__init__(_("Choose a file"), whole, look="plain")

    def typed_path(self, folder: Path) -> Path | None:
        """Return the path that was typed, None where it is letters of a name or nothing."""
        text = self.field.text().strip()
        if not text.startswith("~") and "/" not in text and "\\" not in text:
            return None
        return folder / Path(text).expanduser()


class TextView(Card):
    """What is so, in sentences, and below them a list."""

    def __init__(self, name: str, listed: str) -> None:
        self.words = WrappedText(fonts.strong(Type.TABLE), most=_LINES)
        self.list = RowList(listed)
        whole = column(self.words, gap=Space.BETWEEN)
        whole.addWidget(Card(listed, column(self.list, margins=(1, 1, 1, 1))), 1)
        super().__init__(name, whole, look="plain")

    def show_text(self, words: str, rows: Iterable[ListRow], empty: tuple[str, str]) -> None:
        """Show these sentences and lines."""
        self.words.show_text(words)
        self.list.show_rows([*rows], empty)


class HoldsForm(Form):
    """What a column holds, by touch."""

    def __init__(self, holds: str) -> None:
        self.holds = Choice(_("What this column holds"), columns=4)
        super().__init__(_("Column"), (self.holds,))
        self.holds.show_choices([(one, field_title(one)) for one in FIELDS], holds)


class ErrorsForm(Form):
    """Where the list of errors is to be written."""

    def __init__(self, path: Path) -> None:
        self.file = FormField(_("File"), longest=_LONGEST_PATH)
        super().__init__(_("List of errors"), (self.file,))
        self.file.show_text(str(path))

    def read(self) -> Path:
        """Return the file; raise Refused where none was typed."""
        if not self.file.text:
            raise Refused(_("Type where the list is to be kept: a file that ends in .xlsx."))
        return Path(self.file.text).expanduser().absolute()


def next_field(holds: str, by: int, taken: Iterable[str]) -> str:
    """Return what a column holds after the arrow was pressed: none that others have taken."""
    free = [one for one in FIELDS if one not in {*taken} - {MANY, IGNORE} or one == holds]
    return free[(free.index(holds) + by) % len(free)]
