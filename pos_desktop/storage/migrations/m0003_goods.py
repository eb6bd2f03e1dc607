"""0003: suppliers, goods that come and go, counts of stock, and how prices have changed.

Conventions as in 0001. A product's `reorder_level` and `reorder_to` are thousandths. The lines of
goods received, returned and corrected are the stock moves of their fact; `cost_cents` of a move is
what one unit cost. A price change is kept by the version of the product that it made.
"""

from __future__ import annotations

NAME = "goods"

APPEND_ONLY = (
    "price_change",
    "goods_receipt",
    "stock_adjustment",
    "stock_take_end",
    "stock_take_line",
)

SCHEMA = """
CREATE TABLE supplier (
    id TEXT PRIMARY KEY,
    code TEXT,
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    address TEXT NOT NULL,
    kra_pin TEXT NOT NULL,
    terms TEXT NOT NULL,
    terms_days INTEGER,
    note TEXT NOT NULL,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX supplier_code ON supplier (code) WHERE deleted_at IS NULL AND code IS NOT NULL;

ALTER TABLE product ADD COLUMN reorder_level INTEGER;
ALTER TABLE product ADD COLUMN reorder_to INTEGER;
ALTER TABLE product ADD COLUMN supplier_id TEXT REFERENCES supplier (id);
CREATE INDEX product_reorder ON product (id) WHERE reorder_level IS NOT NULL;
CREATE INDEX product_supplier ON product (supplier_id) WHERE supplier_id IS NOT NULL;

CREATE TABLE price_change (
    product_id TEXT NOT NULL REFERENCES product (id),
    ver INTEGER NOT NULL,
    old_price_cents INTEGER NOT NULL,
    price_cents INTEGER NOT NULL,
    old_cost_cents INTEGER,
    cost_cents INTEGER,
    source TEXT NOT NULL,
    source_number INTEGER,
    staff_id TEXT,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (product_id, ver)
) WITHOUT ROWID;

CREATE TABLE price_run (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL,
    rule TEXT NOT NULL,
    staff_id TEXT,
    changed INTEGER NOT NULL DEFAULT 0,
    left_alone INTEGER NOT NULL DEFAULT 0,
    began_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE price_run_change (
    run_id TEXT NOT NULL REFERENCES price_run (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    old_price_cents INTEGER NOT NULL,
    price_cents INTEGER NOT NULL,
    taken_back INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, product_id)
) WITHOUT ROWID;

CREATE TABLE goods_receipt (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    supplier_id TEXT REFERENCES supplier (id),
    document TEXT NOT NULL,
    cost_cents INTEGER NOT NULL,
    staff_id TEXT,
    business_day TEXT NOT NULL,
    received_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX goods_receipt_supplier ON goods_receipt (supplier_id) WHERE supplier_id IS NOT NULL;

CREATE TABLE stock_adjustment (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    staff_id TEXT,
    business_day TEXT NOT NULL,
    adjusted_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stock_take (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    state TEXT NOT NULL,
    category TEXT,
    blind INTEGER NOT NULL,
    staff_id TEXT,
    began_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stock_count (
    take_id TEXT NOT NULL REFERENCES stock_take (id),
    no INTEGER NOT NULL,
    product_id TEXT NOT NULL REFERENCES product (id),
    quantity INTEGER NOT NULL,
    level INTEGER NOT NULL,
    staff_id TEXT,
    counted_at INTEGER NOT NULL,
    replaced INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (take_id, no)
) WITHOUT ROWID;
CREATE INDEX stock_count_product ON stock_count (take_id, product_id);

CREATE TABLE stock_take_end (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    take_id TEXT NOT NULL UNIQUE REFERENCES stock_take (id),
    number INTEGER NOT NULL,
    category TEXT,
    uncounted TEXT NOT NULL,
    staff_id TEXT,
    business_day TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stock_take_line (
    fact_id TEXT NOT NULL REFERENCES fact (id),
    no INTEGER NOT NULL,
    product_id TEXT NOT NULL REFERENCES product (id),
    counted INTEGER,
    level INTEGER NOT NULL,
    cost_cents INTEGER,
    PRIMARY KEY (fact_id, no)
) WITHOUT ROWID
"""

SEARCH: tuple[str, ...] = ()
