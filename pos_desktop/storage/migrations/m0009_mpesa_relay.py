"""0009: reports that the relay has handed over, requests that are answered by one, and claims.

A report is kept until it is taken in; its body may hold a payer's number. The token of a request
stands in the address that its end is reported to: whoever knows it is M-Pesa. The partial index
lets one request of a kind be open for a payment. Moments are milliseconds UTC.
"""

from __future__ import annotations

NAME = "mpesa relay"

APPEND_ONLY: tuple[str, ...] = ()

SCHEMA = """
CREATE TABLE mpesa_report (
    no INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE INDEX mpesa_money_attempt ON mpesa_money (attempt_id) WHERE attempt_id IS NOT NULL;

CREATE TABLE mpesa_request (
    token TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    receipt TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    state TEXT NOT NULL,
    originator_id TEXT NOT NULL DEFAULT '',
    conversation_id TEXT NOT NULL DEFAULT '',
    code TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    staff_id TEXT,
    asked_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX mpesa_request_open ON mpesa_request (kind, receipt)
    WHERE state IN ('new', 'sent', 'acknowledged', 'unknown');
CREATE INDEX mpesa_request_receipt ON mpesa_request (receipt);

CREATE TABLE mpesa_claim (
    receipt TEXT PRIMARY KEY,
    sale_id TEXT NOT NULL,
    by TEXT NOT NULL,
    state TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX mpesa_claim_state ON mpesa_claim (state)
"""
SEARCH: tuple[str, ...] = ()
