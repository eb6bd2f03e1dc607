"""Why a row of a file is not taken, by whoever finds out: the reader, or the catalogue.

A child process knows no language; it hands back a code and the number that the rule names, and
whoever shows them words them in the language of the person who reads.
"""

from __future__ import annotations

import re
from enum import StrEnum

from pos_desktop.domain.text import _


class RowFault(StrEnum):
    """Why one row is rejected."""

    NO_KEY = "no_key"  # neither code nor barcode
    NO_PRODUCT = "no_product"  # a total or a note below the goods
    EXTRA_CELLS = "extra_cells"  # more cells than the header: a separator inside a text
    OPEN_QUOTE = "open_quote"  # a quotation mark that is never closed
    TOO_LONG_LINE = "too_long_line"  # a line that no table has
    FORMULA = "formula"  # a formula whose result was never saved
    CELL_ERROR = "cell_error"  # #REF!, #N/A ...
    DATE = "date"  # the spreadsheet made a date of it
    CHECK_DIGIT = "check_digit"  # a manufacturer's barcode with a wrong last digit
    CUT_BARCODE = "cut_barcode"  # 6.16E+12: digits are lost
    BAD_BARCODE = "bad_barcode"  # signs that no barcode holds
    NOT_AMOUNT = "not_amount"  # not a number
    NEGATIVE = "negative"  # a price below zero
    DECIMALS = "decimals"  # more decimals than money or quantities have
    ABSURD = "absurd"  # beyond any shop's price or stock
    AMBIGUOUS = "ambiguous"  # 1.234 in a column that does not tell which it is
    NOT_FLAG = "not_flag"  # neither yes nor no
    NOT_TAX = "not_tax"  # no VAT band
    TOO_LONG = "too_long"  # a text beyond its limit
    UNREADABLE = "unreadable"  # damaged characters
    REPEATED = "repeated"  # its product stood in an earlier row with other data
    SECOND_BARCODE = "second_barcode"  # its code stood in an earlier row with another barcode
    TWO_PRODUCTS = "two_products"  # code and barcodes belong to different products
    OTHER_CODE = "other_code"  # its barcode belongs to a product with another code
    NO_NAME = "no_name"  # a new product without a name
    NO_PRICE = "no_price"  # a new product without a price


_TOTAL = re.compile(r"(grand |sub ?-?)?totals?\b|jumla\b|sum\b|notes?\b", re.IGNORECASE)


def begins_like_a_total(text: str) -> bool:
    """Tell whether a text begins as the foot of a table does."""
    return bool(_TOTAL.match(text.strip()))


def row_sentence(fault: str, limit: str = "") -> str:
    """Return the reason shown beside a rejected row; limit is what the rule names.

    That is a number, or for products that contradict one another, which ones.
    """
    return _row_sentences()[RowFault(fault)].format(limit=limit)


def _row_sentences() -> dict[RowFault, str]:
    return {
        RowFault.NO_KEY: _("neither barcode nor code; fill one in"),
        RowFault.NO_PRODUCT: _(
            "looks like a total or a note: delete the row, or leave it, it is not imported; if it "
            "is a product, fill in barcode or code, name and price"
        ),
        RowFault.EXTRA_CELLS: _("more cells than the header has; put the text in quotation marks"),
        RowFault.OPEN_QUOTE: _("a quotation mark is never closed; remove or close it"),
        RowFault.TOO_LONG_LINE: _("the line is longer than {limit} characters; shorten it"),
        RowFault.FORMULA: _("a formula without a saved result; save the sheet in a spreadsheet"),
        RowFault.CELL_ERROR: _("the formula in this cell fails; correct it"),
        RowFault.DATE: _("the spreadsheet made a date of it; format the cell as text, type again"),
        RowFault.CHECK_DIGIT: _("the check digit is wrong; scan the pack to correct the barcode"),
        RowFault.CUT_BARCODE: _(
            "the digits are lost: type or scan the code again, and format the column as text"
        ),
        RowFault.BAD_BARCODE: _("not a barcode; only letters, digits and signs, at most {limit}"),
        RowFault.NOT_AMOUNT: _("not a number; write it like 1240.50"),
        RowFault.NEGATIVE: _("below zero; write a price of 0 or more"),
        RowFault.DECIMALS: _("more than {limit} decimals; round it"),
        RowFault.ABSURD: _("larger than {limit}; check the price or quantity"),
        RowFault.AMBIGUOUS: _("may be thousands or decimals; write it like 1240.50"),
        RowFault.NOT_FLAG: _("neither yes nor no; write yes or no"),
        RowFault.NOT_TAX: _("not a VAT band; write A, B, C, D, E or the rate"),
        RowFault.TOO_LONG: _("longer than {limit} characters; shorten it"),
        RowFault.UNREADABLE: _("characters are damaged; type the text again"),
        RowFault.REPEATED: _("stands in an earlier row with other data; keep one of them"),
        RowFault.TWO_PRODUCTS: _(
            "code and barcode belong to different products: {limit}; correct one"
        ),
        RowFault.OTHER_CODE: _(
            "this barcode belongs to a product with another code: {limit}; correct the barcode, "
            "or write that code to change that product"
        ),
        RowFault.SECOND_BARCODE: _(
            "this code stands in an earlier row with another barcode; write all barcodes of a "
            "product into one cell, parted by a comma"
        ),
        RowFault.NO_NAME: _("a new product needs a name"),
        RowFault.NO_PRICE: _("a new product needs a price"),
    }
