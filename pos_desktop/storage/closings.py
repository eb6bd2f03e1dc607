"""What an X and a Z tell and keep: the figures of their sales, and the controlled acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pos_desktop.domain.controlled_acts import ActTotal
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.ids import Id
from pos_desktop.storage import acts, shifts
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.figures import figures
from pos_desktop.storage.figures import of_shift as sales_of_shift
from pos_desktop.storage.shifts import ZPeriod


@dataclass(frozen=True, slots=True)
class Told:
    """The figures of a shift or a day, and what was done in it that an owner wants to see."""

    figures: Figures
    acts: tuple[ActTotal, ...]

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values; this is how it is kept for ever."""
        return {**self.figures.as_plain(), "acts": [one.as_plain() for one in self.acts]}


def of_shift(database: ShopDatabase, shift_id: Id) -> Told:
    """Return what is told of a shift, open or closed."""
    stretch = acts.of_shift(database, shift_id)
    return Told(figures(database, sales_of_shift(shift_id)), acts.acts(database, stretch))


def since_last_z(database: ShopDatabase) -> Told:
    """Return what the next Z will tell."""
    stretch = acts.since_last_z(database)
    return Told(figures(database, shifts.since_last_z(database)), acts.acts(database, stretch))


def of_z(database: ShopDatabase, z: ZPeriod) -> Told:
    """Return what a Z of the file has to tell."""
    stretch = acts.of_z(database, z.id)
    return Told(figures(database, z.selection), acts.acts(database, stretch))
