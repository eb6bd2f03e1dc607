"""The screen of the jobs, and what the bar tells of them."""

from __future__ import annotations

from pos_desktop.domain.text import _, ngettext
from pos_desktop.ui.kit.pill import Tone
from scripts.pictures.counter import miss_display
from scripts.pictures.sell import SELLING
from scripts.pictures.stage import HELD, HOUR, IMPORT, LONG_JOB, MAIL
from scripts.pictures.steps import K, States, manager, until
from scripts.player import Player


def job_work(player: Player) -> None:
    """Put jobs in: two run, some wait, one for the network, and some have failed."""
    queue, clock = player.program.shop.queue, player.program.shop.clock
    for number in range(3):
        payload = {"to": f"a{number}@example.com", "password": "hidden"}
        queue.enqueue(MAIL, payload, started_by="Njeri")
    counts = queue.views.counts
    player.settle(lambda: counts().failed == 3)
    for place in range(2):
        queue.enqueue(IMPORT, {"file": f"price-list-{place + 1}.xlsx", "rows": 12_480})
    player.settle(lambda: counts().running == 2)
    queue.desk.pause("statements", actor=None)
    queue.enqueue(HELD)
    queue.enqueue(LONG_JOB)
    queue.enqueue(MAIL, {"to": "b@example.com", "password": "x"}, at=clock.now() + HOUR)
    _spread(player)


def _spread(player: Player) -> None:
    """Let the day have had work in it."""
    database = player.program.shop.database
    now = int(player.program.shop.clock.now().timestamp() * 1000)
    columns = "job, queue, payload, priority, sensitive, created_at, attempts, failures"
    with database.write():
        for number in range(400):
            ended = now - (number * number * 7_919) % 86_000_000
            database.execute_sql(
                f"INSERT INTO job_history (number, {columns}, state, run_at, started_at, "
                f"finished_at) SELECT {50_000 + number}, {columns}, 'done', ?, ?, ? "
                "FROM job_history WHERE state = 'failed' LIMIT 1",
                (ended - 900 - number * 20, ended - 900, ended),
            )


def open_jobs(player: Player) -> None:
    """Open the screen of the jobs."""
    window = player.window
    player.chord(K.Key_W)
    player.settle(lambda: window.screen_shown is window.jobs.screen)
    player.settle(window.jobs.screen.detail.isVisible)


def toast_shown(player: Player) -> None:
    """Wait until a message comes up."""
    player.settle(player.window.toast.isVisible)


def doubts(player: Player) -> None:
    """Let the bar tell of a doubtful clock and of papers too."""
    bar = player.window.top_bar
    sentence = _(
        "The computer's clock says {clock}, but the books were last written at {believed}. Set the "
        "computer's date and time if they are wrong; selling goes on."
    )
    bar.show_clock_doubt(sentence.format(clock="01/01/2020 08:00", believed="24/11/2026 15:00"))
    text = ngettext("{count} paper to look at", "{count} papers to look at", 3)
    bar.show_printer(text.format(count=3), Tone.WARNING)


def _pause(player: Player) -> None:
    player.program.shop.queue.desk.pause("statements", actor=None)


def _put_in_held(player: Player) -> None:
    player.program.shop.queue.enqueue(HELD)


def _stop_telling(player: Player) -> None:
    player.settle(player.program.queue.isRunning)
    player.program.queue.working.disconnect()
    player.window.jobs.show_working(False)  # noqa: FBT003 - a signal has no names


def _forget_a_forgotten_one(player: Player) -> None:
    screen = player.window.jobs.screen
    player.settle(lambda: screen.job is not None)
    player.window.jobs.stop()
    assert screen.job is not None
    player.program.shop.queue.desk.forget(screen.job, actor=None)
    screen.forget_wanted.emit(screen.job)
    player.settle(screen.strip.isVisible)


_traceback_shown = until(lambda player: "Traceback" in player.window.jobs.screen.detail.words())
_queues_shown = until(lambda player: player.window.jobs.screen.list.lines.rowCount() > 2)
_pill_shown = until(lambda player: player.window.top_bar.jobs.isVisible())

_EMPTY = (manager, open_jobs)
_WORK = (manager, job_work, open_jobs, doubts)
_QUEUES = (*_WORK, K.Key_Right, K.Key_Right, _queues_shown, K.Key_Down, K.Key_Down)

STATES: States = {
    "jobs_empty": _EMPTY,
    "jobs_help": (*_EMPTY, K.Key_F1),
    "jobs_work": _WORK,
    "jobs_failed": (*_WORK, K.Key_Right, K.Key_F4, _traceback_shown),
    "jobs_refused": (*_WORK, K.Key_Right, _forget_a_forgotten_one),
    "jobs_queues": _QUEUES,
    "jobs_queue_asked": (*_QUEUES, K.Key_Return),
    "jobs_pill_paused": (manager, _pause, _pill_shown),
    "jobs_pill_quiet": (manager, _pause, _put_in_held, _pill_shown),
    "jobs_pill_all": (*SELLING, doubts, miss_display, _stop_telling),
}
