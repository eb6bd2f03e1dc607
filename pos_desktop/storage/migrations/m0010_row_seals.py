"""0010: a seal on each row that the journal does not cover.

What it covers stands in `books.FACT_TABLES`, and the sums of `stock_level` are checked against its
moves. A later migration that adds a column to a sealed table makes its triggers anew, and changes
each seal by `row_reseal`: to seal the rows anew would hide what is spoilt in them.
"""

from __future__ import annotations

NAME = "row seals"
SCHEMA = ""
APPEND_ONLY: tuple[str, ...] = ()
SEARCH: tuple[str, ...] = ()

SEALED = (
    "migration",
    "node",
    "counter",
    "setting",
    "staff",
    "role",
    "tax_rate",
    "product",
    "barcode",
    "supplier",
    "customer",
    "contact",
    "picture",
    "cart",
    "print_job",
    "device_memory",
    "import_run",
    "import_change",
    "price_change",
    "price_run",
    "price_run_change",
    "stock_take",
    "stock_count",
    "export",
    "notification",
    "mail",
    "mail_recipient",
    "mail_refusal",
    "mail_template",
    "schedule",
    "schedule_run",
    "mpesa_attempt",
    "mpesa_claim",
    "mpesa_event",
    "mpesa_money",
    "mpesa_report",
    "mpesa_request",
    "mpesa_wait",
    "jobs",
    "job_attempts",
    "job_batches",
    "job_callbacks",
    "job_counters",
    "job_endpoints",
    "job_forwards",
    "job_history",
    "job_progress",
    "job_queues",
    "job_slots",
    "job_values",
)
