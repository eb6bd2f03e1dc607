"""The way to the shop's relay: opened when it is first needed, and anew when the setup changes."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.kept_line import KeptLine
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaSetup

if TYPE_CHECKING:
    from pos_sync.relay.reader import RelayReader

RELAY = "relay"
"""The endpoint that the queue waits for."""
_LIVE_SECONDS = 40.0
"""How long after its last word the relay counts as there: a little more than it lets wait."""


class RelayNotSetUp(Refused):
    """The relay is not set up: a manager enters its address and key under M-Pesa setup."""


class RelayLine:
    """Hands out the lines to the relay, and knows whether it is there. From any thread."""

    def __init__(
        self,
        setup: MpesaSetup,
        configuration: Configuration,
        clock: Clock,
    ) -> None:
        self._setup = setup
        self._configuration = configuration
        self._clock = clock
        self._kept = KeptLine[tuple[str, str], "RelayReader"]()
        self._heard_at: float | None = None
        self._has_key: bool | None = None

    @property
    def address(self) -> str:
        """Where tills read; an empty text where there is no relay."""
        return self._setup.reads_at

    @property
    def is_set_up(self) -> bool:
        """Whether there is a relay that this till may read, and nobody only trains."""
        return self._may_read and bool(self._key())

    @property
    def decides(self) -> bool:
        """Whether the relay says which till a payment goes to: several are paid by one number.

        Asked within a till's transactions: it goes by the key as it was when the relay was last
        read, for a keyring may take its time.
        """
        if not self._configuration.get(settings.MPESA_SHARED) or not self._may_read:
            return False
        return bool(self._key()) if self._has_key is None else self._has_key

    @property
    def is_live(self) -> bool:
        """Whether this program has read from the relay just now: then reports come at once."""
        heard_at = self._heard_at
        return heard_at is not None and self._clock.monotonic() - heard_at < _LIVE_SECONDS

    def reader(self) -> RelayReader:
        """Return the lines to the relay; raises RelayNotSetUp."""
        from pos_sync.relay.reader import RelayReader

        address, key = self.address, self._key()
        if not address or not key:
            raise RelayNotSetUp
        return self._kept.of(
            (address, key), lambda: RelayReader(address, key, monotonic=self._clock.monotonic)
        )

    def knock(self) -> None:
        """Ask at the address for reports whether the shop's secret is known there.

        Raises RelayError; for RelayRefused there is no relay, or none that knows it.
        """
        from pos_sync.relay.reader import RelayReader

        reader = RelayReader(self._setup.reports_at, "", monotonic=self._clock.monotonic)
        with closing(reader):
            reader.check_secret(self._setup.key(MpesaKey.RELAY_PATH))

    def heard(self) -> None:
        """Take note that the relay has answered."""
        self._heard_at = self._clock.monotonic()

    def lost(self) -> None:
        """Take note that it has not."""
        self._heard_at = None

    def is_there(self) -> bool:
        """Ask the relay whether it is there; True where there is none: nothing waits for it."""
        from pos_sync.relay.errors import NotReached, RelayError

        self._configuration.refresh()
        if not self.is_set_up:
            return True
        try:
            self.reader().messages(0, 0.0)
        except NotReached:
            return False
        except RelayError:
            return True
        return True

    def close(self) -> None:
        """End all lines; who waits at one hears so."""
        self._kept.close()

    @property
    def _may_read(self) -> bool:
        return bool(self.address) and self._setup.has_number and not self._setup.is_training

    def _key(self) -> str:
        key = self._setup.key(MpesaKey.RELAY_KEY)
        self._has_key = bool(key)
        return key
