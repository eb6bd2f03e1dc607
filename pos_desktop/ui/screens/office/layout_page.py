"""How receipts look: what is typed on the left is seen on paper on the right, as one types."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.paper.receipt_layout import ReceiptLayout, logo_of
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.labels import Label
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.spoken import ScrollArea
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage

PREVIEW_MS = 200
"""How long typing rests before the paper is made anew."""
LARGEST_FILE = 5_000_000


class LayoutPage(OfficePage):
    """A form, and the paper that it makes."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Receipt"))
        self.header = FormField(
            _("Below the address (| begins a new line)"), hint=_("Open daily 8 to 20 | 0712 345678")
        )
        self.footer = FormField(_("At the foot"), hint=_("Thank you. Karibu tena!"))
        self.paper = Choice(_("Paper"), columns=2)
        self.logo = FormField(_("Picture for the logo"), hint=_("/home/shop/logo.png"))
        self.form = Form(_("Receipt"), (self.header, self.footer, self.paper, self.logo))
        self._logo: bytes | None = None
        self.preview = Label()
        self.preview.setAccessibleName(_("Preview of the receipt"))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._picture = QPixmap()
        paper = ScrollArea()
        paper.setAccessibleName(_("Preview of the receipt"))
        paper.setWidgetResizable(True)
        paper.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        paper.setWidget(self.preview)
        both = row(gap=Space.EDGE)
        both.addWidget(Card(_("Receipt"), column(self.form, margins=INSIDE)), 1)
        both.addWidget(Card(_("Preview"), column(paper, margins=INSIDE)), 1)
        self.body.addLayout(both, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(PREVIEW_MS)
        self._rest.timeout.connect(self._ask_preview)
        self._latest = Latest()
        self._join()

    def _join(self) -> None:
        for field in (self.header.field, self.footer.field, self.logo.field):
            field.textChanged.connect(lambda _text: self._rest.start())
        self.paper.chosen.connect(lambda _key: self._rest.start())
        self.form.done.connect(self._keep)
        self.offer(
            Act(
                key=Qt.Key.Key_F8,
                title=_("Keep"),
                help=_("Keep this: the next receipt looks so"),
                do=self._keep,
                rank=Rank.FIRST,
            ),
            Act(
                key=Qt.Key.Key_F6,
                title=_("No logo"),
                help=_("Take the logo away"),
                do=self._drop_logo,
            ),
        )

    def opened(self) -> None:
        """Show the layout as it is kept."""
        self.ask(self.office.shop.receipt_layouts.layout, self._show)

    def _show(self, layout: ReceiptLayout) -> None:
        self._logo = layout.logo
        self.header.show_text(layout.header)
        self.footer.show_text(layout.footer)
        self.logo.show_text("")
        widths = [("80", _("80 mm")), ("58", _("58 mm"))]
        self.paper.show_choices(widths, str(layout.paper_mm))
        self.form.begin()
        self._ask_preview()

    def layout_now(self) -> ReceiptLayout:
        """Return the layout as it stands in the form."""
        return ReceiptLayout(
            header=self.header.text,
            footer=self.footer.text,
            paper_mm=int(self.paper.key or "80"),
            logo=self._logo,
        )

    def _ask_preview(self) -> None:
        layout, typed = self.layout_now(), self.logo.text
        preview = self.office.shop.receipt_layouts.preview

        def made() -> bytes:
            shown = layout
            with suppress(Refused):
                shown = _with_picture(layout, typed)
            return preview(shown)

        self.ask(made, self._latest.only(self._show_preview))

    def _show_preview(self, picture: bytes) -> None:
        self._picture.loadFromData(picture)
        self._fit()

    def _fit(self) -> None:
        room = self.preview.width()
        if self._picture.isNull() or room <= 0:
            return
        width = min(room, self._picture.width())
        smooth = Qt.TransformationMode.SmoothTransformation
        self.preview.setPixmap(self._picture.scaledToWidth(width, smooth))

    def _drop_logo(self) -> None:
        self._logo = None
        self.logo.show_text("")
        self._ask_preview()

    def _keep(self) -> None:
        """Keep the form as it stands; a picture that is typed only is read first, or refused."""
        layout, typed, actor = self.layout_now(), self.logo.text, self.office.actor
        layouts = self.office.shop.receipt_layouts

        def keep() -> ReceiptLayout:
            kept = _with_picture(layout, typed)
            layouts.keep(kept, actor=actor)
            return kept

        def then(kept: ReceiptLayout) -> None:
            self._logo = kept.logo
            self._ask_preview()
            self.say(_("Kept: the next receipt looks like this."))

        self.ask(keep, then)

    def keyboard_target(self) -> QLineEdit | None:
        """Let typing go to the part of the form that has the keyboard."""
        current = self.form.current
        return current if isinstance(current, QLineEdit) else None

    def handle_key(self, event: QKeyEvent) -> bool:
        """Walk through the form; the rest is for every page."""
        return self.form.handle_key(event) or super().handle_key(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the paper as large as there is room."""
        super().resizeEvent(event)
        self._fit()


def _with_picture(layout: ReceiptLayout, file: str) -> ReceiptLayout:
    """Return a layout with the picture of a file as its logo, where one is named.

    Refused where the file cannot be one.
    """
    if not file:
        return layout
    path = Path(file).expanduser()
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Refused(_("This file is too large for a logo: choose a smaller one."))
        return replace(layout, logo=logo_of(path.read_bytes()))
    except OSError as error:
        raise Refused(
            _("{file} cannot be read ({why}): choose another picture.").format(
                file=path, why=error.strerror
            )
        ) from error
