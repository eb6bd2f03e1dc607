"""The queue: its workers, what it keeps, and when it warns."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

QUEUE_WORKERS = declare(
    Setting(
        "queue.workers",
        int,
        2,
        Scope.MACHINE,
        lambda: _("Background jobs at once"),
        lambda: _(
            "How many jobs the till or posctl queue work runs at once on this computer, besides "
            "as many that somebody waits for, such as questions to M-Pesa, and one in a process "
            "of its own, such as an import."
        ),
        lowest=1,
        highest=16,
        at_start=True,
    )
)
QUEUE_KEEP_DAYS = declare(
    Setting(
        "queue.keep_days",
        int,
        30,
        Scope.SHOP,
        lambda: _("Days to keep jobs that have ended"),
        lambda: _(
            "Jobs that ended longer ago are removed; failed ones stay until they are retried or "
            "forgotten."
        ),
        lowest=1,
        highest=3_650,
    )
)
QUEUE_ALERT_WAIT_SECONDS = declare(
    Setting(
        "queue.alert_wait_seconds",
        int,
        300,
        Scope.SHOP,
        lambda: _("Longest wait of a job (s)"),
        lambda: _("A job that waits longer for a worker is an alert of posctl queue monitor."),
        lowest=1,
        highest=86_400,
    )
)
QUEUE_ALERT_FAILED = declare(
    Setting(
        "queue.alert_failed",
        int,
        0,
        Scope.SHOP,
        lambda: _("Failed jobs without alert"),
        lambda: _("More failed jobs than this are an alert of posctl queue monitor."),
        lowest=0,
        highest=100_000,
    )
)
QUEUE_IMPORT_ROWS_THRESHOLD = declare(
    Setting(
        "queue.import_rows_threshold",
        int,
        50,
        Scope.SHOP,
        lambda: _("Rows from which on an import is a job"),
        lambda: _("An import of so many rows or more is done by a background job."),
        lowest=0,
        highest=1_000_000,
    )
)
