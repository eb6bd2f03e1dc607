"""Messages to all who may do something about it, each in their own language."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import languages, speaking
from pos_desktop.services.people.sign_in import person_of
from pos_desktop.storage import notifications, roles, staff
from pos_desktop.storage.database import ShopDatabase


def tell_all_who_may(
    database: ShopDatabase,
    permission: Permission,
    say: Callable[[], str],
    at: int,
    *,
    job: int | None,
    has_failed: bool,
) -> None:
    """Leave a message to each who has a permission, in the present transaction.

    `say` is called in the language of each; `at` is stored UTC.
    """
    known = roles.roles(database)
    for member in staff.everybody(database):
        if not person_of(member, known).may(permission):
            continue
        with speaking(member.language) if member.language in languages() else nullcontext():
            text = str(say())
        notifications.add(database, member.id, text, at, job=job, has_failed=has_failed)
