"""Mail: the server it leaves by, from whom it comes, and how fast it may go out."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.settings.declaring import Scope, Setting, declare

MAIL_SMTP_HOST = declare(
    Setting(
        "mail.smtp_host",
        str,
        "",
        Scope.SHOP,
        lambda: _("Mail server"),
        lambda: _(
            "The server by which mail goes out, such as smtp.example.com; empty while the shop "
            "sends none."
        ),
        pattern=r"[A-Za-z0-9.:\-]{0,200}",
        form=lambda: _("the name of a server, such as smtp.example.com"),
    )
)
MAIL_SMTP_PORT = declare(
    Setting(
        "mail.smtp_port",
        int,
        587,
        Scope.SHOP,
        lambda: _("Port of the mail server"),
        lambda: _("587 with starttls, 465 with tls, 25 with none; the supplier of the mail says."),
        lowest=1,
        highest=65_535,
    )
)
MAIL_SECURITY = declare(
    Setting(
        "mail.security",
        str,
        "starttls",
        Scope.SHOP,
        lambda: _("Encryption of mail"),
        lambda: _(
            "How the way to the mail server is kept from being read: starttls or tls; none only "
            "for a server on this computer or in this shop."
        ),
        choices=("starttls", "tls", "none"),
    )
)
MAIL_LOGIN = declare(
    Setting(
        "mail.login",
        str,
        "",
        Scope.SHOP,
        lambda: _("Login of the mail server"),
        lambda: _(
            "The name with which the shop signs in to the mail server; empty where it asks for "
            "none. The password is kept with the shop's keys: posctl mail password."
        ),
    )
)
MAIL_FROM_ADDRESS = declare(
    Setting(
        "mail.from_address",
        str,
        "",
        Scope.SHOP,
        lambda: _("Mail comes from"),
        lambda: _("The address from which the shop writes, and to which answers come."),
        pattern=r"([^@\s,;<>\"\\\x00-\x1f]{1,64}@[A-Za-z0-9.\-]{1,190})?",
        form=lambda: _("an e-mail address such as amina@example.com"),
    )
)
MAIL_FROM_NAME = declare(
    Setting(
        "mail.from_name",
        str,
        "",
        Scope.SHOP,
        lambda: _("Name of who writes"),
        lambda: _("How the shop is called in mails; empty for the shop's name."),
        pattern=r"[^\x00-\x1f\x7f<>\"\ud800-\udfff]{0,100}",
    )
)
MAIL_CONNECTIONS = declare(
    Setting(
        "mail.connections",
        int,
        4,
        Scope.SHOP,
        lambda: _("Connections to the mail server"),
        lambda: _("How many mails of one mailing may go out at the same moment."),
        lowest=1,
        highest=8,
    )
)
MAIL_MOST_PER_MINUTE = declare(
    Setting(
        "mail.most_per_minute",
        int,
        600,
        Scope.SHOP,
        lambda: _("Mails in a minute"),
        lambda: _(
            "How many mails may go out in a minute; the supplier of the mail says how many it "
            "takes."
        ),
        lowest=1,
        highest=60_000,
    )
)
MAIL_LARGEST_MB = declare(
    Setting(
        "mail.largest_mb",
        int,
        15,
        Scope.SHOP,
        lambda: _("Largest mail (MB)"),
        lambda: _("How large the files of one mail may be together; most servers refuse over 20."),
        lowest=1,
        highest=100,
    )
)
MAIL_KEEP_DAYS = declare(
    Setting(
        "mail.keep_days",
        int,
        90,
        Scope.SHOP,
        lambda: _("Days to keep mails"),
        lambda: _("Mails older than this are removed from the list, with what became of them."),
        lowest=1,
        highest=3_650,
    )
)
