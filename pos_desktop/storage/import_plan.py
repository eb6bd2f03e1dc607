"""Decides what the rows of a file do to the catalogue, before the write lock is asked for.

A row's product is found by its code where the row has one, else by its barcodes. A row whose keys
point at two products, or repeat an earlier row with other data, is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from typing import Any

from pos_desktop.domain.ids import Id
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.domain.row_faults import RowFault, begins_like_a_total
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
    named: str = ""
    """The other products that the fault is about."""
    name: str = ""
    """The row's own product, where row or catalogue has a name for it."""


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
_CODE, _NAME, _ACTIVE = (FIELDS.index(name) for name in ("code", "name", "active"))
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
    ver: int = 0
    """The version that the catalogue holds; 0 for one that is only planned."""
    shelved: bool = False
    """Made inactive by the undo of the import that created it, and not touched since."""


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
    rejected: tuple[Rejected, ...] = ()
    stock_ignored: bool = False
    reactivated: bool = False
    """The product had been made inactive by an undo, and is on sale again."""


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
        """What is wrong with the rows that are not taken; a row may have several faults."""
        return [fault for one in self.outcomes for fault in one.rejected]

    @property
    def stock_ignored(self) -> int:
        """How many rows name a stock that is passed over."""
        return sum(one.stock_ignored for one in self.outcomes)

    @property
    def reactivated(self) -> int:
        """How many products an undo had made inactive and these rows bring back."""
        return sum(one.reactivated for one in self.outcomes)

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

    def further_faults(self, rows: Sequence[tuple[ProductRow, Collection[str]]]) -> list[Rejected]:
        """Return what the catalogue finds wrong with rows that were rejected by their cells.

        Each comes without its faulty values and with the fields of these, which are not named
        again. To be asked after the rows before them are carried out; nothing is written.
        """
        if not rows:
            return []
        version = counter(self._database, MASTER_VERSION)
        planning = _Planning(
            self._database, self._new_ids(0), version, [row for row, _faulty in rows]
        )
        return [
            fault
            for row, faulty in rows
            for fault in planning.faults(row)
            if fault.field not in faulty
        ]

    def remember(self, plan: Plan) -> None:
        """Keep which products a plan has touched, after it was carried out."""
        touched = [(one.product_row,) for one in plan.outcomes if one.product_row is not None]
        self._keep(touched, plan)

    def recall(self, rows: Sequence[ProductRow]) -> None:
        """Keep which products rows have touched that another process has carried out."""
        planning = _Planning(self._database, self._new_ids(0), 0, rows)
        found = {planning.product_row(row) for row in rows}
        self._keep([(row,) for row in found if row is not None], None)

    def _keep(self, touched: list[tuple[int]], plan: Plan | None) -> None:
        keys = [
            (key, one.row.digest)
            for one in (plan.outcomes if plan else ())
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


_SHELVED = (
    "SELECT c.product_id FROM import_change c JOIN product p "
    "ON p.id = c.product_id AND p.ver = -c.ver_after "
    "WHERE c.import_id IN (SELECT id FROM import_run WHERE state = 'undone') AND c.product_id"
)
"""Products that an undo made inactive; see `import_undo`: the version is kept below zero."""


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

    def product_row(self, row: ProductRow) -> int | None:
        """Return the product that a row is about, None where there is none."""
        product_id, _fault = self._find(row)
        return None if product_id is None else self._products[product_id].row

    def faults(self, row: ProductRow) -> tuple[Rejected, ...]:
        """Return what contradicts the catalogue in a row that is not to be taken."""
        if any(key in self._planned for key in _keys(row)):
            return ()
        product_id, fault = self._find(row)
        if fault is not None:
            return fault.rejected
        return _lacking(row) if product_id is None else ()

    def _outcome(self, row: ProductRow) -> Outcome:
        if not self._planned:
            return self._decide(row)
        keys = _keys(row)
        digests = {self._planned[key] for key in keys if key in self._planned}
        if not digests:
            return self._decide(row)
        if digests == {row.digest}:
            return Outcome(row, Verdict.UNCHANGED)
        another = any(key[0] == "b" and key not in self._planned for key in keys)
        return _repeated(row, brings_a_barcode=another)

    def _decide(self, row: ProductRow) -> Outcome:
        """Decide on a row by the product that its keys belong to."""
        product_id, fault = self._find(row)
        if fault is not None:
            return fault
        if product_id is None:
            return self._create(row)
        return self._update(row, self._products[product_id])

    def _find(self, row: ProductRow) -> tuple[Id | None, Outcome | None]:
        """Return the product that a row's keys belong to, or why they contradict one another."""
        barcodes = row.barcodes or ()
        owners = {self._by_barcode[code] for code in barcodes if code in self._by_barcode}
        product_id = self._by_code.get(row.code) if row.code is not None else None
        if not owners:
            return product_id, None
        fault = None
        found = [] if product_id is None else [product_id]
        found += sorted(owners - {*found})
        if len(found) > 1:
            fault = RowFault.TWO_PRODUCTS
        elif product_id is None and row.code is not None:
            code = self._products[found[0]].values[_CODE]
            fault = None if code in (None, row.code) else RowFault.OTHER_CODE
        if fault is None:
            return found[0], None
        named = ", ".join(_named(self._products[one]) for one in found)
        return None, _rejected(row, "barcode", " ".join(barcodes), fault, named)

    def _create(self, row: ProductRow) -> Outcome:
        if lacking := _lacking(row):
            return Outcome(row, Verdict.REJECTED, rejected=lacking)
        barcodes = row.barcodes or ()
        values = _new_values(row)
        product = Known(next(self._new_ids), self._next_row, values, frozenset(barcodes))
        self._next_row += 1
        self._index(product)
        change = Change(product, None, barcodes, row.stock_thousandths)
        return Outcome(row, Verdict.IMPORTED, product.row, change)

    def _update(self, row: ProductRow, product: Known) -> Outcome:
        values = _filled(_given(row), product.values)
        again = product.shelved and row.active is None
        if again:
            values = (*values[:_ACTIVE], 1, *values[_ACTIVE + 1 :])
        barcodes = tuple(code for code in row.barcodes or () if code not in product.barcodes)
        stock_ignored = row.stock_thousandths is not None
        if values == product.values and not barcodes:
            return Outcome(row, Verdict.UNCHANGED, product.row, stock_ignored=stock_ignored)
        if product.row in self._touched:
            return _repeated(row, brings_a_barcode=bool(barcodes))
        after = Known(product.id, product.row, values, product.barcodes.union(barcodes))
        self._index(after)
        return Outcome(
            row,
            Verdict.UPDATED,
            product.row,
            Change(after, product, barcodes),
            stock_ignored=stock_ignored,
            reactivated=again,
        )

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
        found = self._pick(f"SELECT id, row, ver, {columns} FROM product WHERE id", wanted)
        products = {
            product_id: Known(
                product_id, row, tuple(values), frozenset(barcodes.get(product_id, ())), ver
            )
            for product_id, row, ver, *values in found
        }
        inactive = {one.id for one in products.values() if not one.values[_ACTIVE]}
        for (product_id,) in self._pick(_SHELVED, inactive):
            products[product_id].shelved = True
        return products

    def _pick(self, sql: str, values: set[Any]) -> list[Any]:
        """Return the rows of a query whose last column is one of the values."""
        if not values:
            return []
        marks = ",".join("?" * len(values))
        return list(self._database.execute_sql(f"{sql} IN ({marks})", list(values)).fetchall())


def _rejected(
    row: ProductRow, field_name: str, value: str, fault: RowFault, named: str = ""
) -> Outcome:
    rejected = Rejected(row.number, field_name, value, fault, named, row.name or "")
    return Outcome(row, Verdict.REJECTED, rejected=(rejected,))


def _repeated(row: ProductRow, *, brings_a_barcode: bool) -> Outcome:
    """Reject a row whose product an earlier one has touched, naming the key that they share."""
    if row.code is None:
        return _rejected(row, "barcode", " ".join(row.barcodes or ()), RowFault.REPEATED)
    fault = RowFault.SECOND_BARCODE if brings_a_barcode else RowFault.REPEATED
    return _rejected(row, "code", row.code, fault)


def _lacking(row: ProductRow) -> tuple[Rejected, ...]:
    """Return all that a new product lacks; nothing where it can be created."""
    if row.name is not None and row.price_cents is not None:
        return ()
    if row.name is None and row.code is not None and begins_like_a_total(row.code):
        return (Rejected(row.number, "code", row.code, RowFault.NO_PRODUCT),)
    found = []
    if row.name is None:
        found.append(Rejected(row.number, "name", "", RowFault.NO_NAME))
    if row.price_cents is None:
        name = row.name or ""
        found.append(Rejected(row.number, "price", "", RowFault.NO_PRICE, name=name))
    return tuple(found)


def _named(product: Known) -> str:
    """Return how people know a product, by its name and its code, else a barcode."""
    key = product.values[_CODE] or min(product.barcodes, default="")
    return f"{product.values[_NAME]} ({key})" if key else str(product.values[_NAME])


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


def _keys(row: ProductRow) -> list[str]:
    """Return the code and barcodes of a row, each told apart by its first letter."""
    keys = [f"b{code}" for code in row.barcodes or ()]
    if row.code is not None:
        keys.append(f"c{row.code}")
    return keys
