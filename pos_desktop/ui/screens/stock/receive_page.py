"""Goods that a supplier brings, or gets back: gathered by scans, with quantity and cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.goods import Delivery, GoodsReceipt, StockMove
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.supplier import Supplier
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.services.stock.receiving import SameDocument
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.stock.facts_view import FactsView
from pos_desktop.ui.screens.stock.gather_page import GatherPage, taken
from pos_desktop.ui.screens.stock.receive_forms import DeliveryForm, Head, Line, LineForm

K = Qt.Key


class ReceivePage(GatherPage):
    """Gathers a delivery; what was gathered stays while the page is left and opened again."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Receive goods"), listed=_("Delivery"))
        self.head = Head()
        self.is_return = False
        """Whether the goods go back to their supplier."""
        self.gathered: dict[str, Line] = {}
        """The lines by product, in the order in which they were taken."""
        self._same_document = False
        self._question = Question()
        """Whether everything is to be taken out."""
        self._receipts: Sequence[GoodsReceipt] = ()
        self.before = FactsView(_("Goods received and given back"))
        self.before.list.chosen.connect(self._show_moves)
        self.summary = WrappedText(fonts.strong(Type.TABLE), most=2)
        self.list_view.insertWidget(1, self.summary)

    # the lines

    def take(self, card: ProductCard, quantity: Thousandths | None) -> None:
        """Take so much more of a product, at the cost at which it came last."""
        line = self.gathered.pop(card.id, None)
        if quantity is not None and quantity < 0:
            self.refuse(Refused(_("Goods are counted from zero up: leave out the minus.")))
        more = max(taken(quantity), 0)
        if line is None:
            line = Line(card=card, quantity=0, cost_cents=card.form.cost_cents)
        if line.quantity + more:
            self.gathered[card.id] = replace(line, quantity=line.quantity + more)
        self.list.choose_first()
        self._changed()

    def set_quantity(self, key: str, quantity: Thousandths) -> None:
        """Make the line of a product so much."""
        if key in self.gathered:
            self.gathered[key] = replace(self.gathered[key], quantity=quantity)
            self._changed()

    def _changed(self) -> None:
        self._same_document = False
        self._question.forget()
        self.show_lines()

    def lines(self) -> Sequence[ListRow]:
        """Return the lines, the newest first."""
        return [_row(line) for line in reversed(self.gathered.values())]

    def show_lines(self) -> None:
        """Show the lines and what they come to."""
        self.summary.show_text(self._summary())
        super().show_lines()

    def empty_words(self) -> tuple[str, str]:
        """Return what to do first."""
        return (
            _("Nothing yet"),
            _("Scan the goods, or type 12* and scan for twelve. F2 says from whom they are."),
        )

    @property
    def total_cents(self) -> Cents:
        """What all lines cost."""
        return sum(line.amount_cents for line in self.gathered.values())

    def _summary(self) -> str:
        count = len(self.gathered)
        lines = ngettext("{count} line", "{count} lines", count).format(count=count)
        total = _("total {amount} without VAT").format(amount=format_amount(self.total_cents))
        whose = self.head.supplier or _("no supplier named")
        way = _("Back to: {supplier}") if self.is_return else _("From: {supplier}")
        document = ""
        if self.head.document:
            document = _("paper {number}").format(number=self.head.document)
        return joined(" · ", (way.format(supplier=whose), document, lines, total))

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        return () if self.showing_before else super().list_acts()

    @property
    def showing_before(self) -> bool:
        """Whether what was received before is in sight."""
        return self.below is self.before

    def line_acts(self) -> tuple[Act, ...]:
        """Return what can be done with the delivery."""
        head = Act(
            key=K.Key_F2,
            title=_("Supplier"),
            help=_("From whom the goods are, and the number of their paper"),
            do=self._ask_head,
        )
        way = Act(
            key=K.Key_F4,
            title=_("They come") if self.is_return else _("They go back"),
            help=_("Whether the goods come from the supplier, or go back there"),
            do=self._turn,
        )
        before = Act(
            key=K.Key_F6,
            title=_("Past deliveries"),
            help=_("Goods received and given back before"),
            do=self._show_before,
        )
        return (*self._acts_on_lines(), head, before) if self.gathered else (head, way, before)

    def _acts_on_lines(self) -> tuple[Act, ...]:
        return (
            Act(
                key=K.Key_Return,
                title=_("Edit"),
                help=_("Quantity and cost of the chosen line"),
                do=self._change_line,
            ),
            Act(
                key=K.Key_Delete,
                title=_("Out"),
                help=_("Take the chosen line out"),
                do=self._remove_line,
            ),
            Act(
                key=K.Key_Delete,
                shift=True,
                title=_("All out"),
                help=_("Take everything out; pressed twice"),
                do=self._remove_all,
            ),
            Act(
                key=K.Key_Return,
                control=True,
                title=_("Give back") if self.is_return else _("Into stock"),
                help=_("Done: the goods are in stock, or out of it"),
                rank=Rank.FIRST,
                do=self._finish,
            ),
        )

    # what is done

    def _ask_head(self) -> None:
        suppliers = self.office.shop.goods.suppliers
        self.say(None)

        def show(found: list[Supplier]) -> None:
            form = DeliveryForm(self.head, found)
            self.open_form(form, _("Delivery"), lambda: self._take_head(form), save=_("Done"))

        self.ask(suppliers.listed, show)

    def _take_head(self, form: DeliveryForm) -> None:
        head = self.typed(form.read)
        if head is None:
            return
        self.head = head
        self.say(None)
        self.close_form()
        self._changed()

    def _turn(self) -> None:
        self.is_return = not self.is_return
        self._changed()

    def _change_line(self) -> None:
        line = self.gathered.get(str(self.list.key))
        if line is None:
            return
        self.say(None)
        form = LineForm(line)
        self.open_form(form, line.card.form.name, lambda: self._take_line(form), save=_("Done"))

    def _take_line(self, form: LineForm) -> None:
        line = self.typed(form.read)
        if line is None:
            return
        self.say(None)
        self.gathered[line.card.id] = line
        self.close_form()
        self._changed()

    def _remove_line(self) -> None:
        self.gathered.pop(str(self.list.key), None)
        self._changed()

    def _remove_all(self) -> None:
        if not self._question.confirmed():
            self.say(Notice(_("Take everything out? ⇧ Del does so."), Tone.WARNING))
            return
        self._start_anew()
        self.say(None)

    def _start_anew(self) -> None:
        self.gathered.clear()
        self.head = Head(set_costs=self.head.set_costs)
        self.is_return = False
        self._changed()

    def _finish(self) -> None:
        receiving, actor, head = self.office.shop.goods.receiving, self.office.actor, self.head
        delivery = Delivery(
            lines=tuple(line.as_goods() for line in self.gathered.values()),
            supplier_id=head.supplier_id,
            document=head.document,
        )
        same = self._same_document

        def write() -> GoodsReceipt:
            if self.is_return:
                return receiving.give_back(delivery, actor=actor)
            return receiving.receive(
                delivery, set_costs=head.set_costs, same_document=same, actor=actor
            )

        def done(receipt: GoodsReceipt) -> None:
            self._start_anew()
            self.say(_done_words(receipt))

        self.submit(write, done)

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; the same paper is asked about once."""
        super().refuse(error)
        if isinstance(error, SameDocument):
            self._same_document = True
            text = _(
                "Goods by this paper were entered before: F6 shows them. If these are others, "
                "Ctrl ↵ enters them anyway."
            )
            self.say(Notice(text, Tone.WARNING))

    # what was received before

    def _show_before(self) -> None:
        receiving = self.office.shop.goods.receiving
        self.say(None)

        def show(found: list[GoodsReceipt]) -> None:
            self._receipts = found
            self._tell_before()
            self.show_instead(self.before)

        self.ask(receiving.latest, show)

    def _tell_before(self) -> None:
        zone = self.office.shop.configuration.zone
        rows = [
            ListRow(
                key=one.id,
                title=one.supplier or _("no supplier named"),
                note=joined(" · ", (shown_minute(one.received_at, zone), one.document)),
                chip=_("given back") if one.is_return else "",
                right=format_amount(one.cost_cents),
            )
            for one in self._receipts
        ]
        empty = (_("Nothing yet"), _("Goods that are received are listed here."))
        self.before.show_facts(rows, empty)

    def _show_moves(self) -> None:
        key, receiving = self.before.list.key, self.office.shop.goods.receiving
        if not isinstance(key, str):
            return

        def show(moves: list[StockMove]) -> None:
            if key == self.before.list.key:
                self.before.show_moves(moves)

        self.ask(lambda: receiving.lines(key), show)

    def step(self, by: int) -> None:
        """Choose another line."""
        (self.before.list if self.showing_before else self.list).move(by)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._tell_before()


def _row(line: Line) -> ListRow:
    form = line.card.form
    cost = _("cost not known")
    if line.cost_cents is not None:
        cost = _("{cost} each").format(cost=format_amount(line.cost_cents))
    is_dear = line.cost_cents is not None and line.cost_cents > form.price_cents
    return ListRow(
        key=line.card.id,
        title=form.name,
        note=joined(" · ", (form.shown_code, cost)),
        chip=_("dearer than its price") if is_dear else "",
        tone=Tone.WARNING if is_dear else Tone.QUIET,
        right=f"{format_quantity(line.quantity)} {form.unit}".strip()
        + f"  {format_amount(line.amount_cents)}",
    )


def _done_words(receipt: GoodsReceipt) -> str:
    amount = format_amount(abs(receipt.cost_cents))
    if receipt.is_return:
        text = ngettext(
            "{lines} line for {amount} is out of stock, back to its supplier.",
            "{lines} lines for {amount} are out of stock, back to their supplier.",
            receipt.lines,
        )
    else:
        text = ngettext(
            "{lines} line for {amount} is in stock.",
            "{lines} lines for {amount} are in stock.",
            receipt.lines,
        )
    return text.format(lines=receipt.lines, amount=amount)
