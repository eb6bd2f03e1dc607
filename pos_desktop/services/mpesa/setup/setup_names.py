"""What each part of M-Pesa's setup is called: on the page by its field, at the console by its key.

One list, so that the page, the console, its prompts and what either says mean the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping

from pos_desktop import settings
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey

Names = Mapping[str, str]
"""By the word that stands for it in a sentence: {number}, {head_office}, {secret} …"""


def key_title(key: MpesaKey) -> str:
    """Return what the page calls a key."""
    return {
        MpesaKey.CONSUMER_KEY: _("Consumer key"),
        MpesaKey.CONSUMER_SECRET: _("Consumer secret"),
        MpesaKey.PASSKEY: _("Passkey"),
        MpesaKey.INITIATOR: _("Operator who gives back"),
        MpesaKey.CREDENTIAL: _("Operator's credential"),
        MpesaKey.RELAY_PATH: _("Secret of the address"),
        MpesaKey.RELAY_KEY: _("Key of this till"),
    }[key]


def key_option(key: MpesaKey) -> str:
    """Return how a key is called at the console: consumer-key."""
    return key.value.removeprefix("mpesa ").replace(" ", "-")


def key_names(key: MpesaKey) -> str:
    """Return both names of a key."""
    return f"{key_title(key)} ({key_option(key)})"


def window_names() -> Names:
    """Return what the page calls each part."""
    return {
        **{_word(key): _quoted(key_title(key)) for key in MpesaKey},
        "number": _quoted(number_title()),
        "head_office": _quoted(head_office_title()),
        "reports": _quoted(reports_title()),
        "own_relay": _("the relay's own address ({key})").format(key=settings.MPESA_RELAY_URL.key),
        "base_url": _("the address of M-Pesa ({key})").format(key=settings.MPESA_BASE_URL.key),
        "register": "F6",
    }


def console_names() -> Names:
    """Return how the console names each part."""
    kept = _("{option} of posctl mpesa keys (“{title}”)")
    return {
        **{
            _word(one): kept.format(option=key_option(one), title=key_title(one))
            for one in MpesaKey
        },
        "number": settings.MPESA_SHORTCODE.key,
        "head_office": settings.MPESA_HEAD_OFFICE.key,
        "reports": settings.MPESA_CALLBACK_URL.key,
        "own_relay": settings.MPESA_RELAY_URL.key,
        "base_url": settings.MPESA_BASE_URL.key,
        "register": "posctl mpesa register",
    }


def number_title() -> str:
    """Return what the page calls the number to pay to."""
    return _("M-Pesa number")


def head_office_title() -> str:
    """Return what the page calls the store number of a till."""
    return _("Head office number")


def reports_title() -> str:
    """Return what the page calls the relay's address."""
    return _("Address for reports")


def _quoted(title: str) -> str:
    return joined("", ("“", title, "”"))


def _word(key: MpesaKey) -> str:
    return key.name.lower()
