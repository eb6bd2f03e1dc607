"""What a shop's file holds after years, in a few rows of each table: no column is empty there.

The facts are a day's real work. Rows of the office beside them, which come about by mail, by M-Pesa
or by jobs, are put in as they would stand: each value is one of its kind.
"""

from __future__ import annotations

from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.product import PriceSource
from pos_desktop.domain.stock_take import Uncounted
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.shop import Shop
from pos_desktop.storage import price_history, stock_take_parts
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.migrations import SEALED, columns_of
from pos_desktop.storage.price_history import PriceMove
from tests.pos_desktop.conftest import MANAGER, person, product_id
from tests.pos_desktop.services.customers import buy_on_account
from tests.pos_desktop.services.play import play

ROWS = 6
OF_THE_CHAIN = ("staff", "role", "setting", "tax_rate")
"""Tables whose change is told to the journal."""
AS_THEY_ARE = {"migration", "node"}
"""Tables of which the program alone knows what a row is."""
GIVEN: dict[str, Row] = {
    "jobs": {"state": "waiting_for_network"},
    "job_callbacks": {"moment": "then"},
    "product": {"tax_band": "B", "deleted_at": 1, "by_weight": 0},
    "barcode": {"deleted_at": 1},
    "customer": {"credit_limit_cents": 0, "deleted_at": 1},
    "setting": {"key": "sale.of_tomorrow", "value": "5"},
    "staff": {"role": "cashier", "deleted_at": 1},
    "role": {"permissions": "[]"},
    "tax_rate": {"valid_from": "2031-01-0{number}", "valid_to": "2031-02-01", "rate_bp": 1600},
    "cart": {"state": "held", "body": "{{}}", "payment": "{{}}"},
    "print_job": {"state": "settled", "fault": "offline"},
    "import_run": {"state": "done"},
    "price_run": {"state": "done"},
    "stock_take": {"state": "done"},
    "export": {"state": "done"},
    "mail": {"state": "done", "attachments": "[]"},
    "mpesa_attempt": {"state": "failed"},
    "mpesa_money": {"state": "used"},
    "mpesa_request": {"state": "done"},
    "mpesa_claim": {"state": "done"},
}
"""What a column must hold, besides any value of its kind."""

FIRST = {"jobs": 8_000}
"""The number of the first row, where another table has the others': a job has ended, or has not."""


def work(shop: Shop) -> None:
    """Buy, sell, pay on account, give vouchers, correct and count: a fact of every kind."""
    play(shop, "shift open 100", "MILK", "pay cash", "refund T1-000002")
    shop.till.clear()
    buy_on_account(shop)
    play(shop, "voucher 500")
    voucher = str(shop.database.value("SELECT code FROM voucher"))
    play(shop, "MILK", f"pay voucher {voucher}", "cash out 20 tea", "shift close 300", "z")
    _move_stock(shop)


def _move_stock(shop: Shop) -> None:
    supplier = shop.goods.suppliers.add(SupplierForm(name="Dairy"), actor=None)
    milk, manager = product_id(shop, "MILK"), person(shop, MANAGER)
    line = GoodsLine(product_id=milk, quantity=9_000, cost_cents=40_00)
    delivery = Delivery(lines=(line,), supplier_id=supplier.id, document="7")
    shop.goods.receiving.receive(delivery, actor=manager)
    shop.goods.correcting.correct({milk: -1_000}, "other", "dropped", actor=manager)
    take = shop.goods.taking.begin(actor=manager)
    shop.goods.taking.count(take.id, milk, 5_000, actor=manager)
    with shop.database.write():
        stock_take_parts.record(
            shop.database,
            shop.books,
            take,
            shop.goods.taking.lines_that_hold(take, Uncounted.LEFT),
            Uncounted.LEFT,
            business_day=shop.closing.business_day(),
            actor_id=manager.id,
        )
        moves = [PriceMove(milk, ver, 60_00, 65_00, 40_00, 41_00) for ver in range(1, ROWS)]
        price_history.keep(
            shop.database, moves, source=PriceSource.IMPORT, staff_id=manager.id, at=1, number=1
        )
    shop.goods.taking.finish(take.id, actor=manager)


def fill(shop: Shop) -> None:
    """Put rows into every table of the office, none of whose values is missing."""
    database = shop.database
    with database.write():
        database.execute_sql("PRAGMA defer_foreign_keys = 1")
        for table in SEALED:
            if table not in AS_THEY_ARE:
                database.insert(table, [_row(database, table, number) for number in range(ROWS)])
        database.execute_sql("INSERT INTO product_search (product_search) VALUES ('rebuild')")
        shop.books.note("office filled", actor_id=None, sealed=OF_THE_CHAIN)


def _row(database: ShopDatabase, table: str, number: int) -> Row:
    """Return a row of a table all of whose columns hold something."""
    parents = {
        row["from"]: _nth(database, row["table"], row["to"], number)
        for row in database.rows(f"PRAGMA foreign_key_list({table})")
    }
    given = GIVEN.get(table, {})
    row: Row = {}
    for _cid, name, kind, _needed, _default, key in columns_of(database, table):
        if name == "row_seal":
            continue
        if name in given:
            value = given[name]
            row[name] = value.format(number=number + 1) if isinstance(value, str) else value
        elif name in parents:
            row[name] = parents[name]
        else:
            is_number = bool(key) or name in ("number", "row")
            row[name] = _value(kind, name, FIRST.get(table, 7_000) * is_number + number)
    return row


def _nth(database: ShopDatabase, table: str, column: str, number: int) -> object:
    """Return a value of a column, another one for each number as long as there are some."""
    found = database.rows(f"SELECT {column} AS it FROM {table} ORDER BY 1 DESC LIMIT {ROWS}")
    return found[number % len(found)]["it"] if found else None


def _value(kind: str, name: str, number: int) -> object:
    text = f"{name} {number} of the office"
    match kind:
        case "INTEGER":
            return 1 + number
        case "REAL":
            return 0.1 + number
        case "BLOB":
            return text.encode() * 5
        case _:
            return text
