"""Money that M-Pesa tells of: kept by its receipt, and brought to the sale that it is for.

Whoever tells of it (a report, the list of payments, a statement, the cashier), it is one row. Only
what was told in answer to a question of our own finds a sale by itself; a report is kept and has to
be confirmed first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.mpesa_attempt import OWED, PAYING, WITH_MONEY, AttemptEvent, AttemptState
from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import (
    FITS_AFTER,
    IN_USE,
    LISTED_FOR,
    UNSURE,
    Certainty,
    Found,
    MoneyEvent,
    MoneySource,
    MoneyState,
    Payment,
    Wait,
    fits,
    once_confirmed,
    sale_of,
)
from pos_desktop.services.mpesa.attempt_moves import happen
from pos_desktop.services.mpesa.claiming import Claiming
from pos_desktop.services.mpesa.own_references import is_another_tills
from pos_desktop.services.mpesa.push_of_payment import (
    attempts_of,
    is_known_to_be_of,
    may_be_of_other,
    payer_of,
)
from pos_desktop.storage import (
    carts,
    mpesa_attempts,
    mpesa_claims,
    mpesa_events,
    mpesa_money,
    mpesa_waits,
    sales,
)
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import from_stored, to_stored
from pos_desktop.storage.mpesa_attempts import Attempt
from pos_desktop.storage.mpesa_claims import ClaimState
from pos_desktop.storage.mpesa_money import Money

log = logging.getLogger(__name__)

_PAID_CODE = "0"
"""What a query has told, where it is a query that has told of the money."""
_LOOKED_BACK = timedelta(hours=1)
"""How old a payment may be to be taken by a wait that is opened now."""


class MoneyBook:
    """Keeps payments and finds their sales; from any thread."""

    def __init__(
        self,
        database: ShopDatabase,
        clock: Clock,
        is_shared: Callable[[], bool],
        claims: Claiming,
        ahead: Callable[[], timedelta],
    ) -> None:
        """Take the machine's clock, which no replay moves, and by how much M-Pesa's is ahead.

        `is_shared` tells whether other tills are paid by the same number: then amount and time
        speak for no sale of this one, unless the relay grants it by `claims`.
        """
        self._is_shared = is_shared
        self._claims = claims
        self._ahead = ahead
        self._database = database
        self._clock = clock

    def take_in(self, told: Money) -> Money:
        """Keep what was told of a payment, and bring it to its sale where that is certain.

        Told again, it changes nothing, unless it is confirmed now and was not before.
        """
        with self._database.write():
            known = mpesa_money.find(self._database, told.receipt)
            if known is None:
                mpesa_money.put(self._database, told)
                self._tell(EventKind.MONEY_TOLD, told, source=told.source.value)
            elif told.is_confirmed and not known.is_confirmed:
                known = self._seen_again(known)
                mpesa_money.put(self._database, _confirmed(known, told))
                self._tell(
                    EventKind.MONEY_CONFIRMED,
                    told,
                    before=known.source.value,
                    before_cents=known.amount_cents,
                )
            else:
                return self._contradicted(known, told) if _contradict(known, told) else known
            if told.is_confirmed:
                self._place(self._find(told.receipt), known)
            return self._find(told.receipt)

    def _seen_again(self, known: Money) -> Money:
        """Return what is not there as a person has said, or was let go, as it stands once it is.

        Where its sale is gone, or goes without it, it is in the tray; another till's stays away.
        """
        if known.state is not MoneyState.ELSEWHERE or self._sale_has(known):
            return known
        claim = mpesa_claims.find(self._database, known.receipt)
        if claim is not None and claim.state is ClaimState.TAKEN:
            return known
        return replace(known, state=MoneyState.SUSPENSE, sale_id=None)

    def _sale_has(self, money: Money) -> bool:
        """Tell whether the sale for which a payment was taken is kept, or has gone by it."""
        if money.sale_id is None:
            return False
        attempt = mpesa_attempts.by_receipt(self._database, money.receipt)
        names = (money.receipt, *((attempt.reference,) if attempt else ()))
        return carts.is_kept(self._database, money.sale_id) or any(
            sales.names_tender(self._database, money.sale_id, one) for one in names
        )

    def _contradicted(self, known: Money, told: Money) -> Money:
        """Let M-Pesa's own word stand against what a person has seen: the amount is another.

        A sale that counts it for as much as was seen has it no more for certain.
        """
        at, cents = self._now(), told.amount_cents
        changed = replace(known, amount_cents=cents, source=told.source, changed_at=at)
        mpesa_money.put(self._database, changed)
        note = f"typed {known.amount_cents}"
        self._happened(changed, MoneyEvent.DIFFER, note)
        kind = EventKind.TYPED_OTHERWISE
        self._tell(kind, changed, sale_id=known.sale_id, typed_cents=known.amount_cents)
        return self._find(told.receipt)

    def confirm_pushed(self, attempt: Attempt) -> Money | None:
        """Confirm what a report tells of a push: a query says that it is paid, with this amount.

        In the caller's transaction or one of its own; None where nothing of it is told for certain.
        """
        if attempt.state not in WITH_MONEY or attempt.code != _PAID_CODE:
            return None
        told = [
            one
            for one in mpesa_money.of_attempt(self._database, attempt.id)
            if not one.is_confirmed and one.amount_cents == attempt.amount_cents
        ]
        if len(told) != 1:
            return None
        confirmed = replace(told[0], source=MoneySource.QUERY, is_confirmed=True)
        return self.take_in(replace(confirmed, changed_at=self._now()))

    def settle_left(self) -> None:
        """Look again for the pushes that payments are of: a query may have told which since."""
        since = to_stored(self._clock.now() - LISTED_FOR)
        for money in mpesa_money.unused(self._database, since):
            if money.is_confirmed and money.state is MoneyState.UNMATCHED:
                try:
                    with self._database.write():
                        self._settle_again(self._find(money.receipt))
                except Unavailable:
                    raise
                except Exception:  # it may stand in no other's way
                    log.exception("%s is left as it is", money.receipt)

    def _settle_again(self, money: Money) -> None:
        attempts = attempts_of(self._database, money, self._ahead())
        is_one = money.state is MoneyState.UNMATCHED and len(attempts) == 1
        if is_one and not self._is_wanted_too(money, attempts[0]):
            self._settle(money, attempts[0])

    def look_for(self, wait: Wait) -> Money | None:
        """Return the payment that came before a wait was opened and is its own for certain.

        The wait has it then; in the caller's transaction.
        """
        since = to_stored(self._clock.now() + self._ahead() - _LOOKED_BACK)
        cents, name = wait.amount_cents, wait.reference.upper()
        for money in mpesa_money.unused_like(self._database, since, cents, name):
            # what is in the tray was another sale's: a person may pick it, none has it by itself
            is_new = money.is_confirmed and money.state is MoneyState.UNMATCHED
            if is_new and self._match_wait(money) == wait.sale_id:
                return self._find(money.receipt)
        return None

    # where a payment belongs

    def _place(self, money: Money, known: Money | None) -> None:
        is_typed = known is not None and known.sale_id and known.state in UNSURE
        if known is not None and is_typed:
            self._check_typed(money, known)
        attempts = attempts_of(self._database, money, self._ahead())
        if is_typed:
            if len(attempts) == 1 and is_known_to_be_of(money, attempts[0]):
                self._settle_typed(self._find(money.receipt), attempts[0])
        elif len(attempts) == 1:
            if not self._is_wanted_too(money, attempts[0]):
                self._settle(money, attempts[0])
        elif is_another_tills(self._database, money.reference):
            self._happened(money, MoneyEvent.BE_ELSEWHERE)
        elif not attempts and money.state is MoneyState.UNMATCHED:
            self._match_wait(money)

    def _is_wanted_too(self, money: Money, attempt: Attempt) -> bool:
        """Tell whether another cart waits for as much, and nothing but that speaks for a push.

        What is paid as M-Pesa says has to have a payment: which of equal ones is the same.
        """
        if attempt.state in OWED or is_known_to_be_of(money, attempt):
            return False
        waits = self._unserved()
        phones = frozenset(one.phone for one in waits if one.phone)
        payment = payment_of(money, phones, self._ahead())
        others = (one for one in waits if one.sale_id not in (attempt.sale_id, money.sale_id))
        return any(fits(payment, one) and not self._has_money(one) for one in others)

    def _check_typed(self, money: Money, known: Money) -> None:
        """Let a sale keep what it took by a typed code; if that was another amount, say so."""
        if money.amount_cents != known.amount_cents:
            note = f"typed {known.amount_cents}"
            self._happened(money, MoneyEvent.DIFFER, note)
            self._tell(EventKind.TYPED_OTHERWISE, money, typed_cents=known.amount_cents)
            self._part(money)

    def _part(self, money: Money) -> None:
        """Let a push go that was taken to be paid by a code, and asked for another amount.

        Its sale has gone on with the code, so what the push has brought is late; that may stand in
        the tray already.
        """
        attempt = mpesa_attempts.by_receipt(self._database, money.receipt)
        if attempt is None or attempt.amount_cents == money.amount_cents:
            return
        suspended = mpesa_money.in_states(self._database, (MoneyState.SUSPENSE,), -1)
        own = (one.receipt for one in suspended if one.reference.upper() == attempt.reference)
        at = self._now()
        mpesa_attempts.note(self._database, attempt.id, at, {"receipt": next(own, None)})
        self._happen(attempt, AttemptEvent.RELEASE, money)

    def _settle_typed(self, money: Money, attempt: Attempt) -> None:
        """Let an attempt know its payment, which a sale has taken by its code alone.

        Where that was another sale, or it counts the push as well, the code has paid nothing there.
        Where it was typed for another amount, its sale has not counted what the push has brought.
        """
        if attempt.receipt not in (None, money.receipt):
            return
        is_its_own = attempt.sale_id == money.sale_id
        counts = carts.is_kept(self._database, attempt.sale_id) or attempt.state in PAYING
        is_otherwise = money.state is MoneyState.DIFFERS
        self._move(attempt, money, waits=not is_otherwise if is_its_own else counts)
        names = sales.names_tender(self._database, attempt.sale_id, attempt.reference)
        if names if is_its_own else counts:
            self._happened(money, MoneyEvent.DIFFER, attempt.reference)
            self._tell(EventKind.TYPED_OF_ANOTHER, money, attempt=attempt)

    def _settle(self, money: Money, attempt: Attempt) -> None:
        """Let an attempt have its payment; a second one for it goes into the tray."""
        if attempt.receipt not in (None, money.receipt):
            self._suspend(money, attempt)
            return
        waits = carts.is_kept(self._database, attempt.sale_id)
        state = self._move(attempt, money, waits=waits)
        if state in (AttemptState.CONFIRMED, AttemptState.PAID) or (
            waits and not self._is_paid_otherwise(attempt)
        ):
            self._use(money, attempt.sale_id, Certainty.REFERENCE, attempt.id)
        else:
            self._suspend(money, attempt)

    def _move(self, attempt: Attempt, money: Money, *, waits: bool) -> AttemptState:
        """Let the attempt know its receipt; a late one is the sale's after all while that waits."""
        self._free(money, attempt)
        event = AttemptEvent.CONFIRM
        if money.amount_cents != attempt.amount_cents:
            event = AttemptEvent.DIFFER
        elif not waits and attempt.state not in PAYING:
            event = AttemptEvent.PAY_LATE
        values = {"receipt": money.receipt}
        state = self._happen(attempt, event, money, values)
        if state is None:
            mpesa_attempts.note(self._database, attempt.id, self._now(), values)
            self._tell(EventKind(event), money, attempt=attempt, state=attempt.state.value)
            state = attempt.state
        late = state is AttemptState.LATE_PAID and waits and not self._is_paid_otherwise(attempt)
        for after in (AttemptEvent.ATTACH, AttemptEvent.CONFIRM) if late else ():
            state = self._happen(attempt, after, money) or state
        return state

    def _free(self, money: Money, attempt: Attempt) -> None:
        """Take a payment from the push that was taken to be paid by it: it is another one's.

        That push lacks its payment again. Where its sale was sold without it, what it has brought
        is late.
        """
        holder = mpesa_attempts.by_receipt(self._database, money.receipt)
        if holder is None or holder.id == attempt.id:
            return
        mpesa_attempts.note(self._database, holder.id, self._now(), {"receipt": None})
        names = sales.names_tender(self._database, holder.sale_id, holder.reference)
        if not names and not carts.is_kept(self._database, holder.sale_id):
            self._happen(holder, AttemptEvent.RELEASE, money)

    def _is_paid_otherwise(self, attempt: Attempt) -> bool:
        """Tell whether another attempt of its sale has money, or may still get some."""
        others = mpesa_attempts.of_sale(self._database, attempt.sale_id)
        return any(one.id != attempt.id and one.state in WITH_MONEY for one in others)

    def _match_wait(self, money: Money) -> Id | None:
        """Bring a payment to the wait that it fits for certain; return the sale that has it."""
        waits = self._unserved()
        now = self._clock.now() + self._ahead()
        since = to_stored(now - _LOOKED_BACK)
        rivals = mpesa_money.unused_like(self._database, since, money.amount_cents)
        phones = frozenset(one.phone for one in waits if one.phone)
        payments = [payment_of(one, phones, self._ahead()) for one in rivals]
        found = sale_of(payment_of(money, phones, self._ahead()), waits, payments)
        if found is None or not self._still_waits(found.wait) or self._is_pushs(money, found):
            return None
        if not self._is_for_us(money, found):
            return None
        self._use(money, found.wait.sale_id, found.by)
        return found.wait.sale_id

    def _unserved(self) -> list[Wait]:
        """Return the waits that are open, or were just now, and whose payment may still come."""
        since = to_stored(self._clock.now() - FITS_AFTER)
        waits = mpesa_waits.fitting(self._database, since)
        return [one for one in waits if not self._is_served(one)]

    def _is_pushs(self, money: Money, found: Found) -> bool:
        """Tell whether it may as well be what the push of another sale has brought."""
        sale_id, ahead = found.wait.sale_id, self._ahead()
        is_alone = found.by is Certainty.ALONE
        return is_alone and may_be_of_other(self._database, money, sale_id, ahead)

    def _is_for_us(self, money: Money, found: Found) -> bool:
        """Tell whether no other till may have it; where the relay is to say so, it is asked."""
        if found.by is Certainty.REFERENCE or not self._is_shared():
            return True
        if not self._claims.decides:
            return found.by is Certainty.PHONE
        if self._claims.has(money.receipt):
            return True
        self._claims.want(money.receipt, found.wait.sale_id, found.by)
        return False

    def _still_waits(self, wait: Wait) -> bool:
        return carts.is_kept(self._database, wait.sale_id)

    def _is_served(self, wait: Wait) -> bool:
        """Tell whether a cart that is gone has its payment; else one may still be on its way.

        So what comes late for a sale that was paid otherwise is never taken for another's.
        """
        return not self._still_waits(wait) and self._has_money(wait)

    def _has_money(self, wait: Wait) -> bool:
        used = IN_USE | {MoneyState.DIFFERS}
        has_money = any(
            one.state in used for one in mpesa_money.of_sale(self._database, wait.sale_id)
        )
        attempts = mpesa_attempts.of_sale(self._database, wait.sale_id)
        return has_money or any(one.state in PAYING for one in attempts)

    # what is written

    def _happen(
        self,
        attempt: Attempt,
        event: AttemptEvent,
        money: Money,
        values: Mapping[str, str] | None = None,
    ) -> AttemptState | None:
        return happen(
            self._database,
            attempt,
            event,
            self._now(),
            values,
            receipt=money.receipt,
            amount_cents=money.amount_cents,
        )

    def _use(self, money: Money, sale_id: Id, by: Certainty, attempt_id: Id | None = None) -> None:
        if mpesa_money.use(self._database, money.receipt, sale_id, self._now(), attempt_id):
            self._tell(EventKind.MONEY_MATCHED, money, sale_id=sale_id, by=by.value)
            self._claims.want(money.receipt, sale_id, by)

    def _suspend(self, money: Money, attempt: Attempt) -> None:
        self._happened(money, MoneyEvent.NO_SALE)
        self._tell(EventKind.MONEY_WITHOUT_SALE, money, attempt=attempt)

    def _happened(self, money: Money, event: MoneyEvent, note: str = "") -> None:
        mpesa_money.move(self._database, money.receipt, event, self._now(), note)

    def _find(self, receipt: str) -> Money:
        found = mpesa_money.find(self._database, receipt)
        assert found is not None
        return found

    def _tell(
        self,
        kind: EventKind,
        money: Money,
        *,
        attempt: Attempt | None = None,
        sale_id: Id | None = None,
        **detail: Any,
    ) -> None:
        mpesa_events.add(
            self._database,
            kind,
            self._now(),
            receipt=money.receipt,
            attempt_id=attempt.id if attempt else None,
            sale_id=sale_id or (attempt.sale_id if attempt else None),
            amount_cents=money.amount_cents,
            **detail,
        )

    def _now(self) -> int:
        return to_stored(self._clock.now())


