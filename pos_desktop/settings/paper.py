"""What stands on a receipt beside the sale."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

RECEIPT_HEADER = declare(
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
RECEIPT_FOOTER = declare(
    Setting(
        "receipt.footer",
        str,
        "",
        Scope.SHOP,
        lambda: _("Receipt footer"),
        lambda: _("Stands at the foot of every receipt; several lines are parted by |."),
    )
)
