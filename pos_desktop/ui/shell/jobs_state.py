"""How the background jobs are, in words for the top bar."""

from __future__ import annotations

from collections.abc import Sequence

from pos_queue.views.shown import Counts

from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.toast import Saying
from pos_desktop.ui.screens.jobs.herald import News
from pos_desktop.ui.screens.jobs.rows import message_tone

Shown = tuple[str, Tone, str]
"""The words of the pill, its tone, and the sentence of its tooltip; no words: no pill."""


def jobs_pill(counts: Counts | None, *, works: bool, unread: int = 0) -> Shown:
    """Return what is shown of these counts, None where nobody has counted yet.

    So many messages that the person at the till has not read stand behind them.
    """
    text, tone, why = _state(counts, works=works)
    if not unread:
        return text, tone, why
    told = ngettext(
        "{count:,} message for you: press here, or Ctrl W.",
        "{count:,} messages for you: press here, or Ctrl W.",
        unread,
    ).format(count=unread)
    if not text:
        return _("Jobs: {count:,} new").format(count=unread), Tone.ACCENT, told
    shown = _("{state} · {count:,} new").format(state=text, count=unread)
    return shown, tone, joined(" ", (told, why))


def _state(counts: Counts | None, *, works: bool) -> Shown:
    if not works:
        why = _("Nothing runs in the background; the till tries again by itself. Selling goes on.")
        return _("Jobs stopped"), Tone.DANGER, why
    if counts is None:
        return "", Tone.QUIET, ""
    press = _paused_words(counts.paused) or _("A manager presses here, or Ctrl W.")
    if wrong := counts.wrong:
        return _("Jobs: {count:,} failed").format(count=wrong), Tone.WARNING, press
    if counts.waiting_for_network:
        count = counts.waiting_for_network
        text = ngettext("Offline: {count:,} waits", "Offline: {count:,} wait", count)
        return (
            text.format(count=count),
            Tone.WARNING,
            _("They go on by themselves once the network is back."),
        )
    if counts.queued:
        text = ngettext("Jobs: {count:,} waits", "Jobs: {count:,} wait", counts.queued)
        waits = text.format(count=counts.queued)
        if not counts.paused:
            return waits, Tone.QUIET, press
        paused = _("{state} · paused").format(state=waits)
        return paused, Tone.WARNING, _paused_words(counts.paused)
    if count := len(counts.paused):
        text = ngettext("{count:,} queue paused", "{count:,} queues paused", count)
        return text.format(count=count), Tone.WARNING, _paused_words(counts.paused)
    return "", Tone.QUIET, ""


def _paused_words(queues: Sequence[str]) -> str:
    """Say which queues are paused, and who lets them go on; nothing where none is."""
    if not queues:
        return ""
    text = _("Paused: {queues}. A manager lets them go on: press here, or Ctrl W.")
    return text.format(queues=", ".join(queues))


def saying(news: News, *, sees_jobs: bool) -> Saying:
    """Return what the toast says of news to somebody who may see the jobs, or may not."""
    failed = news.message.has_failed
    more = _("{count:,} more").format(count=news.more) if news.more else ""
    step = _("See the job") if failed and sees_jobs else _("Messages")
    return Saying(
        text=news.message.text, tone=message_tone(news.message), step=step, key="Ctrl W", more=more
    )
