"""What is asked before something is done that cannot be taken back from the recovery."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal

from pos_desktop.domain.text import _
from pos_desktop.shop_folder import DAMAGED_FOLDER
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.recovery.near_line import NearLine
from pos_desktop.ui.screens.recovery.near_look import NearLook
from pos_desktop.ui.screens.recovery.steps import ToldStep


class SalvageStep(ToldStep):
    """Says what becomes of the damaged file, and asks whether what is good of it is saved."""

    agreed = Signal()
    back = Signal()

    def __init__(self, directory: Path, look: NearLook) -> None:
        """Take the shop's folder, and what looks for backups: one may hold more."""
        self.near = NearLine(
            look,
            found=_("A backup may hold more, Esc goes back to it: {what}, in {place}."),
            none=_(
                "No backup of this shop was found near: one that holds more may lie on a stick "
                "that is not put in, or on another computer."
            ),
        )
        super().__init__(
            _("Save what is good?"),
            (
                _("All that can be read goes into a new file, and the till opens with that one."),
                _("The damaged file is kept, as it is, in {place}.").format(
                    place=(directory / DAMAGED_FOLDER).absolute()
                ),
                _("What cannot be read is missing then."),
            ),
            last=self.near,
        )

    def acts(self) -> tuple[Act, ...]:
        """Offer to save it, and the way back."""
        return (
            Act(
                key=Qt.Key.Key_Return,
                title=_("Save it"),
                help=_("Put the damaged file aside, and all that can be read into a new one"),
                rank=Rank.FIRST,
                do=self.agreed.emit,
            ),
            Act(
                key=Qt.Key.Key_Escape,
                title=_("Back"),
                help=_("Back to what is wrong"),
                do=self.back.emit,
            ),
        )


class EndStep(ToldStep):
    """Asks whether the program of a kiosk ends, which no key may do by itself."""

    agreed = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("End the program?"),
            (
                _("This till is a kiosk: once the program has ended, nobody can sell here."),
                _("The shop's file stays as it is. Ask a manager before you end it."),
            ),
        )

    def acts(self) -> tuple[Act, ...]:
        """Offer to end it, and the way back."""
        return (
            Act(
                key=Qt.Key.Key_Return,
                title=_("End the program"),
                help=_("Close the program; everything stays as it is"),
                do=self.agreed.emit,
            ),
            Act(
                key=Qt.Key.Key_Escape,
                title=_("Back"),
                help=_("Back to what is wrong"),
                rank=Rank.FIRST,
                do=self.back.emit,
            ),
        )
