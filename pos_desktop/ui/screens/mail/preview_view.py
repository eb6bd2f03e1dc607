"""A mail as whoever gets it will see it: its text, and beside it its HTML on white paper."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtWidgets import QTextBrowser

from pos_desktop.domain.text import _
from pos_desktop.services.mail.mail_words import Words
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_STEP = 60
"""How far an arrow moves, in pixels."""


class Paper(Spoken, QTextBrowser):
    """Shows text or HTML. It loads nothing from anywhere, follows no link and runs no script."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("look", "paper")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFont(fonts.regular(Type.TEXT))

    def loadResource(self, type: int, name: QUrl | str) -> Any:  # noqa: A002, ARG002, N802 - Qt's
        """Load nothing: a picture elsewhere would tell that somebody has looked."""
        return QByteArray()


class PreviewView(Card):
    """Shows a mail. The arrows move both of its papers."""

    def __init__(self) -> None:
        self.text, self.page = Paper(_("Text")), Paper(_("HTML"))
        self._subject = WrappedText(fonts.heavy(Type.TILE), fonts.heavy(Type.TEXT), most=2)
        self._note = WrappedText(fonts.regular(Type.SMALL), tone="muted", most=2)
        both = row(gap=Space.BETWEEN)
        for name, paper in (
            (_("As text"), self.text),
            (_("As a page: pictures from elsewhere are not loaded"), self.page),
        ):
            head = label(name, fonts.strong(Type.LABEL), tone="muted", wrap=True)
            inner = column(head, gap=Space.INSIDE, margins=INSIDE)
            inner.addWidget(paper, 1)
            both.addWidget(Card(name, inner), 1)
        whole = column(self._subject, self._note, gap=Space.STEP)
        whole.addLayout(both, 1)
        super().__init__(_("Preview"), whole, look="plain")

    def show_words(self, words: Words, note: str) -> None:
        """Show these words; the note says for whom they are."""
        self._subject.show_text(words.subject)
        self._note.show_text(note)
        self.text.setPlainText(words.text)
        self.page.setHtml(words.html)

    def step(self, by: int) -> None:
        """Move both papers."""
        for paper in (self.text, self.page):
            bar = paper.verticalScrollBar()
            bar.setValue(bar.value() + by * _STEP)
