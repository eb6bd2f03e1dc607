"""A stock take, step by step: begun, counted by scanning, looked over, ended or given up.

Each count is on disk when it is shown: after a crash the take stands in the list, as far as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.stock_take import StockTake, TakeLine, TakeState
from pos_desktop.domain.text import _, joined
from pos_desktop.services.stock.take_jobs import ended_words, take_ended_sentence
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage
from pos_desktop.ui.screens.stock.gather_page import GatherPage, taken
from pos_desktop.ui.screens.stock.take_forms import BeginForm, FinishForm
from pos_desktop.ui.screens.stock.take_watch import left_words, take_watch
from pos_desktop.ui.screens.stock.take_words import (
    Part,
    is_of,
    line_row,
    more_words,
    part_words,
    summary_words,
    take_row,
    take_title,
)

K = Qt.Key
PAGE = 500
"""How many lines are listed at a time; the end of the list shows as many more."""


class TakePage(GatherPage):
    """Lists the stock takes; one that is being counted is filled by scans."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Stock take"), listed=_("Counts"))
        self.counting: StockTake | None = None
        """The take that is open."""
        self.part = Part.COUNTED
        self.takes = RowList(_("Stock takes"))
        self._listed = Card(_("Stock takes"), column(self.takes, margins=(1, 1, 1, 1)))
        self.summary = WrappedText(fonts.strong(Type.TABLE), most=2)
        self._taking = office.shop.goods.taking
        self._takes: Sequence[StockTake] = ()
        self._lines: dict[str, TakeLine] = {}
        """The lines of the open take by product; what was counted last stands last."""
        self._most = PAGE
        self._question = Question()
        """Whether all counts of a take are to be thrown away, by its id."""
        self.watch = take_watch(office, self)
        """Watches the job that ends a take of very many products."""
        self.watch.told.connect(self._job_told)
        self.watch.ended.connect(self._job_ended)
        self.watch.failed.connect(self._job_failed)
        self.takes.chosen.connect(self.tell_acts)
        self.list.end_reached.connect(self._more)
        self.list_view.insertWidget(1, self.summary)

    # the list of takes

    def opened(self) -> None:
        """Show the takes, or the one that is open."""
        super().opened()
        if self.counting is None:
            self._show_takes()
        else:
            self._open(self.counting)

    def _show_takes(self, sentence: str = "") -> None:
        self.counting = None
        taking = self._taking

        def show(found: list[StockTake]) -> None:
            self._takes = found
            self._tell_takes()
            self.show_instead(self._listed)
            if sentence:
                self.say(sentence)

        self.ask(taking.latest, show)

    def _tell_takes(self) -> None:
        zone = self.office.shop.configuration.zone
        empty = (_("Nothing was counted yet"), _("F2 begins the first stock take."))
        self.takes.show_rows([take_row(one, zone) for one in self._takes], empty)

    @property
    def chosen_take(self) -> StockTake | None:
        """The take whose line is chosen."""
        return next((one for one in self._takes if one.id == self.takes.key), None)

    def _begin(self) -> None:
        products = self.office.shop.goods.products
        self.say(None)

        def show(categories: list[str]) -> None:
            form = BeginForm(categories)
            title = _("Begin a stock take")
            self.open_form(form, title, lambda: self._save_new(form), save=_("Begin"))

        self.ask(products.categories, show)

    def _save_new(self, form: BeginForm) -> None:
        taking, actor, blind = self._taking, self.office.actor, form.is_blind
        wish = self.typed(lambda: (form.category(),))
        if wish is not None:
            self.submit(lambda: taking.begin(wish[0], blind=blind, actor=actor), self._open)

    def _open_chosen(self) -> None:
        if self.chosen_take is not None:
            self._open(self.chosen_take)

    def _open(self, take: StockTake) -> None:
        taking = self._taking

        def show(lines: list[TakeLine]) -> None:
            self.counting = take
            self._lines = {line.product_id: line for line in lines}
            is_over = take.state is not TakeState.COUNTING
            self.part = Part.DIFFERENT if is_over else Part.COUNTED
            self._most = PAGE
            self.show_instead(None)
            self.refresh()

        self.say(None)
        self.ask(lambda: taking.lines(take.id), show)

    # counting

    def is_gathering(self) -> bool:
        """Tell whether a take is open to be counted."""
        take = self.counting
        return super().is_gathering() and take is not None and take.state is TakeState.COUNTING

    def not_now(self) -> str:
        """Say why a scan was not counted."""
        if self.form is not None:
            return super().not_now()
        return _("Nothing was counted: open a stock take that is being counted, or begin one.")

    def take(self, card: ProductCard, quantity: Thousandths | None) -> None:
        """Count so much more of a product."""
        self._count(card.id, taken(quantity), replacing=False)

    def set_quantity(self, key: str, quantity: Thousandths) -> None:
        """Let the count of a product be so much."""
        self._count(key, quantity, replacing=True)

    def _count(self, product_id: str, quantity: Thousandths, *, replacing: bool) -> None:
        take, taking, actor = self.counting, self._taking, self.office.actor
        if take is None:
            return

        def write() -> TakeLine:
            return taking.count(take.id, product_id, quantity, replacing=replacing, actor=actor)

        def show(line: TakeLine) -> None:
            self.office.sounds.ok()
            self._lines.pop(line.product_id, None)
            self._lines[line.product_id] = line
            self.part = Part.COUNTED
            self.list.choose_first()
            self.refresh()

        self._question.forget()
        self.ask(write, show)

    def _uncount(self) -> None:
        take, taking, actor, key = self.counting, self._taking, self.office.actor, self.list.key
        if take is not None and isinstance(key, str):
            self.ask(
                lambda: taking.uncount(take.id, key, actor=actor), lambda _done: self._open(take)
            )

    def lines(self) -> Sequence[ListRow]:
        """Return the lines of the part that is listed, as far as they are; last counted first."""
        found = self._of_part()
        if self.part is Part.COUNTED:
            found.reverse()
        return [line_row(line, self.part) for line in found[: self._most]]

    def _of_part(self) -> list[TakeLine]:
        return [line for line in self._lines.values() if is_of(line, self.part)]

    def _more(self) -> None:
        """List more, where the end of the list is in sight and there is more."""
        if self.counting is not None and not self.words and len(self._of_part()) > self._most:
            self._most += PAGE
            self.show_lines()

    def show_lines(self) -> None:
        """Show the lines, and how far the take has come."""
        if self.counting is not None:
            more = more_words(len(self._of_part()) - self._most)
            parts = (take_title(self.counting), part_words(self.part), self._summary(), more)
            self.summary.show_text(joined(" · ", parts))
        super().show_lines()

    def _summary(self) -> str:
        return summary_words(self._lines.values())

    def empty_words(self) -> tuple[str, str]:
        """Return what stands there where the part has no lines."""
        return {
            Part.COUNTED: (
                _("Nothing is counted yet"),
                _("Scan the goods one by one, or type 12* and scan for twelve."),
            ),
            Part.MISSING: (_("All is counted"), _("F5 ends the stock take.")),
            Part.DIFFERENT: (
                _("No difference is known"),
                _("What was counted is as the books say, or the count is a blind one."),
            ),
        }[self.part]

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.counting is None:
            return self._acts_on_takes()
        if self.counting.state is TakeState.ENDING and self.form is None:
            return (self._end_act(),)
        if self.counting.state is not TakeState.COUNTING:
            return ()
        return super().list_acts()

    def _acts_on_takes(self) -> tuple[Act, ...]:
        begin = Act(
            key=K.Key_F2,
            title=_("Begin"),
            help=_("Begin to count the whole shop or a category"),
            do=self._begin,
        )
        chosen = self.chosen_take
        if chosen is None:
            return (begin,)
        is_open = chosen.state is TakeState.COUNTING
        look = Act(
            key=K.Key_Return,
            title=_("Go on counting") if is_open else _("Look at"),
            help=_("Open the chosen stock take"),
            rank=Rank.FIRST,
            do=self._open_chosen,
        )
        return look, begin

    def line_acts(self) -> tuple[Act, ...]:
        """Return what can be done with the open take."""
        part = Act(
            key=K.Key_F3,
            title=part_words(self._next_part()),
            help=_("List what is counted, what is not, and where they differ"),
            do=self._turn,
        )
        uncount = Act(
            key=K.Key_Delete,
            title=_("Undo count"),
            help=_("Let the chosen product be as if nobody had counted it"),
            do=self._uncount,
        )
        cancel = Act(
            key=K.Key_Delete,
            shift=True,
            title=_("Give it up"),
            help=_("Throw the counts away; pressed twice"),
            do=self._cancel,
        )
        has_counts = self.part is not Part.MISSING and self.list.key is not None
        return (part, *((uncount,) if has_counts else ()), cancel, self._end_act())

    def _end_act(self) -> Act:
        return Act(
            key=K.Key_F5,
            title=_("End it"),
            help=_("Bring the stock to what was counted"),
            rank=Rank.FIRST,
            do=self._ask_end,
        )

    def _next_part(self) -> Part:
        parts = list(Part)
        return parts[(parts.index(self.part) + 1) % len(parts)]

    def _turn(self) -> None:
        """List the next part, read anew: others may be counting too."""
        take, part, taking = self.counting, self._next_part(), self._taking
        if take is None:
            return

        def show(lines: list[TakeLine]) -> None:
            kept = {key: line for key, line in self._lines.items() if line.counted is not None}
            now = {line.product_id: line for line in lines}
            self._lines = {key: now.pop(key) for key in kept if key in now}
            self._lines = {**now, **self._lines}
            self.part, self._most = part, PAGE
            self.list.choose_first()
            self.show_lines()

        self.ask(lambda: taking.lines(take.id), show)

    # the end

    def _ask_end(self) -> None:
        self.say(None)
        form = FinishForm(self._summary())
        title = _("End the stock take")
        self.open_form(form, title, lambda: self._end(form), save=_("End it"))

    def _end(self, form: FinishForm) -> None:
        take, jobs, actor = self.counting, self.office.shop.take_jobs, self.office.actor
        if take is None:
            return
        uncounted = form.uncounted

        def done(ended: list[TakeLine] | int) -> None:
            self.close_form()
            if isinstance(ended, int):
                self.watch.watch(ended)
                self._show_takes(left_words(ended))
            else:
                wrong = sum(1 for line in ended if line.difference(uncounted))
                self._show_takes(ended_words(take.number, wrong))

        self.submit(lambda: jobs.end(take.id, uncounted, actor=actor), done)

    @property
    def _shows_takes(self) -> bool:
        """Whether the list of takes is in sight; else news of a job would be in the way."""
        return self.form is None and self.counting is None

    def _job_told(self, text: str) -> None:
        if self._shows_takes:
            self.say(text)

    def _job_ended(self, _number: int, kept: dict[str, Any]) -> None:
        if self._shows_takes:
            self._show_takes(take_ended_sentence(kept))

    def _job_failed(self, error: Exception) -> None:
        if self._shows_takes:
            self._show_takes()
            self.refuse(error)

    def _cancel(self) -> None:
        take, taking, actor = self.counting, self._taking, self.office.actor
        if take is None:
            return
        if not self._question.confirmed(take.id):
            text = _("Throw all counts of stock take {number} away? ⇧ Del does so.")
            self.say(Notice(text.format(number=take.number), Tone.WARNING))
            return
        text = _("Stock take {number} is cancelled; the stock stays as it was.")
        sentence = text.format(number=take.number)
        self.submit(
            lambda: taking.cancel(take.id, actor=actor), lambda _done: self._show_takes(sentence)
        )

    # keys

    def leave(self) -> None:
        """Leave the form, then the open take, then the page; the take goes on."""
        self._question.forget()
        if self.form is not None:
            super().leave()
        elif self.counting is not None:
            self.say(None)
            self._clear()
            self._show_takes()
        else:
            OfficePage.leave(self)

    def step(self, by: int) -> None:
        """Choose another line."""
        (self.list if self.counting else self.takes).move(by)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._tell_takes()
