"""The people who work at the till."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.stamps import new_stamp


@dataclass(frozen=True)
class StaffMember:
    """A person as the file knows them; `locked_until` in milliseconds UTC."""

    id: Id
    login: str
    name: str
    role: str
    pin_hash: str
    failures: int = 0
    locked_until: int = 0
    active: int = 1
    language: str = ""
    """What the till speaks to this person; empty where that is the machine's own."""


_COLUMNS = "id, login, name, role, pin_hash, failures, locked_until, active, language"


def by_login(database: ShopDatabase, login: str) -> StaffMember | None:
    """Return the active person of a login, or None."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM staff WHERE login = ? AND active = 1 AND deleted_at IS NULL",
        (login,),
    )
    return StaffMember(**row) if row else None


def by_id(database: ShopDatabase, staff_id: Id) -> StaffMember | None:
    """Return a person, also one who has left, or None."""
    row = database.row(f"SELECT {_COLUMNS} FROM staff WHERE id = ?", (staff_id,))
    return StaffMember(**row) if row else None


def is_taken(database: ShopDatabase, login: str) -> bool:
    """Tell whether somebody has this login, also somebody who has left."""
    sql = "SELECT count(*) FROM staff WHERE login = ? AND deleted_at IS NULL"
    return bool(database.value(sql, (login,)))


def everybody(database: ShopDatabase, *, also_left: bool = False) -> list[StaffMember]:
    """Return the active people by login, and where asked those who have left."""
    rows = database.rows(
        f"SELECT {_COLUMNS} FROM staff WHERE deleted_at IS NULL AND active >= ? ORDER BY login",
        (int(not also_left),),
    )
    return [StaffMember(**row) for row in rows]


def change(
    database: ShopDatabase, books: Books, staff_id: Id, values: Mapping[str, str | int]
) -> None:
    """Set columns of a person inside the caller's transaction."""
    row = {**values, **new_stamp(database, books)}
    names = ", ".join(f"{name} = ?" for name in row)
    database.execute_sql(f"UPDATE staff SET {names} WHERE id = ?", (*row.values(), staff_id))


def add(database: ShopDatabase, books: Books, member: StaffMember) -> None:
    """Add a person inside the caller's transaction."""
    database.insert("staff", [{**vars(member), **new_stamp(database, books)}])


def count_failure(database: ShopDatabase, staff_id: Id) -> int:
    """Count a wrong PIN inside the caller's transaction; return how many it is in a row."""
    return int(
        database.value(
            "UPDATE staff SET failures = failures + 1 WHERE id = ? RETURNING failures", (staff_id,)
        )
    )


def set_attempts(database: ShopDatabase, staff_id: Id, *, failures: int, locked_until: int) -> None:
    """Keep how often a wrong PIN was given in a row and until when the person is locked out."""
    database.execute_sql(
        "UPDATE staff SET failures = ?, locked_until = ? WHERE id = ?",
        (failures, locked_until, staff_id),
    )
