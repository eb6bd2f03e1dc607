"""What is known of a shop that may not leave it, as far as the shop can be read."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pos_desktop import settings
from pos_desktop.domain.errors import PosError
from pos_desktop.services.doctor.covering import Cover, secret_texts, secrets_of_address
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.doctor.program_looks import PLAIN
from pos_desktop.storage.personal import Personal, personal_texts
from pos_desktop.storage.settings_table import settings_as_they_lie

PERSONAL_SETTINGS = (
    settings.SHOP_NAME,
    settings.SHOP_KRA_PIN,
    settings.SHOP_ADDRESS,
    settings.RECEIPT_HEADER,
    settings.RECEIPT_FOOTER,
    settings.MAIL_LOGIN,
    settings.MAIL_FROM_ADDRESS,
    settings.MAIL_FROM_NAME,
    settings.MPESA_SHORTCODE,
    settings.MPESA_HEAD_OFFICE,
    settings.LICENCE_PAY_TO,
)
"""Of these it is only told whether they are set."""
_NAMES = (settings.SHOP_NAME, settings.MAIL_FROM_NAME)
_SHORTEST_PATH = 2
"""Of an address: a bare `/` is in all of them."""


@dataclass(slots=True)
class KnownTexts:
    """What is covered wherever it stands."""

    secrets: list[str]
    personal: Personal = field(default_factory=Personal)
    is_whole: bool = True
    """Whether all of it could be read; otherwise texts that quote may hold what is not known."""

    def cover(self) -> Cover:
        """Return what covers it."""
        return Cover(self.secrets, self.personal.others, self.personal.names)


def known_texts(patient: Patient) -> KnownTexts:
    """Return what is known of a shop; of one without a file what the environment has."""
    known = KnownTexts(
        [
            secret
            for name, value in patient.environment.items()
            if name.startswith("POS_") and name not in PLAIN
            for secret in secrets_of_address(value)
        ]
    )
    _add_secrets(known, patient)
    known.personal = personal_texts(patient.file_as_it_lies)
    known.is_whole &= known.personal.is_whole
    _add_settings(known, patient)
    return known


def _add_secrets(known: KnownTexts, patient: Patient) -> None:
    with suppress(PosError, OSError):
        known.secrets += secret_texts(patient.known_secrets())
    try:
        patient.check_secrets_whole()
    except (PosError, OSError):
        known.is_whole = False


def _add_settings(known: KnownTexts, patient: Patient) -> None:
    values = settings_as_they_lie(patient.file_as_it_lies)
    if values is None:
        known.is_whole = False
        return
    for setting in PERSONAL_SETTINGS:
        texts = known.personal.names if setting in _NAMES else known.personal.others
        texts.add(str(values.get(setting.key) or ""))
    known.secrets += _path_of(values.get(settings.MPESA_CALLBACK_URL.key))


def _path_of(address: Any) -> list[str]:
    """Return the path of an address that nobody else may know."""
    with suppress(ValueError):
        path = urlsplit(str(address or "")).path
        return [path] if len(path) >= _SHORTEST_PATH else []
    return []
