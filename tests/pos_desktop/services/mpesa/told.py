"""Payments that the list, a report or a cashier tells of, in one line."""

from __future__ import annotations

from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.storage import mpesa_money
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.services.mpesa.scene import Scene

CODE = "RKL51ZDR4F"
OTHER = "RKL51ZDR5G"


def told(
    scene: Scene,
    cents: int = 500_00,
    receipt: str = CODE,
    *,
    by: MoneySource = MoneySource.PULL,
    reference: str = "",
) -> Money:
    """Let M-Pesa tell of a payment."""
    at = to_stored(scene.clock.now())
    return scene.mpesa.money.take_in(
        Money(
            receipt=receipt,
            amount_cents=cents,
            paid_at=at,
            short_code="174379",
            reference=reference,
            payer_name="AMINA",
            source=by,
            is_confirmed=by is not MoneySource.REPORT,
            told_at=at,
            changed_at=at,
        )
    )


def state_of(scene: Scene, receipt: str = CODE) -> MoneyState:
    found = mpesa_money.find(scene.shop.database, receipt)
    assert found is not None
    return found.state


def sale_of(scene: Scene, receipt: str = CODE) -> str | None:
    found = mpesa_money.find(scene.shop.database, receipt)
    assert found is not None
    return found.sale_id
