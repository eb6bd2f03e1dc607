"""What stands in one line of the list: made from a job or a queue, compared to see what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from pos_queue.views.shown import JobView, QueueView

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.jobs_board import Board, Part
from pos_desktop.services.background.queue_words import cause, job_title, state_words
from pos_desktop.services.shown_dates import shown_shortly
from pos_desktop.storage.moments import from_stored
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.jobs.wording import how_far, why_it_waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line."""

    key: int | str
    """The number of a job, the name of a queue, the number of a message as a text."""
    title: str
    note: str
    state: str
    tone: Tone
    since: str
    share: float | None = None
    """How much is done, 0 to 1; None where nobody knows."""
    beside: str = ""
    """How far it is, below the bar."""
    is_sentence: bool = False
    """Whether the title is one, and may have two lines."""
    ends_in_chip: bool = False
    """Whether its state is a chip, never a bar, and leaves the words all other room."""

    @property
    def spoken(self) -> str:
        """All of it, for those who cannot see it, and for the tooltip."""
        words = (self.title, self.note, self.state, self.beside, self.since)
        return ", ".join(word for word in words if word)


def rows_of(board: Board, zone: tzinfo) -> list[Row]:
    """Return the lines of a board."""
    if board.look.part is Part.QUEUES:
        return [_queue(queue, board.now, zone) for queue in board.queues]
    if board.look.part is Part.MESSAGES:
        latest = board.inbox.latest if board.inbox else ()
        return [_message(message, board.now, zone) for message in latest]
    return _jobs(board.jobs, board, zone)


def _jobs(jobs: Sequence[JobView], board: Board, zone: tzinfo) -> list[Row]:
    paused = frozenset(board.counts.paused)
    return [
        _failed(job, board.now, zone)
        if board.look.part is Part.FAILED
        else _running(job, board.now, zone)
        if job.state == "running"
        else _waiting(job, paused, board.now, zone)
        for job in jobs
    ]


def _running(job: JobView, now: datetime, zone: tzinfo) -> Row:
    far = job.progress
    share = min(1.0, far.done / far.total) if far is not None and far.total else None
    message = far.message if far is not None else ""
    return Row(
        key=job.number,
        title=job_title(job),
        note=" · ".join(part for part in (job.queue, message) if part),
        state=state_words(job.state),
        tone=Tone.ACCENT,
        since=shown_shortly(job.started_at or job.created_at, now, zone),
        share=share,
        beside=how_far(job, now),
    )


def _waiting(job: JobView, paused: frozenset[str], now: datetime, zone: tzinfo) -> Row:
    held_up = job.state == "waiting_for_network" or job.queue in paused
    return Row(
        key=job.number,
        title=job_title(job),
        note=" · ".join(part for part in (job.queue, job.error) if part),
        state=why_it_waits(job, paused, now, zone),
        tone=Tone.WARNING if held_up else Tone.QUIET,
        since=shown_shortly(job.created_at, now, zone),
    )


def _failed(job: JobView, now: datetime, zone: tzinfo) -> Row:
    return Row(
        key=job.number,
        title=job_title(job),
        note=job.error or cause(job),
        ends_in_chip=True,
        state=state_words(job.state),
        tone=Tone.DANGER,
        since=shown_shortly(job.finished_at or job.created_at, now, zone),
    )


def _queue(queue: QueueView, now: datetime, zone: tzinfo) -> Row:
    waiting = ngettext("{count:,} job waits", "{count:,} jobs wait", queue.queued)
    paused = queue.paused_at is not None
    return Row(
        key=queue.name,
        title=queue.name,
        note=waiting.format(count=queue.queued) if queue.queued else _("nothing waits"),
        state=_("paused") if paused else _("works"),
        tone=Tone.WARNING if paused else Tone.OK,
        since=shown_shortly(queue.paused_at, now, zone) if queue.paused_at else "",
    )


def message_tone(message: Notification) -> Tone:
    """Return how loudly a message is told."""
    if message.has_failed:
        return Tone.DANGER
    return Tone.WARNING if message.is_partly else Tone.OK


def _ended(message: Notification) -> str:
    return "failed" if message.has_failed else "done"


def _message(message: Notification, now: datetime, zone: tzinfo) -> Row:
    return Row(
        key=str(message.number),
        title=message.text,
        note="",
        is_sentence=True,
        ends_in_chip=True,
        state=_("partly") if message.is_partly else state_words(_ended(message)),
        tone=message_tone(message),
        since=shown_shortly(from_stored(message.at), now, zone),
    )
