"""Pushes: the prompts at customers' phones, how they end, and what is told to who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_sync.testing.mpesa import fields
from pos_sync.testing.mpesa.fields import Body, PushFields
from pos_sync.testing.mpesa.habits import BEING_PROCESSED, TOO_EARLY, Merchant
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.ledger import Declined, Payment
from pos_sync.testing.mpesa.query_rate import QueryRate
from pos_sync.testing.mpesa.reports import stk_report
from pos_sync.testing.mpesa.said import (
    Letter,
    Reply,
    Said,
    TurnedDown,
    bad_field,
    refusal,
    spike,
    told,
)
from pos_sync.testing.mpesa.scripts import ONCE, Plan, Script
from pos_sync.testing.mpesa.words import words_of

PIN, CANCEL, WRONG_PIN, IGNORE = "0", "1032", "2001", "1037"
"""What a customer may do with a prompt."""

_NOT_PERMITTED = "2028"
_ACCEPTED = "Success. Request accepted for processing"
_LOCKED = (
    "Unable to lock subscriber, a transaction is already in process for the current subscriber"
)


@dataclass(kw_only=True)
class Prompt:
    """A push that was accepted."""

    checkout_id: str
    merchant_id: str
    merchant: Merchant
    fields: PushFields
    script: Script
    at: datetime
    code: str | None = None
    """By which it has ended; None while it is open."""
    ended_at: datetime | None = None
    payment: Payment | None = None
    queries: int = 0


class PushDesk:
    """Takes pushes and queries; the lock is held by who calls."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._habits = house.habits
        self._usual = Script()
        self._prompts: dict[str, Prompt] = {}
        self._open: dict[str, Prompt] = {}
        self._rate = QueryRate(house.habits)
        self.scripts: Plan[Script] = Plan()
        self.accepted = 0

    @property
    def open_prompts(self) -> tuple[Prompt, ...]:
        """Those that nobody has answered."""
        return tuple(self._open.values())

    def prompt(self, checkout_id: str) -> Prompt:
        """Return a push by its id; a KeyError where there is none."""
        return self._prompts[checkout_id]

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """All that are remembered."""
        return tuple(self._prompts.values())

    def push(self, app: str, body: Body) -> Reply:
        """Take a push; raises TurnedDown."""
        order = fields.push_fields(body, self._habits)
        merchant = self._house.merchant(order.short_code, app)
        now = self._house.now()
        fields.check_password(body, merchant, self._habits, now)
        if self._habits.is_locking and any(
            one.fields.phone == order.phone for one in self._open.values()
        ):
            raise TurnedDown(refusal(500, "500.001.1001", _LOCKED))
        prompt = self._opened(merchant, order, now)
        letters = self._begun(prompt)
        said = told(
            {
                "MerchantRequestID": prompt.merchant_id,
                "CheckoutRequestID": prompt.checkout_id,
                "ResponseCode": "0",
                "ResponseDescription": _ACCEPTED,
                "CustomerMessage": _ACCEPTED,
            }
        )
        if prompt.script.is_reported_first:
            return Reply(said, first=letters)
        return Reply(said, then=letters)

    def _opened(self, merchant: Merchant, order: PushFields, now: datetime) -> Prompt:
        script = self.scripts.due(order.phone, order.cents) or self._usual
        prompt = Prompt(
            checkout_id=self._house.numbers.checkout(order.phone, now),
            merchant_id=self._house.numbers.other(),
            merchant=merchant,
            fields=order,
            script=script,
            at=now,
        )
        self.accepted += 1
        self._prompts[prompt.checkout_id] = self._open[prompt.checkout_id] = prompt
        self._forget_old()
        return prompt

    def _forget_old(self) -> None:
        while len(self._prompts) > self._habits.remembered:
            self._prompts.pop(next(iter(self._prompts)))

    def _begun(self, prompt: Prompt) -> tuple[Letter, ...]:
        """Let a prompt run its course; return what is to be reported at once."""
        script, code = prompt.script, prompt.script.code
        if code is None:
            self._house.post.later(self._habits.prompt_seconds, self._expire_in_time)
            return ()
        if script.delay > 0 and not script.is_reported_first:
            self._house.post.later(script.delay, lambda: self._end_in_time(prompt, code))
            return ()
        return self._end(prompt, code)

    def _end_in_time(self, prompt: Prompt, code: str) -> None:
        with self._house.lock:
            if prompt.code is None:
                self._house.post.send(self._end(prompt, code))
            self._house.lock.notify_all()

    def _expire_in_time(self) -> None:
        with self._house.lock:
            self.expire()
            self._house.lock.notify_all()

    def expire(self) -> None:
        """End the prompts that nobody has answered in time."""
        oldest = self._house.now() - timedelta(seconds=self._habits.prompt_seconds)
        overdue = []
        for prompt in self._open.values():
            if prompt.at > oldest:
                break
            if prompt.script.code is None:
                overdue.append(prompt)
        for prompt in overdue:
            self._house.post.send(self._end(prompt, IGNORE))

    def answer(self, whom: str, code: str) -> Payment | None:
        """Let a customer answer the prompt of this id or at this phone; a LookupError if none.

        The payment is returned if that was one.
        """
        for prompt in self._open.values():
            if whom in (prompt.checkout_id, prompt.fields.phone):
                self._house.post.send(self._end(prompt, code))
                return prompt.payment
        raise LookupError(f"there is no open prompt for {whom}")

    def _end(self, prompt: Prompt, code: str) -> tuple[Letter, ...]:
        """End a prompt, move the money if it is paid, and return the reports."""
        del self._open[prompt.checkout_id]
        order, now = prompt.fields, self._house.now()
        prompt.ended_at = min(now, prompt.at + timedelta(seconds=self._habits.prompt_seconds))
        prompt.code = self._paid(prompt, now) if code == PIN else code
        if prompt.payment is None and self._habits.is_unpaid_a_repeat:
            self._house.ledger.note_asked(order.phone, order.cents, order.short_code, now)
        return (*self._reports(prompt), *self._confirmations(prompt))

    def _paid(self, prompt: Prompt, now: datetime) -> str:
        order, ledger = prompt.fields, self._house.ledger
        if not self._is_permitted(prompt):
            return _NOT_PERMITTED
        try:
            ledger.check_repeat(order.phone, order.cents, order.short_code, now)
            prompt.payment = ledger.pay(
                prompt.merchant,
                order.phone,
                order.cents,
                now,
                reference=order.reference,
                checkout_id=prompt.checkout_id,
            )
        except Declined as declined:
            return declined.code
        return "0"

    @staticmethod
    def _is_permitted(prompt: Prompt) -> bool:
        merchant, order = prompt.merchant, prompt.fields
        type_ = fields.TILL_TYPE if merchant.is_till else fields.PAYBILL_TYPE
        return (order.type_, order.party_b) == (type_, merchant.account.number)

    def _reports(self, prompt: Prompt) -> tuple[Letter, ...]:
        letters = []
        for one in prompt.script.reports:
            code = one.code or prompt.code or ""
            report = stk_report(
                prompt.checkout_id, prompt.merchant_id, code, prompt.payment, one.shape
            )
            letters.append(Letter(prompt.fields.url, report, one.after))
        return tuple(letters)

    def _confirmations(self, prompt: Prompt) -> tuple[Letter, ...]:
        reported = prompt.script.confirmations
        if reported is None:
            reported = ONCE if self._habits.is_push_confirmed else ()
        if prompt.payment is None:
            return ()
        return self._house.confirmations(prompt.payment, reported)

    def query(self, app: str, body: Body) -> Reply:
        """Tell what has become of a push; raises TurnedDown."""
        now = self._house.now()
        if not self._rate.is_allowed(app, now):
            raise TurnedDown(spike(self._habits.queries_per_minute or 0))
        code = fields.short_code(body, "BusinessShortCode")
        merchant = self._house.merchant(code, app)
        fields.check_password(body, merchant, self._habits, now)
        prompt = self._prompts.get(fields.text(body, "CheckoutRequestID"))
        early = timedelta(seconds=self._habits.early_seconds)
        if prompt is None or prompt.fields.short_code != code or now - prompt.at < early:
            raise bad_field("CheckoutRequestID")
        prompt.queries += 1
        return Reply(_queried(prompt, self._told(prompt)))

    def _told(self, prompt: Prompt) -> str:
        script = prompt.script
        if prompt.queries <= len(script.queries):
            return script.queries[prompt.queries - 1]
        return script.query_code or prompt.code or self._habits.while_open


def _queried(prompt: Prompt, code: str) -> Said:
    if code == TOO_EARLY:
        raise bad_field("CheckoutRequestID")
    if code == BEING_PROCESSED:
        raise TurnedDown(refusal(500, code, "The transaction is being processed"))
    return told(
        {
            "ResponseCode": "0",
            "ResponseDescription": "The service request has been accepted successsfully",
            "MerchantRequestID": prompt.merchant_id,
            "CheckoutRequestID": prompt.checkout_id,
            "ResultCode": code,
            "ResultDesc": words_of(code),
        }
    )
