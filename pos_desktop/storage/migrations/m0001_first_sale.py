"""0001: what a first sale needs, ready for several tills.

Conventions of every table: ids are UUIDv7 as 32 hexadecimal digits; `_cents` are integers of
cents, `quantity` of thousandths, `_bp` of basis points; `_at` are milliseconds since 1970 in UTC;
`business_day` is the date of the shop's trading day as YYYY-MM-DD; truth is 0 or 1.
"""

from __future__ import annotations

NAME = "first sale"

APPEND_ONLY = (
    "node",
    "journal",
    "sale",
    "sale_line",
    "tender",
    "stock_move",
    "shift",
    "shift_close",
    "cash_move",
    "z_report",
)
"""Facts: written once, corrected by further facts."""

SCHEMA = """
CREATE TABLE node (
    epoch INTEGER PRIMARY KEY,
    shop_id TEXT NOT NULL,
    till_id TEXT NOT NULL,
    till_code TEXT NOT NULL,
    began_at INTEGER NOT NULL
);

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) WITHOUT ROWID;

CREATE TABLE fact (
    id TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    sent_at INTEGER,
    UNIQUE (origin, epoch, seq)
) WITHOUT ROWID;
CREATE INDEX fact_unsent ON fact (epoch, seq) WHERE sent_at IS NULL;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor_id TEXT,
    approver_id TEXT,
    fact_id TEXT REFERENCES fact (id),
    detail TEXT NOT NULL,
    digest TEXT,
    mac TEXT NOT NULL
);
CREATE INDEX journal_fact ON journal (fact_id) WHERE fact_id IS NOT NULL;

CREATE TABLE staff (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX staff_login ON staff (login) WHERE deleted_at IS NULL;

CREATE TABLE tax_rate (
    band TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    rate_bp INTEGER NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (band, valid_from)
) WITHOUT ROWID;

CREATE TABLE product (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    code TEXT,
    name TEXT NOT NULL,
    category TEXT,
    unit TEXT NOT NULL DEFAULT '',
    price_cents INTEGER NOT NULL,
    cost_cents INTEGER,
    tax_band TEXT NOT NULL,
    by_weight INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1,
    item_class TEXT,
    unit_code TEXT,
    packaging_code TEXT,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER,
    merged_into TEXT
);
CREATE UNIQUE INDEX product_code ON product (code) WHERE deleted_at IS NULL AND code IS NOT NULL;

CREATE TABLE barcode (
    code TEXT NOT NULL,
    product_id TEXT NOT NULL REFERENCES product (id),
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (product_id, code)
) WITHOUT ROWID;
CREATE UNIQUE INDEX barcode_code ON barcode (code) WHERE deleted_at IS NULL;

CREATE TABLE stock_move (
    fact_id TEXT NOT NULL REFERENCES fact (id),
    no INTEGER NOT NULL,
    product_id TEXT NOT NULL REFERENCES product (id),
    quantity INTEGER NOT NULL,
    cost_cents INTEGER,
    PRIMARY KEY (fact_id, no)
) WITHOUT ROWID;
CREATE INDEX stock_move_product ON stock_move (product_id);

CREATE TABLE stock_level (
    product_id TEXT PRIMARY KEY REFERENCES product (id),
    quantity INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE shift (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    staff_id TEXT NOT NULL,
    drawer TEXT NOT NULL,
    float_cents INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    opened_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE shift_close (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    shift_id TEXT NOT NULL UNIQUE REFERENCES shift (id),
    staff_id TEXT NOT NULL,
    counted_cents INTEGER,
    expected_cents INTEGER NOT NULL,
    figures TEXT NOT NULL,
    closed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE cash_move (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    shift_id TEXT NOT NULL REFERENCES shift (id),
    staff_id TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX cash_move_shift ON cash_move (shift_id);

CREATE TABLE z_report (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    till_code TEXT NOT NULL,
    number INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    figures TEXT NOT NULL,
    closed_at INTEGER NOT NULL,
    UNIQUE (till_code, number)
) WITHOUT ROWID;

CREATE TABLE sale (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    till_code TEXT NOT NULL,
    receipt_number INTEGER NOT NULL,
    shift_id TEXT NOT NULL REFERENCES shift (id),
    staff_id TEXT NOT NULL,
    refund_of TEXT REFERENCES sale (id),
    customer_id TEXT,
    buyer_pin TEXT,
    business_day TEXT NOT NULL,
    sold_at INTEGER NOT NULL,
    gross_cents INTEGER NOT NULL,
    net_cents INTEGER NOT NULL,
    vat_cents INTEGER NOT NULL,
    discount_cents INTEGER NOT NULL,
    rounding_cents INTEGER NOT NULL,
    UNIQUE (till_code, receipt_number)
) WITHOUT ROWID;
CREATE INDEX sale_day ON sale (business_day);
CREATE INDEX sale_time ON sale (sold_at);
CREATE INDEX sale_shift ON sale (shift_id);
CREATE INDEX sale_refund ON sale (refund_of) WHERE refund_of IS NOT NULL;

CREATE TABLE sale_line (
    sale_id TEXT NOT NULL REFERENCES sale (id),
    no INTEGER NOT NULL,
    product_id TEXT NOT NULL REFERENCES product (id),
    code TEXT,
    barcode TEXT,
    name TEXT NOT NULL,
    category TEXT,
    unit TEXT NOT NULL,
    by_weight INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    list_price_cents INTEGER NOT NULL,
    price_cents INTEGER NOT NULL,
    discount_bp INTEGER NOT NULL,
    discount_cents INTEGER NOT NULL,
    cart_discount_cents INTEGER NOT NULL,
    gross_cents INTEGER NOT NULL,
    tax_band TEXT NOT NULL,
    tax_rate_bp INTEGER NOT NULL,
    net_cents INTEGER NOT NULL,
    vat_cents INTEGER NOT NULL,
    cost_cents INTEGER,
    item_class TEXT,
    unit_code TEXT,
    packaging_code TEXT,
    PRIMARY KEY (sale_id, no)
) WITHOUT ROWID;
CREATE INDEX sale_line_product ON sale_line (product_id);

CREATE TABLE tender (
    sale_id TEXT NOT NULL REFERENCES sale (id),
    no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    given_cents INTEGER NOT NULL,
    change_cents INTEGER NOT NULL,
    rounding_cents INTEGER NOT NULL,
    reference TEXT,
    PRIMARY KEY (sale_id, no)
) WITHOUT ROWID;

CREATE TABLE cart (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    label TEXT NOT NULL,
    staff_id TEXT,
    till_id TEXT NOT NULL,
    body TEXT NOT NULL,
    payment TEXT,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE print_job (
    id TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    copy INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    fault TEXT NOT NULL DEFAULT '',
    fact_id TEXT REFERENCES fact (id),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX print_job_open ON print_job (device, id) WHERE state IN ('queued', 'sending');
CREATE INDEX print_job_unsettled ON print_job (id)
    WHERE state IN ('queued', 'sending', 'unknown', 'failed');
CREATE INDEX print_job_fact ON print_job (fact_id) WHERE fact_id IS NOT NULL;

CREATE TABLE device_memory (
    device TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (device, key)
) WITHOUT ROWID;

CREATE TABLE import_run (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    sheet TEXT NOT NULL,
    state TEXT NOT NULL,
    staff_id TEXT,
    rows INTEGER NOT NULL DEFAULT 0,
    imported INTEGER NOT NULL DEFAULT 0,
    updated INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    stock_ignored INTEGER NOT NULL DEFAULT 0,
    began_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE import_change (
    import_id TEXT NOT NULL REFERENCES import_run (id),
    product_id TEXT NOT NULL REFERENCES product (id),
    before TEXT,
    ver_after INTEGER NOT NULL,
    PRIMARY KEY (import_id, product_id)
) WITHOUT ROWID
"""

SEARCH = (
    """
    CREATE VIRTUAL TABLE product_search USING fts5 (
        name, code, content = 'product', content_rowid = 'row',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
    )
    """,
    "CREATE VIRTUAL TABLE product_word USING fts5vocab (product_search, 'row')",
    "INSERT INTO product_search (product_search, rank) VALUES ('automerge', 0)",
    "INSERT INTO product_search (product_search, rank) VALUES ('crisismerge', 1000)",
)
"""SQLite's own full-text index; another engine brings its own. Who writes words merges it, by
`search.merge`: left to itself it would do so at length inside some transaction of the till."""
