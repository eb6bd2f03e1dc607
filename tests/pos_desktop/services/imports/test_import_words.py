"""What is said of imports, in sentences."""

from __future__ import annotations

from pos_desktop.services.imports.import_words import job_sentence, result_sentences, undone_words
from pos_desktop.services.imports.importing import ImportResult
from pos_desktop.storage.import_undo import Undone


def test_thousands_are_set_apart() -> None:
    result = ImportResult(
        import_id=2, rows=6_001, imported=5_945, updated=1, rejected=55, stock_ignored=1_200
    )
    said = " ".join(result_sentences(result))
    assert "6,001 rows: 5,945 new, 1 changed, 0 unchanged, 55 rejected." in said
    assert "Stock of 1,200 known products" in said
    undone = Undone(removed=5_945, restored=1_001, made_inactive=0, left=["Tea"] * 1_000)
    said = " ".join(undone_words(2, undone))
    assert "1,001 brought back, 5,945 removed, 0 made inactive." in said
    assert "1,000 products were changed since" in said


def _told(**counts: int) -> str:
    """Return what the job of an import tells that had so many rows of each kind."""
    none = {"rows": 0, "imported": 0, "updated": 0, "unchanged": 0, "rejected": 0}
    kept = {
        "import": 2,
        "file": "prices.xlsx",
        "counts": {**none, "stock_ignored": 0, **counts},
        "reactivated": 0,
        "path": "/shop/imports/7-errors.xlsx",
    }
    return job_sentence(kept).text


def test_a_message_says_what_counts_first_and_in_few_words() -> None:
    said = _told(rows=6_000, imported=5_945, rejected=55)
    assert said == "Import 2 of prices.xlsx: 5,945 new, 55 rejected."
    said = _told(rows=3, updated=1, unchanged=2, stock_ignored=1)
    assert said.startswith("Import 2 of prices.xlsx: 1 changed, 2 unchanged. Stock of 1 known")
    assert _told() == "Import 2 of prices.xlsx: no rows."
