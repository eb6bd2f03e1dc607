"""The words of the page of jobs: spans of time, reasons to wait, what to do, alerts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from pos_queue.errors import WhyNot
from pos_queue.views.shown import Attempt, JobDetail, JobView

from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.background.jobs_board import Board
from pos_desktop.services.background.queue_desk import JobRefused
from pos_desktop.services.background.queue_words import (
    Remedy,
    cause,
    outcome_words,
    remedy,
    state_words,
)
from pos_desktop.services.shown_dates import shown_shortly
from pos_desktop.storage.notifications import Notification

_MOST_TEXT = 20_000
"""More letters of one payload or traceback than this are not shown."""
_RULE = "─" * 12
"""Between two tracebacks."""


def span(seconds: float) -> str:
    """Return how long something takes, in its two largest units at most."""
    whole = max(0, int(seconds))
    if whole < 60:
        return _("{seconds} s").format(seconds=whole)
    if whole < 3600:
        return _("{minutes} min").format(minutes=whole // 60)
    if whole < 86400:
        return _("{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)
    return _("{days} d {hours} h").format(days=whole // 86400, hours=whole % 86400 // 3600)


def why_it_waits(job: JobView, paused: Collection[str], now: datetime, zone: tzinfo) -> str:
    """Return what a job waits for."""
    if job.queue in paused:
        return _("waits: its queue is paused")
    if job.state == "waiting_for_network":
        return _("waits for the network")
    if job.run_at > now:
        at = shown_shortly(job.run_at, now, zone)
        text = _("tries again at {time}") if job.attempts else _("waits until {time}")
        return text.format(time=at)
    return _("waits for its turn")


def how_far(job: JobView, now: datetime) -> str:
    """Return how far a job that runs is, how long it took so far, and how long it will."""
    parts = []
    if job.cancel_asked:
        parts.append(_("asked to end"))
    if job.progress is not None and job.progress.total:
        text = _("{done:,} of {total:,}")
        parts.append(text.format(done=job.progress.done, total=job.progress.total))
    elif job.progress is not None and job.progress.done:
        parts.append(f"{job.progress.done:,}")
    if job.started_at is not None:
        took = (now - job.started_at).total_seconds()
        parts.append(_("for {span}").format(span=span(took)))
        if (left := _left(job, took)) >= 1:
            parts.append(_("{span} left").format(span=span(left)))
    return " · ".join(parts)


def _left(job: JobView, took: float) -> float:
    far = job.progress
    if far is None or not far.total or not 0 < far.done < far.total:
        return 0.0
    return took * (far.total - far.done) / far.done


def what_to_do(job: JobView) -> str:
    """Return what a person can do about a failed job, here."""
    if (helps := remedy(job)) is None:
        return ""
    return {
        Remedy.OTHER_VERSION: _(
            "Install the version that wrote it or a newer one, then try again."
        ),
        Remedy.OWN_FILE: _(
            "Put the shop's own file and secrets back, then try again; else do by hand what it was "
            "to do, and forget it."
        ),
        Remedy.SUPPORT: _("Send support what stands here; once that is mended, try again."),
        Remedy.AS_IT_SAYS: _(
            "Do what it says. If the job is needed after that, try again; if not, forget it."
        ),
        Remedy.TRY_AGAIN: _(
            "Mend the cause, then try again. If nobody needs it any more, forget it."
        ),
    }[helps]


def message_step(message: Notification) -> str:
    """Return what somebody who does not see the jobs can do about the one of a message."""
    if not message.has_failed:
        return ""
    if message.job is None:
        sentence = _("Tell a manager: batch {number}. They see why, and try it again from here.")
        return sentence.format(number=message.batch)
    sentence = _("Tell a manager: job {number}. They see why, and try it again from here.")
    return sentence.format(number=message.job)


def file_words(file: Path) -> str:
    """Say where the file lies that the job of a message has made."""
    return _("The file is {path}").format(path=file)


def message_title(message: Notification) -> str:
    """Return what a message is about, in few words."""
    if message.job is None:
        return _("Batch {number} has ended").format(number=message.batch)
    if message.has_failed:
        title = _("Job {number} has failed")
    elif message.is_partly:
        title = _("Job {number} is done in part")
    else:
        title = _("Job {number} is done")
    return title.format(number=message.job)


def refusal(error: JobRefused) -> str:
    """Return why something cannot be done with a job, and what can be done here."""
    step = {
        WhyNot.UNKNOWN: _("The list is read anew: choose another one."),
        WhyNot.NOT_OVER: _("Runs and waits tells how far it is."),
        WhyNot.DONE: "",
        WhyNot.NOT_FAILED: _("The list is read anew."),
        WhyNot.OVER: _("The list is read anew."),
        WhyNot.KEY_TAKEN: _("Wait for that one, or cancel it under Runs and waits."),
        WhyNot.BATCH_CANCELLED: _("It can be forgotten here."),
    }[error.reason.why]
    return joined(" ", (error.sentence, step))


def alerts(board: Board) -> Iterator[str]:
    """Yield a sentence for each figure that is above what the shop allows."""
    counts, limits = board.counts, board.limits
    if limits.is_late(counts):
        text = _("A job has waited for {span}, more than {limit}: see that no queue is paused.")
        yield text.format(
            span=span(counts.oldest_wait_seconds), limit=span(float(limits.wait_seconds))
        )
    if limits.is_failing(counts) and not limits.failed:
        yield ngettext(
            "{count:,} job has failed: look at it under Failed.",
            "{count:,} jobs have failed: look at them under Failed.",
            counts.wrong,
        ).format(count=counts.wrong)
    elif limits.is_failing(counts):
        yield ngettext(
            "{count:,} job has failed, and the limit is {limit}: look at it under Failed.",
            "{count:,} jobs have failed, and the limit is {limit}: look at them under Failed.",
            counts.wrong,
        ).format(count=counts.wrong, limit=limits.failed)


def facts(detail: JobDetail, now: datetime, zone: tzinfo) -> str:
    """Return where a job belongs, and when it came."""
    job = detail.view
    parts = [
        _("Job {number}").format(number=job.number),
        _("queue {queue}").format(queue=job.queue),
        _("since {time}").format(time=shown_shortly(job.created_at, now, zone)),
        ngettext("tried once", "tried {count} times", job.attempts).format(count=job.attempts)
        if job.attempts
        else _("not tried yet"),
    ]
    if job.started_by:
        parts.append(_("by {name}").format(name=job.started_by))
    if job.batch is not None:
        parts.append(_("batch {number}").format(number=job.batch))
    return " · ".join(parts)


def causes(detail: JobDetail) -> str:
    """Return why a job failed and what can be done; of others what went wrong last."""
    job = detail.view
    said = " ".join(part for part in (cause(job), what_to_do(job)) if part)
    return "\n".join(part for part in (said, "" if job.error in said else job.error) if part)


def payload_text(job: JobView) -> str:
    """Return what a job works on; its secrets are covered by the view."""
    value = job.payload.value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    if job.payload.then:
        text += "\n" + _("then: {jobs}").format(jobs=", ".join(job.payload.then))
    return text[:_MOST_TEXT]


def attempts_text(tried: Sequence[Attempt], now: datetime, zone: tzinfo, *, traced: bool) -> str:
    """Return how the attempts ended, the last one first; with tracebacks clearly divided."""
    newest_first = reversed(tried)
    if not traced:
        return "\n".join(_attempt_head(one, now, zone) for one in newest_first)
    told = (
        f"{_attempt_head(one, now, zone)}\n{one.traceback[-_MOST_TEXT:].rstrip()}".rstrip()
        for one in newest_first
    )
    return f"\n\n{_RULE}\n\n".join(told)


def _attempt_head(one: Attempt, now: datetime, zone: tzinfo) -> str:
    began = shown_shortly(one.started_at, now, zone) if one.started_at else ""
    head = _("{number}. {outcome}").format(number=one.attempt, outcome=outcome_words(one.outcome))
    return " · ".join(part for part in (head, began, one.error) if part)


def state_of(job: JobView) -> str:
    """Return the state of a job with a capital letter."""
    words = state_words(job.state)
    return words[:1].upper() + words[1:]
