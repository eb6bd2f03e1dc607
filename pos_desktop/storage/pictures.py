"""Pictures of the shop, such as the logo on its receipts."""

from __future__ import annotations

from pos_desktop.domain.ids import Id
from pos_desktop.storage.counters import MASTER_VERSION, raise_counter
from pos_desktop.storage.database import ShopDatabase


def picture(database: ShopDatabase, name: str) -> bytes | None:
    """Return a picture, or None where there is none of this name."""
    found = database.value("SELECT body FROM picture WHERE name = ?", (name,))
    return None if found is None else bytes(found)


def put(database: ShopDatabase, name: str, body: bytes | None, *, origin: Id, at: int) -> None:
    """Keep a picture inside the caller's transaction; None takes it away."""
    database.execute_sql("DELETE FROM picture WHERE name = ?", (name,))
    if body is not None:
        ver = raise_counter(database, MASTER_VERSION)
        row = {"name": name, "body": body, "origin": origin, "ver": ver, "changed_at": at}
        database.insert("picture", [row])
