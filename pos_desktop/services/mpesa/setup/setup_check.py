"""Tries the shop's M-Pesa, step by step, and says in words what is wrong. Nobody is charged.

A step is tried where those before it have shown that it can be. What is not there, and need not be,
is a step that is not needed, with what the shop does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.setup.call_check import call_words, check_answers, clock_words
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaSetup
from pos_desktop.services.mpesa.setup.registered import registered_step
from pos_desktop.services.mpesa.setup.relay_line import RelayLine
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person

if TYPE_CHECKING:
    from pos_sync.mpesa.daraja import Daraja

MOST_STEPS = 11
_NO_SUCH_PUSH = "ws_CO_00000000000000000000000000"
"""Nobody has this id: M-Pesa looks at number and passkey before it says so."""
_LOOKED_BACK = timedelta(minutes=10)


class MpesaSetupCheck:
    """Tries what is set up; waits for the network, so not on a screen's thread."""

    def __init__(
        self,
        setup: MpesaSetup,
        configuration: Configuration,
        daraja: DarajaLine,
        relay: RelayLine,
        clock: Clock,
        shows_payments: Callable[[], bool],
    ) -> None:
        """Take the machine's clock, and whether M-Pesa's list has ever shown a payment."""
        self._setup = setup
        self._configuration = configuration
        self._daraja = daraja
        self._shows_payments = shows_payments
        self._relay = relay
        self._clock = clock

    def try_all(self, *, actor: Person | None) -> list[CheckStep]:
        """Return the steps that were tried, MOST_STEPS at most; takes a minute at worst."""
        hand_of(actor, Permission.SETTINGS)
        self._configuration.refresh()
        return [*self._steps()]

    def _steps(self) -> Iterator[CheckStep]:
        number = self._number()
        yield number
        if not number.ok:
            return
        asked = self._keys()
        yield from asked
        yield self._reports()
        yield from self._way_of_reports()
        if all(one.ok for one in asked):
            daraja = self._daraja.calls()
            if self._setup.key(MpesaKey.PASSKEY):
                yield _passkey(daraja)
            yield self._list(daraja)
        yield self._operator()

    def _number(self) -> CheckStep:
        words = _("a number to pay to")
        if not self._setup.has_number:
            detail = _("Type the till or PayBill number that customers pay to.")
            return CheckStep(words, ok=False, detail=detail)
        account = self._setup.account
        if account.kind.value == "till" and not account.head_office:
            detail = _(
                "A till needs its head office number too, the store number of Safaricom's papers: "
                "without it M-Pesa refuses to ask phones."
            )
            return CheckStep(words, ok=False, detail=detail)
        return CheckStep(words, ok=True)

    def _keys(self) -> list[CheckStep]:
        words = _("M-Pesa takes the keys")
        if not self._setup.can_call:
            detail = _("Type consumer key and secret: they stand with the app of the shop.")
            return [CheckStep(words, ok=False, detail=detail)]
        self._daraja.close()  # the next token is a new one
        answered = check_answers(self._daraja)
        if not answered.is_good:
            return [CheckStep(words, ok=False, detail=answered.words)]
        return [CheckStep(words, ok=True), _clock(answered.skew)]

    def _reports(self) -> CheckStep:
        words = _("an address for reports")
        if self._setup.account.callback_url:
            return CheckStep(words, ok=True)
        detail = _(
            "Without the address of a relay and its secret no phone can be asked, and payments are "
            "found more slowly."
        )
        return CheckStep(words, ok=False, detail=detail)

    def relay(self) -> CheckStep | None:
        """Ask the relay; None where the shop needs none. Takes a quarter of a minute at worst."""
        from pos_sync.relay.errors import RelayError

        words = _("the relay answers this till")
        if not self._relay.address:
            if not self._configuration.get(settings.MPESA_SHARED):
                return None
            detail = _(
                "Other tills are paid by this number, and there is no relay: one payment can be "
                "sold on at two of them, and nothing tells. Set up a relay, or a number for each "
                "till."
            )
            return CheckStep(words, ok=False, detail=detail)
        if not self._setup.key(MpesaKey.RELAY_KEY):
            detail = _("Type the key of this till: posctl relay add, or relay key, has shown it.")
            return CheckStep(words, ok=False, detail=detail)
        try:
            self._relay.reader().messages(0, 0.0)
        except RelayError as error:
            return CheckStep(words, ok=False, detail=relay_words(error))
        return CheckStep(words, ok=True)

    def _way_of_reports(self) -> Iterator[CheckStep]:
        """Yield what the relay says: of this till, of the secret, and where M-Pesa reports."""
        relay = self.relay()
        if relay is None:
            return
        yield relay
        if not self._setup.account.callback_url:
            return
        if relay.ok:
            yield self._secret()
        if not self._daraja.is_on_this_machine:  # a simulator knows a relay by a name of its own
            yield self._knock()
            yield registered_step(self._setup, self._configuration)

    def _secret(self) -> CheckStep:
        from pos_sync.relay.errors import RelayError, RelayRefused
        from pos_sync.relay.words import digest_of

        words = _("the secret of the address")
        try:
            about = self._relay.reader().about()
        except RelayRefused:
            detail = _("This relay is an older one, and cannot tell: update it.")
            return CheckStep(words, ok=False, detail=detail, is_needed=False)
        except RelayError as error:
            return CheckStep(words, ok=False, detail=relay_words(error))
        if compare_digest(about.secret_digest, digest_of(self._setup.key(MpesaKey.RELAY_PATH))):
            return CheckStep(words, ok=True)
        detail = _(
            "It is not that of {shop}, whose reports this till reads: type the one that was shown "
            "with the till's key when {shop} was made at this relay."
        )
        return CheckStep(words, ok=False, detail=detail.format(shop=about.shop))

    def _knock(self) -> CheckStep:
        from pos_sync.relay.errors import NotReached, RelayError, RelayRefused

        words = _("the address for reports leads to the relay")
        try:
            self._relay.knock()
        except RelayRefused:
            detail = _(
                "At this address no relay knows the shop's secret: compare both with what posctl "
                "relay add has shown, and what the proxy before the relay lets through."
            )
            return CheckStep(words, ok=False, detail=detail)
        except NotReached:
            detail = _("It is not reached from here. M-Pesa has to reach it: try it from outside.")
            return CheckStep(words, ok=False, detail=detail, is_needed=False)
        except RelayError as error:
            return CheckStep(words, ok=False, detail=relay_words(error))
        return CheckStep(words, ok=True)

    def _list(self, daraja: Daraja) -> CheckStep:
        from pos_sync.mpesa.errors import MpesaError

        words = _("the list of payments")
        now = self._clock.now()
        try:
            daraja.pull(now - _LOOKED_BACK, now, 0)
        except MpesaError as error:
            detail = _("{why} F6 asks M-Pesa for the list; until then import its statements.")
            return CheckStep(words, ok=False, detail=detail.format(why=call_words(error)))
        if not self._shows_payments():
            words = _("the list of payments, in which there is none yet; F6 asks for it")
        return CheckStep(words, ok=True)

    def _operator(self) -> CheckStep:
        words = _("an operator who may give money back")
        if self._setup.has_operator:
            return CheckStep(words, ok=True)
        detail = _(
            "Without one, and an address for reports, payments are given back in M-Pesa's portal."
        )
        return CheckStep(words, ok=False, detail=detail, is_needed=False)


