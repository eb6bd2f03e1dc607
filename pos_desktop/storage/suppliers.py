"""The suppliers of the shop. Their rows are in no digest: a person among them can be erased."""

from __future__ import annotations

from pos_desktop.domain.ids import Id
from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.search import fold
from pos_desktop.storage.stamps import new_stamp

_FIELDS = tuple(SupplierForm.__slots__)
_COLUMNS = f"id, ver, {', '.join(_FIELDS)}"


def by_id(database: ShopDatabase, supplier_id: Id) -> Supplier | None:
    """Return a supplier, or None where there is none or it was removed."""
    row = database.row(
        f"SELECT {_COLUMNS} FROM supplier WHERE id = ? AND deleted_at IS NULL", (supplier_id,)
    )
    return _supplier(row) if row else None


def everybody(database: ShopDatabase) -> list[Supplier]:
    """Return all suppliers by name."""
    rows = database.rows(f"SELECT {_COLUMNS} FROM supplier WHERE deleted_at IS NULL")
    return sorted(map(_supplier, rows), key=lambda one: (fold(one.form.name), one.id))


def name_of(database: ShopDatabase, supplier_id: Id) -> str:
    """Return the name of a supplier, also of one who was removed."""
    return str(database.value("SELECT name FROM supplier WHERE id = ?", (supplier_id,)) or "")


def add(database: ShopDatabase, books: Books, form: SupplierForm) -> Id:
    """Add a supplier inside the caller's transaction; return its id."""
    supplier_id = books.new_id()
    row = {"id": supplier_id, **_values(form), **new_stamp(database, books)}
    database.insert("supplier", [row])
    return supplier_id


def change(database: ShopDatabase, books: Books, supplier_id: Id, form: SupplierForm) -> None:
    """Change a supplier inside the caller's transaction."""
    _update(database, supplier_id, {**_values(form), **new_stamp(database, books)})


def remove(database: ShopDatabase, books: Books, supplier_id: Id) -> None:
    """Leave a tombstone in place of a supplier; no product is ordered from there any more."""
    stamp = new_stamp(database, books)
    _update(database, supplier_id, {**stamp, "deleted_at": stamp["changed_at"]})
    database.execute_sql(
        "UPDATE product SET supplier_id = NULL, origin = ?, ver = ?, changed_at = ? "
        "WHERE supplier_id = ?",
        (stamp["origin"], stamp["ver"], stamp["changed_at"], supplier_id),
    )


def _values(form: SupplierForm) -> Row:
    return {name: getattr(form, name) for name in _FIELDS}


def _update(database: ShopDatabase, supplier_id: Id, values: Row) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    database.execute_sql(
        f"UPDATE supplier SET {sets} WHERE id = ?", (*values.values(), supplier_id)
    )


def _supplier(row: Row) -> Supplier:
    form = SupplierForm(**{name: row[name] for name in _FIELDS})
    return Supplier(id=row["id"], ver=row["ver"], form=form)
