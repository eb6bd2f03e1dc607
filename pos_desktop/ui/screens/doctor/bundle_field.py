"""The field that asks where the file for support goes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, joined
from pos_desktop.services.doctor.bundle import LEFT_OUT, bundle_name, left_out_words
from pos_desktop.services.doctor.finding import Report
from pos_desktop.ui.kit.form import FormField

_LONGEST_PATH = 4_000


class BundleField(FormField):
    """Offers a file in the home of whoever is at the machine."""

    def __init__(self, moment: datetime) -> None:
        """Take the local moment that the file is called by."""
        super().__init__(_("File"), longest=_LONGEST_PATH)
        self.show_text(str(Path.home() / bundle_name(moment)))

    def read(self) -> Path:
        """Return the file; raise Refused where none was typed."""
        if not self.text:
            self.field.setFocus()
            raise Refused(_("Type where the file goes: a folder and a name that ends in .zip."))
        return Path(self.text).expanduser()


def saved_words(path: Path, report: Report) -> str:
    """Return what is said of a file for support that was saved, and of what is not in it."""
    words = _("Saved: {file}. Send it to support; no data of the shop is in it.")
    left_out = left_out_words() if any(one.check == LEFT_OUT for one in report.findings) else ""
    return joined(" ", (words.format(file=path), left_out))


def saving_words() -> str:
    """Return what is said while the file is being written."""
    return _("Everything is looked at and saved: ten seconds at most.")
