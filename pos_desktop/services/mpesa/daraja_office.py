"""The way to M-Pesa: opened when it is first needed, and anew when the shop's setup changes.

What speaks to it is loaded with the first call: a till that is never paid so starts without it.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pos_desktop.domain.clock import Clock
from pos_desktop.services.mpesa.mpesa_setup import MpesaSetup

_APART = timedelta(seconds=12)
_APART_HERE = timedelta(seconds=0.2)
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")

if TYPE_CHECKING:
    from pos_sync.http.transport import TimeLimits
    from pos_sync.mpesa.account import Account, Secrets
    from pos_sync.mpesa.daraja import Daraja


class DarajaOffice:
    """Hands out the calls of the shop's account. From any thread."""

    def __init__(self, setup: MpesaSetup, clock: Clock, limits: TimeLimits | None = None) -> None:
        self._setup = setup
        self._clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._open: tuple[Account, Secrets, Daraja] | None = None

    def daraja(self) -> Daraja:
        """Return the calls; raises MpesaNotSetUp where number or keys are missing."""
        from pos_sync.http.transport import Transport
        from pos_sync.mpesa.daraja import Daraja

        account, secrets = self._setup.account, self._setup.secrets
        with self._lock:
            if self._open is not None and self._open[:2] == (account, secrets):
                return self._open[2]
            before = self._open
            monotonic = self._clock.monotonic
            transport = Transport(account.base_url, monotonic=monotonic, limits=self._limits)
            daraja = Daraja(account, secrets, transport, now=self._clock.now, monotonic=monotonic)
            self._open = (account, secrets, daraja)
        if before is not None:
            before[2].close()
        return daraja

    @property
    def skew(self) -> timedelta:
        """How far M-Pesa's clock was ahead of this computer's at its last answer; else nothing."""
        ready = self._open
        return ready[2].skew if ready is not None else timedelta()

    @property
    def questions_apart(self) -> timedelta:
        """How far apart questions about one payment must lie: closer ones are refused.

        A simulator on this machine minds nothing.
        """
        return _APART_HERE if self.is_on_this_machine else _APART

    @property
    def is_on_this_machine(self) -> bool:
        """Whether what is asked is a simulator on this machine."""
        return urlsplit(self._setup.account.base_url).hostname in _THIS_MACHINE

    def close(self) -> None:
        """End all lines; what is on its way ends as it stands."""
        with self._lock:
            ready, self._open = self._open, None
        if ready is not None:
            ready[2].close()