def _clock(skew: timedelta | None) -> CheckStep:
    words = _("this computer's clock")
    detail = clock_words(skew) if skew is not None else ""
    return CheckStep(words, ok=not detail, detail=detail)


def _passkey(daraja: Daraja) -> CheckStep:
    from pos_sync.mpesa.errors import CallRefused, MpesaError, WhyRefused

    words = _("the passkey of the number")
    try:
        daraja.query(_NO_SUCH_PUSH)
    except CallRefused as error:
        if error.why is WhyRefused.WRONG_PASSKEY:
            detail = _("Number and passkey do not belong together: both came by mail at Go Live.")
            return CheckStep(words, ok=False, detail=detail)
        return CheckStep(words, ok=False, detail=call_words(error))
    except MpesaError as error:
        return CheckStep(words, ok=False, detail=call_words(error))
    return CheckStep(words, ok=True)


def relay_words(error: Exception) -> str:
    """Return why the relay has not answered, and what to do."""
    from pos_sync.relay.errors import NotReached, RelayRefused, WhyNotReached, WhyRefused

    match error:
        case NotReached(why=WhyNotReached.UNTRUSTED):
            return _("The relay cannot be reached safely: look at this computer's date and clock.")
        case NotReached():
            return _("The relay is not reached: look at the network, and at its address.")
        case RelayRefused(why=WhyRefused.KEY):
            return _("The relay does not know this key: make a new one with posctl relay key.")
        case RelayRefused():
            return _("There is no relay at this address, or one of another version.")
    return _("The relay gives no clear answer. Try again in a few minutes.")
