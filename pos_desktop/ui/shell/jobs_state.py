"""How the background jobs are, in words for the top bar."""

from __future__ import annotations

from pos_queue.shown import Counts

from pos_desktop.domain.text import _
from pos_desktop.ui.kit.pill import Tone

Shown = tuple[str, Tone, str]
"""The words of the pill, its tone, and the sentence of its tooltip; no words: no pill."""


def jobs_pill(counts: Counts | None, *, works: bool) -> Shown:
    """Return what is shown of these counts, None where nobody has counted yet."""
    if not works:
        why = _("Nothing runs in the background; the till tries again by itself. Selling goes on.")
        return _("Jobs stopped"), Tone.DANGER, why
    if counts is None:
        return "", Tone.QUIET, ""
    press = _("A manager presses here, or Ctrl W.")
    if wrong := counts.failed + counts.quarantined:
        return _("Jobs: {count:,} failed").format(count=wrong), Tone.WARNING, press
    if counts.waiting_for_network:
        text = _("Offline: {count:,} wait").format(count=counts.waiting_for_network)
        return text, Tone.WARNING, _("They go on by themselves once the network is back.")
    if counts.queued:
        return _("Jobs: {count:,} wait").format(count=counts.queued), Tone.QUIET, press
    return "", Tone.QUIET, ""
