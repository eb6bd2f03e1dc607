"""The real window in a process of its own, which its queue gives a hard time, and which closes.

It says `works` when a blocked socket, a loop that never ends and a sleep that cannot be ended run;
told to close by a line of its input, it says `closing` and ends as a person's click lets it.
"""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from pos_desktop.app import Program
from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.services.enqueueing import JobName
from pos_desktop.ui.kit import fonts, theme
from tests.benchmarks.scanning import wait

BLOCKED, ENDLESS, QUICK = JobName("blocked"), JobName("endless"), JobName("quick")
HANGING = (BLOCKED, ENDLESS)


def declared(services: JobServices) -> Iterator[Job]:
    """Yield the program's jobs, and those of the test: what a child asks for by name."""
    yield from every_job(services)
    yield from own_jobs()


def own_jobs() -> Iterator[Job]:
    """Yield what hangs, and what does not."""
    yield Job(name=BLOCKED, body=_blocked, queue="blocked", limit=None)
    yield Job(name=ENDLESS, body=_endless, queue="endless", runs_in=RunsIn.CHILD, limit=None)
    yield Job(name=QUICK, body=lambda _context, *, key: time.sleep(0.002))


def _blocked(_context: JobContext) -> None:
    with socket.socket() as silent, socket.socket() as waiting:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        waiting.connect(silent.getsockname())
        waiting.recv(1)


def _endless(_context: JobContext) -> None:
    while True:
        pass


def main(directory: Path) -> None:
    """Show the window, let it work, and close it when told."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(True)
    fonts.load()
    theme.use(app, "light")
    program = Program(directory, sound=False)
    queue = program.shop.queue
    queue.know(own_jobs(), f"{declared.__module__}:{declared.__name__}")
    program.window.show()
    program.start()
    views = queue.views

    def all_hang() -> bool:
        return {job.job for job in views.unfinished() if job.state == "running"} >= {*HANGING}

    wait(all_hang)
    print("works", flush=True)
    threading.Thread(target=_close_when_told, args=(program,), daemon=True).start()
    app.exec()
    program.stop()


def _close_when_told(program: Program) -> None:
    sys.stdin.readline()
    print("closing", flush=True)
    QTimer.singleShot(0, program.window, program.window.close)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
