"""The way to M-Pesa: opened when it is first needed, and anew when the shop's setup changes.

What speaks to it is loaded with the first call: a till that is never paid so starts without it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pos_sync.mpesa.account import Account, Secrets

from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.mpesa_attempt import QUESTIONS_APART
from pos_desktop.services.kept_line import KeptLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaSetup

MPESA = "mpesa"
"""The endpoint that the queue waits for."""
_FAR_OFF = timedelta(days=1)
_APART_HERE = timedelta(seconds=0.2)
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

if TYPE_CHECKING:
    from pos_sync.http.transport import TimeLimits
    from pos_sync.mpesa.daraja import Daraja


class ClockFarOff(Unavailable):
    """This computer's clock is a day or more off M-Pesa's: let it be set."""


class DarajaLine:
    """Hands out the calls of the shop's account. From any thread."""

    def __init__(self, setup: MpesaSetup, clock: Clock) -> None:
        self._setup = setup
        self._clock = clock
        self._kept = KeptLine[tuple[Account, Secrets], "Daraja"]()
        self.limits: TimeLimits | None = None
        """How long an answer is waited for; None for the usual."""

    def calls(self) -> Daraja:
        """Return the calls; raises MpesaNotSetUp where number or keys are missing."""
        from pos_sync.http.transport import Transport
        from pos_sync.mpesa.daraja import Daraja

        account, secrets = self._setup.account, self._setup.secrets
        monotonic = self._clock.monotonic

        def made() -> Daraja:
            transport = Transport(account.base_url, monotonic=monotonic, limits=self.limits)
            return Daraja(account, secrets, transport, now=self._clock.now, monotonic=monotonic)

        return self._kept.of((account, secrets), made)

    @property
    def skew(self) -> timedelta:
        """How far M-Pesa's clock was ahead of this computer's at its last answer; else nothing."""
        open_now = self._kept.open
        return open_now.skew if open_now is not None else timedelta()

    def check_clock(self) -> None:
        """Raise ClockFarOff where this computer's clock says nothing of M-Pesa's time."""
        if abs(self.skew) >= _FAR_OFF:
            raise ClockFarOff

    @property
    def questions_apart(self) -> timedelta:
        """How far apart questions about one payment must lie: closer ones are refused.

        A simulator on this machine minds nothing.
        """
        return _APART_HERE if self.is_on_this_machine else QUESTIONS_APART

    @property
    def is_on_this_machine(self) -> bool:
        """Whether what is asked is a simulator on this machine."""
        return urlsplit(self._setup.account.base_url).hostname in _THIS_MACHINE

    def close(self) -> None:
        """End all lines; what is on its way ends as it stands."""
        self._kept.close()
