"""Stock that is not what the books say: what is broken, gone or found, with the reason for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt

from pos_desktop.domain.goods import STOCK_REASONS, StockMove, reason_words
from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.quantity import Thousandths, format_quantity
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.catalogue.product_view import signed
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.stock.facts_view import headed_list
from pos_desktop.ui.screens.stock.gather_page import GatherPage, taken

K = Qt.Key
_MOST_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """By how much the stock of a product is another."""

    card: ProductCard
    change: Thousandths


class NoteForm(Form):
    """Why the stock is another, in words."""

    def __init__(self) -> None:
        self.note = FormField(_("What has happened"))
        super().__init__(_("Reason"), (self.note,))


class CorrectPage(GatherPage):
    """Gathers corrections under one reason, which says whether goods are gone or there."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Correct stock"), listed=_("Corrections"))
        self.gathered: dict[str, Change] = {}
        self._moves: Sequence[StockMove] = ()
        self.before = RowList(_("Corrected before"))
        self._before = headed_list(_("Corrected before"), self.before)
        self.reason = Choice(_("Reason"), columns=len(STOCK_REASONS))
        self.reason.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show_reasons(next(iter(STOCK_REASONS)))
        self.reason.chosen.connect(self._turned)
        self.list_view.insertWidget(0, self.reason)

    def _show_reasons(self, key: str) -> None:
        self.reason.show_choices([(one, reason_words(one)) for one in STOCK_REASONS], key)

    # the lines

    def take(self, card: ProductCard, quantity: Thousandths | None) -> None:
        """Take so many as are gone, or there, as the reason says."""
        before = self.gathered.pop(card.id, None)
        change = self._directed(taken(quantity)) + (before.change if before else 0)
        if change:
            self.gathered[card.id] = Change(card=card, change=change)
        self.list.choose_first()
        self.show_lines()

    def _directed(self, quantity: Thousandths) -> Thousandths:
        direction = STOCK_REASONS[self.reason.key].direction
        return direction * abs(quantity) if direction else quantity

    def set_quantity(self, key: str, quantity: Thousandths) -> None:
        """Make the change of a product so much."""
        if key in self.gathered:
            one = self.gathered[key]
            sign = -1 if one.change < 0 else 1
            self.gathered[key] = replace(one, change=sign * quantity)
            self.show_lines()

    def _turned(self, _key: str) -> None:
        """Let every line go the way of the reason."""
        self.gathered = {
            key: replace(one, change=self._directed(one.change))
            for key, one in self.gathered.items()
        }
        self.show_lines()
        self.take_focus()

    def lines(self) -> Sequence[ListRow]:
        """Return the corrections, the newest first."""
        return [_row(one) for one in reversed(self.gathered.values())]

    def empty_words(self) -> tuple[str, str]:
        """Return what to do first."""
        return (
            _("Nothing to correct yet"),
            _("Choose the reason with F3, then scan the goods; 3* before a scan says three."),
        )

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._tell_before()

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        return () if self.below is not None else super().list_acts()

    def line_acts(self) -> tuple[Act, ...]:
        """Return what can be done with the corrections."""
        reason = Act(
            key=K.Key_F3,
            title=_("Next reason"),
            help=_("Why the stock is another: the next of the reasons"),
            do=self._next_reason,
        )
        before = Act(
            key=K.Key_F6,
            title=_("Past corrections"),
            help=_("What was corrected before"),
            do=self._show_before,
        )
        if not self.gathered:
            return reason, before
        out = Act(
            key=K.Key_Delete,
            title=_("Out"),
            help=_("Take the chosen line out"),
            do=self._remove_line,
        )
        done = Act(
            key=K.Key_Return,
            control=True,
            title=_("Correct"),
            help=_("Done: the stock is as the lines say"),
            rank=Rank.FIRST,
            do=self._finish,
        )
        return out, reason, before, done

    def _next_reason(self) -> None:
        keys = list(STOCK_REASONS)
        self.reason.choose(keys[(keys.index(self.reason.key) + 1) % len(keys)])

    def _remove_line(self) -> None:
        self.gathered.pop(str(self.list.key), None)
        self.show_lines()

    def _finish(self) -> None:
        if not STOCK_REASONS[self.reason.key].needs_note:
            self._write("")
            return
        form = NoteForm()
        self.say(None)
        self.open_form(
            form,
            _("Why the stock is another"),
            lambda: self._write(form.note.text),
            save=_("Correct"),
        )

    def _write(self, note: str) -> None:
        correcting, actor, reason = (
            self.office.shop.goods.correcting,
            self.office.actor,
            self.reason.key,
        )
        changes = {key: one.change for key, one in self.gathered.items()}

        def done(moves: list[StockMove]) -> None:
            self.gathered.clear()
            count = len(moves)
            text = ngettext(
                "The stock of {count:,} product is corrected: {reason}.",
                "The stock of {count:,} products is corrected: {reason}.",
                count,
            )
            self.saved(text.format(count=count, reason=reason_words(reason)))

        self.say(None)
        self.submit(lambda: correcting.correct(changes, reason, note, actor=actor), done)

    # what was corrected before

    def _show_before(self) -> None:
        correcting = self.office.shop.goods.correcting
        self.say(None)

        def show(moves: list[StockMove]) -> None:
            self._moves = moves
            self._tell_before()
            self.show_instead(self._before)

        self.ask(lambda: correcting.corrections(_MOST_LISTED), show)

    def _tell_before(self) -> None:
        zone = self.office.shop.configuration.zone
        rows = [
            ListRow(
                key=f"{one.fact_id} {place}",
                title=one.name,
                note=joined(" · ", (shown_minute(one.at, zone), reason_words(one.reason))),
                right=signed(one.quantity),
            )
            for place, one in enumerate(self._moves)
        ]
        empty = (_("Nothing yet"), _("Stock that is corrected is listed here."))
        self.before.show_rows(rows, empty)

    def step(self, by: int) -> None:
        """Choose another line."""
        (self.list if self.below is None else self.before).move(by)


def _row(one: Change) -> ListRow:
    now, then = one.card.in_stock, one.card.in_stock + one.change
    return ListRow(
        key=one.card.id,
        title=one.card.form.name,
        note=_("{now} in stock, then {then}").format(
            now=format_quantity(now), then=format_quantity(then)
        ),
        right=signed(one.change),
    )
