"""What is good in a damaged file goes into a new one, row by row, past SQLite where that gives up.

Each table is walked from its root. Pages to which nothing leads any more, since what led there is
spoilt, are looked at by themselves: a page all of whose rows can be rows of one table only is
that table's. Pages that were given back are left out, so that nothing that was deleted comes
back; where it cannot be read which those are, only tables from which nothing is ever deleted are
added to.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pos_desktop.domain.clock import Clock
from pos_desktop.storage import raw_pages, row_seals, sealed_rows
from pos_desktop.storage.database import APPLICATION_ID, ShopDatabase
from pos_desktop.storage.errors import FileUnusable, translated
from pos_desktop.storage.migrations import (
    LATEST,
    MIGRATIONS,
    has_its_schema,
    make_schema,
    migrate,
)
from pos_desktop.storage.raw_pages import Cell, RawFile, Spoilt, Value
from pos_desktop.storage.row_seals import SEAL

_SCHEMA_ROOT = 1
_STATE = "ver"
_KEPT = {"node", "migration", *(name for one in MIGRATIONS for name in one.APPEND_ONLY)}
"""Tables of which no row is ever changed or deleted."""
_OURS = _KEPT - {"migration"}
"""Tables of which no other program has two."""
_SHOP, _CODE = 1, 3
"""Where the shop's id and the till's code stand in a row of `node`."""
_NAMED = re.compile(r"CREATE TABLE (\w+)")
_KINDS: dict[str, type | tuple[type, ...]] = {"INTEGER": int, "TEXT": str, "BLOB": bytes}

log = logging.getLogger(__name__)


class NothingToSave(FileUnusable):
    """Nothing of the shop's file can be saved; bring a backup back (posctl restore FILE --over)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, in the order in which a record holds it."""

    name: str
    kind: str
    is_needed: bool
    is_rowid: bool = False

    def fits(self, value: Value) -> bool:
        """Tell whether a value can stand here."""
        if value is None:
            return self.is_rowid or not self.is_needed
        return isinstance(value, _KINDS.get(self.kind, object))


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the migrations make it."""

    name: str
    columns: tuple[Column, ...]
    has_rowids: bool
    least: int
    """So many values a row has at least: those that came with later columns may be missing."""
    declared: tuple[int, ...] = ()
    """Where in a record the columns stand that a seal is made of, in its order; its own place
    comes last. Empty where rows bear none."""

    @property
    def has_states(self) -> bool:
        """Whether its rows are changed and never deleted, each change with a higher number."""
        return any(column.name == _STATE for column in self.columns)

    def state_of(self, cell: Cell | None) -> int:
        """Return the number of the change that made a row."""
        for column, value in zip(self.columns, cell.values if cell else (), strict=False):
            if column.name == _STATE and isinstance(value, int):
                return value
        return 0

    def is_doubtful(self, cell: Cell | None) -> bool:
        """Tell whether a row is none, or does not bear the seal of its values."""
        if cell is None or not self.declared:
            return cell is None
        row = _row(self, cell)
        if len(row) < len(self.columns):
            return True
        *values, kept = (row[place] for place in self.declared)
        return kept != row_seals.seal_of(values)

    def fits(self, values: Sequence[Value]) -> bool:
        """Tell whether values can be a row."""
        return self.least <= len(values) <= len(self.columns) and all(
            column.fits(value) for column, value in zip(self.columns, values, strict=False)
        )


@dataclass(slots=True)
class Fate:
    """What became of a table."""

    saved: int = 0
    spoilt: int = 0
    """Rows that could not be read, or stand against the rules of their table."""
    doubtful: int = 0
    """Rows that were saved and do not bear the seal of their values: one of them is another one."""
    lost_pages: int = 0
    """Pages that could not be read; how many rows were on them nobody knows."""
    found_apart: int = 0
    """Rows to which nothing led any more, and which were found all the same."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return not (self.spoilt or self.lost_pages)


