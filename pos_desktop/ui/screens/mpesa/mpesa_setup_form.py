"""What is typed of the shop's M-Pesa: its settings, and the keys beside them."""

from __future__ import annotations

from typing import Any

from pos_sync.mpesa.addresses import split_shop_url

from pos_desktop import settings
from pos_desktop.domain.money import format_amount, parse_amount
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.setup.setup_names import (
    head_office_title,
    key_title,
    number_title,
    reports_title,
)
from pos_desktop.settings import Setting
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField

_LONGEST_KEY = 1_000
_TILL, _PAYBILL = "till", "paybill"
_ALONE, _SHARED = "alone", "shared"

Values = list[tuple[Setting[Any], Any]]


class MpesaSetupForm(Form):
    """The settings of M-Pesa. A key that is kept is never shown."""

    def __init__(self) -> None:
        self.kind = Choice(_("Customers pay to"), columns=2)
        self.number = FormField(number_title(), longest=7, hint=_("Such as 174379"))
        self.head_office = FormField(
            head_office_title(), longest=7, hint=_("Of a till; empty for a PayBill")
        )
        self.reports = FormField(reports_title(), hint=_("Such as https://relay.example.com"))
        self.unverified = FormField(_("Unverified code up to"), longest=12)
        self.shared = Choice(_("Tills on this number"), columns=2)
        self.phone = FormField(
            _("Phone of the M-Pesa account"), longest=16, hint=_("For F6: that of its papers")
        )
        self.keys = {key: _key(key_title(key)) for key in MpesaKey}
        key = self.keys
        super().__init__(
            _("M-Pesa setup"),
            (
                self.kind,
                (self.number, self.head_office),
                (key[MpesaKey.CONSUMER_KEY], key[MpesaKey.CONSUMER_SECRET]),
                (key[MpesaKey.PASSKEY], self.unverified),
                (self.reports, key[MpesaKey.RELAY_PATH]),
                (key[MpesaKey.RELAY_KEY], self.phone),
                (key[MpesaKey.INITIATOR], key[MpesaKey.CREDENTIAL]),
                self.shared,
            ),
        )
        self._fields: tuple[tuple[Setting[str], FormField], ...] = (
            (settings.MPESA_SHORTCODE, self.number),
            (settings.MPESA_HEAD_OFFICE, self.head_office),
            (settings.MPESA_CALLBACK_URL, self.reports),
        )

    def show_settings(self, configuration: Configuration) -> None:
        """Show the settings as they are, and no key."""
        self.kind.show_choices(
            [(_TILL, _("A till (Buy Goods)")), (_PAYBILL, _("A PayBill"))],
            configuration.get(settings.MPESA_KIND),
        )
        is_shared = configuration.get(settings.MPESA_SHARED)
        self.shared.show_choices(
            [(_ALONE, _("This one alone")), (_SHARED, _("Others too"))],
            _SHARED if is_shared else _ALONE,
        )
        for setting, field in self._fields:
            field.show_text(configuration.get(setting))
        self.unverified.show_text(format_amount(configuration.get(settings.MPESA_UNVERIFIED_CENTS)))
        self.phone.show_text("")
        self.forget_keys()

    def show_address(self, configuration: Configuration) -> None:
        """Show where M-Pesa reports, without the secret that was pasted with it."""
        self.reports.show_text(configuration.get(settings.MPESA_CALLBACK_URL))

    def show_kept(self, kept: frozenset[MpesaKey]) -> None:
        """Say which keys are kept."""
        for key, field in self.keys.items():
            hint = _("Is kept; type to change") if key in kept else _("None is kept")
            field.field.setPlaceholderText(hint)

    def forget_keys(self) -> None:
        """Take away what was typed as keys."""
        for field in self.keys.values():
            field.show_text("")

    def read(self) -> Values:
        """Return the settings that were typed; raise Refused where one does not fit."""
        typed = [(setting, setting.parse(field.text)) for setting, field in self._fields]
        read: Values = [(setting, split_shop_url(value)[0]) for setting, value in typed]
        unverified = settings.MPESA_UNVERIFIED_CENTS.check(parse_amount(self.unverified.text))
        return [
            *read,
            (settings.MPESA_UNVERIFIED_CENTS, unverified),
            (settings.MPESA_KIND, settings.MPESA_KIND.check(self.kind.key)),
            (settings.MPESA_SHARED, self.shared.key == _SHARED),
        ]

    def typed_keys(self) -> dict[MpesaKey, str]:
        """Return the keys that were typed; a whole address that was pasted has one of them."""
        in_address = split_shop_url(self.reports.text)[1]
        pasted = {MpesaKey.RELAY_PATH: self.reports.text} if in_address else {}
        return pasted | {key: field.text for key, field in self.keys.items() if field.text}


def _key(name: str) -> FormField:
    return FormField(name, secret=True, longest=_LONGEST_KEY)
