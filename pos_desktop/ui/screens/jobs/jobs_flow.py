"""What the page of jobs does: it asks the lane, one question at a time, while it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from pos_queue.control.control import Cancelling, Retried
from pos_queue.views.shown import Counts
from PySide6.QtCore import QObject, QTimer, Signal

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.background.jobs_board import Board, Glance, Look, Part
from pos_desktop.services.background.notifications import Inbox
from pos_desktop.services.background.queue_desk import JobRefused
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit.opening import open_file
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.screens.jobs.herald import Herald
from pos_desktop.ui.screens.jobs.jobs_screen import JobsScreen
from pos_desktop.ui.screens.jobs.wording import refusal
from pos_desktop.ui.screens.sell.counter import Counter
from pos_desktop.ui.threads.lane import DatabaseLane

PAGE_MS = 1000
"""How often the page is read anew while it is shown."""
PILL_MS = 3000
"""How often the figures of the top bar are."""
MORE = 200
"""How many jobs are listed at first, and how many more each time that the end is in sight."""

T = TypeVar("T")


def _nothing_to_see() -> str:
    return _("No message for you. The jobs are for a manager: let one sign in, then Ctrl W.")


class JobsFlow(QObject):
    """Holds the page, and the figures of the top bar."""

    opened = Signal()
    """The page wants to be shown."""
    not_opened = Signal(object)
    """Why the page is not shown to whoever wanted it."""
    counted = Signal(object, bool, int)
    """The Counts of now, None before the first; whether the queue works; what is not read."""
    told = Signal(object)
    """News for the person at the till."""

    def __init__(self, shop: Shop, lane: DatabaseLane, counter: Counter) -> None:
        super().__init__()
        self._shop = shop
        self._lane = lane
        self._counter = counter
        self._most = MORE
        self._board: Board | None = None
        self._asked = self._again = self._troubled = False
        self._wanted = False
        self._counts: Counts | None = None
        self._working = True
        self._unread = 0
        self._herald = Herald()
        self._listening = False
        self.screen = JobsScreen(lambda: shop.configuration.zone)
        self._join()
        self._page = self._timer(PAGE_MS, self.refresh)
        self._pill = self._timer(PILL_MS, self._count)

    def _timer(self, every_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.timeout.connect(act)
        return timer

    def _join(self) -> None:
        screen = self.screen
        screen.part_chosen.connect(self._start_over)
        screen.job_chosen.connect(self.refresh)
        screen.more_wanted.connect(self._show_more)
        screen.retry_wanted.connect(self._retry)
        screen.retry_all_wanted.connect(self._retry_all)
        screen.forget_wanted.connect(self._forget)
        screen.flush_wanted.connect(self._flush)
        screen.cancel_wanted.connect(self._cancel)
        screen.pause_wanted.connect(self._pause)
        screen.resume_wanted.connect(self._resume)
        screen.read_wanted.connect(self._mark_read)
        screen.all_read_wanted.connect(self._mark_all_read)
        screen.job_wanted.connect(self.show_message)
        screen.file_wanted.connect(self._open_file)
        screen.lock_wanted.connect(self._counter.lock)

    def start(self) -> None:
        """Begin to count for the top bar."""
        self._pill.start()

    def stop(self) -> None:
        """Ask nothing any more."""
        self._pill.stop()
        self._page.stop()

    def show_working(self, working: bool) -> None:  # noqa: FBT001 - a signal has no names
        """Hear whether the queue works."""
        self._working = working
        self.tell_counts()

    def tell_counts(self) -> None:
        """Tell the figures of the top bar again."""
        self.counted.emit(self._counts, self._working, self._unread)

    def listen(self, *, listening: bool) -> None:
        """Tell messages from now on, or none: whoever is signed in can hear them, nobody else."""
        if listening and not self._listening:
            self._listening = True
            self._count()
        elif not listening and self._listening:
            self._listening = False
            self._hear(None)
            self.counted.emit(self._counts, self._working, 0)

    def show(self) -> None:
        """Show the page, once it is read; whoever may not see the jobs sees their messages."""
        if not self.sees_jobs():
            self.screen.show_part(Part.MESSAGES)
        if self.screen.part is Part.MESSAGES:
            self.screen.list.choose_first()
        self._ask_page()

    def show_message(self, message: Notification) -> None:
        """Show the failed job that a message is about; else, or where it is not seen, the message.

        Who is led to the job has read the message.
        """
        if message.has_failed and self.sees_jobs():
            self.screen.go_to(Part.FAILED, message.job or "")
            reads = [message.number]
        else:
            self.screen.go_to(Part.MESSAGES, str(message.number))
            reads = []
        if not self.screen.isVisible():
            self._ask_page(reads)
        elif reads:
            self._mark_read(reads)
        else:
            self.refresh()

    def sees_jobs(self) -> bool:
        """Tell whether the person at the till may see the jobs themselves."""
        person = self._shop.till.state.person
        return person is not None and person.may(Permission.JOBS)

    def stay_away(self) -> None:
        """Open no page that was asked for a moment ago: whoever asked has gone on selling."""
        self._wanted = False

    def _ask_page(self, reads: Sequence[int] = ()) -> None:
        """Open the page once it is read, which reads these messages."""
        self._wanted = True
        self._lane.submit(self._reading(), lambda board: self._open(board, reads), self._not_opened)

    def _open(self, board: Board, reads: Sequence[int]) -> None:
        if not self._wanted:
            return
        self._wanted = False
        if not board.is_whole and not (board.inbox and board.inbox.count):
            self.not_opened.emit(Refused(_nothing_to_see()))
            return
        self.screen.begin()
        self.opened.emit()
        self._listed(board)
        self._page.start()
        if reads:
            self._mark_read(reads)

    def _not_opened(self, error: Exception) -> None:
        if not self._wanted:
            return
        self._wanted = False
        self.not_opened.emit(error)

    def refresh(self) -> None:
        """Read the page again while it is shown; a question at a time."""
        if not self.screen.isVisible():
            self._page.stop()
            return
        if self._shop.till.state.person is None:  # signing out: another screen comes at once
            return
        if self._asked:
            self._again = True
            return
        self._asked = True
        self._lane.submit(self._reading(), self._read, self._not_read)

    def _reading(self) -> Callable[[], Board]:
        message = self.screen.message
        look = Look(
            part=self.screen.part,
            most=self._most,
            job=self.screen.job,
            told_by=message.job if message is not None else None,
        )
        queue, before, person = self._shop.queue, self._board, self._shop.till.person
        return lambda: queue.board.read(look, before, actor=person)

    def _read(self, board: Board) -> None:
        self._asked = False
        if self._troubled:
            self._troubled = False
            self.screen.say(None)
        self._listed(board)
        self._read_again()

    def _not_read(self, error: Exception) -> None:
        """Keep what is shown and say why it is old; the next look is tried all the same."""
        self._asked = self._again = False
        if not self._troubled:
            self._troubled = True
            text = _("What stands here may be old: {why}")
            self._say(text.format(why=self._counter.sentence_of(error)), Tone.DANGER)

    def _read_again(self) -> None:
        if self._again:
            self._again = False
            self.refresh()

    def _listed(self, board: Board) -> None:
        self._board = board
        self._hear(board.inbox)
        self._counted(board.counts)
        self.screen.show_board(board)

    def _start_over(self) -> None:
        self._most = MORE
        self.refresh()

    def _show_more(self) -> None:
        if self._board is not None and len(self._board.jobs) >= self._most:
            self._most += MORE
            self.refresh()

    # the top bar

    def _count(self) -> None:
        if not self.screen.isVisible():
            self._lane.submit(self._glancing(), self._glanced, lambda _error: None)

    def _glancing(self) -> Callable[[], Glance]:
        """Return what reads the figures; the first time, in the lane, its program is loaded."""
        queue, person = self._shop.queue, self._shop.till.state.person
        return lambda: queue.board.glance(person)

    def _glanced(self, glance: Glance) -> None:
        self._hear(glance.inbox)
        self._counted(glance.counts)

    def _counted(self, counts: Counts) -> None:
        self._counts = counts
        self.counted.emit(counts, self._working, self._unread)

    def _hear(self, inbox: Inbox | None) -> None:
        """Tell what is new in an inbox to its owner, once they are at the till."""
        if not self._listening:
            self._unread = 0
            return
        if inbox is None or inbox.person != self._shop.till.state.person:
            return
        self._unread = inbox.count
        news = self._herald.news(inbox)
        if news is not None and not self._shows_messages():
            self.told.emit(news)

    def _shows_messages(self) -> bool:
        return self.screen.isVisible() and self.screen.part is Part.MESSAGES

    # the acts

    def _retry(self, number: int) -> None:
        said = _("Job {number} waits again.").format(number=number)
        self._act(lambda who: self._shop.queue.desk.retry(number, actor=who), lambda _done: said)

    def _retry_all(self) -> None:
        self._act(lambda who: self._shop.queue.desk.retry_failed(actor=who), _retried)

    def _forget(self, number: int) -> None:
        said = _("Job {number} is off the list.").format(number=number)
        self._act(lambda who: self._shop.queue.desk.forget(number, actor=who), lambda _done: said)

    def _flush(self) -> None:
        self._act(lambda who: self._shop.queue.desk.flush(actor=who), _flushed)

    def _cancel(self, number: int) -> None:
        self._act(
            lambda who: self._shop.queue.desk.cancel(number, actor=who), partial(_cancelled, number)
        )

    def _pause(self, queue: str) -> None:
        said = _("Queue {queue} is paused: what runs goes on, nothing new begins.")
        self._act(
            lambda who: self._shop.queue.desk.pause(queue, actor=who),
            lambda _done: said.format(queue=queue),
        )

    def _resume(self, queue: str) -> None:
        said = _("Queue {queue} works again.").format(queue=queue)
        self._act(lambda who: self._shop.queue.desk.resume(queue, actor=who), lambda _done: said)

    def _open_file(self, path: Path) -> None:
        """Open what a job has made with the program that the computer has for it."""
        if not open_file(path):
            text = _("No program here opens {path}: take it along on a stick, or by e-mail.")
            self._say(text.format(path=path), Tone.WARNING)

    def _mark_read(self, numbers: Sequence[int]) -> None:
        told = self._shop.queue.notifications
        self._act(lambda who: told.mark_read(who, numbers), lambda _done: "")

    def _mark_all_read(self, newest: int) -> None:
        told = self._shop.queue.notifications
        said = _("All messages are read.")
        self._act(lambda who: told.mark_all_read(who, newest), lambda _done: said)

    def _act(self, work: Callable[[Person], T], said: Callable[[T], str]) -> None:
        """Do something in the lane, say what came of it, and look again."""
        person = self._shop.till.state.person
        if person is None:
            return

        def then(done: T) -> None:
            if sentence := said(done):
                self._say(sentence, Tone.OK)
            self.refresh()

        def failed(error: Exception) -> None:
            if isinstance(error, JobRefused):
                self._say(refusal(error), Tone.DANGER)
            else:
                self._say(self._counter.sentence_of(error), Tone.DANGER)
            self.refresh()

        self._lane.submit(lambda: work(person), then, failed)

    def _say(self, text: str, tone: Tone) -> None:
        self.screen.say(Notice(text, tone))


def _retried(retried: Retried) -> str:
    count, refused = len(retried.numbers), len(retried.refused)
    text = ngettext("{count:,} job waits again.", "{count:,} jobs wait again.", count)
    said = text.format(count=count)
    if refused:
        more = _("{count:,} stay: another job does the same.")
        return joined(" ", (said, more.format(count=refused)))
    return said


def _flushed(count: int) -> str:
    text = ngettext("{count:,} job is off the list.", "{count:,} jobs are off the list.", count)
    return text.format(count=count)


def _cancelled(number: int, came: Cancelling) -> str:
    if came is Cancelling.ASKED:
        return _("Job {number} runs; it was asked to end.").format(number=number)
    return _("Job {number} is cancelled.").format(number=number)