@dataclass(slots=True)
class Salvage:
    """What was read out of a damaged file."""

    schema: int
    tables: dict[str, Fate] = field(default_factory=dict)
    strange_pages: int = 0
    """Pages with rows of which it cannot be told where they belong."""
    log_is_spoilt: bool = False

    @property
    def saved(self) -> int:
        """How many rows were saved."""
        return sum(fate.saved for fate in self.tables.values())

    @property
    def doubtful(self) -> dict[str, int]:
        """How many rows of which table do not bear their seal."""
        return {name: fate.doubtful for name, fate in self.tables.items() if fate.doubtful}

    @property
    def missing(self) -> dict[str, Fate]:
        """The tables of which something is known to be missing."""
        return {name: fate for name, fate in self.tables.items() if not fate.is_whole}


def salvage(damaged: Path, target: Path, clock: Clock) -> Salvage:
    """Read a damaged file, and the log beside it, into a new one of the latest schema.

    Nothing is written into the damaged one. Raises NothingToSave where it does not even say which
    shop it is.
    """
    with closing(RawFile(damaged)) as raw, closing(ShopDatabase(target, clock)) as database:
        roots, others = _roots(raw)
        schema = _schema_number(raw, roots)
        done = Salvage(schema, log_is_spoilt=raw.log_is_spoilt)
        database.execute_sql("PRAGMA foreign_keys = OFF")
        with database.write():
            make_schema(database, clock, schema)
            tables = _tables(database)
            database.execute_sql("DELETE FROM migration")
            _Reader(raw, database, tables, done).read(roots, others)
            database.execute_sql("INSERT INTO product_search (product_search) VALUES ('rebuild')")
            if not database.value("SELECT count(*) FROM node"):
                raise NothingToSave
            for name, table in tables.items():
                if table.declared:
                    done.tables[name].doubtful = sealed_rows.count_broken(database, name)
            _complete_migrations(database, clock, schema)
        migrate(database, clock)
    return done


def is_readable(database: ShopDatabase) -> bool:
    """Tell whether each page and the schema make sense, and each text is one; takes seconds.

    A word that is spoilt in a trigger makes SQLite refuse to write, and no page looks spoilt.
    """
    found = [row["integrity_check"] for row in database.rows("PRAGMA integrity_check")]
    if found != ["ok"]:
        log.warning("pages of the file are spoilt: %s", found[:5])
        return False
    if not has_its_schema(database):
        log.warning("the schema of the file is spoilt")
        return False
    for table in _tables(database):
        with translated(database.path):
            for _row_read in database.execute_sql(f"SELECT * FROM {table}"):
                pass
    return True


def is_of_a_shop(file: Path) -> bool:
    """Tell whether a file, however damaged, has still something of a shop in it."""
    try:
        with closing(RawFile(file)) as raw:
            tables, _others = _roots(raw)
            return len(tables.keys() & _OURS) > 1 or _mark(raw) == APPLICATION_ID
    except OSError:
        return False


def tills_in(file: Path) -> set[tuple[str, str]]:
    """Return the shop's id and the code of each till that a file has been of.

    As far as a damaged one still says it.
    """
    try:
        with closing(RawFile(file)) as raw:
            tables, _others = _roots(raw)
            rows = [cell.values for cell in _all_cells(raw, tables.get("node", 0))]
    except OSError:
        return set()
    named = [(row[_SHOP], row[_CODE]) for row in rows if len(row) > _CODE]
    return {(shop, code) for shop, code in named if isinstance(shop, str) and isinstance(code, str)}


def _mark(raw: RawFile) -> int:
    """Return the mark of the program that made a file; 0 where it is no database."""
    try:
        head = raw.page(1)
    except Spoilt:
        return 0
    return int.from_bytes(head[68:72])


