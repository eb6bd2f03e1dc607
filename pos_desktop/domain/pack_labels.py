"""Labels of packs that were weighed or priced: their codes say what, and how much of it.

Every shop sets its label scale up in its own way, hence patterns, as long as the label's code:

    20IIIIIWWwwwC    21IIIIIPPPPPC    02IIIIIVPPPppC

Digits stand for themselves, `I` for the item's code, `W` and `w` for whole and broken kilograms
(units of the product), `P` and `p` for whole and broken shillings, `V` for a digit that is passed
over, such as a check digit of the price alone, `C` for the check digit of GS1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, groupby

from pos_desktop.domain.barcodes import LONGEST_BARCODE, check_digit, has_right_check_digit
from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, divide_half_up
from pos_desktop.domain.quantity import ONE, Thousandths, line_amount
from pos_desktop.domain.text import _

_LETTERS = "IWwPpVC"
_BETWEEN = re.compile(r"[\s|]+")
_UNIT_DIGITS, _CENT_DIGITS = 3, 2
"""How many digits of a broken unit, or of a broken shilling, there are to tell."""


class MisreadLabel(Refused):
    """The last digit of this label does not fit the others; scan it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLabel:
    """What the code of a label says; either a quantity or a price is None."""

    item_code: str
    quantity: Thousandths | None
    price_cents: Cents | None
    family: str
    """The label with nothing on the scale: some shops keep it as the product's barcode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What a code sells: an item, and how much of it where the code is a label's."""

    item: Item
    quantity: Thousandths | None = None
    """None where the code does not say it: one, or as many as somebody types."""
    label_cents: Cents | None = None
    """The price on the label, where it carries one."""

    @property
    def full_cents(self) -> Cents:
        """What it costs before any discount."""
        if self.label_cents is not None:
            return self.label_cents
        return line_amount(self.item.price_cents, self.quantity or ONE)


@dataclass(frozen=True)
class LabelPattern:
    """One pattern; made by `parse_label_patterns`, which refuses what is none."""

    text: str

    def read(self, code: str) -> PackLabel | None:
        """Return what a code says, None where it does not fit this pattern.

        Raises MisreadLabel where all fits but the check digit.
        """
        if self._form.fullmatch(code) is None:
            return None
        if self.text.endswith("C") and not has_right_check_digit(code):
            raise MisreadLabel
        return PackLabel(
            item_code=self._digits(code, "I"),
            quantity=self._number(code, "W", "w", _UNIT_DIGITS),
            price_cents=self._number(code, "P", "p", _CENT_DIGITS),
            family=self._family(code),
        )

    def fits_labels_of(self, other: LabelPattern) -> bool:
        """Tell whether one code can fit both patterns."""
        return len(self.text) == len(other.text) and all(
            one == two or not (one.isdigit() and two.isdigit())
            for one, two in zip(self.text, other.text, strict=True)
        )

    @cached_property
    def _form(self) -> re.Pattern[str]:
        return re.compile("".join(sign if sign.isdigit() else "[0-9]" for sign in self.text))

    def _digits(self, code: str, letter: str) -> str:
        """Return the digits that stand where the pattern has this letter."""
        signed = zip(code, self.text, strict=True)
        return "".join(digit for digit, sign in signed if sign == letter)

    def _number(self, code: str, whole: str, broken: str, decimals: int) -> int | None:
        """Return a value in its smallest unit; None where the pattern has none of its letters."""
        if not {whole, broken} & set(self.text):
            return None
        return int(self._digits(code, whole) + self._digits(code, broken).ljust(decimals, "0"))

    def _family(self, code: str) -> str:
        emptied = "".join(
            digit if sign == "I" or sign.isdigit() else "0"
            for digit, sign in zip(code, self.text, strict=True)
        )
        return emptied[:-1] + str(check_digit(emptied[:-1])) if self.text[-1] == "C" else emptied


