"""The subscription to the program: who supplies it, what it costs, and where it is paid."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

LICENCE_SERVER = declare(
    Setting(
        "licence.server",
        str,
        "",
        Scope.SHOP,
        lambda: _("Activation server"),
        lambda: _(
            "The address of the supplier of the program, where the subscription is activated, such "
            "as https://activation.example.com; empty while there is none: payments are kept."
        ),
        pattern=(
            r"(https://[A-Za-z0-9.\-]{1,100}(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]{0,100})?"
            r"|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?)?"
        ),
        form=lambda: _("an address that begins with https://"),
    )
)
LICENCE_PAY_TO = declare(
    Setting(
        "licence.pay_to",
        str,
        "",
        Scope.SHOP,
        lambda: _("Where the subscription is paid"),
        lambda: _(
            "How the supplier of the program is paid by M-Pesa, as people read it, such as: Buy "
            "Goods, till 5551234."
        ),
        pattern=r"[^\x00-\x1f\x7f\ud800-\udfff]{0,100}",
        form=lambda: _("a text of at most 100 letters"),
    )
)
LICENCE_PLANS = declare(
    Setting(
        "licence.plans",
        str,
        "monthly 1 1500.00; yearly 12 15000.00",
        Scope.SHOP,
        lambda: _("Plans of the subscription"),
        lambda: _(
            "What the supplier of the program offers: name, months and price of each, parted by "
            "semicolons."
        ),
    )
)
LICENCE_PUBLIC_KEY = declare(
    Setting(
        "licence.public_key",
        str,
        "",
        Scope.SHOP,
        lambda: _("Key of the supplier of the program"),
        lambda: _(
            "By which activations are known to be genuine, where another one than the program's "
            "own supplies it: 64 digits from 0 to 9 and a to f."
        ),
        pattern=r"([0-9a-f]{64})?",
        form=lambda: _("64 digits from 0 to 9 and a to f"),
    )
)
