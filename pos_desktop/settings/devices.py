"""Printer, drawer, scanner, scale and display: where they are and how they speak."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

PRINTER_FORMS = (
    "tcp://192.168.1.50:9100, serial:///dev/ttyUSB0?baud=9600, usb:///dev/usb/lp0, "
    "cups://receipts, windows://EPSON%20TM-T20, file:///var/spool/pos/prints.bin, virtual:///home/me/prints"
)
"""An address of each kind that a printer may have."""
SERIAL_FORMS = "serial:///dev/ttyUSB0?baud=9600, serial://port/COM3"
"""The addresses of a device on a serial line, under Linux and Windows."""
PRINTER_ADDRESS = declare(
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
PRINTER_PAPER_MM = declare(
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
PRINTER_CODE_PAGE = declare(
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
DRAWER_ADDRESS = declare(
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
DRAWER_TRIGGER = declare(
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
DRAWER_PIN = declare(
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
DRAWER_PULSE_MS = declare(
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
SCANNER_GAP_MS = declare(
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
SCANNER_MIN_LENGTH = declare(
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
SCANNER_ADDRESS = declare(
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
SCALE_ADDRESS = declare(
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
SCALE_PROTOCOL = declare(
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
SCALE_TARE_GRAMS = declare(
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
SCALE_WEIGH_ANEW = declare(
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
DISPLAY_ADDRESS = declare(
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
DISPLAY_DIALECT = declare(
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
DISPLAY_GREETING = declare(
    Setting(
        "display.greeting",
        str,
        "Karibu",
        Scope.MACHINE,
        lambda: _("Customer display: greeting"),
        lambda: _(
            "Stands on the display and on the customer's screen between two customers; two lines "
            "are parted by |."
        ),
    )
)
DISPLAY_SECOND_SCREEN = declare(
    Setting(
        "display.second_screen",
        str,
        "off",
        Scope.MACHINE,
        lambda: _("Customer's screen"),
        lambda: _(
            "Where a second screen shows the customer cart and change: off, auto for the first "
            "screen that is not the till's, or the name of a screen, such as HDMI-1."
        ),
    )
)
