"""Tax rates are data with dates; tax is split out of a gross amount."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.tax import (
    DEFAULT_BAND,
    KENYA_RATES,
    TaxRate,
    TaxTable,
    included_tax,
    parse_kra_pin,
)
from tests.pos_desktop.domain.examples import DAY


def test_the_bands_of_kenya() -> None:
    table = TaxTable()
    rates = {band: table.rate(band, DAY).rate_bp for band in "ABCDE"}
    assert rates == {"A": 0, "B": 1600, "C": 0, "D": 0, "E": 800}
    assert table.rate(DEFAULT_BAND, DAY).rate_bp == 1600


def test_a_rate_changes_on_its_day() -> None:
    change = date(2027, 1, 1)
    table = TaxTable(
        [TaxRate("B", 1800, change, None, "VAT 18%"), TaxRate("B", 1600, date.min, change, "")]
    )
    assert table.rate("B", date(2026, 12, 31)).rate_bp == 1600
    assert table.rate("B", change).rate_bp == 1800


def test_a_missing_rate_is_refused() -> None:
    with pytest.raises(Refused, match="Tax band F has no rate on 24/11/2026"):
        TaxTable().rate("F", DAY)
    with pytest.raises(Refused):
        TaxTable([TaxRate("B", 1600, date(2027, 1, 1), None, "")]).rate("B", DAY)


def test_two_rates_on_one_day_are_a_mistake() -> None:
    with pytest.raises(ValueError):
        TaxTable([*KENYA_RATES, TaxRate("B", 1800, DAY, None, "")])


def test_known_splits() -> None:
    assert included_tax(1240_00, 1600) == 171_03
    assert included_tax(108_00, 800) == 8_00
    assert included_tax(1240_00, 0) == 0


@given(st.integers(-(10**11), 10**11), st.integers(0, 5000))
def test_included_tax_is_the_rate_of_the_net(gross: int, rate_bp: int) -> None:
    tax = included_tax(gross, rate_bp)
    assert abs(Fraction(gross * rate_bp, 10_000 + rate_bp) - tax) <= Fraction(1, 2)
    assert included_tax(-gross, rate_bp) == -tax


def test_a_kra_pin() -> None:
    assert parse_kra_pin(" p051234567x ") == "P051234567X"
    for text in ("", "P05123456X", "X051234567P", "P051234567XX"):
        with pytest.raises(Refused):
            parse_kra_pin(text)
