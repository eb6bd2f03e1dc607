"""What can be listed, as tabs with their figures."""

from __future__ import annotations

from functools import partial

from pos_queue.views.shown import Counts
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.jobs_board import Part
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.layouts import row
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type


class PartTabs(Spoken, QWidget):
    """Shows the parts, and which is listed."""

    chosen = Signal(object)
    """A part was pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.part = Part.WORK
        font = fonts.strong(Type.TEXT)
        titles = {
            Part.WORK: _("Runs and waits"),
            Part.FAILED: _("Failed"),
            Part.QUEUES: _("Queues"),
            Part.MESSAGES: _("Messages"),
        }
        self.tiles = {
            part: Tile(title, font=font, height=Size.ROW, note=" ")
            for part, title in titles.items()
        }
        for part, tile in self.tiles.items():
            tile.clicked.connect(partial(self._press, part))
        self.setLayout(row(*self.tiles.values(), gap=Space.INSIDE + 2))
        self.show_part(Part.WORK)

    def show_part(self, part: Part) -> None:
        """Show which part is listed."""
        self.part = part
        for one, tile in self.tiles.items():
            tile.show_rank(Rank.CHOSEN if one is part else Rank.PLAIN)

    def show_whole(self, *, whole: bool) -> None:
        """Offer all parts, or the messages alone."""
        for part, tile in self.tiles.items():
            tile.setVisible(whole or part is Part.MESSAGES)

    def beside(self, steps: int) -> Part:
        """Return the part so many tabs on; at either end it goes no further."""
        parts = [part for part, tile in self.tiles.items() if not tile.isHidden()]
        return parts[max(0, min(len(parts) - 1, parts.index(self.part) + steps))]

    def show_counts(self, counts: Counts, unread: int) -> None:
        """Show the figures of each part."""
        waiting = counts.queued + counts.scheduled
        work = [_("{count:,} run").format(count=counts.running)]
        work.append(_("{count:,} wait").format(count=waiting))
        if counts.waiting_for_network:
            work.append(_("{count:,} for the network").format(count=counts.waiting_for_network))
        wrong = counts.wrong
        failed = ngettext("{count:,} job", "{count:,} jobs", wrong).format(count=wrong)
        paused = _("{count} paused").format(count=len(counts.paused))
        messages = _("{count:,} to read").format(count=unread) if unread else _("all read")
        notes = {
            Part.WORK: " · ".join(work),
            Part.FAILED: failed,
            Part.QUEUES: paused,
            Part.MESSAGES: messages,
        }
        for part, note in notes.items():
            self.tiles[part].show_note(note)

    def _press(self, part: Part, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's
        self.chosen.emit(part)


def hint(part: Part) -> str:
    """Return what stands where a job's story would, while none is chosen."""
    if part is Part.QUEUES:
        return _("In a paused queue what runs goes on, and nothing new begins until it is resumed.")
    if part is Part.MESSAGES:
        return _("A message stays here until you have marked it as read.")
    return _("A job that is chosen on the left tells its story here.")


def empty_words(part: Part) -> tuple[str, str]:
    """Return what an empty list says: what is so, and what that means."""
    if part is Part.FAILED:
        why = _("One that fails for good stands here until it is tried again or forgotten.")
        return _("No job has failed"), why
    if part is Part.MESSAGES:
        why = _("What you start in the background says here what became of it.")
        return _("No message to read"), why
    return _("Nothing runs or waits"), _("All that was to be done in the background is done.")
