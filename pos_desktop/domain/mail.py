"""Mail as the shop sees it: what it is about, to whom it goes, and what became of it for each."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from pos_desktop.domain.contact import ContactKind
from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _


class MailKind(StrEnum):
    """What a mail is for; the value is the word in the file."""

    RECEIPT = "receipt"
    """A receipt, to who bought."""
    MAILING = "mailing"
    """The same words to many: only to those who want mail from the shop."""
    REPORT = "report"
    """Files of the shop, to people the shop works with."""
    ALERT = "alert"
    TEST = "test"
    """To oneself, before others are written to."""


class PartyKind(StrEnum):
    """How the shop knows a recipient."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    CONTACT = "contact"
    TYPED = "typed"
    """By nothing but an address that was typed for one mail."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a mail goes to; `id` is None where the address alone is known."""

    kind: PartyKind
    id: Id | None = None
    address: str = ""
    """For TYPED alone; of others it is read when the mail goes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """To whom a mailing goes: all of one kind whom a filter lets pass, or these alone."""

    kind: PartyKind
    text: str = ""
    """Every word of it is known of them."""
    contact_kind: ContactKind | None = None
    owing: bool = False
    """Customers who owe something."""
    ids: tuple[Id, ...] = ()
    """These alone, where any is named."""

    def as_plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**asdict(self), "ids": [*self.ids]}

    @classmethod
    def of_plain(cls, plain: dict[str, Any]) -> Audience:
        """Return what plain values stand for."""
        contact = plain["contact_kind"]
        return cls(
            kind=PartyKind(plain["kind"]),
            text=plain["text"],
            contact_kind=ContactKind(contact) if contact else None,
            owing=plain["owing"],
            ids=tuple(plain["ids"]),
        )


class Fate(StrEnum):
    """What has become of a mail for one recipient.

        waiting -> sending -> sent | waiting (put off) | failed | unknown
        waiting -> skipped

    `sending` is committed before the end of the mail goes out. Who is found there by a later run
    may have got it or not: such a one is unknown, and only a person lets it go out again.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    """It was not to go there: no consent, no address, or twice the same."""


OVER = frozenset({Fate.SENT, Fate.FAILED, Fate.UNKNOWN, Fate.SKIPPED})
"""Those of which nothing more happens by itself."""


class MailState(StrEnum):
    """How far a mail is as a whole."""

    UNDER_WAY = "under_way"
    PAUSED = "paused"
    STOPPED = "stopped"
    """A person ended it: who waits does not get it."""
    DONE = "done"
    """Nobody waits for it; some of it may have failed."""


def fate_words(fate: Fate) -> str:
    """Return how people call what became of a mail."""
    return {
        Fate.WAITING: _("waits"),
        Fate.SENDING: _("is being sent"),
        Fate.SENT: _("sent"),
        Fate.FAILED: _("failed"),
        Fate.UNKNOWN: _("not known whether it arrived"),
        Fate.SKIPPED: _("left out"),
    }[fate]


def mail_kind_words(kind: MailKind) -> str:
    """Return how people call what a mail is for."""
    return {
        MailKind.RECEIPT: _("receipt"),
        MailKind.MAILING: _("mailing"),
        MailKind.REPORT: _("files of the shop"),
        MailKind.ALERT: _("alert"),
        MailKind.TEST: _("test"),
    }[kind]


def state_words(state: MailState) -> str:
    """Return how people call how far a mail is."""
    return {
        MailState.UNDER_WAY: _("under way"),
        MailState.PAUSED: _("paused"),
        MailState.STOPPED: _("stopped"),
        MailState.DONE: _("done"),
    }[state]


_RECEIPT = "receipt "


def about_receipt(receipt: object) -> str:
    """Return what a mail of a receipt is about, as it is kept with the mail."""
    return f"{_RECEIPT}{receipt}"


def receipt_of(about: str) -> str:
    """Return the receipt that a mail is about, from `about_receipt`."""
    return about.removeprefix(_RECEIPT)
