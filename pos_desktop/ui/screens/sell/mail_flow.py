"""A receipt that goes out by e-mail: asked for on a page, left for the queue on the lane."""

from __future__ import annotations

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.text import _
from pos_desktop.services.mail.receipt_mail import Left, Offer
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.mail_page import MailPage


class MailFlow(Flow):
    """Holds the page."""

    def __init__(self, counter: Counter) -> None:
        super().__init__()
        self._counter = counter
        self._shop = counter.shop
        self._asked_again: tuple[str, str] | None = None
        """What waits already, and is left once more if it is submitted again."""
        self.page = MailPage()
        self.page.submitted.connect(self._submit)
        self.page.receipt_typed.connect(self._look_up)
        self.page.left.connect(self._leave)

    @property
    def pages(self) -> tuple[MailPage]:
        """The page."""
        return (self.page,)

    def show(self) -> None:
        """Ask where the last receipt of this till goes."""
        mail = self._shop.mail.receipts

        def read() -> Offer | None:
            try:
                return mail.offer(None)
            except Refused:
                return None

        def then(offer: Offer | None) -> None:
            self._asked_again = None
            self._counter.quiet()
            self.page_wanted.emit(self.page)
            self.page.begin(str(offer.receipt) if offer else "", offer.address if offer else "")

        self._counter.learn(read, then)

    def _look_up(self, typed: str) -> None:
        def read() -> Offer:
            return self._shop.mail.receipts.offer(self._number(typed))

        self._counter.learn(read, lambda offer: self.page.offer(typed, offer.address))

    def _submit(self, typed: str, address: str) -> None:
        wish, person = (typed, address), self._shop.till.person
        again = wish == self._asked_again

        def work() -> tuple[Left, bool]:
            number = self._number(typed)
            left = self._shop.mail.receipts.send(number, address, actor=person, again=again)
            return left, bool(self._shop.queue.views.counts().waiting_for_network)

        self._counter.learn(work, lambda done: self._left(*done, wish))

    def _left(self, left: Left, is_offline: bool, wish: tuple[str, str]) -> None:  # noqa: FBT001
        self._asked_again = None
        if left.is_new:
            self.page.forget()
            self.over.emit()
            self._counter.say(self._way_words(is_offline=is_offline).format(receipt=left.receipt))
            return
        self._asked_again = wish
        text = _("Receipt {receipt} waits for this address already: Enter sends it once more.")
        self._counter.ask(text.format(receipt=left.receipt))

    def _way_words(self, *, is_offline: bool) -> str:
        if not self._shop.mail.setup.is_set_up:
            return _("Receipt {receipt} waits to be e-mailed; it goes out once mail is set up.")
        if is_offline:
            return _("Receipt {receipt} goes out by e-mail by itself, once the network is back.")
        return _("Receipt {receipt} is on its way by e-mail.")

    def _number(self, typed: str) -> ReceiptNumber:
        """Return the number of a receipt; digits alone are of this till."""
        if not typed.strip():
            raise Refused(_("Type the number of the receipt, as it is printed."))
        return ReceiptNumber.parse(typed, till=self._shop.books.node.till_code)

    def _leave(self) -> None:
        self._counter.quiet()
        self.over.emit()
