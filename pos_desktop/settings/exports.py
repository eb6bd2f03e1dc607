"""Files that the shop makes: how long they are kept."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

EXPORTS_KEEP_DAYS = declare(
    Setting(
        "exports.keep_days",
        int,
        90,
        Scope.SHOP,
        lambda: _("Days to keep exports"),
        lambda: _("Reports and lists that were made as files longer ago are removed."),
        lowest=1,
        highest=3_650,
    )
)
