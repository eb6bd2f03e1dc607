"""All that may change in a shop's file without `verify` noticing, and why that is no harm."""

from __future__ import annotations

UNNOTICED = {
    "fact.sent_at": "whether the network has a fact: nothing is sent yet, and nothing reads it",
    "sqlite_sequence.seq": "a higher one leaves numbers of jobs out; a lower one is noticed",
}
"""Table and column, and why a change there is harmless."""

INDEX_OF_WORDS = "product_search_"
"""What the tables of the search index begin with: it is made of the products, and hides one from a
search by words at worst. Code and barcode find it, and whatever saves it indexes it anew."""


def is_harmless(table: str, column: str) -> bool:
    """Tell whether a change of a column is on the list."""
    return table.startswith(INDEX_OF_WORDS) or f"{table}.{column}" in UNNOTICED
