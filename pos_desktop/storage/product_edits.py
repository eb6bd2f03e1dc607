"""Products put into the catalogue, changed and removed one by one.

All inside the caller's transaction: who has seen which version is asked there first.
"""

from __future__ import annotations

from collections.abc import Iterable

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import PriceSource, ProductCard, ProductForm
from pos_desktop.storage import price_history, search
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.gate import BESIDE_A_TILL
from pos_desktop.storage.price_history import PriceMove
from pos_desktop.storage.product_cards import COLUMNS
from pos_desktop.storage.product_imports import Words, index_words
from pos_desktop.storage.stamps import Stamp, new_stamp

_PUT_BARCODE = (
    "INSERT INTO barcode (code, product_id, origin, ver, changed_at) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (product_id, code) DO UPDATE SET deleted_at = NULL, origin = excluded.origin, "
    "ver = excluded.ver, changed_at = excluded.changed_at"
)
_NAMED_BY = """
SELECT p.name FROM product p WHERE p.code = ?1 AND p.deleted_at IS NULL AND p.id <> ?2
UNION ALL
SELECT p.name FROM barcode b JOIN product p ON p.id = b.product_id
WHERE b.code = ?1 AND b.deleted_at IS NULL AND p.deleted_at IS NULL AND p.id <> ?2
LIMIT 1
"""


def named_by(database: ShopDatabase, code: str, besides: Id) -> str | None:
    """Return the name of another product that has this as its code or a barcode, or None."""
    found = database.value(_NAMED_BY, (code, besides))
    return None if found is None else str(found)


def add(database: ShopDatabase, books: Books, form: ProductForm) -> Id:
    """Put a new product into the catalogue and the search index; return its id."""
    product_id = books.new_id()
    row = 1 + int(database.value("SELECT coalesce(max(row), 0) FROM product"))
    stamp = new_stamp(database, books)
    database.insert("product", [{"row": row, "id": product_id, **_columns(form), **stamp}])
    _put_barcodes(database, product_id, form.barcodes, stamp)
    _index(database, out=[], into=[(row, form.name, form.code)])
    return product_id


def change(
    database: ShopDatabase,
    books: Books,
    card: ProductCard,
    form: ProductForm,
    *,
    source: PriceSource,
    staff_id: Id | None,
) -> int:
    """Bring a product from what its card shows to what the form says; return its new version."""
    stamp, before = new_stamp(database, books), card.form
    _update(database, card.id, {**_columns(form), **stamp})
    gone = [code for code in before.barcodes if code not in form.barcodes]
    _remove_barcodes(database, card.id, gone, stamp)
    new = [code for code in form.barcodes if code not in before.barcodes]
    _put_barcodes(database, card.id, new, stamp)
    if (before.name, before.code) != (form.name, form.code):
        row = database.value("SELECT row FROM product WHERE id = ?", (card.id,))
        old_words = (row, before.name, before.code)
        _index(database, out=[old_words], into=[(row, form.name, form.code)])
    move = PriceMove(
        card.id,
        stamp["ver"],
        before.price_cents,
        form.price_cents,
        before.cost_cents,
        form.cost_cents,
    )
    price_history.keep(database, [move], source=source, staff_id=staff_id, at=stamp["changed_at"])
    return int(stamp["ver"])


def remove(database: ShopDatabase, books: Books, card: ProductCard) -> None:
    """Leave a tombstone in place of a product; what was sold of it stays as it is."""
    stamp = new_stamp(database, books)
    _update(database, card.id, {"deleted_at": stamp["changed_at"], **stamp})
    _remove_barcodes(database, card.id, card.form.barcodes, stamp)


def _columns(form: ProductForm) -> Row:
    values = {name: getattr(form, name) for name in COLUMNS}
    return {**values, "by_weight": int(form.by_weight), "active": int(form.active)}


def _update(database: ShopDatabase, product_id: Id, values: Row) -> None:
    sets = ", ".join(f"{name} = ?" for name in values)
    database.execute_sql(f"UPDATE product SET {sets} WHERE id = ?", (*values.values(), product_id))


def _put_barcodes(
    database: ShopDatabase, product_id: Id, codes: Iterable[str], stamp: Stamp
) -> None:
    database.executemany(_PUT_BARCODE, [(code, product_id, *stamp.values()) for code in codes])


def _remove_barcodes(
    database: ShopDatabase, product_id: Id, codes: Iterable[str], stamp: Stamp
) -> None:
    database.executemany(
        "UPDATE barcode SET deleted_at = ?, origin = ?, ver = ?, changed_at = ? "
        "WHERE product_id = ? AND code = ?",
        [(stamp["changed_at"], *stamp.values(), product_id, code) for code in codes],
    )


def _index(database: ShopDatabase, *, out: list[Words], into: list[Words]) -> None:
    """Change the words of the search index, and merge a little of it: see `search.merge`."""
    index_words(database, out=out, into=into)
    search.merge(database, BESIDE_A_TILL.merge_pages)
