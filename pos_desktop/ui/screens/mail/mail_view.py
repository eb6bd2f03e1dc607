"""One mail: what it says, how far it is, and what became of it for each of its recipients."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import tzinfo

from PySide6.QtWidgets import QProgressBar

from pos_desktop.domain.mail import Fate, MailKind, MailState, mail_kind_words, state_words
from pos_desktop.domain.text import _, joined
from pos_desktop.services.mail.mail_words import counts_words, subject_words
from pos_desktop.services.mail.mailing import ListedRecipient
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.mail import wording
from pos_desktop.ui.screens.mail.mail_look import MailLook
from pos_desktop.ui.screens.office.facts import Facts

_FACTS_WIDTH = 320


class _Bar(Spoken, QProgressBar):
    """How far a mail is."""


class MailView(Card):
    """Shows a mail."""

    def __init__(self) -> None:
        self.filter = Choice(_("Recipients"), columns=len(wording.fate_filter_words()))
        self.list = RowList(_("Recipients"))
        self.facts = Facts(_("The mail"))
        self.why = WrappedText(fonts.regular(Type.TEXT), most=3)
        self._outcomes: Sequence[ListedRecipient] = ()
        self.bar = _Bar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(Space.INSIDE)
        self._subject = WrappedText(fonts.heavy(Type.TILE), fonts.heavy(Type.TEXT), most=3)
        self._state = WrappedText(fonts.strong(Type.SMALL), tone="muted", most=3)
        head = column(self._subject, self._state, self.bar, gap=Space.STEP)
        known = Card(_("The mail"), column(head, self.facts, gap=Space.INSIDE, margins=INSIDE))
        known.setFixedWidth(_FACTS_WIDTH)
        listed = Card(_("Recipients"), column(self.list, margins=(1, 1, 1, 1)))
        right = column(self.filter, gap=Space.INSIDE)
        right.addWidget(listed, 1)
        right.addWidget(self.why)
        whole = row(gap=Space.BETWEEN)
        whole.addWidget(known)
        whole.addLayout(right, 1)
        super().__init__(_("Mail"), whole, look="plain")
        self.filter.show_choices([*wording.fate_filter_words().items()], "")
        self.list.chosen.connect(self.show_why)

    def show_look(self, look: MailLook, marked: Collection[int], zone: tzinfo, shop: str) -> None:
        """Show a mail; those recipients who are marked say so."""
        listed = look.listed
        mail, counts = listed.mail, listed.counts
        self._subject.show_text(subject_words(mail.subject, shop))
        self._state.show_text(joined(" · ", (state_words(mail.state), counts_words(counts))))
        over, everybody = wording.progress(counts)
        is_moving = mail.state in (MailState.UNDER_WAY, MailState.PAUSED)
        self.bar.setVisible(is_moving)
        self.bar.setRange(0, max(1, everybody))
        self.bar.setValue(over)
        done = _("{done:,} of {total:,}").format(done=over, total=everybody)
        self.bar.setAccessibleName(done)
        facts = _facts(look, zone)
        if facts != list(self.facts.facts):
            self.facts.show_facts(facts)
        self._outcomes = look.outcomes
        self.list.show_rows(
            [wording.outcome_row(one, marked=one.recipient.no in marked) for one in look.outcomes],
            (_("Nobody"), _("No recipient has this fate: ← → show others.")),
        )
        self.show_why()

    def show_why(self) -> None:
        """Say in full what became of the mail for the chosen recipient."""
        chosen = (one for one in self._outcomes if one.recipient.no == self.list.key)
        self.why.show_text(next(map(wording.outcome_words, chosen), ""))

    def retell(self) -> None:
        """Say the filters in the language that is spoken now."""
        super().retell()
        self.filter.show_choices([*wording.fate_filter_words().items()], self.filter.key)

    @property
    def fates(self) -> tuple[Fate, ...]:
        """The fates that the filter lets pass."""
        return (Fate(self.filter.key),) if self.filter.key else tuple(Fate)


def _facts(look: MailLook, zone: tzinfo) -> list[tuple[str, str]]:
    mail = look.listed.mail
    text = " ".join(mail.body.split())
    if mail.kind is MailKind.RECEIPT:
        text = _("The receipt, as it is printed")
    facts = [
        (_("Why it waits"), look.trouble),
        (_("Number"), str(mail.number)),
        (_("What it is"), mail_kind_words(mail.kind)),
        (_("Asked for"), shown_minute(mail.asked_at, zone)),
        (_("By"), look.started_by),
        (_("Along with it"), joined(", ", (*_attached(look), *look.files))),
        (_("Text"), text),
        (_("HTML"), _("Its own") if mail.html else ""),
    ]
    return [fact for fact in facts if fact[1]]


def _attached(look: MailLook) -> list[str]:
    words = {
        "statement": _("each customer's own statement"),
        "export": _("a file that the shop has made"),
        "receipt": "",
    }
    return [words.get(one["kind"], "") for one in look.listed.mail.attachments]
