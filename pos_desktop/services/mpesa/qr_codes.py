"""A picture by which a customer's M-Pesa app pays: it knows number, amount and reference."""

from __future__ import annotations

import logging

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import Cents
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.setup.daraja_line import DarajaLine

log = logging.getLogger(__name__)

PIXELS = 300
_LONGEST_NAME = 40


class NoWholeShillings(Refused):
    """A QR code asks for whole shillings: ask the customer's phone, which rounds the sale."""


class NoCode(Refused):
    """M-Pesa makes no QR code just now: ask the customer's phone, or take another tender."""


class QrCodes:
    """Asks M-Pesa for pictures; waits for the network, so not on a screen's thread."""

    def __init__(self, configuration: Configuration, daraja: DarajaLine) -> None:
        self._configuration = configuration
        self._daraja = daraja

    def make(self, reference: str, cents: Cents) -> bytes:
        """Return a PNG that asks for so much, with the reference of a cart that waits.

        Raises MpesaNotSetUp, NoWholeShillings, and NoCode where M-Pesa gives none.
        """
        from pos_sync.mpesa.errors import MpesaError

        if cents <= 0 or cents % 100:
            raise NoWholeShillings
        name = self._configuration.get(settings.SHOP_NAME)[:_LONGEST_NAME]
        try:
            return self._daraja.calls().qr_code(name, reference, cents, PIXELS).png
        except MpesaError as error:
            log.warning("no QR code: %s", error)
            raise NoCode from error
