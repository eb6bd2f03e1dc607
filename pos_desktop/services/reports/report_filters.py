"""What narrows a report: a category, a cashier, a tender, a product, a supplier."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.tender import TenderKind
from pos_desktop.domain.text import _, joined
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.storage import narrowing, report_filters
from pos_desktop.storage.database import Row, ShopDatabase
from pos_desktop.storage.figures import Selection
from pos_desktop.storage.search import fold

Filters = Mapping["By", str]
"""What a report is narrowed to, by each kind of filter; plain texts, fit for a job's payload.

A category by its name (empty: what has none), a cashier by login, a tender by its word in files, a
product by code or barcode, a supplier by code or name; the latter three and cashiers by id too.
"""


class By(StrEnum):
    """What a report can be narrowed by; the value is its name for scripts."""

    CATEGORY = "category"
    CASHIER = "cashier"
    TENDER = "tender"
    PRODUCT = "product"
    SUPPLIER = "supplier"


def by_words(by: By) -> str:
    """Return what people call a kind of filter."""
    return {
        By.CATEGORY: _("Category"),
        By.CASHIER: _("Cashier"),
        By.TENDER: _("Tender"),
        By.PRODUCT: _("Product"),
        By.SUPPLIER: _("Supplier"),
    }[by]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Filters whose things were found: by id, with what they are called."""

    ids: Mapping[By, str] = field(default_factory=dict)
    names: Mapping[By, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What the report is narrowed to, for people; empty where it is not."""
        return joined(
            " · ",
            [
                _("{what}: {which}").format(what=by_words(by), which=name)
                for by, name in self.names.items()
            ],
        )

    def without(self, by: By) -> Narrowing:
        """Return the others."""
        return Narrowing({one: found for one, found in self.ids.items() if one is not by})

    def narrow(self, selection: Selection) -> Selection:
        """Return the sales and lines of a selection that pass."""
        for by, one in self.ids.items():
            selection = _NARROWED[by](selection, one)
        return selection


_NARROWED = {
    By.CATEGORY: narrowing.to_category,
    By.CASHIER: narrowing.to_cashier,
    By.TENDER: narrowing.to_tender,
    By.PRODUCT: narrowing.to_product,
    By.SUPPLIER: narrowing.to_supplier,
}


def check_filters(title: str, filters: Filters, takes: Collection[By]) -> None:
    """Raise Refused where a report cannot be narrowed so."""
    wrong = [by for by in By if by in filters and by not in takes]
    if not wrong:
        return
    if not takes:
        sentence = _("The report {report} is always whole: leave out {filter}.")
        raise Refused(sentence.format(report=title, filter=by_words(wrong[0])))
    offered = joined(", ", [by_words(by) for by in By if by in takes])
    raise Refused(
        _("The report {report} cannot be narrowed by {filter}; it takes: {offered}.").format(
            report=title, filter=by_words(wrong[0]), offered=offered
        )
    )


def found(reader: ShopDatabase, filters: Filters) -> Narrowing:
    """Look up what filters mean; raise Refused for what is not there."""
    ids, names = {}, {}
    for by in By:
        if by in filters:
            ids[by], names[by] = _found(reader, by, filters[by])
    return Narrowing(ids, names)


def _found(reader: ShopDatabase, by: By, text: str) -> tuple[Id, str]:
    match by:
        case By.CATEGORY:
            return _category(reader, text)
        case By.TENDER:
            kind = _tender(text)
            return kind.value, tender_name(kind)
        case By.CASHIER:
            missing = _("Nobody signs in as {text}: posctl staff list shows the logins.")
            row = report_filters.person(reader, text)
        case By.PRODUCT:
            missing = _("No product has the code or barcode {text}: scan it, or search its name.")
            row = report_filters.product(reader, text)
        case By.SUPPLIER:
            missing = _("No supplier is called {text}: type its code, or its whole name.")
            row = report_filters.supplier(reader, text)
    return _one(row, missing.format(text=text))


def _category(reader: ShopDatabase, text: str) -> tuple[Id, str]:
    if not text:
        return text, _("none")
    known = report_filters.categories(reader)
    if text not in known and not report_filters.was_category(reader, text):
        folded = {fold(one): one for one in known}
        near = [folded[one] for one in get_close_matches(fold(text), folded)]
        missing = _("No goods are of the category {text}: posctl export products lists them all.")
        if near:
            missing = _("No goods are of the category {text}. Did you mean {near}?")
        raise Refused(missing.format(text=text, near=joined(", ", near)))
    return text, text


def _one(row: Row | None, missing: str) -> tuple[Id, str]:
    if row is None:
        raise Refused(missing)
    return row["id"], row["name"]


def _tender(text: str) -> TenderKind:
    try:
        return TenderKind(text)
    except ValueError as error:
        words = ", ".join(kind.value for kind in TenderKind)
        raise Refused(
            _("There is no tender {text}; it is one of: {words}.").format(text=text, words=words)
        ) from error


def choices(reader: ShopDatabase, by: By) -> list[tuple[str, str]]:
    """Return what can be chosen of a kind, as filter and title; of products nothing: scan them."""
    match by:
        case By.CATEGORY:
            return [(one, one) for one in report_filters.categories(reader)]
        case By.CASHIER:
            return report_filters.people(reader)
        case By.TENDER:
            return [(kind.value, tender_name(kind)) for kind in TenderKind]
        case By.SUPPLIER:
            return report_filters.suppliers(reader)
        case By.PRODUCT:
            return []
