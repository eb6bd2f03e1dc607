"""Reports of what was sold: the same words and the same sums as X and Z."""

from __future__ import annotations

from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.text import _
from pos_desktop.services.reports.report_parts import (
    LINE_FIGURES,
    Column,
    Report,
    Source,
    figure_columns,
    product_columns,
    sums,
    table,
)
from pos_desktop.services.reports.report_words import title
from pos_desktop.storage import line_groups, sales_reports
from pos_desktop.storage.figures import figures


def sales_summary(source: Source) -> Report:
    """Return the figures of all sales, with what each tender brought."""
    found = figures(source.reader, source.selection, with_bands=False).as_plain()
    found.pop("bands")
    tenders = found["tenders"]
    return Report(
        name="sales-summary",
        title=title("sales-summary"),
        columns=(
            Column(key="tender", title=_("Tender")),
            Column(key="count", title=_("Payments"), kind="count"),
            Column(key="amount_cents", title=_("Amount"), kind="cents"),
        ),
        rows=tenders,
        totals={key: value for key, value in found.items() if key != "tenders"},
        document={"from": source.period.first, "to": source.period.end, **found},
        period=source.period,
        covers=source.period.words,
        is_summary=True,
        keys=[row["tender"] for row in tenders],
    )


def vat(source: Source) -> Report:
    """Return net, VAT and gross by band."""
    found = line_groups.bands(source.reader, source.stretches)
    bands = [
        {
            "band": band.band,
            "rate_percent": format_percent(band.rate_bp),
            "net_cents": band.net_cents,
            "vat_cents": band.vat_cents,
            "gross_cents": band.gross_cents,
        }
        for band in found
    ]
    return Report(
        name="vat",
        title=title("vat"),
        columns=(
            Column(key="band", title=_("Band")),
            Column(key="rate_percent", title=_("Rate %"), kind="percent"),
            *figure_columns("net_cents", "vat_cents", "gross_cents"),
        ),
        rows=bands,
        totals=sums(bands, "net_cents", "vat_cents", "gross_cents"),
        document={"bands": bands},
        period=source.period,
        covers=source.period.words,
        keys=[band_key(band.band, band.rate_bp) for band in found],
        paper_notes=(
            _(
                "VAT is the sum of the VAT of each line, as on the receipts: the rate times a "
                "total may differ from it by some cents."
            ),
        ),
    )


def band_key(band: str, rate_bp: int) -> str:
    """Return what a row of the VAT stands for: `B:1600`."""
    return f"{band}:{rate_bp}"


def sales_by_product(source: Source) -> Report:
    """Return what was sold of each product, the largest first."""
    rows = sales_reports.by_product(source.reader, source.stretches)
    keys = [row.pop("product_id") for row in rows]
    columns = (
        *product_columns(_("Quantity")),
        *figure_columns(*LINE_FIGURES),
    )
    return table("sales-by-product", source.period, columns, rows, sums(rows, *LINE_FIGURES), keys)
