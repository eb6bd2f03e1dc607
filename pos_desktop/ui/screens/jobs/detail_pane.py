"""One job with its whole story: facts, cause, attempts, what it works on."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from pos_queue.views.shown import JobDetail
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QWidget

from pos_desktop.domain.text import _
from pos_desktop.services.queue_words import job_title
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.jobs.wording import (
    attempts_text,
    causes,
    clock_time,
    facts,
    message_step,
    message_title,
    payload_text,
    state_of,
)

_STEP = 60
_LONG_WORD = re.compile(r"\S{20}(?=\S)")


class DetailPane(QScrollArea):
    """Shows one job; long texts break anywhere and are moved up and down."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("The chosen job"))
        self.traced = False
        """Whether the tracebacks are wanted."""
        self._shown: JobDetail | None = None
        self.title = _text(_("Job"), fonts.strong(Type.TILE))
        self.state = _text(_("State"), fonts.strong(Type.SMALL))
        self.facts = _text(_("Facts"), fonts.regular(Type.SMALL), tone="muted")
        self.cause = _text(_("Cause"), fonts.regular(Type.TEXT))
        self._attempts_head = label(_("ATTEMPTS"), fonts.strong(Type.LABEL), tone="muted")
        self.attempts = _text(_("Attempts"), fonts.regular(Type.SMALL))
        self._payload_head = label(_("WORKS ON"), fonts.strong(Type.LABEL), tone="muted")
        self.payload = _text(_("What it works on"), fonts.regular(Type.SMALL))
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
        _say(self.facts, hint)

    def show_job(self, detail: JobDetail, now: datetime, zone: tzinfo) -> None:
        """Show a job; only words that changed are painted again."""
        other = self._shown is None or self._shown.view.number != detail.view.number
        self._shown = detail
        job = detail.view
        _say(self.title, job_title(job))
        _say(self.state, state_of(job))
        _say(self.facts, facts(detail, now, zone))
        _say(self.cause, causes(detail))
        _say(self.attempts, attempts_text(detail.tried, now, zone, traced=self.traced))
        self._attempts_head.setVisible(bool(detail.tried))
        _say(self.payload, payload_text(job))
        self._payload_head.show()
        if other:
            self.verticalScrollBar().setValue(0)

    def show_message(
        self, message: Notification, now: datetime, zone: tzinfo, *, sees_jobs: bool
    ) -> None:
        """Show what a job has told; whoever does not see the job itself reads who can help."""
        self.show_nothing()
        _say(self.title, message_title(message))
        _say(self.facts, clock_time(from_stored(message.at), now, zone))
        step = "" if sees_jobs else message_step(message)
        _say(self.cause, "\n".join(part for part in (message.text, step) if part))

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


def _text(name: str, font: QFont, *, tone: str = "") -> QLabel:
    made = label(font=font, tone=tone, wrap=True)
    made.setAccessibleDescription(name)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return made


def _say(part: QLabel, text: str) -> None:
    """Show a text, or nothing where it is empty; a long word may break anywhere."""
    part.setVisible(bool(text))
    if part.property("whole") != text:
        part.setProperty("whole", text)
        part.setAccessibleName(f"{part.accessibleDescription()}: {text}")
        part.setText(_breakable(text))


def _breakable(text: str) -> str:
    """Let in breaks that are not seen, so that no path or address is cut at the edge."""
    return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", text)
