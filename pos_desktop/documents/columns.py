"""Finds out which column of a table holds what: by its header, or as the person maps it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pos_desktop.documents.cells import Cell, CellFault
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.tables import MOST_COLUMNS, Row, column_index
from pos_desktop.domain.text import _

HEADER_SEARCH = 20
"""How many rows from the top may be titles before the header."""
IGNORE = "ignore"
"""What --map says of a column that is not to be read."""
KEYS = frozenset({"code", "barcode"})

CURRENCY = re.compile(r"\b(kes|kshs?|shs?|usd|eur|tsh|ush)\b")
PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")

SYNONYMS: dict[str, str] = {
    "barcode": (
        "barcode|barcodes|bar code|upc|ean|ean13|ean 13|ean8|gtin|upc code|upc ean|ean upc|"
        "ean code|barcode number|scan code|msimbo pau|code barre|code barres|code a barres|"
        "barcode 1|barcode 2|barcode 3|alt barcode|alternate barcode|other barcodes|"
        "extra barcodes|additional barcodes|second barcode|case barcode"
    ),
    "code": (
        "code|sku|item code|product code|plu|plu code|item no|item number|item id|product id|"
        "product no|article|article no|article code|stock code|stock id|part no|part number|"
        "ref|reference|internal reference|msimbo|namba|code article|code produit|id"
    ),
    "name": (
        "name|product name|item name|item|product|description|item description|"
        "product description|title|desc|goods|particulars|long description|jina|"
        "jina la bidhaa|bidhaa|maelezo|nom|nom du produit|designation|libelle|produit"
    ),
    "category": (
        "category|department|dept|product category|item category|categories|product group|"
        "item group|group|family|class|section|type|aina|kundi|idara|categorie|famille|rayon"
    ),
    "unit": (
        "unit|uom|unit of measure|units|measure|selling unit|sales unit|kipimo|unite|"
        "unite de mesure"
    ),
    "price": (
        "price|selling price|retail|retail price|sell price|sale price|sales price|"
        "unit price|rrp|price kes|price ksh|price kshs|normal price|price incl|"
        "price incl vat|price inc vat|selling|sp|bei|bei ya kuuza|prix|prix de vente|prix ttc"
    ),
    "cost": (
        "cost|cost price|buying price|purchase price|buy price|unit cost|buying|bp|last cost|"
        "average cost|landed cost|bei ya kununua|gharama|cout|prix d achat|prix achat"
    ),
    "tax_band": (
        "tax band|vat band|tax|vat|tax code|vat code|tax rate|vat rate|tax type|tax class|"
        "vat class|tax category|kodi|ushuru|tva|taxe|taux tva"
    ),
    "by_weight": (
        "by weight|sold by weight|weighed|weight item|weighable|scale|scale item|is weighed|"
        "sell by weight|kwa uzito|au poids|vendu au poids"
    ),
    "active": ("active|in use|enabled|is active|status|available|inatumika|hai|actif|en service"),
    "stock": (
        "stock|quantity on hand|qty on hand|on hand|opening stock|stock on hand|stock qty|"
        "stock quantity|in stock|qty|quantity|soh|stock level|balance|current stock|"
        "quantity in stock|idadi|akiba|hisa|quantite|qte|en stock|stock initial"
    ),
    "item_class": (
        "item class|item class code|item classification|classification code|hs code|unspsc|"
        "etims class|etims code|commodity code|classification|ainisho la bidhaa"
    ),
    "unit_code": (
        "unit code|quantity unit code|quantity unit|etims unit|qty unit code|msimbo wa kipimo"
    ),
    "packaging_code": (
        "packaging code|packaging|packaging unit|package code|packaging unit code|etims packaging|"
        "msimbo wa ufungashaji"
    ),
}
"""The fields, and the headers by which each is known, the surest first."""

_RANKS = {
    synonym: (rank, field)
    for field, synonyms in SYNONYMS.items()
    for rank, synonym in enumerate(synonyms.split("|"))
}


class Layout(NamedTuple):
    """Which column holds which field."""

    header: tuple[str, ...]
    """What stands above the columns; empty where the table has no header."""
    header_row: int
    """The header's row number; rows up to it are not data. 0 without a header."""
    places: dict[str, tuple[int, ...]]
    """The columns of each field found (only barcode has more than one)."""
    rivals: dict[str, tuple[int, ...]]
    """The columns that claim a field by their header, which a surer or earlier one has taken."""

    def title(self, place: int) -> str:
        """Return how a person knows a column: by its header, else by its letter."""
        title = self.header[place] if place < len(self.header) else ""
        return title or column_letters(place)

    def ignored(self) -> list[str]:
        """Return the titles of the columns that are not read."""
        used = {place for places in self.places.values() for place in places}
        return [title for at, title in enumerate(self.header) if title and at not in used]


