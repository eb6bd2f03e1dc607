"""Many prices changed at once: a rule, a look at what it does, and the changes done before.

What is seen is what is done: a product that somebody has changed since is left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from pos_desktop.domain.errors import Cancelled
from pos_desktop.domain.price_rule import PriceRow
from pos_desktop.domain.runs import RunState
from pos_desktop.domain.supplier import Supplier
from pos_desktop.domain.text import _
from pos_desktop.services.background.pacing import MOST_AT_ONCE
from pos_desktop.services.products.bulk_prices import PricesApplied
from pos_desktop.services.products.price_jobs import changed_sentence, prices_back_sentence
from pos_desktop.services.products.price_preview import PricePreview
from pos_desktop.storage.price_runs import PriceRun
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import Card
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.catalogue.price_form import PriceForm
from pos_desktop.ui.screens.catalogue.price_watch import price_watch
from pos_desktop.ui.screens.catalogue.price_words import (
    applied_words,
    preview_words,
    price_line,
    run_row,
    undone_words,
)
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
PAGE = 200
"""How many prices are listed at a time; the end of the list shows as many more."""


class PricesPage(ListPage):
    """Lists the changes done; a new one is seen before it is made."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Change prices"), listed=_("Price changes"))
        self.preview: PricePreview | None = None
        """What is looked at before it is done."""
        self.prices = RowList(_("Prices"))
        self.summary = WrappedText(fonts.strong(Type.TABLE), most=2)
        listed = Card(_("Prices"), column(self.prices, margins=(1, 1, 1, 1)))
        looked = column(self.summary, gap=Space.BETWEEN)
        looked.addWidget(listed, 1)
        self.look = Card(_("Preview"), looked, look="plain")
        self._kept: Sequence[str] = ()
        """What was typed of the rule that is looked at."""
        self._runs: Sequence[PriceRun] = ()
        self._is_running = False
        """Whether the change that has not ended goes on."""
        self._only_warned = self._sure = False
        self._most = PAGE
        self._latest = Latest()
        self._question = Question()
        """Whether a price change is to be taken back, by its number."""
        self._is_applying = False
        self.watch = price_watch(office, self)
        self.watch.told.connect(self._job_told)
        self.watch.ended.connect(self._job_ended)
        self.watch.failed.connect(self._job_failed)
        self._changes = office.shop.goods.prices
        self.prices.end_reached.connect(self._more)

    # the changes done

    def opened(self) -> None:
        """Show the changes done; one that is being made stays in sight."""
        if not self.is_busy:
            super().opened()

    def refresh(self) -> None:
        """Read the changes done."""
        changes = self._changes

        def read() -> tuple[Sequence[PriceRun], bool]:
            runs = changes.latest()
            is_running = any(one.state == RunState.RUNNING for one in runs)
            return runs, is_running and changes.is_running()

        self.ask(read, self._show_runs)

    def _show_runs(self, found: tuple[Sequence[PriceRun], bool]) -> None:
        self._runs, self._is_running = found
        zone = self.office.shop.configuration.zone
        empty = (_("No price change yet"), _("F2 changes many prices at once."))
        rows = [run_row(one, zone, goes_on=self._goes_on(one)) for one in self._runs]
        self.show_rows(rows, empty)
        if self._is_running:
            self.look_again()

    def _goes_on(self, run: PriceRun) -> bool:
        return self._is_running and run.state == RunState.RUNNING

    @property
    def chosen_run(self) -> PriceRun | None:
        """The change whose line is chosen."""
        return next((one for one in self._runs if one.number == self.list.key), None)

    @property
    def is_looking(self) -> bool:
        """Whether a preview is in sight."""
        return self.below is self.look

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self._is_applying:
            return ()
        return self._acts_on_preview() if self.is_looking else self._acts_on_runs()

    def _acts_on_runs(self) -> tuple[Act, ...]:
        new = Act(
            key=K.Key_F2,
            title=_("Change prices"),
            help=_("Choose products and a rule; nothing is changed before it is seen"),
            rank=Rank.FIRST,
            do=self._ask_rule,
        )
        labels = Act(
            key=K.Key_F5,
            title=_("Labels"),
            help=_("Go to the labels: those with new prices are taken there by F5"),
            do=lambda: self.other_wanted.emit("labels"),
        )
        run = self.chosen_run
        if run is None or run.state == RunState.UNDONE or self._goes_on(run):
            return new, labels
        undo = Act(
            key=K.Key_Delete,
            title=_("Take it back"),
            help=_("Bring the old prices back where nobody has changed them; pressed twice"),
            do=self._undo,
        )
        return new, undo, labels

    def _undo(self) -> None:
        run, changes, actor = self.chosen_run, self._changes, self.office.actor
        if run is None:
            return
        number = run.number
        if not self._question.confirmed(number):
            text = _("Bring the prices back that price change {number} has set? Del does so.")
            self.say(Notice(text.format(number=number), Tone.WARNING))
            return
        if run.changed > MOST_AT_ONCE:
            jobs = self.office.shop.price_jobs
            self.submit(lambda: jobs.leave_undo(number, actor=actor), self._left_to_job)
            return
        self.say(_("The old prices are brought back …"))
        self.submit_long(
            lambda: changes.undo(number, actor=actor),
            lambda undone: self._ended(undone_words(number, undone)),
        )

    # a new one

    def _ask_rule(self) -> None:
        self._question.forget()
        goods = self.office.shop.goods
        self.say(None)

        def show(found: tuple[list[str], list[Supplier]]) -> None:
            form = PriceForm(*found)
            if self._kept:
                form.begin_with(self._kept)
            title = _("Which prices change, and how")
            self.open_form(form, title, lambda: self._look(form), save=_("See it"))

        self.ask(lambda: (goods.products.categories(), goods.suppliers.listed()), show)

    def _look(self, form: PriceForm) -> None:
        """Show what the rule would do; a later question makes an older one void."""
        wish = self.typed(form.read)
        if wish is None:
            return
        changes, actor, kept = self._changes, self.office.actor, form.kept()

        def progress(_count: int) -> None:
            if self.form is not form:
                raise Cancelled

        def show(preview: PricePreview) -> None:
            if self.form is form:
                self._kept = kept
                self._show_preview(preview)

        def failed(error: Exception) -> None:
            if self.form is form:
                self.refuse(error)

        self.say(_("The prices are being worked out …"))
        self.office.long_work.run(
            lambda: changes.preview(
                wish.choice,
                wish.rule,
                margin_below=wish.margin_below,
                actor=actor,
                progress=progress,
            ),
            self._latest.only(show),
            failed,
        )

    def _show_preview(self, preview: PricePreview) -> None:
        self.say(None)
        self.preview, self._most = preview, PAGE
        self._only_warned = self._sure = False
        self.prices.choose_first()
        self.show_instead(self.look)
        self._tell_preview()

    def _tell_preview(self) -> None:
        if self.preview is None:
            return
        self.summary.show_text(preview_words(self.preview))
        empty = (_("No product is meant"), _("F2 goes back: choose others, or another rule."))
        rows = [price_line(row) for row in self._listed()[: self._most]]
        self.prices.show_rows(rows, empty)

    def _listed(self) -> Sequence[PriceRow]:
        if self.preview is None:
            return ()
        return self.preview.warned if self._only_warned else self.preview.rows

    def _more(self) -> None:
        if len(self._listed()) > self._most:
            self._most += PAGE
            self._tell_preview()

    def _acts_on_preview(self) -> tuple[Act, ...]:
        other = Act(
            key=K.Key_F2,
            title=_("Other rule"),
            help=_("Go back to what was typed"),
            do=self._ask_rule,
        )
        if self.preview is None or not self.preview.rows:
            return (other,)
        warned = Act(
            key=K.Key_F3,
            title=_("All of them") if self._only_warned else _("To look at"),
            help=_("List all prices, or those alone that want a look first"),
            do=self._turn,
        )
        apply = Act(
            key=K.Key_Return,
            control=True,
            title=_("Change them"),
            help=_("Set the prices that are listed; it can be taken back"),
            rank=Rank.FIRST,
            do=self._apply,
        )
        return (other, *((warned,) if self.preview.warned else ()), apply)

    def _turn(self) -> None:
        self._only_warned, self._most = not self._only_warned, PAGE
        self.prices.choose_first()
        self._tell_preview()
        self.tell_acts()

    def _apply(self) -> None:
        preview, changes, actor = self.preview, self._changes, self.office.actor
        if preview is None or self.is_busy:
            return
        if preview.risky and not self._sure:
            self._sure = True
            self.office.sounds.error()
            text = _(
                "{count:,} of these prices would be below cost, or nothing. Ctrl ↵ sets them all "
                "the same; F3 shows them, F2 changes the rule."
            )
            self.say(Notice(text.format(count=preview.risky), Tone.WARNING))
            return

        if preview.changing > MOST_AT_ONCE:
            self._leave_to_job(preview)
            return

        def progress(done: int, whole: int) -> None:
            text = _("{done:,} of {whole:,} prices are changed. Esc stops.")
            self.tell(lambda: text.format(done=done, whole=whole))

        def done(applied: PricesApplied) -> None:
            self._kept = ()
            self._ended(applied_words(applied))

        self.say(_("The prices are being changed …"))
        self._is_applying = True
        self.submit_long(lambda: changes.apply(preview, actor=actor, progress=progress), done)
        self.tell_acts()

    def _leave_to_job(self, preview: PricePreview) -> None:
        """Leave many prices to a job, and go back to the changes done."""
        jobs, actor = self.office.shop.price_jobs, self.office.actor

        def left(job: int) -> None:
            self._kept = ()
            self._ended("")
            self._left_to_job(job)

        self.submit(lambda: jobs.leave(preview, actor=actor), left)

    def _left_to_job(self, job: int) -> None:
        self.watch.watch(job)
        text = _("Job {number} changes the prices; selling goes on, and you are told in the end.")
        self.say(text.format(number=job))

    @property
    def _shows_runs(self) -> bool:
        """Whether the changes done are in sight; else news of a job would be in the way."""
        return self.form is None and self.below is None

    def _job_told(self, text: str) -> None:
        if self._shows_runs:
            self.say(text)

    def _job_ended(self, _number: int, kept: dict[str, Any]) -> None:
        if self._shows_runs:
            said = changed_sentence if "changed" in kept else prices_back_sentence
            self.saved(said(kept))

    def _job_failed(self, error: Exception) -> None:
        if self._shows_runs:
            self.refuse(error)
            self.refresh()

    def _ended(self, sentence: str) -> None:
        """Go back to the changes done, and say what came of the last one."""
        self._is_applying = False
        self.preview = None
        self.show_instead(None)
        self.list.choose_first()
        self.saved(sentence)

    def refuse(self, error: Exception) -> None:
        """Say why something was not done, or that it was stopped."""
        if isinstance(error, Cancelled):
            self._ended(_("Stopped: what was changed until then stays; Del takes it back."))
            return
        self._is_applying = False
        super().refuse(error)
        self.tell_acts()

    # keys

    def leave(self) -> None:
        """Stop what is being done first; then leave form, preview and page."""
        self._question.forget()
        self._sure = False
        if self._is_applying:
            self.stop_work()
            self.say(_("It stops …"))
            return
        super().leave()

    def step(self, by: int) -> None:
        """Choose another line."""
        (self.prices if self.is_looking else self.list).move(by)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show_runs((self._runs, self._is_running))
        self._tell_preview()
