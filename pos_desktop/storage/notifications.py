"""What jobs have told the people who started them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message; `at` in milliseconds UTC."""

    number: int
    job: int | None
    """The number of the job that it is about; None where it is about a batch."""
    batch: int | None = None
    has_failed: bool
    is_partly: bool = False
    """Whether what was to be done was done in part only: for some of the people, some rows."""
    text: str
    at: int


_FLAGS = ("has_failed", "is_partly")


def add(
    database: ShopDatabase,
    staff_id: Id,
    text: str,
    at: int,
    *,
    job: int | None = None,
    batch: int | None = None,
    has_failed: bool,
    is_partly: bool = False,
) -> None:
    """Leave a message about a job or a batch, in the caller's transaction."""
    about = {"job": job, "batch": batch, "has_failed": has_failed, "is_partly": is_partly}
    database.insert("notification", [{"staff_id": staff_id, "text": text, "at": at, **about}])


def unread(database: ShopDatabase, staff_id: Id, most: int) -> list[Notification]:
    """Return so many at most of what a person has not read, the newest first."""
    rows = database.rows(
        "SELECT number, job, batch, has_failed, is_partly, text, at FROM notification "
        "WHERE staff_id = ? AND read_at IS NULL ORDER BY number DESC LIMIT ?",
        (staff_id, most),
    )
    return [Notification(**row | {name: bool(row[name]) for name in _FLAGS}) for row in rows]


def count_unread(database: ShopDatabase, staff_id: Id) -> int:
    """Return how many messages a person has not read."""
    sql = "SELECT count(*) AS count FROM notification WHERE staff_id = ? AND read_at IS NULL"
    (row,) = database.rows(sql, (staff_id,))
    return int(row["count"])


def mark_read(database: ShopDatabase, staff_id: Id, numbers: Sequence[int], at: int) -> None:
    """Keep when a person has read messages; those of others stay as they are."""
    database.executemany(
        "UPDATE notification SET read_at = ? WHERE number = ? AND staff_id = ? AND read_at IS NULL",
        [(at, number, staff_id) for number in numbers],
    )


def mark_all_read(database: ShopDatabase, staff_id: Id, newest: int, at: int) -> None:
    """Keep when a person has read all messages up to one."""
    database.execute_sql(
        "UPDATE notification SET read_at = ? "
        "WHERE number <= ? AND staff_id = ? AND read_at IS NULL",
        (at, newest, staff_id),
    )


def prune_read(database: ShopDatabase, before: int, most: int) -> int:
    """Remove so many messages that were read before a moment; return how many there were."""
    removed: int = database.execute_sql(
        "DELETE FROM notification WHERE number IN "
        "(SELECT number FROM notification WHERE read_at < ? LIMIT ?)",
        (before, most),
    ).rowcount
    return removed
