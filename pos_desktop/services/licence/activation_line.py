"""The line to the supplier's server, as the settings say; another address opens another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.kept_line import KeptLine

if TYPE_CHECKING:
    from pos_sync.activation.client import ActivationClient
    from pos_sync.activation.outcomes import Outcome, Wanted

ACTIVATION = "activation"
"""The endpoint that the activation of the subscription needs."""


class ActivationLine:
    """Asks the supplier's server; from any thread. What speaks HTTP is loaded when it is needed."""

    def __init__(self, configuration: Configuration, clock: Clock) -> None:
        self._configuration = configuration
        self._clock = clock
        self._kept = KeptLine[str, "ActivationClient"]()

    @property
    def is_set_up(self) -> bool:
        """Whether a server is named."""
        return bool(self._configuration.get(settings.LICENCE_SERVER))

    def ask(self, wanted: Wanted, asked_id: str) -> Outcome:
        """Ask for an activation, by the id of a question that is pending where there is one."""
        client = self._open()
        return client.look(asked_id) if asked_id else client.ask(wanted)

    def is_there(self) -> bool:
        """Ask the server whether it is there; True while none is named: nothing waits for it."""
        from pos_sync.activation.client import PROBE_LIMITS, ActivationClient

        self._configuration.refresh()
        if not self.is_set_up:
            return True
        address = self._configuration.get(settings.LICENCE_SERVER)
        probe = ActivationClient(address, monotonic=self._clock.monotonic, limits=PROBE_LIMITS)
        try:
            return probe.is_there()
        finally:
            probe.close()

    def close(self) -> None:
        """End the lines."""
        self._kept.close()

    def _open(self) -> ActivationClient:
        from pos_sync.activation.client import ActivationClient

        address = self._configuration.get(settings.LICENCE_SERVER)
        return self._kept.of(
            address, lambda: ActivationClient(address, monotonic=self._clock.monotonic)
        )
