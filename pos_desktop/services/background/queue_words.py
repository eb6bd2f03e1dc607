"""The queue in people's words: states, causes of failure, refusals, and what helps."""

from __future__ import annotations

from enum import Enum, auto

from pos_queue.errors import NotPossible, WhyNot
from pos_queue.failures import Outcome
from pos_queue.views.shown import BatchView, JobView, Trouble

from pos_desktop.domain.text import _, ngettext


def words_of_jobs() -> dict[str, str]:
    """Return what each job of the program does, by its name."""
    return {
        "ask_mpesa": _("Ask M-Pesa about a payment"),
        "attempt_subscription_activation": _("Activate the subscription"),
        "change_prices": _("Change many prices"),
        "check_backup": _("Read a backup to its end"),
        "check_books": _("Check all books"),
        "claim_mpesa": _("Claim a payment among tills"),
        "confirm_mpesa": _("Confirm a payment with M-Pesa"),
        "end_take": _("End a stock take"),
        "draw_labels": _("Draw sheets of labels"),
        "export_file": _("Make a file of a report or list"),
        "backup_shop": _("Make a backup of the shop"),
        "import_mpesa_statement": _("Import a statement of M-Pesa"),
        "import_products": _("Import products"),
        "mail_day": _("Mail the Z of a day"),
        "mail_failures": _("Mail what has failed"),
        "mail_low_stock": _("Mail what is low"),
        "mail_week": _("Mail the sales of a week"),
        "list_import_errors": _("List what an import would reject"),
        "prepare_mail": _("Make an e-mail ready"),
        "process_mpesa_callback": _("Take in a report of M-Pesa"),
        "pull_mpesa": _("Read M-Pesa's list of payments"),
        "prune_jobs": _("Clear the history of jobs"),
        "reverse_mpesa": _("Have M-Pesa give a payment back"),
        "send_mail": _("Send an e-mail"),
        "send_mailing": _("Send an e-mail to many"),
        "tell_mpesa_reversal": _("See whether M-Pesa has answered a reversal"),
        "tell_mpesa_wait": _("Tell the relay what this till waits for"),
        "take_prices_back": _("Bring old prices back"),
        "undo_import": _("Take an import back"),
    }


def job_words(name: str) -> str:
    """Return what a job does, in words; its own name where none are known."""
    spaced = name.replace("_", " ").strip()
    return words_of_jobs().get(name) or spaced[:1].upper() + spaced[1:] or name


def job_title(job: JobView) -> str:
    """Return what a job does, and with which file or mail where its data names one."""
    data = job.payload.value
    named = (data.get("file") or data.get("title")) if isinstance(data, dict) else None
    words = job_words(job.job)
    return f"{words}: {named}" if isinstance(named, str) else words


def batch_words(batch: BatchView) -> str:
    """Return what became of the jobs of a batch that has ended."""
    done = ngettext("{name}: {count:,} job is done", "{name}: {count:,} jobs are done", batch.done)
    failed = ngettext(", {count:,} has failed", ", {count:,} have failed", batch.failed)
    sentence = done.format(name=batch.name, count=batch.done)
    return sentence + (failed.format(count=batch.failed) if batch.failed else "") + "."


def state_words(state: str) -> str:
    """Return the word for the state of a job."""
    return {
        "queued": _("waits"),
        "scheduled": _("waits for its time"),
        "running": _("runs"),
        "waiting_for_network": _("waits for the network"),
        "done": _("done"),
        "failed": _("failed"),
        "quarantined": _("quarantined"),
        "cancelled": _("cancelled"),
        "expired": _("expired"),
        "forgotten": _("forgotten"),
        "let_go": _("no longer wanted"),
    }.get(state, state)


