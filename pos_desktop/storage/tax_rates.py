"""The shop's VAT rates: data with dates, since a rate may change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pos_desktop.domain.tax import TaxRate, TaxTable
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.errors import FileUnusable


def put_rates(database: ShopDatabase, rates: Iterable[TaxRate]) -> None:
    """Add rates inside the caller's transaction."""
    database.insert(
        "tax_rate",
        [
            {
                "band": rate.band,
                "valid_from": rate.valid_from.isoformat(),
                "valid_to": rate.valid_to.isoformat() if rate.valid_to else None,
                "rate_bp": rate.rate_bp,
                "label": rate.label,
            }
            for rate in rates
        ],
    )


def tax_table(database: ShopDatabase) -> TaxTable:
    """Return all rates of the shop; raise FileUnusable where somebody has spoilt one."""
    rows = database.rows("SELECT * FROM tax_rate ORDER BY band, valid_from")
    try:
        return _table(rows)
    except ValueError as error:
        raise FileUnusable from error


def _table(rows: Iterable[Row]) -> TaxTable:
    return TaxTable(
        TaxRate(
            band=row["band"],
            rate_bp=row["rate_bp"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            label=row["label"],
        )
        for row in rows
    )
