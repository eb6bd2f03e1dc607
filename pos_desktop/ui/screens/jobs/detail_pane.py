"""One job with its whole story: facts, cause, attempts, what it works on."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from pathlib import Path

from pos_queue.views.shown import JobDetail
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QWidget

from pos_desktop.domain.text import _, again
from pos_desktop.services.background.queue_words import job_title
from pos_desktop.services.shown_dates import shown_shortly
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import Label, dress, label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.jobs.wording import (
    attempts_text,
    causes,
    facts,
    file_words,
    message_step,
    message_title,
    payload_text,
    state_of,
)

_STEP = 60
_LONG_WORD = re.compile(r"\S{20}(?=\S)")


class DetailPane(Spoken, QScrollArea):
    """Shows one job; long texts break anywhere and are moved up and down."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("The chosen job"))
        self.traced = False
        """Whether the tracebacks are wanted."""
        self._shown: JobDetail | None = None
        self.title = _Part(_("Job"), fonts.strong(Type.TILE))
        self.state = _Part(_("State"), fonts.strong(Type.SMALL))
        self.facts = _Part(_("Facts"), fonts.regular(Type.SMALL), tone="muted")
        self.cause = _Part(_("Cause"), fonts.regular(Type.TEXT))
        self._attempts_head = label(_("ATTEMPTS"), fonts.strong(Type.LABEL), tone="muted")
        self.attempts = _Part(_("Attempts"), fonts.regular(Type.SMALL))
        self._payload_head = label(_("WORKS ON"), fonts.strong(Type.LABEL), tone="muted")
        self.payload = _Part(_("What it works on"), fonts.regular(Type.SMALL))
        parts = (self.title, self.state, self.facts, self.cause)
        more = (self._attempts_head, self.attempts, self._payload_head, self.payload)
        inner = QWidget()
        inner.setLayout(column(*parts, *more, 1, gap=Space.INSIDE))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        self.show_nothing()

    def show_nothing(self, hint: str = "") -> None:
        """Show that no job is chosen, and a hint."""
        self._shown = None
        for part in self._parts():
            part.hide()
        self.facts.say(hint)

    def show_job(self, detail: JobDetail, now: datetime, zone: tzinfo) -> None:
        """Show a job; only words that changed are painted again."""
        other = self._shown is None or self._shown.view.number != detail.view.number
        self._shown = detail
        job = detail.view
        self.title.say(job_title(job))
        self.state.say(state_of(job))
        self.facts.say(facts(detail, now, zone))
        self.cause.say(causes(detail))
        self.attempts.say(attempts_text(detail.tried, now, zone, traced=self.traced))
        self._attempts_head.setVisible(bool(detail.tried))
        self.payload.say(payload_text(job))
        self._payload_head.show()
        if other:
            self.verticalScrollBar().setValue(0)

    def show_message(
        self,
        message: Notification,
        now: datetime,
        zone: tzinfo,
        *,
        sees_jobs: bool,
        file: Path | None = None,
    ) -> None:
        """Show what a job has told, and the file it has made.

        Whoever does not see the job itself reads who can help.
        """
        self.show_nothing()
        self.title.say(message_title(message))
        self.facts.say(shown_shortly(from_stored(message.at), now, zone))
        step = "" if sees_jobs else message_step(message)
        made = file_words(file) if file is not None and str(file) not in message.text else ""
        self.cause.say("\n".join(part for part in (message.text, made, step) if part))

    def move_by(self, steps: int) -> None:
        """Move what is seen up or down."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + steps * _STEP)

    def words(self) -> str:
        """Return all that is shown."""
        return "\n".join(
            part.text().replace("\u200b", "") for part in self._parts() if not part.isHidden()
        )

    def _parts(self) -> tuple[QLabel, ...]:
        head = (self.title, self.state, self.facts, self.cause)
        return *head, self._attempts_head, self.attempts, self._payload_head, self.payload


class _Part(Label):
    """A text with a name; a long word in it may break anywhere."""

    def __init__(self, name: str, font: QFont, *, tone: str = "") -> None:
        super().__init__()
        self._name = name
        self._whole = ""
        self.setAccessibleName(name)
        dress(self, font, tone=tone, wrap=True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def say(self, text: str) -> None:
        """Show a text, or nothing where it is empty."""
        self.setVisible(bool(text))
        if text != self._whole:
            self._tell_whole(text)

    def retell(self) -> None:
        """Say it in the language that is spoken now."""
        self._name = again(self._name)
        self._tell_whole(again(self._whole))

    def _tell_whole(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(f"{self._name}: {text}" if text else self._name)
        self.setText(_breakable(text))


def _breakable(text: str) -> str:
    """Let in breaks that are not seen, so that no path or address is cut at the edge."""
    return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", text)
