"""What is asked of labels: how many of a product, of which days, and where the sheets go."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.label import LABEL_SHEETS
from pos_desktop.domain.quantity import ONE, Thousandths
from pos_desktop.domain.text import _, ngettext
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField

_DAYS = ("1", "7", "30")


class CopiesForm(Form):
    """How many labels of a product."""

    def __init__(self, copies: int) -> None:
        self.copies = FormField(_("Number of labels"))
        super().__init__(_("Labels"), (self.copies,))
        self.copies.show_text(str(copies))

    def read(self) -> int:
        """Return the number; raise Refused where it is none."""
        return _number(self.copies.text)


class SinceForm(Form):
    """Since when prices have changed."""

    def __init__(self) -> None:
        self.days = Choice(_("Prices that changed"), columns=len(_DAYS))
        super().__init__(_("Labels"), (self.days,))
        self.days.show_choices([(one, _days_words(int(one))) for one in _DAYS], _DAYS[0])

    def since(self, now: datetime) -> datetime:
        """Return the moment, by the time of the shop: the beginning of a day."""
        day = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return day - timedelta(days=int(self.days.key) - 1)


class SheetForm(Form):
    """Which label of the first sheet is the first that is still there, and where the file goes."""

    def __init__(self, sheet: str, path: Path) -> None:
        self.first = FormField(
            _("First label on the sheet"),
            hint=_("1, unless the sheet was begun before; {count} are on it").format(
                count=LABEL_SHEETS[sheet].labels
            ),
        )
        self.file = FormField(_("File"))
        super().__init__(_("Sheets"), (self.first, self.file))
        self.first.show_text("1")
        self.file.show_text(str(path))

    def read(self) -> tuple[int, Path]:
        """Return the first label and the file; raise Refused where one of them is none."""
        if not self.file.text:
            raise Refused(_("Type where the sheets are to be kept: a file that ends in .pdf."))
        path = Path(self.file.text).expanduser()
        if path.suffix.lower() != ".pdf":
            path = path.with_name(f"{path.name}.pdf")
        return _number(self.first.text), path


def whole(quantity: Thousandths) -> int:
    """Return a quantity as a number of labels; raise Refused where it is none."""
    if quantity < ONE or quantity % ONE:
        raise Refused(_("Labels are counted in whole numbers from 1 up."))
    return quantity // ONE


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise Refused(_("Labels are counted in whole numbers from 1 up."))
    return int(text)


def _days_words(days: int) -> str:
    if days == 1:
        return _("Today")
    return ngettext("Last {days} day", "Last {days} days", days).format(days=days)
