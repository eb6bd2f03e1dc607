"""Decides what the rows of a file do to the catalogue, before the write lock is asked for.

A row's product is found by its code where the row has one, else by its barcodes. A row whose keys
point at two products, or repeat an earlier row with other data, is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.tax import DEFAULT_BAND
from pos_desktop.storage.counters import MASTER_VERSION, counter
from pos_desktop.storage.database import Row, ShopDatabase


class StoreFault(StrEnum):
    """Why a good row of a file cannot go into this catalogue."""

    REPEATED = "repeated"
    """A code or barcode stood in an earlier row with other data."""
    TWO_PRODUCTS = "two_products"
    """Its code and barcodes belong to different products."""
    OTHER_CODE = "other_code"
    """Its barcode belongs to a product with another code."""
    NO_NAME = "no_name"
    """A new product without a name."""
    NO_PRICE = "no_price"
    """A new product without a price."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken: where, which field, what stands there, and why."""

    row: int
    field: str
    value: str
    fault: StoreFault


FIELDS = (
    "code",
    "name",
    "category",
    "unit",
    "price_cents",
    "cost_cents",
    "tax_band",
    "by_weight",
    "active",
    "item_class",
    "unit_code",
    "packaging_code",
)
"""The columns of a product that a file may set."""


@dataclass(slots=True)
class Known:
    """A product of the catalogue as it stands while the plan is made."""

    id: Id
    row: int
    values: Row
    barcodes: set[str]


@dataclass(slots=True)
class Change:
    """A product that is to be created (`before` None) or changed."""

    product: Known
    before: Row | None
    old_words: tuple[str, str | None] | None
    """Name and code as the search index holds them, where they change."""
    new_barcodes: list[str]
    stock: int | None = None


@dataclass(slots=True)
class Plan:
    """What some rows do: changes in order, rows rejected, and counts of the others."""

    version: int
    """The catalogue's version that the plan was made for."""
    changes: list[Change] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    keys: list[tuple[str, int]] = field(default_factory=list)
    """Codes and barcodes of the rows taken, with their digests."""
    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    stock_ignored: int = 0


class Planner:
    """Makes plans against one catalogue; keeps the keys of all rows of the file on disk.

    The keys lie in a temporary table of this connection, so that memory does not grow with the
    file.
    """

    def __init__(self, database: ShopDatabase, new_id: Callable[[], Id]) -> None:
        self._database = database
        self._new_id = new_id
        database.execute_sql("DROP TABLE IF EXISTS temp.seen")
        database.execute_sql(
            "CREATE TEMP TABLE seen (key TEXT PRIMARY KEY, digest INTEGER NOT NULL) WITHOUT ROWID"
        )

    def plan(self, rows: Sequence[ProductRow]) -> Plan:
        """Decide what rows do, in their order; nothing is written."""
        version = counter(self._database, MASTER_VERSION)
        return _Planning(self._database, self._new_id, Plan(version), rows).plan()

    def remember(self, plan: Plan) -> None:
        """Keep the keys of a plan that was carried out."""
        self._database.executemany(
            "INSERT OR IGNORE INTO temp.seen (key, digest) VALUES (?, ?)", plan.keys
        )


