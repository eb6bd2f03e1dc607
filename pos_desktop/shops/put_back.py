"""What a salvaged file lacks and can be known all the same is put back before the shop opens."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.demo import DEMO_CALLBACK
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.journal import first_said, was_ever_set
from pos_desktop.storage.salvage import Salvage
from pos_desktop.storage.settings_table import changed_settings
from pos_desktop.storage.tax_rates import put_rates, tax_table


class Demo(Enum):
    """What is known of a shop whose settings do not say whether nothing in it is real."""

    KEPT = auto()
    """The settings say it."""
    FOUND = auto()
    """The journal says it."""
    UNKNOWN = auto()
    """Nothing says it: the shop is a real one, as papers that say demo would void real sales."""


@dataclass(frozen=True, slots=True)
class PutBack:
    """What was put back."""

    rates: tuple[str, ...] = ()
    """The tax bands that have the rates of a new shop, since their own could not be read."""
    demo: Demo = Demo.KEPT

    @property
    def sealed(self) -> tuple[str, ...]:
        """The tables that the journal seals anew."""
        return ("tax_rate",) if self.rates else ()


def put_back(database: ShopDatabase, done: Salvage, clock: Clock) -> PutBack:
    """Put back inside a transaction of its own what a shop cannot do without."""
    with database.write():
        return PutBack(rates=_put_rates(database, done), demo=_put_demo(database, done, clock))


def _put_rates(database: ShopDatabase, done: Salvage) -> tuple[str, ...]:
    """Give the rates of a new shop to the bands that lost theirs; nobody can type one in."""
    known = {rate.band for rate in tax_table(database).rates}
    if known and "tax_rate" not in done.missing:
        return ()
    lost = [rate for rate in KENYA_RATES if rate.band not in known]
    put_rates(database, lost)
    return tuple(rate.band for rate in lost)


def _put_demo(database: ShopDatabase, done: Salvage, clock: Clock) -> Demo:
    """Put back whether the shop is there to try things out."""
    is_lost = "setting" in done.missing or "setting" in done.doubtful
    if not is_lost or settings.SHOP_DEMO.key in changed_settings(database):
        return Demo.KEPT
    told = _demo_in_journal(database, is_whole="journal" not in done.missing)
    Configuration(database, clock).put(settings.SHOP_DEMO, value=bool(told))
    return Demo.UNKNOWN if told is None else Demo.FOUND


def _demo_in_journal(database: ShopDatabase, *, is_whole: bool) -> bool | None:
    """Return what the journal says of it; None where that may be lost too.

    Shops of before it said so when they were made have set the demo's address of M-Pesa.
    """
    said = first_said(database, "shop made", "demo")
    if said is not None:
        return bool(said)
    if was_ever_set(database, settings.MPESA_CALLBACK_URL.key, DEMO_CALLBACK):
        return True
    return False if is_whole else None
