"""The page of the background jobs: a list on the left, the chosen one and the acts on the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.jobs_board import Board, Part
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.row_list import RowList
from pos_desktop.ui.kit.spoken import Spoken
from pos_desktop.ui.kit.strip import Notice, Strip
from pos_desktop.ui.kit.tile import Rank, Tile
from pos_desktop.ui.kit.tokens import Size, Space, Type
from pos_desktop.ui.screens.jobs.detail_pane import DetailPane
from pos_desktop.ui.screens.jobs.hours_chart import Bar, HoursChart
from pos_desktop.ui.screens.jobs.jobs_delegate import JobsDelegate
from pos_desktop.ui.screens.jobs.part_tabs import PartTabs, empty_words, hint
from pos_desktop.ui.screens.jobs.rows import rows_of
from pos_desktop.ui.screens.jobs.wording import alerts, span
from pos_desktop.ui.screens.sell.side_page import ENTER_KEYS

_SHARES = (62, 37)
_PAGE = 5
_LOW = 620


class JobsScreen(Spoken, QWidget):
    """Shows a board. It tells what is wanted and sees keys before any widget does."""

    left = Signal()
    part_chosen = Signal()
    """Another part is to be listed."""
    job_chosen = Signal()
    """Another job is looked at."""
    more_wanted = Signal()
    """The end of the list is in sight."""
    retry_wanted = Signal(int)
    retry_all_wanted = Signal()
    forget_wanted = Signal(int)
    flush_wanted = Signal()
    cancel_wanted = Signal(int)
    pause_wanted = Signal(str)
    resume_wanted = Signal(str)
    read_wanted = Signal(object)
    """These messages are read: their numbers."""
    all_read_wanted = Signal(int)
    """All messages up to this one are read."""
    file_wanted = Signal(object)
    """The Path of a file is to be opened."""
    job_wanted = Signal(object)
    """The job that a Notification is about is to be seen."""
    lock_wanted = Signal()
    help_wanted = Signal()

    def __init__(self, zone: Callable[[], tzinfo]) -> None:
        """Take the zone in which times are shown."""
        super().__init__()
        self.setProperty("look", "screen")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(_("Background work"))
        self._zone = zone
        self._board: Board | None = None
        self._question = Question()
        """Whether all failed jobs are to be forgotten, or a queue, by its name, to be paused."""
        self._wanted: int | None = None
        self.tabs = PartTabs()
        self.list = RowList(_("Jobs"), JobsDelegate)
        self.detail = DetailPane()
        self.alert = Strip(_("Alert"))
        self.strip = Strip(_("Notice"))
        self.done = HoursChart(_("Last 24 hours"))
        self.waits = HoursChart(_("Longest wait"))
        self.first = Tile("", key="↵", rank=Rank.FIRST, height=Size.QUICK_TILE)
        self.second = Tile("", key="Del", height=Size.QUICK_TILE)
        self.retry_all = Tile(_("Try all again"), key="F5", height=Size.QUICK_TILE)
        self.flush = Tile(_("Forget all"), key="⇧ Del", height=Size.QUICK_TILE)
        self.trace = Tile(_("Tracebacks"), key="F4", height=Size.TOUCH)
        self.help = Tile(_("Help"), key="F1", height=Size.TOUCH)
        self.back = Tile(_("Back to selling"), key="Esc", height=Size.TOUCH)
        self._build()
        self._join()
        self._offer()

    def _build(self) -> None:
        title = label(_("Background work"), fonts.heavy(Type.TITLE))
        title.setFixedHeight(Size.TOUCH)
        self.tabs.setAccessibleName(_("What is listed"))
        margins = (1, 1, 1, 1)
        listed = Card(_("List"), column(self.list, margins=margins))
        self.charts = Card(
            _("Last 24 hours"), row(self.done, self.waits, gap=Space.EDGE, margins=INSIDE)
        )
        left = column(self.tabs, self.alert, gap=Space.BETWEEN)
        left.addWidget(listed, 1)
        left.addWidget(self.charts)
        inside = Card(_("The chosen job"), column(self.detail, margins=INSIDE))
        right = column(gap=Space.BETWEEN)
        right.addWidget(inside, 1)
        for parts in ((self.first, self.second), (self.retry_all, self.flush)):
            right.addLayout(row(*parts, gap=Space.INSIDE + 2))
        right.addLayout(row(self.trace, self.back, gap=Space.INSIDE + 2))
        self.help.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setLayout(self._whole(row(title, self.help, gap=Space.BETWEEN), left, right))
        self.strip.float_over(title)

    def _whole(self, head: QHBoxLayout, left: QVBoxLayout, right: QVBoxLayout) -> QVBoxLayout:
        both = QHBoxLayout()
        both.setSpacing(Space.EDGE)
        for side, share in zip((left, right), _SHARES, strict=True):
            holder = QWidget()
            holder.setLayout(side)
            both.addWidget(holder, share)
        edge = Space.EDGE
        whole = column(gap=Space.BETWEEN, margins=(edge, edge, edge, edge))
        whole.addLayout(head)
        whole.addLayout(both, 1)
        return whole

    def _join(self) -> None:
        self.tabs.chosen.connect(self.show_part)
        self.list.chosen.connect(self._other_chosen)
        self.list.end_reached.connect(self.more_wanted)
        self.first.clicked.connect(self._do_first)
        self.second.clicked.connect(self._do_second)
        self.retry_all.clicked.connect(self._do_retry_all)
        self.flush.clicked.connect(self._do_flush)
        self.trace.clicked.connect(self._toggle_trace)
        self.help.clicked.connect(self.help_wanted)
        self.back.clicked.connect(self.left)

    @property
    def part(self) -> Part:
        """What is listed."""
        return self.tabs.part

    @property
    def job(self) -> int | None:
        """The job that is looked at."""
        return self.list.key if isinstance(self.list.key, int) else None

    @property
    def message(self) -> Notification | None:
        """The message that is chosen."""
        inbox = self._board.inbox if self._board else None
        if inbox is None or self.part is not Part.MESSAGES:
            return None
        return next((one for one in inbox.latest if str(one.number) == self.list.key), None)

    def show_board(self, board: Board) -> None:
        """Show what was read, unless another part is wanted by now."""
        if board.look.part is not self.part:
            return
        self._board = board
        self.tabs.show_whole(whole=board.is_whole)
        self.tabs.show_counts(board.counts, board.inbox.count if board.inbox else 0)
        self.charts.setVisible(board.is_whole)
        self.list.show_rows(rows_of(board, self._zone()), empty_words(board.look.part))
        self._mind_wanted()
        sentences = " ".join(alerts(board)) if board.is_whole else ""
        said = self.alert.notice.text if self.alert.notice else ""
        if sentences != said:
            self.alert.say(Notice(sentences, Tone.WARNING) if sentences else None)
        self._show_detail(board)
        self._show_hours(board)
        self._offer()

    def _mind_wanted(self) -> None:
        """Say so where the job that somebody was led to has left the list."""
        wanted, self._wanted = self._wanted, None
        if wanted is None or self.list.key == wanted:
            return
        text = _("Job {number} is not in this list: it was tried again or forgotten meanwhile.")
        self.say(Notice(text.format(number=wanted), Tone.ACCENT))

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._offer()
        if self._board is not None:
            self.show_board(self._board)

    def say(self, notice: Notice | None) -> None:
        """Say what was done or went wrong."""
        self.strip.say(notice)

    def begin(self) -> None:
        """Show nothing of the last time but what is listed."""
        self.say(None)
        self._question.forget()

    def show_way_back(self, *, to_sale: bool) -> None:
        """Say where Esc leads: to the sale, or to the page behind the counter one came from."""
        self.back.show_title(_("Back to selling") if to_sale else _("Back"))

    def take_focus(self) -> None:
        """Let no widget have the keys."""
        self.setFocus()

    def show_part(self, part: Part) -> None:
        """List another part."""
        if part is self.part and self._board is not None and self._board.look.part is part:
            return
        self.tabs.show_part(part)
        self._drop_question()
        self._board = None
        self.list.show_rows([], ("", ""))
        self.detail.show_nothing()
        self._offer()
        self.part_chosen.emit()

    def go_to(self, part: Part, key: int | str) -> None:
        """List a part, with this line of it chosen."""
        self.show_part(part)
        self.list.want(key)
        self._wanted = key if isinstance(key, int) else None

    def handle_key(self, event: QKeyEvent) -> bool:
        """Deal with every key: what is typed has gone to the sale before."""
        key = Qt.Key(event.key())
        steps = self._steps().get(key)
        if steps is not None:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.detail.move_by(1 if steps > 0 else -1)
            else:
                self.list.move(steps)
        elif not event.isAutoRepeat():
            self._press(key, shifted=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        return True

    def _steps(self) -> dict[Qt.Key, int]:
        key, all_ = Qt.Key, self.list.lines.rowCount()
        down = {key.Key_Down: 1, key.Key_PageDown: _PAGE, key.Key_End: all_}
        return down | {key.Key_Up: -1, key.Key_PageUp: -_PAGE, key.Key_Home: -all_}

    def _press(self, key: Qt.Key, *, shifted: bool) -> None:
        if key in ENTER_KEYS:
            self._do_first()
        elif key == Qt.Key.Key_Delete:
            self._do_flush() if shifted else self._do_second()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Left, Qt.Key.Key_Backtab):
            forward = key in (Qt.Key.Key_Right, Qt.Key.Key_Tab)
            self.show_part(self.tabs.beside(1 if forward else -1))
        else:
            acts = {
                Qt.Key.Key_F1: self.help_wanted.emit,
                Qt.Key.Key_F4: self._toggle_trace,
                Qt.Key.Key_F5: self._do_retry_all,
                Qt.Key.Key_F12: self.lock_wanted.emit,
                Qt.Key.Key_Escape: self.left.emit,
            }
            acts.get(key, _nothing)()

    # the acts

    def _do_first(self) -> None:
        if not self.first.isEnabled():
            return
        if self.part is Part.FAILED and self.job is not None:
            self.retry_wanted.emit(self.job)
        elif self.part is Part.QUEUES and isinstance(self.list.key, str):
            self._pause_or_resume(self.list.key)
        elif self.message is not None and self._file is not None:
            self.file_wanted.emit(self._file)
        elif self.message is not None:
            self.job_wanted.emit(self.message)

    def _pause_or_resume(self, queue: str) -> None:
        """Let a queue go on at once; pause one once that was asked for twice."""
        if self._is_paused(queue):
            self.resume_wanted.emit(queue)
        elif self._question.confirmed(queue):
            self.pause_wanted.emit(queue)
        else:
            text = _(
                "Nothing new begins in queue {queue} until it is resumed: press Pause the queue "
                "again."
            )
            self.say(Notice(text.format(queue=queue), Tone.WARNING))

    def _drop_question(self) -> None:
        """Close a question that was not answered, and what was said of it."""
        if self._question.forget():
            self.say(None)

    def _do_second(self) -> None:
        if self.message is not None:
            self.read_wanted.emit([self.message.number])
        if not self.second.isEnabled() or self.job is None:
            return
        wanted = self.forget_wanted if self.part is Part.FAILED else self.cancel_wanted
        wanted.emit(self.job)

    def _do_retry_all(self) -> None:
        if self.retry_all.isEnabled():
            self.retry_all_wanted.emit()

    def _do_flush(self) -> None:
        """Forget all failed jobs, once that was asked for twice."""
        if not self.flush.isEnabled():
            return
        if self.part is Part.MESSAGES:
            self._read_all()
            return
        if self._question.confirmed():
            self.flush_wanted.emit()
            return
        wrong = self._wrong()
        text = ngettext(
            "{count:,} failed job leaves the list for good: press Forget all again.",
            "{count:,} failed jobs leave the list for good: press Forget all again.",
            wrong,
        )
        self.say(Notice(text.format(count=wrong), Tone.WARNING))

    def _read_all(self) -> None:
        inbox = self._board.inbox if self._board else None
        if inbox is not None and inbox.latest:
            self.all_read_wanted.emit(inbox.latest[0].number)

    def _toggle_trace(self) -> None:
        self.detail.traced = not self.detail.traced
        self.trace.show_rank(Rank.CHOSEN if self.detail.traced else Rank.PLAIN)
        if self._board is not None:
            self._show_detail(self._board)

    def _offer(self) -> None:
        """Offer what can be done with what is chosen."""
        if self.part is Part.MESSAGES:
            self._offer_for_messages()
            return
        wrong, failed = self._wrong(), self.part is Part.FAILED
        self.first.setVisible(self.part is not Part.WORK)
        self.second.setVisible(self.part is not Part.QUEUES)
        paused = isinstance(self.list.key, str) and self._is_paused(self.list.key)
        queue = _("Resume the queue") if paused else _("Pause the queue")
        self.first.show_title(_("Try again") if failed else queue)
        self.second.show_title(_("Forget") if failed else _("Cancel the job"))
        self.flush.show_title(_("Forget all"))
        self.first.setEnabled(self.list.key is not None)
        self.second.setEnabled(self.job is not None)
        for tile in (self.retry_all, self.flush):
            tile.setVisible(failed)
            tile.setEnabled(wrong > 0)
        self.trace.setVisible(True)
        self.trace.setEnabled(self.job is not None)

    def _offer_for_messages(self) -> None:
        chosen = self.message
        can_see = chosen is not None and chosen.has_failed and self._sees_jobs()
        opens = self._file is not None
        self.first.show_title(_("Open the file") if opens else _("See the job"))
        self.second.show_title(_("Mark as read"))
        self.flush.show_title(_("Mark all as read"))
        self.first.setVisible(can_see or opens)
        self.first.setEnabled(can_see or opens)
        for tile in (self.second, self.flush):
            tile.setVisible(True)
            tile.setEnabled(chosen is not None)
        self.retry_all.setVisible(False)
        self.trace.setVisible(False)

    @property
    def _file(self) -> Path | None:
        """What the job of the chosen message has made, once that was read."""
        board, message = self._board, self.message
        if board is None or message is None or board.look.told_by != message.job:
            return None
        return board.file

    def _sees_jobs(self) -> bool:
        return self._board is not None and self._board.is_whole

    def _wrong(self) -> int:
        return self._board.counts.wrong if self._board else 0

    def _is_paused(self, queue: str) -> bool:
        return self._board is not None and queue in self._board.counts.paused

    def _other_chosen(self) -> None:
        self._drop_question()
        if self._board is not None and self.part is Part.MESSAGES:
            self._show_detail(self._board)
        self._offer()
        self.job_chosen.emit()

    # what was read

    def _show_detail(self, board: Board) -> None:
        if self.message is not None:
            self.detail.show_message(
                self.message,
                board.now,
                self._zone(),
                sees_jobs=board.is_whole,
                file=self._file,
            )
        elif self.job is None:
            self.detail.show_nothing(hint(board.look.part))
        elif board.detail is not None and board.detail.view.number == self.job:
            self.detail.show_job(board.detail, board.now, self._zone())

    def _show_hours(self, board: Board) -> None:
        hours = board.hours
        done, failed = sum(one.done for one in hours), sum(one.failed for one in hours)
        text = _("{done:,} done · tries failed: {failed:,}").format(done=done, failed=failed)
        self.done.show_bars([Bar(one.done + one.failed, one.failed) for one in hours], text)
        longest = max((one.longest_wait_seconds for one in hours), default=0.0)
        self.waits.show_bars(
            [Bar(one.longest_wait_seconds) for one in hours],
            _("at most {span}").format(span=span(longest)),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Make the charts low where the window is."""
        super().resizeEvent(event)
        for chart in (self.done, self.waits):
            chart.setFixedHeight(52 if self.height() < _LOW else 110)


def _nothing() -> None:
    """Do nothing for a key that means nothing here."""