class _Planning:
    """One plan in the making."""

    def __init__(
        self,
        database: ShopDatabase,
        new_id: Callable[[], Id],
        plan: Plan,
        rows: Sequence[ProductRow],
    ) -> None:
        self._database = database
        self._new_id = new_id
        self._plan = plan
        self._rows = rows
        codes = [row.code for row in rows if row.code is not None]
        barcodes = [code for row in rows for code in row.barcodes or ()]
        self._seen = dict(self._pick("SELECT key, digest FROM temp.seen WHERE key", _keys(rows)))
        self._by_code = dict(
            self._pick("SELECT code, id FROM product WHERE deleted_at IS NULL AND code", set(codes))
        )
        self._by_barcode = dict(
            self._pick(
                "SELECT code, product_id FROM barcode WHERE deleted_at IS NULL AND code",
                set(barcodes),
            )
        )
        self._products = self._known({*self._by_code.values(), *self._by_barcode.values()})
        self._next_row = 1 + int(database.value("SELECT coalesce(max(row), 0) FROM product"))

    def plan(self) -> Plan:
        for row in self._rows:
            keys = _keys([row])
            seen = {self._seen[key] for key in keys if key in self._seen}
            if seen == {row.digest}:
                self._plan.unchanged += 1
            elif seen:
                repeated = next(
                    key for key in keys if self._seen.get(key, row.digest) != row.digest
                )
                kind = "code" if repeated[0] == "c" else "barcode"
                self._reject(row, kind, repeated[1:], StoreFault.REPEATED)
            elif self._take(row):
                marks = [(key, row.digest) for key in keys]
                self._seen.update(marks)
                self._plan.keys += marks
        return self._plan

    def _take(self, row: ProductRow) -> bool:
        """Plan a row that repeats no other; tell whether it was taken."""
        barcodes = row.barcodes or ()
        owners = {self._by_barcode[code] for code in barcodes if code in self._by_barcode}
        product_id = self._by_code.get(row.code) if row.code is not None else None
        if len(owners | ({product_id} - {None})) > 1:
            self._reject(row, "barcode", " ".join(barcodes), StoreFault.TWO_PRODUCTS)
            return False
        if product_id is None and owners:
            product_id = next(iter(owners))
            code = self._products[product_id].values["code"]
            if row.code is not None and code not in (None, row.code):
                self._reject(row, "barcode", " ".join(barcodes), StoreFault.OTHER_CODE)
                return False
        if product_id is None:
            return self._create(row)
        self._update(row, self._products[product_id])
        return True

    def _create(self, row: ProductRow) -> bool:
        if row.name is None or row.price_cents is None:
            missing = StoreFault.NO_NAME if row.name is None else StoreFault.NO_PRICE
            self._reject(row, "name" if row.name is None else "price", "", missing)
            return False
        values = dict.fromkeys(FIELDS) | _given(row)
        defaults = {"tax_band": DEFAULT_BAND, "by_weight": 0, "active": 1, "unit": ""}
        for name, default in defaults.items():
            if values[name] is None:
                values[name] = default
        product = Known(self._new_id(), self._next_row, values, set(row.barcodes or ()))
        self._next_row += 1
        self._index(product)
        self._plan.changes.append(
            Change(product, None, None, list(row.barcodes or ()), row.stock_thousandths)
        )
        self._plan.imported += 1
        return True

    def _update(self, row: ProductRow, product: Known) -> None:
        given = _given(row)
        changed = {name: value for name, value in given.items() if value != product.values[name]}
        barcodes = [code for code in row.barcodes or () if code not in product.barcodes]
        if row.stock_thousandths is not None:
            self._plan.stock_ignored += 1
        if not changed and not barcodes:
            self._plan.unchanged += 1
            return
        before = {**product.values, "barcodes": sorted(product.barcodes)}
        words = (product.values["name"], product.values["code"])
        old_words = words if {"name", "code"} & changed.keys() else None
        product.values = {**product.values, **changed}
        product.barcodes = {*product.barcodes, *barcodes}
        self._index(product)
        self._plan.changes.append(Change(product, before, old_words, barcodes))
        self._plan.updated += 1

    def _index(self, product: Known) -> None:
        self._products[product.id] = product
        if product.values["code"] is not None:
            self._by_code[product.values["code"]] = product.id
        for code in product.barcodes:
            self._by_barcode[code] = product.id

    def _reject(self, row: ProductRow, name: str, value: str, fault: StoreFault) -> None:
        self._plan.rejected.append(Rejected(row.number, name, value, fault))

    def _known(self, ids: Iterable[Id]) -> dict[Id, Known]:
        columns = ", ".join(FIELDS)
        found = {
            product_id: Known(product_id, row, dict(zip(FIELDS, values, strict=True)), set())
            for product_id, row, *values in self._pick(
                f"SELECT id, row, {columns} FROM product WHERE id", set(ids)
            )
        }
        for product_id, code in self._pick(
            "SELECT product_id, code FROM barcode WHERE deleted_at IS NULL AND product_id", found
        ):
            found[product_id].barcodes.add(code)
        return found

    def _pick(self, sql: str, values: Iterable[str]) -> list[Any]:
        """Return the rows of a query whose last column is one of the values."""
        wanted = list(values)
        if not wanted:
            return []
        marks = ",".join("?" * len(wanted))
        return list(self._database.execute_sql(f"{sql} IN ({marks})", wanted).fetchall())


def _given(row: ProductRow) -> Row:
    """Return the fields that a row sets, as the file keeps them."""
    found = {name: value for name in FIELDS if (value := getattr(row, name)) is not None}
    for name in ("by_weight", "active"):
        if name in found:
            found[name] = int(found[name])
    return found


def _keys(rows: Sequence[ProductRow]) -> list[str]:
    """Return the codes and barcodes of rows, each told apart by its first letter."""
    keys = [f"c{row.code}" for row in rows if row.code is not None]
    keys += [f"b{code}" for row in rows for code in row.barcodes or ()]
    return keys
