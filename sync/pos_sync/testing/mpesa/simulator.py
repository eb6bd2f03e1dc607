"""M-Pesa on a real port of this machine: Daraja in front, customers and their money behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

from pos_sync.deadline import Monotonic
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, Merchant
from pos_sync.testing.mpesa.house import House
from pos_sync.testing.mpesa.ledger import Ledger, Payment, Settlement
from pos_sync.testing.mpesa.lines import Lines
from pos_sync.testing.mpesa.post import Posted, PostOffice
from pos_sync.testing.mpesa.pushes import PIN, Prompt
from pos_sync.testing.mpesa.reception import Heard, Reception
from pos_sync.testing.mpesa.scripts import ONCE, Ending, Reported, Script, Trouble

_PATIENCE = 5.0


class MpesaSimulator:
    """A server for any number of tills at once; use it in a `with`.

    What is asked of it by a program comes through `base_url`; what a test does as a customer, or
    wants to go wrong, through its methods. Windows and lives follow `now`; delays are real, by
    `monotonic`. Any thread may use it.
    """

    def __init__(
        self,
        *merchants: Merchant,
        now: Callable[[], datetime],
        monotonic: Monotonic,
        habits: Habits | None = None,
        series: int = 0,
        port: int = 0,
    ) -> None:
        """Take the shops that it serves; simulators of other `series` give out other receipts.

        Without a port it takes any that is free.
        """
        self.habits = habits or Habits()
        self._changed = threading.Condition()
        self._post = PostOffice(self.habits, monotonic, self._notify)
        self._house = House(
            merchants, self.habits, self._post, now, series=series, lock=self._changed
        )
        self._reception = Reception(self._house, self._rest)
        self._lines = Lines(self._reception, self._changed)
        self._port = port

    def __enter__(self) -> Self:
        self._lines.start(self._port)
        self._post.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._post.close()

    @property
    def base_url(self) -> str:
        """Where it is."""
        scheme = "http" if self.habits.context is None else "https"
        return f"{scheme}://127.0.0.1:{self._lines.port}"

    # what a test wants to happen

    def plan(self, *troubles: Trouble) -> None:
        """Let calls go wrong so from now on, in place of all that was planned."""
        with self._changed:
            self._reception.troubles.make(*troubles)

    def script(self, *scripts: Script) -> None:
        """Let pushes take these courses from now on; all others are paid at once."""
        with self._changed:
            self._reception.pushes.scripts.make(*scripts)

    def end_so(self, *endings: Ending) -> None:
        """Let requests for status, balance and reversal end so from now on."""
        with self._changed:
            self._reception.later.endings.make(*endings)

    def end_tokens(self) -> None:
        """Let no token that was given be good any more."""
        with self._changed:
            self._reception.tokens.end_all()

    def drop_lines(self) -> None:
        """End every connection in good order."""
        self._lines.drop()

    def freeze_lines(self) -> None:
        """Let every connection on which nothing is asked now be dead without a word.

        A router does that which has forgotten them. New connections are not meant.
        """
        self._lines.freeze()

    # what customers and shops do

    def answer(self, whom: str, says: str = PIN) -> Payment | None:
        """Answer the open prompt of this id or phone by PIN, CANCEL or any code of a result.

        Returns the payment if that was one; raises LookupError where no prompt is open.
        """
        with self._changed:
            self._reception.pushes.expire()
            try:
                return self._reception.pushes.answer(whom, says)
            finally:
                self._changed.notify_all()

    def pay_by_hand(
        self,
        phone: str,
        cents: int,
        reference: str = "",
        *,
        number: str | None = None,
        confirmations: Sequence[Reported] = ONCE,
    ) -> Payment:
        """Let a customer pay to a number, that of the first shop by default.

        Raises ledger.Declined where the money is not there. Code 17 is a rule for pushes alone.
        """
        with self._changed:
            wanted = number or self._house.merchants[0].account.number
            merchant = self._house.merchant_paid_to(wanted)
            payment = self._reception.by_hand.pay(merchant, phone, cents, reference, confirmations)
            self._changed.notify_all()
        return payment

    def settle(self, cents: int, short_code: str | None = None) -> Settlement:
        """Let a shop move money to its bank."""
        with self._changed:
            code = short_code or self._house.merchants[0].short_code
            return self._house.ledger.settle(code, cents, self._house.now())

    def set_balance(self, phone: str, cents: int) -> None:
        """Let a customer have so much."""
        with self._changed:
            self._house.ledger.set_balance(phone, cents)

    def forget_addresses(self) -> None:
        """Let every shop register its addresses anew, as after a deletion in the portal."""
        with self._changed:
            self._house.confirmation_urls.clear()

    # what a test looks at

    def wait_for(
        self, condition: Callable[[MpesaSimulator], bool], seconds: float = _PATIENCE
    ) -> None:
        """Return when the condition holds; TimeoutError if it does not come."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), seconds):
                told = f"{self.carried} reports carried, {self.lost} lost"
                raise TimeoutError(f"{len(self.ledger.payments)} payments, {told}")

    @property
    def ledger(self) -> Ledger:
        """The books, to be read."""
        return self._house.ledger

    @property
    def pushes_accepted(self) -> int:
        """How many pushes were accepted, whatever has been answered."""
        return self._reception.pushes.accepted

    @property
    def prompts(self) -> Sequence[Prompt]:
        """All pushes that are remembered."""
        with self._changed:
            return self._reception.pushes.prompts

    @property
    def open_prompts(self) -> Sequence[Prompt]:
        """Those that nobody has answered."""
        with self._changed:
            self._reception.pushes.expire()
            return self._reception.pushes.open_prompts

    @property
    def heard(self) -> Sequence[Heard]:
        """The last requests that were dealt with."""
        with self._changed:
            return tuple(self._reception.heard)

    def count(self, call: Call) -> int:
        """Return how many requests of a kind were dealt with."""
        return self._reception.counts[call]

    @property
    def carried(self) -> int:
        """How many reports were answered."""
        return self._post.carried

    @property
    def lost(self) -> int:
        """How many reports were not."""
        return self._post.lost

    @property
    def posted(self) -> Sequence[Posted]:
        """The last reports."""
        return self._post.last()

    @property
    def is_quiet(self) -> bool:
        """Whether every report has been carried that is due or will be."""
        return self._post.is_quiet

    @property
    def lines(self) -> int:
        """How many connections have been made."""
        return self._lines.count

    @property
    def open_lines(self) -> int:
        """How many there are now."""
        return self._lines.open_count

    def _notify(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _rest(self, seconds: float) -> None:
        self._lines.rest(seconds)
