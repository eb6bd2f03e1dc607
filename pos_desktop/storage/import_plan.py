"""Decides what the rows of a file do to the catalogue, before the write lock is asked for.

A row's product is found by its code where the row has one, else by its barcodes. A row whose keys
point at two products, or repeat an earlier row with other data, is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.row_faults import RowFault
from pos_desktop.domain.tax import DEFAULT_BAND
from pos_desktop.storage.counters import MASTER_VERSION, counter
from pos_desktop.storage.database import ShopDatabase


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not taken: where, which field, what stands there, and why."""

    row: int
    field: str
    value: str
    fault: RowFault


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

Values = tuple[Any, ...]
"""The values of a product's FIELDS, in their order."""

_given: Callable[[ProductRow], Values] = attrgetter(*FIELDS)
_CODE, _NAME, _PRICE = (FIELDS.index(name) for name in ("code", "name", "price_cents"))
_DEFAULTS = {"unit": "", "tax_band": DEFAULT_BAND, "by_weight": 0, "active": 1}
_NEW: tuple[tuple[int, Any], ...] = tuple(
    (FIELDS.index(name), value) for name, value in _DEFAULTS.items()
)
"""What a new product has where a row says nothing: place among the FIELDS, and value."""


@dataclass(slots=True)
class Known:
    """A product of the catalogue as it stands while the plan is made."""

    id: Id
    row: int
    values: Values
    barcodes: frozenset[str]


@dataclass(slots=True)
class Change:
    """A product that is to be created (`before` None) or changed."""

    product: Known
    """As it is to stand afterwards."""
    before: Known | None
    new_barcodes: tuple[str, ...]
    stock: int | None = None

    @property
    def words(self) -> tuple[str, str | None]:
        """Name and code as the search index is to hold them."""
        return self.product.values[_NAME], self.product.values[_CODE]

    @property
    def old_words(self) -> tuple[str, str | None] | None:
        """Name and code as the index holds them now, where they change."""
        if self.before is None:
            return None
        old = self.before.values[_NAME], self.before.values[_CODE]
        return old if old != self.words else None


class Verdict(Enum):
    """What becomes of a row."""

    IMPORTED = "imported"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(slots=True)
class Outcome:
    """What one row does."""

    row: ProductRow
    verdict: Verdict
    product_row: int | None = None
    """The product that the row is about; None for one that is rejected."""
    change: Change | None = None
    rejected: Rejected | None = None
    stock_ignored: bool = False


@dataclass(slots=True)
class Plan:
    """What some rows do, in their order."""

    version: int
    """The catalogue's version that the plan was made for; each change raises it by one."""
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def changes(self) -> list[Change]:
        """The changes, in order."""
        return [one.change for one in self.outcomes if one.change is not None]

    @property
    def rows(self) -> list[ProductRow]:
        """The rows that the plan is about."""
        return [one.row for one in self.outcomes]

    @property
    def rejected(self) -> list[Rejected]:
        """The rows that are not taken."""
        return [one.rejected for one in self.outcomes if one.rejected is not None]

    @property
    def stock_ignored(self) -> int:
        """How many rows name a stock that is passed over."""
        return sum(one.stock_ignored for one in self.outcomes)

    def count(self, verdict: Verdict) -> int:
        """Return how many rows have a verdict."""
        return sum(one.verdict is verdict for one in self.outcomes)

    def slice(self, first: int, most_changes: int) -> Plan:
        """Return the part that begins with an outcome and has so many changes at the most."""
        before = sum(one.change is not None for one in self.outcomes[:first])
        part = Plan(self.version + before)
        changes = 0
        for outcome in self.outcomes[first:]:
            changes += outcome.change is not None
            if changes > most_changes:
                break
            part.outcomes.append(outcome)
        return part


