"""What posctl advises where a job has failed or cannot be acted on, or a figure is too high."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pos_queue.errors import NotPossible, WhyNot
from pos_queue.views.shown import Counts, JobView

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.jobs_board import AlertLimits
from pos_desktop.services.background.queue_desk import BatchRefused, JobRefused
from pos_desktop.services.background.queue_words import Remedy, remedy, why_not


@contextmanager
def advised() -> Iterator[None]:
    """Let a refusal say besides its reason which command goes on."""
    try:
        yield
    except JobRefused as error:
        raise Refused(refusal(error.reason)) from error
    except BatchRefused as error:
        listed = _("posctl queue batches lists them all.")
        raise Refused(" ".join((str(error), listed))) from error


def refusal(reason: NotPossible) -> str:
    """Return why something cannot be done with a job, and the command that goes on."""
    return f"{why_not(reason)} {_next_command(reason)}".rstrip()


def _next_command(reason: NotPossible) -> str:
    listed = _("posctl queue failed lists those that failed.")
    sentence = {
        WhyNot.UNKNOWN: listed,
        WhyNot.NOT_OVER: _("posctl queue show {number} tells how far it is."),
        WhyNot.DONE: "",
        WhyNot.NOT_FAILED: listed,
        WhyNot.OVER: _("posctl queue show {number} tells how."),
        WhyNot.KEY_TAKEN: _("Wait for that one, or cancel it first: posctl queue cancel {other}"),
        WhyNot.BATCH_CANCELLED: _("posctl queue forget {number} takes it off the list."),
    }[reason.why]
    return sentence.format(number=reason.number, other=reason.other)


def advice(job: JobView) -> str:
    """Return what a person can do about a failed job; empty for one that has not failed."""
    if (helps := remedy(job)) is None:
        return ""
    sentence = {
        Remedy.OTHER_VERSION: _(
            "Install the version that wrote it or a newer one, then: posctl queue retry {number}"
        ),
        Remedy.OWN_FILE: _(
            "Put the shop's own file and secrets back, then: posctl queue retry {number}. Else do "
            "by hand what it was to do, then: posctl queue forget {number}"
        ),
        Remedy.SUPPORT: _(
            "Send support what posctl queue show {number} tells; once that is mended: posctl queue "
            "retry {number}"
        ),
        Remedy.AS_IT_SAYS: _(
            "Do what it says. If the job is needed after that: posctl queue retry {number}. If "
            "not: posctl queue forget {number}"
        ),
        Remedy.TRY_AGAIN: _(
            "Mend the cause, then: posctl queue retry {number}. If nobody needs it any more: "
            "posctl queue forget {number}"
        ),
    }[helps]
    return sentence.format(number=job.number)


def alerts(counts: Counts, limits: AlertLimits) -> Iterator[str]:
    """Yield a sentence for each figure that is above what the shop allows."""
    if limits.is_late(counts):
        yield _(
            "A job has waited for {seconds} s, more than queue.alert_wait_seconds ({limit}): see "
            "that the till or posctl queue work runs, and that no queue is paused."
        ).format(seconds=int(counts.oldest_wait_seconds), limit=limits.wait_seconds)
    if limits.is_failing(counts) and not limits.failed:
        yield ngettext(
            "{count} job has failed: see it with posctl queue failed.",
            "{count} jobs have failed: see them with posctl queue failed.",
            counts.wrong,
        ).format(count=counts.wrong)
    elif limits.is_failing(counts):
        yield ngettext(
            "{count} job has failed, more than queue.alert_failed ({limit}): see it with posctl "
            "queue failed.",
            "{count} jobs have failed, more than queue.alert_failed ({limit}): see them with "
            "posctl queue failed.",
            counts.wrong,
        ).format(count=counts.wrong, limit=limits.failed)