def outcome_words(outcome: str) -> str:
    """Return the word for the end of an attempt."""
    return {
        "done": _("done"),
        "running": _("runs"),
        Outcome.FAILED: _("failed"),
        Outcome.GAVE_UP: _("gave up"),
        Outcome.TIMED_OUT: _("took too long"),
        Outcome.DIED: _("its process died"),
        Outcome.INTERRUPTED: _("interrupted"),
        Outcome.LATER: _("asked for later"),
        Outcome.UNREADY: _("its process could not be started"),
        Outcome.OFFLINE: _("no network"),
        Outcome.CANCELLED: _("cancelled"),
        Outcome.UNREADABLE: _("cannot be read"),
        Outcome.RESTORED: _("came back with a backup"),
    }.get(outcome, outcome)


def cause(job: JobView) -> str:
    """Return in a sentence, which everybody may read, why a job has failed.

    An error is part of it only where the job has written it for people. Empty for a job that has
    not failed.
    """
    if not job.has_failed:
        return ""
    if job.outcome == Outcome.UNREADABLE and job.payload.trouble is None:
        return _("Its data could not be read at that time; now it can.")
    if job.outcome == Outcome.UNREADABLE:
        return _trouble(job)
    if job.state == "quarantined":
        return _("The process that ran it has died three times in a row.")
    if job.outcome == Outcome.UNREADY:
        return _("The process that runs it could not be started.")
    if job.outcome == Outcome.RESTORED:
        return _(
            "It waited when the backup was made from which the shop was restored, and may have "
            "been done since: look whether it was, and try it again only if not."
        )
    if job.outcome == Outcome.TIMED_OUT:
        return _("It took longer than it may.")
    if job.outcome == Outcome.GAVE_UP:
        own_words = "" if job.is_sensitive else job.error
        return own_words or _("It cannot succeed as it is.")
    return ngettext(
        "It was tried once and did not succeed.",
        "It was tried {count} times and did not succeed.",
        job.attempts,
    ).format(count=job.attempts)


def _trouble(job: JobView) -> str:
    if job.payload.trouble is Trouble.UNKNOWN_JOB:
        return _("This version of the program knows no job “{job}”.").format(job=job.job)
    if job.payload.trouble is Trouble.MISMATCH:
        return _("This version of the program does not understand its data.")
    return _("Its data was damaged, changed past the program, or sealed with another shop's keys.")


class Remedy(Enum):
    """What helps a job that has failed; each place says in which steps."""

    OTHER_VERSION = auto()
    """The version of the program that wrote it, or a newer one."""
    OWN_FILE = auto()
    """The shop's own file and secrets."""
    SUPPORT = auto()
    """It kills what runs it, which only support can mend."""
    AS_IT_SAYS = auto()
    """What it said itself when it gave up."""
    TRY_AGAIN = auto()


def remedy(job: JobView) -> Remedy | None:
    """Return what helps a job; None for one that has not failed."""
    if not job.has_failed:
        return None
    if job.payload.trouble in (Trouble.UNKNOWN_JOB, Trouble.MISMATCH):
        return Remedy.OTHER_VERSION
    if job.payload.trouble is Trouble.UNREADABLE:
        return Remedy.OWN_FILE
    if job.state == "quarantined":
        return Remedy.SUPPORT
    return Remedy.AS_IT_SAYS if job.outcome == Outcome.GAVE_UP else Remedy.TRY_AGAIN


def why_not(error: NotPossible) -> str:
    """Return in a sentence why something cannot be done with a job; what can, each place says."""
    sentence = {
        WhyNot.UNKNOWN: _("There is no job {number}, or none any more."),
        WhyNot.NOT_OVER: _("Job {number} has not ended yet."),
        WhyNot.DONE: _("Job {number} is done; there is nothing to try again."),
        WhyNot.NOT_FAILED: _("Job {number} has not failed; only failed jobs are forgotten."),
        WhyNot.OVER: _("Job {number} has ended already."),
        WhyNot.KEY_TAKEN: _(
            "Job {number} stays as it is: job {other} does the same and has not ended."
        ),
        WhyNot.BATCH_CANCELLED: _(
            "Job {number} stays as it is: its batch {other} was cancelled. Begin that work anew "
            "if it is needed after all."
        ),
    }[error.why]
    return sentence.format(number=error.number, other=error.other)
