"""How the shop's mail is set up: the server, the password among the shop's keys, and a test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from pos_sync.mail.server import MailServer, Security

if TYPE_CHECKING:
    from pos_sync.mail.opening import Step

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.security.secrets import Secrets, SecretsMissing
from pos_desktop.services.check_step import CheckStep
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.mail.mail_faults import mail_fault_words
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase

SMTP_PASSWORD = "smtp password"  # noqa: S105 - the name of a secret, not the secret
_SECURITY = {"starttls": Security.STARTTLS, "tls": Security.TLS, "none": Security.PLAIN}


class MailSetup:
    """Says by which server mail goes out, and keeps the password where the shop's keys are."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        secrets: Secrets,
        set_up: Callable[[], object],
        monotonic: Callable[[], float],
    ) -> None:
        """Take `set_up`, called when mail may go out that could not before."""
        self._monotonic = monotonic
        self._database = database
        self._books = books
        self._configuration = configuration
        self._secrets = secrets
        self._set_up = set_up

    @property
    def is_set_up(self) -> bool:
        """Whether the shop has said by which server and from whom mail goes out."""
        get = self._configuration.get
        return bool(get(settings.MAIL_SMTP_HOST) and get(settings.MAIL_FROM_ADDRESS))

    @property
    def server(self) -> MailServer:
        """The server as the settings say; raises Refused while there is none."""
        get = self._configuration.get
        if not self.is_set_up:
            raise Refused(
                _("Mail is not set up yet: say the mail server and from which address mail comes.")
            )
        return MailServer(
            host=get(settings.MAIL_SMTP_HOST),
            port=get(settings.MAIL_SMTP_PORT),
            security=_SECURITY[get(settings.MAIL_SECURITY)],
            login=get(settings.MAIL_LOGIN) or None,
        )

    def password(self) -> str | None:
        """Return the password of the mail server; None where none is kept."""
        try:
            return self._secrets.get(SMTP_PASSWORD).decode() or None
        except SecretsMissing:
            return None

    def set_password(self, password: str, *, actor: Person | None) -> None:
        """Keep the password of the mail server among the shop's keys; an empty one takes it away.

        Raises SecretsMissing where it cannot be kept.
        """
        hand = hand_of(actor, Permission.SETTINGS)
        self._secrets.put({SMTP_PASSWORD: password.encode()})
        with self._database.write():
            self._books.note("mail password set", **hand.noted())
        self.changed()

    def check(self, *, actor: Person | None) -> list[CheckStep]:
        """Go all the way to a letter and send none; return what was reached, and what is wrong.

        Takes as long as the server lets it: up to half a minute for each of its answers.
        """
        from pos_sync.mail.errors import MailError
        from pos_sync.mail.probe import check

        hand_of(actor, Permission.SETTINGS)
        self._configuration.refresh()
        sender = self._configuration.get(settings.MAIL_FROM_ADDRESS)
        try:
            report = check(self.server, self.password(), sender, monotonic=self._monotonic)
        except MailError as error:
            return [CheckStep(_("settings"), ok=False, detail=mail_fault_words(error))]
        steps = [CheckStep(_step_words(step), ok=True) for step in report.steps]
        if report.failed is not None and report.error is not None:
            detail = mail_fault_words(report.error)
            if report.fingerprint:
                words = _("Its fingerprint is {fingerprint}.")
                detail = f"{detail} {words.format(fingerprint=report.fingerprint)}"
            steps.append(CheckStep(_step_words(report.failed), ok=False, detail=detail))
        return steps

    def changed(self) -> None:
        """Let mail go out that waited for another setup."""
        if self.is_set_up:
            self._set_up()


def refuse_in_training(configuration: Configuration) -> None:
    """Raise Refused in a shop that trains: nobody outside is to hear of it."""
    if configuration.get(settings.SHOP_TRAINING):
        raise Refused(_("This is a training shop: it sends no mail."))


def _step_words(step: Step) -> str:
    return {
        "connected": _("connected"),
        "greeted": _("greeted by a mail server"),
        "secured": _("encrypted"),
        "logged_in": _("signed in"),
        "sender_taken": _("may send from this address"),
    }[step.value]
