"""What is read of one payment before it is shown: its history, and who was at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pos_desktop.domain.ids import Id
from pos_desktop.services.mpesa.tray.tray import TrayItem
from pos_desktop.shop import Shop


@dataclass(frozen=True, slots=True)
class TrayLook:
    """A payment, and the names of those who have decided something about it."""

    item: TrayItem
    people: Mapping[Id, str]


def read_look(shop: Shop, key: str) -> TrayLook | None:
    """Return a payment of the tray as it is now; None where there is none."""
    item = shop.mpesa.tray.item(key)
    if item is None:
        return None
    asked = (one.detail.get(by) for one in item.history for by in ("by", "approver"))
    return TrayLook(item, {one: shop.sign_in.named(one) for one in {*asked} if one})