class Planner:
    """Makes plans against one catalogue; remembers on disk which products the file has touched.

    That lies in temporary tables of this connection, so that memory does not grow with the file.
    A dry run creates nothing, so there the keys of the products it would create are kept too.
    """

    def __init__(
        self, database: ShopDatabase, new_ids: Callable[[int], list[Id]], *, dry: bool
    ) -> None:
        self._database = database
        self._new_ids = new_ids
        self._dry = dry
        for table, columns in _MEMORY.items():
            database.execute_sql(f"DROP TABLE IF EXISTS temp.{table}")
            database.execute_sql(f"CREATE TEMP TABLE {table} ({columns})")

    def plan(self, rows: Sequence[ProductRow]) -> Plan:
        """Decide what rows do, in their order; nothing is written."""
        version = counter(self._database, MASTER_VERSION)
        return _Planning(self._database, self._new_ids(len(rows)), version, rows).plan(rows)

    def remember(self, plan: Plan) -> None:
        """Keep which products a plan has touched, after it was carried out."""
        touched = [(one.product_row,) for one in plan.outcomes if one.product_row is not None]
        keys = [
            (key, one.row.digest)
            for one in plan.outcomes
            if self._dry and one.verdict is Verdict.IMPORTED
            for key in _keys(one.row)
        ]
        with self._database.atomic("DEFERRED"):
            self._database.executemany("INSERT OR IGNORE INTO temp.touched VALUES (?)", touched)
            self._database.executemany("INSERT OR IGNORE INTO temp.planned VALUES (?, ?)", keys)


_MEMORY = {
    "touched": "row INTEGER PRIMARY KEY",
    "planned": "key TEXT PRIMARY KEY, digest INTEGER NOT NULL",
}


