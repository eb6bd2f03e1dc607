"""What a salvaged file lacks and can be known all the same is put back before the shop opens."""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.salvage import Salvage
from pos_desktop.storage.tax_rates import put_rates, tax_table


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back."""

    rates: tuple[str, ...] = ()
    """The tax bands that have the rates of a new shop, since their own could not be read."""

    @property
    def sealed(self) -> tuple[str, ...]:
        """The tables that the journal seals anew."""
        return ("tax_rate",) if self.rates else ()


def put_back(database: ShopDatabase, done: Salvage) -> PutBack:
    """Put back inside a transaction of its own what a shop cannot sell without."""
    with database.write():
        return PutBack(rates=_put_rates(database, done))


def _put_rates(database: ShopDatabase, done: Salvage) -> tuple[str, ...]:
    """Give the rates of a new shop to the bands that lost theirs; nobody can type one in."""
    known = {rate.band for rate in tax_table(database).rates}
    if known and "tax_rate" not in done.missing:
        return ()
    lost = [rate for rate in KENYA_RATES if rate.band not in known]
    put_rates(database, lost)
    return tuple(rate.band for rate in lost)
