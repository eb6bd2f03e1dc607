"""What posctl advises where something cannot be done with a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pos_queue.errors import NotPossible, WhyNot

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.queue_desk import JobRefused
from pos_desktop.services.queue_words import why_not


@contextmanager
def advised() -> Iterator[None]:
    """Let a refusal say besides its reason which command goes on."""
    try:
        yield
    except JobRefused as error:
        raise Refused(refusal(error.reason)) from error


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