def _contradict(known: Money, told: Money) -> bool:
    """Tell whether M-Pesa lists another amount than a person has seen, or a report has told."""
    is_list = told.source in (MoneySource.PULL, MoneySource.STATUS)
    by_hand = known.source in (MoneySource.STATEMENT, MoneySource.QUERY)
    is_other = told.amount_cents != known.amount_cents
    return known.is_confirmed and told.is_confirmed and is_list and by_hand and is_other


def _confirmed(known: Money, told: Money) -> Money:
    """Return a known payment with what an answer to our own question tells of it.

    What was known and is not told again stays.
    """
    return replace(
        known,
        amount_cents=told.amount_cents,
        paid_at=told.paid_at,
        short_code=told.short_code or known.short_code,
        reference=told.reference or known.reference,
        payer_phone=told.payer_phone or known.payer_phone,
        payer_digest=told.payer_digest or known.payer_digest,
        payer_mask=told.payer_mask or known.payer_mask,
        payer_name=told.payer_name or known.payer_name,
        source=told.source,
        is_confirmed=True,
        state=once_confirmed(known.state, is_sales=known.sale_id is not None),
        changed_at=told.changed_at,
    )


def payment_of(money: Money, phones: frozenset[str], ahead: timedelta = timedelta()) -> Payment:
    """Return a payment as it is looked at beside waits with these phones.

    Its time is made this computer's, for M-Pesa's clock is ahead by so much.
    """
    payer = payer_of(money)
    return Payment(
        receipt=money.receipt,
        amount_cents=money.amount_cents,
        paid_at=from_stored(money.paid_at) - ahead,
        reference=money.reference,
        fits_phone=frozenset(one for one in phones if payer.is_surely(one)),
        speaks_against=frozenset(one for one in phones if not payer.may_be(one)),
    )
