"""No more mail: addresses whose owners have asked to be left in peace."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_desktop.domain.mail_address import check_email
from pos_desktop.domain.text import _
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.form_page import FormPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
_LONGEST_ADDRESS = 254


class RefusalPage(FormPage):
    """Takes an address that wants no more mail, or wants it again. None of them can be read."""

    def __init__(self, office: Office) -> None:
        self.address = FormField(_("E-mail address"), longest=_LONGEST_ADDRESS, is_address=True)
        super().__init__(office, _("No more mail"), Form(_("No more mail"), (self.address,)))
        self.form.explain(
            label(
                _(
                    "Whoever answers a mailing with unsubscribe, or says so in the shop, gets no "
                    "mailing any more, whether as a customer, a supplier or in the address book. "
                    "Receipts that they ask for still reach them. Addresses are kept in a form "
                    "that nobody can read, so they are not listed here."
                ),
                tone="muted",
                wrap=True,
            )
        )
        self.form.done.connect(self._refuse_mail)
        self._offer()

    def _offer(self) -> None:
        self.offer(
            Act(
                key=K.Key_Return,
                control=True,
                title=_("Wants no more"),
                help=_("No mailing goes to this address any more; Enter does so too"),
                rank=Rank.FIRST,
                do=self._refuse_mail,
            ),
            Act(
                key=K.Key_F6,
                title=_("Wants mail again"),
                help=_("Mailings may go to this address again"),
                do=self._allow,
            ),
            self.letters_act(),
        )

    def begin(self) -> None:
        """Ask for an address."""
        self.address.show_text("")
        self.form.begin()

    def _refuse_mail(self) -> None:
        address = self.typed(lambda: check_email(self.address.text))
        if address is None:
            return
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        sentence = _("{address} gets no mailing any more.").format(address=address)
        self.ask(lambda: mailing.refuse(address, actor=actor), lambda _done: self._done(sentence))

    def _allow(self) -> None:
        address = self.typed(lambda: check_email(self.address.text))
        if address is None:
            return
        mailing, actor = self.office.shop.mail.mailing, self.office.actor

        def done(had_refused: bool) -> None:  # noqa: FBT001 - what the lane has found
            sentence = _("{address} had not refused mail: nothing has changed.")
            if had_refused:
                sentence = _(
                    "{address} may get mailings again; a customer must agree anew as well."
                )
            self._done(sentence.format(address=address))

        self.ask(lambda: mailing.allow(address, actor=actor), done)

    def _done(self, sentence: str) -> None:
        self.begin()
        self.say(sentence)
