"""Backups: where they go, and how long they are kept."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

BACKUP_FOLDER = declare(
    Setting(
        "backup.folder",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Folder of backups"),
        lambda: _(
            "Where backups are kept on this computer; empty: in the folder backups of the shop."
        ),
    )
)
BACKUP_COPY_FOLDER = declare(
    Setting(
        "backup.copy_folder",
        str,
        "",
        Scope.MACHINE,
        lambda: _("Second folder of backups"),
        lambda: _(
            "Where each backup is copied too, such as a USB stick or a disk in the network; empty: "
            "nowhere."
        ),
    )
)
BACKUP_AT_Z = declare(
    Setting(
        "backup.at_z",
        bool,
        default=True,
        scope=Scope.SHOP,
        label=lambda: _("Backup at each Z"),
        help=lambda: _(
            "Make a backup whenever a Z has closed the day, beside what comes by the clock."
        ),
    )
)
BACKUP_KEEP_DAYS = declare(
    Setting(
        "backup.keep_days",
        int,
        7,
        Scope.SHOP,
        lambda: _("Days of which a backup is kept"),
        lambda: _("The newest backup of each of so many days is kept; the newest of all always."),
        lowest=1,
        highest=366,
    )
)
BACKUP_KEEP_WEEKS = declare(
    Setting(
        "backup.keep_weeks",
        int,
        4,
        Scope.SHOP,
        lambda: _("Weeks of which a backup is kept"),
        lambda: _("The newest backup of each of so many weeks is kept."),
        lowest=0,
        highest=520,
    )
)
BACKUP_KEEP_MONTHS = declare(
    Setting(
        "backup.keep_months",
        int,
        12,
        Scope.SHOP,
        lambda: _("Months of which a backup is kept"),
        lambda: _("The newest backup of each of so many months is kept."),
        lowest=0,
        highest=1_200,
    )
)
