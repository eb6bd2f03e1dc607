"""Of each table it is decided whether training takes it over."""

from __future__ import annotations

from pos_desktop.shop import Shop
from pos_desktop.storage.migrations import MIGRATIONS
from pos_desktop.storage.training_copy import MASTERS

FACTS = {name for step in MIGRATIONS for name in step.APPEND_ONLY} | {"fact"}
OF_THE_FILE = {"migration", "counter", "sqlite_sequence", "product_word", "stock_level"}
"""Made by the file itself, or counted from what is taken over."""
OF_THE_REAL_SHOP = {
    *("customer", "contact", "picture", "stock_take", "stock_count"),
    *("import_run", "import_change", "price_run", "price_run_change", "export"),
    *("mail", "mail_recipient", "mail_refusal", "mail_template", "schedule", "schedule_run"),
    *("mpesa_attempt", "mpesa_claim", "mpesa_money", "mpesa_report", "mpesa_request", "mpesa_wait"),
}
"""Customers, work and whatever goes out: nobody is called, mailed or charged by training."""
OF_A_TILL = {"cart", "device_memory", "print_job", "notification"}


def test_training_takes_over_each_table_or_leaves_it_on_purpose(shop: Shop) -> None:
    rows = shop.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    names = {row["name"] for row in rows}
    queue = {name for name in names if name == "jobs" or name.startswith("job_")}
    found = {name for name in names if name.startswith("product_search")}
    left = FACTS | OF_THE_FILE | OF_THE_REAL_SHOP | OF_A_TILL | queue | found
    assert left & set(MASTERS) == set()
    assert names == left | set(MASTERS)
