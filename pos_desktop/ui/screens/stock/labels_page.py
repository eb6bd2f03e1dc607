"""Shelf labels: gathered by scans, then drawn on sheets as a PDF, or printed as slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Qt

from pos_desktop.domain.label import LABEL_SHEETS, LabelWish
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.product import ProductCard
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.products.label_jobs import MOST_AT_ONCE, drawn_sentence
from pos_desktop.services.products.label_printing import MOST_LABELS
from pos_desktop.shop_folder import EXPORTS_FOLDER, folder
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.stock.gather_page import GatherPage, taken
from pos_desktop.ui.screens.stock.label_forms import CopiesForm, SheetForm, SinceForm, whole

K = Qt.Key
PRINTER = "printer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """So many labels of a product."""

    card: ProductCard
    copies: int


class LabelsPage(GatherPage):
    """Gathers labels; what was gathered stays while the page is left and opened again."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Labels"), listed=_("Labels to make"))
        self.gathered: dict[str, Wish] = {}
        self.paper = Choice(_("Paper"), columns=len(LABEL_SHEETS) + 1)
        self.paper.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show_papers(next(iter(LABEL_SHEETS)))
        self.paper.chosen.connect(self._turned)
        self.summary = WrappedText(fonts.strong(Type.TABLE), most=2)
        self.list_view.insertWidget(0, self.paper)
        self.list_view.insertWidget(2, self.summary)

    def _show_papers(self, key: str) -> None:
        sheets = [
            (
                one,
                _("{columns} x {rows}, {width} x {height} mm").format(
                    columns=sheet.columns,
                    rows=sheet.rows,
                    width=sheet.width // 10,
                    height=sheet.height // 10,
                ),
            )
            for one, sheet in LABEL_SHEETS.items()
        ]
        self.paper.show_choices([*sheets, (PRINTER, _("Receipt printer"))], key)

    # the lines

    def take(self, card: ProductCard, quantity: Thousandths | None) -> None:
        """Take so many more labels of a product."""
        copies = self.typed(lambda: whole(taken(quantity)))
        if copies is None:
            return
        before = self.gathered.pop(card.id, None)
        self.gathered[card.id] = Wish(card=card, copies=copies + (before.copies if before else 0))
        self.list.choose_first()
        self.show_lines()

    def set_quantity(self, key: str, quantity: Thousandths) -> None:
        """Make the labels of a product so many."""
        copies = self.typed(lambda: whole(quantity))
        if copies is not None and key in self.gathered:
            self.gathered[key] = replace(self.gathered[key], copies=copies)
            self.show_lines()

    def _turned(self, _key: str) -> None:
        self.show_lines()
        self.take_focus()

    def lines(self) -> Sequence[ListRow]:
        """Return the labels, those of the newest product first."""
        return [_row(one) for one in reversed(self.gathered.values())]

    def show_lines(self) -> None:
        """Show the labels, and how many they are."""
        count = sum(one.copies for one in self.gathered.values())
        text = ngettext("{count:,} label", "{count:,} labels", count).format(count=count)
        self.summary.show_text(joined(" · ", (text, self._sheets_words(count))))
        super().show_lines()

    def _sheets_words(self, count: int) -> str:
        if self.paper.key == PRINTER or not count:
            return ""
        sheets = -(-count // LABEL_SHEETS[self.paper.key].labels)
        return ngettext("{count:,} sheet", "{count:,} sheets", sheets).format(count=sheets)

    def empty_words(self) -> tuple[str, str]:
        """Return what to do first."""
        return (
            _("No labels yet"),
            _("Scan the goods; 3* before a scan makes three. F5 takes those with new prices."),
        )

    # what can be done

    def line_acts(self) -> tuple[Act, ...]:
        """Return what can be done with the labels."""
        paper = Act(
            key=K.Key_F3,
            title=_("Next paper"),
            help=_("On which sheets the labels are, or the receipt printer"),
            do=self._next_paper,
        )
        repriced = Act(
            key=K.Key_F5,
            title=_("New prices"),
            help=_("Take the products whose prices have changed"),
            do=self._ask_since,
        )
        return (*self._acts_on_lines(), paper, repriced) if self.gathered else (paper, repriced)

    def _acts_on_lines(self) -> tuple[Act, ...]:
        return (
            Act(
                key=K.Key_Return,
                title=_("How many"),
                help=_("Say how many labels of the chosen product"),
                do=self._ask_copies,
            ),
            Act(
                key=K.Key_Delete,
                title=_("Out"),
                help=_("Take the chosen line out"),
                do=self._remove_line,
            ),
            Act(
                key=K.Key_Return,
                control=True,
                title=_("Print") if self.paper.key == PRINTER else _("Make sheets"),
                help=_("Print the labels, or draw them on sheets as a PDF"),
                rank=Rank.FIRST,
                do=self._finish,
            ),
        )

    def _next_paper(self) -> None:
        keys = [*LABEL_SHEETS, PRINTER]
        self.paper.choose(keys[(keys.index(self.paper.key) + 1) % len(keys)])

    def _remove_line(self) -> None:
        self.gathered.pop(str(self.list.key), None)
        self.show_lines()

    def _ask_copies(self) -> None:
        wish = self.gathered.get(str(self.list.key))
        if wish is None:
            return
        self.say(None)
        form = CopiesForm(wish.copies)

        def done() -> None:
            copies = self.typed(form.read)
            if copies is not None:
                self.gathered[wish.card.id] = replace(wish, copies=copies)
                self.say(None)
                self.close_form()
                self.show_lines()

        self.open_form(form, wish.card.form.name, done, save=_("Done"))

    # products with new prices

    def _ask_since(self) -> None:
        self.say(None)
        form = SinceForm()
        title = _("Labels of products whose prices have changed")
        self.open_form(form, title, lambda: self._take_repriced(form), save=_("Take them"))

    def _take_repriced(self, form: SinceForm) -> None:
        shop, products = self.office.shop, self._products
        since = form.since(shop.configuration.now)

        def then(cards: list[ProductCard]) -> None:
            self.close_form()
            for card in cards:
                self.gathered.setdefault(card.id, Wish(card=card, copies=1))
            self.show_lines()
            count = len(cards)
            text = ngettext(
                "{count:,} product has a new price.", "{count:,} products have new prices.", count
            )
            self.say(text.format(count=count))

        self.submit(lambda: products.repriced(since, MOST_LABELS), then)

    # the labels themselves

    def _finish(self) -> None:
        self.say(None)
        if self.paper.key == PRINTER:
            self._print()
            return
        sheet = self.paper.key

        def show(place: Path) -> None:
            form = SheetForm(sheet, place)
            title = _("Sheets of labels")
            self.open_form(form, title, lambda: self._write(form, sheet), save=_("Make sheets"))

        self.ask(self._place, show)

    def _place(self) -> Path:
        """Return where the sheets go unless another place is typed."""
        shop = self.office.shop
        exports = folder(shop.directory, EXPORTS_FOLDER).absolute()
        return exports / f"labels-{shop.configuration.now:%Y-%m-%d-%H%M%S}.pdf"

    def _write(self, form: SheetForm, sheet: str) -> None:
        labels, actor, made = self.office.shop.goods.labels, self.office.actor, dict(self.gathered)
        read = self.typed(form.read)
        if read is None:
            return
        first, path = read

        wishes = _wishes(made)
        if sum(wish.copies for wish in wishes) > MOST_AT_ONCE:
            self._leave(made, wishes, path, sheet=sheet, first=first)
            return

        def done(pages: int) -> None:
            self.close_form()
            self._done(made, drawn_sentence({"pages": pages, "path": path}))

        self.say(_("The labels are being drawn …"))
        self.submit_long(
            lambda: labels.write_sheets(wishes, path, sheet=sheet, first=first, actor=actor), done
        )

    def _leave(
        self,
        made: Mapping[str, Wish],
        wishes: Sequence[LabelWish],
        path: Path,
        *,
        sheet: str,
        first: int,
    ) -> None:
        """Leave many labels to a job."""
        jobs, actor = self.office.shop.label_jobs, self.office.actor

        def done(job: int) -> None:
            self.close_form()
            text = _("Job {number} draws the labels; you are told when they are in {path}.")
            self._done(made, text.format(number=job, path=path))

        self.submit(lambda: jobs.leave(wishes, path, sheet=sheet, first=first, actor=actor), done)

    def _print(self) -> None:
        labels, actor, made = self.office.shop.goods.labels, self.office.actor, dict(self.gathered)
        self.submit(
            lambda: labels.print_slips(_wishes(made), actor=actor),
            lambda _job: self._done(made, self.office.printing(_("The labels"))),
        )

    def _done(self, made: Mapping[str, Wish], sentence: str) -> None:
        """Take out what was made; what was gathered meanwhile stays."""
        for key, wish in made.items():
            if self.gathered.get(key) == wish:
                del self.gathered[key]
        self.show_lines()
        self.say(sentence)


def _wishes(gathered: Mapping[str, Wish]) -> list[LabelWish]:
    return [LabelWish(product_id=key, copies=one.copies) for key, one in gathered.items()]


def _row(one: Wish) -> ListRow:
    form = one.card.form
    code = form.shown_code
    count = ngettext("{count:,} label", "{count:,} labels", one.copies)
    return ListRow(
        key=one.card.id,
        title=form.name,
        note=joined(" · ", (code, format_amount(form.price_cents))),
        chip="" if code else _("no code for bars"),
        tone=Tone.WARNING,
        right=count.format(count=one.copies),
    )
