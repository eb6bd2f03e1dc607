"""What is typed of the shop's mail server: the settings of mail, and the password beside them."""

from __future__ import annotations

from typing import Any

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.settings import Setting
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField

_PORTS = {"starttls": "587", "tls": "465", "none": "25"}
"""The usual port of each encryption."""
_LONGEST_PASSWORD = 500

Values = list[tuple[Setting[Any], Any]]


class MailSetupForm(Form):
    """The settings of mail. The password that is kept is never shown."""

    def __init__(self) -> None:
        self.host = FormField(_("Mail server"), hint=_("Such as smtp.example.com"))
        self.port = FormField(_("Port"), longest=5)
        self.security = Choice(_("Encryption"), columns=len(_PORTS))
        self.login = FormField(_("Login"), hint=_("Empty: none is needed"))
        self.password = FormField(_("Password"), secret=True, longest=_LONGEST_PASSWORD)
        self.address = FormField(
            _("Mail comes from"), hint=_("Such as shop@example.com"), is_address=True
        )
        self.from_name = FormField(_("Name of who writes"), hint=_("Empty: the name of the shop"))
        self.connections = FormField(_("Connections at once"), longest=5)
        self.rate = FormField(_("Mails in a minute"), longest=6)
        super().__init__(
            _("Mail setup"),
            (
                (self.host, self.port),
                self.security,
                (self.login, self.password),
                (self.address, self.from_name),
                (self.connections, self.rate),
            ),
        )
        self._fields: tuple[tuple[Setting[Any], FormField], ...] = (
            (settings.MAIL_SMTP_HOST, self.host),
            (settings.MAIL_SMTP_PORT, self.port),
            (settings.MAIL_LOGIN, self.login),
            (settings.MAIL_FROM_ADDRESS, self.address),
            (settings.MAIL_FROM_NAME, self.from_name),
            (settings.MAIL_CONNECTIONS, self.connections),
            (settings.MAIL_MOST_PER_MINUTE, self.rate),
        )
        self.security.chosen.connect(self._suggest_port)

    def show_settings(self, configuration: Configuration) -> None:
        """Show the settings as they are."""
        self.security.show_choices(
            [
                ("starttls", _("STARTTLS, port 587")),
                ("tls", _("TLS, port 465")),
                ("none", _("None, in this shop")),
            ],
            configuration.get(settings.MAIL_SECURITY),
        )
        for setting, field in self._fields:
            field.show_text(str(configuration.get(setting)))
        self.password.show_text("")

    def show_kept(self, *, kept: bool) -> None:
        """Say whether a password is kept."""
        hint = _("Is kept; type another one to change it") if kept else _("None is kept")
        self.password.field.setPlaceholderText(hint)

    def read(self) -> Values:
        """Return the settings that were typed; raise Refused where one does not fit."""
        read: Values = [(setting, setting.parse(field.text)) for setting, field in self._fields]
        return [*read, (settings.MAIL_SECURITY, settings.MAIL_SECURITY.check(self.security.key))]

    def _suggest_port(self, security: str) -> None:
        """Let the port follow the encryption, until another one was typed."""
        if self.port.text in ("", *_PORTS.values()):
            self.port.show_text(_PORTS[security])
