"""What support asks for of a shop that does not open, and the file that it wants."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal

from pos_desktop.domain.text import _
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.screens.doctor.bundle_field import BundleField
from pos_desktop.ui.screens.recovery.steps import ToldStep


class SupportStep(ToldStep):
    """Asks where the file for support goes, and says what support asks for on the telephone."""

    save_wanted = Signal(Path)
    """Where the file goes."""
    back = Signal()

    def __init__(self, sentences: Sequence[str], moment: datetime) -> None:
        """Take what is said, and the local moment that the file is called by."""
        self.file = BundleField(moment)
        super().__init__(_("For support"), sentences, (self.file,))

    def acts(self) -> tuple[Act, ...]:
        """Offer to save the file, and the way back."""
        return (
            self.way_on(
                _("Save for support"),
                _("Save what was found, with logs and settings, in one file for support"),
            ),
            Act(
                key=Qt.Key.Key_Escape,
                title=_("Back"),
                help=_("Back to what is wrong"),
                do=self.back.emit,
            ),
        )

    def go_on(self) -> None:
        """Hand over where the file goes, where it was said."""
        self.attempt(lambda: self.save_wanted.emit(self.file.read()))
