"""0004: roles as data, customers with an account, vouchers, refunds and counted drawers.

A column that is added to the table of a fact may be NULL: so it changes no digest of a row that
was written before (see `journal.rows_digest`).
"""

from __future__ import annotations

NAME = "people and tenders"

APPEND_ONLY = ("account_entry", "account_payment", "voucher", "voucher_entry")

SCHEMA = """
ALTER TABLE staff ADD COLUMN language TEXT NOT NULL DEFAULT '';

CREATE TABLE role (
    name TEXT PRIMARY KEY,
    permissions TEXT NOT NULL,
    ceiling_bp INTEGER NOT NULL,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

ALTER TABLE sale ADD COLUMN is_refund INTEGER;
ALTER TABLE sale_line ADD COLUMN refunded_no INTEGER;
CREATE INDEX sale_customer ON sale (customer_id, sold_at) WHERE customer_id IS NOT NULL;
ALTER TABLE shift_close ADD COLUMN pieces TEXT;
ALTER TABLE shift_close ADD COLUMN reason TEXT;
ALTER TABLE z_report ADD COLUMN failed_checks TEXT;

CREATE TABLE customer (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,
    email TEXT,
    address TEXT NOT NULL DEFAULT '',
    kra_pin TEXT,
    note TEXT NOT NULL DEFAULT '',
    mail_consent_at INTEGER,
    credit_limit_cents INTEGER NOT NULL DEFAULT 0,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    deleted_at INTEGER,
    erased_at INTEGER,
    merged_into TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX customer_code ON customer (code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX customer_phone ON customer (phone)
    WHERE deleted_at IS NULL AND phone IS NOT NULL;

CREATE TABLE picture (
    name TEXT PRIMARY KEY,
    body BLOB NOT NULL,
    origin TEXT NOT NULL,
    ver INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE account_entry (
    fact_id TEXT NOT NULL REFERENCES fact (id),
    no INTEGER NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customer (id),
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (fact_id, no)
) WITHOUT ROWID;
CREATE INDEX account_entry_customer ON account_entry (customer_id);

CREATE TABLE voucher (
    id TEXT PRIMARY KEY,
    fact_id TEXT NOT NULL UNIQUE REFERENCES fact (id),
    code TEXT NOT NULL UNIQUE,
    valid_until TEXT
) WITHOUT ROWID;

CREATE TABLE voucher_entry (
    fact_id TEXT NOT NULL REFERENCES fact (id),
    no INTEGER NOT NULL,
    voucher_id TEXT NOT NULL REFERENCES voucher (id),
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (fact_id, no)
) WITHOUT ROWID;
CREATE INDEX voucher_entry_voucher ON voucher_entry (voucher_id);

CREATE TABLE account_payment (
    id TEXT PRIMARY KEY REFERENCES fact (id),
    till_code TEXT NOT NULL,
    number INTEGER NOT NULL,
    shift_id TEXT NOT NULL REFERENCES shift (id),
    staff_id TEXT NOT NULL,
    customer_id TEXT REFERENCES customer (id),
    business_day TEXT NOT NULL,
    paid_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    given_cents INTEGER NOT NULL,
    change_cents INTEGER NOT NULL,
    reference TEXT,
    UNIQUE (till_code, number)
) WITHOUT ROWID;
CREATE INDEX account_payment_day ON account_payment (business_day);
CREATE INDEX account_payment_time ON account_payment (paid_at);
CREATE INDEX account_payment_shift ON account_payment (shift_id)
"""
SEARCH: tuple[str, ...] = ()
