"""Files that the shop makes for people to take away: what is in them, and how they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
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

    @property
    def stem(self) -> str:
        """Return how a file of it is called: its name, its first day and its last one."""
        days = [self.first] if self.first else []
        if self.end and (last := _last_day(self.end)) not in days:
            days.append(last)
        return "-".join((self.what, *days))

    def as_plain(self) -> dict[str, Any]:
        """Return what is wanted beside name and form, as plain values."""
        return {
            "first": self.first,
            "end": self.end,
            "filters": self.filters,
            "compare": self.compare,
            "language": self.language,
        }


def _last_day(end: str) -> str:
    """Return the day before the one on which a period ends; a moment stays as it is."""
    if len(end) > len("2026-11-24"):
        return end
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat()


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
