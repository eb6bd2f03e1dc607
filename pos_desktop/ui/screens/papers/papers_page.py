"""Papers that are not over: those that wait, and those that a person settles or repeats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo

from pos_hardware.print_jobs import JobState
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.paper.print_queue import Device
from pos_desktop.services.printing.unsettled_prints import advice
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.print_jobs import StoredPrint
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tile_list import TileList
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS, SidePage


class PapersPage(SidePage):
    """Lists papers, the oldest first; arrows or a finger choose one, and digits go on selling."""

    again = Signal(str)
    """The paper with this id is wanted once more."""
    settled = Signal(str)
    """The paper with this id is there, or not wanted."""

    def __init__(self, zone: Callable[[], tzinfo], device: Callable[[StoredPrint], Device]) -> None:
        """Take the zone in which times are shown, and what tells the device of a print."""
        super().__init__(_("Papers to look at"))
        self._zone = zone
        self._device = device
        self._papers: Sequence[StoredPrint] = ()
        self._pulses = 0
        self._head = label(font=fonts.strong(Type.LABEL), tone="muted", wrap=True)
        self._advice = label(font=fonts.regular(Type.TEXT), wrap=True)
        self.list = TileList(_("Papers to look at"))
        self.list.tile_pressed.connect(self._choose)
        self.again_tile = Tile(_("Print again"), key="↵", rank=Rank.FIRST)
        self.settle_tile = Tile(_("It is there"), key="Del")
        back = Tile(_("Back"), key="Esc", height=Size.TOUCH)
        self.again_tile.clicked.connect(self._print_again)
        self.settle_tile.clicked.connect(self._settle)
        back.clicked.connect(self.left)
        self.body.addWidget(self._head)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._advice)
        self.body.addLayout(row(self.again_tile, self.settle_tile, gap=Space.INSIDE + 2))
        self.body.addWidget(back)

    @property
    def chosen(self) -> StoredPrint | None:
        """The paper that is chosen, if there is one."""
        return self._papers[self.list.current] if self._papers else None

    def show_papers(self, papers: Sequence[StoredPrint], pulses: int = 0) -> None:
        """Show these papers; the one that was chosen stays so while it is among them.

        `pulses` is how often the drawer did not open: of that nothing is printed again.
        """
        kept = self.chosen.id if self.chosen else ""
        self._papers, self._pulses = papers, pulses
        ids = [paper.id for paper in papers]
        self._head.setText(_head(papers, pulses))
        font = fonts.strong(Type.TEXT)
        tiles = [Tile(paper.title, note=self._note(paper), font=font) for paper in papers]
        self.list.show_tiles(tiles, ids.index(kept) if kept in ids else 0)
        self._advise()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        if self._head.text():
            self.show_papers(self._papers, self._pulses)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose with the arrows; Enter prints again, Del says that it is there."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._choose(self.list.current + (1 if key == Qt.Key.Key_Down else -1))
            return True
        if key in ENTER_KEYS or key == Qt.Key.Key_Delete:
            if not event.isAutoRepeat():
                self._print_again() if key in ENTER_KEYS else self._settle()
            return True
        return super().handle_key(event)

    def _note(self, paper: StoredPrint) -> str:
        word = _("not printed") if paper.wants_a_person else _("waits")
        if paper.state is JobState.UNKNOWN:
            word = _("perhaps printed")
        return f"{shown_minute(paper.created_at, self._zone())} · {word}"

    def _choose(self, place: int) -> None:
        self.list.choose(place)
        self._advise()

    def _advise(self) -> None:
        """Say of the chosen paper what is wrong, and offer what can be done."""
        open_to_a_person = self.chosen is not None and self.chosen.wants_a_person
        for tile in (self.again_tile, self.settle_tile):
            tile.setVisible(open_to_a_person)
        if self.chosen is None:
            self._advice.clear()
            return
        is_failed = self.chosen.state is JobState.FAILED
        self.settle_tile.show_title(_("Not wanted") if is_failed else _("It is there"))
        known = advice(self.chosen, self._device(self.chosen))
        self._advice.setText(" ".join(part for part in (known.why, known.what_to_do) if part))

    def _print_again(self) -> None:
        if self.chosen is None or not self.chosen.wants_a_person:
            self.left.emit()
        else:
            self.again.emit(self.chosen.id)

    def _settle(self) -> None:
        if self.chosen is not None and self.chosen.wants_a_person:
            self.settled.emit(self.chosen.id)


def _head(papers: Sequence[StoredPrint], pulses: int) -> str:
    """Say how many papers want a person and how many wait, and how often no drawer opened."""
    wanted = sum(paper.wants_a_person for paper in papers)
    waiting = len(papers) - wanted
    parts = []
    if wanted:
        text = ngettext("{count} PAPER TO LOOK AT", "{count} PAPERS TO LOOK AT", wanted)
        parts.append(text.format(count=wanted))
    if waiting:
        text = ngettext("{count} PAPER WAITS", "{count} PAPERS WAIT", waiting)
        parts.append(text.format(count=waiting))
    said = " · ".join(parts) or _("All papers came out, as far as the printer tells.")
    return joined("\n", (said, _of_pulses(pulses)))


def _of_pulses(pulses: int) -> str:
    if not pulses:
        return ""
    text = ngettext(
        "The drawer did not open {count} time: look at its cable. posctl printers jobs says why.",
        "The drawer did not open {count} times: look at its cable. posctl printers jobs says why.",
        pulses,
    )
    return text.format(count=pulses)
