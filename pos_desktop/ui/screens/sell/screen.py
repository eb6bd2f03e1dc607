"""The sell screen: scans and keys on the left, money on the right.

It lays the parts out, joins them, and shows what the counter tells. The window hands every key
here before any widget sees it; the keyboard says where each belongs.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pos_desktop.domain.basket import Item
from pos_desktop.domain.money import Cents
from pos_desktop.domain.pack_labels import Sold
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.tender import TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.counter.replies import PriceTag
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.letter_pad import LetterPad
from pos_desktop.ui.kit.spoken import Spoken, Stack
from pos_desktop.ui.kit.strip import Strip
from pos_desktop.ui.kit.tokens import Space
from pos_desktop.ui.screens.sell.approval_page import ApprovalPage
from pos_desktop.ui.screens.sell.approvals import Approval
from pos_desktop.ui.screens.sell.box import Box
from pos_desktop.ui.screens.sell.cards import LastSaleCard, TotalCard
from pos_desktop.ui.screens.sell.cart_lines import cart_lines
from pos_desktop.ui.screens.sell.cart_table import CartTable
from pos_desktop.ui.screens.sell.change_page import ChangePage
from pos_desktop.ui.screens.sell.clear_question import ClearQuestion
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.screens.sell.customer_flow import CustomerFlow
from pos_desktop.ui.screens.sell.finder import Finder
from pos_desktop.ui.screens.sell.flow import Flow
from pos_desktop.ui.screens.sell.keyboard import Acts, Keyboard
from pos_desktop.ui.screens.sell.letters import SellLetters
from pos_desktop.ui.screens.sell.mail_flow import MailFlow
from pos_desktop.ui.screens.sell.new_item_flow import NewItemFlow
from pos_desktop.ui.screens.sell.pay_page import PayPage
from pos_desktop.ui.screens.sell.price_page import PricePage
from pos_desktop.ui.screens.sell.recall_page import RecallPage
from pos_desktop.ui.screens.sell.return_flow import ReturnFlow
from pos_desktop.ui.screens.sell.room import MARGINS, make_room
from pos_desktop.ui.screens.sell.search_text import read_search
from pos_desktop.ui.screens.sell.shift_flow import ShiftFlow
from pos_desktop.ui.screens.sell.side_page import SidePage
from pos_desktop.ui.screens.sell.tabs import Tabs
from pos_desktop.ui.screens.sell.tender_flow import TenderFlow
from pos_desktop.ui.screens.sell.tenders_page import TendersPage
from pos_desktop.ui.screens.sell.weigh_flow import WeighFlow
from pos_desktop.ui.threads.long_work import LongWork

_SHARES = (62, 37)


class SellScreen(Spoken, QWidget):
    """Selling. It shows what the counter holds and tells it what the cashier does."""

    help_wanted = Signal()
    pad_chosen = Signal(bool)
    """Somebody has chosen whether the keys for fingers are shown."""

    def __init__(
        self,
        counter: Counter,
        currency: str,
        people: Callable[[], list[Person]],
        shift: ShiftFlow,
        pushes: LongWork,
    ) -> None:
        super().__init__()
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Sell"))
        self._counter = counter
        self._people = people
        self.box = Box()
        self.strip = Strip(_("Notice"))
        self.tabs = Tabs()
        self.letters = LetterPad()
        self.cart = CartTable()
        self.total = TotalCard(currency)
        self.last_sale = LastSaleCard()
        self.tenders = TendersPage()
        self.pay = PayPage()
        self.change = ChangePage(counter.printer, counter.shop.clock)
        self.price = PricePage()
        self.recall = RecallPage()
        self.approval = ApprovalPage()
        self.shift = shift
        self.money = TenderFlow(counter, pushes)
        self.customers = CustomerFlow(counter)
        self.returns = ReturnFlow(counter)
        self.new_items = NewItemFlow(counter)
        self.weighing = WeighFlow(counter)
        self.mail = MailFlow(counter)
        self._question = ClearQuestion(counter, self.strip, self.show_tenders)
        self.side = Stack()
        self.side.setAccessibleName(_("Beside the cart"))
        self._guests: list[SidePage] = []
        self._build()
        self._letters = SellLetters(self, self.letters, self.box, lambda: self.page)
        self.finder = Finder(self, self.box, self.letters, counter.entry.search)
        self._letters.serve(self.finder)
        self._join_counter()
        self._join_parts()
        self._keyboard = Keyboard(self.box, self.finder, lambda: self.page, self._acts())
        self._refresh()

    @property
    def page(self) -> SidePage:
        """The page that is open beside the cart."""
        page = self.side.currentWidget()
        assert isinstance(page, SidePage)
        return page

    @property
    def is_paying(self) -> bool:
        """Whether a page is open that asks for money."""
        return self.page in (self.pay, *self.money.pages)

    def _build(self) -> None:
        for page in self._pages():
            self.side.addWidget(page)
        self.side.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        cart_card = Card(_("Cart"), column(self.cart, margins=(1, 1, 1, 1)))
        left = column(self.box, self.tabs, gap=Space.BETWEEN)
        left.addWidget(cart_card, 1)
        left.addWidget(self.letters)
        self.right = column(self.total, gap=Space.BETWEEN)
        self.right.addWidget(self.side, 1)
        self.right.addWidget(self.last_sale)
        both = row(gap=Space.EDGE, margins=MARGINS)
        both.addLayout(left, _SHARES[0])
        both.addLayout(self.right, _SHARES[1])
        self.setLayout(both)
        self.strip.float_over(self.tabs)

    def _pages(self) -> tuple[SidePage, ...]:
        own = (self.tenders, self.pay, self.change, self.price, self.recall, self.approval)
        return *own, *(page for flow in self._flows for page in flow.pages)

    @property
    def _flows(self) -> tuple[Flow, ...]:
        return (
            self.money,
            self.customers,
            self.returns,
            self.new_items,
            self.weighing,
            self.mail,
            self.shift,
        )

    def _join_counter(self) -> None:
        counter = self._counter
        counter.changed.connect(self._refresh)
        counter.noticed.connect(self.strip.say)
        counter.printer.changed.connect(self.strip.renew)
        counter.entry.refused_text.connect(self.box.give_back)
        counter.entry.search_wanted.connect(self._search_for)
        counter.entry.pay_wanted.connect(self._open_pay)
        counter.recall_wanted.connect(self._open_recall)
        counter.recorded.connect(self._show_change)
        counter.entry.receipt_found.connect(self.returns.open)
        counter.entry.price_found.connect(self._show_price)
        counter.approval_wanted.connect(self._ask_approval)
        counter.approved.connect(self.show_tenders)

    def _join_parts(self) -> None:
        counter = self._counter
        self.box.submitted.connect(self._submitted)
        self.box.typed.connect(self.recall.choose)
        self._letters.box_wanted.connect(self.show_tenders)
        self._letters.moved.connect(self._letters_moved)
        self.strip.touched.connect(self.new_items.touched)
        self.cart.picked.connect(counter.select)
        self.finder.results.chosen.connect(self._take_found)
        self.tabs.recalled.connect(self._recall)
        self.tabs.all_wanted.connect(counter.list_held)
        self.tabs.stranded_wanted.connect(counter.bring_back_stranded)
        self.tenders.exact.connect(self._pay_exact)
        self.tenders.other.connect(lambda: counter.entry.enter(""))
        self.tenders.quick.taken.connect(self._paid)
        self.tenders.tender_wanted.connect(self.money.open)
        self.tenders.back_wanted.connect(self._question.clear)
        for flow in self._flows:
            flow.page_wanted.connect(self._open_flow_page)
            flow.over.connect(self.show_tenders)
        self.money.customer_wanted.connect(
            lambda: self.customers.choose(partial(self.money.open, TenderKind.CREDIT))
        )
        for pressed in (self.tenders.key_pressed, self.change.key_pressed):
            pressed.connect(self.finder.press)
        self.pay.paid.connect(self._paid)
        self.pay.refused.connect(counter.say_failed)
        self.pay.typed_on.connect(self._type_on)
        self.pay.code_typed.connect(self.scanned)
        self.pay.back_wanted.connect(self._question.clear)
        self.change.again.connect(counter.reprint)
        self.change.mail_wanted.connect(self.mail.show)
        self.price.sold.connect(self._sell_priced)
        self.recall.recalled.connect(self._recall)
        self.approval.submitted.connect(partial(counter.approve, not_enough=self.approval.refuse))
        for page in (self.pay, self.change, self.price, self.recall, self.approval, self.shift.now):
            page.left.connect(self._leave_page)

    def _acts(self) -> Acts:
        key, counter, money = Qt.Key, self._counter, self.money
        bar: dict[Qt.Key, Callable[[], object]] = {
            key.Key_F1: self.help_wanted.emit,
            key.Key_F2: self._search,
            key.Key_F3: self._check_price,
            key.Key_F4: self.customers.show,
            key.Key_F5: self.hold,
            key.Key_F6: counter.list_held,
            key.Key_F7: counter.reprint,
            key.Key_F8: self._pay_exact,
            key.Key_F9: partial(money.open, TenderKind.MPESA),
            key.Key_F10: partial(money.open, TenderKind.CARD),
            key.Key_F11: self.returns.show,
            key.Key_F12: counter.lock,
            key.Key_Insert: self.new_items.open,
        }
        chords: dict[Qt.Key, Callable[[], object]] = {
            key.Key_3: partial(money.open, TenderKind.CARD),
            key.Key_4: partial(money.open, TenderKind.CREDIT),
            key.Key_5: partial(money.open, TenderKind.VOUCHER),
            key.Key_E: self.mail.show,
            key.Key_R: counter.take_todays_prices,
        }
        return Acts(
            bar=bar,
            chords=chords,
            move_selection=counter.move_selection,
            void=counter.void,
            clear=self._question.clear,
            escape=self._escape,
        )

    # keys and scans

    def handle_key(self, event: QKeyEvent) -> bool:
        """Deal with a key before any widget sees it; False lets the field with focus have it."""
        return self._keyboard.handle(event)

    def do_key(self, key: Qt.Key) -> None:
        """Do what a key of the bar says, pressed by a finger.

        A search by somebody who has the keys for fingers on the screen needs letters too.
        """
        self._keyboard.press(key)
        if key == Qt.Key.Key_F2 and not self.tenders.pad.isHidden():
            self._letters.show()

    def scanned(self, code: str) -> None:
        """Take a scan, whatever is open and has focus."""
        prefix = self.box.take_prefix()
        before, unseen = self.box.text, self.page in self.shift.pages
        self.finder.close()
        if self.page.take_scan(prefix + code):
            return
        self._give_way()

        def sold(name: str) -> None:
            self.box.forget(before)
            if unseen:
                self._counter.say(_("{name} is on the open sale.").format(name=name))

        self._counter.entry.scan(code, prefix, sold)

    def _give_way(self) -> None:
        """Leave a page that is no part of the sale that goes on."""
        shift, mail = self.shift, self.mail.page
        giving_way = (self.recall, self.price, self.change, mail, shift.now, shift.day)
        if self.page in (*giving_way, *self._guests):
            self.show_tenders()

    def take_focus(self) -> None:
        """Let typing go where it belongs."""
        (self.page.keyboard_target() or self.box.field).setFocus()

    def _escape(self) -> None:
        self.box.clear()
        self.finder.close()
        self.strip.say(None)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now; nothing of the sale changes."""
        super().retell()
        self._question.retell()
        self._refresh()

    # what the cashier does

    def hold(self) -> None:
        """Put the open sale aside."""
        self.show_tenders()
        self._counter.hold()

    def toggle_pad(self) -> None:
        """Show or hide the keys for fingers, and tell of the choice."""
        shown = self.tenders.pad.isHidden()
        self.show_pad(shown=shown)
        self.pad_chosen.emit(shown)

    def show_pad(self, *, shown: bool) -> None:
        """Show the keys for fingers, or not."""
        self.tenders.pad.setVisible(shown)
        make_room(self)

    def hide_letters(self) -> None:
        """Take the letters for fingers away."""
        self._letters.hide()

    def _letters_moved(self) -> None:
        if self.finder.results.isVisible():
            self.finder.look(self.box.text)
        self.take_focus()

    def clear(self) -> None:
        """Ask whether the whole sale shall be taken away; asked again, take it away."""
        self._question.clear()

    def keep_sale(self) -> None:
        """Take the question back whether the sale is to be cleared; other words stay."""
        self._question.keep()

    def take_in(self, page: SidePage) -> None:
        """Let a page of another room be shown beside the cart; it gives way to a scan."""
        self._guests.append(page)
        self.side.addWidget(page)
        page.left.connect(self._leave_page)

    def show_page(self, page: SidePage) -> None:
        """Open a page beside the cart; while something stands in the box, keys belong to that."""
        self._open(page)

    def show_tenders(self) -> None:
        """Open the page of the tenders, and let typing go to the box."""
        self._open(self.tenders)

    def _leave_page(self) -> None:
        """Leave a page, with what was said of it."""
        self.strip.say(None)
        self.show_tenders()

    def show_shift(self) -> None:
        """Open the page of the shift."""
        if not self.page.holds_on():
            self._escape()
            self.shift.show()

    def _open_flow_page(self, page: SidePage) -> None:
        if page is self.weighing.page and self.page in (self.approval, *self.shift.pages):
            self._counter.say(self.weighing.sentence)
            return
        self.box.clear()
        self._open(page)

    def _submitted(self, text: str, found: Item | None) -> None:
        if self.page is self.recall and self.recall.take(text):
            return
        if not text and self.page is self.change:
            return
        if text:
            self._give_way()
        self._counter.entry.enter(text, found)

    def _search(self) -> None:
        """Begin a search: for the name that stands in the box, of as many as were typed."""
        self.show_tenders()
        read = read_search(self.box.text)
        kept = read.is_name and not read.asked and not self.box.field.hasSelectedText()
        words = read.words if kept else ""
        self.box.begin(f"{read.prefix}/{words}")

    def _check_price(self) -> None:
        """Begin a price check: of as many as were typed, should they be sold then."""
        self.show_tenders()
        read = read_search(self.box.text)
        self.box.begin(f"{read.prefix}?")

    def _pay_exact(self) -> None:
        if self.page is self.change:
            return
        if not self.money.sell_voucher_now() and not self.customers.settle_all_now():
            self._paid(None)

    def _type_on(self, text: str) -> None:
        """Go on in the box with what was typed into a panel that has no use for it."""
        self.show_tenders()
        self.box.begin(self.box.text + text)

    def _paid(self, cents: Cents | None) -> None:
        self.box.clear()
        self.finder.close()
        self.show_tenders()
        self._counter.pay_cash(cents)

    def _recall(self, cart_id: str) -> None:
        self.show_tenders()
        self._counter.recall(cart_id)

    def _sell_priced(self, sold: Sold, quantity: Thousandths | None) -> None:
        self.show_tenders()
        self._counter.sell_pack(sold, quantity)

    # searching

    def _search_for(self, text: str) -> None:
        self.show_tenders()
        read = read_search(text)
        self.box.begin(f"{read.prefix}/{read.words}")
        if not self.finder.results.items:
            self.box.mark()

    def _take_found(self, item: Item) -> None:
        typed = self.box.text
        self.box.clear()
        self.finder.close()
        self._counter.entry.sell_found(item, typed)

    # what the counter tells

    def _refresh(self) -> None:
        counter = self._counter
        basket, payment = counter.basket, counter.payment
        self.cart.show_cart(cart_lines(counter.priced, basket.returns), basket.selected)
        self.total.show_totals(counter.priced.totals, payment, basket.returned_cents)
        self.total.show_buyer(counter.buyer)
        self.tenders.show_payment(payment, self.money.way_back(), empty=basket.is_empty)
        held, stranded = counter.held, len(counter.stranded)
        self.tabs.show_tabs(payment.due_cents, held, stranded, self.money.mpesa.held.paid)
        self.last_sale.show_sale(counter.last)
        if self.page is self.pay:
            if basket.is_empty or payment.is_refund:
                self.show_tenders()
            else:
                self.pay.follow(payment)
        elif self.page is self.change and not basket.is_empty:
            self.show_tenders()
        make_room(self)

    def _show_change(self) -> None:
        if self._counter.last is not None and self._counter.basket.is_empty:
            self.change.show_sale(self._counter.last)
            if self.page is self.tenders:
                self._open(self.change)

    def _open_pay(self) -> None:
        if self._counter.payment.is_refund:
            self.money.give_back()
            return
        self.pay.open_for(self._counter.payment)
        self._open(self.pay)

    def _show_price(self, tag: PriceTag, quantity: Thousandths | None) -> None:
        self.price.show_tag(tag, quantity)
        self._open(self.price)

    def _open_recall(self) -> None:
        counter = self._counter
        self.recall.show_held(counter.held, map(counter.shop.till.cost_of, counter.held))
        self._open(self.recall)

    def _ask_approval(self, approval: Approval) -> None:
        self.approval.ask(approval, self._people())
        self._open(self.approval)

    def _open(self, page: SidePage) -> None:
        if page is not self.page:
            if self.page is self.approval:
                self._counter.dismiss_approval()
            self.side.setCurrentWidget(page)
            self._letters.follow(page, fingers=not self.tenders.pad.isHidden())
            make_room(self)
        self.finder.close()
        self.take_focus()

    @property
    def tells_last_sale(self) -> bool:
        """Whether the last sale is worth the room that it takes."""
        beside = self.page in (self.tenders, self.price, self.mail.page)
        return beside and self._counter.last is not None and not self._counter.payment.tenders

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Make room anew."""
        super().resizeEvent(event)
        make_room(self)
        if self.finder.results.isVisible():
            self.finder.look(self.box.text)
