"""0008: attempts to be paid by M-Pesa, what has come in, and who waits for it.

`sale_id` is the id of the cart, which becomes that of its sale. The partial index lets one attempt
of a sale be under way; its states are those of `domain/mpesa_attempt.UNDER_WAY`. A payment is a row
by its receipt. What a payer is called and by which number stands in rows that no seal covers, and
is taken out again. Moments are milliseconds UTC.
"""

from __future__ import annotations

NAME = "mpesa"

APPEND_ONLY = ("mpesa_event",)

SCHEMA = """
CREATE TABLE mpesa_attempt (
    id TEXT PRIMARY KEY,
    sale_id TEXT NOT NULL,
    no INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    phone TEXT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    checkout_id TEXT UNIQUE,
    merchant_id TEXT,
    staff_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    asked_at INTEGER,
    doubts INTEGER NOT NULL DEFAULT 0,
    code TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    is_told_paid INTEGER NOT NULL DEFAULT 0,
    receipt TEXT UNIQUE,
    changed_at INTEGER NOT NULL,
    UNIQUE (sale_id, no)
) WITHOUT ROWID;
CREATE UNIQUE INDEX mpesa_attempt_under_way ON mpesa_attempt (sale_id)
    WHERE state IN ('new', 'sending', 'accepted', 'unknown', 'unresolved');
CREATE INDEX mpesa_attempt_state ON mpesa_attempt (state, created_at);

CREATE TABLE mpesa_money (
    receipt TEXT PRIMARY KEY,
    amount_cents INTEGER NOT NULL,
    paid_at INTEGER NOT NULL,
    short_code TEXT NOT NULL,
    reference TEXT NOT NULL DEFAULT '',
    payer_phone TEXT,
    payer_digest TEXT,
    payer_mask TEXT,
    payer_name TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL,
    is_confirmed INTEGER NOT NULL,
    state TEXT NOT NULL,
    sale_id TEXT,
    attempt_id TEXT,
    note TEXT NOT NULL DEFAULT '',
    told_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX mpesa_money_state ON mpesa_money (state, paid_at);
CREATE INDEX mpesa_money_paid ON mpesa_money (paid_at);
CREATE INDEX mpesa_money_sale ON mpesa_money (sale_id) WHERE sale_id IS NOT NULL;

CREATE TABLE mpesa_wait (
    sale_id TEXT PRIMARY KEY,
    amount_cents INTEGER NOT NULL,
    phone TEXT,
    reference TEXT NOT NULL UNIQUE,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
) WITHOUT ROWID;
CREATE INDEX mpesa_wait_open ON mpesa_wait (amount_cents) WHERE closed_at IS NULL;

CREATE TABLE mpesa_event (
    no INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    sale_id TEXT,
    attempt_id TEXT,
    receipt TEXT,
    detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX mpesa_event_attempt ON mpesa_event (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX mpesa_event_receipt ON mpesa_event (receipt) WHERE receipt IS NOT NULL
"""
SEARCH: tuple[str, ...] = ()
