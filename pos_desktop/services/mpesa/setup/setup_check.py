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
from pos_desktop.services.mpesa.setup.on_the_way import between_words, nobody_words
from pos_desktop.services.mpesa.setup.registered import registered_step
from pos_desktop.services.mpesa.setup.relay_line import RelayLine
from pos_desktop.services.mpesa.setup.setup_names import Names, window_names
from pos_desktop.services.mpesa.setup.setup_needs import (
    keys_need,
    number_need,
    operator_need,
    passkey_need,
    reports_need,
    till_key_need,
)
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

    def try_all(self, names: Names | None = None, *, actor: Person | None) -> list[CheckStep]:
        """Return the steps that were tried, MOST_STEPS at most; takes a minute at worst.

        What to do is said with the names of the page, unless others are given.
        """
        hand_of(actor, Permission.SETTINGS)
        self._configuration.refresh()
        return [*self._steps(names or window_names())]

    def _steps(self, names: Names) -> Iterator[CheckStep]:
        number = number_need(self._setup, names)
        yield number
        if not self._setup.has_number:
            return
        asked = self._keys(names)
        yield from asked
        yield reports_need(self._setup, names)
        yield from self._way_of_reports(names)
        passkey = passkey_need(self._setup, names)
        if not passkey.ok:
            yield passkey
        if all(one.ok for one in asked):
            daraja = self._daraja.calls()
            if number.ok and passkey.ok:
                yield _passkey(daraja, names)
            yield self._list(daraja, names)
        yield operator_need(self._setup, names)

    def _keys(self, names: Names) -> list[CheckStep]:
        need = keys_need(self._setup, names)
        if not need.ok:
            return [need]
        self._daraja.close()  # the next token is a new one
        answered = check_answers(self._daraja, names)
        if not answered.is_good:
            return [CheckStep(need.step, ok=False, detail=answered.words)]
        return [need, _clock(answered.skew)]

    def relay(self, names: Names | None = None) -> CheckStep | None:
        """Ask the relay; None where the shop needs none. Takes a quarter of a minute at worst."""
        from pos_sync.relay.errors import RelayError

        names = names or window_names()
        if not self._relay.address:
            return self._without_relay()
        need = till_key_need(self._setup, names)
        if not need.ok:
            return need
        try:
            self._relay.reader().messages(0, 0.0)
        except RelayError as error:
            words = relay_words(error, names, self._way(names))
            return CheckStep(need.step, ok=False, detail=words)
        return need

    def _way(self, names: Names) -> str:
        """Return what the setting is called by which this till finds its relay."""
        has_own = self._configuration.get(settings.MPESA_RELAY_URL)
        return names["own_relay" if has_own else "reports"]

    def _without_relay(self) -> CheckStep | None:
        """Return that tills of one number have no relay; None for a till that is paid alone."""
        if not self._configuration.get(settings.MPESA_SHARED):
            return None
        detail = _(
            "Other tills are paid by this number, and there is no relay: one payment can be sold "
            "on at two of them, and nothing tells. Set up a relay, or a number for each till."
        )
        return CheckStep(_("the relay answers this till"), ok=False, detail=detail)

    def _way_of_reports(self, names: Names) -> Iterator[CheckStep]:
        """Yield what the relay says: of this till, of the secret, and where M-Pesa reports."""
        relay = self.relay(names)
        if relay is None:
            return
        yield relay
        if not self._setup.account.callback_url:
            return
        if relay.ok:
            yield self._secret(names)
        if not self._daraja.is_on_this_machine:  # a simulator knows a relay by a name of its own
            yield self._knock(names)
            yield registered_step(self._setup, self._configuration, names)

    def _secret(self, names: Names) -> CheckStep:
        from pos_sync.relay.errors import RelayError, RelayRefused
        from pos_sync.relay.words import digest_of

        words = _("the secret of the address")
        try:
            about = self._relay.reader().about()
        except RelayRefused:
            detail = _("This relay is an older one, and cannot tell: update it.")
            return CheckStep(words, ok=False, detail=detail, is_needed=False)
        except RelayError as error:
            return CheckStep(words, ok=False, detail=relay_words(error, names, self._way(names)))
        if compare_digest(about.secret_digest, digest_of(self._setup.key(MpesaKey.RELAY_PATH))):
            return CheckStep(words, ok=True)
        detail = _(
            "It is not that of {shop}, whose reports this till reads: type {relay_path} as it was "
            "shown when {shop} was made at this relay."
        )
        detail = detail.format(shop=about.shop, relay_path=names["relay_path"])
        return CheckStep(words, ok=False, detail=detail)

    def _knock(self, names: Names) -> CheckStep:
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
            return CheckStep(words, ok=False, detail=relay_words(error, names, names["reports"]))
        return CheckStep(words, ok=True)

    def _list(self, daraja: Daraja, names: Names) -> CheckStep:
        from pos_sync.mpesa.errors import MpesaError

        words = _("the list of payments")
        now = self._clock.now()
        try:
            daraja.pull(now - _LOOKED_BACK, now, 0)
        except MpesaError as error:
            detail = _(
                "{why} {register} asks M-Pesa for the list; until then import its statements."
            )
            why = call_words(error, names)
            detail = detail.format(why=why, register=names["register"])
            return CheckStep(words, ok=False, detail=detail)
        if not self._shows_payments():
            words = _("the list of payments, in which there is none yet; {register} asks for it")
            words = words.format(register=names["register"])
        return CheckStep(words, ok=True)


