"""The exports that were asked for, and the files that came of them.

One that is damaged is left out wherever there are others, and raises RowDamaged where it is meant.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePath

from pos_desktop.domain.export import ExportState, ExportWish, FileForm
from pos_desktop.domain.ids import Id
from pos_desktop.storage.counters import raise_counter
from pos_desktop.storage.damage import read_row, readable_rows
from pos_desktop.storage.database import Row, ShopDatabase


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export; moments in milliseconds UTC."""

    id: Id
    number: int
    """What people call it by."""
    wish: ExportWish
    title: str = ""
    """What it is called, once it is made."""
    state: ExportState = ExportState.UNDER_WAY
    job: int | None = None
    staff_id: Id | None = None
    file: str | None = None
    """Its name in the folder of exports."""
    row_count: int | None = None
    byte_count: int | None = None
    reason: str = ""
    """Why it failed."""
    asked_at: int
    changed_at: int


_PLAIN = (
    "id, number, title, state, job, staff_id, file, row_count, byte_count, reason, asked_at, "
    "changed_at"
)
_COLUMNS = f"what, form, wish, {_PLAIN}"


def next_number(database: ShopDatabase) -> int:
    """Give out the next export's number inside the caller's transaction."""
    return raise_counter(database, "export")


def add(database: ShopDatabase, export: Export) -> None:
    """Keep an export inside the caller's transaction."""
    row = {name: getattr(export, name) for name in _PLAIN.split(", ")}
    wish = export.wish
    more = {"what": wish.what, "form": wish.form, "wish": json.dumps(wish.as_plain())}
    database.insert("export", [{**row, **more}])


def by_id(database: ShopDatabase, export_id: Id) -> Export | None:
    """Return an export, or None where it was pruned."""
    row = database.row(f"SELECT {_COLUMNS} FROM export WHERE id = ?", (export_id,))
    return read_row(row, _export) if row else None


def by_number(database: ShopDatabase, number: int) -> Export | None:
    """Return the export that people call by a number, or None."""
    row = database.row(f"SELECT {_COLUMNS} FROM export WHERE number = ?", (number,))
    return read_row(row, _export) if row else None


def newest(database: ShopDatabase, limit: int, before: int | None = None) -> list[Export]:
    """Return exports, the newest first; those below a number where one is named."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM export WHERE ?1 IS NULL OR number < ?1 "
        "ORDER BY number DESC LIMIT ?2",
        (before, limit),
    )
    return readable_rows(rows, _export)


def set_job(database: ShopDatabase, export_id: Id, job: int) -> None:
    """Say which job makes an export."""
    database.execute_sql("UPDATE export SET job = ? WHERE id = ?", (job, export_id))


def set_made(
    database: ShopDatabase,
    export_id: Id,
    at: int,
    *,
    title: str,
    file: str,
    row_count: int,
    byte_count: int,
) -> None:
    """Keep what came of an export, inside the caller's transaction."""
    database.execute_sql(
        "UPDATE export SET state = 'done', title = ?, file = ?, row_count = ?, byte_count = ?, "
        "reason = '', changed_at = ? WHERE id = ?",
        (title, file, row_count, byte_count, at, export_id),
    )


def set_failed(database: ShopDatabase, export_id: Id, at: int, reason: str) -> None:
    """Keep why an export has failed, inside the caller's transaction."""
    database.execute_sql(
        "UPDATE export SET state = 'failed', reason = ?, changed_at = ? WHERE id = ?",
        (reason, at, export_id),
    )


def set_gone(database: ShopDatabase, export_id: Id, at: int) -> None:
    """Keep that the file of an export was removed, inside the caller's transaction."""
    database.execute_sql(
        "UPDATE export SET state = 'gone', file = NULL, changed_at = ? WHERE id = ?",
        (at, export_id),
    )


def older(database: ShopDatabase, before: int, most: int) -> list[tuple[Id, str | None]]:
    """Return exports that have ended and were not touched since a moment, so many at most.

    Of each, damaged or not, its id and the name of its file.
    """
    rows = database.rows(
        "SELECT id, file FROM export WHERE state <> 'under_way' AND changed_at < ? LIMIT ?",
        (before, most),
    )
    return [(row["id"], _file_name(row["file"])) for row in rows]


def remove(database: ShopDatabase, export_id: Id) -> None:
    """Forget an export inside the caller's transaction."""
    database.execute_sql("DELETE FROM export WHERE id = ?", (export_id,))


def _export(row: Row) -> Export:
    what, form = row.pop("what"), FileForm(row.pop("form"))
    wish = ExportWish(what=what, form=form, **json.loads(row.pop("wish")))
    if not isinstance(wish.filters, dict):
        raise TypeError("filters that are none")
    file = _file_name(row["file"])
    return Export(**{**row, "state": ExportState(row["state"]), "file": file}, wish=wish)


def _file_name(stored: str | None) -> str | None:
    """Return the name of a file, never that of one in another folder."""
    return PurePath(stored).name or None if stored else None
