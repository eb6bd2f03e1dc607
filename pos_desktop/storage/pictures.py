"""Pictures of the shop, such as the logo on its receipts."""

from __future__ import annotations

from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.stamps import new_stamp


def picture(database: ShopDatabase, name: str) -> bytes | None:
    """Return a picture, or None where there is none of this name."""
    found = database.value("SELECT body FROM picture WHERE name = ?", (name,))
    return None if found is None else bytes(found)


def put(database: ShopDatabase, books: Books, name: str, body: bytes | None) -> None:
    """Keep a picture inside the caller's transaction; None takes it away."""
    database.execute_sql("DELETE FROM picture WHERE name = ?", (name,))
    if body is not None:
        row = {"name": name, "body": body, **new_stamp(database, books)}
        database.insert("picture", [row])
