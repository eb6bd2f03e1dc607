"""Every setting of the program, declared once: key, type, default, label, help, scope.

Long because each setting is declared here and nowhere else. The settings screen, `posctl config`
and the documents are made from these declarations; a key that is not declared here does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pos_desktop.domain.country import COUNTRIES, Country
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import ENGLISH, LANGUAGES, _, joined

T = TypeVar("T", str, int, bool)

_TRUTHS = {
    **dict.fromkeys(("yes", "ndiyo", "on", "true", "1"), True),
    **dict.fromkeys(("no", "hapana", "off", "false", "0"), False),
}


class Scope(StrEnum):
    """How far a setting reaches."""

    MACHINE = "machine"
    """This computer: its devices."""
    TILL = "till"
    """This till, on whatever computer it runs."""
    SHOP = "shop"
    """All tills of the shop."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. Label and help are functions: they follow the language of the person."""

    key: str
    kind: type[T]
    default: T
    scope: Scope
    label: Callable[[], str]
    help: Callable[[], str]
    choices: tuple[T, ...] = ()
    lowest: int | None = None
    highest: int | None = None
    anybody: bool = False
    """Whoever stands at the till may change it."""
    pattern: str = r"[^\x00-\x1f]{0,200}"
    """What a text must look like; `form` says it in words."""
    form: Callable[[], str] = lambda: _("a text of at most 200 letters")

    def check(self, value: Any) -> T:
        """Return a value that fits this setting; raise Refused where it does not."""
        is_truth = isinstance(value, bool)
        if not isinstance(value, self.kind) or is_truth is not (self.kind is bool):
            raise Refused(self._wrong(value))
        if self.choices and value not in self.choices:
            raise Refused(self._wrong(value))
        if isinstance(value, int) and not isinstance(value, bool):
            low = self.lowest if self.lowest is not None else value
            high = self.highest if self.highest is not None else value
            if not low <= value <= high:
                raise Refused(self._wrong(value))
        if isinstance(value, str) and not re.fullmatch(self.pattern, value):
            raise Refused(self._wrong(value))
        checked: T = value
        return checked

    def parse(self, text: str) -> T:
        """Return the value that a text stands for; raise Refused where it stands for none."""
        value: Any = text
        if self.kind is bool:
            value = _TRUTHS.get(text.strip().lower(), text)
        elif self.kind is int:
            try:
                value = int(text.strip())
            except ValueError:
                value = text
        return self.check(value)

    def shown(self, value: T) -> str:
        """Return a value as a person types it: yes and no for truths."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)

    def _wrong(self, value: Any) -> str:
        return _("{key} cannot be “{value}”; it takes {what}.").format(
            key=self.key, value=value, what=self.what()
        )

    def what(self) -> str:
        """Say in words what values this setting takes."""
        if self.choices:
            return _("one of {choices}").format(choices=", ".join(map(str, self.choices)))
        if self.kind is bool:
            return _("yes or no")
        if self.kind is str:
            return self.form()
        if self.lowest is not None and self.highest is not None:
            return _("a number from {low} to {high}").format(low=self.lowest, high=self.highest)
        return _("a number")


_all: dict[str, Setting[Any]] = {}


def _declare(setting: Setting[T]) -> Setting[T]:
    if setting.key in _all:
        raise ValueError(f"{setting.key} is declared twice")
    _all[setting.key] = setting
    return setting


def every() -> Iterator[Setting[Any]]:
    """Yield every setting, by key."""
    yield from (_all[key] for key in sorted(_all))


def find(key: str) -> Setting[Any]:
    """Return the setting of a key; raise Refused, with the nearest keys, where there is none."""
    if key in _all:
        return _all[key]
    near = get_close_matches(key, _all, n=3)
    hint = (
        _("Did you mean {keys}?").format(keys=", ".join(near))
        if near
        else _("posctl config list shows all.")
    )
    raise Refused(_("There is no setting {key}. {hint}").format(key=key, hint=hint))


PRINTER_FORMS = (
    "tcp://192.168.1.50:9100, serial:///dev/ttyUSB0?baud=9600, usb:///dev/usb/lp0, "
    "cups://receipts, windows://EPSON%20TM-T20, file:///var/spool/pos/prints.bin, virtual:///home/me/prints"
)
"""An address of each kind that a printer may have."""
SERIAL_FORMS = "serial:///dev/ttyUSB0?baud=9600, serial://port/COM3"
"""The addresses of a device on a serial line, under Linux and Windows."""


def _shown_country(country: Country) -> str:
    return f"{country.code} {country.name()} ({country.currency})"


SHOP_NAME = _declare(
    Setting(
        "shop.name",
        str,
        "",
        Scope.SHOP,
        lambda: _("Shop name"),
        lambda: _("Stands at the head of every receipt and report."),
    )
)
SHOP_KRA_PIN = _declare(
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
SHOP_ADDRESS = _declare(
    Setting(
        "shop.address",
        str,
        "",
        Scope.SHOP,
        lambda: _("Address"),
        lambda: _("Printed below the shop's name; several lines are parted by |."),
    )
)
SHOP_CURRENCY = _declare(
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
SHOP_COUNTRY = _declare(
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
SHOP_TIME_ZONE = _declare(
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
SHOP_DEMO = _declare(
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
SHOP_TRAINING = _declare(
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
TILL_CODE = _declare(
    Setting(
        "till.code",
        str,
        "T1",
        Scope.TILL,
        lambda: _("Till code"),
        lambda: _("Stands before the number of every receipt of this till, such as T1-000001."),
    )
)
CASH_ROUNDING_CENTS = _declare(
    Setting(
        "sale.cash_rounding_cents",
        int,
        100,
        Scope.SHOP,
        lambda: _("Cash rounding (cents)"),
        lambda: _("Cash is rounded half up to a multiple of this; 1 leaves it exact."),
        lowest=1,
        highest=10_000,
    )
)
MERGE_SAME_PRODUCT = _declare(
    Setting(
        "sale.merge_same_product",
        bool,
        default=True,
        scope=Scope.SHOP,
        label=lambda: _("Count the same product on one line"),
        help=lambda: _("A product scanned again raises the quantity of its line."),
    )
)
REFUND_TENDER = _declare(
    Setting(
        "refund.tender",
        str,
        "as_paid",
        Scope.SHOP,
        lambda: _("Money back"),
        lambda: _(
            "How goods that come back are paid for: as_paid gives back what was paid with, cash "
            "and voucher always that. Anything else has to be approved."
        ),
        choices=("as_paid", "cash", "voucher"),
    )
)
VOUCHER_DAYS = _declare(
    Setting(
        "voucher.days",
        int,
        0,
        Scope.SHOP,
        lambda: _("Days a voucher is valid"),
        lambda: _("From the day it is given out; 0 is for ever."),
        lowest=0,
        highest=3_650,
    )
)
SAFE_DROP_CENTS = _declare(
    Setting(
        "till.safe_drop_cents",
        int,
        20_000_00,
        Scope.SHOP,
        lambda: _("Most cash in the drawer (cents)"),
        lambda: _("With more than this the till asks to bring cash to the safe; 0 never asks."),
        lowest=0,
        highest=10_000_000_00,
    )
)
AUTO_LOCK_SECONDS = _declare(
    Setting(
        "till.auto_lock_seconds",
        int,
        300,
        Scope.SHOP,
        lambda: _("Lock the till after (s)"),
        lambda: _(
            "A till that nobody touches for so long asks for a PIN; the open sale stays. 0 never "
            "locks."
        ),
        lowest=0,
        highest=86_400,
    )
)
LABEL_PATTERNS = _declare(
    Setting(
        "sale.label_patterns",
        str,
        "",
        Scope.SHOP,
        lambda: _("Labels of weighed packs"),
        lambda: _(
            "How the codes of weight and price labels are made, such as 20IIIIIWWwwwC | "
            "21IIIIIPPPPPC: I the item's code, W and w whole and broken kilograms, P and p "
            "shillings and cents, V a digit to pass over, C the check digit."
        ),
    )
)
RECEIPT_HEADER = _declare(
    Setting(
        "receipt.header",
        str,
        "",
        Scope.SHOP,
        lambda: _("Receipt header"),
        lambda: _(
            "Stands below the shop's address on every receipt, such as a phone number or hours; "
            "several lines are parted by |."
        ),
    )
)
RECEIPT_FOOTER = _declare(
    Setting(
        "receipt.footer",
        str,
        "",
        Scope.SHOP,
        lambda: _("Receipt footer"),
        lambda: _("Stands at the foot of every receipt; several lines are parted by |."),
    )
)
PRINTER_ADDRESS = _declare(
    Setting(
        "printer.address",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Receipt printer"),
        lambda: _("One of: {forms}. posctl printers lists what is found.").format(
            forms=PRINTER_FORMS
        ),
    )
)
PRINTER_PAPER_MM = _declare(
    Setting(
        "printer.paper_mm",
        int,
        80,
        Scope.MACHINE,
        lambda: _("Paper width (mm)"),
        lambda: _("80 or 58."),
        choices=(58, 80),
    )
)
PRINTER_CODE_PAGE = _declare(
    Setting(
        "printer.code_page",
        int,
        19,
        Scope.MACHINE,
        lambda: _("Printer code page"),
        lambda: _("The number by which the printer knows its set of letters; 19 is CP858."),
        lowest=0,
        highest=255,
    )
)
DRAWER_ADDRESS = _declare(
    Setting(
        "drawer.address",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Cash drawer"),
        lambda: _(
            "Empty where the drawer is plugged into the receipt printer; else the address of its "
            "own line, such as {forms}, or of the printer it is plugged into."
        ).format(forms=SERIAL_FORMS),
    )
)
DRAWER_TRIGGER = _declare(
    Setting(
        "drawer.trigger",
        str,
        "07",
        Scope.MACHINE,
        lambda: _("Serial drawer: bytes that open it"),
        lambda: _(
            "In hexadecimal, as the drawer's manual says; many drawers open at whatever byte "
            "comes, such as 07."
        ),
        pattern="([0-9A-Fa-f]{2} ?){1,16}",
        form=lambda: _("one to sixteen bytes in hexadecimal, such as 07 or 1B 70"),
    )
)
DRAWER_PIN = _declare(
    Setting(
        "drawer.pin",
        int,
        2,
        Scope.MACHINE,
        lambda: _("Drawer pin"),
        lambda: _("The pin of the printer's drawer socket: 2 or 5."),
        choices=(2, 5),
    )
)
DRAWER_PULSE_MS = _declare(
    Setting(
        "drawer.pulse_ms",
        int,
        100,
        Scope.MACHINE,
        lambda: _("Drawer pulse (ms)"),
        lambda: _(
            "How long the printer powers the drawer's lock. Raise it where the drawer sometimes "
            "stays shut."
        ),
        lowest=20,
        highest=500,
    )
)
SCANNER_GAP_MS = _declare(
    Setting(
        "scanner.gap_ms",
        int,
        40,
        Scope.MACHINE,
        lambda: _("Scanner: longest gap between keys (ms)"),
        lambda: _(
            "Keys that follow faster than this come from a scanner, slower ones from a person."
        ),
        lowest=10,
        highest=100,
    )
)
SCANNER_MIN_LENGTH = _declare(
    Setting(
        "scanner.min_length",
        int,
        6,
        Scope.MACHINE,
        lambda: _("Scanner: shortest code"),
        lambda: _("A burst of fewer keys is taken for typing."),
        lowest=3,
        highest=20,
    )
)
SCANNER_ADDRESS = _declare(
    Setting(
        "scanner.address",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Serial scanner"),
        lambda: _(
            "Empty for a scanner that types like a keyboard; else its serial address, such as "
            "{forms}."
        ).format(forms=SERIAL_FORMS),
    )
)
SCALE_ADDRESS = _declare(
    Setting(
        "scale.address",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Scale"),
        lambda: _(
            "The serial address of the counter's scale, such as serial:///dev/ttyUSB0 or "
            "serial://port/COM3; empty where there is none. posctl scales lists what is found."
        ),
    )
)
SCALE_PROTOCOL = _declare(
    Setting(
        "scale.protocol",
        str,
        "toledo",
        Scope.MACHINE,
        lambda: _("Scale: how it speaks"),
        lambda: _(
            "toledo for Toledo 8217, sma for SMA SCP-0499, as the scale's manual says and its own "
            "menu is set; posctl scales test tries it."
        ),
        choices=("toledo", "sma"),
    )
)
SCALE_TARE_GRAMS = _declare(
    Setting(
        "scale.tare_grams",
        int,
        0,
        Scope.MACHINE,
        lambda: _("Scale: tare (g)"),
        lambda: _(
            "What the bag or bowl weighs that always stands on the scale with the goods; another "
            "tare can be typed for one weighing."
        ),
        lowest=0,
        highest=5_000,
    )
)
SCALE_WEIGH_ANEW = _declare(
    Setting(
        "scale.weigh_anew",
        bool,
        default=True,
        scope=Scope.MACHINE,
        label=lambda: _("Scale: never sell one weighing twice"),
        help=lambda: _(
            "The same product is weighed again only after the scale was empty or showed another "
            "weight."
        ),
    )
)
DISPLAY_ADDRESS = _declare(
    Setting(
        "display.address",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Customer display"),
        lambda: _(
            "The serial address of a display of two lines of twenty letters, such as {forms}; "
            "empty where there is none."
        ).format(forms=SERIAL_FORMS),
    )
)
DISPLAY_DIALECT = _declare(
    Setting(
        "display.dialect",
        str,
        "epson",
        Scope.MACHINE,
        lambda: _("Customer display: its commands"),
        lambda: _(
            "epson for Epson DM-D, also called ESC/POS, or cd5220; most displays have a switch "
            "for this. posctl display test tries it."
        ),
        choices=("epson", "cd5220"),
    )
)
DISPLAY_GREETING = _declare(
    Setting(
        "display.greeting",
        str,
        "Karibu",
        Scope.MACHINE,
        lambda: _("Customer display: greeting"),
        lambda: _("Stands on the display between two customers; two lines are parted by |."),
    )
)
QUEUE_WORKERS = _declare(
    Setting(
        "queue.workers",
        int,
        2,
        Scope.MACHINE,
        lambda: _("Background jobs at once"),
        lambda: _(
            "How many jobs the till or posctl queue work runs at once on this computer, besides "
            "one in a process of its own, such as an import."
        ),
        lowest=1,
        highest=16,
    )
)
QUEUE_KEEP_DAYS = _declare(
    Setting(
        "queue.keep_days",
        int,
        30,
        Scope.SHOP,
        lambda: _("Days to keep jobs that have ended"),
        lambda: _(
            "Jobs that ended longer ago are removed; failed ones stay until they are retried or "
            "forgotten."
        ),
        lowest=1,
        highest=3_650,
    )
)
QUEUE_ALERT_WAIT_SECONDS = _declare(
    Setting(
        "queue.alert_wait_seconds",
        int,
        300,
        Scope.SHOP,
        lambda: _("Longest wait of a job (s)"),
        lambda: _("A job that waits longer for a worker is an alert of posctl queue monitor."),
        lowest=1,
        highest=86_400,
    )
)
QUEUE_ALERT_FAILED = _declare(
    Setting(
        "queue.alert_failed",
        int,
        0,
        Scope.SHOP,
        lambda: _("Failed jobs without alert"),
        lambda: _("More failed jobs than this are an alert of posctl queue monitor."),
        lowest=0,
        highest=100_000,
    )
)
QUEUE_IMPORT_ROWS_THRESHOLD = _declare(
    Setting(
        "queue.import_rows_threshold",
        int,
        50,
        Scope.SHOP,
        lambda: _("Rows from which on an import is a job"),
        lambda: _("An import of so many rows or more is done by a background job."),
        lowest=0,
        highest=1_000_000,
    )
)
SOUND = _declare(
    Setting(
        "ui.sound",
        bool,
        default=True,
        scope=Scope.MACHINE,
        label=lambda: _("Sounds"),
        help=lambda: _("A high sound for what was taken, a low one for what was refused."),
    )
)
KEYPAD = _declare(
    Setting(
        "ui.keypad",
        bool,
        default=False,
        scope=Scope.MACHINE,
        label=lambda: _("Keys for fingers"),
        help=lambda: _("Whether the number keys stand on the sell screen, as Ctrl K left them."),
        anybody=True,
    )
)
LANGUAGE = _declare(
    Setting(
        "ui.language",
        str,
        ENGLISH,
        Scope.MACHINE,
        lambda: _("Language"),
        lambda: _(
            "What the till speaks until somebody with a language of their own signs in: en is "
            "English, sw Swahili. POS_LANG in the environment comes before it."
        ),
        choices=LANGUAGES,
        anybody=True,
    )
)
THEME = _declare(
    Setting(
        "ui.theme",
        str,
        "light",
        Scope.MACHINE,
        lambda: _("Theme"),
        lambda: _("Light or dark."),
        choices=("light", "dark"),
        anybody=True,
    )
)
