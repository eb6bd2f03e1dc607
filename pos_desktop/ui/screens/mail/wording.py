"""Mails, their recipients and audiences as the pages say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from pos_desktop.domain.contact import contact_kind_words
from pos_desktop.domain.mail import (
    Audience,
    Fate,
    MailState,
    PartyKind,
    fate_words,
    mail_kind_words,
    state_words,
)
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.mail.mail_addresses import Chosen
from pos_desktop.services.mail.mail_words import counts_words, subject_words
from pos_desktop.services.mail.mailing import ListedMail, ListedRecipient
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone

FATE_TONES = {
    Fate.WAITING: Tone.QUIET,
    Fate.SENDING: Tone.ACCENT,
    Fate.SENT: Tone.OK,
    Fate.FAILED: Tone.DANGER,
    Fate.UNKNOWN: Tone.WARNING,
    Fate.SKIPPED: Tone.QUIET,
}
_STATE_TONES = {
    MailState.UNDER_WAY: Tone.ACCENT,
    MailState.PAUSED: Tone.WARNING,
    MailState.STOPPED: Tone.QUIET,
    MailState.DONE: Tone.OK,
}


def mail_row(one: ListedMail, zone: tzinfo, shop: str) -> ListRow:
    """Return the line of a mail."""
    mail = one.mail
    is_done = mail.state is MailState.DONE
    needs_a_look = is_done and (Fate.FAILED in one.counts or Fate.UNKNOWN in one.counts)
    number = _("Mail {number}").format(number=mail.number)
    when = shown_minute(mail.asked_at, zone)
    return ListRow(
        key=mail.number,
        title=subject_words(mail.subject, shop),
        note=joined(" · ", (number, when, mail_kind_words(mail.kind), counts_words(one.counts))),
        chip=state_words(mail.state),
        tone=Tone.DANGER if needs_a_look else _STATE_TONES[mail.state],
        right=progress_words(one),
        faded=mail.state is MailState.STOPPED,
    )


def progress_words(one: ListedMail) -> str:
    """Say how many of a mail are over, while it is under way."""
    if one.mail.state not in (MailState.UNDER_WAY, MailState.PAUSED) or not one.counts:
        return ""
    over, everybody = progress(one.counts)
    return _("{done:,} of {total:,}").format(done=over, total=everybody)


def progress(counts: Mapping[Fate, int]) -> tuple[int, int]:
    """Return for how many a mail is over, and how many there are."""
    everybody = sum(counts.values())
    return everybody - counts.get(Fate.WAITING, 0) - counts.get(Fate.SENDING, 0), everybody


def outcome_row(outcome: ListedRecipient, *, marked: bool) -> ListRow:
    """Return the line of a recipient: who, what became of it, and why."""
    recipient = outcome.recipient
    name = outcome.name or outcome.address or _("Somebody who is forgotten")
    chip = fate_words(recipient.state)
    if recipient.state is Fate.UNKNOWN:
        chip = _("not known")
    return ListRow(
        key=recipient.no,
        title=name,
        note=joined(" · ", (outcome.address if outcome.name else "", recipient.reason)),
        chip=_("marked") if marked else chip,
        tone=Tone.ACCENT if marked else FATE_TONES[recipient.state],
    )


def outcome_words(outcome: ListedRecipient) -> str:
    """Say in full what became of a mail for one: a server's answer may be long."""
    recipient = outcome.recipient
    name = outcome.name or outcome.address
    return joined(" · ", (name, fate_words(recipient.state), recipient.reason))


def chosen_words(chosen: Chosen) -> str:
    """Say how many get a mail."""
    count = len(chosen.parties)
    return ngettext("{count:,} gets it", "{count:,} get it", count).format(count=count)


def left_out_words(chosen: Chosen) -> str:
    """Say how many get none, and why."""
    if not chosen.left_out:
        return ""
    why = (
        (chosen.without_address, _("{count:,} without an address")),
        (
            chosen.without_consent,
            ngettext(
                "{count:,} has not agreed", "{count:,} have not agreed", chosen.without_consent
            ),
        ),
        (
            chosen.refused,
            ngettext("{count:,} wants no more mail", "{count:,} want no more mail", chosen.refused),
        ),
        (chosen.twice, _("{count:,} with the same address as another")),
    )
    parts = joined(", ", (text.format(count=count) for count, text in why if count))
    count = chosen.left_out
    text = ngettext("{count:,} is left out: {why}.", "{count:,} are left out: {why}.", count)
    return text.format(count=count, why=parts)


def party_words(kind: PartyKind) -> str:
    """Return how people call those of one kind."""
    return {
        PartyKind.CUSTOMER: _("Customers who agreed"),
        PartyKind.SUPPLIER: _("Suppliers"),
        PartyKind.CONTACT: _("Address book"),
        PartyKind.TYPED: _("An address"),
    }[kind]


def audience_words(audience: Audience) -> str:
    """Say whom an audience means."""
    kind = audience.contact_kind
    return joined(
        " · ",
        (
            party_words(audience.kind),
            contact_kind_words(kind) if kind else "",
            _("who owe something") if audience.owing else "",
            _("with “{text}”").format(text=audience.text) if audience.text else "",
        ),
    )


def fate_filter_words() -> Mapping[str, str]:
    """Return the filters of the recipients of a mail, by the fate that each lets pass."""
    return {
        "": _("All"),
        Fate.FAILED.value: _("Failed"),
        Fate.UNKNOWN.value: _("Not known"),
        Fate.WAITING.value: _("Waiting"),
        Fate.SENT.value: _("Sent"),
        Fate.SKIPPED.value: _("Left out"),
    }
