"""What a restored shop must not do by itself, since the old machine may have done it already.

A rule is handed the file inside the transaction that begins the new epoch, and the moment in
milliseconds UTC; it returns how many things a person must look at. Whatever leaves the shop has its
rule here: what waited when the backup was made is never sent, printed or called by surprise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pos_queue.control.restored import lay_aside

from pos_desktop.domain.text import _
from pos_desktop.services.backup.backup_checking import CHECK_BACKUP
from pos_desktop.services.backup.backups import BACKUP_SHOP
from pos_desktop.services.job_keeping import PRUNE_JOBS
from pos_desktop.services.mail.mail_stops import stopped_words
from pos_desktop.services.mpesa.attempts import ASK_MPESA
from pos_desktop.services.paper.print_queue import DRAWER_KIND
from pos_desktop.storage import licence_rows, mail_recipients, print_jobs, schedules
from pos_desktop.storage.database import ShopDatabase

Rule = Callable[[ShopDatabase, int], int]

_COME_ROUND = (PRUNE_JOBS, BACKUP_SHOP, CHECK_BACKUP, ASK_MPESA)
"""Jobs that come again without anybody's asking: about a push the till asks when it begins.

And one that only looks, of which nobody misses anything.
"""


def _jobs(database: ShopDatabase, at: int) -> int:
    """Let a person decide on each job that waited or ran."""
    return lay_aside(database, at, dropped=_COME_ROUND)


def _prints(database: ShopDatabase, at: int) -> int:
    """Let a person say of each paper that waited whether it is there; no drawer opens later."""
    return print_jobs.doubt_waiting(database, at=at, settled_kind=DRAWER_KIND)


def _mails(database: ShopDatabase, at: int) -> int:
    """Let a person decide on everybody for whom a mail waited: they may have it since.

    But for those of a mail that was stopped, which the backup may have met between two lots.
    """
    mail_recipients.skip_left_over(database, at, stopped_words())
    reason = _("it waited when the backup was made, and may have gone out since")
    return mail_recipients.doubt_all(database, at, reason)


def _schedules(database: ShopDatabase, at: int) -> int:
    """Make nothing up that came round since: the old machine may have mailed it."""
    schedules.begin_all(database, at)
    return 0


def _payments(database: ShopDatabase, at: int) -> int:
    """Let a person try a payment for the subscription again whose job is laid aside, if need be."""
    licence_rows.stop_waiting(database, at, "restored")
    return 0


RULES: Mapping[str, Rule] = {
    "jobs": _jobs,
    "prints": _prints,
    "mails": _mails,
    "schedules": _schedules,
    "payments": _payments,
}
"""In the order in which they are applied."""


def after_restore(database: ShopDatabase, at: int) -> dict[str, int]:
    """Apply every rule; return by its name how many things a person must look at."""
    return {name: rule(database, at) for name, rule in RULES.items()}
