"""The last step: the recovery key, which is shown only now."""

from __future__ import annotations

from pos_hardware.document import Align, Cut, ReceiptDocument, Rule, Size, Text
from PySide6.QtCore import Qt, Signal

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.first_run.step import Step

_GROUPS_A_LINE = 4


class KeyStep(Step):
    """Shows the recovery key until somebody says that it is kept."""

    kept = Signal()
    """Somebody has written the key down."""
    print_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("The recovery key"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.recovery_key = ""
        self._has_printer = False
        self._lines = [label(font=fonts.heavy(Type.BOX)) for _line in range(2)]
        for line in self._lines:
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        why = WrappedText(fonts.regular(Type.TABLE), most=6)
        why.show_text(
            _(
                "Your shop is made. This key alone opens its backups and brings its keys back when "
                "this computer is lost. It is shown only now and kept nowhere: write it down or "
                "print it, and keep it where the till is not."
            )
        )
        self.body.addWidget(why)
        self.body.addStretch(1)
        for line in self._lines:
            self.body.addWidget(line)
        self.body.addStretch(2)

    def show_key(self, recovery_key: str, *, has_printer: bool) -> None:
        """Show a key; it can be printed where there is a printer."""
        self.recovery_key, self._has_printer = recovery_key, has_printer
        groups = recovery_key.split("-")
        for place, line in enumerate(self._lines):
            first = place * _GROUPS_A_LINE
            line.setText("-".join(groups[first : first + _GROUPS_A_LINE]))
        self.acts_changed.emit()

    def acts(self) -> tuple[Act, ...]:
        """Offer to go on, on a key that nobody presses by habit, and to print."""
        kept = Act(
            key=Qt.Key.Key_F8,
            title=_("I have written it down"),
            help=_("Go on to the first shift"),
            rank=Rank.FIRST,
            do=self.kept.emit,
        )
        paper = Act(
            key=Qt.Key.Key_F5,
            title=_("Print it"),
            help=_("Print the key"),
            do=self.print_wanted.emit,
        )
        hasty = Act(
            key=Qt.Key.Key_Return,
            title="",
            help="",
            do=self.go_on,
        )
        return (kept, paper, hasty) if self._has_printer else (kept, hasty)

    def go_on(self) -> None:
        """Say that the key comes first: Enter was pressed by habit."""
        self.failed.emit(Refused(_("Write the key down first, then press F8.")))

    def paper(self, shop: str) -> ReceiptDocument:
        """Return the key on paper."""
        groups = self.recovery_key.split("-")
        halves = groups[:_GROUPS_A_LINE], groups[_GROUPS_A_LINE:]
        return ReceiptDocument(
            (
                Text(shop, Align.CENTER, bold=True, size=Size.DOUBLE),
                Text(_("Recovery key"), Align.CENTER, bold=True),
                Rule(),
                *(Text("-".join(half), Align.CENTER, bold=True) for half in halves),
                Rule(),
                Text(_("It opens the backups of the shop: keep it where the till is not.")),
                Cut(),
            )
        )
