"""Statements: what one customer bought and paid in a time, and what they owe after each of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from pos_desktop.documents.document import Document, DocumentColumn, Kind
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.exports.export_documents import shop_head
from pos_desktop.services.reports.periods import Period
from pos_desktop.storage import customers
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.moments import from_stored

_USUAL = timedelta(days=90)


class Statements:
    """Writes statements as PDF."""

    def __init__(self, database: ShopDatabase, configuration: Configuration) -> None:
        self._database = database
        self._configuration = configuration

    def write(
        self,
        customer_id: Id,
        period: tuple[str | None, str | None, int],
        path: Path,
        *,
        mode: int | None,
    ) -> int:
        """Write the statement of a customer; return how many rows it has.

        `period` is the first day, the day after the last one, and a moment (milliseconds UTC): the
        90 days up to it are meant where no days are named. Raises Refused for a customer who was
        erased, Refused or Unavailable where it cannot be written.
        """
        from pos_desktop.documents.report_pdf import write_pdf

        customer = customers.by_id(self._database, customer_id)
        if customer is None:
            raise Refused(_("This customer is no longer in the shop's books."))
        document = self._document(customer_id, customer.name, customer.code, self._period(*period))
        with written_aside(path, mode=mode) as aside:
            return write_pdf(document, aside)

    def _period(self, first: str | None, end: str | None, at: int) -> Period:
        day = from_stored(at).astimezone(self._configuration.zone).date()
        first = first or (day - _USUAL).isoformat()
        end = end or (day + timedelta(days=1)).isoformat()
        return Period.parse(first, end, day, self._configuration.zone)

    def _document(self, customer_id: Id, name: str, code: str, period: Period) -> Document:
        rows, before = self._rows(customer_id, period)
        owed = rows[-1]["owed_cents"] if rows else before
        opening: Row = {"what": _("Owed before"), "owed_cents": before}
        return Document(
            title=_("Statement for {name} ({code})").format(name=name, code=code),
            shop=shop_head(self._configuration),
            covers=period.words,
            columns=_columns(),
            rows=iter([opening, *rows]),
            made=self._configuration.now,
            zone=self._configuration.zone,
            totals={
                "bought_cents": sum(row["bought_cents"] or 0 for row in rows),
                "paid_cents": sum(row["paid_cents"] or 0 for row in rows),
                "owed_cents": owed,
            },
        )

    def _rows(self, customer_id: Id, period: Period) -> tuple[list[Row], int]:
        """Return what happened in a period, and what was owed before it."""
        first, end = period.moments
        owed, before = 0, 0
        rows: list[Row] = []
        for one in reversed(customers.history(self._database, customer_id)):
            owed += one["account_cents"] or 0
            if one["at"] < first:
                before = owed
            elif one["at"] < end:
                rows.append(_row(one, owed))
        return rows, before


def _row(one: Row, owed: int) -> Row:
    """Return a sale, refund or payment; what was paid at once counts as paid with it."""
    gross, account = one["gross_cents"], one["account_cents"] or 0
    is_payment = one["kind"] == "payment"
    row: dict[str, Any] = {
        "at": one["at"],
        "what": _kind_words(one["kind"]),
        "number": one["receipt"],
        "bought_cents": None if is_payment else gross,
        "paid_cents": gross if is_payment else gross - account,
        "owed_cents": owed,
    }
    return row


def _kind_words(kind: str) -> str:
    return {"sale": _("Sale"), "refund": _("Refund"), "payment": _("Payment")}[kind]


def _columns() -> tuple[DocumentColumn, ...]:
    return (
        DocumentColumn(key="at", title=_("Date"), kind=Kind.MOMENT),
        DocumentColumn(key="what", title=_("What")),
        DocumentColumn(key="number", title=_("Number")),
        DocumentColumn(key="bought_cents", title=_("Bought"), kind=Kind.CENTS),
        DocumentColumn(key="paid_cents", title=_("Paid"), kind=Kind.CENTS),
        DocumentColumn(key="owed_cents", title=_("Owed"), kind=Kind.CENTS),
    )