def _clock(skew: timedelta | None) -> CheckStep:
    words = _("this computer's clock")
    detail = clock_words(skew) if skew is not None else ""
    return CheckStep(words, ok=not detail, detail=detail)


def _passkey(daraja: Daraja, names: Names) -> CheckStep:
    from pos_sync.mpesa.errors import CallRefused, MpesaError, WhyRefused

    words = _("the passkey of the number")
    try:
        daraja.query(_NO_SUCH_PUSH)
    except CallRefused as error:
        if error.why is WhyRefused.WRONG_PASSKEY:
            detail = _("Number and passkey do not belong together: both came by mail at Go Live.")
            return CheckStep(words, ok=False, detail=detail)
        return CheckStep(words, ok=False, detail=call_words(error, names))
    except MpesaError as error:
        return CheckStep(words, ok=False, detail=call_words(error, names))
    return CheckStep(words, ok=True)


def relay_words(error: Exception, names: Names, way: str) -> str:
    """Return why the relay has not answered at the setting called `way`, and what to do."""
    from pos_sync.relay.errors import (
        NoAnswer,
        NotReached,
        RelayRefused,
        WhyNoAnswer,
        WhyNotReached,
        WhyRefused,
    )

    relay = _("the relay")
    match error:
        case NotReached(why=WhyNotReached.UNTRUSTED):
            return _("The relay cannot be reached safely: look at this computer's date and clock.")
        case NotReached():
            return nobody_words(relay, error, way) or _(
                "The relay is not reached: look at the network, and at its address."
            )
        case RelayRefused(why=WhyRefused.KEY):
            sentence = _(
                "The relay does not know {relay_key}: who runs the relay makes a new one there "
                "(posctl relay key)."
            )
            return sentence.format(**names)
        case RelayRefused():
            return _("There is no relay at this address, or one of another version.")
        case NoAnswer():
            is_page = error.why is WhyNoAnswer.WRONG_FORM
            if words := between_words(relay, error.status, is_page=is_page):
                return words
            if error.why is WhyNoAnswer.BUSY:
                sentence = _("The relay itself is out of order ({status}): look at its machine.")
                return sentence.format(status=error.status)
    return _("The relay gives no clear answer. Try again in a few minutes.")