class _Reader:
    """Reads the rows of one damaged file into a new one."""

    def __init__(
        self, raw: RawFile, database: ShopDatabase, tables: dict[str, Table], done: Salvage
    ) -> None:
        self._raw = raw
        self._database = database
        self._tables = tables
        self._done = done
        self._seen: set[int] = set()
        self._shapes = [*tables.values(), *_index_shapes(database)]

    def read(self, roots: dict[str, int], others: Iterable[int]) -> None:
        """Read every table from its root, then the pages to which nothing leads."""
        self._walk(_SCHEMA_ROOT, Fate(), None)
        for root in (*others, *(root for name, root in roots.items() if name not in self._tables)):
            self._walk(root, Fate(), None)
        for name, table in self._tables.items():
            fate = self._done.tables[name] = Fate()
            if name in roots:
                self._walk(roots[name], fate, table)
            else:
                fate.lost_pages += 1
        self._read_apart()

    def _walk(self, root: int, fate: Fate, table: Table | None) -> None:
        """Walk a tree and keep the rows of its table; None: only learn which pages it has."""
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in self._seen:
                continue
            try:
                kind = self._raw.kind(number)
                cells = list(self._raw.cells(number))
                if kind in (raw_pages.TABLE_INNER, raw_pages.INDEX_INNER):
                    waiting.extend(reversed(self._raw.children(number)))
            except Spoilt:
                fate.lost_pages += 1
                continue
            self._seen.add(number)
            if table is not None:
                fate.spoilt += self._keep(table, fate, cells)

    def _keep(self, table: Table, fate: Fate, cells: Iterable[Cell | None]) -> int:
        """Keep what is a row of a table; return how many could be one and were not taken.

        Of two that cannot both stay, as they have one key, the one that bears its seal does.
        """
        refused = 0
        by_length: dict[int, list[tuple[Value, ...]]] = {}
        for cell in sorted(cells, key=table.is_doubtful):
            if cell is None or not table.fits(cell.values):
                fate.spoilt += 1
            else:
                by_length.setdefault(len(cell.values), []).append(_row(table, cell))
        for length, rows in by_length.items():
            inserted = self._insert(table, table.columns[:length], rows)
            fate.saved += inserted
            refused += len(rows) - inserted
        return refused

    def _insert(
        self, table: Table, columns: Sequence[Column], rows: list[tuple[Value, ...]]
    ) -> int:
        """Insert rows that are not there yet; return how many. A later column has its default.

        A row that its table would not take, as two cannot have one code, is left out.
        """
        names = ", ".join(column.name for column in columns)
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT OR IGNORE INTO {table.name} ({names}) VALUES ({marks})"
        return self._database.executemany(sql, rows)

    def _read_apart(self) -> None:
        """Keep what stands on pages to which nothing leads; of two states of a row the newer."""
        free = self._raw.free_pages()
        found: dict[str, list[Cell | None]] = {}
        for number in range(1, self._raw.pages + 1):
            if number in self._seen or number in self._raw.overflow or number in (free or ()):
                continue
            try:
                self._raw.kind(number)
                cells = list(self._raw.cells(number))
            except Spoilt:
                continue
            table = self._table_of([cell for cell in cells if cell])
            if table is not None and (free is not None or table.name in _KEPT or table.has_states):
                found.setdefault(table.name, []).extend(cells)
            elif any(cells):
                self._done.strange_pages += 1
        for name, cells in found.items():
            table, fate = self._tables[name], self._done.tables[name]
            before = fate.saved
            self._keep(table, fate, sorted(cells, key=table.state_of, reverse=True))
            fate.found_apart += fate.saved - before

    def _table_of(self, cells: list[Cell]) -> Table | None:
        """Return the only table of which all these can be rows."""
        fitting = [
            shape
            for shape in self._shapes
            if cells
            and all(
                (cell.rowid is not None) == shape.has_rowids and shape.fits(cell.values)
                for cell in cells
            )
        ]
        return fitting[0] if len(fitting) == 1 and fitting[0].name in self._tables else None


def _row(table: Table, cell: Cell) -> tuple[Value, ...]:
    """Return the values of a row, its number among them where that is a column."""
    return tuple(
        cell.rowid if column.is_rowid else value
        for column, value in zip(table.columns, cell.values, strict=False)
    )


def _roots(raw: RawFile) -> tuple[dict[str, int], list[int]]:
    """Return where each table begins, by its name, and where everything else does."""
    tables: dict[str, int] = {}
    others: list[int] = []
    for cell in _all_cells(raw, _SCHEMA_ROOT):
        if len(cell.values) != 5 or not isinstance(root := cell.values[3], int) or not root:
            continue
        kind, name, _table, _root, sql = cell.values
        named = _NAMED.match(sql) if isinstance(sql, str) else None
        if named:
            tables[named[1]] = root
        if kind == "table" and isinstance(name, str):
            tables.setdefault(name, root)
        elif not named:
            others.append(root)
    return tables, others


