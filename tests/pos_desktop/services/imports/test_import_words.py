"""What is said of imports, in sentences."""

from __future__ import annotations

from pos_desktop.services.imports.import_words import result_sentences, undone_words
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
