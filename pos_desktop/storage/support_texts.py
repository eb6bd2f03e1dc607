"""What support is sent of the shop's file: its tables and counts, no row of it."""

from __future__ import annotations

from pos_desktop.storage.database import ShopDatabase


def schema_text(database: ShopDatabase) -> str:
    """Return the statements that made the tables of the file; no row of any."""
    rows = database.rows("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
    return "".join(f"{row['sql']};\n" for row in rows)


def print_counts(database: ShopDatabase) -> list[dict[str, object]]:
    """Return how many prints there are of each device, kind, state and fault."""
    return database.rows(
        "SELECT device, kind, state, fault, count(*) AS jobs FROM print_job "
        "GROUP BY device, kind, state, fault ORDER BY device, kind, state, fault"
    )
