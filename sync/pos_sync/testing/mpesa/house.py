"""What all desks of the simulator share: its books, its numbers, its shops, and its post."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.ledger import Ledger, Payment
from pos_sync.testing.mpesa.numbers import Numbers
from pos_sync.testing.mpesa.post import PostOffice
from pos_sync.testing.mpesa.reports import confirmation
from pos_sync.testing.mpesa.said import Letter, TurnedDown, bad_field, refusal
from pos_sync.testing.mpesa.scripts import ONCE, Reported


class House:
    """The parts; `lock` is held by whoever reads or changes them."""

    def __init__(
        self,
        merchants: Sequence[Merchant],
        habits: Habits,
        post: PostOffice,
        now: Callable[[], datetime],
        *,
        series: int,
        lock: threading.Condition,
    ) -> None:
        self.merchants = merchants
        self.habits = habits
        self.post = post
        self.now = now
        self.lock = lock
        self.numbers = Numbers(series)
        self.ledger = Ledger(habits, self.numbers)
        self.confirmation_urls: dict[str, str] = {}

    def merchant(self, short_code: str, app: str) -> Merchant:
        """Return a shop by its short code, by preference that of the app that asks."""
        found = [one for one in self.merchants if one.short_code == short_code]
        if not found:
            raise TurnedDown(refusal(500, "500.001.1001", "Merchant does not exist"))
        return next((one for one in found if one.secrets.consumer_key == app), found[0])

    def merchant_paid_to(self, number: str) -> Merchant:
        """Return the shop that customers pay to by this number, or that asks by it."""
        for one in self.merchants:
            if number in (one.account.number, one.short_code):
                return one
        raise bad_field("ShortCode")

    def confirmations(
        self, payment: Payment, reported: Iterable[Reported] = ONCE
    ) -> tuple[Letter, ...]:
        """Return the reports of money that has come in: none where no address is registered."""
        url = self.confirmation_urls.get(payment.short_code)
        if url is None:
            return ()
        shop_cents = self.ledger.shop_cents(payment.short_code)
        code = payment.number if self.habits.is_till_confirmed else payment.short_code
        usual = self.habits.payer_in_confirmations
        return tuple(
            Letter(url, confirmation(payment, code, one.payer or usual, shop_cents), one.after)
            for one in reported
        )
