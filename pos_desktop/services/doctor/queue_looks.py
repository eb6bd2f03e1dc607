"""Jobs in the background: who carries and runs them, which wait, which have failed."""

from __future__ import annotations

from collections.abc import Iterator

from pos_queue.codec import Codec
from pos_queue.drivers.opening import server_fault
from pos_queue.job import Registry
from pos_queue.owners.owners import Owners
from pos_queue.views.shown import Counts
from pos_queue.views.views import Views

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.sizes import wait_words
from pos_desktop.domain.text import _, ngettext
from pos_desktop.environment import queue_driver
from pos_desktop.services.background.jobs_board import AlertLimits
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding
from pos_desktop.services.doctor.patient import Patient


def views_of(patient: Patient) -> Views:
    """Return the queue as the file shows it; no payload is opened. Raises FileNotSeen."""
    registry = Registry()
    codec = Codec(registry, seal_key=b"")
    return Views(patient.reader, registry, codec, patient.clock)


def _limits(patient: Patient) -> AlertLimits:
    get = patient.configuration.get
    return AlertLimits(
        wait_seconds=get(settings.QUEUE_ALERT_WAIT_SECONDS),
        failed=get(settings.QUEUE_ALERT_FAILED),
    )


def _living(patient: Patient) -> list[str]:
    return Owners(patient.runners).living()


def _waiting(patient: Patient, look: Look) -> Iterator[Finding]:
    counts = views_of(patient).counts()
    words = _("{queued} queued, {scheduled} for later, {running} run, {network} wait for a network")
    detail = words.format(
        queued=counts.queued,
        scheduled=counts.scheduled,
        running=counts.running,
        network=counts.waiting_for_network,
    )
    if not _limits(patient).is_late(counts):
        yield look.ok(detail)
        return
    late = _("{detail}; the oldest has waited for {span}").format(
        detail=detail, span=wait_words(round(counts.oldest_wait_seconds))
    )
    yield look.broken(late, _why_late(patient, counts))


def _why_late(patient: Patient, counts: Counts) -> str:
    if counts.paused:
        return _("Queues are paused: posctl queue resume lets them go on.")
    if not _living(patient):
        return _("Nobody runs jobs: open the till, or run posctl queue work.")
    return _("Look with posctl queue monitor --watch whether they become fewer.")


def _failed(patient: Patient, look: Look) -> Iterator[Finding]:
    counts = views_of(patient).counts()
    detail = ngettext("{count} job has failed", "{count} jobs have failed", counts.wrong).format(
        count=counts.wrong
    )
    advice = _("posctl queue failed lists them and says what to do with each.")
    if _limits(patient).is_failing(counts):
        yield look.broken(detail, advice)
    elif counts.wrong:
        yield look.note(detail, advice)
    else:
        yield look.ok(_("none"))


def _paused(patient: Patient, look: Look) -> Iterator[Finding]:
    paused = views_of(patient).counts().paused
    if paused:
        names = ", ".join(paused)
        advice = _("posctl queue resume {names} lets them go on.").format(names=" ".join(paused))
        yield look.note(names, advice)
    else:
        yield look.ok(_("none"))


def _workers(patient: Patient, look: Look) -> Iterator[Finding]:
    """Tell who runs jobs; that nobody does is no fault as long as no till is open."""
    living = len(_living(patient))
    if living:
        yield look.ok(
            ngettext("{count} program runs jobs", "{count} programs run jobs", living).format(
                count=living
            )
        )
    elif views_of(patient).counts().running:
        yield look.broken(
            _("Jobs were begun by a program that is gone."),
            _("They go on when a till is open or posctl queue work runs: start one of them."),
        )
    else:
        yield look.note(
            _("Nobody runs jobs now."),
            _("They begin when a till is open or posctl queue work runs."),
        )


def _driver(_patient: Patient, look: Look) -> Iterator[Finding]:
    try:
        choice = queue_driver()
    except Refused as error:
        yield look.broken(_("The environment asks for what cannot be had."), str(error))
        return
    if choice.redis is None:
        yield look.ok(choice.name.value)
        return
    fault = server_fault(choice)
    if fault:
        yield look.broken(
            fault,
            _(
                "Jobs wait until it is back. Look whether the server runs and is reached, or "
                "remove POS_QUEUE_CONNECTION from the environment of till and workers."
            ),
        )
    else:
        yield look.ok(_("{server} answers").format(server=choice.redis))


GROUP = Group(
    "queue",
    (
        Look("queue", lambda: _("Jobs"), _waiting),
        Look("queue-failed", lambda: _("Failed jobs"), _failed),
        Look("queue-paused", lambda: _("Paused queues"), _paused),
        Look("queue-workers", lambda: _("Workers"), _workers),
        Look("queue-driver", lambda: _("Way of the jobs"), _driver),
    ),
)
