"""What reports can be narrowed to: looked up by what people call it, and listed."""

from __future__ import annotations

from pos_desktop.storage.database import Row, ShopDatabase


def person(database: ShopDatabase, login: str) -> Row | None:
    """Return id and name of a person by login or id, also of one who has left; or None."""
    return database.row(
        "SELECT id, name FROM staff WHERE id = ?1 OR login = ?1 "
        "ORDER BY deleted_at IS NOT NULL, active DESC LIMIT 1",
        (login,),
    )


def product(database: ShopDatabase, code: str) -> Row | None:
    """Return id and name of a product by id, code or barcode, also of one that was removed."""
    return database.row(
        """
        SELECT id, name FROM product WHERE id = ?1 OR code = ?1 OR id IN (
            SELECT product_id FROM barcode WHERE code = ?1 AND deleted_at IS NULL
        ) ORDER BY id <> ?1, deleted_at IS NOT NULL, code <> ?1 LIMIT 1
        """,
        (code,),
    )


def supplier(database: ShopDatabase, called: str) -> Row | None:
    """Return id and name of a supplier by id, code or name, in capitals or not; or None."""
    return database.row(
        "SELECT id, name FROM supplier WHERE id = ?1 OR deleted_at IS NULL "
        "AND (code = ?1 OR lower(name) = lower(?1)) ORDER BY id <> ?1, code <> ?1, id LIMIT 1",
        (called,),
    )


def people(database: ShopDatabase) -> list[tuple[str, str]]:
    """Return login and name of everybody who works or worked here, by name."""
    return _pairs(
        database, "SELECT login, name FROM staff WHERE deleted_at IS NULL ORDER BY name, id"
    )


def suppliers(database: ShopDatabase) -> list[tuple[str, str]]:
    """Return id and name of the suppliers, by name."""
    return _pairs(
        database, "SELECT id, name FROM supplier WHERE deleted_at IS NULL ORDER BY name, id"
    )


def categories(database: ShopDatabase) -> list[str]:
    """Return the categories of all products, also of removed ones, by name."""
    sql = "SELECT DISTINCT category FROM product WHERE category <> '' ORDER BY category"
    return [row["category"] for row in database.rows(sql)]


def was_category(database: ShopDatabase, category: str) -> bool:
    """Tell whether anything was sold as of a category, which no product may have any more.

    Reads the sales from the first one on until it is found.
    """
    sql = "SELECT 1 FROM sale_line WHERE category = ? LIMIT 1"
    return database.value(sql, (category,)) is not None


def _pairs(database: ShopDatabase, sql: str) -> list[tuple[str, str]]:
    return [(str(key), str(title)) for key, title in map(dict.values, database.rows(sql))]
