"""The words of a mail: a subject and a text with fields in them, and HTML where one has it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout

from pos_desktop.domain.mail_template import (
    LONGEST_NAME,
    LONGEST_SUBJECT,
    TemplateForm,
    field_words,
)
from pos_desktop.domain.text import _
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.text_box import TextBox, TextPart
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.kit.tokens import Space, Type

_TEXT_HEIGHT, _HTML_HEIGHT = 150, 88
_TILE_HEIGHT = 48
_COLUMNS = 3


class LetterForm(Form):
    """Asks for the words; a tile for each field puts it where the keyboard is."""

    def __init__(self, known: Sequence[str], *, is_named: bool = False) -> None:
        """Take the fields that are known of the recipients; a template has a name."""
        self.name = FormField(_("Name of the template"), longest=LONGEST_NAME)
        self.subject = FormField(_("Subject"), longest=LONGEST_SUBJECT)
        self.body = TextPart(
            _("Text"),
            hint=_("Dear {{name}}, and so on. An empty line begins a paragraph.").format(),
            height=_TEXT_HEIGHT,
        )
        self.html = TextPart(
            _("HTML, where you have it"),
            hint=_("Pasted from elsewhere; without it the text is made into paragraphs by itself"),
            height=_HTML_HEIGHT,
        )
        heads = (self.name, self.subject) if is_named else (self.subject,)
        super().__init__(_("Words"), (heads, self.body, self.html))
        self.tiles: dict[str, Tile] = {}
        """What inserts each field."""
        self._lines.insertLayout(1, self._field_tiles(known))
        self._let_text_grow()

    def _field_tiles(self, known: Sequence[str]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(Space.INSIDE)
        words = field_words()
        for place, field in enumerate(known):
            sign = f"{{{field}}}"
            tile = Tile(sign, note=words[field], height=_TILE_HEIGHT, font=fonts.strong(Type.TEXT))
            tile.clicked.connect(partial(self._insert, sign))
            self.tiles[field] = tile
            grid.addWidget(tile, *divmod(place, _COLUMNS))
        return grid

    def _let_text_grow(self) -> None:
        inner = self.widget()
        whole = inner.layout() if inner else None
        assert isinstance(whole, QVBoxLayout)
        whole.setStretch(0, 1)
        whole.setStretch(1, 0)
        self._lines.setStretch(2, 3)
        self._lines.setStretch(3, 1)

    def _insert(self, sign: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        """Put a field where the keyboard is, or at the end of the text where it is in a name."""
        target = self.current
        if isinstance(target, QLineEdit) and target is self.subject.field:
            target.insert(sign)
            return
        box = target if isinstance(target, TextBox) else self.body.field
        box.setFocus()
        box.type_key(sign)

    def show_words(self, form: TemplateForm) -> None:
        """Show these words, to be changed."""
        self.name.show_text(form.name)
        self.subject.show_text(form.subject)
        self.body.show_text(form.body)
        self.html.show_text(form.html)

    def read(self) -> TemplateForm:
        """Return what was typed."""
        return TemplateForm(
            name=self.name.text,
            subject=self.subject.text,
            body=self.body.text,
            html=self.html.text,
        )