class _Planning:
    """One plan in the making."""

    def __init__(
        self, database: ShopDatabase, new_ids: list[Id], version: int, rows: Sequence[ProductRow]
    ) -> None:
        self._database = database
        self._new_ids = iter(new_ids)
        self._plan = Plan(version)
        codes = {row.code for row in rows if row.code is not None}
        barcodes = {code for row in rows for code in row.barcodes or ()}
        self._planned = self._pick_planned(rows)
        self._by_code = dict(
            self._pick("SELECT code, id FROM product WHERE deleted_at IS NULL AND code", codes)
        )
        self._by_barcode = dict(
            self._pick(
                "SELECT code, product_id FROM barcode WHERE deleted_at IS NULL AND code", barcodes
            )
        )
        self._products = self._known({*self._by_code.values(), *self._by_barcode.values()})
        rows_known = {product.row for product in self._products.values()}
        self._touched = {
            row for (row,) in self._pick("SELECT row FROM temp.touched WHERE row", rows_known)
        }
        self._next_row = 1 + int(database.value("SELECT coalesce(max(row), 0) FROM product"))

    def _pick_planned(self, rows: Sequence[ProductRow]) -> dict[str, int]:
        if not self._database.value("SELECT count(*) FROM (SELECT 1 FROM temp.planned LIMIT 1)"):
            return {}
        keys = {key for row in rows for key in _keys(row)}
        return dict(self._pick("SELECT key, digest FROM temp.planned WHERE key", keys))

    def plan(self, rows: Sequence[ProductRow]) -> Plan:
        outcomes = self._plan.outcomes
        for row in rows:
            outcome = self._outcome(row)
            outcomes.append(outcome)
            if outcome.product_row is not None:
                self._touched.add(outcome.product_row)
        return self._plan

    def _outcome(self, row: ProductRow) -> Outcome:
        if not self._planned:
            return self._decide(row)
        keys = _keys(row)
        digests = {self._planned[key] for key in keys if key in self._planned}
        if not digests:
            return self._decide(row)
        if digests == {row.digest}:
            return Outcome(row, Verdict.UNCHANGED)
        key = next(key for key in keys if self._planned.get(key, row.digest) != row.digest)
        return _rejected(row, _key_field(key), key[1:], RowFault.REPEATED)

    def _decide(self, row: ProductRow) -> Outcome:
        """Decide on a row by the product that its keys belong to."""
        barcodes = row.barcodes or ()
        owners = {self._by_barcode[code] for code in barcodes if code in self._by_barcode}
        product_id = self._by_code.get(row.code) if row.code is not None else None
        if len(owners | ({product_id} - {None})) > 1:
            return _rejected(row, "barcode", " ".join(barcodes), RowFault.TWO_PRODUCTS)
        if product_id is None and owners:
            product_id = next(iter(owners))
            code = self._products[product_id].values[_CODE]
            if row.code is not None and code not in (None, row.code):
                return _rejected(row, "barcode", " ".join(barcodes), RowFault.OTHER_CODE)
        if product_id is None:
            return self._create(row)
        return self._update(row, self._products[product_id])

    def _create(self, row: ProductRow) -> Outcome:
        if row.name is None:
            return _rejected(row, "name", "", RowFault.NO_NAME)
        if row.price_cents is None:
            return _rejected(row, "price", "", RowFault.NO_PRICE)
        barcodes = row.barcodes or ()
        values = _new_values(row)
        product = Known(next(self._new_ids), self._next_row, values, frozenset(barcodes))
        self._next_row += 1
        self._index(product)
        change = Change(product, None, barcodes, row.stock_thousandths)
        return Outcome(row, Verdict.IMPORTED, product.row, change)

    def _update(self, row: ProductRow, product: Known) -> Outcome:
        values = _filled(_given(row), product.values)
        barcodes = tuple(code for code in row.barcodes or () if code not in product.barcodes)
        stock_ignored = row.stock_thousandths is not None
        if values == product.values and not barcodes:
            return Outcome(row, Verdict.UNCHANGED, product.row, stock_ignored=stock_ignored)
        if product.row in self._touched:
            key = _keys(row)[0]
            return _rejected(row, _key_field(key), key[1:], RowFault.REPEATED)
        after = Known(product.id, product.row, values, product.barcodes.union(barcodes))
        self._index(after)
        change = Change(after, product, barcodes)
        return Outcome(row, Verdict.UPDATED, product.row, change, stock_ignored=stock_ignored)

    def _index(self, product: Known) -> None:
        self._products[product.id] = product
        if product.values[_CODE] is not None:
            self._by_code[product.values[_CODE]] = product.id
        for code in product.barcodes:
            self._by_barcode[code] = product.id

    def _known(self, ids: Iterable[Id]) -> dict[Id, Known]:
        columns = ", ".join(FIELDS)
        wanted = set(ids)
        barcodes: dict[Id, list[str]] = {}
        for product_id, code in self._pick(
            "SELECT product_id, code FROM barcode WHERE deleted_at IS NULL AND product_id", wanted
        ):
            barcodes.setdefault(product_id, []).append(code)
        found = self._pick(f"SELECT id, row, {columns} FROM product WHERE id", wanted)
        return {
            product_id: Known(
                product_id, row, tuple(values), frozenset(barcodes.get(product_id, ()))
            )
            for product_id, row, *values in found
        }

    def _pick(self, sql: str, values: set[Any]) -> list[Any]:
        """Return the rows of a query whose last column is one of the values."""
        if not values:
            return []
        marks = ",".join("?" * len(values))
        return list(self._database.execute_sql(f"{sql} IN ({marks})", list(values)).fetchall())


def _rejected(row: ProductRow, name: str, value: str, fault: RowFault) -> Outcome:
    return Outcome(row, Verdict.REJECTED, rejected=Rejected(row.number, name, value, fault))


def _new_values(row: ProductRow) -> Values:
    """Return the values of a new product; one pass over FIELDS is too slow for every row."""
    values = list(_given(row))
    for place, default in _NEW:
        if values[place] is None:
            values[place] = default
    return tuple(values)


def _filled(given: Values, known: Values) -> Values:
    """Return the given values, with what is known where nothing is given."""
    return tuple([old if new is None else new for new, old in zip(given, known, strict=True)])


def _key_field(key: str) -> str:
    return {"c": "code", "b": "barcode"}[key[0]]


def _keys(row: ProductRow) -> list[str]:
    """Return the code and barcodes of a row, each told apart by its first letter."""
    keys = [f"b{code}" for code in row.barcodes or ()]
    if row.code is not None:
        keys.append(f"c{row.code}")
    return keys
