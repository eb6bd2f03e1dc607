"""How the shop's M-Pesa is set up: its numbers, and the keys among the shop's secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import StrEnum

from pos_sync.mpesa.account import Account, AccountKind
from pos_sync.mpesa.account import Secrets as DarajaSecrets
from pos_sync.mpesa.addresses import shop_url, split_shop_url

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.security.secrets import Secrets, SecretsMissing
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase


class MpesaKey(StrEnum):
    """The secrets of a shop's M-Pesa; the value is their name among the shop's keys."""

    CONSUMER_KEY = "mpesa consumer key"
    CONSUMER_SECRET = "mpesa consumer secret"  # noqa: S105 - a name, not the secret
    PASSKEY = "mpesa passkey"
    INITIATOR = "mpesa initiator"
    CREDENTIAL = "mpesa credential"
    """The operator's password, encrypted for Daraja."""
    RELAY_PATH = "mpesa relay path"
    """What stands in the path of the address that M-Pesa reports to."""
    RELAY_KEY = "mpesa relay key"
    """With what this till reads from the relay."""


_SECRET = re.compile(r"[0-9A-Za-z_-]{1,100}")


class MpesaNotSetUp(Refused):
    """M-Pesa is not set up yet: a manager enters its number and keys under M-Pesa setup."""


class MpesaSetup:
    """Says what customers pay to, and keeps the keys where the shop's keys are."""

    def __init__(
        self,
        database: ShopDatabase,
        books: Books,
        configuration: Configuration,
        secrets: Secrets,
    ) -> None:
        self._database = database
        self._books = books
        self._configuration = configuration
        self._secrets = secrets
        self._here = ""

    @property
    def has_number(self) -> bool:
        """Whether customers can pay: there is a number to tell them."""
        return bool(self._configuration.get(settings.MPESA_SHORTCODE))

    @property
    def is_training(self) -> bool:
        """Whether this shop only trains."""
        return self._configuration.get(settings.SHOP_TRAINING)

    @property
    def can_call(self) -> bool:
        """Whether M-Pesa can be asked anything: number and keys of the app are there."""
        needed = (MpesaKey.CONSUMER_KEY, MpesaKey.CONSUMER_SECRET)
        return self.has_number and all(self.key(one) for one in needed)

    @property
    def can_ask_phones(self) -> bool:
        """Whether phones can be asked for money: number, keys and a place for reports."""
        has_passkey = bool(self.key(MpesaKey.PASSKEY))
        return self.can_call and has_passkey and bool(self.account.callback_url)

    @property
    def has_operator(self) -> bool:
        """Whether M-Pesa can be asked what an operator asks and a report answers.

        Those are the status of a payment, and its reversal.
        """
        needed = (MpesaKey.INITIATOR, MpesaKey.CREDENTIAL)
        return self.can_call and bool(self._report_url()) and all(self.key(one) for one in needed)

    @property
    def account(self) -> Account:
        """The account as the settings say; raises MpesaNotSetUp while there is none."""
        get = self._configuration.get
        if not self.has_number:
            raise MpesaNotSetUp
        return Account(
            kind=AccountKind(get(settings.MPESA_KIND)),
            number=get(settings.MPESA_SHORTCODE),
            head_office=get(settings.MPESA_HEAD_OFFICE),
            base_url=os.environ.get("POS_MPESA_BASE_URL")
            or self._here
            or get(settings.MPESA_BASE_URL),
            callback_url=self._report_url(),
        )

    @property
    def reports_at(self) -> str:
        """The relay's address as M-Pesa knows it, without the secret; empty where there is none."""
        return self._configuration.get(settings.MPESA_CALLBACK_URL)

    @property
    def reads_at(self) -> str:
        """Where tills read the relay; empty where there is none."""
        return self._configuration.get(settings.MPESA_RELAY_URL) or self.reports_at

    @property
    def secrets(self) -> DarajaSecrets:
        """The keys; raises MpesaNotSetUp where those that every call needs are missing."""
        key, secret = self.key(MpesaKey.CONSUMER_KEY), self.key(MpesaKey.CONSUMER_SECRET)
        if not key or not secret:
            raise MpesaNotSetUp
        return DarajaSecrets(
            consumer_key=key,
            consumer_secret=secret,
            passkey=self.key(MpesaKey.PASSKEY),
            initiator=self.key(MpesaKey.INITIATOR),
            credential=self.key(MpesaKey.CREDENTIAL),
        )

    def ask_here(self, address: str) -> None:
        """Ask a simulator at this address, as long as this program runs."""
        self._here = address

    def key(self, name: MpesaKey) -> str:
        """Return one of the secrets; an empty text where it is not kept."""
        try:
            return self._secrets.get(name.value).decode()
        except SecretsMissing:
            return ""

    def put_keys(self, keys: Mapping[MpesaKey, str], *, actor: Person | None) -> None:
        """Keep keys of M-Pesa among the shop's secrets; an empty one takes it away.

        A whole address in place of its secret is taken apart, and the address is kept, too. Raises
        SecretsMissing where they cannot be kept. The journal notes which, never what.
        """
        hand = hand_of(actor, Permission.SETTINGS)
        relay, secret = split_shop_url(keys.get(MpesaKey.RELAY_PATH, ""))
        if secret:
            keys = {**keys, MpesaKey.RELAY_PATH: secret}
            _check_secret(secret)
            self._configuration.set(settings.MPESA_CALLBACK_URL, relay, self._books, actor=actor)
        else:
            _check_secret(relay)
        stripped = {name.value: text.strip().encode() for name, text in keys.items()}
        self._secrets.put(stripped)
        self._here = ""  # whoever sets keys means another M-Pesa than that of a demo
        with self._database.write():
            names = sorted(stripped)
            self._books.note("mpesa keys set", **hand.noted(keys=names))

    def put_reports_at(self, address: str, *, actor: Person | None) -> bool:
        """Keep where M-Pesa reports; tell whether a secret stood in it, which is then a key."""
        relay, secret = split_shop_url(address)
        if secret:
            self.put_keys({MpesaKey.RELAY_PATH: address}, actor=actor)
        else:
            self._configuration.set(settings.MPESA_CALLBACK_URL, relay, self._books, actor=actor)
        return bool(secret)

    def _report_url(self) -> str:
        secret = self.key(MpesaKey.RELAY_PATH)
        return shop_url(self.reports_at, secret) if self.reports_at and secret else ""


def _check_secret(secret: str) -> None:
    if secret and not _SECRET.fullmatch(secret):
        sentence = _(
            "The secret of the address is what stands behind /s/ in it, as posctl relay add has "
            "shown it; the whole address may be typed, too."
        )
        raise Refused(sentence)


def refuse_in_training(configuration: Configuration) -> None:
    """Raise Refused in a shop that trains: no customer is to be asked for money by it."""
    if configuration.get(settings.SHOP_TRAINING):
        raise Refused(_("This is a training shop: it asks nobody for money. Take cash."))
