"""The shop: what it is called, where it is, and what kind of shop it is."""

from __future__ import annotations

from pos_desktop.domain.country import COUNTRIES, Country
from pos_desktop.domain.text import _, joined
from pos_desktop.settings.declaring import Scope, Setting, declare


def _shown_country(country: Country) -> str:
    return f"{country.code} {country.name()} ({country.currency})"


SHOP_NAME = declare(
    Setting(
        "shop.name",
        str,
        "",
        Scope.SHOP,
        lambda: _("Shop name"),
        lambda: _("Stands at the head of every receipt and report."),
    )
)
SHOP_KRA_PIN = declare(
    Setting(
        "shop.kra_pin",
        str,
        "",
        Scope.SHOP,
        lambda: _("KRA PIN"),
        lambda: _("The trader's tax number, printed on every receipt."),
        pattern=r"([A-Z][0-9]{9}[A-Z])?",
        form=lambda: _("a letter, nine digits and a letter, such as P051234567X"),
    )
)
SHOP_ADDRESS = declare(
    Setting(
        "shop.address",
        str,
        "",
        Scope.SHOP,
        lambda: _("Address"),
        lambda: _("Printed below the shop's name; several lines are parted by |."),
    )
)
SHOP_CURRENCY = declare(
    Setting(
        "shop.currency",
        str,
        "KES",
        Scope.SHOP,
        lambda: _("Currency"),
        lambda: _(
            "The three letters of the currency in which the shop sells; it stays once something is "
            "sold."
        ),
        pattern="[A-Z]{3}",
        form=lambda: _("three capital letters, such as KES"),
    )
)
SHOP_COUNTRY = declare(
    Setting(
        "shop.country",
        str,
        "KE",
        Scope.SHOP,
        lambda: _("Country"),
        lambda: _(
            "Amounts and dates are written as in this country: {countries}. The currency and the "
            "time zone are settings of their own."
        ).format(countries=joined(", ", map(_shown_country, COUNTRIES.values()))),
        choices=tuple(COUNTRIES),
    )
)
SHOP_TIME_ZONE = declare(
    Setting(
        "shop.time_zone",
        str,
        "Africa/Nairobi",
        Scope.SHOP,
        lambda: _("Time zone"),
        lambda: _(
            "The zone in which days and hours are shown, such as Africa/Nairobi; changed while no "
            "day is open."
        ),
    )
)
SHOP_DEMO = declare(
    Setting(
        "shop.demo",
        bool,
        default=False,
        scope=Scope.SHOP,
        label=lambda: _("Demo shop"),
        help=lambda: _(
            "A shop to try things out: its clock may be set and nothing in it is real. Decided "
            "when the shop is made, for good."
        ),
    )
)
SHOP_TRAINING = declare(
    Setting(
        "shop.training",
        bool,
        default=False,
        scope=Scope.SHOP,
        label=lambda: _("Training shop"),
        help=lambda: _(
            "A shop to practise in, beside the real one: nothing in it is real. The till makes it; "
            "it is never set by hand."
        ),
    )
)