def parse_mapping(given: Iterable[str]) -> dict[str, str]:
    """Return column to field from "column=field" texts; raises FileRefused."""
    mapping: dict[str, str] = {}
    for text in given:
        column, sign, field = text.rpartition("=")
        if not (sign and column.strip() and field.strip()):
            raise FileRefused(FileFault.NOT_A_MAP, sheet=text)
        mapping[column.strip()] = field.strip().lower()
    return mapping


def recognise(sample: Sequence[Row], mapping: Mapping[str, str], file: str) -> Layout:
    """Return the layout of a table from its first rows and the person's mapping.

    mapping is column to field; a column is named by its header, its letter or its number; the
    field "ignore" leaves it out. Raises FileRefused.
    """
    for field in mapping.values():
        if field not in SYNONYMS and field != IGNORE:
            raise _unknown("field", field, SYNONYMS)
    header_row, header = _header(sample, mapping)
    mapped = {_place(column, header): field for column, field in mapping.items()}
    places, rivals = _places(header, mapped)
    if not places:
        raise FileRefused(FileFault.NO_COLUMNS, file=file, known=", ".join(SYNONYMS))
    if not KEYS & places.keys():
        raise FileRefused(FileFault.NO_KEY, file=file)
    return Layout(header, header_row, places, rivals)


def field_of(header: str) -> str | None:
    """Return the field that a header names, None if it names none."""
    ranked = _rank(header)
    return ranked[1] if ranked else None


def _rank(header: str) -> tuple[int, str] | None:
    """Return how surely a header names which field, with or without its unit of account."""
    plain = _plain(header)
    for known in (plain, CURRENCY.sub("", plain).strip(), _plain(PARENTHESES.sub(" ", header))):
        if known in _RANKS:
            return _RANKS[known]
    return None


def column_letters(place: int) -> str:
    """Return how a spreadsheet names a column (0 is "A", 27 is "AB")."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def _plain(text: str) -> str:
    """Return a header in small letters without accents, signs and doubled spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    signs = (sign for sign in bare if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in signs).split())


def _header(sample: Sequence[Row], mapping: Mapping[str, str]) -> tuple[int, tuple[str, ...]]:
    """Return number and cells of the row that names most columns; (0, ()) if none does."""
    wanted = {_plain(column) for column in mapping}
    best: tuple[int, int, tuple[str, ...]] = (0, 0, ())
    for number, cells in sample[:HEADER_SEARCH]:
        if isinstance(cells, CellFault):
            continue
        titles = _titles(cells)
        plain = {_plain(title) for title in titles if title}
        fields = {field_of(title) for title in titles} - {None}
        known = len(fields) + 2 * len(plain & wanted)
        if known > best[0] and (known > 1 or fields <= KEYS):
            best = (known, number, titles)
    return best[1], best[2]


def _titles(cells: Iterable[Cell]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) if isinstance(cell, str) else "" for cell in cells)


def _place(column: str, header: tuple[str, ...]) -> int:
    """Return the place of a column that --map names; raises FileRefused."""
    plain = [_plain(title) for title in header]
    if _plain(column) in plain:
        return plain.index(_plain(column))
    column = column.strip()
    if column.isdecimal() and len(column) < 5 and 0 < int(column) <= MOST_COLUMNS:
        return int(column) - 1
    place = column_index(column) if len(column) <= 2 else None
    if place is not None and place < MOST_COLUMNS:
        return place
    raise _unknown("column", column, [title for title in header if title])


Places = dict[str, tuple[int, ...]]


def _places(header: tuple[str, ...], mapped: Mapping[int, str]) -> tuple[Places, Places]:
    """Return the columns of each field, the mapped ones or the surest header, and their rivals."""
    places: Places = {}
    rivals: Places = {}
    for place, field in mapped.items():
        if field in places and field != "barcode":
            raise FileRefused(FileFault.MAPPED_TWICE, sheet=field)
        if field != IGNORE:
            places[field] = (*places.get(field, ()), place)
    taken = set(places)
    ranked = sorted(
        (*rank, place)
        for place, title in enumerate(header)
        if place not in mapped and (rank := _rank(title))
    )
    for _surest, field, place in ranked:
        if field not in places:
            places[field] = (place,)
        elif field == "barcode" and field not in taken:
            places[field] = (*places[field], place)
        elif field not in taken:
            rivals[field] = (*rivals.get(field, ()), place)
    return places, rivals


def _unknown(what: str, name: str, known: Iterable[str]) -> FileRefused:
    import difflib

    names = list(known)
    by_case = {known_name.casefold(): known_name for known_name in names}
    near = difflib.get_close_matches(name.casefold(), by_case, n=1)
    hint = _(' (did you mean "{name}"?)').format(name=by_case[near[0]]) if near else ""
    listed = ", ".join(names) or "A, B, C"
    return FileRefused(FileFault.BAD_MAP, what=what, sheet=name, hint=hint, known=listed)
