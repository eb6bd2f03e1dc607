"""The list of the payments of the last two days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pos_sync.mpesa.nairobi import EAT
from pos_sync.testing.mpesa import fields
from pos_sync.testing.mpesa.fields import Body
from pos_sync.testing.mpesa.habits import Merchant, PullTime
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.ledger import Payment, Settlement
from pos_sync.testing.mpesa.reports import shillings, shown
from pos_sync.testing.mpesa.said import Reply, Said, bad_field, told

_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
_ISO = "%Y-%m-%dT%H:%M:%S"

_DONE, _NOTHING = "1000", "1001"


class PullDesk:
    """Registers shops for the list, and gives it out; the lock is held by who calls."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._habits = house.habits
        self._registered: set[str] = set()

    def register(self, app: str, body: Body) -> Reply:
        """Let a shop have the list from now on."""
        fields.one_of(body, "RequestType", "Pull")
        fields.address(body, "CallBackURL", self._habits)
        merchant = self._house.merchant(fields.short_code(body), app)
        if fields.phone(body, "NominatedNumber") != merchant.phone:
            raise bad_field("NominatedNumber")
        is_new = merchant.short_code not in self._registered
        self._registered.add(merchant.short_code)
        gap = " " if self._habits.is_pull_spaced else ""
        words = "Registered Successfully" if is_new else "already registered"
        return Reply(
            told(
                {
                    "ResponseRefID": self._house.numbers.other(),
                    f"Response{gap}Status": _DONE if is_new else _NOTHING,
                    "ShortCode": merchant.short_code,
                    f"Response{gap}Description": f"Shortcode {words}",
                }
            )
        )

    def pull(self, app: str, body: Body) -> Reply:
        """Return a page: the rows between two times, none older than two days."""
        merchant = self._house.merchant(fields.short_code(body), app)
        start, end = _moment(body, "StartDate"), _moment(body, "EndDate")
        offset = fields.text(body, "OffSetValue")
        if not (offset.isascii() and offset.isdigit()):
            raise bad_field("OffSetValue")
        rows: list[Payment | Settlement] = []
        if merchant.short_code in self._registered:
            rows = sorted(self._rows(merchant, start, end), key=lambda one: one.at)
        page = rows[int(offset) :][: self._habits.pull_page]
        return Reply(self._page([self._told(merchant, one) for one in page]))

    def _rows(
        self, merchant: Merchant, start: datetime, end: datetime
    ) -> Iterator[Payment | Settlement]:
        ledger, now = self._house.ledger, self._house.now()
        start = max(start, now - timedelta(hours=self._habits.pull_hours))
        told = now - timedelta(seconds=self._habits.pull_lag_seconds)
        # a second that has begun belongs to it as a whole
        end = min(end + timedelta(seconds=1), told)
        every: tuple[Payment | Settlement, ...] = (*ledger.payments, *ledger.settlements)
        for one in every:
            if one.short_code == merchant.short_code and start <= one.at <= end:
                yield one

    def _told(self, merchant: Merchant, one: Payment | Settlement) -> dict[str, Any]:
        row: dict[str, Any] = {
            "transactionId": one.receipt,
            "trxDate": self._time(one.at),
            "amount": shillings(one.cents),
            "organizationname": merchant.name,
        }
        if isinstance(one, Settlement):
            kind = "merchant-to-organization-settlement"
            return {**row, "msisdn": "", "sender": "", "transactiontype": kind, "billreference": ""}
        return {
            **row,
            "msisdn": shown(one.phone, self._habits.payer_in_pull),
            "sender": one.name,
            "transactiontype": f"c2b-{'buy-goods' if one.is_to_till else 'pay-bill'}-debit",
            "billreference": one.reference,
        }

    def _time(self, at: datetime) -> str:
        mode = self._habits.pull_time
        if mode is PullTime.Z_IS_UTC:
            return f"{at.strftime(_ISO)}Z"
        zone = "Z" if mode is PullTime.Z_IS_NAIROBI else "+03:00"
        return f"{at.astimezone(EAT).strftime(_ISO)}{zone}"

    def _page(self, rows: list[dict[str, Any]]) -> Said:
        is_flat = self._habits.is_pull_flat and bool(rows)
        return told(
            {
                "ResponseRefID": self._house.numbers.other(),
                "ResponseCode": _DONE if rows else _NOTHING,
                "ResponseMessage": "Success" if rows else "No transactions in the period",
                "Response": rows if is_flat else [rows],
            }
        )


def _moment(body: Body, name: str) -> datetime:
    for form in _FORMS:
        try:
            return datetime.strptime(fields.text(body, name), form).replace(tzinfo=EAT)
        except ValueError:
            continue
    raise bad_field(name)
