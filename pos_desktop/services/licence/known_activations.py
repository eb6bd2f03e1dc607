"""The activations in the shop's file that the supplier has really said."""

from __future__ import annotations

import logging

from pos_desktop import settings
from pos_desktop.domain.activation_json import read_activation
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.licence import Activation
from pos_desktop.security.activation_seal import payload_of
from pos_desktop.services.configuration import Configuration
from pos_desktop.storage import licence_rows
from pos_desktop.storage.database import ShopDatabase

log = logging.getLogger(__name__)


class KnownActivations:
    """Reads them, each text once."""

    def __init__(self, database: ShopDatabase, configuration: Configuration) -> None:
        self._database = database
        self._configuration = configuration
        self._read: dict[tuple[str, str], Activation | None] = {}

    def of(self, shop_id: Id) -> list[Activation]:
        """Return those of a shop."""
        known = map(self.said, licence_rows.activations(self._database).values())
        return [one for one in known if one is not None and one.shop_id == shop_id]

    def said(self, text: str) -> Activation | None:
        """Return what a text of the file says; None where the supplier has not said it."""
        key = self._configuration.get(settings.LICENCE_PUBLIC_KEY)
        if text and (text, key) not in self._read:
            try:
                self._read[text, key] = read_activation(payload_of(text, key))
            except Refused as error:
                log.warning("an activation in the shop's file does not count: %s", error)
                self._read[text, key] = None
        return self._read.get((text, key))
