"""M-Pesa: what customers pay to, and how the till hears of it. The keys are kept elsewhere."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

MPESA_KIND = declare(
    Setting(
        "mpesa.kind",
        str,
        "till",
        Scope.SHOP,
        lambda: _("M-Pesa account"),
        lambda: _(
            "till (Buy Goods) or paybill: what customers choose in their M-Pesa menu to pay here."
        ),
        choices=("till", "paybill"),
    )
)
MPESA_SHORTCODE = declare(
    Setting(
        "mpesa.shortcode",
        str,
        "",
        Scope.SHOP,
        lambda: _("M-Pesa number"),
        lambda: _("The till or PayBill number that customers pay to; empty while there is none."),
        pattern=r"([0-9]{5,7})?",
        form=lambda: _("five to seven digits, such as 174379"),
    )
)
MPESA_HEAD_OFFICE = declare(
    Setting(
        "mpesa.head_office",
        str,
        "",
        Scope.SHOP,
        lambda: _("M-Pesa head office number"),
        lambda: _(
            "Of a till the store number that Safaricom gave at Go Live, which is not the till's "
            "own; empty for a PayBill."
        ),
        pattern=r"([0-9]{5,7})?",
        form=lambda: _("five to seven digits, such as 174379"),
    )
)
MPESA_BASE_URL = declare(
    Setting(
        "mpesa.base_url",
        str,
        "https://api.safaricom.co.ke",
        Scope.SHOP,
        lambda: _("Address of M-Pesa"),
        lambda: _(
            "Where the till asks; the sandbox is https://sandbox.safaricom.co.ke. "
            "POS_MPESA_BASE_URL in the environment goes before it."
        ),
        pattern=(
            r"(https://[A-Za-z0-9]([A-Za-z0-9.\-]{0,200})?"
            r"|https?://(127\.0\.0\.1|localhost|\[::1\]))(:[0-9]{1,5})?/?"
        ),
        form=lambda: _("an address such as https://api.safaricom.co.ke"),
    )
)
MPESA_CALLBACK_URL = declare(
    Setting(
        "mpesa.callback_url",
        str,
        "",
        Scope.SHOP,
        lambda: _("Address for reports of M-Pesa"),
        lambda: _(
            "The public HTTPS address of the shop's relay; a secret that stands in it is kept "
            "among the keys. M-Pesa reports payments there. Without it no phone can be asked for "
            "money, and payments are found more slowly."
        ),
        pattern=r"(https://[A-Za-z0-9.:\-]{1,200}(/[A-Za-z0-9._\-/]{0,100})?)?",
        form=lambda: _("an address such as https://relay.example.com"),
    )
)
MPESA_RELAY_URL = declare(
    Setting(
        "mpesa.relay_url",
        str,
        "",
        Scope.SHOP,
        lambda: _("Address where tills read the relay"),
        lambda: _(
            "Only where it is another one than that for reports, such as one in the shop itself."
        ),
        pattern=r"(https?://[A-Za-z0-9.:\-\[\]]{1,200}(/[A-Za-z0-9._\-/]{0,100})?)?",
        form=lambda: _("an address such as https://relay.example.com"),
    )
)
MPESA_REGISTERED = declare(
    Setting(
        "mpesa.registered",
        str,
        "",
        Scope.SHOP,
        lambda: _("Registered with M-Pesa"),
        lambda: _(
            "For which number M-Pesa was told where to report, at which relay, and the digest of "
            "the whole address. The program keeps it; empty it once the address was deleted in "
            "M-Pesa's portal."
        ),
        pattern=r"([0-9]{5,7} [A-Za-z0-9.:\-]{1,200} [0-9a-f]{12})?",
        form=lambda: _("a number, the name of a relay and a digest"),
    )
)
MPESA_SHARED = declare(
    Setting(
        "mpesa.shared",
        bool,
        default=False,
        scope=Scope.SHOP,
        label=lambda: _("Other tills on the same M-Pesa number"),
        help=lambda: _(
            "Whether other tills are paid by the same number: then a payment that only its amount "
            "speaks for is never taken without the relay's word that it is nobody else's."
        ),
    )
)
MPESA_UNVERIFIED_CENTS = declare(
    Setting(
        "mpesa.unverified_cents",
        int,
        500_000,
        Scope.SHOP,
        lambda: _("Largest unverified M-Pesa payment"),
        lambda: _(
            "Up to how much a cashier may take by the code of the customer's message alone, which "
            "M-Pesa does not know yet; in cents, 0 for never. A manager may approve more."
        ),
        lowest=0,
        highest=25_000_000,
    )
)
MPESA_PART_REFUND = declare(
    Setting(
        "mpesa.part_refund",
        str,
        "cash",
        Scope.SHOP,
        lambda: _("Money back of a part of M-Pesa"),
        lambda: _(
            "By what goes back a part of what was paid by M-Pesa, and what was paid too much: "
            "cash, or the account of a customer who is known (credit). M-Pesa itself gives back "
            "whole payments alone."
        ),
        choices=("cash", "credit"),
    )
)
MPESA_FORGET_DAYS = declare(
    Setting(
        "mpesa.forget_days",
        int,
        31,
        Scope.SHOP,
        lambda: _("Days to keep payers' numbers"),
        lambda: _("After so many days the phones and names of who has paid are taken out."),
        lowest=3,
        highest=400,
    )
)
