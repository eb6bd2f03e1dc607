"""Value added tax: rates are data with dates, and tax is split out of a price that includes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pos_desktop.domain.country import written_day
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents, divide_half_up
from pos_desktop.domain.percent import WHOLE, BasisPoints
from pos_desktop.domain.text import _

_KRA_PIN = re.compile(r"[AP][0-9]{9}[A-Z]")


@dataclass(frozen=True, slots=True)
class TaxRate:
    """The rate of a band from one day until the day before another."""

    band: str
    rate_bp: BasisPoints
    valid_from: date
    valid_to: date | None
    """The first day on which it no longer holds; None while no end is known."""
    label: str

    def holds_on(self, day: date) -> bool:
        """Tell whether this is the band's rate on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


KENYA_RATES = (
    TaxRate("A", 0, date.min, None, "Exempt"),
    TaxRate("B", 16_00, date.min, None, "VAT 16%"),
    TaxRate("C", 0, date.min, None, "Zero rated"),
    TaxRate("D", 0, date.min, None, "Non-VAT"),
    TaxRate("E", 8_00, date.min, None, "VAT 8%"),
)
"""The bands of the Kenya Revenue Authority, by the letters of its eTIMS."""

DEFAULT_BAND = "B"


class TaxTable:
    """The rates that a shop knows.

    Raises ValueError where two rates of a band hold on the same day.
    """

    def __init__(self, rates: Iterable[TaxRate] = KENYA_RATES) -> None:
        self.rates = tuple(sorted(rates, key=lambda rate: (rate.band, rate.valid_from)))
        for earlier, later in zip(self.rates, self.rates[1:], strict=False):
            if earlier.band == later.band and earlier.holds_on(later.valid_from):
                raise ValueError(f"two rates of band {later.band} hold on {later.valid_from}")

    def rate(self, band: str, on: date) -> TaxRate:
        """Return the rate of a band on a day; raises Refused where none is known."""
        for rate in self.rates:
            if rate.band == band and rate.holds_on(on):
                return rate
        raise Refused(
            _(
                "Tax band {band} has no rate on {day}, so its goods cannot be sold: call support, "
                "with the file that Doctor saves for them (F6)."
            ).format(band=band, day=written_day(on))
        )


def included_tax(gross: Cents, rate_bp: BasisPoints) -> Cents:
    """Return the tax that an amount includes, in cents, rounded half up; net is the rest."""
    return divide_half_up(gross * rate_bp, WHOLE + rate_bp)


def parse_kra_pin(text: str) -> str:
    """Return a taxpayer's PIN in its usual form; raises Refused where it is none."""
    pin = text.strip().upper()
    if not _KRA_PIN.fullmatch(pin):
        raise Refused(_("A KRA PIN is a letter, nine digits and a letter: P051234567X."))
    return pin