@lru_cache(maxsize=16)
def parse_label_patterns(text: str) -> tuple[LabelPattern, ...]:
    """Return the patterns of a setting, parted by blanks or |; raise Refused where one is none."""
    patterns = tuple(LabelPattern(one) for one in _BETWEEN.split(text.strip(" |")) if one)
    for pattern in patterns:
        if fault := _fault(pattern.text):
            sentence = _("{pattern} is no pattern of labels: {fault}.")
            raise Refused(sentence.format(pattern=pattern.text, fault=fault))
    for one, other in combinations(patterns, 2):
        if one.fits_labels_of(other):
            sentence = _(
                "One label can fit both {one} and {other}: begin them with different digits."
            )
            raise Refused(sentence.format(one=one.text, other=other.text))
    return patterns


def read_label(code: str, patterns: tuple[LabelPattern, ...]) -> PackLabel | None:
    """Return what a code says by the first pattern that it fits; None where it fits none.

    Raises MisreadLabel where its check digit is wrong.
    """
    found = (pattern.read(code) for pattern in patterns)
    return next((label for label in found if label is not None), None)


def sold_by_label(item: Item, label: PackLabel) -> Sold:
    """Return what the label of an item sells.

    The quantity behind a price is the price by the price of one unit: in thousandths where the
    item is weighed, in whole pieces where it is not, and never nothing. Raises Refused for the
    weight of an item that is not weighed, and for a label without weight or price.
    """
    if label.quantity is not None and not item.by_weight:
        sentence = _(
            "The label says a weight, but {name} is not sold by weight: sell it by its own code, "
            "or change that in the catalogue."
        )
        raise Refused(sentence.format(name=item.name))
    if not (label.quantity or label.price_cents):
        sentence = _("The label of {name} says zero: weigh the pack and label it again.")
        raise Refused(sentence.format(name=item.name))
    if label.price_cents is None:
        return Sold(item=item, quantity=label.quantity)
    quantity = _behind_price(item, label.price_cents)
    return Sold(item=item, quantity=quantity, label_cents=label.price_cents)


def _behind_price(item: Item, price_cents: Cents) -> Thousandths:
    if item.price_cents <= 0:
        return ONE
    if item.by_weight:
        return max(1, divide_half_up(price_cents * ONE, item.price_cents))
    return ONE * max(1, divide_half_up(price_cents, item.price_cents))


def _fault(text: str) -> str:
    """Return what is wrong with a pattern, in words that end a sentence; empty if nothing is."""
    signs = [sign for sign, _run in groupby(text)]
    letters = [sign for sign in signs if not _is_digit(sign)]
    rules = (
        (set(letters) <= set(_LETTERS),
         _("it may hold digits and the letters I W w P p V C alone")),
        (len(text) <= LONGEST_BARCODE,
         _("a code has at most {most} digits").format(most=LONGEST_BARCODE)),
        (_is_digit(text[0]), _("it begins with the digits that tell these labels from others")),
        ("I" in letters, _("it needs I for the digits of the item's code")),
        (bool({*letters} & {*"WwPp"}), _("it needs W and w for a weight, or P and p for a price")),
        (not ({*letters} & {*"Ww"} and {*letters} & {*"Pp"}),
         _("it has either a weight or a price, not both")),
        (all(letters.count(letter) <= 1 for letter in "IWwPp"),
         _("the digits of one kind stand side by side")),
        (_side_by_side(signs), _("the broken part follows the whole one at once")),
        (text.count("w") <= _UNIT_DIGITS and text.count("p") <= _CENT_DIGITS,
         _("there are at most three w, or two p")),
        (text.count("C") == text.endswith("C"), _("there is one C, at the end")),
    )  # fmt: skip
    return next((words for holds, words in rules if not holds), "")


def _side_by_side(signs: list[str]) -> bool:
    """Tell whether whole and broken part, where there are both, are neighbours."""
    pairs = [pair for pair in ("Ww", "Pp") if set(pair) <= set(signs)]
    return all(pair in "".join(signs) for pair in pairs)


def _is_digit(sign: str) -> bool:
    return sign.isascii() and sign.isdigit()