def _all_cells(raw: RawFile, root: int) -> Iterator[Cell]:
    waiting, seen = [root], set()
    while waiting:
        number = waiting.pop()
        if number in seen:
            continue
        seen.add(number)
        try:
            if raw.kind(number) in (raw_pages.TABLE_INNER, raw_pages.INDEX_INNER):
                waiting.extend(raw.children(number))
            yield from (cell for cell in raw.cells(number) if cell is not None)
        except Spoilt:
            log.warning("page %s cannot be read", number)


def _schema_number(raw: RawFile, roots: dict[str, int]) -> int:
    """Return of which schema a file is: the latest step it says it has seen, else the latest."""
    numbers = [
        cell.rowid
        for cell in _all_cells(raw, roots.get("migration", 0))
        if cell.rowid is not None and 1 <= cell.rowid <= LATEST
    ]
    return max(numbers, default=LATEST)


def _complete_migrations(database: ShopDatabase, clock: Clock, schema: int) -> None:
    """Write the steps into the file that it has seen, where that could not be read."""
    for number in range(1, schema + 1):
        database.execute_sql(
            "INSERT OR REPLACE INTO migration (number, name, applied_at) "
            "VALUES (?1, ?2, coalesce((SELECT applied_at FROM migration WHERE number = ?1), ?3))",
            (number, MIGRATIONS[number - 1].NAME, round(clock.now().timestamp() * 1000)),
        )


def _tables(database: ShopDatabase) -> dict[str, Table]:
    """Return the tables that hold rows of ours, as records hold them."""
    found = {}
    for one in database.rows(
        "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite_%'"
    ):
        rows = database.rows(f"PRAGMA table_info({one['name']})")
        rowid = [row for row in rows if row["pk"] and row["type"] == "INTEGER"]
        is_alias = not one["wr"] and len(rowid) == 1 == sum(row["pk"] > 0 for row in rows)
        columns = tuple(
            Column(
                row["name"],
                row["type"],
                is_needed=bool(row["notnull"]) or bool(row["pk"]),
                is_rowid=is_alias and bool(row["pk"]),
            )
            for row in sorted(rows, key=lambda row: _place(row, without_rowids=bool(one["wr"])))
        )
        added = sum(step.SCHEMA.count(f"ALTER TABLE {one['name']} ADD ") for step in MIGRATIONS)
        names = [column.name for column in columns]
        found[one["name"]] = Table(
            one["name"],
            columns,
            not one["wr"],
            max(1, len(columns) - added - (SEAL in names)),
            _declared([row["name"] for row in rows], names),
        )
    return found


def _declared(names: list[str], places: list[str]) -> tuple[int, ...]:
    """Return where the values stand that a seal is made of, in its order, and the seal itself."""
    if SEAL not in names:
        return ()
    return tuple(places.index(name) for name in sorted(names, key=lambda name: name == SEAL))


def _place(row: dict[str, object], *, without_rowids: bool) -> tuple[int, int]:
    """Return where a column stands in a record: a table without row numbers begins with its key."""
    key, number = int(str(row["pk"])), int(str(row["cid"]))
    return (key, 0) if without_rowids and key else (1 << 16, number)


def _index_shapes(database: ShopDatabase) -> list[Table]:
    """Return what entries of indexes look like, which stand on pages of the same kind."""
    shapes = []
    for one in database.rows("SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"):
        types = {
            row["name"]: (row["type"], row["notnull"] or row["pk"])
            for row in database.rows(f"PRAGMA table_info({one['tbl_name']})")
        }
        columns = []
        for row in database.rows(f"PRAGMA index_xinfo({one['name']})"):
            kind, needed = types.get(row["name"] or "", ("INTEGER", 1))
            columns.append(Column(str(row["name"]), kind, is_needed=bool(needed)))
        shapes.append(Table(one["name"], tuple(columns), has_rowids=False, least=len(columns)))
    return shapes
