"""Files that the shop makes for people to take away: what is in them, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _


class FileForm(StrEnum):
    """How a file is written; the value is its ending."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


class ListName(StrEnum):
    """The lists of the shop, beside its reports."""

    PRODUCTS = "products"
    SALES = "sales"
    CUSTOMERS = "customers"
    STOCK = "stock"


class ExportState(StrEnum):
    """How far an export is."""

    UNDER_WAY = "under_way"
    DONE = "done"
    FAILED = "failed"
    GONE = "gone"
    """Its file was removed: it can be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportWish:
    """What is wanted: a report or list by its name, and of which sales."""

    what: str
    form: FileForm
    first: str | None = None
    """First business day or moment, None for what `first` means to reports; see `Period`."""
    end: str | None = None
    """Exclusive."""
    filters: dict[str, str] = field(default_factory=dict)
    compare: bool = False
    language: str = "en"
    """Of the reader."""

    def as_plain(self) -> dict[str, Any]:
        """Return what is wanted beside name and form, as plain values."""
        return {
            "first": self.first,
            "end": self.end,
            "filters": self.filters,
            "compare": self.compare,
            "language": self.language,
        }


def form_of(ending: str) -> FileForm:
    """Return the form of a file by its ending; raise Refused where it is none that is written."""
    try:
        return FileForm(ending.lower().removeprefix("."))
    except ValueError as error:
        words = _("A file is written as .pdf, .xlsx or .csv; give its name one of these endings.")
        raise Refused(words) from error


def list_words(name: ListName) -> str:
    """Return how people call a list."""
    return {
        ListName.PRODUCTS: _("Products"),
        ListName.SALES: _("Sales by receipt and line"),
        ListName.CUSTOMERS: _("Customers"),
        ListName.STOCK: _("Stock"),
    }[name]
