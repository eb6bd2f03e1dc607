"""What was learned about a device once, so that it need not be learned again."""

from __future__ import annotations

from pos_desktop.storage.database import ShopDatabase


def recall(database: ShopDatabase, device: str, key: str) -> str | None:
    """Return what is known of a device under a key, or None."""
    found = database.value(
        "SELECT value FROM device_memory WHERE device = ? AND key = ?", (device, key)
    )
    return None if found is None else str(found)


def recall_all(database: ShopDatabase, device: str) -> dict[str, str]:
    """Return all that is known of a device, by its keys."""
    rows = database.rows("SELECT key, value FROM device_memory WHERE device = ?", (device,))
    return {row["key"]: row["value"] for row in rows}


def remember(database: ShopDatabase, device: str, key: str, value: str) -> None:
    """Keep what was learned, inside the caller's transaction."""
    database.execute_sql(
        "INSERT INTO device_memory (device, key, value) VALUES (?, ?, ?) "
        "ON CONFLICT (device, key) DO UPDATE SET value = excluded.value",
        (device, key, value),
    )


def forget(database: ShopDatabase, device: str, key: str) -> None:
    """Forget what was learned, inside the caller's transaction."""
    database.execute_sql("DELETE FROM device_memory WHERE device = ? AND key = ?", (device, key))
