"""The keys of the page of jobs, for its help."""

from __future__ import annotations

from pos_desktop.domain.text import _


def page_keys() -> tuple[tuple[str, str], ...]:
    """Return what moves about on the page: caps and sentences."""
    return (
        ("F1", _("Show or leave this help")),
        ("↑ ↓", _("Choose another line; also Page and Home, End")),
        ("← →", _("List another part")),
        ("Ctrl ↑ ↓", _("Move the text of the chosen job")),
        ("F4", _("Show or hide the tracebacks, for support")),
        ("F12", _("Lock the till; the open sale stays")),
        ("Esc", _("Back to where you were")),
    )


def act_keys() -> tuple[tuple[str, str], ...]:
    """Return what is done with the chosen line, by the part that is listed."""
    return (
        ("↵", _("Failed: try again. Queues: pause, pressed twice, or resume")),
        ("↵", _("Messages: open the file that was made, or see the job")),
        ("Del", _("Runs and waits: cancel. Failed: forget. Messages: mark as read")),
        ("⇧ Del", _("Failed: forget all; pressed twice. Messages: mark all as read")),
        ("F5", _("Failed: try all again")),
    )
