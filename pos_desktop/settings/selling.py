"""How the till sells: its name, rounding, refunds, vouchers, cash and barcodes of labels."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

TILL_CODE = declare(
    Setting(
        "till.code",
        str,
        "T1",
        Scope.TILL,
        lambda: _("Till code"),
        lambda: _("Stands before the number of every receipt of this till, such as T1-000001."),
    )
)
CASH_ROUNDING_CENTS = declare(
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
MERGE_SAME_PRODUCT = declare(
    Setting(
        "sale.merge_same_product",
        bool,
        default=True,
        scope=Scope.SHOP,
        label=lambda: _("Count the same product on one line"),
        help=lambda: _("A product scanned again raises the quantity of its line."),
    )
)
REFUND_TENDER = declare(
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
VOUCHER_DAYS = declare(
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
HIGHEST_PREPAID_CENTS = declare(
    Setting(
        "sale.highest_prepaid_cents",
        int,
        50_000_00,
        Scope.SHOP,
        lambda: _("Highest voucher or advance (cents)"),
        lambda: _(
            "A voucher of more, or so much more than a customer owes, is taken for a slip of the "
            "hand and refused; 0 takes any sum."
        ),
        lowest=0,
        highest=10_000_000_00,
    )
)
SAFE_DROP_CENTS = declare(
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
AUTO_LOCK_SECONDS = declare(
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
LABEL_PATTERNS = declare(
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
